#include "http/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "exchange.h"
#include "http/server.h"

static const struct sf_route *route_of(const char *path)
{
	for (size_t i = 0; i < SF_COUNT(sf_routes_health); i++)
		if (strcmp(sf_routes_health[i].path, path) == 0)
			return &sf_routes_health[i];
	fail_msg("no route %s", path);
	return NULL;
}

static void test_health_asks_nobody(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	told_init(&told, "/healthz");
	assert_false(route_of("/healthz")->ask(&told.exchange, &request));
	assert_int_equal(told.response.status, 200);
	assert_true(told_is(&told, "{\"alive\":true}\n"));
	told_fini(&told);
}

static void test_readiness_is_what_the_engine_can(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	told_init(&told, "/readyz");
	assert_true(route_of("/readyz")->ask(&told.exchange, &request));
	assert_int_equal(request.kind, SF_REQUEST_STATUS);
	const struct sf_reply full = {.err = SF_ERR_DISK_FULL, .text = "the disk is full"};
	route_of("/readyz")->respond(&told.exchange, &request, &full);
	assert_int_equal(told.response.status, 503);
	assert_int_equal(told.response.retry_after_s, 1);
	assert_true(told_has(&told, "the disk is full"));
	told_fini(&told);
	told_init(&told, "/readyz");
	const struct sf_reply fine = {
		.kind = SF_REPLY_STATUS, .status = {.program = "node", .link = "connecting"}};
	route_of("/readyz")->respond(&told.exchange, &request, &fine);
	assert_int_equal(told.response.status, 200);
	assert_true(told_is(&told, "{\"ready\":true,\"link\":\"connecting\"}"));
	told_fini(&told);
}

static void test_metrics_are_for_operators_and_have_every_counter(void **state)
{
	(void)state;
	const struct sf_route *route = route_of("/metrics");
	assert_int_equal(route->roles, SF_API_ROLE_BIT(SF_API_OPERATOR));
	struct told told;
	struct sf_request request;
	told_init(&told, "/metrics");
	assert_true(route->ask(&told.exchange, &request));
	assert_true(request.status.counters);
	const struct sf_counter_row counters[] = {{"queue-not-stored", 7}, {"sent", 12}};
	const struct sf_reply reply = {.kind = SF_REPLY_STATUS,
		.status = {.program = "node",
			.connected = true,
			.counter_count = SF_COUNT(counters),
			.counters = counters}};
	const struct sf_http_server_counts counts = {.connections = 3, .cut_off = 4};
	told.exchange.counts = &counts;
	route->respond(&told.exchange, &request, &reply);
	assert_int_equal(told.response.status, 200);
	assert_true(told_has(&told, "\nstafet_http_connections 3\n"));
	assert_true(told_has(&told, "\nstafet_http_cut_off 4\n"));
	assert_true(told_has(&told, "stafet_info{program=\"node\",version=\""));
	assert_true(told_has(&told, "\nstafet_node_connected 1\n"));
	assert_true(told_has(&told, "\nstafet_node_queue_not_stored 7\n"));
	assert_true(told_has(&told, "# TYPE stafet_node_sent untyped\nstafet_node_sent 12\n"));
	told_fini(&told);
}

static void test_version_is_said_to_anybody(void **state)
{
	(void)state;
	const struct sf_route *route = route_of("/version");
	assert_int_equal(route->roles, SF_API_ANYBODY);
	struct told told;
	struct sf_request request;
	told_init(&told, "/version");
	assert_true(route->ask(&told.exchange, &request));
	const struct sf_reply reply = {
		.kind = SF_REPLY_STATUS, .status = {.program = "node", .software = "stafet-node"}};
	route->respond(&told.exchange, &request, &reply);
	assert_true(told_has(&told, "\"software\":\"stafet-node\",\"version\":\""));
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_health_asks_nobody),
		cmocka_unit_test(test_readiness_is_what_the_engine_can),
		cmocka_unit_test(test_metrics_are_for_operators_and_have_every_counter),
		cmocka_unit_test(test_version_is_said_to_anybody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
