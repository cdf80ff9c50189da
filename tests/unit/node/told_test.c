/* A party that gets covers alone says that it has seen what starts a clause's clock (R8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "node/tables.h"
#include "unit/node/terms.h"

static size_t told_count(const struct sf_sim_machine *machine)
{
	return sf_memory_count(machine->memory, &sf_node_table_told);
}

static void test_practice_acknowledges_the_cover_and_gets_medical(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	struct sf_reply_sent sent = region_discharge(region);
	assert_int_equal(
		sf_transition_acknowledged(terms_replica(region->hospital, sent.transition),
			sent.message, region->gp->party),
		SF_ACK_OK);
	assert_int_equal(told_count(region->gp), 1);
	region_run(region, 3 * SF_DAY_MS + SF_HOUR_MS);
	struct sf_sim_machine *nodes[] = {region->hospital, region->municipality, region->gp};
	for (size_t i = 0; i < SF_COUNT(nodes); i++) {
		assert_true(
			sf_id_equal(sf_transition_holder(terms_replica(nodes[i], sent.transition),
					    SF_DOMAIN_MEDICAL),
				region->gp->party));
		assert_int_equal(sf_node_counters(nodes[i]->node).alarms, 0);
	}
}

static void test_it_is_said_once_and_stays_said(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	sf_sim_part(region->gp, true);
	struct sf_reply_sent sent = region_discharge(region);
	assert_int_equal(
		sf_transition_acknowledged(terms_replica(region->hospital, sent.transition),
			sent.message, region->gp->party),
		SF_ACK_NONE);
	sf_sim_part(region->gp, false);
	region_run(region, 2 * SF_MINUTE_MS);
	uint64_t acknowledged = sf_node_counters(region->gp->node).sent;
	assert_int_equal(told_count(region->gp), 1);
	sf_sim_power_off(region->gp);
	sf_sim_power_on(region->gp);
	struct sf_fact fact = {
		.kind = SF_KIND_FALLBACK, .fallback = {SF_ROLE_GP, region->world.now_ms}};
	terms_said(region, region->hospital, sent.transition, &fact);
	region_run(region, 2 * SF_MINUTE_MS);
	assert_int_equal(told_count(region->gp), 1);
	assert_int_equal(sf_node_counters(region->gp->node).sent, 0); /* since the restart */
	assert_true(acknowledged >= 1);
}

/* The municipality got the letter itself and has answered that. */
static void test_letter_that_was_answered_is_not_answered_again(void **state)
{
	struct region *region = *state;
	terms_sign(region);
	region_discharge(region);
	assert_int_equal(told_count(region->municipality), 0);
	assert_int_equal(told_count(region->hospital), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_practice_acknowledges_the_cover_and_gets_medical),
		TEST(test_it_is_said_once_and_stays_said),
		TEST(test_letter_that_was_answered_is_not_answered_again),
	};
	return cmocka_run_group_tests_name("node/told", tests, NULL, NULL);
}
