/*
 * Wycheproof's sets against the primitives that this room calls. A set that runs other than its
 * announced number of cases fails; the numbers are printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/verify.h"
#include "unit/crypto/vectors.h"

static bool is(const char *result, const char *word)
{
	return strcmp(result, word) == 0;
}

static void run_ed25519(const json_t *group, const json_t *vector, const char *result)
{
	struct hex key = hex_field(json_object_get(group, "publicKey"), "pk");
	struct hex message = hex_field(vector, "msg");
	struct hex signature = hex_field(vector, "sig");
	assert_int_equal(key.size, SF_PUBLIC_KEY_SIZE);
	/* Signatures of another length never reach verification: WIRE fixes 64 bytes. */
	if (signature.size != SF_SIGNATURE_SIZE) {
		assert_true(is(result, "invalid"));
		return;
	}
	struct sf_view part = hex_view(&message);
	enum sf_err err = sf_verify_signature(key.bytes, &part, 1, signature.bytes);
	assert_int_equal(err, is(result, "valid") ? SF_OK : SF_ERR_AUTH);
}

static void test_ed25519_agrees_with_wycheproof(void **state)
{
	(void)state;
	wycheproof_each("ed25519_test.json", 151, run_ed25519);
}

static bool has_flag(const json_t *vector, const char *word)
{
	size_t index;
	json_t *flag;
	json_array_foreach(json_object_get(vector, "flags"), index, flag)
	{
		if (is(json_string_value(flag), word))
			return true;
	}
	return false;
}

/*
 * "acceptable" cases are low-order points, twists and non-canonical encodings. An all-zero result
 * must be refused, every other one must be the expected bytes.
 */
static void run_x25519(const json_t *group, const json_t *vector, const char *result)
{
	(void)group;
	struct hex secret = hex_field(vector, "private");
	struct hex public_key = hex_field(vector, "public");
	struct hex expected = hex_field(vector, "shared");
	static const uint8_t zero[32];
	uint8_t shared[32];
	int failed = crypto_scalarmult(shared, secret.bytes, public_key.bytes);
	if (memcmp(expected.bytes, zero, 32) == 0) {
		assert_true(is(result, "acceptable") || is(result, "invalid"));
		assert_true(failed != 0);
		assert_false(sf_key_valid_x25519(public_key.bytes));
		uint8_t through_hpke[32];
		assert_int_equal(sf_hpke_decapsulate(public_key.bytes, secret.bytes,
					 public_key.bytes, through_hpke),
			SF_ERR_AUTH);
		return;
	}
	assert_int_equal(failed, 0);
	assert_memory_equal(shared, expected.bytes, 32);
	assert_int_equal(
		sf_key_valid_x25519(public_key.bytes), !has_flag(vector, "NonCanonicalPublic"));
}

static void test_x25519_agrees_with_wycheproof(void **state)
{
	(void)state;
	wycheproof_each("x25519_test.json", 518, run_x25519);
}

/* Our HPKE with number 0 is the bare AEAD under the base nonce. */
static void run_chacha(const json_t *group, const json_t *vector, const char *result)
{
	(void)group;
	struct hex key = hex_field(vector, "key");
	struct hex nonce = hex_field(vector, "iv");
	struct hex aad = hex_field(vector, "aad");
	struct hex plain = hex_field(vector, "msg");
	struct hex cipher = hex_field(vector, "ct");
	struct hex tag = hex_field(vector, "tag");
	assert_int_equal(key.size, 32);
	/* Nonces of another length cannot be expressed. */
	if (nonce.size != 12) {
		assert_true(is(result, "invalid"));
		return;
	}
	struct sf_hpke_context context;
	memcpy(context.key, key.bytes, 32);
	memcpy(context.base_nonce, nonce.bytes, 12);
	memcpy(cipher.bytes + cipher.size, tag.bytes, tag.size);
	cipher.size += tag.size;
	uint8_t opened[4096];
	enum sf_err err = sf_hpke_open(&context, 0, hex_view(&aad), hex_view(&cipher), opened);
	assert_int_equal(err, is(result, "valid") ? SF_OK : SF_ERR_AUTH);
	uint8_t sealed[4096];
	sf_hpke_seal(&context, 0, hex_view(&aad), hex_view(&plain), sealed);
	bool same = memcmp(sealed, cipher.bytes, cipher.size) == 0;
	assert_int_equal(same, is(result, "valid"));
}

static void test_chacha20_poly1305_agrees_with_wycheproof(void **state)
{
	(void)state;
	wycheproof_each("chacha20_poly1305_test.json", 325, run_chacha);
}

static void run_xchacha(const json_t *group, const json_t *vector, const char *result)
{
	(void)group;
	struct hex key = hex_field(vector, "key");
	struct hex nonce = hex_field(vector, "iv");
	struct hex aad = hex_field(vector, "aad");
	struct hex plain = hex_field(vector, "msg");
	struct hex cipher = hex_field(vector, "ct");
	struct hex tag = hex_field(vector, "tag");
	if (nonce.size != 24) {
		assert_true(is(result, "invalid"));
		return;
	}
	memcpy(cipher.bytes + cipher.size, tag.bytes, tag.size);
	cipher.size += tag.size;
	uint8_t opened[4096];
	int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(opened, NULL, NULL, cipher.bytes,
		cipher.size, aad.bytes, aad.size, nonce.bytes, key.bytes);
	assert_int_equal(failed == 0, is(result, "valid"));
	if (failed == 0)
		assert_memory_equal(opened, plain.bytes, plain.size);
}

static void test_xchacha20_poly1305_agrees_with_wycheproof(void **state)
{
	(void)state;
	wycheproof_each("xchacha20_poly1305_test.json", 315, run_xchacha);
}

static void run_hkdf(const json_t *group, const json_t *vector, const char *result)
{
	(void)group;
	struct hex input = hex_field(vector, "ikm");
	struct hex salt = hex_field(vector, "salt");
	struct hex info = hex_field(vector, "info");
	struct hex expected = hex_field(vector, "okm");
	size_t size = (size_t)json_integer_value(json_object_get(vector, "size"));
	struct sf_view input_view = hex_view(&input);
	struct sf_view info_view = hex_view(&info);
	struct sf_digest key;
	sf_hkdf_extract(hex_view(&salt), &input_view, 1, &key);
	static uint8_t bytes[16384];
	enum sf_err err = sf_hkdf_expand(&key, &info_view, 1, bytes, size);
	assert_int_equal(err, is(result, "valid") ? SF_OK : SF_ERR_LIMIT);
	if (err == SF_OK)
		assert_memory_equal(bytes, expected.bytes, size);
}

static void test_hkdf_sha256_agrees_with_wycheproof(void **state)
{
	(void)state;
	wycheproof_each("hkdf_sha256_test.json", 86, run_hkdf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ed25519_agrees_with_wycheproof),
		cmocka_unit_test(test_x25519_agrees_with_wycheproof),
		cmocka_unit_test(test_chacha20_poly1305_agrees_with_wycheproof),
		cmocka_unit_test(test_xchacha20_poly1305_agrees_with_wycheproof),
		cmocka_unit_test(test_hkdf_sha256_agrees_with_wycheproof),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
