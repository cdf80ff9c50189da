#include "unit/core/check.h"

#include "core/refusal.h"

static void test_codes_and_sentences_are_distinct(void **state)
{
	(void)state;
	static const uint16_t all[] = {
#define X(name, value, code, text) name,
		SF_REFUSAL_LIST(X) SF_DEVIATION_LIST(X)
#undef X
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_string_not_equal(sf_refusal_code(all[i]), "unknown");
		assert_true(strlen(sf_refusal_text(all[i])) > 10);
		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(
				sf_refusal_code(all[i]), sf_refusal_code(all[other]));
	}
	assert_string_equal(sf_refusal_code(SF_REFUSAL_OFFER_CLOSED), "offer-closed");
	assert_string_equal(sf_refusal_code(SF_DEVIATION_LATE_FACT), "late-fact");
}

static void test_number_of_a_later_version_has_words(void **state)
{
	(void)state;
	assert_string_equal(sf_refusal_code(4711), "unknown");
	assert_string_equal(sf_refusal_code(0), "unknown");
	assert_non_null(sf_refusal_text(UINT16_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_and_sentences_are_distinct),
		cmocka_unit_test(test_number_of_a_later_version_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
