/*
 * Frames and receipts as a peer sends them (src/wire/frame.h): read within the arena's ceiling;
 * what is read can be written, and what was written reads as the same again.
 */
#include "fuzz/fuzz.h"

#include "wire/frame.h"

#define ARENA_SIZE ((size_t)8388608)

static void check_frame(struct sf_view bytes)
{
	struct sf_arena arena;
	sf_arena_init(&arena, ARENA_SIZE);
	struct sf_frame frame, again;
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_frame_decode(bytes, &arena, &frame, &diag);
	SF_ASSERT(arena.size <= ARENA_SIZE);
	if (err == SF_OK && frame.kind != SF_FRAME_NONE) {
		struct sf_buf first, second;
		sf_buf_init(&first, ARENA_SIZE);
		sf_buf_init(&second, ARENA_SIZE);
		SF_ASSERT(sf_frame_encode(&frame, &first) == SF_OK);
		SF_ASSERT(sf_frame_decode(sf_buf_view(&first), &arena, &again, &diag) == SF_OK);
		SF_ASSERT(again.kind == frame.kind && again.count == frame.count);
		SF_ASSERT(sf_frame_encode(&again, &second) == SF_OK);
		SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
		sf_buf_fini(&first);
		sf_buf_fini(&second);
	} else {
		SF_ASSERT(err == SF_OK || diag.text[0] != '\0');
	}
	sf_arena_fini(&arena);
}

static void check_receipt(struct sf_view bytes)
{
	struct sf_receipt receipt, again;
	if (sf_receipt_decode(bytes, &receipt, NULL) != SF_OK)
		return;
	struct sf_buf first, second;
	sf_buf_init(&first, SF_FRAME_SIZE_MAX);
	sf_buf_init(&second, SF_FRAME_SIZE_MAX);
	SF_ASSERT(sf_receipt_encode(&receipt, &first) == SF_OK);
	SF_ASSERT(sf_receipt_decode(sf_buf_view(&first), &again, NULL) == SF_OK);
	SF_ASSERT(sf_receipt_encode(&again, &second) == SF_OK);
	SF_ASSERT(sf_view_equal(sf_buf_view(&first), sf_buf_view(&second)));
	sf_buf_fini(&first);
	sf_buf_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_view input = sf_view_of(bytes, size);
	check_frame(input);
	check_receipt(input);
	return 0;
}
