#include "unit/core/check.h"

#include <stdalign.h>
#include <stddef.h>

#include "core/block.h"

static void test_measuring_and_filling_take_the_same(void **state)
{
	(void)state;
	static const uint8_t names[3] = {1, 2, 3};
	static const int64_t times[2] = {4, 5};
	max_align_t memory[16];
	struct sf_block measured = {0}, block = {.place = (uint8_t *)memory};
	assert_null(sf_block_put(&measured, names, 3, 5, 1));
	assert_null(sf_block_put(&measured, times, 2, 2, sizeof(times[0])));
	uint8_t *put_names = sf_block_put(&block, names, 3, 5, 1);
	int64_t *put_times = sf_block_put(&block, times, 2, 2, sizeof(times[0]));
	assert_int_equal(block.size, measured.size);
	assert_true(block.size <= sizeof(memory));
	memset(put_names, 9, 5); /* all of its room is its own */
	assert_memory_equal(put_times, times, sizeof(times));
	assert_true((uint8_t *)put_times >= put_names + 5);
	assert_true((uint8_t *)(put_times + 2) <= (uint8_t *)memory + block.size);
}

static void test_every_array_is_aligned(void **state)
{
	(void)state;
	max_align_t memory[16];
	struct sf_block block = {.place = (uint8_t *)memory};
	for (size_t capacity = 1; capacity < 6; capacity++) {
		uint8_t *put = sf_block_put(&block, NULL, 0, capacity, 1);
		assert_int_equal((size_t)(put - (uint8_t *)memory) % alignof(max_align_t), 0);
	}
}

static void test_no_room_is_no_place(void **state)
{
	(void)state;
	max_align_t memory[1];
	struct sf_block block = {.place = (uint8_t *)memory};
	assert_null(sf_block_put(&block, NULL, 0, 0, 8));
	assert_int_equal(block.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measuring_and_filling_take_the_same),
		cmocka_unit_test(test_every_array_is_aligned),
		cmocka_unit_test(test_no_room_is_no_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
