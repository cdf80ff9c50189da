#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene scene;
static struct sf_id discharge;

static int set_up(void **state)
{
	(void)state;
	scene_open(&scene);
	SF_ASSERT(scene_parties(&scene, "HKG", 0) == 0);
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

static void test_views_say_what_stands(void **state)
{
	(void)state;
	assert_true(sf_id_equal(sf_transition_id(scene.transition), scene_id(9, 1)));
	assert_int_equal(sf_transition_sequence(scene.transition), 3);
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_IN_TRANSIT);
	assert_string_equal(sf_transition_state_text(SF_TRANSITION_IN_TRANSIT), "in-transit");
	assert_string_equal(sf_transition_state_text((enum sf_transition_state)99), "unknown");
	assert_int_equal(sf_transition_parties(scene.transition)->version, 1);
	assert_int_equal(
		sf_transition_active(scene.transition), MEDICAL | CARE | MEDICATION | SOCIAL);
	assert_true(
		sf_id_is_none(sf_transition_holder(scene.transition, SF_DOMAIN_REHABILITATION)));
	assert_true(sf_id_is_none(sf_transition_holder(scene.transition, SF_DOMAIN_COUNT)));
	assert_true(sf_id_equal(
		sf_transition_bound(scene.transition, SF_ROLE_HOSPITAL), scene_party('H')));
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(scene.transition, &count);
	assert_int_equal(count, 4);
	assert_int_equal(lines[0].basis, SF_BASIS_OPENING);
	assert_int_equal(lines[0].sequence, 2);
	assert_int_equal(lines[0].from_ms, SCENE_START_MS + SF_MINUTE_MS);
}

static void assert_state(enum sf_transition_state state)
{
	assert_string_equal(sf_transition_state_text(sf_transition_state(scene.transition)),
		sf_transition_state_text(state));
}

/* Admitted under an agreement with all that DOMAIN.md prints, and three days in. */
static void begin_by_terms(void **state)
{
	tear_down(state);
	terms_write();
	scene_open_by(&scene, terms_book());
	terms_admit(&scene, false);
	scene.now_ms += 3 * SF_DAY_MS;
}

static void test_states_of_a_discharge_by_agreement(void **state)
{
	begin_by_terms(state);
	assert_state(SF_TRANSITION_OPEN);
	terms_plan(&scene, 1, scene.now_ms + SF_HOUR_MS);
	assert_state(SF_TRANSITION_PLANNING);
	terms_answer_plan(&scene, SF_PLAN_ANSWER_LATER);
	assert_state(SF_TRANSITION_PREPARING);
	struct sf_message ready = scene_message(&scene, 'H', SF_KIND_READY);
	ready.fact.ready.ready_ms = scene.now_ms;
	assert_int_equal(scene_record(&scene, &ready), 0);
	assert_state(SF_TRANSITION_READY);
	discharge = terms_discharge(&scene);
	assert_state(SF_TRANSITION_IN_TRANSIT);
	scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL);
	assert_state(SF_TRANSITION_SHARED);
	scene_ok(&scene, 'G', discharge);
	scene_turn(&scene, scene.now_ms + 4 * SF_DAY_MS);
	assert_state(SF_TRANSITION_FOLLOW_UP);
	assert_holders(&scene, "GKKH");
	scene_stay(&scene, "AN_SLHJ", NULL);
	assert_state(SF_TRANSITION_PREPARING); /* ready must be said again; the plan stands */
	assert_holders(&scene, "HHHH");
}

/* Without expectations nothing closes by itself, whatever time passes. */
static void test_without_terms_a_discharge_stays_for_people_to_close(void **state)
{
	(void)state;
	scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL);
	assert_state(SF_TRANSITION_FOLLOW_UP);
	assert_int_equal(scene_turn(&scene, scene.now_ms + 900 * SF_DAY_MS), 0);
	assert_state(SF_TRANSITION_FOLLOW_UP);
}

static void test_documentation_outlives_death(void **state)
{
	(void)state;
	scene_stay(&scene, "MORS", NULL);
	assert_state(SF_TRANSITION_CLOSED);
	scene_stay(&scene, "AN_MORS", NULL);
	terms_request(&scene, 'K', SF_DUTY_DOCUMENTATION, SF_ROLE_HOSPITAL, 0);
	terms_request(&scene, 'H', SF_DUTY_TRANSPORT, SF_ROLE_MUNICIPALITY, 0);
	scene_stay(&scene, "MORS", NULL);
	assert_state(SF_TRANSITION_FOLLOW_UP);
	assert_holders(&scene, "----");
	assert_true(terms_duty(&scene, SF_DUTY_TRANSPORT)->ended_ms != 0);
	assert_true(terms_duty(&scene, SF_DUTY_DOCUMENTATION)->ended_ms == 0);
}

static void test_time_of_the_newest_event(void **state)
{
	(void)state;
	assert_int_equal(
		sf_transition_recorded_ms(scene.transition), SCENE_START_MS + 2 * SF_MINUTE_MS);
	struct sf_transition *empty;
	assert_int_equal(sf_transition_open(scene_id(9, 2), scene_book(), &empty), SF_OK);
	assert_int_equal(sf_transition_state(empty), SF_TRANSITION_EMPTY);
	assert_null(sf_transition_terms(empty));
	assert_null(sf_transition_agreement(empty));
	sf_transition_close(&empty);
	assert_non_null(sf_transition_terms(scene.transition));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_views_say_what_stands),
		TEST(test_states_of_a_discharge_by_agreement),
		TEST(test_without_terms_a_discharge_stays_for_people_to_close),
		TEST(test_documentation_outlives_death),
		TEST(test_time_of_the_newest_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
