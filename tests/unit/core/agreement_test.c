#include "unit/core/check.h"

#include "core/agreement.h"

static const struct sf_agreement first = {.digest = {{1}},
	.pathway_count = 2,
	.pathways = {{.pathway = SF_PATHWAY_SOMATIC,
			     .expectation_count = 1,
			     .window_count = 1,
			     .handover_count = 1},
		{.pathway = SF_PATHWAY_PSYCHIATRIC}}};
static const struct sf_agreement second = {.digest = {{2}}};
static const struct sf_agreement *const agreements[] = {&first, &second};

/* Party 1 accepted the first, ended it, and accepted it again; party 2 accepted the second. */
static const struct sf_acceptance acceptances[] = {
	{{{1}}, {{1}}, 100, 200},
	{{{1}}, {{1}}, 300, INT64_MAX},
	{{{2}}, {{2}}, 100, INT64_MAX},
};
static const struct sf_agreement_book book = {
	agreements, SF_COUNT(agreements), acceptances, SF_COUNT(acceptances)};

static void test_agreement_is_found_by_its_digest(void **state)
{
	(void)state;
	assert_ptr_equal(sf_agreement_find(&book, &(struct sf_digest){{2}}), &second);
	assert_null(sf_agreement_find(&book, &(struct sf_digest){{3}}));
	assert_null(sf_agreement_find(&book, &(struct sf_digest){{0}}));
	assert_null(sf_agreement_find(NULL, &(struct sf_digest){{1}}));
}

static void test_pathway_is_found_or_not(void **state)
{
	(void)state;
	assert_ptr_equal(sf_agreement_pathway(&first, SF_PATHWAY_PSYCHIATRIC), &first.pathways[1]);
	assert_null(sf_agreement_pathway(&second, SF_PATHWAY_SOMATIC));
	assert_null(sf_agreement_pathway(&first, SF_PATHWAY_NONE));
	assert_null(sf_agreement_pathway(NULL, SF_PATHWAY_SOMATIC));
}

static void test_acceptance_counts_from_its_recorded_time_until_its_end(void **state)
{
	(void)state;
	static const struct {
		uint8_t digest, party;
		int64_t at_ms;
		bool accepted;
		int64_t from_ms;
	} rows[] = {
		{1, 1, 99, false, 100},
		{1, 1, 100, true, 100},
		{1, 1, 199, true, 199},
		{1, 1, 200, false, 300},
		{1, 1, 300, true, 300},
		{1, 1, INT64_MAX, false, INT64_MAX},
		{1, 2, 150, false, INT64_MAX},
		{2, 1, 150, false, INT64_MAX},
		{2, 2, 150, true, 150},
		{3, 2, 150, false, INT64_MAX},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		struct sf_digest digest = {{rows[i].digest}};
		struct sf_id party = {{rows[i].party}};
		assert_int_equal(sf_agreement_accepted(&book, &digest, party, rows[i].at_ms),
			rows[i].accepted);
		assert_int_equal(
			sf_agreement_accepted_from_ms(&book, &digest, party, rows[i].at_ms),
			rows[i].from_ms);
	}
	assert_false(sf_agreement_accepted(NULL, &first.digest, (struct sf_id){{1}}, 150));
}

static void test_clauses_have_the_numbers_of_their_kind(void **state)
{
	(void)state;
	const struct sf_pathway_terms *terms = &first.pathways[0];
	assert_ptr_equal(sf_pathway_clause(terms, 1), &terms->expectations[0].clause);
	assert_ptr_equal(sf_pathway_clause(terms, 101), &terms->windows[0].clause);
	assert_ptr_equal(sf_pathway_clause(terms, 201), &terms->handovers[0].clause);
	assert_ptr_equal(sf_pathway_clause(terms, 301), &terms->receiver.clause);
	assert_ptr_equal(sf_pathway_clause(terms, 302), &terms->silence.clause);
	static const uint32_t none[] = {0, 2, 100, 102, 200, 202, 300, 303, UINT32_MAX};
	for (size_t i = 0; i < SF_COUNT(none); i++)
		assert_null(sf_pathway_clause(terms, none[i]));
	assert_null(sf_pathway_clause(NULL, 1));
}

static void test_words_go_both_ways(void **state)
{
	(void)state;
	assert_int_equal(sf_condition_from_text("has-case"), SF_CONDITION_HAS_CASE);
	assert_string_equal(sf_condition_text(SF_CONDITION_READY_BEFORE), "ready-before-discharge");
	assert_int_equal(sf_rung_from_text("contact"), SF_RUNG_CONTACT);
	assert_string_equal(sf_rung_text(SF_RUNG_BOTH), "both");
	assert_int_equal(sf_silence_from_text("passes"), SF_SILENCE_PASSES);
	assert_string_equal(sf_silence_text(SF_SILENCE_STAYS), "stays");
	assert_int_equal(sf_rung_from_text("nobody"), SF_RUNG_NONE);
	assert_string_equal(sf_silence_text((enum sf_silence)9), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement_is_found_by_its_digest),
		cmocka_unit_test(test_pathway_is_found_or_not),
		cmocka_unit_test(test_acceptance_counts_from_its_recorded_time_until_its_end),
		cmocka_unit_test(test_clauses_have_the_numbers_of_their_kind),
		cmocka_unit_test(test_words_go_both_ways),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
