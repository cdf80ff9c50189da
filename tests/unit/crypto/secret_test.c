#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/secret.h"

static void test_secret_is_zero_and_writable(void **state)
{
	(void)state;
	struct sf_secret secret;
	assert_int_equal(sf_secret_init(&secret, 100), SF_OK);
	static const uint8_t zero[100];
	assert_true(sf_secret_equal(sf_secret_view(&secret), sf_view_of(zero, 100)));
	memset(secret.bytes, 7, 100);
	assert_false(sf_secret_equal(sf_secret_view(&secret), sf_view_of(zero, 100)));
	assert_false(sf_secret_equal(sf_secret_view(&secret), sf_view_of(zero, 99)));
	sf_secret_wipe(secret.bytes, 100);
	assert_memory_equal(secret.bytes, zero, 100);
	sf_secret_fini(&secret);
	assert_null(secret.bytes);
	/* Twice does no harm. */
	sf_secret_fini(&secret);
}

static void test_size_beyond_memory_is_an_error(void **state)
{
	(void)state;
	struct sf_secret secret;
	assert_int_equal(sf_secret_init(&secret, SIZE_MAX / 2), SF_ERR_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secret_is_zero_and_writable),
		cmocka_unit_test(test_size_beyond_memory_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
