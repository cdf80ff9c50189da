/* People answer; mistakes are told at once (DOMAIN.md section 5, R3, R4 and R9). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "core/refusal.h"
#include "unit/node/region.h"

#define CARE SF_DOMAIN_BIT(SF_DOMAIN_CARE)
#define MEDICATION SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION)

static void expect_refusal(struct region *region, struct sf_sim_machine *machine,
	struct sf_request request, uint32_t refusal)
{
	uint64_t sent = sf_node_counters(machine->node).sent;
	struct sf_reply reply = region_ask(region, machine, request);
	assert_int_equal(reply.err, SF_ERR_REFUSED);
	assert_int_equal(reply.refusal, refusal);
	assert_string_equal(reply.text, sf_refusal_text((uint16_t)refusal));
	assert_int_equal(sf_node_counters(machine->node).sent, sent);
}

static void expect_not_found(
	struct region *region, struct sf_sim_machine *machine, struct sf_request request)
{
	struct sf_reply reply = region_ask(region, machine, request);
	assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
	assert_int_equal(reply.refusal, 0);
}

static struct sf_id say(
	struct region *region, struct sf_sim_machine *machine, struct sf_request request)
{
	struct sf_reply reply = region_get(region, machine, request, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	return reply.said.message;
}

static struct sf_request accept(struct sf_id id, sf_domain_set domains)
{
	return (struct sf_request){
		.kind = SF_REQUEST_ACCEPT, .accept = {.id = id, .domains = domains}};
}

static struct sf_request refuse(struct sf_id id, enum sf_role role, const char *party)
{
	return (struct sf_request){.kind = SF_REQUEST_REFUSE,
		.refuse = {.id = id, .refer_to_role = role, .refer_to_party = party}};
}

static struct sf_request offer(struct sf_id transition, sf_domain_set domains, enum sf_role to)
{
	return (struct sf_request){.kind = SF_REQUEST_OFFER, .offer = {transition, domains, to}};
}

static struct sf_request withdraw(struct sf_id message)
{
	return (struct sf_request){.kind = SF_REQUEST_WITHDRAW, .withdraw = {message, 0}};
}

static struct sf_id holder(struct region *region, struct sf_sim_machine *machine, struct sf_id id,
	enum sf_domain domain)
{
	(void)region;
	const struct sf_transition *transition = NULL;
	assert_int_equal(sf_node_replica(machine->node, id, &transition, NULL), SF_OK);
	assert_non_null(transition);
	return sf_transition_holder(transition, domain);
}

static void test_accepted_offer_moves_the_domains_everywhere(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	say(region, region->municipality, accept(sent.transition, 0));
	struct sf_sim_machine *machines[] = {region->hospital, region->municipality};
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		assert_true(
			sf_id_equal(holder(region, machines[i], sent.transition, SF_DOMAIN_CARE),
				region->municipality->party));
		assert_true(
			sf_id_equal(holder(region, machines[i], sent.transition, SF_DOMAIN_MEDICAL),
				region->hospital->party));
	}
}

static void test_only_who_is_offered_can_accept(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	expect_refusal(
		region, region->hospital, accept(sent.message, 0), SF_REFUSAL_NOT_OFFERED_TO_YOU);
	expect_refusal(
		region, region->hospital, accept(sent.transition, 0), SF_REFUSAL_OFFER_UNKNOWN);
	expect_refusal(region, region->gp, accept(sent.message, 0), SF_REFUSAL_NOT_OFFERED_TO_YOU);
}

static void test_ids_nobody_knows_are_not_found(void **state)
{
	struct region *region = *state;
	struct sf_id unknown = {{0xee}};
	expect_not_found(region, region->municipality, accept(unknown, 0));
	expect_not_found(region, region->municipality, refuse(unknown, SF_ROLE_GP, ""));
	expect_not_found(region, region->municipality, offer(unknown, CARE, SF_ROLE_GP));
	expect_not_found(region, region->municipality, withdraw(unknown));
}

static void test_domains_that_are_not_offered_cannot_be_accepted(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	expect_refusal(region, region->municipality,
		accept(sent.message, CARE | SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL)), SF_REFUSAL_DOMAINS);
	struct sf_reply reply =
		region_get(region, region->municipality, accept(sent.message, CARE), SF_REPLY_SAID);
	assert_int_equal(reply.said.domains, CARE);
	region_run(region, 5 * SF_SECOND_MS);
	assert_true(sf_id_equal(holder(region, region->hospital, sent.transition, SF_DOMAIN_CARE),
		region->municipality->party));
	assert_true(
		sf_id_equal(holder(region, region->hospital, sent.transition, SF_DOMAIN_MEDICATION),
			region->hospital->party));
}

static void test_offer_is_answered_once(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	say(region, region->municipality, accept(sent.message, 0));
	expect_refusal(
		region, region->municipality, accept(sent.message, 0), SF_REFUSAL_OFFER_CLOSED);
	expect_refusal(region, region->municipality, refuse(sent.message, SF_ROLE_GP, ""),
		SF_REFUSAL_OFFER_CLOSED);
}

/* R4: a refusal says where to, and leaves the holder. */
static void test_refusal_needs_a_direction_and_moves_nothing(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	expect_refusal(region, region->municipality, refuse(sent.message, SF_ROLE_NONE, ""),
		SF_REFUSAL_NO_DIRECTION);
	expect_refusal(region, region->municipality, refuse(sent.message, SF_ROLE_NONE, NULL),
		SF_REFUSAL_NO_DIRECTION);
	expect_not_found(
		region, region->municipality, refuse(sent.message, SF_ROLE_NONE, "nobody"));
	say(region, region->municipality, refuse(sent.message, SF_ROLE_NONE, "gp 0"));
	assert_true(
		sf_id_equal(holder(region, region->municipality, sent.transition, SF_DOMAIN_CARE),
			region->hospital->party));
}

