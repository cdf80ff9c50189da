#include "format/identifier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* In two parts, so that nothing in this file looks like a person's number. */
static bool is_valid(const char *date, const char *serial)
{
	char cpr[32];
	snprintf(cpr, sizeof(cpr), "%s%s", date, serial);
	return sf_cpr_valid(cpr);
}

static void test_cpr_with_a_plausible_date_is_valid(void **state)
{
	(void)state;
	assert_true(is_valid("250947", "9989"));
	assert_true(is_valid("010101", "0001"));
	assert_true(is_valid("311299", "9999"));
	assert_false(is_valid("290200", "0000")); /* 29 February 1900 did not exist */
	assert_true(is_valid("290200", "4000"));  /* in 2000 it did */
	assert_true(is_valid("290200", "8000"));
	assert_false(is_valid("290258", "8000")); /* 1858 was no leap year */
	assert_true(is_valid("290236", "9000"));
	assert_false(is_valid("290237", "9000"));
}

static void test_replacement_cpr_adds_sixty_to_the_day(void **state)
{
	(void)state;
	assert_true(sf_cpr_valid("6101010001"));
	assert_true(sf_cpr_valid("9101010001"));
	assert_false(sf_cpr_valid("9201010001"));
	assert_false(sf_cpr_valid("6001010001"));
}

static void test_implausible_cpr_is_invalid(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "250947998", "25094799890", "250947-9989",
		"3202479989", "0002479989", "2513479989", "2500479989", "3004479989x", "31044700 0",
		"3104470001", "3002470001"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(sf_cpr_valid(wrong[i]));
}

static void test_sor_needs_its_check_digit(void **state)
{
	(void)state;
	static const char *const right[] = {"953741000016009", "265161000016000", "330461000016004",
		"328081000016004", "441211000016000", "1382601000016006"};
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		assert_true(sf_sor_valid(right[i]));
		char text[20];
		size_t size = strlen(right[i]);
		memcpy(text, right[i], size + 1);
		for (char digit = '0'; digit <= '9'; digit++) {
			text[size - 3] = digit;
			assert_int_equal(sf_sor_valid(text), digit == right[i][size - 3]);
		}
	}
	assert_false(sf_sor_valid("953741000061009")); /* two neighbours exchanged */
	assert_false(sf_sor_valid(""));
	assert_false(sf_sor_valid("0"));
	assert_false(sf_sor_valid("95374100001600X"));
	assert_false(sf_sor_valid("0000000000000000000"));
}

static void test_gln_needs_its_check_digit(void **state)
{
	(void)state;
	assert_true(sf_gln_valid("5790001348120"));
	assert_true(sf_gln_valid("5790000209354"));
	assert_false(sf_gln_valid("5790001348121"));
	assert_false(sf_gln_valid("5790001384120"));
	assert_false(sf_gln_valid("579000134812"));
	assert_false(sf_gln_valid("57900013481200"));
	assert_false(sf_gln_valid("579000134812O"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpr_with_a_plausible_date_is_valid),
		cmocka_unit_test(test_replacement_cpr_adds_sixty_to_the_day),
		cmocka_unit_test(test_implausible_cpr_is_invalid),
		cmocka_unit_test(test_sor_needs_its_check_digit),
		cmocka_unit_test(test_gln_needs_its_check_digit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
