#include "unit/timeline/show.h"

#include "core/deadline.h"
#include "core/refusal.h"

static const struct sf_id hospital = {{1}}, municipality = {{2}}, clock = {{9}};

static struct sf_event_row event(uint64_t sequence, uint32_t kind, struct sf_id author,
	int64_t occurred_ms, int64_t recorded_ms)
{
	return (struct sf_event_row){.sequence = sequence,
		.message = {{(uint8_t)(100 + sequence)}},
		.author = author,
		.author_name = sf_id_equal(author, hospital) ? "Nordby Sygehus" : "Nordby & Omegn",
		.kind = kind,
		.kind_class = SF_CLASS_FACT,
		.outcome = SF_OUTCOME_APPLIED,
		.occurred_ms = occurred_ms,
		.recorded_ms = recorded_ms};
}

/* Admitted, discharged at hour 5 and told two hours late, accepted at hour 9, due at hour 8. */
void story_make(struct story *story)
{
	*story = (struct story){
		.members = {{hospital, "Nordby Sygehus", SF_ROLE_HOSPITAL, SF_BINDING_PARTY, 1},
			{municipality, "Nordby & Omegn", SF_ROLE_MUNICIPALITY, SF_BINDING_PARTY,
				1}},
		.lines = {{SF_DOMAIN_MEDICAL, hospital, "Nordby Sygehus", MORNING + HOUR,
				  SF_LEDGER_OPEN, 1, SF_BASIS_OPENING, {{101}}},
			{SF_DOMAIN_CARE, hospital, "Nordby Sygehus", MORNING + HOUR,
				MORNING + 9 * HOUR, 1, SF_BASIS_OPENING, {{101}}},
			{SF_DOMAIN_CARE, municipality, "Nordby & Omegn", MORNING + 9 * HOUR,
				SF_LEDGER_OPEN, 4, SF_BASIS_ACCEPT, {{104}}}},
		.events = {event(1, SF_KIND_STAY, hospital, MORNING + HOUR, MORNING + HOUR),
			event(2, SF_KIND_STAY, hospital, MORNING + 5 * HOUR, MORNING + 7 * HOUR),
			event(3, SF_KIND_EXPIRED, clock, MORNING + 8 * HOUR, MORNING + 8 * HOUR),
			event(4, SF_KIND_ACCEPT, municipality, MORNING + 9 * HOUR,
				MORNING + 9 * HOUR)},
		.offers = {{.message = {{102}},
			.from = hospital,
			.to_role = SF_ROLE_MUNICIPALITY,
			.to = municipality,
			.domains = SF_DOMAIN_BIT(SF_DOMAIN_CARE),
			.state = SF_OFFER_ACCEPTED,
			.since_ms = MORNING + 7 * HOUR,
			.sequence = 2,
			.answered_by = {{104}}}},
		.obligations = {{.subject = {{102}},
			.name = "acceptance",
			.citation = "§ 7",
			.duty = SF_DUTY_EXPECTATION,
			.state = SF_TASK_COMPLETED,
			.owner = municipality,
			.owner_name = "Nordby & Omegn",
			.due_ms = MORNING + 8 * HOUR,
			.since_ms = MORNING + 9 * HOUR,
			.expired_ms = MORNING + 8 * HOUR}},
		.deviations = {{SF_DEVIATION_LATE, 4, {{104}}, MORNING + 9 * HOUR}},
	};
	story->events[1].activity = SF_ACTIVITY_DISCHARGE_HOME;
	story->events[2].kind_class = SF_CLASS_DERIVED;
	story->show = (struct sf_reply_transition){
		.row = {.transition = {{77}},
			.state = SF_TRANSITION_SHARED,
			.hospital_name = "Nordby Sygehus",
			.municipality_name = "Nordby & Omegn"},
		.discharged_ms = MORNING + 5 * HOUR,
		.member_count = 2,
		.members = story->members,
		.line_count = 3,
		.lines = story->lines,
		.offer_count = 1,
		.offers = story->offers,
		.event_count = 4,
		.events = story->events,
		.obligation_count = 1,
		.obligations = story->obligations,
		.deviation_count = 1,
		.deviations = story->deviations,
		.agreement_name = "",
		.as_of_ms = MORNING + 10 * HOUR,
	};
}
