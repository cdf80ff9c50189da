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

static bool is_member(char letter)
{
	return sf_transition_is_member(scene.transition, scene_party(letter));
}

/* A letter (a kind this version does not read) to one party: it still brings its recipient in. */
static uint16_t write_letter(char author, char recipient)
{
	struct sf_message message = scene_message(&scene, author, SF_KIND_LETTER);
	message.recipient_count = 1;
	message.recipients[0] = scene_party(recipient);
	return scene_record(&scene, &message);
}

static void test_bound_parties_join(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_int_equal(scene.result.joined_count, 3);
	assert_true(is_member('H') && is_member('K') && is_member('G'));
	assert_false(is_member('L'));
	assert_true(sf_id_equal(
		sf_transition_bound(scene.transition, SF_ROLE_MUNICIPALITY), scene_party('K')));
	assert_true(sf_id_is_none(sf_transition_bound(scene.transition, SF_ROLE_CARE_HOME)));
	size_t count;
	const struct sf_member *members = sf_transition_members(scene.transition, &count);
	assert_int_equal(count, 3);
	assert_int_equal(members[1].role, SF_ROLE_MUNICIPALITY);
	assert_int_equal(members[1].since_sequence, 1);
}

static void test_recipient_of_a_bound_party_joins_and_brings_nobody(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_int_equal(write_letter('K', 'C'), 0);
	assert_true(is_member('C'));
	assert_int_equal(write_letter('C', 'L'), 0);
	assert_false(is_member('L'));
}

static void test_strangers_have_no_effect(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_int_equal(write_letter('X', 'L'), SF_REFUSAL_NOT_A_MEMBER);
	assert_false(is_member('L'));
	struct sf_message death = scene_message(&scene, 'I', SF_KIND_STAY);
	death.fact.stay = scene_stay_fact("MORS", scene.now_ms);
	assert_int_equal(scene_record(&scene, &death), SF_REFUSAL_NOT_A_MEMBER);
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_IN_HOSPITAL);
}

static void test_only_a_hospital_begins_a_transition(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "KH", 0), SF_REFUSAL_NO_TRANSITION);
	assert_int_equal(
		scene_offer(&scene, 'H', CARE, SF_ROLE_GP, NULL), SF_REFUSAL_NO_TRANSITION);
	assert_int_equal(write_letter('K', 'L'), SF_REFUSAL_NO_TRANSITION);
	struct sf_message later = scene_message(&scene, 'H', (enum sf_kind)4711);
	assert_int_equal(scene_record(&scene, &later), SF_DEVIATION_UNKNOWN_KIND);
	assert_true(sf_id_is_none(sf_transition_hospital(scene.transition)));
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_EMPTY);
	assert_int_equal(scene_parties(&scene, "PK", 0), 0); /* psychiatry is one */
	assert_true(sf_id_equal(sf_transition_hospital(scene.transition), scene_party('P')));
}

/* Real life first: the letter may be on its way before the notification is. */
static void test_letter_of_a_hospital_begins_one_too(void **state)
{
	(void)state;
	assert_int_equal(write_letter('H', 'K'), 0);
	assert_true(is_member('H') && is_member('K'));
	assert_int_equal(sf_transition_state(scene.transition), SF_TRANSITION_EMPTY);
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_holders(&scene, "HHHH");
}

static void test_first_stay_makes_its_author_the_hospital(void **state)
{
	(void)state;
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_true(is_member('H'));
	assert_null(sf_transition_parties(scene.transition));
	assert_int_equal(scene_parties(&scene, "IK", 0), SF_REFUSAL_NOT_A_MEMBER);
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_true(sf_id_equal(sf_transition_hospital(scene.transition), scene_party('H')));
}

static void test_hospital_cannot_bind_its_role_to_another(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_PARTIES);
	message.fact.parties = (struct sf_parties){.version = 1,
		.pathway = SF_PATHWAY_SOMATIC,
		.binding_count = 1,
		.bindings = {{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, scene_party('I')}}};
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_AUTHOR_ROLE);
	assert_false(is_member('I'));
	assert_false(is_member('H')); /* a refused step founds nothing */
	assert_int_equal(scene.result.joined_count, 0);
}

static void test_newest_version_rules_whatever_the_order(void **state)
{
	(void)state;
	scene.version = 4;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	scene.version = 3;
	assert_int_equal(scene_parties(&scene, "HL", 0), SF_REFUSAL_STALE_VERSION);
	assert_false(is_member('L'));
	assert_int_equal(scene_parties(&scene, "HL", 0), 0); /* version 5, greater id */
	assert_true(is_member('L'));
	struct sf_message tie = scene_message(&scene, 'H', SF_KIND_PARTIES);
	tie.id = scene_id(1, 1);
	tie.fact.parties = (struct sf_parties){.version = 5, .pathway = SF_PATHWAY_SOMATIC};
	assert_int_equal(scene_record(&scene, &tie), SF_REFUSAL_STALE_VERSION);
	tie.id = scene_id(3, 1);
	assert_int_equal(scene_record(&scene, &tie), 0);
	tie.id = scene_id(3, 2);
	tie.fact.parties.version = 0;
	assert_int_equal(scene_record(&scene, &tie), SF_REFUSAL_HEADER);
}

