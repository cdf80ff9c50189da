/*
 * Signed records, what stands in them, and the sealed body (src/wire/record.h, epoch.h, body.h).
 * The first byte says which reader gets the rest, so that each has inputs of its own in one corpus.
 */
#include "fuzz/fuzz.h"

#include "wire/body.h"
#include "wire/epoch.h"
#include "wire/record.h"

#define OUTPUT_SIZE_MAX ((size_t)4194304)

static struct sf_directory_entry entry;
static struct sf_agreement agreement;

static void read_signed_record(struct sf_view bytes, struct sf_buf *buf)
{
	struct sf_signed_record record;
	if (sf_signed_record_decode(bytes, &record, NULL) == SF_OK)
		SF_ASSERT(sf_signed_record_encode(&record, buf) == SF_OK);
}

static void read_entry(struct sf_view bytes, struct sf_buf *buf)
{
	if (sf_entry_decode(bytes, &entry, NULL) == SF_OK)
		SF_ASSERT(sf_entry_encode(&entry, buf) == SF_OK);
}

static void read_request(struct sf_view bytes, struct sf_buf *buf)
{
	int64_t made_ms = 0;
	if (sf_request_decode(bytes, &entry, &made_ms, NULL) == SF_OK)
		SF_ASSERT(sf_request_encode(&entry, made_ms, buf) == SF_OK);
}

static void read_agreement(struct sf_view bytes, struct sf_buf *buf)
{
	struct sf_diag diag = {{0}};
	if (sf_agreement_decode(bytes, &agreement, &diag) == SF_OK)
		SF_ASSERT(sf_agreement_encode(&agreement, buf) == SF_OK);
	else
		SF_ASSERT(diag.text[0] != '\0');
}

static void read_body(struct sf_view bytes, struct sf_buf *buf)
{
	struct sf_arena arena;
	sf_arena_init(&arena, OUTPUT_SIZE_MAX);
	struct sf_body body;
	if (sf_body_decode(bytes, &arena, &body, NULL) == SF_OK)
		SF_ASSERT(sf_body_encode(&body, buf) == SF_OK);
	sf_arena_fini(&arena);
}

/* Names longer than any are read, and refused by who judges them (audit/epoch.h). */
static void read_again(const struct sf_epoch *epoch, struct sf_buf *buf)
{
	enum sf_err err = sf_epoch_encode(epoch, buf);
	SF_ASSERT(err == SF_OK || (err == SF_ERR_LIMIT && buf->size == 0));
}

static void read_epoch(struct sf_view bytes, struct sf_buf *buf)
{
	struct sf_epoch epoch;
	struct sf_diag diag = {{0}};
	if (sf_epoch_decode(bytes, &epoch, &diag) == SF_OK)
		read_again(&epoch, buf);
	else
		SF_ASSERT(diag.text[0] != '\0');
}

static void (*const readers[])(struct sf_view bytes, struct sf_buf *buf) = {
	read_signed_record, read_entry, read_request, read_agreement, read_body, read_epoch};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return 0;
	size_t which = bytes[0] % SF_COUNT(readers);
	struct sf_buf first, second;
	sf_buf_init(&first, OUTPUT_SIZE_MAX);
	sf_buf_init(&second, OUTPUT_SIZE_MAX);
	readers[which](sf_view_of(bytes + 1, size - 1), &first);
	/* What was written is read, and written the same again. */
	if (first.size > 0)
		readers[which](sf_buf_view(&first), &second);
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
	sf_buf_fini(&first);
	sf_buf_fini(&second);
	return 0;
}
