#include "http/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "exchange.h"

static const struct sf_route *route_of(const char *path)
{
	for (size_t i = 0; i < SF_COUNT(sf_routes_desk); i++)
		if (strcmp(sf_routes_desk[i].path, path) == 0)
			return &sf_routes_desk[i];
	fail_msg("no route %s", path);
	return NULL;
}

static bool ask_indicators(struct told *told, const char *query, struct sf_request *ret_request)
{
	told_init(told, "/api/v1/indicators");
	told->request.query = query;
	told->exchange.route = route_of("/api/v1/indicators");
	return told->exchange.route->ask(&told->exchange, ret_request);
}

static void test_indicators_are_of_one_whole_month(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	int64_t from_ms = 0;
	assert_true(ask_indicators(&told,
		"from=2026-10-31T23:00:00.000Z&to=2026-12-01T00:00:00%2B01:00&by=pathway",
		&request));
	assert_int_equal(sf_time_parse(sf_view_text("2026-10-31T23:00:00Z"), &from_ms), SF_OK);
	assert_int_equal(request.measures.from_ms, from_ms);
	assert_int_equal(request.measures.to_ms, from_ms + 30 * SF_DAY_MS);
	told_fini(&told);
}

/* Of two periods that overlap the difference would be a discharge that small cells hide. */
static void test_indicators_of_another_period_are_refused(void **state)
{
	(void)state;
	static const char *const periods[] = {
		"from=2026-10-31T23:00:00Z&to=2026-11-29T12:00:00.001Z",
		"from=2026-10-31T23:00:00Z&to=2026-11-29T23:00:00Z",
		"from=2026-10-31T23:00:00Z&to=2026-12-31T23:00:00Z",
		"from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z",
		"from=2026-11-30T23:00:00Z&to=2026-10-31T23:00:00Z",
	};
	for (size_t i = 0; i < SF_COUNT(periods); i++) {
		struct told told;
		struct sf_request request;
		assert_false(ask_indicators(&told, periods[i], &request));
		assert_int_equal(told.response.status, 400);
		assert_true(told_has(&told, "one calendar month begins and ends"));
		told_fini(&told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_indicators_are_of_one_whole_month),
		cmocka_unit_test(test_indicators_of_another_period_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
