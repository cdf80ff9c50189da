#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/record.h"
#include "unit/crypto/sealing.h"

/* Computed with Python's hashlib from the definition in WIRE section 4. */
static void test_digest_is_that_of_the_definition(void **state)
{
	(void)state;
	struct sf_digest digest;
	sf_record_digest("entry", sf_view_text("bytes"), &digest);
	char text[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&digest, text);
	assert_string_equal(
		text, "8b68ed8f0d853b1a0f4bed1b6fc5e1597e2a1a53d936772540c585d58229b7cd");
}

static void test_signature_binds_name_bytes_and_key(void **state)
{
	(void)state;
	struct party registrar, other;
	party_open(&registrar, 1);
	party_open(&other, 2);
	struct sf_crypto *crypto = &registrar.crypto;
	struct sf_view bytes = sf_view_text("an entry");
	uint8_t signature[SF_SIGNATURE_SIZE];
	assert_int_equal(
		crypto->sign_record(crypto->self, registrar.signing_id, "entry", bytes, signature),
		SF_OK);
	const uint8_t *key = registrar.signing_key;
	assert_int_equal(crypto->check_record(crypto->self, key, "entry", bytes, signature), SF_OK);
	assert_int_equal(crypto->check_record(crypto->self, key, "agreement", bytes, signature),
		SF_ERR_AUTH);
	assert_int_equal(crypto->check_record(
				 crypto->self, key, "entry", sf_view_text("an Entry"), signature),
		SF_ERR_AUTH);
	assert_int_equal(
		crypto->check_record(crypto->self, other.signing_key, "entry", bytes, signature),
		SF_ERR_AUTH);
	signature[63] ^= 0x10;
	assert_int_equal(
		crypto->check_record(crypto->self, key, "entry", bytes, signature), SF_ERR_AUTH);
	assert_int_equal(
		crypto->sign_record(crypto->self, other.signing_id, "entry", bytes, signature),
		SF_ERR_KEY_UNKNOWN);
	party_close(&registrar);
	party_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digest_is_that_of_the_definition),
		cmocka_unit_test(test_signature_binds_name_bytes_and_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
