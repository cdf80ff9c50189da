#include "unit/core/check.h"

#include "core/transition_state.h"
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

static struct sf_event event_of(const struct sf_message *message, enum sf_kind_class kind_class)
{
	return (struct sf_event){
		.message = message,
		.kind_class = kind_class,
		.sequence = sf_transition_sequence(scene.transition) + 1,
		.recorded_ms = scene.now_ms,
		.author_role = SF_ROLE_HOSPITAL,
	};
}

static void test_sequence_has_no_gaps(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
	struct sf_event event = event_of(&message, SF_CLASS_FACT);
	struct sf_transition_result result;
	event.sequence += 1;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_ERR_USAGE);
	event.sequence -= 2;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_ERR_USAGE);
	assert_int_equal(sf_transition_skip(scene.transition, 2), SF_ERR_USAGE);
	assert_int_equal(sf_transition_skip(scene.transition, 3), SF_OK);
	assert_int_equal(sf_transition_sequence(scene.transition), 3);
}

static void test_message_of_another_transition_is_not_stepped(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_STAY);
	message.transition = scene_id(9, 2);
	struct sf_event event = event_of(&message, SF_CLASS_FACT);
	struct sf_transition_result result;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_ERR_USAGE);
	event.message = NULL;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_ERR_USAGE);
	assert_int_equal(sf_transition_sequence(scene.transition), 2);
}

static void test_resend_and_statement_take_a_number_only(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
	struct sf_transition_result result;
	struct sf_event event = event_of(&message, SF_CLASS_RESEND);
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	event = event_of(NULL, SF_CLASS_STATEMENT);
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(result.code, 0);
	event = event_of(NULL, SF_CLASS_DERIVED);
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_ERR_USAGE);
	assert_int_equal(sf_transition_sequence(scene.transition), 4);
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_IN_HOSPITAL);
}

static void test_message_recorded_twice_has_one_effect(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_OFFER);
	message.fact.offer = (struct sf_offer){CARE, SF_ROLE_CARE_HOME};
	assert_int_equal(scene_record(&scene, &message), SF_DEVIATION_FIND_RECEIVER);
	assert_int_equal(scene_record(&scene, &message), SF_DEVIATION_FIND_RECEIVER);
	size_t count;
	sf_transition_offers(scene.transition, &count);
	assert_int_equal(count, 1);
}

/* The simulation's seed 1128: whoever guesses an id must not keep its owner from using it. */
static void test_id_that_another_used_first_is_still_its_authors(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_OFFER);
	message.fact.offer = (struct sf_offer){CARE, SF_ROLE_CARE_HOME};
	message.author = scene_party('K');
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_NOT_HOLDER);
	message.fact.kind = 9999;
	assert_int_equal(scene_record(&scene, &message), SF_DEVIATION_UNKNOWN_KIND);
	message.author = scene_party('H');
	message.fact.kind = SF_KIND_OFFER;
	assert_int_equal(scene_record(&scene, &message), SF_DEVIATION_FIND_RECEIVER);
	assert_int_equal(scene_open_offers(&scene), 1);
}

static void test_refused_message_is_decided_anew(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'K', SF_KIND_OFFER);
	message.fact.offer = (struct sf_offer){CARE, SF_ROLE_GP};
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_NOT_HOLDER);
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, &offer), 0);
	assert_int_equal(scene_accept(&scene, 'K', offer, CARE, NULL), 0);
	assert_int_equal(scene_record(&scene, &message), 0);
	assert_int_equal(scene_open_offers(&scene), 1);
}

static void test_ledger_clock_never_goes_back(void **state)
{
	(void)state;
	struct sf_id offer;
	assert_int_equal(scene_offer(&scene, 'H', CARE, SF_ROLE_MUNICIPALITY, &offer), 0);
	scene.now_ms -= SF_DAY_MS;
	assert_int_equal(scene_accept(&scene, 'K', offer, CARE, NULL), 0);
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(scene.transition, &count);
	assert_true(lines[count - 1].from_ms > SCENE_START_MS);
}

static uint16_t write_letter(char author)
{
	struct sf_message letter = scene_message(&scene, author, SF_KIND_LETTER);
	letter.fact.letter.code = SF_LETTER_CORRESPONDENCE;
	return scene_record(&scene, &letter);
}

/* A party that floods is silenced alone: the stay goes on. */
static void test_flood_of_one_party_is_refused_and_numbered(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_TRANSITION_AUTHOR_EVENTS_MAX + 1; i++)
		write_letter('K');
	assert_int_equal(scene.result.code, SF_REFUSAL_QUOTA);
	while (scene.sequence < 2 * SF_TRANSITION_EVENTS_MAX)
		assert_int_equal(sf_transition_skip(scene.transition, ++scene.sequence), SF_OK);
	assert_int_equal(write_letter('K'), SF_REFUSAL_QUOTA);
	assert_int_equal(scene_stay(&scene, "SLHJ", NULL), 0);
	assert_int_equal(
		sf_transition_sequence(scene.transition), 2 * SF_TRANSITION_EVENTS_MAX + 2);
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_HOME);
}

