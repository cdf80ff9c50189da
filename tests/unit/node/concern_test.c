/* Whom a fact concerns when nobody is named, and what it answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/concern.h"
#include "unit/node/terms.h"

#define HOSPITAL 1u
#define MUNICIPALITY 2u
#define GP 4u

static unsigned recipients(const struct region *region, const struct sf_message *message)
{
	const struct sf_sim_machine *machines[] = {
		region->hospital, region->municipality, region->gp};
	unsigned set = 0;
	for (size_t i = 0; i < message->recipient_count; i++)
		for (unsigned m = 0; m < SF_COUNT(machines); m++)
			if (sf_id_equal(message->recipients[i], machines[m]->party))
				set |= 1u << m;
	return set;
}

static void test_facts_go_to_whom_they_concern(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	struct sf_fact task = {.kind = SF_KIND_OBLIGATION,
		.obligation = {
			.action = SF_TASK_REQUEST, .duty = SF_DUTY_GP_REVIEW, .owner = SF_ROLE_GP}};
	struct sf_id asked = terms_said(region, region->municipality, id, &task);
	const struct {
		const struct sf_sim_machine *author;
		struct sf_fact fact;
		unsigned expected;
	} cases[] = {
		{region->hospital, {.kind = SF_KIND_PLAN}, MUNICIPALITY},
		{region->hospital, {.kind = SF_KIND_READY}, MUNICIPALITY},
		{region->hospital, {.kind = SF_KIND_AGREE}, MUNICIPALITY},
		{region->municipality, {.kind = SF_KIND_AGREE}, HOSPITAL},
		{region->municipality, {.kind = SF_KIND_PLAN_ANSWER}, HOSPITAL},
		{region->municipality, {.kind = SF_KIND_ARRIVED}, HOSPITAL},
		{region->municipality, {.kind = SF_KIND_QUESTION, .question = {.to = SF_ROLE_GP}},
			GP},
		{region->municipality,
			{.kind = SF_KIND_QUESTION, .question = {.to = SF_ROLE_CARE_HOME}}, 0},
		{region->hospital,
			{.kind = SF_KIND_LETTER, .letter = {.code = SF_LETTER_DISCHARGE_LETTER}},
			GP},
		{region->hospital,
			{.kind = SF_KIND_LETTER, .letter = {.code = SF_LETTER_CARE_PLAN}},
			MUNICIPALITY},
		{region->municipality,
			{.kind = SF_KIND_LETTER, .letter = {.code = SF_LETTER_ADMISSION_REPORT}},
			HOSPITAL},
		{region->gp, {.kind = SF_KIND_LETTER, .letter = {.code = SF_LETTER_CORRESPONDENCE}},
			HOSPITAL | MUNICIPALITY},
		{region->hospital, task, GP},
		{region->gp,
			{.kind = SF_KIND_OBLIGATION,
				.obligation = {.action = SF_TASK_ACCEPT, .subject = asked}},
			MUNICIPALITY},
		{region->municipality,
			{.kind = SF_KIND_OBLIGATION,
				.obligation = {.action = SF_TASK_START, .duty = SF_DUTY_NURSING}},
			HOSPITAL},
		{region->gp, {.kind = SF_KIND_DISPUTE}, HOSPITAL | MUNICIPALITY},
		{region->municipality, {.kind = SF_KIND_CLOSE}, HOSPITAL | GP},
	};
	const struct sf_transition *transition = terms_replica(region->hospital, id);
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct sf_message message = {
			.author = cases[i].author->party, .fact = cases[i].fact};
		sf_concern_recipients(transition, &message);
		assert_int_equal(recipients(region, &message), cases[i].expected);
	}
}

static void test_recipients_are_distinct_and_without_the_author(void **state)
{
	(void)state;
	struct sf_message message = {.author = {{1}}};
	sf_concern_add(&message, (struct sf_id){{1}});
	sf_concern_add(&message, (struct sf_id){{0}});
	sf_concern_add(&message, (struct sf_id){{2}});
	sf_concern_add(&message, (struct sf_id){{2}});
	assert_int_equal(message.recipient_count, 1);
	for (uint8_t i = 3; i < 60; i++)
		sf_concern_add(&message, (struct sf_id){{i}});
	assert_int_equal(message.recipient_count, SF_RECIPIENT_COUNT_MAX);
}

static void test_open_dispute_is_what_is_resolved(void **state)
{
	struct region *region = *state;
	struct sf_id id = region_discharge(region).transition;
	struct sf_message message = {
		.author = region->hospital->party, .fact = {.kind = SF_KIND_RESOLVE}};
	assert_true(sf_concern_in_reply_to(terms_replica(region->hospital, id), &message));
	assert_true(sf_id_is_none(message.in_reply_to));
	struct sf_fact dispute = {.kind = SF_KIND_DISPUTE, .dispute = {SF_DISPUTE_CONTENT}};
	struct sf_id first = terms_said(region, region->municipality, id, &dispute);
	assert_true(sf_concern_in_reply_to(terms_replica(region->hospital, id), &message));
	assert_true(sf_id_equal(message.in_reply_to, first));
	terms_said(region, region->gp, id, &dispute);
	message.in_reply_to = (struct sf_id){{0}};
	assert_false(sf_concern_in_reply_to(terms_replica(region->hospital, id), &message));
	/* Which one is named is what is meant. */
	message.in_reply_to = first;
	assert_true(sf_concern_in_reply_to(terms_replica(region->hospital, id), &message));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_facts_go_to_whom_they_concern),
		cmocka_unit_test(test_recipients_are_distinct_and_without_the_author),
		TEST(test_open_dispute_is_what_is_resolved),
	};
	return cmocka_run_group_tests_name("node/concern", tests, NULL, NULL);
}
