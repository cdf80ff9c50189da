#include "unit/core/check.h"

#include "core/next.h"
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

static uint16_t promise(struct scene *of, char author, struct sf_id offer, int64_t from_ms)
{
	struct sf_message message = scene_message(of, author, SF_KIND_PLAN_ANSWER);
	message.in_reply_to = offer;
	message.fact.plan_answer =
		(struct sf_plan_answer){.code = SF_PLAN_ANSWER_LATER, .ready_from_ms = from_ms};
	return scene_record(of, &message);
}

static const struct sf_obligation *promised(const struct scene *of)
{
	return terms_duty(of, SF_DUTY_PROMISED_ANSWER);
}

static void test_later_answers_an_offer_and_moves_nothing(void **state)
{
	(void)state;
	int64_t from_ms = scene.now_ms + SF_DAY_MS;
	assert_int_equal(promise(&scene, 'K', discharge, from_ms), 0);
	assert_holders(&scene, "HHHH");
	assert_int_equal(scene_open_offers(&scene), 1);
	size_t count;
	const struct sf_ledger_offer *offers = sf_transition_offers(scene.transition, &count);
	assert_int_equal(offers[0].promised_ms, from_ms);
	assert_int_equal(promised(&scene)->due_ms, from_ms);
	assert_true(sf_id_equal(promised(&scene)->owner, scene_party('K')));
	assert_int_equal(promised(&scene)->state, SF_TASK_ACCEPTED);
	/* The plan is not answered by it: there is none. */
	assert_true(sf_id_is_none(sf_transition_course(scene.transition)->answer_message));
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(promised(&scene)->state, SF_TASK_COMPLETED);
	assert_false(terms_deviated(&scene, SF_DEVIATION_LATE));
}

static void test_later_is_said_by_whom_it_is_offered_to_with_a_time(void **state)
{
	(void)state;
	int64_t from_ms = scene.now_ms + SF_DAY_MS;
	assert_int_equal(promise(&scene, 'K', discharge, 0), SF_REFUSAL_HEADER);
	assert_int_equal(promise(&scene, 'G', discharge, from_ms), SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(promise(&scene, 'H', discharge, from_ms), SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(promise(&scene, 'K', scene_id(2, 999), from_ms), SF_REFUSAL_PLAN_UNKNOWN);
	struct sf_id to_gp;
	assert_int_equal(scene_offer(&scene, 'H', MEDICAL, SF_ROLE_GP, &to_gp), 0);
	assert_int_equal(promise(&scene, 'K', to_gp, from_ms), SF_REFUSAL_NOT_OFFERED_TO_YOU);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(promise(&scene, 'K', discharge, from_ms), SF_REFUSAL_OFFER_CLOSED);
	assert_null(promised(&scene));
}

static void test_promise_that_passes_is_late_and_moves_nothing(void **state)
{
	(void)state;
	struct scene other;
	terms_write();
	scene_open_by(&other, terms_book());
	terms_admit(&other, false);
	struct sf_id home = terms_discharge(&other);
	int64_t from_ms = other.now_ms + SF_HOUR_MS;
	assert_int_equal(promise(&other, 'K', home, from_ms), 0);
	assert_int_equal(sf_transition_next(other.transition, other.now_ms).promised_ms, from_ms);
	assert_int_equal(sf_transition_next(other.transition, other.now_ms).before_ms, from_ms);
	scene_turn(&other, from_ms);
	assert_int_equal(sf_obligation_shown(promised(&other)), SF_TASK_EXPIRED);
	assert_true(sf_transition_next(other.transition, other.now_ms).overdue);
	assert_int_equal(scene_holder(&other, SF_DOMAIN_CARE), 'H');
	/* Neither who promised nor who waits ticks it off. */
	struct sf_message done = terms_task(
		&other, 'K', SF_TASK_COMPLETE, promised(&other)->subject, SF_DUTY_PROMISED_ANSWER);
	assert_int_equal(scene_record(&other, &done), SF_REFUSAL_OBLIGATION_STATE);
	struct sf_message cancel = terms_task(
		&other, 'H', SF_TASK_CANCEL, promised(&other)->subject, SF_DUTY_PROMISED_ANSWER);
	assert_int_equal(scene_record(&other, &cancel), SF_REFUSAL_OBLIGATION_STATE);
	struct sf_message seen = terms_task(
		&other, 'H', SF_TASK_SEE_ALARM, promised(&other)->subject, SF_DUTY_PROMISED_ANSWER);
	assert_int_equal(scene_record(&other, &seen), 0);
	assert_int_equal(scene_refuse(&other, 'K', home, SF_ROLE_CARE_HOME), SF_DEVIATION_LATE);
	assert_int_equal(promised(&other)->state, SF_TASK_COMPLETED);
	assert_true(terms_deviated(&other, SF_DEVIATION_LATE));
	scene_close(&other);
}

static void test_promise_goes_with_its_offer_and_with_the_next_one(void **state)
{
	(void)state;
	int64_t from_ms = scene.now_ms + SF_DAY_MS;
	assert_int_equal(promise(&scene, 'K', discharge, from_ms), 0);
	struct sf_id first = promised(&scene)->subject;
	assert_int_equal(promise(&scene, 'K', discharge, from_ms + SF_HOUR_MS), 0);
	size_t count, cancelled = 0;
	const struct sf_obligation *items = sf_transition_obligations(scene.transition, &count);
	for (size_t i = 0; i < count; i++)
		cancelled +=
			sf_id_equal(items[i].subject, first) && items[i].state == SF_TASK_CANCELLED;
	assert_int_equal(cancelled, 1);
	assert_int_equal(promised(&scene)->due_ms, from_ms + SF_HOUR_MS);
	assert_int_equal(scene_withdraw(&scene, 'H', discharge, 0, NULL), 0);
	assert_int_equal(promised(&scene)->state, SF_TASK_CANCELLED);
}

/* A death ends offers and promises; a cancelled death brings back the offer, which waits anew. */
static void test_offer_that_comes_back_has_no_promise(void **state)
{
	(void)state;
	assert_int_equal(promise(&scene, 'K', discharge, scene.now_ms + SF_DAY_MS), 0);
	struct sf_id death;
	assert_int_equal(scene_stay(&scene, "MORS", &death), 0);
	assert_int_equal(promised(&scene)->state, SF_TASK_CANCELLED);
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_int_equal(scene_open_offers(&scene), 1);
	assert_int_equal(promised(&scene)->state, SF_TASK_CANCELLED);
	size_t count;
	assert_int_equal(sf_transition_offers(scene.transition, &count)[0].promised_ms, 0);
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
		TEST(test_later_answers_an_offer_and_moves_nothing),
		TEST(test_later_is_said_by_whom_it_is_offered_to_with_a_time),
		TEST(test_promise_that_passes_is_late_and_moves_nothing),
		TEST(test_promise_goes_with_its_offer_and_with_the_next_one),
		TEST(test_offer_that_comes_back_has_no_promise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
