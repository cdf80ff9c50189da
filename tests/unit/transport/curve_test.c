#include "transport/curve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/transport/world.h"

static void test_made_pair_belongs_together(void **state)
{
	(void)state;
	struct keys one = keys_make();
	struct keys two = keys_make();
	assert_memory_not_equal(one.public_key, two.public_key, SF_CURVE_KEY_SIZE);
	assert_int_equal(sf_curve_pair_check(one.public_key, one.secret_key, NULL), SF_OK);
}

/* RFC 7748 section 6.1: the key pairs of Alice and Bob. */
static void test_pair_of_the_rfc_belongs_together_and_a_mixed_one_does_not(void **state)
{
	(void)state;
	uint8_t alice[SF_CURVE_KEY_SIZE];
	uint8_t alice_public[SF_CURVE_KEY_SIZE];
	uint8_t bob_public[SF_CURVE_KEY_SIZE];
	assert_int_equal(sf_hex_decode("77076d0a7318a57d3c16c17251b26645"
				       "df4c2f87ebc0992ab177fba51db92c2a",
				 alice, sizeof(alice)),
		SF_OK);
	assert_int_equal(sf_hex_decode("8520f0098930a754748b7ddcb43ef75a"
				       "0dbf3a0d26381af4eba4a98eaa9b4e6a",
				 alice_public, sizeof(alice_public)),
		SF_OK);
	assert_int_equal(sf_hex_decode("de9edb7d7b7dc1b4d35b61c2ece43537"
				       "3f8343c85b78674dadfc7e146f882b4f",
				 bob_public, sizeof(bob_public)),
		SF_OK);
	assert_int_equal(sf_curve_pair_check(alice_public, alice, NULL), SF_OK);
	struct sf_diag diag = {""};
	assert_int_equal(sf_curve_pair_check(bob_public, alice, &diag), SF_ERR_CONFIG);
	assert_string_not_equal(diag.text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made_pair_belongs_together),
		cmocka_unit_test(test_pair_of_the_rfc_belongs_together_and_a_mixed_one_does_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
