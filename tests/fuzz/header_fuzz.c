/*
 * Header, message and fact as a peer signs them (src/wire/header.h). What is read can be written,
 * and what was written reads as the same again.
 */
#include "fuzz/fuzz.h"

#include "wire/header.h"

static void write_header(const struct sf_header *header, struct sf_buf *buf)
{
	sf_buf_init(buf, 4 * SF_HEADER_SIZE_MAX);
	SF_ASSERT(sf_header_encode(header, buf) == SF_OK);
}

static void write_message(const struct sf_message *message, struct sf_buf *buf)
{
	sf_buf_init(buf, 4 * SF_HEADER_SIZE_MAX);
	SF_ASSERT(sf_message_encode(message, buf) == SF_OK);
}

/* A fact of a kind that is not read has no bytes to write again. */
static void check_message(struct sf_view bytes)
{
	struct sf_message message, again;
	struct sf_diag diag = {{0}};
	if (sf_message_decode(bytes, &message, &diag) != SF_OK) {
		SF_ASSERT(diag.text[0] != '\0');
		return;
	}
	struct sf_buf first, second;
	write_message(&message, &first);
	SF_ASSERT(sf_message_decode(sf_buf_view(&first), &again, NULL) == SF_OK);
	write_message(&again, &second);
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
	sf_buf_fini(&first);
	sf_buf_fini(&second);
}

static void check_header(struct sf_view bytes)
{
	struct sf_header header, again;
	struct sf_diag diag = {{0}};
	if (sf_header_decode(bytes, &header, &diag) != SF_OK) {
		SF_ASSERT(diag.text[0] != '\0');
		return;
	}
	struct sf_buf first, second;
	write_header(&header, &first);
	SF_ASSERT(sf_header_decode(sf_buf_view(&first), &again, NULL) == SF_OK);
	SF_ASSERT(sf_view_equal(header.message_bytes, again.message_bytes));
	write_header(&again, &second);
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
	check_message(header.message_bytes);
	sf_buf_fini(&first);
	sf_buf_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_view input = sf_view_of(bytes, size);
	check_header(input);
	check_message(input);
	return 0;
}