static void test_only_the_holder_offers_and_not_to_itself(void **state)
{
	struct region *region = *state;
	region_send(region, "STIN_H");
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request inbox = {.kind = SF_REQUEST_INBOX};
	struct sf_id id = region_get(region, region->municipality, inbox, SF_REPLY_INBOX)
				  .inbox.rows[0]
				  .transition;
	expect_refusal(
		region, region->municipality, offer(id, CARE, SF_ROLE_GP), SF_REFUSAL_NOT_HOLDER);
	expect_refusal(
		region, region->hospital, offer(id, 0, SF_ROLE_MUNICIPALITY), SF_REFUSAL_DOMAINS);
	expect_refusal(region, region->hospital,
		offer(id, SF_DOMAIN_BIT(SF_DOMAIN_REHABILITATION), SF_ROLE_MUNICIPALITY),
		SF_REFUSAL_DOMAINS);
	expect_refusal(
		region, region->hospital, offer(id, CARE, SF_ROLE_HOSPITAL), SF_REFUSAL_SELF);
	struct sf_id offered = say(region, region->hospital, offer(id, CARE, SF_ROLE_MUNICIPALITY));
	say(region, region->municipality, accept(offered, 0));
	assert_true(sf_id_equal(
		holder(region, region->hospital, id, SF_DOMAIN_CARE), region->municipality->party));
	expect_refusal(
		region, region->hospital, offer(id, CARE, SF_ROLE_GP), SF_REFUSAL_NOT_HOLDER);
}

static void test_several_open_offers_must_be_named(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_id offered = say(region, region->hospital,
		offer(sent.transition, SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL), SF_ROLE_MUNICIPALITY));
	struct sf_reply reply =
		region_ask(region, region->municipality, accept(sent.transition, 0));
	assert_int_equal(reply.err, SF_ERR_CONFLICT);
	say(region, region->municipality, accept(offered, 0));
	say(region, region->municipality, accept(sent.transition, 0));
	assert_true(sf_id_equal(holder(region, region->hospital, sent.transition, SF_DOMAIN_SOCIAL),
		region->municipality->party));
}

static void test_own_offer_is_taken_back_while_it_is_open(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_id offered = say(region, region->hospital,
		offer(sent.transition, SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL), SF_ROLE_MUNICIPALITY));
	/* It is not the municipality's to take back. */
	expect_refusal(region, region->municipality, withdraw(offered), SF_REFUSAL_OFFER_UNKNOWN);
	say(region, region->hospital, withdraw(offered));
	expect_refusal(region, region->municipality, accept(offered, 0), SF_REFUSAL_OFFER_CLOSED);
	expect_refusal(region, region->hospital, withdraw(offered), SF_REFUSAL_OFFER_CLOSED);
}

/* R9: the taker holds until another accepts. */
static void test_acceptance_can_be_asked_back(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	struct sf_id accepted = say(region, region->municipality, accept(sent.message, 0));
	expect_refusal(region, region->hospital, withdraw(accepted), SF_REFUSAL_OFFER_UNKNOWN);
	say(region, region->municipality, withdraw(accepted));
	assert_true(sf_id_equal(holder(region, region->hospital, sent.transition, SF_DOMAIN_CARE),
		region->municipality->party));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_accepted_offer_moves_the_domains_everywhere),
		TEST(test_only_who_is_offered_can_accept),
		TEST(test_ids_nobody_knows_are_not_found),
		TEST(test_domains_that_are_not_offered_cannot_be_accepted),
		TEST(test_offer_is_answered_once),
		TEST(test_refusal_needs_a_direction_and_moves_nothing),
		TEST(test_only_the_holder_offers_and_not_to_itself),
		TEST(test_several_open_offers_must_be_named),
		TEST(test_own_offer_is_taken_back_while_it_is_open),
		TEST(test_acceptance_can_be_asked_back),
	};
	return cmocka_run_group_tests_name("node/answer", tests, NULL, NULL);
}
