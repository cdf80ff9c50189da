#include "bridge/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW_MS INT64_C(784111770000) /* Sun, 06 Nov 1994 08:49:30 GMT */

static int64_t after(const char *text)
{
	return sf_retry_after_ms(sf_view_text(text), NOW_MS);
}

static void test_waits_double_between_bounds(void **state)
{
	(void)state;
	int64_t before_ms = 0;
	for (unsigned failures = 1; failures < 40; failures++) {
		int64_t least_ms = sf_retry_backoff_ms(failures, 0);
		assert_true(least_ms >= SF_RETRY_MS_MIN / 2);
		assert_true(least_ms >= before_ms);
		for (uint32_t chance = 1; chance; chance *= 2) {
			int64_t wait_ms = sf_retry_backoff_ms(failures, chance - 1);
			assert_true(wait_ms >= least_ms && wait_ms <= 2 * least_ms);
			assert_true(wait_ms <= SF_RETRY_MS_MAX);
		}
		before_ms = least_ms;
	}
	assert_int_equal(before_ms, SF_RETRY_MS_MAX / 2);
}

static void test_retry_after_is_seconds_or_a_date(void **state)
{
	(void)state;
	assert_int_equal(after("120"), 120000);
	assert_int_equal(after(" 0007\t"), 7000);
	assert_int_equal(after("Sun, 06 Nov 1994 08:49:37 GMT"), 7000);
	assert_int_equal(after("999999999"), SF_RETRY_AFTER_MS_MAX);
	assert_int_equal(after("Sun, 06 Nov 2094 08:49:37 GMT"), SF_RETRY_AFTER_MS_MAX);
}

static void test_retry_after_that_says_nothing_is_none(void **state)
{
	(void)state;
	static const char *const none[] = {"", " ", "-1", "1.5", "1 2", "soon", "9999999999",
		"Sun, 06 Nov 1994 08:49:00 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
		"Sun, 32 Nov 2094 08:49:37 GMT", "Sun, 06 Nix 2094 08:49:37 GMT",
		"Sun, 06 Nov 2094 25:49:37 GMT", "Sun, 06 Nov 2094 08.49.37 GMT"};
	for (size_t i = 0; i < SF_COUNT(none); i++)
		assert_int_equal(after(none[i]), 0);
}

static void test_breaker_opens_and_lets_one_probe_through(void **state)
{
	(void)state;
	struct sf_breaker breaker = {.failures = 0};
	for (int i = 0; i < SF_BREAKER_FAILURES; i++) {
		assert_true(sf_breaker_lets(&breaker));
		sf_breaker_failed(&breaker);
	}
	assert_true(sf_breaker_lets(&breaker));
	assert_false(sf_breaker_lets(&breaker));
	sf_breaker_failed(&breaker);
	assert_true(sf_breaker_lets(&breaker));
	sf_breaker_dropped(&breaker);
	assert_true(sf_breaker_lets(&breaker));
	sf_breaker_succeeded(&breaker);
	assert_true(sf_breaker_lets(&breaker));
	assert_true(sf_breaker_lets(&breaker));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits_double_between_bounds),
		cmocka_unit_test(test_retry_after_is_seconds_or_a_date),
		cmocka_unit_test(test_retry_after_that_says_nothing_is_none),
		cmocka_unit_test(test_breaker_opens_and_lets_one_probe_through),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
