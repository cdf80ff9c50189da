/* Two transitions of one person: a stay that goes on elsewhere, a readmission, or nothing. */
#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene older;
static struct scene newer;

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&older, terms_book());
	newer = (struct scene){.now_ms = SCENE_START_MS};
	enum sf_err err = sf_transition_open(scene_id(9, 2), terms_book(), &newer.transition);
	SF_ASSERT(err == SF_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&older);
	scene_close(&newer);
	return 0;
}

/* Admitted at now_ms by the hospital of that letter. */
static void admit(struct scene *scene, char hospital, uint32_t person, enum sf_pathway pathway)
{
	struct sf_message parties = scene_message(scene, hospital, SF_KIND_PARTIES);
	parties.transition = sf_transition_id(scene->transition);
	parties.fact.parties = (struct sf_parties){
		.version = 1,
		.pathway = pathway,
		.agreement = scene_agreement(),
		.person = scene_id(5, person),
		.binding_count = 1,
		.bindings = {{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, scene_party('K')}},
	};
	SF_ASSERT(scene_record(scene, &parties) == 0);
	struct sf_message stay = scene_message(scene, hospital, SF_KIND_STAY);
	stay.transition = parties.transition;
	stay.fact.stay = scene_stay_fact("STIN", scene->now_ms);
	SF_ASSERT(scene_record(scene, &stay) == 0);
}

static bool link(struct sf_fact *ret_older, struct sf_fact *ret_newer)
{
	return sf_transition_link(older.transition, newer.transition, ret_older, ret_newer);
}

static uint16_t tell(struct scene *scene, const struct sf_fact *fact)
{
	struct sf_message message = scene_message(scene, 'S', SF_KIND_LINKED);
	message.transition = sf_transition_id(scene->transition);
	message.fact = *fact;
	return scene_record(scene, &message);
}

static void test_admission_elsewhere_continues_an_open_stay_and_its_tasks(void **state)
{
	(void)state;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	struct sf_id task = terms_request(
		&older, 'H', SF_DUTY_NURSING, SF_ROLE_MUNICIPALITY, terms_time("25 10:00"));
	newer.now_ms = terms_time("19 10:00");
	admit(&newer, 'I', 1, SF_PATHWAY_SOMATIC);
	struct sf_fact in_old, in_new;
	assert_true(link(&in_old, &in_new));
	assert_int_equal(in_old.derived.link, SF_LINK_CONTINUED_IN);
	assert_int_equal(in_new.derived.link, SF_LINK_CONTINUES);
	assert_true(sf_id_equal(in_old.derived.other, scene_id(9, 2)));
	assert_true(sf_id_equal(in_new.derived.other, scene_id(9, 1)));
	assert_int_equal(in_old.derived.carried_count, 1);
	assert_true(sf_id_equal(in_old.derived.carried[0].subject, task));
	older.now_ms = newer.now_ms;
	assert_int_equal(tell(&older, &in_old), SF_DEVIATION_CONTINUED);
	assert_int_equal(tell(&newer, &in_new), 0);
	assert_int_equal(sf_transition_state(older.transition), SF_TRANSITION_CLOSED);
	assert_int_equal(terms_duty(&older, SF_DUTY_NURSING)->state, SF_TASK_CANCELLED);
	assert_int_equal(terms_duty(&newer, SF_DUTY_NURSING)->due_ms, terms_time("25 10:00"));
	assert_false(link(&in_old, &in_new));
}

/* The wrong person was admitted: whoever held before holds again, and what was owed is owed. */
static void test_admission_that_is_cancelled_gives_the_stay_back(void **state)
{
	(void)state;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	terms_request(&older, 'H', SF_DUTY_NURSING, SF_ROLE_MUNICIPALITY, terms_time("25 10:00"));
	newer.now_ms = terms_time("19 10:00");
	admit(&newer, 'I', 1, SF_PATHWAY_SOMATIC);
	struct sf_fact in_old, in_new;
	assert_true(link(&in_old, &in_new));
	older.now_ms = newer.now_ms;
	assert_int_equal(tell(&older, &in_old), SF_DEVIATION_CONTINUED);
	assert_int_equal(tell(&newer, &in_new), 0);
	struct sf_message cancel = scene_message(&newer, 'I', SF_KIND_STAY);
	cancel.transition = sf_transition_id(newer.transition);
	cancel.fact.stay = scene_stay_fact("AN_STIN", newer.now_ms);
	assert_int_equal(scene_record(&newer, &cancel), 0);
	assert_true(link(&in_old, &in_new));
	assert_int_equal(in_old.derived.link, SF_LINK_UNDONE);
	assert_int_equal(in_new.derived.link, SF_LINK_UNDONE);
	assert_true(sf_id_equal(in_old.derived.subject, cancel.id));
	assert_int_equal(tell(&older, &in_old), 0);
	assert_int_equal(tell(&newer, &in_new), 0);
	assert_int_equal(sf_transition_state(older.transition), SF_TRANSITION_OPEN);
	assert_int_equal(scene_holder(&older, SF_DOMAIN_MEDICAL), 'H');
	assert_int_equal(terms_duty(&older, SF_DUTY_NURSING)->state, SF_TASK_REQUESTED);
	assert_int_equal(sf_transition_course(older.transition)->link, SF_LINK_NONE);
	assert_false(link(&in_old, &in_new));
	assert_int_equal(tell(&older, &in_old), SF_REFUSAL_NOT_DERIVABLE); /* once */
}

