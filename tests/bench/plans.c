#include "bench/plans.h"

#include <stdio.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/time.h"
#include "core/derived.h"

static const struct sf_id hospital = {{1}}, municipality = {{2}}, practice = {{3}};

static struct sf_expectation expects(const char *name, struct sf_trigger on, struct sf_trigger met,
	enum sf_role owner, int32_t minutes)
{
	struct sf_expectation expectation = {.arises_on = on,
		.owner = owner,
		.met_by = met,
		.due = {1, {{SF_DEADLINE_MINUTES, minutes, 0, -1}}},
		.rung_count = 1,
		.rungs = {SF_RUNG_OWNER}};
	snprintf(expectation.clause.name, sizeof(expectation.clause.name), "%s", name);
	return expectation;
}

void sf_bench_terms_init(struct sf_bench_terms *terms)
{
	const struct sf_trigger home = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0};
	struct sf_agreement *agreement = &terms->agreement;
	*agreement =
		(struct sf_agreement){.digest = {{9}}, .cut_off_minute = -1, .pathway_count = 1};
	struct sf_pathway_terms *pathway = &agreement->pathways[0];
	pathway->pathway = SF_PATHWAY_SOMATIC;
	pathway->expectation_count = 3;
	pathway->expectations[0] = expects("plan-answer", (struct sf_trigger){SF_KIND_PLAN, 0, 0},
		(struct sf_trigger){SF_KIND_PLAN_ANSWER, 0, 0}, SF_ROLE_MUNICIPALITY, 1440);
	pathway->expectations[1] = expects("care-accepted", home,
		(struct sf_trigger){SF_KIND_ACCEPT, SF_DOMAIN_CARE + 1, 0}, SF_ROLE_MUNICIPALITY,
		240);
	pathway->expectations[2] = expects("discharge-letter", home,
		(struct sf_trigger){SF_KIND_LETTER, SF_LETTER_DISCHARGE_LETTER, 0},
		SF_ROLE_HOSPITAL, 1440);
	pathway->handover_count = 1;
	pathway->handovers[0] = (struct sf_handover){.on = home,
		.offers = SF_DOMAIN_BIT(SF_DOMAIN_CARE),
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS};
	terms->agreements[0] = agreement;
	const struct sf_id parties[] = {hospital, municipality, practice};
	for (size_t i = 0; i < SF_COUNT(parties); i++)
		terms->acceptances[i] =
			(struct sf_acceptance){agreement->digest, parties[i], 0, INT64_MAX};
	terms->book = (struct sf_agreement_book){
		terms->agreements, 1, terms->acceptances, SF_COUNT(terms->acceptances)};
}

/* Odd factors permute: no two places share a number, and neighbours are far apart. */
static uint64_t scatter(size_t place)
{
	return (uint64_t)place * UINT64_C(0x9E3779B97F4A7C15);
}

struct sf_id sf_bench_transition_id(size_t place, size_t round)
{
	int64_t opened_ms = SF_BENCH_PLANS_START_MS + (int64_t)((round << 24) + place);
	uint8_t chance[10] = {0};
	sf_put_u64(chance, scatter(place));
	return sf_id_timed(opened_ms, chance);
}

size_t sf_bench_first_length(size_t place)
{
	return (size_t)((scatter(place) >> 32) % SF_BENCH_EVENTS_MAX);
}

static void write_opening(
	const struct sf_bench_terms *terms, size_t index, struct sf_message *message)
{
	if (index == 0) {
		message->fact.kind = SF_KIND_PARTIES;
		message->fact.parties = (struct sf_parties){.version = 1,
			.pathway = SF_PATHWAY_SOMATIC,
			.agreement = terms->agreement.digest,
			.binding_count = 3,
			.bindings = {{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, hospital},
				{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, municipality},
				{SF_ROLE_GP, SF_BINDING_PARTY, practice}}};
		return;
	}
	message->fact.kind = SF_KIND_STAY;
	message->fact.stay = (struct sf_stay_fact){SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_NEW,
		SF_STAY_CLASS_INPATIENT, SF_BENCH_PLANS_START_MS, false};
}

void sf_bench_event(const struct sf_bench_terms *terms, struct sf_id transition, size_t index,
	struct sf_message *ret_message)
{
	int64_t at_ms = SF_BENCH_PLANS_START_MS + (int64_t)index * SF_MINUTE_MS;
	int64_t day_ms = SF_BENCH_PLANS_START_MS + SF_DAY_MS;
	*ret_message = (struct sf_message){.format = 1,
		.id = transition,
		.transition = transition,
		.author = hospital,
		.author_sequence = index + 1,
		.recipient_count = 1,
		.recipients = {municipality},
		.occurred_ms = at_ms,
		.created_ms = at_ms};
	ret_message->id.bytes[SF_ID_SIZE - 1] = (uint8_t)(index + 1);
	if (index < 2) {
		write_opening(terms, index, ret_message);
	} else if (index % 2 == 0) {
		ret_message->fact.kind = SF_KIND_PLAN;
		ret_message->fact.plan = (struct sf_plan){(uint32_t)index,
			{day_ms, day_ms, SF_CONFIDENCE_LOW}, {day_ms, day_ms, SF_CONFIDENCE_LOW}};
	} else {
		ret_message->author = municipality;
		ret_message->recipients[0] = hospital;
		ret_message->fact.kind = SF_KIND_PLAN_ANSWER;
		ret_message->fact.plan_answer = (struct sf_plan_answer){
			.code = SF_PLAN_ANSWER_ACCEPT, .ready_from_ms = day_ms};
	}
}

void sf_bench_step(struct sf_transition *transition, const struct sf_message *message, size_t index)
{
	const struct sf_event event = {message, SF_CLASS_FACT, index + 1,
		SF_BENCH_PLANS_START_MS + (int64_t)index * SF_MINUTE_MS,
		sf_id_equal(message->author, hospital) ? SF_ROLE_HOSPITAL : SF_ROLE_MUNICIPALITY};
	struct sf_transition_result result;
	SF_ASSERT(!sf_transition_step(transition, &event, &result));
	SF_ASSERT(result.outcome == SF_OUTCOME_APPLIED);
	enum sf_urgency urgency;
	SF_ASSERT(sf_transition_next_due_ms(transition, &urgency) > SF_BENCH_PLANS_START_MS);
}

size_t sf_bench_draw(uint64_t *chance, size_t bound)
{
	*chance = *chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((*chance >> 33) % bound);
}
