#include "base/arena.h"

#include <stdalign.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_take_gives_zeroed_aligned_pieces(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 100000);
	for (size_t size = 1; size < 200; size++) {
		uint8_t *piece = sf_arena_take(&arena, size);
		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++) {
			assert_int_equal(piece[i], 0);
			piece[i] = 0xFF;
		}
	}
	sf_arena_fini(&arena);
}

static void test_take_past_the_ceiling_is_refused(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 1024);
	assert_non_null(sf_arena_take(&arena, 1000));
	assert_null(sf_arena_take(&arena, 1000));
	assert_null(sf_arena_take(&arena, SIZE_MAX));
	assert_null(sf_arena_take_many(&arena, SIZE_MAX / 2, 3));
	assert_true(arena.size <= arena.size_max);
	sf_arena_clear(&arena);
	assert_int_equal(arena.size, 0);
	assert_non_null(sf_arena_take(&arena, 1000));
	sf_arena_fini(&arena);
}

static void test_many_blocks_stay_under_the_ceiling(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 64 * 1024);
	size_t taken = 0;
	while (sf_arena_take(&arena, 3000))
		taken += 3000;
	assert_true(taken >= 30000);
	assert_true(arena.size <= arena.size_max);
	sf_arena_fini(&arena);
}

static void test_copies_are_terminated_and_apart_from_the_source(void **state)
{
	(void)state;
	struct sf_arena arena;
	sf_arena_init(&arena, 4096);
	uint8_t source[] = {'w', 'a', 'r', 'd'};
	struct sf_view copy = sf_arena_copy(&arena, sf_view_of(source, sizeof(source)));
	char *text = sf_arena_text(&arena, sf_view_of(source, sizeof(source)));
	source[0] = 'x';
	assert_int_equal(copy.size, 4);
	assert_memory_equal(copy.data, "ward", 5);
	assert_string_equal(text, "ward");
	struct sf_view empty = sf_arena_copy(&arena, sf_view_of(NULL, 0));
	assert_non_null(empty.data);
	assert_int_equal(empty.size, 0);
	assert_null(sf_arena_copy(&arena, sf_view_of(source, SIZE_MAX)).data);
	sf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take_gives_zeroed_aligned_pieces),
		cmocka_unit_test(test_take_past_the_ceiling_is_refused),
		cmocka_unit_test(test_many_blocks_stay_under_the_ceiling),
		cmocka_unit_test(test_copies_are_terminated_and_apart_from_the_source),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
