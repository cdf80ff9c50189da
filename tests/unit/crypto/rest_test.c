#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/rest.h"

static const struct sf_id transition = {{7}}, other = {{8}};
static const char content[] = "Fru Jensen is at home";

struct world {
	struct sf_keyring *keyring;
	uint8_t sealed_key[SF_CONTENT_KEY_SIZE];
	struct sf_buf sealed, opened;
};

static void add_storage_key(struct sf_keyring *keyring, uint8_t filled)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	struct sf_key key;
	memset(secret, filled, sizeof(secret));
	assert_int_equal(sf_key_from_secret(SF_KEY_STORAGE, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(keyring, &key), SF_OK);
	sf_key_fini(&key);
}

static struct sf_view name_of(const char *text)
{
	return sf_view_text(text);
}

static struct sf_view key_of(const struct world *world)
{
	return sf_view_of(world->sealed_key, sizeof(world->sealed_key));
}

static int setup(void **state)
{
	static struct world world;
	uint8_t chance[SF_CONTENT_KEY_CHANCE], nonce[SF_NONCE_SIZE];
	memset(chance, 3, sizeof(chance));
	memset(nonce, 4, sizeof(nonce));
	assert_int_equal(sf_keyring_open(&world.keyring), SF_OK);
	add_storage_key(world.keyring, 1);
	sf_buf_init(&world.sealed, 4096);
	sf_buf_init(&world.opened, 4096);
	assert_int_equal(
		sf_rest_key_make(world.keyring, transition, chance, world.sealed_key), SF_OK);
	assert_int_equal(sf_rest_seal(world.keyring, key_of(&world), transition, name_of("inbox"),
				 nonce, sf_view_text(content), &world.sealed),
		SF_OK);
	*state = &world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	sf_buf_fini(&world->sealed);
	sf_buf_fini(&world->opened);
	sf_keyring_close(&world->keyring);
	return 0;
}

static enum sf_err open_as(struct world *world, struct sf_id as, const char *name)
{
	sf_buf_clear(&world->opened);
	return sf_rest_open(world->keyring, key_of(world), as, name_of(name),
		sf_buf_view(&world->sealed), &world->opened);
}

static void test_what_is_sealed_opens_again(void **state)
{
	struct world *world = *state;
	assert_int_equal(open_as(world, transition, "inbox"), SF_OK);
	assert_int_equal(world->opened.size, strlen(content));
	assert_memory_equal(world->opened.data, content, strlen(content));
}

static void test_nothing_of_it_can_be_read(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i + 6 <= world->sealed.size; i++)
		assert_memory_not_equal(world->sealed.data + i, "Jensen", 6);
}

static void test_it_is_bound_to_transition_and_name(void **state)
{
	struct world *world = *state;
	assert_int_equal(open_as(world, other, "inbox"), SF_ERR_INTEGRITY);
	assert_int_equal(open_as(world, transition, "letter"), SF_ERR_INTEGRITY);
	assert_int_equal(world->opened.size, 0);
}

static void test_every_changed_byte_is_noticed(void **state)
{
	struct world *world = *state;
	for (size_t i = SF_CONTENT_MARK_SIZE; i < world->sealed.size; i++) {
		world->sealed.data[i] ^= 1;
		assert_int_equal(open_as(world, transition, "inbox"), SF_ERR_INTEGRITY);
		world->sealed.data[i] ^= 1;
	}
	for (size_t i = 0; i < sizeof(world->sealed_key); i++) {
		world->sealed_key[i] ^= 1;
		assert_int_equal(open_as(world, transition, "inbox"), SF_ERR_INTEGRITY);
		world->sealed_key[i] ^= 1;
	}
}

static void test_without_its_key_it_is_gone(void **state)
{
	struct world *world = *state;
	assert_int_equal(sf_rest_open(world->keyring, sf_view_of(NULL, 0), transition,
				 name_of("inbox"), sf_buf_view(&world->sealed), &world->opened),
		SF_ERR_INTEGRITY);
	add_storage_key(world->keyring, 2); /* another node's */
	assert_int_equal(open_as(world, transition, "inbox"), SF_ERR_INTEGRITY);
}

static void test_content_of_before_is_given_as_it_is(void **state)
{
	struct world *world = *state;
	assert_int_equal(sf_rest_open(world->keyring, sf_view_of(NULL, 0), transition,
				 name_of("inbox"), sf_view_text(content), &world->opened),
		SF_OK);
	assert_memory_equal(world->opened.data, content, strlen(content));
	/* The mark alone is no content of before: it is a sealed value cut short. */
	struct sf_view cut = sf_view_of(world->sealed.data, SF_CONTENT_MARK_SIZE + 10);
	assert_int_equal(sf_rest_open(world->keyring, key_of(world), transition, name_of("inbox"),
				 cut, &world->opened),
		SF_ERR_INTEGRITY);
}

static void test_without_storage_key_nothing_is_sealed(void **state)
{
	(void)state;
	struct sf_keyring *keyring;
	uint8_t chance[SF_CONTENT_KEY_CHANCE] = {0}, sealed[SF_CONTENT_KEY_SIZE];
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	assert_int_equal(sf_rest_key_make(keyring, transition, chance, sealed), SF_ERR_KEY_UNKNOWN);
	sf_keyring_close(&keyring);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_sealed_opens_again),
		TEST(test_nothing_of_it_can_be_read),
		TEST(test_it_is_bound_to_transition_and_name),
		TEST(test_every_changed_byte_is_noticed),
		TEST(test_without_its_key_it_is_gone),
		TEST(test_content_of_before_is_given_as_it_is),
		cmocka_unit_test(test_without_storage_key_nothing_is_sealed),
	};
	return cmocka_run_group_tests_name("crypto/rest", tests, NULL, NULL);
}
