#include "unit/core/check.h"

#include "unit/core/scene.h"

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	scene_open(&scene);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static void begin(void)
{
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_holders(&scene, "HHHH");
}

/* Home, and the municipality has accepted care and medication. */
static struct sf_id begin_home_with_municipality(void)
{
	begin();
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	assert_holders(&scene, "HKKH");
	return discharge;
}

static void test_scenarios_of_medcom_give_their_transition_state(void **state)
{
	(void)state;
	static const struct {
		const char *codes[3];
		enum sf_transition_state state;
		const char *holders;
		size_t open_offers;
	} scenarios[] = {
		{{"STIN"}, SF_TRANSITION_OPEN, "HHHH", 0},               /* A */
		{{"STAA", "STIN"}, SF_TRANSITION_OPEN, "HHHH", 0},       /* E */
		{{"STIN", "STOR"}, SF_TRANSITION_OPEN, "HHHH", 0},       /* F */
		{{"STIN", "SLHJ"}, SF_TRANSITION_IN_TRANSIT, "HHHH", 1}, /* H */
		{{"STIN", "MORS"}, SF_TRANSITION_CLOSED, "----", 0},     /* K */
		{{"STIN", "AN_STIN"}, SF_TRANSITION_CLOSED, "----", 0},  /* N */
		{{"STIN", "RE_STIN"}, SF_TRANSITION_OPEN, "HHHH", 0},    /* O */
		{{"STAA", "AN_STAA"}, SF_TRANSITION_CLOSED, "----", 0},
		{{"STAA", "RE_STAA"}, SF_TRANSITION_OPEN, "HHHH", 0},
		{{"STIN", "STOR", "AN_STOR"}, SF_TRANSITION_OPEN, "HHHH", 0},
		{{"STIN", "STOR", "RE_STOR"}, SF_TRANSITION_OPEN, "HHHH", 0},
		{{"STIN", "STOR", "SLHJ"}, SF_TRANSITION_IN_TRANSIT, "HHHH", 1},
		{{"STIN", "SLHJ", "RE_SLHJ"}, SF_TRANSITION_IN_TRANSIT, "HHHH", 1},
		{{"STIN", "SLHJ", "AN_SLHJ"}, SF_TRANSITION_OPEN, "HHHH", 0},
		{{"STIN", "SLHJ", "MORS"}, SF_TRANSITION_CLOSED, "----", 0},
		{{"STIN", "MORS", "RE_MORS"}, SF_TRANSITION_CLOSED, "----", 0},
		{{"STIN", "MORS", "AN_MORS"}, SF_TRANSITION_OPEN, "HHHH", 0},
		{{"MORS"}, SF_TRANSITION_CLOSED, "----", 0},
		{{"MORS", "AN_MORS"}, SF_TRANSITION_OPEN, "HHHH", 0},
	};
	for (size_t i = 0; i < SF_COUNT(scenarios); i++) {
		scene_close(&scene);
		scene_open(&scene);
		assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
		for (size_t fact = 0; fact < 3 && scenarios[i].codes[fact]; fact++)
			assert_int_equal(scene_stay(&scene, scenarios[i].codes[fact], NULL), 0);
		assert_int_equal(sf_transition_state(scene.transition), scenarios[i].state);
		assert_holders(&scene, scenarios[i].holders);
		assert_int_equal(scene_open_offers(&scene), scenarios[i].open_offers);
	}
}

static void test_leave_scenarios_keep_the_hospital(void **state)
{
	(void)state;
	begin();
	static const char *const codes[] = {"STOR", "SLOR", "RE_SLOR", "AN_SLOR"};
	for (size_t i = 0; i < SF_COUNT(codes); i++) {
		assert_int_equal(scene_stay(&scene, codes[i], NULL), 0);
		assert_holders(&scene, "HHHH");
	}
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_ON_LEAVE);
}

static void test_discharge_offers_what_the_agreement_hands_over(void **state)
{
	(void)state;
	begin();
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	size_t count;
	const struct sf_ledger_offer *offers = sf_transition_offers(scene.transition, &count);
	assert_int_equal(count, 1);
	assert_true(sf_id_equal(offers[0].id, discharge));
	assert_true(sf_id_equal(offers[0].to, scene_party('K')));
	assert_int_equal(offers[0].domains, CARE | MEDICATION);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE | MEDICATION, NULL), 0);
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_FOLLOW_UP);
}

