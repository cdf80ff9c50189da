#include "unit/core/check.h"

#include "unit/core/scene.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	scene_open(&scene);
	SF_ASSERT(scene_parties(&scene, "HKG", 0) == 0);
	SF_ASSERT(scene_stay(&scene, "STIN", NULL) == 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static void test_stay_and_parties_are_the_hospitals_to_say(void **state)
{
	(void)state;
	static const char others[] = "KG";
	for (size_t i = 0; i < 2; i++) {
		struct sf_message stay = scene_message(&scene, others[i], SF_KIND_STAY);
		stay.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
		assert_int_equal(scene_record(&scene, &stay), SF_REFUSAL_AUTHOR_ROLE);
		/* Claiming the role in the directory does not make it this stay's hospital. */
		assert_int_equal(
			scene_record_as(&scene, &stay, SF_ROLE_HOSPITAL), SF_REFUSAL_AUTHOR_ROLE);
		struct sf_message parties = scene_message(&scene, others[i], SF_KIND_PARTIES);
		parties.fact.parties = (struct sf_parties){.version = 9};
		assert_int_equal(scene_record(&scene, &parties), SF_REFUSAL_AUTHOR_ROLE);
	}
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_IN_HOSPITAL);
	assert_int_equal(sf_transition_parties(scene.transition)->version, 1);
}

static void test_hospital_that_is_none_any_more_says_nothing_of_the_stay(void **state)
{
	(void)state;
	struct sf_message stay = scene_message(&scene, 'H', SF_KIND_STAY);
	stay.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
	assert_int_equal(scene_record_as(&scene, &stay, SF_ROLE_GP), SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_IN_HOSPITAL);
}

static void test_unread_kinds_are_recorded_and_never_blocked(void **state)
{
	(void)state;
	static const uint32_t kinds[] = {29, 63, 71, 4711, UINT32_MAX, SF_KIND_NONE};
	for (size_t i = 0; i < SF_COUNT(kinds); i++) {
		struct sf_message message = scene_message(&scene, 'K', SF_KIND_NONE);
		message.fact.kind = kinds[i];
		assert_int_equal(scene_record(&scene, &message), SF_DEVIATION_UNKNOWN_KIND);
		assert_int_equal(scene.result.outcome, SF_OUTCOME_DEVIATION);
	}
	assert_holders(&scene, "HHHH");
}

/* DOMAIN.md section 2, the table: h hospital, k municipality, g another member, in that order. */
static void test_who_may_say_what(void **state)
{
	(void)state;
	static const struct {
		enum sf_kind kind;
		bool hospital, municipality, gp;
	} table[] = {
		{SF_KIND_INTENT, true, false, false},
		{SF_KIND_ASSESSMENT, true, false, false},
		{SF_KIND_PLAN, true, false, false},
		{SF_KIND_PLAN_ANSWER, false, true, false},
		{SF_KIND_READY, true, false, false},
		{SF_KIND_READY_WITHDRAWN, true, false, false},
		{SF_KIND_AGREE, true, true, false},
		{SF_KIND_ARRIVED, false, true, false},
		{SF_KIND_LETTER, true, true, true},
		{SF_KIND_QUESTION, true, true, true},
		{SF_KIND_ANSWER, true, true, true},
		{SF_KIND_DISPUTE, true, true, true},
		{SF_KIND_RESOLVE, true, true, true},
		{SF_KIND_FALLBACK, true, true, true},
		{SF_KIND_CLOSE, true, true, false},
		{SF_KIND_REOPEN, true, true, false},
	};
	static const char authors[] = "HKG";
	for (size_t i = 0; i < SF_COUNT(table); i++)
		for (size_t a = 0; a < 3; a++) {
			/* Of its own scene: what one says changes what the next may say. */
			tear_down(state);
			set_up(state);
			bool may = a == 0   ? table[i].hospital
				   : a == 1 ? table[i].municipality
					    : table[i].gp;
			struct sf_message message =
				scene_message(&scene, authors[a], table[i].kind);
			uint16_t code = scene_record(&scene, &message);
			assert_int_equal(code == SF_REFUSAL_AUTHOR_ROLE, !may);
		}
}

static void test_facts_about_agreements_belong_to_no_transition(void **state)
{
	(void)state;
	for (uint32_t kind = SF_KIND_AGREEMENT_PROPOSE; kind <= SF_KIND_AGREEMENT_END; kind++) {
		struct sf_message message = scene_message(&scene, 'H', (enum sf_kind)kind);
		assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_HEADER);
	}
}

static void test_offers_after_the_end_are_refused(void **state)
{
	(void)state;
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_int_equal(
		scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, NULL), SF_REFUSAL_ENDED);
	struct sf_message letter = scene_message(&scene, 'H', SF_KIND_LETTER);
	assert_int_equal(scene_record(&scene, &letter), 0);
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_holders(&scene, "----");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_stay_and_parties_are_the_hospitals_to_say),
		TEST(test_hospital_that_is_none_any_more_says_nothing_of_the_stay),
		TEST(test_unread_kinds_are_recorded_and_never_blocked),
		TEST(test_who_may_say_what),
		TEST(test_facts_about_agreements_belong_to_no_transition),
		TEST(test_offers_after_the_end_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
