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

static bool may_hold(char letter, enum sf_domain domain, const struct sf_pending_take *pending)
{
	return sf_transition_may_hold(
		scene.transition, scene_party(letter), domain, pending, pending ? 1 : 0);
}

static void test_taker_holds_from_signing_and_giver_until_it_has_seen(void **state)
{
	(void)state;
	struct sf_pending_take pending = {.offer = discharge, .domains = CARE};
	assert_false(may_hold('K', SF_DOMAIN_CARE, NULL));
	assert_true(may_hold('K', SF_DOMAIN_CARE, &pending));
	assert_false(may_hold('K', SF_DOMAIN_MEDICATION, &pending));
	assert_false(may_hold('K', SF_DOMAIN_MEDICAL, &pending));
	assert_true(may_hold('H', SF_DOMAIN_CARE, NULL));
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_true(may_hold('K', SF_DOMAIN_CARE, NULL));
	assert_false(may_hold('H', SF_DOMAIN_CARE, NULL));
}

static void test_acceptance_of_anothers_offer_holds_nothing(void **state)
{
	(void)state;
	struct sf_pending_take pending = {.offer = discharge, .domains = CARE};
	assert_false(may_hold('G', SF_DOMAIN_CARE, &pending));
	assert_int_equal(scene_refuse(&scene, 'K', discharge, SF_ROLE_GP), 0);
	assert_false(may_hold('K', SF_DOMAIN_CARE, &pending));
}

static void test_what_is_not_seen_yet_counts(void **state)
{
	(void)state;
	struct sf_pending_take unseen = {.offer = scene_id(2, 999), .domains = CARE};
	assert_true(may_hold('K', SF_DOMAIN_CARE, &unseen));
	assert_false(may_hold('K', SF_DOMAIN_SOCIAL, &unseen));
	struct sf_pending_take offer = {.offer = discharge, .domains = CARE};
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_true(may_hold('K', SF_DOMAIN_CARE, &offer)); /* the death may be cancelled */
}

/* The simulation's seed 14: a cancelled death restores holders who have not heard of it. */
static void test_last_holder_stays_answerable_after_a_death(void **state)
{
	(void)state;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_true(may_hold('K', SF_DOMAIN_CARE, NULL));
	assert_true(may_hold('H', SF_DOMAIN_MEDICAL, NULL));
	assert_false(may_hold('H', SF_DOMAIN_CARE, NULL));
	assert_false(may_hold('G', SF_DOMAIN_CARE, NULL));
}

static void test_hospitals_own_admission_takes_from_signing(void **state)
{
	(void)state;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	struct sf_pending_take admission = {.domains = SF_DOMAIN_ALL};
	assert_true(may_hold('H', SF_DOMAIN_CARE, &admission));
	assert_false(may_hold('G', SF_DOMAIN_CARE, &admission));
	assert_false(may_hold('H', SF_DOMAIN_COUNT, &admission));
	assert_false(sf_transition_may_hold(
		scene.transition, (struct sf_id){{0}}, SF_DOMAIN_REHABILITATION, NULL, 0));
}

static void test_closing_may_be_undone_without_asking(void **state)
{
	(void)state;
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	struct sf_message close = scene_message(&scene, 'H', SF_KIND_CLOSE);
	assert_int_equal(scene_record(&scene, &close), 0);
	assert_holders(&scene, "----");
	assert_true(may_hold('K', SF_DOMAIN_CARE, NULL));
	assert_false(may_hold('G', SF_DOMAIN_CARE, NULL));
}

/* R8's other side: who was told answers for what the clause moves, before it has seen the move. */
static void test_who_was_told_answers_for_what_passes_to_it(void **state)
{
	tear_down(state);
	terms_write();
	scene_open_by(&scene, terms_book());
	terms_admit(&scene, false);
	scene.now_ms += 3 * SF_DAY_MS;
	discharge = terms_discharge(&scene);
	assert_false(may_hold('G', SF_DOMAIN_MEDICAL, NULL));
	struct sf_pending_take told = {
		.offer = discharge, .domains = SF_DOMAIN_ALL, .acknowledges = true};
	assert_true(may_hold('G', SF_DOMAIN_MEDICAL, &told));
	assert_false(may_hold('G', SF_DOMAIN_CARE, &told));
	assert_false(may_hold('K', SF_DOMAIN_MEDICAL, &told));
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_true(may_hold('G', SF_DOMAIN_MEDICAL, NULL));
	assert_holders(&scene, "HHHH");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_taker_holds_from_signing_and_giver_until_it_has_seen),
		TEST(test_acceptance_of_anothers_offer_holds_nothing),
		TEST(test_what_is_not_seen_yet_counts),
		TEST(test_last_holder_stays_answerable_after_a_death),
		TEST(test_hospitals_own_admission_takes_from_signing),
		TEST(test_closing_may_be_undone_without_asking),
		TEST(test_who_was_told_answers_for_what_passes_to_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
