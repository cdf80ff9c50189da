#include "unit/node/terms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "wire/fact.h"
#include "wire/record.h"

static struct sf_deadline after(enum sf_deadline_rule rule, int32_t amount)
{
	return (struct sf_deadline){.part_count = 1, .parts = {{rule, amount, 0, -1}}};
}

static void name_clause(struct sf_clause *clause, const char *name, const char *citation)
{
	snprintf(clause->name, sizeof(clause->name), "%s", name);
	snprintf(clause->citation, sizeof(clause->citation), "%s", citation);
	snprintf(clause->source, sizeof(clause->source), "made for a test");
}

static void fill_pathway(struct sf_pathway_terms *terms)
{
	const struct sf_trigger home = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0};
	terms->pathway = SF_PATHWAY_SOMATIC;
	terms->expectation_count = 1;
	terms->expectations[0] = (struct sf_expectation){
		.arises_on = home,
		.owner = SF_ROLE_HOSPITAL,
		.met_by = {SF_KIND_LETTER, SF_LETTER_DISCHARGE_LETTER, 0},
		.due = after(SF_DEADLINE_MINUTES, 24 * 60),
		.rung_count = 1,
		.rungs = {SF_RUNG_BOTH},
	};
	name_clause(&terms->expectations[0].clause, "discharge-letter", "5.1");
	terms->window_count = 1;
	terms->windows[0] = (struct sf_window_clause){
		.domain = SF_DOMAIN_MEDICAL,
		.starts_on = home,
		.length = after(SF_DEADLINE_MINUTES, 72 * 60),
		.holder = SF_ROLE_HOSPITAL,
		.then = SF_ROLE_GP,
	};
	name_clause(&terms->windows[0].clause, "extended-responsibility", "72");
	terms->handover_count = 1;
	terms->handovers[0] = (struct sf_handover){
		.on = home,
		.offers = SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION),
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS,
	};
	name_clause(&terms->receiver.clause, "receiver", "1");
	terms->receiver.role = SF_ROLE_GP;
}

struct sf_view terms_text(struct region *region, uint32_t version)
{
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	assert_non_null(agreement);
	*agreement = (struct sf_agreement){.name = "terms",
		.version = version,
		.time_zone = "Europe/Copenhagen",
		.cut_off_minute = -1,
		.pathway_count = 1};
	fill_pathway(&agreement->pathways[0]);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	assert_int_equal(sf_agreement_encode(agreement, &bytes), SF_OK);
	struct sf_view kept = sf_arena_copy(&region->arena, sf_buf_view(&bytes));
	assert_non_null(kept.data);
	sf_buf_fini(&bytes);
	free(agreement);
	return kept;
}

void terms_sign(struct region *region)
{
	struct sf_request propose = {
		.kind = SF_REQUEST_PROPOSE, .propose = {terms_text(region, 1)}};
	region_get(region, region->hospital, propose, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	struct sf_request sign = {
		.kind = SF_REQUEST_SIGN_AGREEMENT, .sign_agreement = {"terms", false, ""}};
	region_get(region, region->municipality, sign, SF_REPLY_SAID);
	region_get(region, region->gp, sign, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
}

struct sf_request terms_say(
	struct region *region, struct sf_id transition, const struct sf_fact *fact)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_HEADER_SIZE_MAX);
	assert_int_equal(sf_fact_encode(fact, &bytes), SF_OK);
	struct sf_view kept = sf_arena_copy(&region->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return (struct sf_request){.kind = SF_REQUEST_SAY,
		.say = {.transition = transition,
			.fact = kept,
			.kind = fact->kind,
			.to_party = "",
			.content_type = "",
			.contact_name = "",
			.contact_telephone = ""}};
}

struct sf_id terms_said(struct region *region, struct sf_sim_machine *machine,
	struct sf_id transition, const struct sf_fact *fact)
{
	struct sf_request request = terms_say(region, transition, fact);
	struct sf_reply reply = region_get(region, machine, request, SF_REPLY_SAID);
	region_run(region, 5 * SF_SECOND_MS);
	return reply.said.message;
}

void terms_refused(struct region *region, struct sf_sim_machine *machine, struct sf_request request,
	uint32_t refusal)
{
	uint64_t sent = sf_node_counters(machine->node).sent;
	struct sf_reply reply = region_ask(region, machine, request);
	assert_int_equal(reply.err, SF_ERR_REFUSED);
	assert_int_equal(reply.refusal, refusal);
	assert_string_equal(reply.text, sf_refusal_text((uint16_t)refusal));
	assert_int_equal(sf_node_counters(machine->node).sent, sent);
}

void terms_not_done(struct region *region, struct sf_sim_machine *machine,
	struct sf_request request, enum sf_err err)
{
	uint64_t sent = sf_node_counters(machine->node).sent;
	struct sf_reply reply = region_ask(region, machine, request);
	assert_int_equal(reply.err, err);
	assert_true(strlen(reply.text) > 0);
	assert_int_equal(sf_node_counters(machine->node).sent, sent);
}

const struct sf_transition *terms_replica(struct sf_sim_machine *machine, struct sf_id transition)
{
	const struct sf_transition *replica = NULL;
	assert_int_equal(sf_node_replica(machine->node, transition, &replica, NULL), SF_OK);
	assert_non_null(replica);
	return replica;
}
