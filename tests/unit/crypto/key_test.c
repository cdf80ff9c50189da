#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/key.h"
#include "unit/crypto/sealing.h"

static void check_id(struct sf_id id, const char *expected)
{
	char text[SF_ID_TEXT_SIZE];
	sf_id_format(id, text);
	assert_string_equal(text, expected);
}

/* Computed with Python's hashlib from the definition in WIRE section 1. */
static void test_key_ids_are_those_of_the_definition(void **state)
{
	(void)state;
	uint8_t key[SF_PUBLIC_KEY_SIZE];
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	check_id(sf_key_id_ed25519(key), "ca9237615109e59037f932a22b7c7aa6");
	check_id(sf_key_id_x25519(key), "d29870d2d0a9b6f3ab20d4e59e56388a");
}

static bool valid(bool (*check)(const uint8_t *), const char *digits)
{
	uint8_t key[SF_PUBLIC_KEY_SIZE];
	assert_int_equal(sf_hex_decode(digits, key, sizeof(key)), SF_OK);
	return check(key);
}

static void test_ed25519_keys_that_a_directory_refuses(void **state)
{
	(void)state;
	static const char *const refused[] = {
		/* identity, order 2, order 4 (0), order 8, and y = p (non-canonical 0) */
		"0100000000000000000000000000000000000000000000000000000000000000",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		/* y = 2: not on the curve */
		"0200000000000000000000000000000000000000000000000000000000000000",
	};
	for (size_t i = 0; i < SF_COUNT(refused); i++)
		assert_false(valid(sf_key_valid_ed25519, refused[i]));
	/* RFC 8032 section 7.1, test 1. */
	assert_true(valid(sf_key_valid_ed25519,
		"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
}

static void test_x25519_keys_that_a_directory_refuses(void **state)
{
	(void)state;
	static const char *const refused[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		/* p and p + 9: encodings of 0 and of the base point that are not canonical */
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		/* a good key with the unused top bit set */
		"4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c5966aa",
	};
	for (size_t i = 0; i < SF_COUNT(refused); i++)
		assert_false(valid(sf_key_valid_x25519, refused[i]));
	assert_true(valid(sf_key_valid_x25519,
		"4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"));
}

/* RFC 8032 section 7.1 test 1 and RFC 9180 appendix A.2.1 (skRm, pkRm). */
static void test_public_part_is_that_of_the_rfcs(void **state)
{
	(void)state;
	static const struct {
		enum sf_key_kind kind;
		const char *secret, *public_key;
	} cases[] = {
		{SF_KEY_IDENTITY,
			"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
			"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
		{SF_KEY_TRANSPORT,
			"8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
			"4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		uint8_t secret[32], expected[32];
		assert_int_equal(sf_hex_decode(cases[i].secret, secret, 32), SF_OK);
		assert_int_equal(sf_hex_decode(cases[i].public_key, expected, 32), SF_OK);
		struct sf_key key;
		assert_int_equal(sf_key_from_secret(cases[i].kind, secret, &key), SF_OK);
		assert_memory_equal(key.public_key, expected, 32);
		sf_key_fini(&key);
	}
}

static void fake_random(void *self, void *place, size_t size)
{
	chance("env", (*(size_t *)self)++, place, size);
}

static void test_made_keys_differ_and_shared_ones_have_no_public_part(void **state)
{
	(void)state;
	size_t number = 0;
	struct sf_env env = {.self = &number, .random = fake_random};
	struct sf_key first, second, shared;
	assert_int_equal(sf_key_make(SF_KEY_TRANSPORT, &env, &first), SF_OK);
	assert_int_equal(sf_key_make(SF_KEY_TRANSPORT, &env, &second), SF_OK);
	assert_int_equal(sf_key_make(SF_KEY_PSEUDONYM, &env, &shared), SF_OK);
	assert_memory_not_equal(first.public_key, second.public_key, 32);
	assert_true(sf_key_valid_x25519(first.public_key));
	assert_true(sf_id_is_none(shared.id));
	sf_key_fini(&first);
	sf_key_fini(&second);
	sf_key_fini(&shared);
	assert_null(shared.secret.bytes);
}

static void test_every_kind_has_a_name_that_parses(void **state)
{
	(void)state;
	size_t count = 0;
	enum sf_key_kind found;
#define X(name, value, text)                                                                       \
	assert_int_equal(sf_key_kind_parse(sf_key_kind_text(name), &found), SF_OK);                \
	assert_int_equal(found, name);                                                             \
	count++;
	SF_KEY_KIND_LIST(X)
#undef X
	assert_int_equal(count, 11);
	assert_int_equal(sf_key_kind_parse("Identity", &found), SF_ERR_FORMAT);
	assert_int_equal(sf_key_kind_parse("", &found), SF_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_ids_are_those_of_the_definition),
		cmocka_unit_test(test_ed25519_keys_that_a_directory_refuses),
		cmocka_unit_test(test_x25519_keys_that_a_directory_refuses),
		cmocka_unit_test(test_public_part_is_that_of_the_rfcs),
		cmocka_unit_test(test_made_keys_differ_and_shared_ones_have_no_public_part),
		cmocka_unit_test(test_every_kind_has_a_name_that_parses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
