#include "transport/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAPACITY 16u

static struct sf_allow_entry entry_of(uint8_t party)
{
	struct sf_allow_entry entry;
	memset(&entry, party, sizeof(entry));
	return entry;
}

static uint64_t learn(struct sf_routes *routes, uint32_t peer, uint8_t party)
{
	uint8_t id[SF_PEER_SIZE] = {0};
	sf_put_u32(id + 1, peer);
	struct sf_allow_entry entry = entry_of(party);
	return sf_routes_learn(routes, id, &entry);
}

static int open_routes(void **state)
{
	struct sf_routes *routes = malloc(sizeof(*routes));
	assert_non_null(routes);
	assert_int_equal(sf_routes_init(routes, CAPACITY), SF_OK);
	*state = routes;
	return 0;
}

static int close_routes(void **state)
{
	sf_routes_fini(*state);
	free(*state);
	return 0;
}

static void test_connection_keeps_its_route(void **state)
{
	struct sf_routes *routes = *state;
	uint64_t one = learn(routes, 1, 1);
	uint64_t two = learn(routes, 2, 2);
	assert_int_not_equal(one, 0);
	assert_int_not_equal(one, two);
	assert_int_equal(learn(routes, 1, 1), one);
	const struct sf_route *route = sf_routes_find(routes, two);
	assert_non_null(route);
	assert_int_equal(sf_get_u32(route->peer + 1), 2);
	assert_int_equal(route->entry.party.bytes[0], 2);
}

static void test_forgotten_route_is_never_given_again(void **state)
{
	struct sf_routes *routes = *state;
	uint64_t last = 0;
	for (uint32_t i = 0; i < 1000; i++) {
		uint64_t number = learn(routes, 7, 1);
		assert_true(number > last);
		assert_null(sf_routes_find(routes, last));
		last = number;
		sf_routes_forget(routes, number);
		assert_null(sf_routes_find(routes, number));
	}
	assert_int_equal(routes->count, 0);
	sf_routes_forget(routes, last);
	sf_routes_forget(routes, 0);
	assert_int_equal(routes->count, 0);
}

static void test_routing_id_of_another_key_is_another_route(void **state)
{
	struct sf_routes *routes = *state;
	uint64_t before = learn(routes, 7, 1);
	uint64_t after = learn(routes, 7, 2);
	assert_int_not_equal(before, after);
	assert_null(sf_routes_find(routes, before));
	assert_int_equal(sf_routes_find(routes, after)->entry.party.bytes[0], 2);
	assert_int_equal(routes->count, 1);
}

static void test_full_table_forgets_the_one_unused_for_longest(void **state)
{
	struct sf_routes *routes = *state;
	uint64_t numbers[CAPACITY];
	for (uint32_t i = 0; i < CAPACITY; i++)
		numbers[i] = learn(routes, i, 1);
	/* The first was used again, by a send; then the second is the oldest. */
	assert_non_null(sf_routes_find(routes, numbers[0]));
	uint64_t newest = learn(routes, 100, 1);
	assert_null(sf_routes_find(routes, numbers[1]));
	assert_non_null(sf_routes_find(routes, numbers[0]));
	assert_non_null(sf_routes_find(routes, newest));
	assert_int_equal(routes->count, CAPACITY);
	assert_int_equal(routes->evicted, 1);
}

/* Against a plain array, with many collisions in small buckets. */
static void test_long_mixed_use_agrees_with_a_plain_list(void **state)
{
	struct sf_routes *routes = *state;
	uint64_t known[12] = {0};
	uint32_t chance = 1;
	for (int i = 0; i < 20000; i++) {
		chance = chance * 1664525u + 1013904223u;
		uint32_t peer = chance >> 8 & 0xff;
		if (peer >= SF_COUNT(known))
			continue;
		if (chance >> 30 == 0) {
			sf_routes_forget(routes, known[peer]);
			assert_null(sf_routes_find(routes, known[peer]));
			known[peer] = 0;
		} else {
			uint64_t number = learn(routes, peer, 1);
			if (known[peer] != 0)
				assert_int_equal(number, known[peer]);
			known[peer] = number;
		}
	}
	uint32_t count = 0;
	for (size_t i = 0; i < SF_COUNT(known); i++)
		count += known[i] != 0;
	assert_int_equal(routes->count, count);
	assert_int_equal(routes->evicted, 0);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_routes, close_routes)
	const struct CMUnitTest tests[] = {
		CASE(test_connection_keeps_its_route),
		CASE(test_forgotten_route_is_never_given_again),
		CASE(test_routing_id_of_another_key_is_another_route),
		CASE(test_full_table_forgets_the_one_unused_for_longest),
		CASE(test_long_mixed_use_agrees_with_a_plain_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