static void test_rebinding_ends_membership_and_offers(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	assert_int_equal(scene_parties(&scene, "HL", 0), 0);
	assert_false(is_member('K'));
	assert_int_equal(scene_open_offers(&scene), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), SF_REFUSAL_NOT_A_MEMBER);
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'L', offer, CARE, NULL), 0);
	assert_holders(&scene, "HLHH");
}

static void test_rebound_holder_stays_until_relieved(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	struct sf_id discharge, offer;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(scene_parties(&scene, "HL", 0), 0);
	assert_holders(&scene, "HKHH");
	assert_true(is_member('K'));
	assert_int_equal(scene_offer(&scene, 'K', CARE, SF_ROLE_MUNICIPALITY, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'L', offer, CARE, NULL), 0);
	assert_holders(&scene, "HLHH");
	assert_false(is_member('K'));
}

/* Property transition, seed 106150. */
static void test_holder_rebound_after_a_death_is_there_when_it_is_cancelled(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	struct sf_id discharge;
	assert_int_equal(scene_stay(&scene, "SLHJ", &discharge), 0);
	assert_int_equal(scene_accept(&scene, 'K', discharge, CARE, NULL), 0);
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	assert_int_equal(scene_parties(&scene, "HL", 0), 0);
	assert_true(is_member('K'));
	assert_int_equal(scene_stay(&scene, "AN_MORS", NULL), 0);
	assert_holders(&scene, "HKHH");
}

static void test_being_told_of_the_rebinding_does_not_bring_back(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_PARTIES);
	message.fact.parties = (struct sf_parties){.version = 2,
		.pathway = SF_PATHWAY_SOMATIC,
		.binding_count = 1,
		.bindings = {{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, scene_party('L')}}};
	message.recipient_count = 2;
	message.recipients[0] = scene_party('K');
	message.recipients[1] = scene_party('L');
	assert_int_equal(scene_record(&scene, &message), 0);
	assert_false(is_member('K'));
	assert_int_equal(write_letter('H', 'K'), 0);
	assert_true(is_member('K')); /* a new letter does */
}

static void test_active_domains_follow_the_newest_parties(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", CARE), 0);
	assert_int_equal(sf_transition_active(scene.transition), MEDICAL | CARE);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	assert_holders(&scene, "HH--");
	assert_int_equal(scene_parties(&scene, "HK", SOCIAL), 0);
	assert_holders(&scene, "H--H");
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	assert_holders(&scene, "HHHH");
}

static void fill_members(char author)
{
	for (uint32_t number = 1000; number < 1000 + SF_TRANSITION_PARTIES_MAX; number++) {
		struct sf_message message = scene_message(&scene, author, SF_KIND_LETTER);
		message.recipient_count = 1;
		message.recipients[0] = scene_id(1, number);
		scene_record(&scene, &message);
	}
}

static void test_addressees_beyond_the_table_do_not_join(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HK", 0), 0);
	fill_members('H');
	assert_int_equal(write_letter('H', 'C'), SF_DEVIATION_TOO_MANY);
	assert_false(is_member('C'));
	assert_int_equal(write_letter('H', 'K'), 0);
}

/* A practice that writes to half the region keeps nobody out whom the hospital binds. */
static void test_addressees_never_keep_out_whom_the_hospital_binds(void **state)
{
	(void)state;
	assert_int_equal(scene_parties(&scene, "HKG", 0), 0);
	assert_int_equal(scene_stay(&scene, "STIN", NULL), 0);
	fill_members('G');
	struct sf_message stay = scene_message(&scene, 'H', SF_KIND_STAY);
	stay.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
	stay.recipient_count = 1;
	stay.recipients[0] = scene_party('C');
	assert_int_equal(scene_record(&scene, &stay), SF_DEVIATION_TOO_MANY);
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_HOME);
	assert_int_equal(scene_parties(&scene, "HLG", 0), 0);
	assert_true(is_member('L'));
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'L', offer, CARE, NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bound_parties_join),
		TEST(test_recipient_of_a_bound_party_joins_and_brings_nobody),
		TEST(test_strangers_have_no_effect),
		TEST(test_only_a_hospital_begins_a_transition),
		TEST(test_letter_of_a_hospital_begins_one_too),
		TEST(test_first_stay_makes_its_author_the_hospital),
		TEST(test_hospital_cannot_bind_its_role_to_another),
		TEST(test_newest_version_rules_whatever_the_order),
		TEST(test_rebinding_ends_membership_and_offers),
		TEST(test_rebound_holder_stays_until_relieved),
		TEST(test_holder_rebound_after_a_death_is_there_when_it_is_cancelled),
		TEST(test_being_told_of_the_rebinding_does_not_bring_back),
		TEST(test_active_domains_follow_the_newest_parties),
		TEST(test_addressees_beyond_the_table_do_not_join),
		TEST(test_addressees_never_keep_out_whom_the_hospital_binds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
