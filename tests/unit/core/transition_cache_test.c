#include "core/transition_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct sf_agreement_book no_agreements = {NULL, 0, NULL, 0};

/* Low bytes are the bucket: kind 1 differs there, kind 2 all fall into one. */
static struct sf_id id_of(uint8_t kind, size_t number)
{
	struct sf_id id = {{kind}};
	sf_put_u64(id.bytes + (kind == 2 ? 1 : 8), number + 1);
	return id;
}

static struct sf_cached_transition *add(struct sf_transition_cache *cache, struct sf_id id)
{
	struct sf_transition *transition = NULL;
	assert_int_equal(sf_transition_open(id, &no_agreements, &transition), SF_OK);
	struct sf_cached_transition *item = sf_transition_cache_add(cache, transition);
	assert_non_null(item);
	assert_true(item->touched);
	return item;
}

static bool has(struct sf_transition_cache *cache, struct sf_id id)
{
	const struct sf_cached_transition *item = sf_transition_cache_find(cache, id);
	if (item)
		assert_true(sf_id_equal(sf_transition_id(item->transition), id));
	return item != NULL;
}

static int open_cache(void **state)
{
	static struct sf_transition_cache cache;
	*state = &cache;
	return sf_transition_cache_init(&cache, 4);
}

static int close_cache(void **state)
{
	sf_transition_cache_fini(*state);
	return 0;
}

static void test_found_by_id_alone(void **state)
{
	struct sf_transition_cache *cache = *state;
	for (uint8_t kind = 1; kind <= 2; kind++) {
		assert_false(has(cache, id_of(kind, 0)));
		add(cache, id_of(kind, 0));
		add(cache, id_of(kind, 1));
		assert_true(has(cache, id_of(kind, 0)));
		assert_true(has(cache, id_of(kind, 1)));
		assert_false(has(cache, id_of(kind, 2)));
	}
	assert_int_equal(cache->count, 4);
}

static void test_least_recently_used_goes_first(void **state)
{
	struct sf_transition_cache *cache = *state;
	for (size_t i = 0; i < 4; i++)
		add(cache, id_of(2, i));
	sf_transition_cache_settle(cache);
	assert_true(has(cache, id_of(2, 0)));
	sf_transition_cache_settle(cache);
	add(cache, id_of(2, 4));
	assert_int_equal(cache->count, 4);
	assert_false(has(cache, id_of(2, 1)));
	assert_true(has(cache, id_of(2, 0)));
	assert_true(has(cache, id_of(2, 2)));
	assert_true(has(cache, id_of(2, 3)));
	assert_true(has(cache, id_of(2, 4)));
}

/* A turn may touch more than fits: what it works on is never forgotten under its hands. */
static void test_touched_in_this_turn_is_kept_beyond_the_limit(void **state)
{
	struct sf_transition_cache *cache = *state;
	struct sf_cached_transition *first = add(cache, id_of(1, 0));
	first->opened_ms = 77;
	for (size_t i = 1; i < 100; i++)
		add(cache, id_of(1, i));
	assert_int_equal(cache->count, 100);
	assert_ptr_equal(sf_transition_cache_find(cache, id_of(1, 0)), first);
	assert_int_equal(first->opened_ms, 77);
	sf_transition_cache_settle(cache);
	add(cache, id_of(1, 100));
	assert_int_equal(cache->count, 4);
	assert_true(has(cache, id_of(1, 0)));
	assert_true(has(cache, id_of(1, 100)));
	assert_false(has(cache, id_of(1, 50)));
}

static void test_lost_turn_drops_what_it_touched_and_nothing_else(void **state)
{
	struct sf_transition_cache *cache = *state;
	for (size_t i = 0; i < 3; i++)
		add(cache, id_of(2, i));
	sf_transition_cache_settle(cache);
	assert_true(has(cache, id_of(2, 1)));
	add(cache, id_of(2, 3));
	sf_transition_cache_drop_touched(cache);
	assert_int_equal(cache->count, 2);
	assert_true(has(cache, id_of(2, 0)));
	assert_false(has(cache, id_of(2, 1)));
	assert_true(has(cache, id_of(2, 2)));
	assert_false(has(cache, id_of(2, 3)));
}

static void test_settled_turn_loses_nothing_to_a_later_one(void **state)
{
	struct sf_transition_cache *cache = *state;
	add(cache, id_of(1, 0));
	sf_transition_cache_settle(cache);
	sf_transition_cache_drop_touched(cache);
	assert_int_equal(cache->count, 1);
	assert_true(has(cache, id_of(1, 0)));
	sf_transition_cache_drop_touched(cache);
	assert_int_equal(cache->count, 0);
	assert_null(cache->newest);
	assert_null(cache->oldest);
	sf_transition_cache_drop_touched(cache);
	sf_transition_cache_settle(cache);
}

static void test_cache_of_one_works(void **state)
{
	(void)state;
	struct sf_transition_cache cache;
	assert_int_equal(sf_transition_cache_init(&cache, 1), SF_OK);
	for (size_t i = 0; i < 10; i++) {
		add(&cache, id_of(1, i));
		sf_transition_cache_settle(&cache);
		assert_int_equal(cache.count, 1);
	}
	assert_true(has(&cache, id_of(1, 9)));
	sf_transition_cache_fini(&cache);
	assert_int_equal(cache.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_cache, close_cache)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_found_by_id_alone),
		TEST(test_least_recently_used_goes_first),
		TEST(test_touched_in_this_turn_is_kept_beyond_the_limit),
		TEST(test_lost_turn_drops_what_it_touched_and_nothing_else),
		TEST(test_settled_turn_loses_nothing_to_a_later_one),
		TEST(test_cache_of_one_works),
	};
	return cmocka_run_group_tests_name("core/transition_cache", tests, NULL, NULL);
}
