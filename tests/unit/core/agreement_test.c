#include "unit/core/check.h"

#include "core/agreement.h"

static void test_agreement_is_found_by_its_digest(void **state)
{
	(void)state;
	static const struct sf_agreement agreements[] = {
		{.digest = {{1}}, .pathway = SF_PATHWAY_SOMATIC},
		{.digest = {{2}}, .pathway = SF_PATHWAY_PSYCHIATRIC},
	};
	struct sf_agreement_book book = {agreements, 2};
	assert_ptr_equal(sf_agreement_find(&book, &(struct sf_digest){{2}}), &agreements[1]);
	assert_null(sf_agreement_find(&book, &(struct sf_digest){{3}}));
	assert_null(sf_agreement_find(NULL, &(struct sf_digest){{2}}));
}

static void test_no_digest_is_no_agreement(void **state)
{
	(void)state;
	static const struct sf_agreement unnamed = {.pathway = SF_PATHWAY_SOMATIC};
	struct sf_agreement_book book = {&unnamed, 1};
	assert_null(sf_agreement_find(&book, &(struct sf_digest){{0}}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement_is_found_by_its_digest),
		cmocka_unit_test(test_no_digest_is_no_agreement),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
