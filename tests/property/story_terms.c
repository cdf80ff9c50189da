#include "property/story_terms.h"

#include "unit/core/scene.h"

uint32_t story_below(struct story *story, uint32_t bound)
{
	return chance_below(story->chance, bound);
}

bool story_percent(struct story *story, uint32_t share)
{
	return chance_percent(story->chance, share);
}

enum sf_role story_role(struct story *story)
{
	static const enum sf_role roles[] = {SF_ROLE_HOSPITAL, SF_ROLE_MUNICIPALITY,
		SF_ROLE_MUNICIPALITY, SF_ROLE_GP, SF_ROLE_GP, SF_ROLE_CARE_HOME,
		SF_ROLE_OUT_OF_HOURS};
	return roles[story_below(story, SF_COUNT(roles))];
}

sf_domain_set story_domains(struct story *story)
{
	return story_below(story, 1u << SF_DOMAIN_COUNT);
}

static struct sf_deadline random_deadline(struct story *story)
{
	struct sf_deadline deadline = {.part_count = story_below(story, 100) < 85 ? 1 : 0};
	deadline.parts[0] = (struct sf_deadline_part){
		.rule = (enum sf_deadline_rule)(
			1 + story_below(story, SF_DEADLINE_DISCHARGE_DAY_AT)),
		.amount = (int32_t)story_below(story, 6),
		.minute = (int32_t)story_below(story, 1440),
		.if_before_minute = -1,
	};
	if (deadline.parts[0].rule == SF_DEADLINE_MINUTES)
		deadline.parts[0].amount = (int32_t)story_below(story, 3000);
	return deadline;
}

static struct sf_trigger random_trigger(struct story *story, bool raises)
{
	switch (story_below(story, 8)) {
	case 0:
	case 1:
		return (struct sf_trigger){.kind = SF_KIND_STAY,
			.detail = raises && story_percent(story, 70) ? SF_ACTIVITY_DISCHARGE_HOME
								     : SF_ACTIVITY_ADMIT_INPATIENT};
	case 2:
		return (struct sf_trigger){.kind = SF_KIND_LETTER,
			.detail = story_below(story, SF_LETTER_CORRESPONDENCE + 1)};
	case 3:
		return (struct sf_trigger){
			.kind = SF_KIND_ACCEPT, .detail = story_below(story, SF_DOMAIN_COUNT + 1)};
	case 4:
		return (struct sf_trigger){.kind = SF_KIND_OBLIGATION,
			.detail = 1 + story_below(story, SF_DUTY_OTHER),
			.state = (enum sf_task_state)(1 + story_below(story, SF_TASK_COMPLETED))};
	case 5:
		return (struct sf_trigger){.kind = SF_KIND_PLAN_ANSWER,
			.detail = story_below(story, SF_PLAN_ANSWER_NO_CASE + 1)};
	case 6:
		return (struct sf_trigger){.kind = SF_KIND_PLAN};
	default:
		return (struct sf_trigger){.kind = SF_KIND_READY};
	}
}

static struct sf_conditions random_conditions(struct story *story)
{
	struct sf_conditions conditions = {.count = story_percent(story, 40) ? 1 : 0};
	conditions.items[0] = (struct sf_condition){
		.code = (enum sf_condition_code)(1 + story_below(story, SF_CONDITION_READY_BEFORE)),
		.negated = story_percent(story, 20),
		.than_ms = story_below(story, 3) * SF_DAY_MS,
	};
	return conditions;
}

static void write_expectation(struct story *story, struct sf_expectation *expectation)
{
	*expectation = (struct sf_expectation){
		.arises_on = random_trigger(story, true),
		.conditions = random_conditions(story),
		.owner = story_role(story),
		.met_by = random_trigger(story, false),
		.due = random_deadline(story),
		.rung_count = story_below(story, SF_RUNG_MAX + 1),
		.escalate_ms = story_percent(story, 50)
				       ? (int64_t)story_below(story, 2000) * SF_MINUTE_MS
				       : 0,
	};
	for (size_t i = 0; i < expectation->rung_count; i++)
		expectation->rungs[i] = (enum sf_rung)(1 + i);
}

