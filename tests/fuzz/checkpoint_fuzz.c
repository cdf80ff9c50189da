/* Texts of checkpoints (src/log/checkpoint.h): each has one form, which is the one that was read.
 */
#include "fuzz/fuzz.h"

#include "log/checkpoint.h"

static void check_origin(const char *origin)
{
	char log[SF_NOTE_NAME_SIZE], again[SF_NOTE_NAME_SIZE];
	uint32_t epoch = 0;
	if (sf_origin_parse(origin, log, &epoch))
		return;
	SF_ASSERT(epoch > 0 && sf_origin_format(log, epoch, again) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_view_text(origin), sf_view_text(again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_checkpoint checkpoint;
	struct sf_view text = sf_view_of(bytes, size);
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_checkpoint_parse(text, &checkpoint, &diag);
	if (err) {
		SF_ASSERT(err == SF_ERR_FORMAT && diag.text[0] != '\0');
		return 0;
	}
	struct sf_buf buf;
	sf_buf_init(&buf, SF_CHECKPOINT_TEXT_SIZE - 1);
	SF_ASSERT(sf_checkpoint_format(&checkpoint, &buf) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&buf), text));
	sf_buf_fini(&buf);
	check_origin(checkpoint.origin);
	return 0;
}
