#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "os/account.h"

static void test_root_has_a_name(void **state)
{
	(void)state;
	char name[SF_ACCOUNT_NAME_SIZE];
	sf_account_name(0, name);
	assert_string_equal(name, "root");
}

static void test_account_that_nobody_has_is_a_number(void **state)
{
	(void)state;
	char name[SF_ACCOUNT_NAME_SIZE];
	sf_account_name(4000000123u, name);
	assert_string_equal(name, "uid 4000000123");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root_has_a_name),
		cmocka_unit_test(test_account_that_nobody_has_is_a_number),
	};
	return cmocka_run_group_tests_name("os/account", tests, NULL, NULL);
}
