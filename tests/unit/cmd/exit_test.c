#include "cmd/commands.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The codes are documented: 0 ok, 1 failed, 2 usage, 3 not found, 4 refused, 5 conflict,
 * 6 unreachable, 7 integrity. */
static void test_errors_have_their_documented_codes(void **state)
{
	(void)state;
	assert_int_equal(sf_exit_code(SF_OK), 0);
	assert_int_equal(sf_exit_code(SF_ERR_IO), 1);
	assert_int_equal(sf_exit_code(SF_ERR_USAGE), 2);
	assert_int_equal(sf_exit_code(SF_ERR_NOT_FOUND), 3);
	assert_int_equal(sf_exit_code(SF_ERR_REFUSED), 4);
	assert_int_equal(sf_exit_code(SF_ERR_CONFLICT), 5);
	assert_int_equal(sf_exit_code(SF_ERR_EXISTS), 5);
	assert_int_equal(sf_exit_code(SF_ERR_STATE), 5);
	assert_int_equal(sf_exit_code(SF_ERR_UNREACHABLE), 6);
	assert_int_equal(sf_exit_code(SF_ERR_INTEGRITY), 7);
	assert_int_equal(sf_exit_code(SF_ERR_CORRUPT), 7);
}

static void test_no_error_ends_well(void **state)
{
	(void)state;
#define X(name, value, text) assert_in_range(sf_exit_code(name), 1, 7);
	SF_ERR_LIST(X)
#undef X
	/* Of a later version. */
	assert_int_equal(sf_exit_code((enum sf_err) - 99), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors_have_their_documented_codes),
		cmocka_unit_test(test_no_error_ends_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