static void write_terms(struct story *story, struct sf_pathway_terms *terms)
{
	terms->expectation_count = story_below(story, 7);
	for (size_t i = 0; i < terms->expectation_count; i++)
		write_expectation(story, &terms->expectations[i]);
	terms->window_count = story_below(story, 3);
	for (size_t i = 0; i < terms->window_count; i++)
		terms->windows[i] = (struct sf_window_clause){
			.domain = story_percent(story, 80) ? SF_DOMAIN_MEDICAL : SF_DOMAIN_CARE,
			.starts_on = {.kind = SF_KIND_STAY, .detail = SF_ACTIVITY_DISCHARGE_HOME},
			.conditions = random_conditions(story),
			.length = {1,
				{{SF_DEADLINE_MINUTES, (int32_t)story_below(story, 5000), 0, -1}}},
			.holder = SF_ROLE_HOSPITAL,
			.then = story_role(story),
		};
	terms->handover_count = story_below(story, 4);
	for (size_t i = 0; i < terms->handover_count; i++)
		terms->handovers[i] = (struct sf_handover){
			.on = story_percent(story, 75)
				      ? (struct sf_trigger){.kind = SF_KIND_STAY,
						.detail = SF_ACTIVITY_DISCHARGE_HOME}
				      : (struct sf_trigger){.kind = SF_KIND_LETTER,
						.detail = SF_LETTER_REHABILITATION_PLAN},
			.conditions = random_conditions(story),
			.offers = story_domains(story),
			.to = story_role(story),
			.silence = story_percent(story, 40) ? SF_SILENCE_PASSES : SF_SILENCE_STAYS,
			.after = random_deadline(story),
		};
	if (story_percent(story, 60))
		terms->receiver.role = story_percent(story, 80) ? SF_ROLE_GP : story_role(story);
	if (story_percent(story, 40))
		terms->silence.after = random_deadline(story);
}

static void write_acceptances(struct story *story)
{
	static const char parties[] = "CGHIKL"; /* in the order of their ids */
	for (const char *letter = parties; *letter; letter++) {
		if (story_percent(story, 25))
			continue;
		struct sf_acceptance *acceptance =
			&story->acceptances[story->book.acceptance_count++];
		*acceptance = (struct sf_acceptance){
			.agreement = story->agreement.digest,
			.party = scene_party(*letter),
			.from_ms =
				SCENE_START_MS + ((int64_t)story_below(story, 5) - 3) * SF_DAY_MS,
			.until_ms = INT64_MAX,
		};
		if (story_percent(story, 15))
			acceptance->until_ms = acceptance->from_ms + 6 * SF_DAY_MS;
	}
}

void story_write_agreement(struct story *story)
{
	struct sf_agreement *agreement = &story->agreement;
	*agreement = (struct sf_agreement){
		.digest = scene_agreement(),
		.cut_off_minute = story_percent(story, 50) ? (int32_t)story_below(story, 1440) : -1,
		.calendar = {.danish = story_percent(story, 50)},
		.pathway_count = 2,
	};
	agreement->calendar.reading_from_minute = 8 * 60;
	agreement->calendar.reading_to_minute = 15 * 60;
	agreement->pathways[0].pathway = SF_PATHWAY_SOMATIC;
	agreement->pathways[1].pathway = SF_PATHWAY_PSYCHIATRIC;
	write_terms(story, &agreement->pathways[0]);
	write_terms(story, &agreement->pathways[1]);
	story->agreements[0] = agreement;
	story->book = (struct sf_agreement_book){
		.agreements = story->agreements, .count = 1, .acceptances = story->acceptances};
	write_acceptances(story);
}
