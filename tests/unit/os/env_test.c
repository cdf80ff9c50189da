#include "os/env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "os/zones.h"

static void test_clock_is_the_machines(void **state)
{
	(void)state;
	struct sf_env env = sf_os_env();
	int64_t before_ms = (int64_t)time(NULL) * 1000;
	int64_t now_ms = env.now_ms(env.self);
	assert_true(now_ms >= before_ms - 1000 && now_ms < before_ms + 60000);
}

static void test_monotonic_never_goes_back(void **state)
{
	(void)state;
	struct sf_env env = sf_os_env();
	int64_t last_ms = env.monotonic_ms(env.self);
	for (int i = 0; i < 1000; i++) {
		int64_t now_ms = env.monotonic_ms(env.self);
		assert_true(now_ms >= last_ms);
		last_ms = now_ms;
	}
}

static void test_random_fills_all_and_only_its_place(void **state)
{
	(void)state;
	struct sf_env env = sf_os_env();
	unsigned char seen[600] = {0};
	for (int i = 0; i < 20; i++) {
		unsigned char place[602] = {0};
		env.random(env.self, place + 1, 600);
		assert_int_equal(place[0], 0);
		assert_int_equal(place[601], 0);
		for (size_t j = 0; j < sizeof(seen); j++)
			seen[j] |= place[j + 1];
	}
	for (size_t j = 0; j < sizeof(seen); j++)
		assert_int_not_equal(seen[j], 0);
}

static void test_zones_are_those_it_was_given(void **state)
{
	(void)state;
	struct sf_env env = sf_os_env();
	assert_null(env.zone(env.self, "Europe/Copenhagen"));
	struct sf_zones *zones = NULL;
	assert_int_equal(sf_zones_open(SF_ZONE_FOLDER, &zones, NULL), SF_OK);
	env = sf_os_env_zones(zones);
	const struct sf_zone *zone = env.zone(env.self, "Europe/Copenhagen");
	assert_non_null(zone);
	assert_int_equal(sf_zone_offset_s(zone, 1774746000000), 7200);
	assert_null(env.zone(env.self, "Europe/Nowhere"));
	assert_null(env.zone(env.self, "../Europe/Copenhagen"));
	sf_zones_close(&zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock_is_the_machines),
		cmocka_unit_test(test_monotonic_never_goes_back),
		cmocka_unit_test(test_random_fills_all_and_only_its_place),
		cmocka_unit_test(test_zones_are_those_it_was_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
