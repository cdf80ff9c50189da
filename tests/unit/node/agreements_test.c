/* What a node knows of agreements, and whom it believes (DOMAIN.md section 7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/node/counter.h"
#include "unit/node/terms.h"

static struct sf_digest ruling(struct sf_sim_machine *machine)
{
	struct sf_digest digest;
	assert_int_equal(sf_node_ruling_agreement(machine->node, &digest, NULL), SF_OK);
	return digest;
}

static bool is_accepted(struct sf_sim_machine *at, const char *name, struct sf_id party)
{
	const struct sf_agreement *agreement = sf_book_find(at->node->book, name);
	assert_non_null(agreement);
	return sf_agreement_accepted(
		sf_book_view(at->node->book), &agreement->digest, party, INT64_MAX - 1);
}

static void test_signatures_reach_everybody_and_survive_a_restart(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	struct sf_sim_machine *nodes[] = {region->hospital, region->municipality, region->gp};
	for (int round = 0; round < 2; round++) {
		for (size_t at = 0; at < SF_COUNT(nodes); at++)
			for (size_t of = 0; of < SF_COUNT(nodes); of++)
				assert_true(is_accepted(nodes[at], "terms", nodes[of]->party));
		for (size_t i = 0; i < SF_COUNT(nodes) && round == 0; i++) {
			assert_int_equal(sf_node_counters(nodes[i]->node).alarms, 0);
			sf_sim_power_off(nodes[i]);
			sf_sim_power_on(nodes[i]);
		}
	}
}

static void test_configured_text_rules_until_one_is_signed(void **state)
{
	struct region *region = *state;
	struct sf_digest configured = ruling(region->hospital);
	assert_string_equal(sf_book_find(region->hospital->node->book, "fixture")->name, "fixture");
	assert_true(sf_digest_equal(
		&configured, &sf_book_find(region->hospital->node->book, "fixture")->digest));
	struct sf_request propose = {
		.kind = SF_REQUEST_PROPOSE, .propose = {terms_text(region, 1)}};
	region_get(region, region->municipality, propose, SF_REPLY_SAID);
	/* Proposed by another, and here not signed: it does not rule. */
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_digest after = ruling(region->hospital);
	assert_true(sf_digest_equal(&after, &configured));
	struct sf_request sign = {
		.kind = SF_REQUEST_SIGN_AGREEMENT, .sign_agreement = {"terms", false, ""}};
	region_get(region, region->hospital, sign, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	after = ruling(region->hospital);
	assert_false(sf_digest_equal(&after, &configured));
	/* A new transition begins with it. */
	struct sf_id id = region_send(region, "STIN_H").transition;
	region_run(region, 5 * SF_SECOND_MS);
	assert_string_equal(
		sf_transition_agreement(terms_replica(region->hospital, id))->name, "terms");
}

/* The text must be at the coordinator before the fact that names it, also over a cut link. */
static void test_proposal_without_a_link_is_made_later(void **state)
{
	struct region *region = *state;
	sf_sim_part(region->hospital, true);
	region_run(region, SF_MINUTE_MS);
	struct sf_request propose = {
		.kind = SF_REQUEST_PROPOSE, .propose = {terms_text(region, 1)}};
	region_get(region, region->hospital, propose, SF_REPLY_SAID);
	assert_false(is_accepted(region->hospital, "terms", region->hospital->party));
	struct sf_digest before = ruling(region->hospital);
	assert_string_equal(
		sf_agreement_find(sf_book_view(region->hospital->node->book), &before)->name,
		"fixture");
	sf_sim_power_off(region->hospital);
	sf_sim_power_on(region->hospital);
	sf_sim_part(region->hospital, false);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_true(is_accepted(region->hospital, "terms", region->hospital->party));
	assert_true(is_accepted(region->gp, "terms", region->hospital->party));
}

