#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/limits.h"
#include "crypto/padding.h"

/* Computed with Python from the definition in WIRE section 1. */
static void test_padded_sizes_are_those_of_the_definition(void **state)
{
	(void)state;
	static const size_t sizes[][2] = {
		{0, 4096},
		{4095, 4096},
		{4096, 4352},
		{5000, 5120},
		{8191, 8192},
		{65535, 65536},
		{100000, 100352},
		{1015807, 1015808},
		{SF_SALTED_BODY_SIZE_MAX, 1032192},
	};
	for (size_t i = 0; i < SF_COUNT(sizes); i++)
		assert_int_equal(sf_padding_size(sizes[i][0]), sizes[i][1]);
}

static void test_largest_padding_fits_the_ciphertext(void **state)
{
	(void)state;
	assert_true(sf_padding_size(SF_SALTED_BODY_SIZE_MAX) + 16 <= SF_CIPHERTEXT_SIZE_MAX);
}

static void test_strip_gives_back_every_size(void **state)
{
	(void)state;
	uint8_t *padded = calloc(1, 1048576);
	assert_non_null(padded);
	for (size_t size = 0; size < 20000; size += size < 300 ? 1 : 37) {
		size_t padded_size = sf_padding_size(size);
		padded[size] = 0x80;
		size_t stripped;
		assert_int_equal(
			sf_padding_strip(sf_view_of(padded, padded_size), &stripped), SF_OK);
		assert_int_equal(stripped, size);
		padded[size] = 0;
	}
	free(padded);
}

static void test_strip_refuses_what_the_padder_never_makes(void **state)
{
	(void)state;
	uint8_t *padded = calloc(1, 16384);
	assert_non_null(padded);
	size_t size;
	assert_int_equal(sf_padding_strip((struct sf_view){0}, &size), SF_ERR_FORMAT);
	/* no mark */
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 4096), &size), SF_ERR_FORMAT);
	padded[100] = 0x80;
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 4096), &size), SF_OK);
	/* another length: longer than needed, shorter than the least */
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 4352), &size), SF_ERR_FORMAT);
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 4095), &size), SF_ERR_FORMAT);
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 101), &size), SF_ERR_FORMAT);
	/* filling that is not zero */
	padded[4095] = 1;
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 4096), &size), SF_ERR_FORMAT);
	padded[4095] = 0;
	/* the mark that counts is the last one */
	padded[200] = 0x80;
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 4096), &size), SF_OK);
	assert_int_equal(size, 200);
	/* a mark so early that a shorter padding was due */
	assert_int_equal(sf_padding_strip(sf_view_of(padded, 8192), &size), SF_ERR_FORMAT);
	free(padded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_padded_sizes_are_those_of_the_definition),
		cmocka_unit_test(test_largest_padding_fits_the_ciphertext),
		cmocka_unit_test(test_strip_gives_back_every_size),
		cmocka_unit_test(test_strip_refuses_what_the_padder_never_makes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
