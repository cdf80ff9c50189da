#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>

#include "crypto/hpke.h"
#include "unit/crypto/vectors.h"

/* The two vectors of RFC 9180 appendix A.2 that Stafet's modes are. */
static void run_vector(json_t *vector)
{
	struct hex secret_e = hex_field(vector, "skEm");
	struct hex secret_r = hex_field(vector, "skRm");
	struct hex public_r = hex_field(vector, "pkRm");
	struct hex info = hex_field(vector, "info");
	struct hex aad = hex_field(vector, "aad");
	struct hex plain = hex_field(vector, "pt");
	struct hex expected = hex_field(vector, "ct");
	struct hex shared_expected = hex_field(vector, "shared_secret");
	struct hex psk = hex_field(vector, "psk");
	struct hex psk_id = hex_field(vector, "psk_id");
	enum sf_hpke_mode mode = json_integer_value(json_object_get(vector, "mode")) == 1
					 ? SF_HPKE_PSK
					 : SF_HPKE_BASE;
	uint8_t enc[32], shared_sender[32], shared_receiver[32];
	assert_int_equal(
		sf_hpke_encapsulate(public_r.bytes, secret_e.bytes, enc, shared_sender), SF_OK);
	/* The second vector does not print its shared secret; its ciphertext says the same. */
	assert_true(shared_expected.size == 32 || mode == SF_HPKE_PSK);
	assert_memory_equal(shared_sender, shared_expected.bytes, shared_expected.size);
	assert_int_equal(
		sf_hpke_decapsulate(enc, secret_r.bytes, public_r.bytes, shared_receiver), SF_OK);
	assert_memory_equal(shared_receiver, shared_sender, 32);
	struct sf_hpke_context context;
	sf_hpke_schedule(mode, shared_receiver, hex_view(&info), hex_view(&psk), hex_view(&psk_id),
		&context);
	uint8_t cipher[128];
	assert_int_equal(plain.size + SF_HPKE_TAG_SIZE, expected.size);
	sf_hpke_seal(&context, 0, hex_view(&aad), hex_view(&plain), cipher);
	assert_memory_equal(cipher, expected.bytes, expected.size);
	uint8_t opened[128];
	assert_int_equal(
		sf_hpke_open(&context, 0, hex_view(&aad), hex_view(&expected), opened), SF_OK);
	assert_memory_equal(opened, plain.bytes, plain.size);
	/* The number is part of the nonce. */
	assert_int_equal(sf_hpke_open(&context, 1, hex_view(&aad), hex_view(&expected), opened),
		SF_ERR_AUTH);
}

static void test_vectors_of_rfc_9180_hold(void **state)
{
	(void)state;
	json_t *file = vectors_load("hpke_rfc9180.json");
	json_t *vectors = json_object_get(file, "vectors");
	assert_int_equal(json_array_size(vectors), 2);
	for (size_t i = 0; i < json_array_size(vectors); i++)
		run_vector(json_array_get(vectors, i));
	json_decref(file);
}

/* RFC 9180 A.2.1: ikmE and skEm. */
static void test_derived_key_is_the_one_of_the_appendix(void **state)
{
	(void)state;
	uint8_t material[32], expected[32], secret[32];
	assert_int_equal(
		sf_hex_decode("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b",
			material, 32),
		SF_OK);
	assert_int_equal(
		sf_hex_decode("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
			expected, 32),
		SF_OK);
	sf_hpke_derive_key(sf_view_of(material, 32), secret);
	assert_memory_equal(secret, expected, 32);
	/* enc of the same appendix is its public key. */
	assert_int_equal(
		sf_hex_decode("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
			expected, 32),
		SF_OK);
	uint8_t enc[32], shared[32];
	assert_int_equal(sf_hpke_encapsulate(expected, secret, enc, shared), SF_OK);
	assert_memory_equal(enc, expected, 32);
}

/* The points of small order, as they are listed in RFC 7748's discussions and libsodium's
 * blacklist. */
static void test_key_of_small_order_is_refused(void **state)
{
	(void)state;
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	uint8_t secret[32] = {7, 1, 2, 3};
	for (size_t i = 0; i < SF_COUNT(points); i++) {
		uint8_t point[32], enc[32], shared[32];
		assert_int_equal(sf_hex_decode(points[i], point, 32), SF_OK);
		assert_int_equal(sf_hpke_encapsulate(point, secret, enc, shared), SF_ERR_AUTH);
		assert_int_equal(sf_hpke_decapsulate(point, secret, point, shared), SF_ERR_AUTH);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_of_rfc_9180_hold),
		cmocka_unit_test(test_derived_key_is_the_one_of_the_appendix),
		cmocka_unit_test(test_key_of_small_order_is_refused),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
