/* A transition followed event by event, in whatever order the events come (DOMAIN.md R2, R6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/node/counter.h"

#define EVENT_COUNT 4

/* Parties, an admission and two facts nobody reads, as covers of one transition. */
static void make_events(struct counter *counter, struct counter_item events[EVENT_COUNT])
{
	struct desk *desk = counter->desk;
	struct desk_letter letters[EVENT_COUNT] = {desk_parties(desk, false), desk_admission(desk),
		desk_letter(desk, desk->hospital, SF_KIND_OFFER),
		desk_letter(desk, desk->hospital, SF_KIND_OFFER)};
	letters[2].message.fact.offer =
		(struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_CARE), SF_ROLE_MUNICIPALITY};
	letters[3].message.fact.offer =
		(struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL), SF_ROLE_MUNICIPALITY};
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		events[i] = counter_item(counter, &letters[i], i + 1);
		events[i].cover = true;
	}
}

static uint64_t sequence_of(struct counter *counter)
{
	const struct sf_transition *transition = NULL;
	assert_int_equal(
		sf_node_replica(counter->node, counter->desk->transition, &transition, NULL),
		SF_OK);
	return transition ? sf_transition_sequence(transition) : 0;
}

static size_t offers_of(struct counter *counter)
{
	const struct sf_transition *transition = NULL;
	assert_int_equal(
		sf_node_replica(counter->node, counter->desk->transition, &transition, NULL),
		SF_OK);
	size_t count = 0;
	if (transition)
		sf_transition_offers(transition, &count);
	return count;
}

static uint64_t alarms(const struct counter *counter)
{
	return sf_node_counters(counter->node).alarms;
}

static void test_events_in_order_are_applied_at_once(void **state)
{
	struct counter *counter = *state;
	struct counter_item events[EVENT_COUNT];
	make_events(counter, events);
	assert_int_equal(sequence_of(counter), 0);
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		counter_deliver(counter, &events[i]);
		assert_int_equal(sequence_of(counter), i + 1);
		assert_int_equal(counter_taken(counter), 1);
	}
	assert_int_equal(offers_of(counter), 2);
	assert_int_equal(alarms(counter), 0);
}

static void test_gap_waits_and_is_filled(void **state)
{
	struct counter *counter = *state;
	struct counter_item events[EVENT_COUNT];
	make_events(counter, events);
	counter_deliver(counter, &events[3]);
	counter_deliver(counter, &events[2]);
	/* Kept, so taken, though not applied. */
	assert_int_equal(counter_taken(counter), 1);
	assert_int_equal(sequence_of(counter), 0);
	counter_deliver(counter, &events[0]);
	assert_int_equal(sequence_of(counter), 1);
	counter_deliver(counter, &events[1]);
	assert_int_equal(sequence_of(counter), EVENT_COUNT);
	assert_int_equal(offers_of(counter), 2);
	assert_int_equal(alarms(counter), 0);
}

static void test_event_seen_before_changes_nothing(void **state)
{
	struct counter *counter = *state;
	struct counter_item events[EVENT_COUNT];
	make_events(counter, events);
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < EVENT_COUNT; i++)
			counter_deliver(counter, &events[i]);
	assert_int_equal(sequence_of(counter), EVENT_COUNT);
	assert_int_equal(offers_of(counter), 2);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_event), EVENT_COUNT);
	assert_int_equal(alarms(counter), 0);
}

static void test_restarted_node_folds_the_same_from_its_store(void **state)
{
	struct counter *counter = *state;
	struct counter_item events[EVENT_COUNT];
	make_events(counter, events);
	counter_deliver(counter, &events[0]);
	counter_deliver(counter, &events[1]);
	counter_deliver(counter, &events[3]);
	counter_restart(counter);
	assert_int_equal(sequence_of(counter), 2);
	counter_say_up(counter);
	struct sf_frame hello = counter_hello(counter);
	counter_say(counter, &hello);
	counter_deliver(counter, &events[2]);
	assert_int_equal(sequence_of(counter), EVENT_COUNT);
	assert_int_equal(offers_of(counter), 2);
	assert_int_equal(alarms(counter), 0);
}

/* A coordinator that shows two histories of one transition is not followed silently. */
static void test_previous_head_of_another_history_is_an_alarm(void **state)
{
	struct counter *counter = *state;
	struct counter_item events[EVENT_COUNT];
	make_events(counter, events);
	counter_deliver(counter, &events[0]);
	events[1].receipt.previous_head.bytes[0] ^= 1;
	counter_deliver(counter, &events[1]);
	assert_int_equal(alarms(counter), 1);
	assert_int_equal(sequence_of(counter), 2);
}

/* The coordinator's record rules, and a person must look. */
static void test_other_outcome_than_computed_here_is_an_alarm(void **state)
{
	struct counter *counter = *state;
	struct counter_item events[EVENT_COUNT];
	make_events(counter, events);
	counter_deliver(counter, &events[0]);
	events[1].receipt.outcome = SF_OUTCOME_DEVIATION;
	events[1].receipt.code = SF_DEVIATION_LATE_FACT;
	counter_deliver(counter, &events[1]);
	assert_int_equal(alarms(counter), 1);
	assert_int_equal(sequence_of(counter), 2);
}

static void test_refused_from_outside_takes_a_number_alone(void **state)
{
	struct counter *counter = *state;
	struct counter_item events[EVENT_COUNT];
	make_events(counter, events);
	counter_deliver(counter, &events[0]);
	events[1].receipt.outcome = SF_OUTCOME_REFUSED;
	events[1].receipt.code = SF_REFUSAL_CONTENT_CONFLICT;
	counter_deliver(counter, &events[1]);
	assert_int_equal(alarms(counter), 0);
	assert_int_equal(sequence_of(counter), 2);
	const struct sf_transition *transition = NULL;
	assert_int_equal(
		sf_node_replica(counter->node, counter->desk->transition, &transition, NULL),
		SF_OK);
	assert_int_equal(sf_transition_stay(transition)->state, SF_STAY_NONE);
}

static void test_transition_nobody_told_of_is_none(void **state)
{
	struct counter *counter = *state;
	const struct sf_transition *transition = NULL;
	assert_int_equal(
		sf_node_replica(counter->node, desk_id(counter->desk), &transition, NULL), SF_OK);
	assert_null(transition);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, counter_open, counter_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_events_in_order_are_applied_at_once),
		TEST(test_gap_waits_and_is_filled),
		TEST(test_event_seen_before_changes_nothing),
		TEST(test_restarted_node_folds_the_same_from_its_store),
		TEST(test_previous_head_of_another_history_is_an_alarm),
		TEST(test_other_outcome_than_computed_here_is_an_alarm),
		TEST(test_refused_from_outside_takes_a_number_alone),
		TEST(test_transition_nobody_told_of_is_none),
	};
	return cmocka_run_group_tests_name("node/replica", tests, NULL, NULL);
}