/* Closed by people meanwhile: a mistake elsewhere does not open it. */
static void test_undone_link_opens_only_what_it_closed(void **state)
{
	(void)state;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	newer.now_ms = terms_time("19 10:00");
	admit(&newer, 'I', 1, SF_PATHWAY_SOMATIC);
	struct sf_fact in_old, in_new;
	assert_true(link(&in_old, &in_new));
	older.now_ms = newer.now_ms;
	assert_int_equal(tell(&older, &in_old), SF_DEVIATION_CONTINUED);
	struct sf_message message = scene_message(&older, 'H', SF_KIND_REOPEN);
	assert_int_equal(scene_record(&older, &message), 0);
	message = scene_message(&older, 'H', SF_KIND_CLOSE);
	message.fact.close.code = SF_CLOSE_MISTAKE;
	assert_int_equal(scene_record(&older, &message), 0);
	in_old.derived.link = SF_LINK_UNDONE;
	in_old.derived.carried_count = 0;
	assert_int_equal(tell(&older, &in_old), 0);
	assert_int_equal(sf_transition_state(older.transition), SF_TRANSITION_CLOSED);
}

static void test_more_than_moves_along_is_said(void **state)
{
	(void)state;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	for (size_t i = 0; i < SF_CARRIED_MAX + 1; i++)
		terms_request(&older, 'H', SF_DUTY_NURSING, SF_ROLE_MUNICIPALITY, 0);
	newer.now_ms = terms_time("19 10:00");
	admit(&newer, 'I', 1, SF_PATHWAY_SOMATIC);
	struct sf_fact in_old, in_new;
	assert_true(link(&in_old, &in_new));
	assert_int_equal(in_old.derived.carried_count, SF_CARRIED_MAX);
	assert_int_equal(tell(&older, &in_old), SF_DEVIATION_CONTINUED);
	assert_true(terms_deviated(&older, SF_DEVIATION_TOO_MANY));
}

static void close_older(const char *when)
{
	older.now_ms = terms_time(when);
	scene_stay(&older, "SLHJ", NULL);
	struct sf_message close = scene_message(&older, 'H', SF_KIND_CLOSE);
	close.fact.close.code = SF_CLOSE_OTHER;
	SF_ASSERT(scene_record(&older, &close) == 0);
}

static void test_readmission_after_thirty_days_is_nothing(void **state)
{
	(void)state;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	close_older("20 10:00");
	newer.now_ms = terms_time("20 10:00") + 30 * SF_DAY_MS;
	admit(&newer, 'H', 1, SF_PATHWAY_SOMATIC);
	struct sf_fact in_old, in_new;
	assert_false(link(&in_old, &in_new)); /* a minute too late: parties came first */
}

static void test_readmission_in_time_links_both(void **state)
{
	(void)state;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	close_older("20 10:00");
	newer.now_ms = terms_time("20 10:00") + 29 * SF_DAY_MS;
	admit(&newer, 'H', 1, SF_PATHWAY_SOMATIC);
	struct sf_fact in_old, in_new;
	assert_true(link(&in_old, &in_new));
	assert_int_equal(in_old.derived.link, SF_LINK_READMITTED);
	assert_int_equal(in_new.derived.link, SF_LINK_READMISSION);
	assert_int_equal(in_old.derived.carried_count, 0);
}

static void test_another_person_another_pathway_or_no_admission_is_nothing(void **state)
{
	(void)state;
	struct sf_fact in_old, in_new;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	assert_false(link(&in_old, &in_new)); /* newer is empty */
	newer.now_ms = terms_time("19 10:00");
	admit(&newer, 'H', 2, SF_PATHWAY_SOMATIC);
	assert_false(link(&in_old, &in_new));
	assert_false(sf_transition_link(older.transition, older.transition, &in_old, &in_new));
}

static void test_psychiatric_and_somatic_stays_stand_beside_each_other(void **state)
{
	(void)state;
	struct sf_fact in_old, in_new;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	newer.now_ms = terms_time("19 10:00");
	admit(&newer, 'P', 1, SF_PATHWAY_PSYCHIATRIC);
	assert_false(link(&in_old, &in_new));
}

static void test_dead_patient_is_not_continued(void **state)
{
	(void)state;
	struct sf_fact in_old, in_new;
	admit(&older, 'H', 1, SF_PATHWAY_SOMATIC);
	assert_int_equal(scene_stay(&older, "MORS", NULL), 0);
	newer.now_ms = terms_time("19 10:00");
	admit(&newer, 'I', 1, SF_PATHWAY_SOMATIC);
	assert_false(link(&in_old, &in_new));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_admission_elsewhere_continues_an_open_stay_and_its_tasks),
		CASE(test_admission_that_is_cancelled_gives_the_stay_back),
		CASE(test_undone_link_opens_only_what_it_closed),
		CASE(test_more_than_moves_along_is_said),
		CASE(test_readmission_after_thirty_days_is_nothing),
		CASE(test_readmission_in_time_links_both),
		CASE(test_another_person_another_pathway_or_no_admission_is_nothing),
		CASE(test_psychiatric_and_somatic_stays_stand_beside_each_other),
		CASE(test_dead_patient_is_not_continued),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