static void test_flood_of_the_hospital_is_refused_too(void **state)
{
	(void)state;
	while (scene.sequence < SF_TRANSITION_OTHERS_EVENTS_MAX)
		write_letter('H');
	assert_int_equal(write_letter('K'), SF_REFUSAL_QUOTA);
	while (scene.sequence <= SF_TRANSITION_EVENTS_MAX)
		assert_int_equal(write_letter('H'), 0);
	assert_int_equal(write_letter('H'), SF_REFUSAL_QUOTA);
	struct sf_fact fact;
	assert_false(sf_transition_derive(scene.transition, INT64_MAX, &fact));
}

static void test_broken_rule_freezes_the_ledger_and_not_the_stay(void **state)
{
	(void)state;
	struct sf_standing *now = scene.transition->now;
	now->ledger.lines[0].holder = scene_party('X'); /* as damaged memory would */
	assert_non_null(sf_transition_invariant_broken(scene.transition));
	struct sf_message offer = scene_message(&scene, 'H', SF_KIND_OFFER);
	offer.fact.offer = (struct sf_offer){CARE, SF_ROLE_MUNICIPALITY};
	struct sf_event event = event_of(&offer, SF_CLASS_FACT);
	struct sf_transition_result result;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(result.code, SF_DEVIATION_INVARIANT);
	assert_int_equal(result.outcome, SF_OUTCOME_DEVIATION);
	assert_true(sf_transition_frozen(scene.transition));
	size_t count;
	sf_transition_offers(scene.transition, &count);
	assert_int_equal(count, 0);

	offer.id = scene_id(2, 500);
	event = event_of(&offer, SF_CLASS_FACT);
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(result.code, SF_REFUSAL_FROZEN);

	struct sf_message stay = scene_message(&scene, 'H', SF_KIND_STAY);
	stay.fact.stay = scene_stay_fact("SLHJ", scene.now_ms);
	event = event_of(&stay, SF_CLASS_FACT);
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_HOME);
	sf_transition_offers(scene.transition, &count);
	assert_int_equal(count, 0);
}

static void test_step_that_breaks_a_rule_is_rolled_back(void **state)
{
	(void)state;
	assert_int_equal(scene_stay(&scene, "MORS", NULL), 0);
	/* The remembered holder becomes a stranger: only the restoring step can notice. */
	scene.transition->now->ledger.last[SF_DOMAIN_CARE] = scene_party('X');
	assert_null(sf_transition_invariant_broken(scene.transition));
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact("AN_MORS", scene.now_ms);
	struct sf_event event = event_of(&message, SF_CLASS_FACT);
	struct sf_transition_result result;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(result.code, SF_DEVIATION_INVARIANT);
	assert_true(sf_transition_frozen(scene.transition));
	assert_null(sf_transition_invariant_broken(scene.transition));
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_DEAD);
	assert_int_equal(sf_transition_sequence(scene.transition), event.sequence);
}

static void test_too_many_recipients_are_refused(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_LETTER);
	message.recipient_count = SF_RECIPIENT_COUNT_MAX + 1;
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_HEADER);
}

static void test_close_of_nothing_does_nothing(void **state)
{
	(void)state;
	struct sf_transition *none = NULL;
	sf_transition_close(&none);
	assert_null(none);
}

static uint16_t acknowledge(char author, struct sf_id message, enum sf_ack ack)
{
	struct sf_message one = scene_message(&scene, author, SF_KIND_ACKNOWLEDGEMENT);
	one.fact.acknowledgement = (struct sf_acknowledgement){.message_id = message, .ack = ack};
	return scene_record(&scene, &one);
}

