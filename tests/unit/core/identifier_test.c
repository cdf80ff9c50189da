#include "unit/core/check.h"

#include "core/identifier.h"

/* Invented persons have day + 60; organisations are those of MedCom's published examples. */

static bool cpr(const char *text)
{
	return sf_cpr_is_valid(sf_view_text(text));
}

static void test_cpr_has_a_date_that_exists(void **state)
{
	(void)state;
	assert_true(cpr("6101800000"));
	assert_true(cpr("9112994321"));
	assert_false(cpr("6100800000"));
	assert_false(cpr("6113800000"));
	assert_false(cpr("6001800000")); /* day 60 is no day + 60 */
	assert_false(cpr("0001800000"));
	assert_false(cpr("9201800000"));
	assert_false(cpr("9104800000")); /* 31 April */
}

static void test_cpr_leap_day_follows_the_century(void **state)
{
	(void)state;
	assert_true(cpr("8902004000"));  /* 2000 was one */
	assert_false(cpr("8902000000")); /* 1900 was none */
	assert_true(cpr("8902041000"));
	assert_false(cpr("8902051000"));
	assert_false(cpr("8902585000")); /* 1858 was none */
	assert_true(cpr("8902605000"));  /* 1860 was one */
}

static void test_cpr_is_ten_ascii_digits_without_modulus_11(void **state)
{
	(void)state;
	for (char last = '0'; last <= '9'; last++) {
		char text[] = "6101800000";
		text[9] = last;
		assert_true(cpr(text));
	}
	assert_false(cpr("610180000"));
	assert_false(cpr("61018000000"));
	assert_false(cpr("610180-0000"));
	assert_false(cpr("610180000x"));
	assert_false(cpr(""));
}

static void test_sor_every_wrong_digit_is_found(void **state)
{
	(void)state;
	static const char *const codes[] = {"265161000016000", "953741000016009"};
	for (size_t code = 0; code < 2; code++) {
		char text[19];
		memcpy(text, codes[code], strlen(codes[code]) + 1);
		assert_true(sf_sor_is_valid(sf_view_text(text)));
		for (size_t i = 0; i < strlen(text); i++) {
			char right = text[i];
			for (char digit = '0'; digit <= '9'; digit++) {
				text[i] = digit;
				assert_int_equal(
					sf_sor_is_valid(sf_view_text(text)), digit == right);
			}
			text[i] = right;
		}
		for (size_t i = 0; i + 1 < strlen(text); i++) {
			if (text[i] == text[i + 1])
				continue;
			char left = text[i];
			text[i] = text[i + 1];
			text[i + 1] = left;
			assert_false(sf_sor_is_valid(sf_view_text(text)));
			text[i + 1] = text[i];
			text[i] = left;
		}
	}
}

static void test_sor_has_six_to_eighteen_digits(void **state)
{
	(void)state;
	assert_false(sf_sor_is_valid(sf_view_text("")));
	assert_false(sf_sor_is_valid(sf_view_text("00000")));
	assert_false(sf_sor_is_valid(sf_view_text("000000")));
	assert_false(sf_sor_is_valid(sf_view_text("26516100001600x")));
	assert_false(sf_sor_is_valid(sf_view_text("2651610000160002651")));
}

static void test_gln_check_digit(void **state)
{
	(void)state;
	assert_true(sf_gln_is_valid(sf_view_text("5790000209354")));
	assert_true(sf_gln_is_valid(sf_view_text("5790001348120")));
	assert_false(sf_gln_is_valid(sf_view_text("5790000209355")));
	assert_false(sf_gln_is_valid(sf_view_text("5790000290354")));
	assert_false(sf_gln_is_valid(sf_view_text("579000020935")));
	assert_false(sf_gln_is_valid(sf_view_text("579000020935x")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpr_has_a_date_that_exists),
		cmocka_unit_test(test_cpr_leap_day_follows_the_century),
		cmocka_unit_test(test_cpr_is_ten_ascii_digits_without_modulus_11),
		cmocka_unit_test(test_sor_every_wrong_digit_is_found),
		cmocka_unit_test(test_sor_has_six_to_eighteen_digits),
		cmocka_unit_test(test_gln_check_digit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
