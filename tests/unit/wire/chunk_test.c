#include "wire/chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/padme.h"

static void test_sizes_of_an_object_follow_from_its_content(void **state)
{
	(void)state;
	static const struct {
		uint64_t size, sealed;
		uint32_t count;
	} cases[] = {
		{1, 4096 + 17, 1},
		{4095, 4096 + 17, 1},
		{5000, 5120 + 17, 1},
		{65535, 65536 + 17, 1},
		{65536, 67584 + 2 * 17, 2}, /* Padme(65537) */
		{SF_ATTACHMENT_SIZE_MAX, 106954752 + 1632 * 17, 1632},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		assert_int_equal(sf_chunk_sealed_size(cases[i].size), cases[i].sealed);
		assert_int_equal(sf_chunk_count(cases[i].sealed), cases[i].count);
	}
}

/* Every size is either one that content comes to, or refused. */
static void test_no_other_size_has_chunks(void **state)
{
	(void)state;
	uint64_t content = 1;
	for (uint64_t sealed = 1; sealed < 300000; sealed++) {
		while (sf_chunk_sealed_size(content) < sealed)
			content++;
		bool made = sf_chunk_sealed_size(content) == sealed;
		assert_int_equal(sf_chunk_count(sealed) > 0, made);
	}
	assert_int_equal(sf_chunk_count(0), 0);
	assert_int_equal(sf_chunk_count(sf_chunk_sealed_size(SF_ATTACHMENT_SIZE_MAX) + 1), 0);
	assert_int_equal(sf_chunk_count(UINT64_MAX), 0);
}

static void test_chunks_of_an_object_are_all_of_it(void **state)
{
	(void)state;
	for (uint64_t size = 1; size < 400000; size += 997) {
		uint64_t sealed = sf_chunk_sealed_size(size), sum = 0;
		for (uint32_t i = 0; i < sf_chunk_count(sealed); i++) {
			assert_in_range(
				sf_chunk_size(sealed, i), SF_CHUNK_EXTRA + 1, SF_CHUNK_SEALED_MAX);
			sum += sf_chunk_size(sealed, i);
		}
		assert_int_equal(sum, sealed);
	}
}

static void test_a_chunk_is_next_had_ahead_or_wrong(void **state)
{
	(void)state;
	uint64_t sealed = sf_chunk_sealed_size(150000);
	uint32_t count = sf_chunk_count(sealed);
	size_t last = sf_chunk_size(sealed, count - 1);
	assert_int_equal(count, 3);
	assert_int_equal(sf_chunk_judge(sealed, 0, 0, SF_CHUNK_SEALED_MAX), SF_CHUNK_NEXT);
	assert_int_equal(sf_chunk_judge(sealed, 2, 2, last), SF_CHUNK_NEXT);
	assert_int_equal(sf_chunk_judge(sealed, 1, 0, SF_CHUNK_SEALED_MAX), SF_CHUNK_HAD);
	assert_int_equal(sf_chunk_judge(sealed, 3, 2, last), SF_CHUNK_HAD);
	assert_int_equal(sf_chunk_judge(sealed, 0, 1, SF_CHUNK_SEALED_MAX), SF_CHUNK_AHEAD);
	assert_int_equal(sf_chunk_judge(sealed, 3, 3, last), SF_CHUNK_WRONG);
	assert_int_equal(sf_chunk_judge(sealed, 0, 0, SF_CHUNK_SEALED_MAX - 1), SF_CHUNK_WRONG);
	assert_int_equal(sf_chunk_judge(sealed, 2, 2, SF_CHUNK_SEALED_MAX), SF_CHUNK_WRONG);
	assert_int_equal(sf_chunk_judge(12345, 0, 0, 12345), SF_CHUNK_WRONG);
}

static void test_padding_is_a_mark_and_zeros_and_nothing_else(void **state)
{
	(void)state;
	uint8_t bytes[16];
	memset(bytes, 'x', sizeof(bytes));
	sf_chunk_pad(10, 4, bytes, sizeof(bytes));
	static const uint8_t expected[16] = {'x', 'x', 'x', 'x', 'x', 'x', 0x80};
	assert_memory_equal(bytes, expected, sizeof(bytes));
	assert_true(sf_chunk_pad_holds(10, 4, sf_view_of(bytes, sizeof(bytes))));
	assert_true(sf_chunk_pad_holds(1000, 4, sf_view_of(bytes, sizeof(bytes))));
	assert_false(sf_chunk_pad_holds(9, 4, sf_view_of(bytes, sizeof(bytes))));
	assert_false(sf_chunk_pad_holds(11, 4, sf_view_of(bytes, sizeof(bytes))));
	bytes[15] = 1;
	assert_false(sf_chunk_pad_holds(10, 4, sf_view_of(bytes, sizeof(bytes))));
	/* A whole chunk behind the content. */
	sf_chunk_pad(10, 1000, bytes, sizeof(bytes));
	static const uint8_t zeros[16];
	assert_memory_equal(bytes, zeros, sizeof(bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_of_an_object_follow_from_its_content),
		cmocka_unit_test(test_no_other_size_has_chunks),
		cmocka_unit_test(test_chunks_of_an_object_are_all_of_it),
		cmocka_unit_test(test_a_chunk_is_next_had_ahead_or_wrong),
		cmocka_unit_test(test_padding_is_a_mark_and_zeros_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
