#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "crypto/chunk.h"

#define COUNT ((uint32_t)4)

static uint8_t content[COUNT][SF_CHUNK_SIZE];
static uint8_t key[SF_CHUNK_KEY_SIZE];
static struct sf_buf chunks[COUNT];

static size_t size_of(uint32_t index)
{
	return index == COUNT - 1 ? 1000 : SF_CHUNK_SIZE;
}

/* The place of every chunk, with the trail that those before it leave. */
static struct sf_chunk_at place_of(uint32_t index)
{
	struct sf_chunk_at at = {.index = index, .last = index == COUNT - 1};
	for (uint32_t i = 0; i < index; i++)
		at.trail = sf_chunk_trail(at.trail, sf_buf_view(&chunks[i]));
	return at;
}

static int setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(3 * i + 1);
	for (uint32_t i = 0; i < COUNT; i++) {
		memset(content[i], (int)i + 65, size_of(i));
		sf_buf_init(&chunks[i], SF_CHUNK_SEALED_MAX);
		struct sf_chunk_at at = place_of(i);
		assert_int_equal(
			sf_chunk_seal(key, &at, sf_view_of(content[i], size_of(i)), &chunks[i]),
			SF_OK);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < COUNT; i++)
		sf_buf_fini(&chunks[i]);
	return 0;
}

static enum sf_err open_at(struct sf_chunk_at at, struct sf_view chunk, struct sf_buf *buf)
{
	sf_buf_clear(buf);
	return sf_chunk_open(key, &at, chunk, buf);
}

/* Whoever has libsodium reads it from the beginning, without knowing of trails. */
static void test_the_chunks_are_one_secretstream(void **state)
{
	(void)state;
	crypto_secretstream_xchacha20poly1305_state stream;
	assert_int_equal(
		crypto_secretstream_xchacha20poly1305_init_pull(&stream, key + 32, key), 0);
	static uint8_t plain[SF_CHUNK_SIZE];
	for (uint32_t i = 0; i < COUNT; i++) {
		unsigned char tag;
		assert_int_equal(chunks[i].size, size_of(i) + SF_CHUNK_EXTRA);
		assert_int_equal(crypto_secretstream_xchacha20poly1305_pull(&stream, plain, NULL,
					 &tag, chunks[i].data, chunks[i].size, NULL, 0),
			0);
		assert_memory_equal(plain, content[i], size_of(i));
		assert_int_equal(tag, i == COUNT - 1
					      ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
					      : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
	}
}

static void test_any_chunk_opens_by_itself(void **state)
{
	(void)state;
	struct sf_buf plain;
	sf_buf_init(&plain, SF_CHUNK_SIZE);
	for (uint32_t i = COUNT; i-- > 0;) {
		assert_int_equal(open_at(place_of(i), sf_buf_view(&chunks[i]), &plain), SF_OK);
		assert_int_equal(plain.size, size_of(i));
		assert_memory_equal(plain.data, content[i], size_of(i));
	}
	sf_buf_fini(&plain);
}

static void test_nothing_but_the_chunk_of_that_place_opens(void **state)
{
	(void)state;
	struct sf_buf plain;
	sf_buf_init(&plain, SF_CHUNK_SIZE);
	struct sf_view second = sf_buf_view(&chunks[1]);
	struct sf_chunk_at at = place_of(1);
	at.index = 2;
	assert_int_equal(open_at(at, second, &plain), SF_ERR_AUTH);
	at = place_of(1);
	at.trail ^= 1;
	assert_int_equal(open_at(at, second, &plain), SF_ERR_AUTH);
	at = place_of(1);
	at.last = true; /* the end, too early */
	assert_int_equal(open_at(at, second, &plain), SF_ERR_AUTH);
	at = place_of(COUNT - 1);
	at.last = false; /* more was to come */
	assert_int_equal(open_at(at, sf_buf_view(&chunks[COUNT - 1]), &plain), SF_ERR_AUTH);
	at = place_of(1);
	assert_int_equal(
		open_at(at, sf_view_of(second.data, second.size - 1), &plain), SF_ERR_AUTH);
	assert_int_equal(open_at(at, sf_view_of(second.data, 17), &plain), SF_ERR_AUTH);
	chunks[1].data[40000] ^= 1;
	assert_int_equal(open_at(at, second, &plain), SF_ERR_AUTH);
	assert_int_equal(plain.size, 0);
	chunks[1].data[40000] ^= 1;
	key[3] ^= 1;
	assert_int_equal(open_at(at, second, &plain), SF_ERR_AUTH);
	key[3] ^= 1;
	assert_int_equal(open_at(at, second, &plain), SF_OK);
	sf_buf_fini(&plain);
}

static void test_nothing_and_too_much_are_not_sealed(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 2 * SF_CHUNK_SEALED_MAX);
	static uint8_t much[SF_CHUNK_SIZE + 1];
	const struct sf_chunk_at at = {.index = 0};
	assert_int_equal(sf_chunk_seal(key, &at, sf_view_of(much, 0), &buf), SF_ERR_USAGE);
	assert_int_equal(
		sf_chunk_seal(key, &at, sf_view_of(much, sizeof(much)), &buf), SF_ERR_USAGE);
	sf_buf_fini(&buf);
}

static void test_the_digest_is_of_all_chunks_in_their_order(void **state)
{
	(void)state;
	struct sf_digest forward = {{0}}, swapped = {{0}}, before;
	for (uint32_t i = 0; i < COUNT; i++) {
		before = forward;
		sf_chunk_link(&before, sf_buf_view(&chunks[i]), &forward);
		before = swapped;
		sf_chunk_link(&before, sf_buf_view(&chunks[i < 2 ? 1 - i : i]), &swapped);
	}
	assert_false(sf_digest_equal(&forward, &swapped));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_chunks_are_one_secretstream),
		cmocka_unit_test(test_any_chunk_opens_by_itself),
		cmocka_unit_test(test_nothing_but_the_chunk_of_that_place_opens),
		cmocka_unit_test(test_nothing_and_too_much_are_not_sealed),
		cmocka_unit_test(test_the_digest_is_of_all_chunks_in_their_order),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
