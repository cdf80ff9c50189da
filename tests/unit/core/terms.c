#include "unit/core/terms.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"

#define EVENT(of, what)                                                                            \
	{                                                                                          \
		.kind = (of), .detail = (uint32_t)(what)                                           \
	}
#define HOURS(hours) TERMS_HOURS(hours)
#define MET(duty, reached)                                                                         \
	{                                                                                          \
		SF_KIND_OBLIGATION, (duty), (reached)                                              \
	}
#define STAY_LONGER_THAN_A_DAY                                                                     \
	{                                                                                          \
		.code = SF_CONDITION_STAY_LONGER, .than_ms = SF_DAY_MS                             \
	}

static const struct sf_zone winter = {.name = "winter", .first_offset_s = 3600};
static struct sf_agreement agreement;
static struct sf_acceptance acceptances[3];

static const struct sf_pathway_terms somatic =
	{
		.pathway = SF_PATHWAY_SOMATIC,
		.expectation_count = 6,
		.expectations =
			{
				{
					.clause = {.name = "admission-report", .citation = "2-2"},
					.arises_on =
						EVENT(SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT),
					.conditions = {1,
						{{.code = SF_CONDITION_REPORT_REQUESTED}}},
					.owner = SF_ROLE_MUNICIPALITY,
					.met_by = EVENT(SF_KIND_LETTER, SF_LETTER_ADMISSION_REPORT),
					.due = HOURS(24),
					.rung_count = 2,
					.rungs = {SF_RUNG_OWNER, SF_RUNG_BOTH},
				},
				{
					.clause = {.name = "care-plan", .citation = "2-4"},
					.arises_on =
						EVENT(SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT),
					.conditions = {2, {STAY_LONGER_THAN_A_DAY,
								  {.code = SF_CONDITION_HAS_CASE}}},
					.owner = SF_ROLE_HOSPITAL,
					.met_by = EVENT(SF_KIND_LETTER, SF_LETTER_CARE_PLAN),
					.due = {1,
						{{SF_DEADLINE_DISCHARGE_DAY_AT, 0, 12 * 60, -1}}},
					.rung_count = 1,
					.rungs = {SF_RUNG_OWNER},
				},
				{
					.clause = {.name = "plan-answer", .citation = "2-4"},
					.arises_on = EVENT(SF_KIND_LETTER, SF_LETTER_CARE_PLAN),
					.owner = SF_ROLE_MUNICIPALITY,
					.met_by = EVENT(SF_KIND_PLAN_ANSWER, 0),
					.due = {1, {{SF_DEADLINE_WORKING_DAYS, 1, 0, -1}}},
					.rung_count = 2,
					.rungs = {SF_RUNG_OWNER, SF_RUNG_BOTH},
				},
				{
					.clause = {.name = "care-accepted", .citation = "2-7"},
					.arises_on =
						EVENT(SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME),
					.conditions = {1, {{.code = SF_CONDITION_HAS_CASE}}},
					.owner = SF_ROLE_MUNICIPALITY,
					.met_by = EVENT(SF_KIND_ACCEPT, SF_DOMAIN_CARE + 1),
					.due = HOURS(4),
					.rung_count = 3,
					.rungs = {SF_RUNG_OWNER, SF_RUNG_BOTH, SF_RUNG_CONTACT},
					.escalate_ms = SF_HOUR_MS,
				},
				{
					.clause = {.name = "discharge-letter", .citation = "H 5.1"},
					.arises_on =
						EVENT(SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME),
					.owner = SF_ROLE_HOSPITAL,
					.met_by = EVENT(SF_KIND_LETTER, SF_LETTER_DISCHARGE_LETTER),
					.due = {2, {{SF_DEADLINE_DAY_AT, 1, 1439, -1},
							   {SF_DEADLINE_DAY_AT, 0, 1439, 12 * 60}}},
					.rung_count = 2,
					.rungs = {SF_RUNG_OWNER, SF_RUNG_BOTH},
				},
				{
					.clause = {.name = "rehabilitation-start",
						.citation = "§ 140"},
					.arises_on = EVENT(
						SF_KIND_LETTER, SF_LETTER_REHABILITATION_PLAN),
					.owner = SF_ROLE_MUNICIPALITY,
					.met_by = MET(SF_DUTY_REHABILITATION, SF_TASK_IN_PROGRESS),
					.due = {1, {{SF_DEADLINE_DAYS, 7, 0, -1}}},
					.rung_count = 2,
					.rungs = {SF_RUNG_OWNER, SF_RUNG_BOTH},
				},
			},
		.window_count = 1,
		.windows = {{
			.clause = {.name = "extended-responsibility", .citation = "72h-2023"},
			.domain = SF_DOMAIN_MEDICAL,
			.starts_on = EVENT(SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME),
			.conditions = {1, {STAY_LONGER_THAN_A_DAY}},
			.length = HOURS(72),
			.holder = SF_ROLE_HOSPITAL,
			.then = SF_ROLE_GP,
		}},
		.handover_count = 2,
		.handovers =
			{
				{
					.clause = {.name = "home"},
					.on = EVENT(SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME),
					.conditions = {1, {{.code = SF_CONDITION_HAS_CASE}}},
					.offers = CARE | MEDICATION,
					.to = SF_ROLE_MUNICIPALITY,
					.silence = SF_SILENCE_STAYS,
				},
				{
					.clause = {.name = "rehabilitation"},
					.on = EVENT(SF_KIND_LETTER, SF_LETTER_REHABILITATION_PLAN),
					.offers = REHABILITATION,
					.to = SF_ROLE_MUNICIPALITY,
					.silence = SF_SILENCE_STAYS,
				},
			},
		.receiver = {.clause = {.name = "receiver"}, .role = SF_ROLE_GP},
		.payment =
			{
				.clause = {.citation = "§ 238"},
				.region_day_rate = 1976,
				.state_day_rate = 1976,
				.state_day_rate_from_day_3 = 3952,
				.currency = "DKK",
				.prices = "2016",
			},
};

