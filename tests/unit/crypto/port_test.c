#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/port.h"
#include "unit/crypto/sealing.h"

static void add_filled(struct sf_keyring *keyring, enum sf_key_kind kind, uint8_t byte)
{
	uint8_t secret[SF_KEY_SECRET_SIZE];
	memset(secret, byte, sizeof(secret));
	struct sf_key key;
	assert_int_equal(sf_key_from_secret(kind, secret, &key), SF_OK);
	assert_int_equal(sf_keyring_add(keyring, &key), SF_OK);
	sf_key_fini(&key);
}

static void check_id(struct sf_id id, const char *expected)
{
	char text[SF_ID_TEXT_SIZE];
	sf_id_format(id, text);
	assert_string_equal(text, expected);
}

/* Expected values computed with Python's hashlib from DOMAIN section 8 and WIRE sections 1 and 2.
 */
static void test_keyed_names_are_those_of_the_definitions(void **state)
{
	(void)state;
	struct sf_keyring *keyring;
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	struct sf_crypto crypto;
	sf_crypto_port(keyring, &crypto);
	struct sf_id party, id;
	for (size_t i = 0; i < sizeof(party.bytes); i++)
		party.bytes[i] = (uint8_t)i;
	struct sf_view cpr = sf_view_text("6101010000");
	assert_int_equal(crypto.message_id(crypto.self, party, sf_view_text("msg-1"), &id),
		SF_ERR_KEY_UNKNOWN);
	assert_int_equal(crypto.person_id(crypto.self, cpr, &id), SF_ERR_KEY_UNKNOWN);
	add_filled(keyring, SF_KEY_MESSAGE_ID, 1);
	add_filled(keyring, SF_KEY_PSEUDONYM, 2);
	assert_int_equal(crypto.message_id(crypto.self, party, sf_view_text("msg-1"), &id), SF_OK);
	check_id(id, "a19529e406f18c9bc0714ae7461b5bd4");
	assert_int_equal(crypto.person_id(crypto.self, cpr, &id), SF_OK);
	check_id(id, "6361c3f80b1a353b0ed4da9d6673a2e6");
	uint8_t salt[32];
	memset(salt, 3, sizeof(salt));
	struct sf_digest digest;
	crypto.body_commitment(crypto.self, salt, sf_view_text("hello"), &digest);
	char text[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&digest, text);
	assert_string_equal(
		text, "442eddef0fe3dec1323ce86dbae1a06cfaf5114ff42836f24fcb11f70067bb1f");
	sf_keyring_close(&keyring);
}

/* WIRE 7.10: a CPR is ten ASCII digits, so that one person has one pseudonym. */
static void test_person_needs_ten_digits(void **state)
{
	(void)state;
	struct sf_keyring *keyring;
	assert_int_equal(sf_keyring_open(&keyring), SF_OK);
	add_filled(keyring, SF_KEY_PSEUDONYM, 2);
	struct sf_crypto crypto;
	sf_crypto_port(keyring, &crypto);
	static const char *const refused[] = {
		"", "610101000", "61010100000", "610101-0000", "610101 000", "61010100a0"};
	for (size_t i = 0; i < SF_COUNT(refused); i++) {
		struct sf_id id;
		assert_int_equal(crypto.person_id(crypto.self, sf_view_text(refused[i]), &id),
			SF_ERR_FORMAT);
	}
	sf_keyring_close(&keyring);
}

static void test_bare_signature_is_over_the_joined_parts(void **state)
{
	(void)state;
	struct party party;
	party_open(&party, 1);
	struct sf_crypto *crypto = &party.crypto;
	struct sf_view parts[] = {sf_view_text("one "), {0}, sf_view_text("two")};
	struct sf_view joined = sf_view_text("one two");
	struct sf_view other = sf_view_text("one twO");
	uint8_t signature[SF_SIGNATURE_SIZE];
	assert_int_equal(crypto->sign(crypto->self, party.signing_id, parts, 3, signature), SF_OK);
	assert_int_equal(
		crypto->check(crypto->self, party.signing_key, &joined, 1, signature), SF_OK);
	assert_int_equal(
		crypto->check(crypto->self, party.signing_key, &other, 1, signature), SF_ERR_AUTH);
	assert_int_equal(crypto->sign(crypto->self, party.signing_id, NULL, 0, signature), SF_OK);
	assert_int_equal(crypto->check(crypto->self, party.signing_key, NULL, 0, signature), SF_OK);
	party_close(&party);
}

static void test_port_leaves_no_function_out(void **state)
{
	(void)state;
	struct sf_crypto crypto;
	sf_crypto_port(NULL, &crypto);
	/* A struct of pointers: none may be NULL but self. */
	void *pointers[sizeof(crypto) / sizeof(void *)];
	memcpy(pointers, &crypto, sizeof(crypto));
	for (size_t i = 1; i < SF_COUNT(pointers); i++)
		assert_non_null(pointers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keyed_names_are_those_of_the_definitions),
		cmocka_unit_test(test_person_needs_ten_digits),
		cmocka_unit_test(test_bare_signature_is_over_the_joined_parts),
		cmocka_unit_test(test_port_leaves_no_function_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
