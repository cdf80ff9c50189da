/* The 72-hour window and what follows it: who holds `medical`, until when, and who must be told. */
#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene scene;
static struct sf_id discharge;

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&scene, terms_book());
	terms_admit(&scene, false);
	terms_letter(&scene, 'H', SF_LETTER_CARE_PLAN, SF_MARK_NONE);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

/* Home on the 20th at ten: the window runs to the 23rd at ten. */
static void go_home(void)
{
	scene.now_ms = terms_time("20 10:00");
	discharge = terms_discharge(&scene);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	terms_letter(&scene, 'H', SF_LETTER_DISCHARGE_LETTER, SF_MARK_NONE);
}

static const struct sf_window *window(void)
{
	size_t count;
	const struct sf_window *windows = sf_transition_windows(scene.transition, &count);
	return count == 0 ? NULL : &windows[count - 1];
}

static bool is_asked(enum sf_duty duty)
{
	const struct sf_obligation *owed = terms_duty(&scene, duty);
	return owed && sf_obligation_is_open(owed);
}

static void test_window_runs_for_72_hours_and_then_the_gp_holds(void **state)
{
	(void)state;
	go_home();
	assert_int_equal(window()->state, SF_WINDOW_OPEN);
	assert_int_equal(window()->until_ms, terms_time("23 10:00"));
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	scene_turn(&scene, terms_time("23 09:59"));
	assert_holders(&scene, "HKKH");
	scene_turn(&scene, terms_time("23 10:00"));
	assert_int_equal(window()->state, SF_WINDOW_ENDED);
	assert_holders(&scene, "GKKH");
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(scene.transition, &count);
	assert_int_equal(lines[count - 1].basis, SF_BASIS_CLAUSE);
}

static void test_short_stay_has_no_window_and_the_receiver_takes_over_when_told(void **state)
{
	(void)state;
	scene.now_ms = terms_time("18 20:00");
	discharge = terms_discharge(&scene);
	assert_null(window());
	scene_turn(&scene, terms_time("18 20:30"));
	assert_holders(&scene, "HHHH");
	assert_true(is_asked(SF_DUTY_TELL_RECEIVER));
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(scene_turn(&scene, scene.now_ms), 1);
	assert_holders(&scene, "GHHH");
	assert_false(is_asked(SF_DUTY_TELL_RECEIVER));
}

/* R8: the GP has not said ok. The hospital keeps it, must tell, and passes it when that is done. */
static void test_untold_receiver_gets_nothing_until_it_has_acknowledged(void **state)
{
	(void)state;
	go_home();
	scene_turn(&scene, terms_time("23 10:00"));
	assert_true(terms_deviated(&scene, SF_DEVIATION_UNTOLD));
	assert_holders(&scene, "HKKH");
	assert_true(is_asked(SF_DUTY_TELL_RECEIVER));
	assert_int_equal(scene_turn(&scene, terms_time("24 10:00")), 0);
	struct sf_id wanted[4];
	assert_int_equal(sf_transition_must_acknowledge(
				 scene.transition, scene_party('G'), wanted, SF_COUNT(wanted)),
		1);
	assert_true(sf_id_equal(wanted[0], discharge));
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	scene_turn(&scene, scene.now_ms);
	assert_holders(&scene, "GKKH");
	assert_false(is_asked(SF_DUTY_TELL_RECEIVER));
}

static void test_receiver_that_did_not_accept_the_agreement_gets_nothing(void **state)
{
	(void)state;
	terms_somatic()->windows[0].then = SF_ROLE_OTHER_MUNICIPALITY;
	struct sf_message parties = scene_message(&scene, 'H', SF_KIND_PARTIES);
	parties.fact.parties = *sf_transition_parties(scene.transition);
	parties.fact.parties.version = 7;
	parties.fact.parties.bindings[parties.fact.parties.binding_count++] =
		(struct sf_binding){SF_ROLE_OTHER_MUNICIPALITY, SF_BINDING_PARTY, scene_party('L')};
	assert_int_equal(scene_record(&scene, &parties), 0);
	go_home();
	assert_int_equal(scene_ok(&scene, 'L', discharge), 0);
	scene_turn(&scene, terms_time("23 10:00"));
	assert_true(terms_deviated(&scene, SF_DEVIATION_UNTOLD));
	assert_holders(&scene, "HKKH");
}

