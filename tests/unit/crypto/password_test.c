/* Argon2id as libsodium verifies it in its own written form, and costs that are none. */
#include "crypto/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

static const uint8_t salt[SF_PASSWORD_SALT_SIZE] = "0123456789abcde";

static void write_base64(const uint8_t *bytes, size_t size, char *ret_text, size_t room)
{
	assert_non_null(sodium_bin2base64(
		ret_text, room, bytes, size, sodium_base64_VARIANT_ORIGINAL_NO_PADDING));
}

/* What the password of a row opens, whoever reads the row: lanes, passes and memory are as said. */
static void test_hash_is_argon2id_of_those_costs(void **state)
{
	(void)state;
	char text[crypto_pwhash_STRBYTES], salt_text[23], hash_text[44];
	const char password[] = "correct horse battery";
	struct sf_digest hash;
	assert_int_equal(sf_password_hash(sf_view_text(password), salt, 2, 64, &hash), SF_OK);
	write_base64(salt, sizeof(salt), salt_text, sizeof(salt_text));
	write_base64(hash.bytes, sizeof(hash.bytes), hash_text, sizeof(hash_text));
	snprintf(text, sizeof(text), "$argon2id$v=19$m=64,t=2,p=1$%s$%s", salt_text, hash_text);
	assert_int_equal(crypto_pwhash_str_verify(text, password, strlen(password)), 0);
	assert_int_not_equal(crypto_pwhash_str_verify(text, "correct horse batterz", 21), 0);
}

static void test_each_part_changes_the_hash(void **state)
{
	(void)state;
	struct sf_digest one, other;
	uint8_t another[SF_PASSWORD_SALT_SIZE] = {1};
	assert_int_equal(sf_password_hash(sf_view_text("a password"), salt, 1, 64, &one), SF_OK);
	assert_int_equal(sf_password_hash(sf_view_text("a password"), salt, 1, 64, &other), SF_OK);
	assert_true(sf_digest_equal(&one, &other));
	assert_int_equal(
		sf_password_hash(sf_view_text("a password"), another, 1, 64, &other), SF_OK);
	assert_false(sf_digest_equal(&one, &other));
	assert_int_equal(sf_password_hash(sf_view_text("a password"), salt, 2, 64, &other), SF_OK);
	assert_false(sf_digest_equal(&one, &other));
	assert_int_equal(sf_password_hash(sf_view_text("a password"), salt, 1, 65, &other), SF_OK);
	assert_false(sf_digest_equal(&one, &other));
}

static void test_unusable_costs_are_refused(void **state)
{
	(void)state;
	struct sf_digest hash;
	assert_int_equal(sf_password_hash(sf_view_text("x"), salt, 0, 64, &hash), SF_ERR_USAGE);
	assert_int_equal(sf_password_hash(sf_view_text("x"), salt, 1, 7, &hash), SF_ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash_is_argon2id_of_those_costs),
		cmocka_unit_test(test_each_part_changes_the_hash),
		cmocka_unit_test(test_unusable_costs_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