static const struct sf_pathway_terms psychiatric = {
	.pathway = SF_PATHWAY_PSYCHIATRIC,
	.expectation_count = 3,
	.expectations =
		{
			{
				.clause = {.name = "discharge-agreement", .citation = "§ 13 a"},
				.arises_on = EVENT(SF_KIND_ASSESSMENT, SF_ASSESSMENT_NEEDED),
				.owner = SF_ROLE_HOSPITAL,
				.met_by = EVENT(SF_KIND_LETTER, SF_LETTER_PSYCHIATRIC_AGREEMENT),
				.due = {1, {{SF_DEADLINE_DISCHARGE, 0, 0, -1}}},
			},
			{
				.clause = {.name = "coordination-plan", .citation = "§ 13 b"},
				.arises_on = EVENT(SF_KIND_ASSESSMENT, SF_ASSESSMENT_DECLINED),
				.owner = SF_ROLE_HOSPITAL,
				.met_by = EVENT(SF_KIND_LETTER, SF_LETTER_COORDINATION_PLAN),
				.due = {1, {{SF_DEADLINE_DISCHARGE, 0, 0, -1}}},
			},
			{
				.clause = {.name = "network-meeting", .citation = "RN"},
				.arises_on = MET(SF_DUTY_NETWORK_MEETING, SF_TASK_REQUESTED),
				.owner = SF_ROLE_HOSPITAL,
				.met_by = MET(SF_DUTY_NETWORK_MEETING, SF_TASK_COMPLETED),
				.due = {1, {{SF_DEADLINE_WORKING_DAYS, 5, 0, -1}}},
			},
		},
};

struct sf_agreement *terms_write(void)
{
	agreement = (struct sf_agreement){
		.digest = scene_agreement(),
		.name = "midt",
		.version = 4,
		.calendar_name = "denmark",
		.calendar = {.zone = &winter, .danish = true},
		.cut_off_minute = 12 * 60,
		.pathway_count = 2,
	};
	agreement.pathways[0] = somatic;
	agreement.pathways[1] = psychiatric;
	return &agreement;
}

struct sf_pathway_terms *terms_somatic(void)
{
	return &agreement.pathways[0];
}

const struct sf_agreement_book *terms_book(void)
{
	static const struct sf_agreement *const agreements[] = {&agreement};
	static const char letters[] = "GHK"; /* in the order of their ids */
	for (size_t i = 0; i < SF_COUNT(acceptances); i++)
		acceptances[i] = (struct sf_acceptance){.agreement = scene_agreement(),
			.party = scene_party(letters[i]),
			.from_ms = 0,
			.until_ms = INT64_MAX};
	static struct sf_agreement_book book;
	book = (struct sf_agreement_book){agreements, 1, acceptances, SF_COUNT(acceptances)};
	return &book;
}

void terms_accept_later(char letter, int64_t from_ms)
{
	for (size_t i = 0; i < SF_COUNT(acceptances); i++)
		if (sf_id_equal(acceptances[i].party, scene_party(letter)))
			acceptances[i].from_ms = from_ms;
}

void terms_accept_until(char letter, int64_t until_ms)
{
	for (size_t i = 0; i < SF_COUNT(acceptances); i++)
		if (sf_id_equal(acceptances[i].party, scene_party(letter)))
			acceptances[i].until_ms = until_ms;
}

struct sf_expectation *terms_expectation(const char *name)
{
	for (size_t p = 0; p < agreement.pathway_count; p++)
		for (size_t i = 0; i < agreement.pathways[p].expectation_count; i++)
			if (strcmp(agreement.pathways[p].expectations[i].clause.name, name) == 0)
				return &agreement.pathways[p].expectations[i];
	sf_assert_failed(name, __FILE__, __LINE__);
}

int64_t terms_time(const char *day_and_time)
{
	char text[32];
	SF_ASSERT(strlen(day_and_time) == strlen("18 11:30"));
	snprintf(text, sizeof(text), "2026-11-%.2sT%s:00+01:00", day_and_time, day_and_time + 3);
	int64_t time_ms;
	enum sf_err err = sf_time_parse(sf_view_text(text), &time_ms);
	SF_ASSERT(err == SF_OK);
	return time_ms;
}

