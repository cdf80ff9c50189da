#include "bench/stage.h"

#include <stdlib.h>

#include "bench/measure.h"
#include "core/transition.h"

#define START_MS ((int64_t)1795000000000)
#define STEP_COUNT ((size_t)6)

static const struct sf_id hospital = {{1}}, municipality = {{2}};

/* One discharge: who takes part, admitted, acknowledged, home, acknowledged, taken over. */
struct discharge {
	struct sf_agreement agreement;
	const struct sf_agreement *agreements[1];
	struct sf_agreement_book book;
	struct sf_message messages[STEP_COUNT];
	enum sf_kind_class classes[STEP_COUNT];
};

static struct sf_message *begin(
	struct discharge *discharge, size_t index, uint32_t kind, struct sf_id author)
{
	struct sf_message *message = &discharge->messages[index];
	*message = (struct sf_message){.format = 1,
		.id = {{9, (uint8_t)(index + 1)}},
		.transition = {{7}},
		.author = author,
		.author_sequence = index + 1,
		.recipient_count = 1,
		.recipients = {sf_id_equal(author, hospital) ? municipality : hospital},
		.occurred_ms = START_MS + (int64_t)index,
		.created_ms = START_MS + (int64_t)index,
		.fact = {.kind = kind}};
	discharge->classes[index] =
		kind == SF_KIND_ACKNOWLEDGEMENT ? SF_CLASS_ACKNOWLEDGEMENT : SF_CLASS_FACT;
	return message;
}

static void stay(struct discharge *discharge, size_t index, enum sf_activity activity)
{
	begin(discharge, index, SF_KIND_STAY, hospital)->fact.stay = (struct sf_stay_fact){
		activity, SF_MODE_NEW, SF_STAY_CLASS_INPATIENT, START_MS + (int64_t)index, false};
}

static void acknowledge(struct discharge *discharge, size_t index)
{
	struct sf_message *message = begin(discharge, index, SF_KIND_ACKNOWLEDGEMENT, municipality);
	message->author_sequence = 0;
	message->fact.acknowledgement = (struct sf_acknowledgement){
		.message_id = discharge->messages[index - 1].id, .ack = SF_ACK_OK};
}

static void write_discharge(struct discharge *discharge)
{
	discharge->agreement = (struct sf_agreement){.digest = {{3}},
		.cut_off_minute = -1,
		.pathway_count = 1,
		.pathways = {{.pathway = SF_PATHWAY_SOMATIC,
			.handover_count = 1,
			.handovers = {{.on = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0},
				.offers = SF_DOMAIN_BIT(SF_DOMAIN_CARE),
				.to = SF_ROLE_MUNICIPALITY,
				.silence = SF_SILENCE_STAYS}}}}};
	discharge->agreements[0] = &discharge->agreement;
	discharge->book = (struct sf_agreement_book){discharge->agreements, 1, NULL, 0};
	begin(discharge, 0, SF_KIND_PARTIES, hospital)->fact.parties =
		(struct sf_parties){.version = 1,
			.pathway = SF_PATHWAY_SOMATIC,
			.agreement = discharge->agreement.digest,
			.active = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL) | SF_DOMAIN_BIT(SF_DOMAIN_CARE),
			.binding_count = 2,
			.bindings = {{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, hospital},
				{SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY, municipality}}};
	stay(discharge, 1, SF_ACTIVITY_ADMIT_INPATIENT);
	acknowledge(discharge, 2);
	stay(discharge, 3, SF_ACTIVITY_DISCHARGE_HOME);
	acknowledge(discharge, 4);
	struct sf_message *accept = begin(discharge, 5, SF_KIND_ACCEPT, municipality);
	accept->in_reply_to = discharge->messages[3].id;
	accept->fact.accept = (struct sf_accept){SF_DOMAIN_BIT(SF_DOMAIN_CARE), true};
}

/* count events: whole discharges, each in a transition of its own. */
static void step(void *context, size_t count)
{
	struct discharge *discharge = context;
	struct sf_transition *transition = NULL;
	for (size_t i = 0; i < count; i++) {
		size_t at = i % STEP_COUNT;
		if (at == 0) {
			sf_transition_close(&transition);
			SF_ASSERT(!sf_transition_open(
				discharge->messages[0].transition, &discharge->book, &transition));
		}
		const struct sf_event event = {&discharge->messages[at], discharge->classes[at],
			at + 1, START_MS + (int64_t)at,
			sf_id_equal(discharge->messages[at].author, hospital)
				? SF_ROLE_HOSPITAL
				: SF_ROLE_MUNICIPALITY};
		struct sf_transition_result result;
		SF_ASSERT(!sf_transition_step(transition, &event, &result));
		SF_ASSERT(result.outcome == SF_OUTCOME_APPLIED);
	}
	/* The last one ended as it should: a bench of refusals would be quick. */
	SF_ASSERT(sf_id_equal(sf_transition_holder(transition, SF_DOMAIN_CARE), municipality));
	sf_transition_close(&transition);
}

double sf_bench_step_cost(void)
{
	struct discharge *discharge = calloc(1, sizeof(*discharge));
	SF_ASSERT(discharge);
	write_discharge(discharge);
	const struct sf_bench_work work = {.context = discharge, .round = step};
	double cost = sf_bench_cost_us(&work, 32 * STEP_COUNT);
	free(discharge);
	return cost;
}
