#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/keyring.h"
#include "unit/crypto/sealing.h"

static struct sf_key make_key(enum sf_key_kind kind, size_t number)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	chance("key", number, secret, sizeof(secret));
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(kind, secret, &key), SF_OK);
	return key;
}

static enum sf_err add(struct sf_keyring *keyring, enum sf_key_kind kind, size_t number)
{
	struct sf_key key = make_key(kind, number);
	enum sf_err err = sf_keyring_add(keyring, &key);
	sf_key_fini(&key);
	return err;
}

static void test_several_sealing_keys_are_valid_at_once(void **state)
{
	(void)state;
	struct sf_keyring *keyring;
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	for (size_t i = 0; i < SF_KEYRING_KEYS_MAX; i++)
		assert_int_equal(add(keyring, SF_KEY_SEALING, i), SF_OK);
	assert_int_equal(add(keyring, SF_KEY_SEALING, 0), SF_ERR_EXISTS);
	assert_int_equal(add(keyring, SF_KEY_SEALING, 9999), SF_ERR_LIMIT);
	for (size_t i = 0; i < SF_KEYRING_KEYS_MAX; i += 50) {
		struct sf_key key = make_key(SF_KEY_SEALING, i);
		uint8_t secret[32], public_key[32];
		assert_int_equal(sf_keyring_sealing(keyring, key.id, secret, public_key), SF_OK);
		assert_memory_equal(secret, key.secret.bytes, 32);
		assert_memory_equal(public_key, key.public_key, 32);
		assert_int_equal(sf_keyring_remove(keyring, key.id), SF_OK);
		assert_int_equal(sf_keyring_sealing(keyring, key.id, secret, public_key),
			SF_ERR_KEY_UNKNOWN);
		assert_false(sf_keyring_has(keyring, key.id));
		sf_key_fini(&key);
	}
	sf_keyring_close(&keyring);
	assert_null(keyring);
}

static void test_newest_psk_comes_first_whatever_the_order_of_the_pair(void **state)
{
	(void)state;
	struct sf_keyring *keyring;
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	struct sf_id a = {{1}}, b = {{2}}, c = {{3}};
	for (size_t i = 0; i < 3; i++) {
		struct sf_key key = make_key(SF_KEY_PSK, i);
		assert_int_equal(
			sf_keyring_add_psk(keyring, i % 2 ? a : b, i % 2 ? b : a, &key), SF_OK);
		assert_int_equal(sf_keyring_add_psk(keyring, a, a, &key), SF_ERR_USAGE);
		assert_int_equal(sf_keyring_add(keyring, &key), SF_ERR_USAGE);
		sf_key_fini(&key);
	}
	uint8_t psk[32];
	for (size_t age = 0; age < 3; age++) {
		struct sf_key key = make_key(SF_KEY_PSK, 2 - age);
		assert_int_equal(sf_keyring_psk(keyring, b, a, age, psk), SF_OK);
		assert_memory_equal(psk, key.secret.bytes, 32);
		sf_key_fini(&key);
	}
	assert_int_equal(sf_keyring_psk(keyring, a, b, 3, psk), SF_ERR_KEY_UNKNOWN);
	assert_int_equal(sf_keyring_psk(keyring, a, c, 0, psk), SF_ERR_KEY_UNKNOWN);
	sf_keyring_close(&keyring);
}

static void test_transport_pair_is_given_out_and_replaced(void **state)
{
	(void)state;
	struct sf_keyring *keyring;
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	uint8_t public_key[32], secret[32];
	assert_int_equal(sf_keyring_transport(keyring, public_key, secret), SF_ERR_KEY_UNKNOWN);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(add(keyring, SF_KEY_TRANSPORT, i), SF_OK);
		struct sf_key key = make_key(SF_KEY_TRANSPORT, i);
		assert_int_equal(sf_keyring_transport(keyring, public_key, secret), SF_OK);
		assert_memory_equal(public_key, key.public_key, 32);
		assert_memory_equal(secret, key.secret.bytes, 32);
		/* A transport key neither signs nor opens. */
		assert_false(sf_keyring_has(keyring, key.id));
		sf_key_fini(&key);
	}
	sf_keyring_close(&keyring);
}

static void test_sealing_key_does_not_sign(void **state)
{
	(void)state;
	struct sf_keyring *keyring;
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	struct sf_key key = make_key(SF_KEY_SEALING, 1);
	assert_int_equal(sf_keyring_add(keyring, &key), SF_OK);
	struct sf_view part = sf_view_text("text");
	uint8_t signature[SF_SIGNATURE_SIZE];
	assert_int_equal(sf_keyring_sign(keyring, key.id, &part, 1, signature), SF_ERR_KEY_UNKNOWN);
	sf_key_fini(&key);
	sf_keyring_close(&keyring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_several_sealing_keys_are_valid_at_once),
		cmocka_unit_test(test_newest_psk_comes_first_whatever_the_order_of_the_pair),
		cmocka_unit_test(test_transport_pair_is_given_out_and_replaced),
		cmocka_unit_test(test_sealing_key_does_not_sign),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