static void test_discharge_offers_only_what_is_active(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", MEDICAL | CARE), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(scene_stay(&scene, "SLHJ", NULL), 0);
	size_t count;
	assert_int_equal(sf_transition_offers(scene.transition, &count)->domains, CARE);
	assert_holders(&scene, "HH--");
}

static void test_discharge_without_a_receiver_leaves_it_with_the_hospital(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HG", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), SF_DEVIATION_FIND_RECEIVER);
	assert_int_equal(scene.result.outcome, SF_OUTCOME_DEVIATION);
	assert_holders(&scene, "HHHH");
	assert_int_equal(
		scene_accept(&scene, 'G', discharge, CARE, NULL), SF_REFUSAL_NOT_OFFERED_TO_YOU);
	/* The hospital finds the receiver: the waiting offer is to it. */
	assert_int_equal(scene_parties(&scene, "HGK", 0), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_holders(&scene, "HKHH");
}

static void test_discharge_without_an_agreement_offers_nothing(void **state)
{
	(void)state;
	struct sf_message parties = scene_message(&scene, 'H', SF_KIND_PARTIES);
	parties.fact.parties = (struct sf_parties){.version = 1, .pathway = SF_PATHWAY_SOMATIC};
	assert_int_equal(scene_record(&scene, &parties), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(scene_stay(&scene, "SLHJ", NULL), 0);
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_FOLLOW_UP);
}

static void test_agreement_of_another_pathway_offers_nothing(void **state)
{
	(void)state;
	struct sf_message parties = scene_message(&scene, 'H', SF_KIND_PARTIES);
	parties.fact.parties = (struct sf_parties){
		.version = 1, .pathway = SF_PATHWAY_PSYCHIATRIC, .agreement = scene_agreement()};
	assert_int_equal(scene_record(&scene, &parties), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(scene_stay(&scene, "SLHJ", NULL), 0);
	assert_int_equal(scene_open_offers(&scene), 0);
}

static void test_parties_after_the_discharge_open_and_offer(void **state)
{
	(void)state;
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	assert_holders(&scene, "----");
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_holders(&scene, "HHHH");
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_holders(&scene, "HKHH");
}

static void test_readmission_takes_everything_back(void **state)
{
	(void)state;
	struct sf_id discharge = begin_home_with_municipality();
	size_t lines = scene.result.line_count_before;
	assert_int_equal(scene_stay(&scene, "STAA", NULL), 0);
	assert_holders(&scene, "HHHH");
	size_t count;
	const struct sf_ledger_line *line = sf_transition_lines(scene.transition, &count);
	assert_int_equal(count, lines + 4);
	assert_int_equal(line[count - 1].basis, SF_BASIS_HOSPITAL);
	assert_int_equal(line[count - 1].until_ms, SF_LEDGER_OPEN);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), SF_REFUSAL_OFFER_CLOSED);
}

static void test_cancelled_discharge_annuls_its_offer(void **state)
{
	(void)state;
	begin();
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), SF_REFUSAL_OFFER_CLOSED);
	assert_holders(&scene, "HHHH");
	struct sf_id again;
	assert_int_equal(scene_stay(&scene, "SLHJ", &again), 0);
	assert_int_equal(scene_accept(&scene, 'K', again, CARE, NULL), 0);
}

static void test_cancelled_readmission_offers_again_and_is_told(void **state)
{
	(void)state;
	begin_home_with_municipality();
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	struct sf_message cancel = scene_message(&scene, 'H', SF_KIND_STAY);
	cancel.fact.stay = scene_stay_fact("AN_STIN", scene.now_ms);
	assert_int_equal(scene_record(&scene, &cancel), SF_DEVIATION_LATE_FACT);
	/* Nobody is burdened retroactively: the municipality must accept anew. */
	assert_holders(&scene, "HHHH");
	assert_int_equal(scene_accept(&scene, 'K', cancel.id, CARE | MEDICATION, NULL), 0);
	assert_holders(&scene, "HKKH");
}