void terms_admit(struct scene *scene, bool report_requested)
{
	SF_ASSERT(scene_parties(scene, "HKG", 0) == 0);
	struct sf_message message = scene_message(scene, 'H', SF_KIND_STAY);
	message.fact.stay = scene_stay_fact("STIN", scene->now_ms);
	message.fact.stay.report_requested = report_requested;
	SF_ASSERT(scene_record(scene, &message) == 0);
}

struct sf_id terms_discharge(struct scene *scene)
{
	struct sf_id id;
	uint16_t code = scene_stay(scene, "SLHJ", &id);
	SF_ASSERT(code == 0 || code >= SF_DEVIATION_LATE_FACT);
	return id;
}

struct sf_id terms_letter(
	struct scene *scene, char author, enum sf_letter_code code, enum sf_mark mark)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_LETTER);
	message.fact.letter = (struct sf_letter){code, mark};
	uint16_t outcome = scene_record(scene, &message);
	SF_ASSERT(outcome == 0 || outcome >= SF_DEVIATION_LATE_FACT);
	return message.id;
}

struct sf_id terms_plan(struct scene *scene, uint32_t version, int64_t until_ms)
{
	struct sf_message message = scene_message(scene, 'H', SF_KIND_PLAN);
	struct sf_interval interval = {until_ms - SF_DAY_MS, until_ms, SF_CONFIDENCE_MEDIUM};
	message.fact.plan =
		(struct sf_plan){.version = version, .ready = interval, .discharge = interval};
	uint16_t code = scene_record(scene, &message);
	SF_ASSERT(code == 0 || code >= SF_DEVIATION_LATE_FACT);
	return message.id;
}

uint16_t terms_answer_plan(struct scene *scene, enum sf_plan_answer_code code)
{
	struct sf_message message = scene_message(scene, 'K', SF_KIND_PLAN_ANSWER);
	message.fact.plan_answer = (struct sf_plan_answer){.code = code};
	if (code == SF_PLAN_ANSWER_CANNOT || code == SF_PLAN_ANSWER_NOT_OURS)
		message.fact.plan_answer.refer_to_role = SF_ROLE_OTHER_MUNICIPALITY;
	return scene_record(scene, &message);
}

struct sf_message terms_task(struct scene *scene, char author, enum sf_task_action action,
	struct sf_id subject, enum sf_duty duty)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_OBLIGATION);
	message.fact.obligation =
		(struct sf_obligation_fact){.action = action, .subject = subject, .duty = duty};
	return message;
}

struct sf_id terms_request(
	struct scene *scene, char author, enum sf_duty duty, enum sf_role owner, int64_t due_ms)
{
	struct sf_message message =
		terms_task(scene, author, SF_TASK_REQUEST, (struct sf_id){0}, duty);
	message.fact.obligation.owner = owner;
	message.fact.obligation.due_ms = due_ms;
	uint16_t code = scene_record(scene, &message);
	SF_ASSERT(code == 0 || code == SF_DEVIATION_FIND_RECEIVER);
	return message.id;
}

uint16_t terms_say(struct scene *scene, char author, enum sf_kind kind, struct sf_id in_reply_to)
{
	struct sf_message message = scene_message(scene, author, kind);
	message.in_reply_to = in_reply_to;
	return scene_record(scene, &message);
}

uint16_t terms_window(
	struct scene *scene, char author, enum sf_window_action action, int64_t until_ms)
{
	struct sf_message message = scene_message(scene, author, SF_KIND_WINDOW);
	message.fact.window = (struct sf_window_fact){action, until_ms};
	return scene_record(scene, &message);
}

const struct sf_obligation *terms_owed(const struct scene *scene, const char *clause_name)
{
	const struct sf_pathway_terms *terms = sf_transition_terms(scene->transition);
	size_t count;
	const struct sf_obligation *all = sf_transition_obligations(scene->transition, &count);
	for (size_t i = count; i-- > 0;) {
		const struct sf_clause *clause = sf_pathway_clause(terms, all[i].clause);
		if (clause && all[i].duty == SF_DUTY_EXPECTATION &&
			strcmp(clause->name, clause_name) == 0)
			return &all[i];
	}
	return NULL;
}

const struct sf_obligation *terms_duty(const struct scene *scene, enum sf_duty duty)
{
	size_t count;
	const struct sf_obligation *all = sf_transition_obligations(scene->transition, &count);
	for (size_t i = count; i-- > 0;)
		if (all[i].duty == duty)
			return &all[i];
	return NULL;
}

const char *terms_state(const struct scene *scene, const char *clause_name)
{
	const struct sf_obligation *owed = terms_owed(scene, clause_name);
	return owed ? sf_task_state_text(sf_obligation_shown(owed)) : "none";
}

bool terms_deviated(const struct scene *scene, enum sf_refusal code)
{
	size_t count;
	const struct sf_deviation *all = sf_transition_deviations(scene->transition, &count);
	for (size_t i = scene->result.deviation_count_before; i < count; i++)
		if (all[i].code == code)
			return true;
	return false;
}
