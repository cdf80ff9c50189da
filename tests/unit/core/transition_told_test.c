#include "unit/core/check.h"

#include "unit/core/terms.h"

static struct scene scene;
static struct sf_id wanted[4];

static int set_up(void **state)
{
	(void)state;
	terms_write();
	scene_open_by(&scene, terms_book());
	terms_admit(&scene, false);
	scene.now_ms += 3 * SF_DAY_MS;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

static size_t must(char letter)
{
	return sf_transition_must_acknowledge(
		scene.transition, scene_party(letter), wanted, SF_COUNT(wanted));
}

static uint16_t acknowledge(char author, struct sf_id message, enum sf_ack ack)
{
	struct sf_message one = scene_message(&scene, author, SF_KIND_ACKNOWLEDGEMENT);
	one.fact.acknowledgement = (struct sf_acknowledgement){.message_id = message, .ack = ack};
	return scene_record(&scene, &one);
}

static void test_who_a_clause_moves_to_must_say_that_it_was_told(void **state)
{
	(void)state;
	assert_int_equal(must('G'), 0);
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(must('G'), 1);
	assert_true(sf_id_equal(wanted[0], discharge));
	assert_int_equal(must('H'), 0);
	assert_int_equal(must('K'), 0); /* silence moves nothing to the municipality */
	assert_int_equal(must('X'), 0);
	assert_int_equal(
		sf_transition_must_acknowledge(scene.transition, scene_party('G'), NULL, 0), 1);
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	assert_int_equal(must('G'), 0);
}

/* What was addressed to it, its node acknowledges when it has read it, and not before. */
static void test_addressee_acknowledges_by_reading(void **state)
{
	(void)state;
	struct sf_message discharge = scene_message(&scene, 'H', SF_KIND_STAY);
	discharge.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
	discharge.recipient_count = 1;
	discharge.recipients[0] = scene_party('G');
	scene_record(&scene, &discharge);
	assert_int_equal(must('G'), 0);
	assert_int_equal(acknowledge('G', discharge.id, SF_ACK_OK), 0);
}

static void test_party_that_has_not_signed_says_it_was_told(void **state)
{
	(void)state;
	/* L is bound as the GP's stand-in; when it signs later, nothing else must be said first. */
	struct sf_message parties = scene_message(&scene, 'H', SF_KIND_PARTIES);
	parties.fact.parties = (struct sf_parties){
		.version = 99,
		.pathway = SF_PATHWAY_SOMATIC,
		.agreement = scene_agreement(),
		.binding_count = 1,
		.bindings = {{SF_ROLE_GP, SF_BINDING_PARTY, scene_party('L')}},
	};
	scene_record(&scene, &parties);
	terms_discharge(&scene);
	assert_int_equal(must('L'), 1);
	assert_int_equal(must('G'), 0);
}

static void test_nothing_is_asked_when_nothing_will_move(void **state)
{
	(void)state;
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(must('G'), 1);
	assert_int_equal(scene_stay(&scene, "AN_SLHJ", NULL), 0);
	assert_int_equal(must('G'), 0);
	discharge = terms_discharge(&scene);
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	scene_turn(&scene, scene.now_ms + 4 * SF_DAY_MS);
	assert_int_equal(scene_holder(&scene, SF_DOMAIN_MEDICAL), 'G');
	assert_int_equal(must('G'), 0);
}

/* An id is its author's: a party that uses the clause's event's own breaks nothing. */
static void test_id_of_the_derived_event_used_by_another(void **state)
{
	(void)state;
	struct sf_id discharge = terms_discharge(&scene);
	assert_int_equal(scene_ok(&scene, 'G', discharge), 0);
	scene_turn(&scene, scene.now_ms + 4 * SF_DAY_MS);
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(scene.transition, &count);
	assert_int_equal(lines[count - 1].basis, SF_BASIS_CLAUSE);
	assert_true(sf_id_equal(lines[count - 1].told, discharge));
	struct sf_message call = scene_message(&scene, 'K', SF_KIND_FALLBACK);
	call.id = lines[count - 1].basis_message;
	assert_int_equal(scene_record(&scene, &call), 0);
	assert_int_equal(scene_holder(&scene, SF_DOMAIN_MEDICAL), 'G');
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_who_a_clause_moves_to_must_say_that_it_was_told),
		TEST(test_addressee_acknowledges_by_reading),
		TEST(test_party_that_has_not_signed_says_it_was_told),
		TEST(test_nothing_is_asked_when_nothing_will_move),
		TEST(test_id_of_the_derived_event_used_by_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
