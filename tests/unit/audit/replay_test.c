/* A transition recorded step by step, replayed on a replica from what its receipts say. */
#include "audit/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/refusal.h"
#include "unit/core/scene.h"

struct bench {
	struct scene scene; /* what the coordinator does */
	struct sf_transition *replica;
};

static int open_bench(void **state)
{
	static struct bench bench;
	scene_open(&bench.scene);
	*state = &bench;
	return sf_transition_open(
		sf_transition_id(bench.scene.transition), scene_book(), &bench.replica);
}

static int close_bench(void **state)
{
	struct bench *bench = *state;
	sf_transition_close(&bench->replica);
	scene_close(&bench->scene);
	return 0;
}

static struct sf_recorded recorded_of(const struct bench *bench, char author)
{
	return (struct sf_recorded){.kind_class = SF_CLASS_FACT,
		.outcome = bench->scene.result.outcome,
		.code = bench->scene.result.code,
		.sequence = sf_transition_sequence(bench->scene.transition),
		.recorded_ms = bench->scene.now_ms - SF_MINUTE_MS,
		.author_role = scene_role(author)};
}

static struct sf_message admission(struct bench *bench)
{
	struct sf_message message = scene_message(&bench->scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact("STIN", message.created_ms);
	return message;
}

static void test_same_events_give_the_same_outcome(void **state)
{
	struct bench *bench = *state;
	struct sf_message message = admission(bench);
	scene_record(&bench->scene, &message);
	struct sf_recorded recorded = recorded_of(bench, 'H');
	struct sf_transition_result result;
	assert_int_equal(sf_replay_step(bench->replica, &message, &recorded, &result), SF_OK);
	assert_int_equal(result.outcome, recorded.outcome);
	assert_int_equal(sf_transition_sequence(bench->replica), 1);
	assert_int_equal(
		sf_transition_state(bench->replica), sf_transition_state(bench->scene.transition));
	assert_int_equal(sf_transition_stay(bench->replica)->state,
		sf_transition_stay(bench->scene.transition)->state);
}

/* The step stands: what the coordinator recorded rules, the caller raises the alarm. */
static void test_other_outcome_than_recorded_is_told(void **state)
{
	struct bench *bench = *state;
	struct sf_message message = admission(bench);
	scene_record(&bench->scene, &message);
	struct sf_recorded recorded = recorded_of(bench, 'H');
	recorded.outcome = SF_OUTCOME_DEVIATION;
	recorded.code = SF_DEVIATION_LATE_FACT;
	struct sf_transition_result result = {.code = 0};
	assert_int_equal(
		sf_replay_step(bench->replica, &message, &recorded, &result), SF_ERR_INTEGRITY);
	assert_int_equal(result.outcome, SF_OUTCOME_APPLIED);
	assert_int_equal(sf_transition_sequence(bench->replica), 1);
}

/* Judged from the author's numbers, which no replica has (WIRE section 1). */
static void test_equivocation_is_taken_from_the_record(void **state)
{
	struct bench *bench = *state;
	struct sf_message message = admission(bench);
	scene_record(&bench->scene, &message);
	struct sf_recorded recorded = recorded_of(bench, 'H');
	recorded.outcome = SF_OUTCOME_DEVIATION;
	recorded.code = SF_DEVIATION_EQUIVOCATION;
	struct sf_transition_result result;
	assert_int_equal(sf_replay_step(bench->replica, &message, &recorded, &result), SF_OK);
	assert_int_equal(sf_transition_sequence(bench->replica), 1);
}

static void test_what_was_decided_outside_takes_a_number_and_nothing_else(void **state)
{
	struct bench *bench = *state;
	static const uint16_t outside[] = {SF_REFUSAL_CONTENT_CONFLICT, SF_REFUSAL_ENVELOPE_REUSED,
		SF_REFUSAL_RECIPIENT_UNKNOWN};
	struct sf_message message = admission(bench);
	struct sf_recorded recorded = {.kind_class = SF_CLASS_FACT,
		.outcome = SF_OUTCOME_REFUSED,
		.author_role = SF_ROLE_HOSPITAL};
	struct sf_transition_result result;
	for (size_t i = 0; i < SF_COUNT(outside); i++) {
		recorded.code = outside[i];
		recorded.sequence = i + 1;
		assert_true(sf_recorded_is_number_only(&recorded));
		assert_int_equal(
			sf_replay_step(bench->replica, &message, &recorded, &result), SF_OK);
		assert_int_equal(result.outcome, SF_OUTCOME_REFUSED);
		assert_int_equal(result.code, outside[i]);
		assert_int_equal(sf_transition_sequence(bench->replica), i + 1);
	}
	assert_int_equal(sf_transition_stay(bench->replica)->state, SF_STAY_NONE);
}

static void test_resend_takes_a_number_whatever_its_first_outcome_was(void **state)
{
	(void)state;
	static const enum sf_outcome outcomes[] = {
		SF_OUTCOME_APPLIED, SF_OUTCOME_DEVIATION, SF_OUTCOME_REFUSED};
	for (size_t i = 0; i < SF_COUNT(outcomes); i++) {
		const struct sf_recorded recorded = {
			.kind_class = SF_CLASS_RESEND, .outcome = outcomes[i]};
		assert_true(sf_recorded_is_number_only(&recorded));
	}
}

static void test_what_the_transition_itself_decides_is_stepped(void **state)
{
	(void)state;
	static const uint16_t inside[] = {SF_REFUSAL_NOT_A_MEMBER, SF_REFUSAL_OFFER_CLOSED,
		SF_REFUSAL_QUOTA, SF_REFUSAL_STALE_VERSION};
	for (size_t i = 0; i < SF_COUNT(inside); i++) {
		const struct sf_recorded recorded = {.kind_class = SF_CLASS_FACT,
			.outcome = SF_OUTCOME_REFUSED,
			.code = inside[i]};
		assert_false(sf_recorded_is_number_only(&recorded));
	}
	/* The same number as a deviation would be no refusal from outside. */
	const struct sf_recorded applied = {.kind_class = SF_CLASS_FACT,
		.outcome = SF_OUTCOME_APPLIED,
		.code = SF_REFUSAL_HEADER};
	assert_false(sf_recorded_is_number_only(&applied));
}

/* A fact whose values the domain refuses is stepped everywhere: its time counts like any other. */
static void test_values_that_the_domain_refuses_pass_time_on_every_replica(void **state)
{
	struct bench *bench = *state;
	struct sf_message message = scene_message(&bench->scene, 'H', SF_KIND_PLAN);
	assert_int_equal(scene_record(&bench->scene, &message), SF_REFUSAL_HEADER);
	const struct sf_recorded recorded = recorded_of(bench, 'H');
	struct sf_transition_result result;
	assert_int_equal(sf_replay_step(bench->replica, &message, &recorded, &result), SF_OK);
	assert_true(sf_transition_recorded_ms(bench->replica) ==
		    sf_transition_recorded_ms(bench->scene.transition));
}

static void test_refusal_of_the_transition_is_checked_against_the_record(void **state)
{
	struct bench *bench = *state;
	struct sf_message message = scene_message(&bench->scene, 'K', SF_KIND_ACCEPT);
	message.fact.accept.domains = CARE;
	scene_record(&bench->scene, &message);
	struct sf_recorded recorded = recorded_of(bench, 'K');
	assert_int_equal(recorded.outcome, SF_OUTCOME_REFUSED);
	struct sf_transition_result result;
	assert_int_equal(sf_replay_step(bench->replica, &message, &recorded, &result), SF_OK);
	recorded.sequence = 2;
	recorded.outcome = SF_OUTCOME_APPLIED;
	recorded.code = 0;
	assert_int_equal(
		sf_replay_step(bench->replica, &message, &recorded, &result), SF_ERR_INTEGRITY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_same_events_give_the_same_outcome),
		TEST(test_other_outcome_than_recorded_is_told),
		TEST(test_equivocation_is_taken_from_the_record),
		TEST(test_what_was_decided_outside_takes_a_number_and_nothing_else),
		TEST(test_resend_takes_a_number_whatever_its_first_outcome_was),
		TEST(test_what_the_transition_itself_decides_is_stepped),
		TEST(test_values_that_the_domain_refuses_pass_time_on_every_replica),
		TEST(test_refusal_of_the_transition_is_checked_against_the_record),
	};
	return cmocka_run_group_tests_name("audit/replay", tests, NULL, NULL);
}