static void test_cancelled_death_restores_holders_and_open_offers(void **state)
{
	(void)state;
	begin_home_with_municipality();
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', MEDICAL, SF_ROLE_GP, &offer), 0);
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_holders(&scene, "----");
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(scene_accept(&scene, 'G', offer, MEDICAL, NULL), SF_REFUSAL_ENDED);
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_holders(&scene, "HKKH");
	assert_int_equal(scene_accept(&scene, 'G', offer, MEDICAL, NULL), 0);
	assert_holders(&scene, "GKKH");
}

static void test_annulled_stay_begins_again_with_the_hospital(void **state)
{
	(void)state;
	begin();
	assert_int_equal(scene_stay(&scene, "AN_STIN", NULL), 0);
	assert_holders(&scene, "----");
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_holders(&scene, "HHHH");
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_OPEN);
}

/* A stay fact recorded now but created at another time. */
static uint16_t backdated(const char *code, int64_t created_ms)
{
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact(code, created_ms);
	message.created_ms = created_ms;
	return scene_record(&scene, &message);
}

static void test_late_admission_moves_nothing(void **state)
{
	(void)state;
	begin();
	int64_t between_ms = scene.now_ms;
	scene.now_ms += SF_HOUR_MS;
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(backdated("STAA", between_ms), SF_DEVIATION_LATE_FACT);
	assert_holders(&scene, "HKHH");
	assert_int_equal(backdated("STOR", between_ms + 2), SF_DEVIATION_OUT_OF_ORDER);
	assert_holders(&scene, "HKHH");
}

static void test_late_discharge_before_a_readmission_offers_nothing(void **state)
{
	(void)state;
	begin();
	int64_t between_ms = scene.now_ms;
	scene.now_ms += SF_HOUR_MS;
	assert_int_equal(scene_stay(&scene, "STAA", NULL), 0);
	assert_int_equal(backdated("SLHJ", between_ms), SF_DEVIATION_LATE_FACT);
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_holders(&scene, "HHHH");
}

static void test_discharge_that_comes_after_the_death_is_offered_when_that_is_cancelled(
	void **state)
{
	(void)state;
	begin();
	int64_t between_ms = scene.now_ms;
	scene.now_ms += SF_HOUR_MS;
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_int_equal(backdated("SLHJ", between_ms), 0);
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_IN_TRANSIT);
}

static void test_cancelled_segment_that_took_nothing_is_no_late_fact(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_int_equal(scene_stay(&scene, "STAA", NULL), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(scene_stay(&scene, "AN_STIN", NULL), 0);
	assert_holders(&scene, "HHHH");
}

static void test_correction_of_an_old_fact_is_recorded_without_effect(void **state)
{
	(void)state;
	begin_home_with_municipality();
	assert_int_equal(scene_stay(&scene, "AN_STIN", NULL), SF_DEVIATION_NOT_LATEST);
	assert_int_equal(scene_stay(&scene, "RE_STIN", NULL), SF_DEVIATION_NOT_LATEST);
	assert_holders(&scene, "HKKH");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_scenarios_of_medcom_give_their_transition_state),
		TEST(test_leave_scenarios_keep_the_hospital),
		TEST(test_discharge_offers_what_the_agreement_hands_over),
		TEST(test_discharge_offers_only_what_is_active),
		TEST(test_discharge_without_a_receiver_leaves_it_with_the_hospital),
		TEST(test_discharge_without_an_agreement_offers_nothing),
		TEST(test_agreement_of_another_pathway_offers_nothing),
		TEST(test_parties_after_the_discharge_open_and_offer),
		TEST(test_readmission_takes_everything_back),
		TEST(test_cancelled_discharge_annuls_its_offer),
		TEST(test_cancelled_readmission_offers_again_and_is_told),
		TEST(test_cancelled_death_restores_holders_and_open_offers),
		TEST(test_annulled_stay_begins_again_with_the_hospital),
		TEST(test_late_admission_moves_nothing),
		TEST(test_late_discharge_before_a_readmission_offers_nothing),
		TEST(test_discharge_that_comes_after_the_death_is_offered_when_that_is_cancelled),
		TEST(test_cancelled_segment_that_took_nothing_is_no_late_fact),
		TEST(test_correction_of_an_old_fact_is_recorded_without_effect),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
