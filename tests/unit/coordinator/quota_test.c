#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "coordinator/quota.h"

#define NOW INT64_C(1795000000000)

static const struct sf_quota_limit limit = {.burst = 10, .per_second = 2};

static void test_burst_is_free_and_no_more(void **state)
{
	(void)state;
	struct sf_quota quota = {0};
	for (int i = 0; i < 10; i++)
		assert_true(sf_quota_take(&quota, &limit, NOW, 1));
	assert_false(sf_quota_take(&quota, &limit, NOW, 1));
	assert_false(sf_quota_take(&quota, &limit, NOW + 499, 1));
	assert_true(sf_quota_take(&quota, &limit, NOW + 500, 1));
	assert_false(sf_quota_take(&quota, &limit, NOW + 500, 1));
}

static void test_refusal_takes_nothing(void **state)
{
	(void)state;
	struct sf_quota quota = {0};
	assert_false(sf_quota_take(&quota, &limit, NOW, 11));
	assert_true(sf_quota_take(&quota, &limit, NOW, 10));
	for (int64_t i = 1; i < 500; i++)
		assert_false(sf_quota_take(&quota, &limit, NOW + i, 1));
	assert_true(sf_quota_take(&quota, &limit, NOW + 500, 1));
}

static void test_rest_forgives_the_burst_and_no_more(void **state)
{
	(void)state;
	struct sf_quota quota = {0};
	assert_true(sf_quota_take(&quota, &limit, NOW, 10));
	assert_true(sf_quota_take(&quota, &limit, INT64_MAX / 2, 10));
	assert_false(sf_quota_take(&quota, &limit, INT64_MAX / 2, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_is_free_and_no_more),
		cmocka_unit_test(test_refusal_takes_nothing),
		cmocka_unit_test(test_rest_forgives_the_burst_and_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