static void test_acknowledgements_are_kept_and_move_nothing(void **state)
{
	(void)state;
	struct sf_message letter = scene_message(&scene, 'H', SF_KIND_LETTER);
	letter.recipient_count = 1;
	letter.recipients[0] = scene_party('K');
	assert_int_equal(scene_record(&scene, &letter), 0);
	struct sf_id id = letter.id;
	struct sf_id reader = scene_party('K');
	assert_int_equal(sf_transition_acknowledged(scene.transition, id, reader), SF_ACK_NONE);
	assert_int_equal(acknowledge('K', id, SF_ACK_TRANSIENT_ERROR), 0);
	assert_int_equal(
		sf_transition_acknowledged(scene.transition, id, reader), SF_ACK_TRANSIENT_ERROR);
	assert_int_equal(acknowledge('K', id, SF_ACK_OK), 0);
	assert_int_equal(acknowledge('K', id, SF_ACK_FATAL_ERROR), 0);
	assert_int_equal(sf_transition_acknowledged(scene.transition, id, reader), SF_ACK_OK);
	assert_int_equal(acknowledge('G', id, SF_ACK_FATAL_ERROR), SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(acknowledge('H', id, SF_ACK_OK), SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(acknowledge('X', id, SF_ACK_OK), SF_REFUSAL_NOT_A_MEMBER);
	assert_int_equal(acknowledge('K', scene_id(2, 999), SF_ACK_OK), SF_DEVIATION_ACK_UNKNOWN);
	assert_holders(&scene, "HHHH");
}

/* R8 asks whether a party was told: one that gets covers alone can say so, and not that it read. */
static void test_member_acknowledges_what_it_got_by_cover(void **state)
{
	(void)state;
	struct sf_id stay;
	assert_int_equal(scene_stay(&scene, "SLHJ", &stay), 0);
	struct sf_message one = scene_message(&scene, 'G', SF_KIND_ACKNOWLEDGEMENT);
	one.fact.acknowledgement = (struct sf_acknowledgement){
		.message_id = stay, .ack = SF_ACK_OK, .body_commitment = {{1}}};
	assert_int_equal(scene_record(&scene, &one), SF_REFUSAL_AUTHOR_ROLE);
	assert_int_equal(scene_ok(&scene, 'X', stay), SF_REFUSAL_NOT_A_MEMBER);
	assert_int_equal(scene_ok(&scene, 'G', stay), 0);
	assert_int_equal(
		sf_transition_acknowledged(scene.transition, stay, scene_party('G')), SF_ACK_OK);
	assert_int_equal(scene_open_offers(&scene), 1);
}

/* Only the coordinator's own class counts, and only what time gives. */
static void test_derived_facts_of_others_are_refused(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'H', SF_KIND_EXPIRED);
	message.fact.derived.subject = scene_id(2, 1);
	assert_int_equal(scene_record(&scene, &message), SF_REFUSAL_AUTHOR_ROLE);
	message.author = scene_party('S');
	struct sf_event event = event_of(&message, SF_CLASS_DERIVED);
	struct sf_transition_result result;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(result.code, SF_REFUSAL_AUTHOR_ROLE); /* not the coordinator's role */
	event = event_of(&message, SF_CLASS_DERIVED);
	event.author_role = SF_ROLE_COORDINATOR;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(result.code, SF_REFUSAL_NOT_DERIVABLE);
	message.fact = (struct sf_fact){.kind = SF_KIND_LETTER};
	event = event_of(&message, SF_CLASS_DERIVED);
	event.author_role = SF_ROLE_COORDINATOR;
	assert_int_equal(sf_transition_step(scene.transition, &event, &result), SF_OK);
	assert_int_equal(result.code, SF_REFUSAL_NOT_DERIVABLE);
	assert_int_equal(sf_transition_stay(scene.transition)->state, SF_STAY_IN_HOSPITAL);
}

static void test_deviations_are_listed(void **state)
{
	(void)state;
	struct sf_message message = scene_message(&scene, 'K', (enum sf_kind)4711);
	assert_int_equal(scene_record(&scene, &message), SF_DEVIATION_UNKNOWN_KIND);
	size_t count;
	const struct sf_deviation *deviations = sf_transition_deviations(scene.transition, &count);
	assert_int_equal(count, 1);
	assert_int_equal(scene.result.deviation_count_before, 0);
	assert_int_equal(deviations[0].code, SF_DEVIATION_UNKNOWN_KIND);
	assert_int_equal(deviations[0].sequence, 3);
	assert_true(sf_id_equal(deviations[0].message, message.id));
	/* Again: the same outcome, and nothing more on the list. */
	assert_int_equal(scene_record(&scene, &message), SF_DEVIATION_UNKNOWN_KIND);
	sf_transition_deviations(scene.transition, &count);
	assert_int_equal(count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sequence_has_no_gaps),
		TEST(test_message_of_another_transition_is_not_stepped),
		TEST(test_resend_and_statement_take_a_number_only),
		TEST(test_message_recorded_twice_has_one_effect),
		TEST(test_id_that_another_used_first_is_still_its_authors),
		TEST(test_refused_message_is_decided_anew),
		TEST(test_ledger_clock_never_goes_back),
		TEST(test_flood_of_one_party_is_refused_and_numbered),
		TEST(test_flood_of_the_hospital_is_refused_too),
		TEST(test_broken_rule_freezes_the_ledger_and_not_the_stay),
		TEST(test_step_that_breaks_a_rule_is_rolled_back),
		TEST(test_too_many_recipients_are_refused),
		TEST(test_close_of_nothing_does_nothing),
		TEST(test_acknowledgements_are_kept_and_move_nothing),
		TEST(test_member_acknowledges_what_it_got_by_cover),
		TEST(test_derived_facts_of_others_are_refused),
		TEST(test_deviations_are_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