static void test_unknown_gp_must_be_found(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	go_home();
	assert_true(is_asked(SF_DUTY_FIND_RECEIVER));
	scene_turn(&scene, terms_time("23 10:00"));
	assert_true(terms_deviated(&scene, SF_DEVIATION_FIND_RECEIVER));
	assert_holders(&scene, "HKKH");
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_false(is_asked(SF_DUTY_FIND_RECEIVER));
	assert_true(is_asked(SF_DUTY_TELL_RECEIVER));
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	scene_turn(&scene, scene.now_ms);
	assert_holders(&scene, "GKKH");
}

static void test_extended_window_ends_later(void **state)
{
	(void)state;
	go_home();
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(terms_window(&scene, 'K', SF_WINDOW_EXTEND, terms_time("25 10:00")),
		SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(terms_window(&scene, 'H', SF_WINDOW_EXTEND, terms_time("22 10:00")),
		SF_REFUSAL_WINDOW_TIME);
	assert_int_equal(terms_window(&scene, 'H', SF_WINDOW_EXTEND, terms_time("25 10:00")), 0);
	scene_turn(&scene, terms_time("25 09:59"));
	assert_holders(&scene, "HKKH");
	scene_turn(&scene, terms_time("25 10:00"));
	assert_holders(&scene, "GKKH");
}

/* An emergency call: the clock stands still until the window is resumed. */
static void test_suspended_window_does_not_end(void **state)
{
	(void)state;
	go_home();
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(terms_window(&scene, 'K', SF_WINDOW_RESUME, 0), SF_REFUSAL_NO_WINDOW);
	scene.now_ms = terms_time("21 10:00");
	assert_int_equal(terms_window(&scene, 'K', SF_WINDOW_SUSPEND, 0), 0);
	scene_turn(&scene, terms_time("24 10:00"));
	assert_holders(&scene, "HKKH");
	scene.now_ms = terms_time("24 10:00");
	assert_int_equal(terms_window(&scene, 'H', SF_WINDOW_RESUME, 0), 0);
	assert_int_equal(window()->until_ms, terms_time("26 10:00"));
	scene_turn(&scene, terms_time("26 10:00"));
	assert_holders(&scene, "GKKH");
}

static void test_window_ended_by_the_hospital_passes_at_once(void **state)
{
	(void)state;
	go_home();
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(terms_window(&scene, 'H', SF_WINDOW_END, 0), 0);
	assert_int_equal(window()->state, SF_WINDOW_ENDED);
	scene_turn(&scene, scene.now_ms);
	assert_holders(&scene, "GKKH");
	assert_int_equal(terms_window(&scene, 'H', SF_WINDOW_END, 0), SF_REFUSAL_NO_WINDOW);
}

static void test_cancelled_discharge_and_readmission_annul_the_window(void **state)
{
	(void)state;
	go_home();
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	assert_int_equal(window()->state, SF_WINDOW_ANNULLED);
	scene_turn(&scene, terms_time("24 10:00"));
	assert_holders(&scene, "HHHH");
	scene.now_ms = terms_time("24 10:00");
	terms_discharge(&scene);
	assert_int_equal(window()->state, SF_WINDOW_OPEN);
	assert_int_equal(window()->until_ms, terms_time("27 10:00"));
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(window()->state, SF_WINDOW_ANNULLED);
}

static void test_window_follows_the_corrected_time_of_the_discharge(void **state)
{
	(void)state;
	go_home();
	struct sf_message revision = scene_message(&scene, 'H', SF_KIND_STAY);
	revision.fact.stay = scene_stay_fact("RE_SLHJ", terms_time("20 08:00"));
	assert_int_equal(scene_record(&scene, &revision), 0);
	assert_int_equal(window()->until_ms, terms_time("23 08:00"));
}

/* People disagree: the holder keeps it, and it passes when they have resolved it. */
static void test_contested_window_ends_without_moving(void **state)
{
	(void)state;
	go_home();
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(terms_say(&scene, 'G', SF_KIND_DISPUTE, discharge), 0);
	scene_turn(&scene, terms_time("23 10:00"));
	assert_true(terms_deviated(&scene, SF_DEVIATION_CONTESTED));
	assert_int_equal(window()->state, SF_WINDOW_ENDED);
	assert_holders(&scene, "HKKH");
	assert_int_equal(scene_turn(&scene, terms_time("24 10:00")), 0);
	assert_int_equal(terms_say(&scene, 'H', SF_KIND_RESOLVE, (struct sf_id){0}), 0);
	scene_turn(&scene, scene.now_ms);
	assert_holders(&scene, "GKKH");
}

/* R9: what the GP gave back with the hospital's signature is not passed to it once more. */
static void test_domain_given_back_is_not_passed_again(void **state)
{
	(void)state;
	go_home();
	terms_request(&scene, 'H', SF_DUTY_GP_REVIEW, SF_ROLE_GP, 0); /* keeps it open */
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	scene_turn(&scene, terms_time("23 10:00"));
	struct sf_id back;
	assert_int_equal(scene_offer(&scene, 'G', MEDICAL, SF_ROLE_HOSPITAL, &back), 0);
	assert_int_equal(scene_accept(&scene, 'H', back, MEDICAL, NULL), 0);
	assert_int_equal(scene_turn(&scene, terms_time("25 10:00")), 0);
	assert_holders(&scene, "HKKH");
}

static void test_gp_that_accepts_inside_the_window_ends_it(void **state)
{
	(void)state;
	go_home();
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', MEDICAL, SF_ROLE_GP, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'G', offer, MEDICAL, NULL), 0);
	assert_int_equal(window()->state, SF_WINDOW_ENDED);
	assert_holders(&scene, "GKKH");
}

static void test_death_inside_the_window_and_its_cancellation(void **state)
{
	(void)state;
	go_home();
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_int_equal(window()->state, SF_WINDOW_ANNULLED);
}

static void test_cancelled_death_lets_the_window_run_on(void **state)
{
	(void)state;
	go_home();
	terms_request(&scene, 'H', SF_DUTY_DOCUMENTATION, SF_ROLE_HOSPITAL, 0);
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_int_equal(window()->state, SF_WINDOW_OPEN);
	assert_int_equal(window()->until_ms, terms_time("23 10:00"));
}

/* A clause that says so passes what is not answered, and never to who was not told. */
static void test_silence_passes_where_the_clause_says_so(void **state)
{
	(void)state;
	terms_somatic()->handovers[0].silence = SF_SILENCE_PASSES;
	terms_somatic()->handovers[0].after = (struct sf_deadline)TERMS_HOURS(8);
	scene.now_ms = terms_time("20 10:00");
	discharge = terms_discharge(&scene);
	scene_turn(&scene, terms_time("20 18:00"));
	assert_holders(&scene, "HHHH");
	assert_true(is_asked(SF_DUTY_TELL_RECEIVER));
	assert_int_equal(scene_ok(&scene, 'K', discharge), 0);
	scene_turn(&scene, scene.now_ms);
	assert_holders(&scene, "HKKH");
	assert_int_equal(scene_open_offers(&scene), 0);
}

static void test_silence_stays_where_the_clause_says_nothing(void **state)
{
	(void)state;
	scene.now_ms = terms_time("20 10:00");
	discharge = terms_discharge(&scene);
	assert_int_equal(scene_ok(&scene, 'K', discharge), 0);
	scene_turn(&scene, terms_time("30 10:00"));
	assert_int_equal(scene_holder(&scene, SF_DOMAIN_CARE), 'H');
	assert_int_equal(scene_open_offers(&scene), 1);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_window_runs_for_72_hours_and_then_the_gp_holds),
		CASE(test_short_stay_has_no_window_and_the_receiver_takes_over_when_told),
		CASE(test_untold_receiver_gets_nothing_until_it_has_acknowledged),
		CASE(test_receiver_that_did_not_accept_the_agreement_gets_nothing),
		CASE(test_unknown_gp_must_be_found),
		CASE(test_extended_window_ends_later),
		CASE(test_suspended_window_does_not_end),
		CASE(test_window_ended_by_the_hospital_passes_at_once),
		CASE(test_cancelled_discharge_and_readmission_annul_the_window),
		CASE(test_window_follows_the_corrected_time_of_the_discharge),
		CASE(test_contested_window_ends_without_moving),
		CASE(test_domain_given_back_is_not_passed_again),
		CASE(test_gp_that_accepts_inside_the_window_ends_it),
		CASE(test_death_inside_the_window_and_its_cancellation),
		CASE(test_cancelled_death_lets_the_window_run_on),
		CASE(test_silence_passes_where_the_clause_says_so),
		CASE(test_silence_stays_where_the_clause_says_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
