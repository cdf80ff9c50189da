#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene scene;
static struct sf_id discharge;

/* Home, care and medication offered to the municipality. */
static int set_up(void **state)
{
	(void)state;
	scene_open(&scene);
	SF_ASSERT(scene_parties(&scene, "HKGC", 0) == 0);
	SF_ASSERT(scene_stay(&scene, "STIN", NULL) == 0);
	SF_ASSERT(scene_stay(&scene, "SLHJ", &discharge) == 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static void test_accept_moves_the_domains_it_names_only(void **state)
{
	(void)state;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_holders(&scene, "HKHH");
	/* The first recorded answer closes the offer (R3). */
	assert_int_equal(
		scene_accept(&scene, 'K', discharge, MEDICATION, NULL), SF_REFUSAL_OFFER_CLOSED);
	assert_int_equal(scene_refuse(&scene, 'K', discharge, SF_ROLE_GP), SF_REFUSAL_OFFER_CLOSED);
	assert_holders(&scene, "HKHH");
	assert_int_equal(scene_open_offers(&scene), 0);
}

static void test_accept_of_what_is_not_offered_is_refused(void **state)
{
	(void)state;
	assert_int_equal(scene_accept(&scene, 'K', discharge, 0, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(
		scene_accept(&scene, 'K', discharge, CARE | MEDICAL, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(
		scene_accept(&scene, 'K', scene_id(2, 999), CARE, NULL), SF_REFUSAL_OFFER_UNKNOWN);
	assert_int_equal(
		scene_accept(&scene, 'K', (struct sf_id){0}, CARE, NULL), SF_REFUSAL_OFFER_UNKNOWN);
	assert_int_equal(scene.result.outcome, SF_OUTCOME_REFUSED);
	assert_holders(&scene, "HHHH");
	assert_int_equal(scene_open_offers(&scene), 1);
}

static void test_accept_by_another_than_the_one_offered_is_refused(void **state)
{
	(void)state;
	assert_int_equal(
		scene_accept(&scene, 'G', discharge, CARE, NULL), SF_REFUSAL_NOT_OFFERED_TO_YOU);
	assert_int_equal(
		scene_accept(&scene, 'H', discharge, CARE, NULL), SF_REFUSAL_NOT_OFFERED_TO_YOU);
	assert_int_equal(scene_accept(&scene, 'X', discharge, CARE, NULL), SF_REFUSAL_NOT_A_MEMBER);
	assert_holders(&scene, "HHHH");
}

static void test_refusal_needs_a_direction_and_moves_nothing(void **state)
{
	(void)state;
	assert_int_equal(
		scene_refuse(&scene, 'K', discharge, SF_ROLE_NONE), SF_REFUSAL_NO_DIRECTION);
	struct sf_message to_itself = scene_message(&scene, 'K', SF_KIND_REFUSE);
	to_itself.in_reply_to = discharge;
	to_itself.fact.refuse = (struct sf_refuse){
		.refer_to_role = SF_ROLE_MUNICIPALITY, .refer_to_party = scene_party('K')};
	assert_int_equal(scene_record(&scene, &to_itself), SF_REFUSAL_NO_DIRECTION);
	assert_int_equal(scene_open_offers(&scene), 1);
	assert_int_equal(scene_refuse(&scene, 'K', discharge, SF_ROLE_OTHER_MUNICIPALITY), 0);
	assert_holders(&scene, "HHHH");
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), SF_REFUSAL_OFFER_CLOSED);
}

static void test_only_the_holder_can_offer(void **state)
{
	(void)state;
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'K', CARE, SF_ROLE_GP, NULL), SF_REFUSAL_NOT_HOLDER);
	assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_HOSPITAL, NULL), SF_REFUSAL_SELF);
	assert_int_equal(scene_offer(&scene, 'H', 0, SF_ROLE_GP, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(
		scene_offer(&scene, 'H', REHABILITATION, SF_ROLE_GP, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(scene_offer(&scene, 'H', MEDICAL, SF_ROLE_PSYCHIATRY, NULL),
		SF_DEVIATION_FIND_RECEIVER);
	assert_int_equal(scene_offer(&scene, 'H', MEDICAL, SF_ROLE_GP, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'G', offer, MEDICAL, NULL), 0);
	assert_holders(&scene, "GHHH");
}

static void test_taker_hands_on_what_it_took(void **state)
{
	(void)state;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'K', CARE, SF_ROLE_CARE_HOME, &offer), 0);
	assert_holders(&scene, "HKHH");
	assert_int_equal(scene_accept(&scene, 'C', offer, CARE, NULL), 0);
	assert_holders(&scene, "HCHH");
}

static void test_offers_of_one_domain_end_when_it_moves(void **state)
{
	(void)state;
	struct sf_id other;
	assert_int_equal(scene_offer(&scene, 'H', CARE | SOCIAL, SF_ROLE_CARE_HOME, &other), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(scene_accept(&scene, 'C', other, CARE | SOCIAL, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(scene_accept(&scene, 'C', other, SOCIAL, NULL), 0);
	assert_holders(&scene, "HKHC");
}

static void test_giver_takes_an_offer_back(void **state)
{
	(void)state;
	assert_int_equal(
		scene_withdraw(&scene, 'K', scene_id(2, 99), 0, NULL), SF_REFUSAL_OFFER_UNKNOWN);
	assert_int_equal(
		scene_withdraw(&scene, 'G', discharge, 0, NULL), SF_REFUSAL_NOT_OFFERED_TO_YOU);
	assert_int_equal(scene_withdraw(&scene, 'H', discharge, MEDICAL, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(scene_withdraw(&scene, 'H', discharge, CARE, NULL), 0);
	assert_int_equal(scene_open_offers(&scene), 1);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(scene_withdraw(&scene, 'H', discharge, 0, NULL), 0);
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(scene_withdraw(&scene, 'H', discharge, 0, NULL), SF_REFUSAL_OFFER_CLOSED);
	assert_int_equal(
		scene_accept(&scene, 'K', discharge, MEDICATION, NULL), SF_REFUSAL_OFFER_CLOSED);
	assert_holders(&scene, "HHHH");
}

static void test_taker_holds_until_another_accepts_what_it_asks_back(void **state)
{
	(void)state;
	struct sf_id accept, back;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, &accept), 0);
	assert_int_equal(scene_withdraw(&scene, 'K', accept, MEDICAL, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(scene_withdraw(&scene, 'K', accept, CARE, &back), 0);
	assert_holders(&scene, "HKKH"); /* R9 */
	assert_int_equal(scene_withdraw(&scene, 'K', accept, CARE, NULL), SF_REFUSAL_DOMAINS);
	assert_int_equal(scene_refuse(&scene, 'H', back, SF_ROLE_MUNICIPALITY), 0);
	assert_holders(&scene, "HKKH");
	assert_int_equal(scene_withdraw(&scene, 'K', accept, 0, &back), 0);
	assert_int_equal(scene_accept(&scene, 'H', back, CARE | MEDICATION, NULL), 0);
	assert_holders(&scene, "HHHH");
	assert_int_equal(scene_withdraw(&scene, 'K', accept, 0, NULL), SF_REFUSAL_NOT_HOLDER);
}

static void test_asking_back_may_name_the_offer(void **state)
{
	(void)state;
	struct sf_id back;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(scene_withdraw(&scene, 'K', discharge, 0, &back), 0);
	size_t count;
	const struct sf_ledger_offer *offers = sf_transition_offers(scene.transition, &count);
	assert_true(sf_id_equal(offers[count - 1].id, back));
	assert_true(sf_id_equal(offers[count - 1].to, scene_party('H')));
	assert_int_equal(offers[count - 1].to_role, SF_ROLE_HOSPITAL);
	assert_int_equal(scene.result.offer_count_before, count - 1);
}

static void test_asked_back_from_one_who_left_goes_to_the_hospital(void **state)
{
	(void)state;
	struct sf_id offer, accept, back;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(scene_offer(&scene, 'K', CARE, SF_ROLE_CARE_HOME, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'C', offer, CARE, &accept), 0);
	assert_int_equal(scene_parties(&scene, "HLGC", 0), 0);
	assert_int_equal(scene_withdraw(&scene, 'C', accept, 0, &back), 0);
	assert_holders(&scene, "HCHH");
	assert_int_equal(scene_accept(&scene, 'H', back, CARE, NULL), 0);
	assert_holders(&scene, "HHHH");
}

static void test_refused_step_leaves_nothing_behind(void **state)
{
	(void)state;
	size_t lines, offers;
	sf_transition_lines(scene.transition, &lines);
	sf_transition_offers(scene.transition, &offers);
	struct sf_message message = scene_message(&scene, 'K', SF_KIND_ACCEPT);
	message.in_reply_to = discharge;
	message.recipient_count = 1;
	message.recipients[0] = scene_party('L');
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_DOMAINS);
	assert_int_equal(scene.result.joined_count, 0);
	assert_false(sf_transition_is_member(scene.transition, scene_party('L')));
	size_t count;
	sf_transition_lines(scene.transition, &count);
	assert_int_equal(count, lines);
	sf_transition_offers(scene.transition, &count);
	assert_int_equal(count, offers);
}

/* R5: a discharge offers what the clauses list, if their conditions are not known to be false. */
static void test_discharge_offers_by_the_clauses_that_hold(void **state)
{
	(void)state;
	struct scene other;
	struct sf_pathway_terms *terms = &terms_write()->pathways[0];
	terms->handover_count = 3;
	terms->handovers[2] = (struct sf_handover){
		.on = {.kind = SF_KIND_STAY, .detail = SF_ACTIVITY_DISCHARGE_HOME},
		.conditions = {1, {{.code = SF_CONDITION_PLANNED}}},
		.offers = SOCIAL,
		.to = SF_ROLE_MUNICIPALITY,
	};
	for (int planned = 0; planned < 2; planned++) {
		scene_open_by(&other, terms_book());
		terms_admit(&other, false);
		if (planned)
			terms_plan(&other, 1, other.now_ms + SF_DAY_MS);
		terms_discharge(&other);
		size_t count;
		const struct sf_ledger_offer *offers =
			sf_transition_offers(other.transition, &count);
		assert_int_equal(count, 1); /* one to each role, whatever the clauses */
		assert_int_equal(offers[0].domains, CARE | MEDICATION | (planned ? SOCIAL : 0));
		scene_close(&other);
	}
}

/* Rehabilitation is of concern when its plan comes, and offered with it by the clause alone. */
static void test_rehabilitation_plan_is_an_offer_where_a_clause_says_so(void **state)
{
	(void)state;
	struct scene other;
	for (int clause = 0; clause < 2; clause++) {
		terms_write()->pathways[0].handover_count = 1 + (size_t)clause;
		scene_open_by(&other, terms_book());
		terms_admit(&other, false);
		assert_int_equal(scene_holder(&other, SF_DOMAIN_REHABILITATION), '-');
		struct sf_id plan =
			terms_letter(&other, 'H', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
		assert_int_equal(scene_holder(&other, SF_DOMAIN_REHABILITATION), 'H');
		assert_int_equal(scene_open_offers(&other), clause);
		/* Sent once more before it is answered, it is the same offer. */
		terms_letter(&other, 'H', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
		assert_int_equal(scene_open_offers(&other), clause);
		assert_int_equal(scene_accept(&other, 'K', plan, REHABILITATION, NULL),
			clause ? 0 : SF_REFUSAL_OFFER_UNKNOWN);
		/* A second version offers nothing that the municipality has. */
		terms_letter(&other, 'H', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
		assert_int_equal(scene_open_offers(&other), 0);
		scene_close(&other);
	}
}

static void test_rehabilitation_plan_of_another_than_the_hospital_offers_nothing(void **state)
{
	(void)state;
	struct scene other;
	terms_write();
	scene_open_by(&other, terms_book());
	terms_admit(&other, false);
	terms_letter(&other, 'G', SF_LETTER_REHABILITATION_PLAN, SF_MARK_NONE);
	assert_int_equal(scene_open_offers(&other), 0);
	assert_int_equal(scene_holder(&other, SF_DOMAIN_REHABILITATION), '-');
	scene_close(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accept_moves_the_domains_it_names_only),
		TEST(test_accept_of_what_is_not_offered_is_refused),
		TEST(test_accept_by_another_than_the_one_offered_is_refused),
		TEST(test_refusal_needs_a_direction_and_moves_nothing),
		TEST(test_only_the_holder_can_offer),
		TEST(test_taker_hands_on_what_it_took),
		TEST(test_offers_of_one_domain_end_when_it_moves),
		TEST(test_giver_takes_an_offer_back),
		TEST(test_taker_holds_until_another_accepts_what_it_asks_back),
		TEST(test_asking_back_may_name_the_offer),
		TEST(test_asked_back_from_one_who_left_goes_to_the_hospital),
		TEST(test_refused_step_leaves_nothing_behind),
		TEST(test_discharge_offers_by_the_clauses_that_hold),
		TEST(test_rehabilitation_plan_is_an_offer_where_a_clause_says_so),
		TEST(test_rehabilitation_plan_of_another_than_the_hospital_offers_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
