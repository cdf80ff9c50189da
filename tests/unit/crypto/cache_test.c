#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <pthread.h>

#include "crypto/cache.h"
#include "unit/crypto/sealing.h"

static struct sf_digest tag_of(size_t number)
{
	struct sf_digest tag;
	chance("tag", number, tag.bytes, sizeof(tag.bytes));
	return tag;
}

static void test_value_is_found_until_it_is_crowded_out(void **state)
{
	(void)state;
	struct sf_cache *cache;
	assert_int_equal(sf_cache_open(1, sizeof(size_t), &cache), SF_OK);
	size_t found = 0;
	struct sf_digest first = tag_of(0);
	assert_false(sf_cache_find(cache, &first, &found));
	for (size_t i = 0; i < 4; i++) {
		struct sf_digest tag = tag_of(i);
		sf_cache_put(cache, &tag, &i);
	}
	for (size_t i = 0; i < 4; i++) {
		struct sf_digest tag = tag_of(i);
		assert_true(sf_cache_find(cache, &tag, &found));
		assert_int_equal(found, i);
	}
	/* The fifth takes the place of the oldest, and only its. */
	struct sf_digest fifth = tag_of(4);
	found = 4;
	sf_cache_put(cache, &fifth, &found);
	assert_false(sf_cache_find(cache, &first, &found));
	for (size_t i = 1; i < 5; i++) {
		struct sf_digest tag = tag_of(i);
		assert_true(sf_cache_find(cache, &tag, &found));
		assert_int_equal(found, i);
	}
	/* The same tag again changes its value and takes no second place. */
	size_t value = 77;
	sf_cache_put(cache, &fifth, &value);
	assert_true(sf_cache_find(cache, &fifth, &found));
	assert_int_equal(found, 77);
	struct sf_digest second = tag_of(1);
	assert_true(sf_cache_find(cache, &second, &found));
	sf_cache_clear(cache);
	assert_false(sf_cache_find(cache, &second, &found));
	sf_cache_close(&cache);
	assert_null(cache);
}

static void test_tag_that_differs_in_its_last_bit_is_another(void **state)
{
	(void)state;
	struct sf_cache *cache;
	assert_int_equal(sf_cache_open(4, 0, &cache), SF_OK);
	struct sf_digest tag = tag_of(1);
	sf_cache_put(cache, &tag, NULL);
	assert_true(sf_cache_find(cache, &tag, NULL));
	tag.bytes[31] ^= 1;
	assert_false(sf_cache_find(cache, &tag, NULL));
	sf_cache_close(&cache);
}

#define TAGS 64

static void *use(void *context)
{
	struct sf_cache *cache = context;
	for (size_t i = 0; i < 20000; i++) {
		size_t number = i % TAGS;
		struct sf_digest tag = tag_of(number);
		size_t found;
		if (!sf_cache_find(cache, &tag, &found))
			sf_cache_put(cache, &tag, &number);
		else if (found != number)
			return cache;
	}
	return NULL;
}

static void test_threads_never_see_anothers_value(void **state)
{
	(void)state;
	struct sf_cache *cache;
	assert_int_equal(sf_cache_open(4, sizeof(size_t), &cache), SF_OK);
	pthread_t threads[3];
	for (size_t i = 0; i < SF_COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use, cache), 0);
	for (size_t i = 0; i < SF_COUNT(threads); i++) {
		void *wrong;
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	sf_cache_close(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_value_is_found_until_it_is_crowded_out),
		cmocka_unit_test(test_tag_that_differs_in_its_last_bit_is_another),
		cmocka_unit_test(test_threads_never_see_anothers_value),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