static struct counter_item propose_item(struct counter *counter, struct sf_sim_machine *author)
{
	struct desk *desk = counter->desk;
	struct desk_letter letter = desk_letter(desk, author, SF_KIND_AGREEMENT_PROPOSE);
	letter.message.transition = (struct sf_id){{0}};
	letter.message.recipient_count = 0;
	sf_book_digest(&counter->node->ports.crypto, sf_buf_view(&desk->world.agreement),
		&letter.message.fact.agreement.agreement);
	struct counter_item item = counter_item(counter, &letter, 0);
	item.receipt.previous_head = (struct sf_digest){{0}};
	item.cover = true;
	return item;
}

static void say_statement(struct counter *counter, const struct counter_item *item)
{
	const struct sf_view text = sf_buf_view(&counter->desk->world.agreement);
	const struct sf_item statement = counter_sign(counter, item);
	const struct sf_frame frame = {.kind = SF_FRAME_AGREEMENTS,
		.count = 1,
		.records = &text,
		.statement_count = 1,
		.statements = &statement};
	counter_say(counter, &frame);
	counter_turn(counter);
}

static size_t acceptances(const struct counter *counter)
{
	return sf_book_view(counter->node->book)->acceptance_count;
}

static void test_statement_with_its_proof_counts_once(void **state)
{
	struct counter *counter = *state;
	struct counter_item item = propose_item(counter, counter->desk->hospital);
	say_statement(counter, &item);
	say_statement(counter, &item);
	assert_int_equal(acceptances(counter), 1);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_statement), 1);
	assert_int_equal(sf_node_counters(counter->node).alarms, 0);
	counter_restart(counter);
	assert_int_equal(acceptances(counter), 1);
}

static void test_statement_that_does_not_hold_is_an_alarm(void **state)
{
	struct counter *counter = *state;
	struct counter_item item = propose_item(counter, counter->desk->hospital);
	item.signer = counter->desk->hospital; /* a receipt that the coordinator did not sign */
	say_statement(counter, &item);
	item = propose_item(counter, counter->desk->hospital);
	item.receipt.digest.bytes[0] ^= 1; /* of another envelope */
	say_statement(counter, &item);
	item = propose_item(counter, counter->desk->hospital);
	item.receipt.sequence = 4; /* of a transition */
	say_statement(counter, &item);
	assert_int_equal(acceptances(counter), 0);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_statement), 0);
	assert_int_equal(sf_node_counters(counter->node).alarms, 3);
}

static void test_refused_statement_is_kept_and_does_not_count(void **state)
{
	struct counter *counter = *state;
	struct counter_item item = propose_item(counter, counter->desk->hospital);
	item.receipt.outcome = SF_OUTCOME_REFUSED;
	item.receipt.code = SF_REFUSAL_AGREEMENT_UNKNOWN;
	say_statement(counter, &item);
	assert_int_equal(acceptances(counter), 0);
	assert_int_equal(sf_memory_count(counter->side->memory, &sf_node_table_statement), 1);
	counter_restart(counter);
	assert_int_equal(acceptances(counter), 0);
}

/* WIRE section 1: a party's fact is not believed under the coordinator's key, nor the other way. */
static void test_statement_under_another_key_is_not_believed(void **state)
{
	struct counter *counter = *state;
	struct counter_item item = propose_item(counter, counter->desk->coordinator);
	say_statement(counter, &item);
	assert_int_equal(acceptances(counter), 0);
	assert_int_equal(sf_node_counters(counter->node).alarms, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)
#define ALONE(name) cmocka_unit_test_setup_teardown(name, counter_open, counter_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_signatures_reach_everybody_and_survive_a_restart),
		TEST(test_configured_text_rules_until_one_is_signed),
		TEST(test_proposal_without_a_link_is_made_later),
		ALONE(test_statement_with_its_proof_counts_once),
		ALONE(test_statement_that_does_not_hold_is_an_alarm),
		ALONE(test_refused_statement_is_kept_and_does_not_count),
		ALONE(test_statement_under_another_key_is_not_believed),
	};
	return cmocka_run_group_tests_name("node/agreements", tests, NULL, NULL);
}
