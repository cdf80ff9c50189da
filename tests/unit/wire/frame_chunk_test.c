/* The frames of attachments, through the codec that all frames share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"
#include "wire/frame.h"

static uint8_t sealed[SF_CHUNK_SEALED_MAX + 1];

static struct sf_frame chunk_of(size_t size)
{
	return (struct sf_frame){.kind = SF_FRAME_CHUNK,
		.chunk = {.author = raw_id(1),
			.message_id = raw_id(2),
			.number = 7,
			.index = 1631,
			.bytes = sf_view_of(sealed, size)}};
}

/* What reading comes to of what was written; ret_back lives in arena. */
static enum sf_err round_trip(
	const struct sf_frame *frame, struct sf_arena *arena, struct sf_frame *ret_back)
{
	struct sf_buf buf;
	sf_buf_init(&buf, SF_FRAME_SIZE_MAX);
	assert_int_equal(sf_frame_encode(frame, &buf), SF_OK);
	enum sf_err err = sf_frame_decode(sf_buf_view(&buf), arena, ret_back, NULL);
	sf_buf_fini(&buf);
	return err;
}

static void test_a_chunk_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_arena arena;
	struct sf_frame back, frame = chunk_of(SF_CHUNK_SEALED_MAX);
	sf_arena_init(&arena, 1048576);
	sealed[77] = 9;
	assert_int_equal(round_trip(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.kind, SF_FRAME_CHUNK);
	assert_true(sf_id_equal(back.chunk.author, raw_id(1)));
	assert_true(sf_id_equal(back.chunk.message_id, raw_id(2)));
	assert_int_equal(back.chunk.number, 7);
	assert_int_equal(back.chunk.index, 1631);
	assert_true(sf_view_equal(back.chunk.bytes, frame.chunk.bytes));
	sf_arena_fini(&arena);
}

static void test_how_far_it_is_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_arena arena;
	struct sf_frame back, frame = chunk_of(0);
	sf_arena_init(&arena, 1048576);
	frame.kind = SF_FRAME_CHUNKS;
	frame.chunk.code = SF_CHUNK_BROKEN;
	assert_int_equal(round_trip(&frame, &arena, &back), SF_OK);
	assert_int_equal(back.kind, SF_FRAME_CHUNKS);
	assert_int_equal(back.chunk.index, 1631);
	assert_int_equal(back.chunk.code, SF_CHUNK_BROKEN);
	sf_arena_fini(&arena);
}

static void test_what_no_object_has_is_refused(void **state)
{
	(void)state;
	struct sf_arena arena;
	struct sf_frame back;
	sf_arena_init(&arena, 1048576);
	struct sf_frame frame = chunk_of(0); /* nothing in it */
	assert_int_equal(round_trip(&frame, &arena, &back), SF_ERR_FORMAT);
	frame = chunk_of(1);
	frame.chunk.number = SF_ATTACHMENT_COUNT_MAX;
	assert_int_equal(round_trip(&frame, &arena, &back), SF_ERR_FORMAT);
	frame = chunk_of(1);
	frame.chunk.author = (struct sf_id){{0}};
	assert_int_equal(round_trip(&frame, &arena, &back), SF_ERR_FORMAT);
	frame = chunk_of(1);
	frame.kind = SF_FRAME_CHUNKS;
	frame.chunk.code = (enum sf_chunk_code)(SF_CHUNK_ANSWERED + 1);
	assert_int_equal(round_trip(&frame, &arena, &back), SF_ERR_FORMAT);
	struct sf_buf buf;
	sf_buf_init(&buf, SF_FRAME_SIZE_MAX);
	frame = chunk_of(SF_CHUNK_SEALED_MAX + 1);
	assert_int_equal(sf_frame_encode(&frame, &buf), SF_ERR_LIMIT);
	sf_buf_fini(&buf);
	sf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_chunk_comes_back_as_it_was),
		cmocka_unit_test(test_how_far_it_is_comes_back_as_it_was),
		cmocka_unit_test(test_what_no_object_has_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
