#include "unit/wire/golden_forms.h"

#include <string.h>

#include "unit/wire/raw.h"

/* 2026-03-02T08:00:00Z, and hours from it. */
#define AT(hours) (INT64_C(1772438400000) + (int64_t)(hours)*3600000)

struct list {
	struct golden_fact *facts;
	size_t count;
};

static void add(struct list *list, const char *name, struct sf_fact fact)
{
	SF_ASSERT(list->count < GOLDEN_FACTS_MAX);
	list->facts[list->count++] = (struct golden_fact){name, fact};
}

static void add_stay(struct list *list)
{
	add(list, "parties",
		(struct sf_fact){.kind = SF_KIND_PARTIES,
			.parties = {.version = 2,
				.pathway = SF_PATHWAY_SOMATIC,
				.agreement = raw_digest(0xa1),
				.active = SF_DOMAIN_ALL,
				.person = raw_id(0xa2),
				.binding_count = 3,
				.bindings = {{SF_ROLE_HOSPITAL, SF_BINDING_PARTY, raw_id(1)},
					{SF_ROLE_GP, SF_BINDING_UNKNOWN, {{0}}},
					{SF_ROLE_CARE_HOME, SF_BINDING_NOT_ENROLLED, {{0}}}}}});
	add(list, "stay",
		(struct sf_fact){.kind = SF_KIND_STAY,
			.stay = {SF_ACTIVITY_ADMIT_INPATIENT, SF_MODE_REVISE,
				SF_STAY_CLASS_INPATIENT, AT(0), true}});
	add(list, "acknowledgement",
		(struct sf_fact){.kind = SF_KIND_ACKNOWLEDGEMENT,
			.acknowledgement = {raw_id(3), raw_digest(4), raw_digest(5),
				SF_ACK_FATAL_ERROR, SF_ACK_CODE_CONTENT}});
	add(list, "offer",
		(struct sf_fact){.kind = SF_KIND_OFFER, .offer = {6, SF_ROLE_MUNICIPALITY}});
	add(list, "accept", (struct sf_fact){.kind = SF_KIND_ACCEPT, .accept = {2, true}});
	add(list, "refuse",
		(struct sf_fact){.kind = SF_KIND_REFUSE,
			.refuse = {SF_ROLE_OTHER_MUNICIPALITY, raw_id(6), true}});
	add(list, "withdraw", (struct sf_fact){.kind = SF_KIND_WITHDRAW, .withdraw = {4}});
}

static void add_plan(struct list *list)
{
	add(list, "intent", (struct sf_fact){.kind = SF_KIND_INTENT, .intent = {AT(48)}});
	add(list, "assessment",
		(struct sf_fact){
			.kind = SF_KIND_ASSESSMENT, .assessment = {SF_ASSESSMENT_DECLINED}});
	add(list, "plan",
		(struct sf_fact){.kind = SF_KIND_PLAN,
			.plan = {3, {AT(24), AT(30), SF_CONFIDENCE_MEDIUM},
				{AT(48), AT(48), SF_CONFIDENCE_NONE}}});
	add(list, "plan-of-nothing",
		(struct sf_fact){.kind = SF_KIND_PLAN, .plan = {.version = 1}});
	add(list, "plan-answer",
		(struct sf_fact){.kind = SF_KIND_PLAN_ANSWER,
			.plan_answer = {SF_PLAN_ANSWER_CANNOT, AT(72), SF_CANNOT_OTHER,
				SF_ROLE_OTHER_MUNICIPALITY, raw_id(7)}});
	add(list, "ready", (struct sf_fact){.kind = SF_KIND_READY, .ready = {AT(26), true}});
	add(list, "ready-withdrawn", (struct sf_fact){.kind = SF_KIND_READY_WITHDRAWN});
	add(list, "agree", (struct sf_fact){.kind = SF_KIND_AGREE, .agree = {AT(50)}});
	add(list, "arrived", (struct sf_fact){.kind = SF_KIND_ARRIVED, .arrived = {AT(52)}});
}

static void add_duty(struct list *list)
{
	add(list, "letter",
		(struct sf_fact){.kind = SF_KIND_LETTER,
			.letter = {SF_LETTER_DISCHARGE_LETTER, SF_MARK_YELLOW}});
	add(list, "obligation",
		(struct sf_fact){.kind = SF_KIND_OBLIGATION,
			.obligation = {SF_TASK_REQUEST, raw_id(8), 101, SF_DUTY_GP_REVIEW, AT(60),
				SF_ROLE_GP, SF_ROLE_HOSPITAL, raw_id(9), AT(61), SF_ROLE_HOSPITAL,
				SF_ROLE_MUNICIPALITY}});
	add(list, "obligation-seen",
		(struct sf_fact){.kind = SF_KIND_OBLIGATION,
			.obligation = {
				.action = SF_TASK_SEE_ALARM, .subject = raw_id(8), .clause = 2}});
	add(list, "question",
		(struct sf_fact){.kind = SF_KIND_QUESTION, .question = {SF_ROLE_HOSPITAL, AT(53)}});
	add(list, "answer", (struct sf_fact){.kind = SF_KIND_ANSWER, .answer = {true}});
	add(list, "window",
		(struct sf_fact){.kind = SF_KIND_WINDOW, .window = {SF_WINDOW_EXTEND, AT(120)}});
	add(list, "dispute",
		(struct sf_fact){.kind = SF_KIND_DISPUTE, .dispute = {SF_DISPUTE_RESIDENCE}});
	add(list, "resolve", (struct sf_fact){.kind = SF_KIND_RESOLVE});
	add(list, "fallback",
		(struct sf_fact){
			.kind = SF_KIND_FALLBACK, .fallback = {SF_ROLE_OUT_OF_HOURS, AT(54)}});
	add(list, "close", (struct sf_fact){.kind = SF_KIND_CLOSE, .close = {SF_CLOSE_OTHER}});
	add(list, "reopen", (struct sf_fact){.kind = SF_KIND_REOPEN});
}

static void add_agreement(struct list *list)
{
	static const struct {
		const char *name;
		uint32_t kind;
	} kinds[] = {{"agreement-propose", SF_KIND_AGREEMENT_PROPOSE},
		{"agreement-accept", SF_KIND_AGREEMENT_ACCEPT},
		{"agreement-end", SF_KIND_AGREEMENT_END}};
	for (size_t i = 0; i < SF_COUNT(kinds); i++)
		add(list, kinds[i].name,
			(struct sf_fact){.kind = kinds[i].kind,
				.agreement = {raw_digest(0xa1), i, {raw_id(10), raw_id(11)}}});
}

static void add_derived(struct list *list)
{
	add(list, "expired",
		(struct sf_fact){.kind = SF_KIND_EXPIRED,
			.derived = {.subject = raw_id(12), .clause = 2, .due_ms = AT(60)}});
	add(list, "escalated",
		(struct sf_fact){.kind = SF_KIND_ESCALATED,
			.derived = {
				.subject = raw_id(12), .clause = 2, .due_ms = AT(62), .level = 1}});
	add(list, "window-ended",
		(struct sf_fact){.kind = SF_KIND_WINDOW_ENDED,
			.derived = {.subject = raw_id(13), .clause = 101, .due_ms = AT(120)}});
	add(list, "passed",
		(struct sf_fact){.kind = SF_KIND_PASSED,
			.derived = {.subject = raw_id(13),
				.clause = 301,
				.due_ms = AT(120),
				.domains = 1,
				.to = raw_id(14)}});
	add(list, "silent",
		(struct sf_fact){.kind = SF_KIND_SILENT, .derived = {.due_ms = AT(900)}});
	add(list, "closed",
		(struct sf_fact){.kind = SF_KIND_CLOSED, .derived = {.due_ms = AT(901)}});
	add(list, "linked",
		(struct sf_fact){.kind = SF_KIND_LINKED,
			.derived = {.subject = raw_id(15),
				.link = SF_LINK_CONTINUES,
				.other = raw_id(16),
				.carried_count = 2,
				.carried = {{raw_id(17), SF_DUTY_HOME_CARE, SF_ROLE_MUNICIPALITY,
						    AT(70)},
					{raw_id(18), SF_DUTY_OTHER, SF_ROLE_GP, 0}}}});
}

static void add_statements(struct list *list)
{
	add(list, "access",
		(struct sf_fact){.kind = SF_KIND_ACCESS,
			.statement = {.subject = raw_id(19),
				.reader = raw_id(20),
				.role = SF_READER_AUDITOR,
				.purpose = SF_PURPOSE_CITIZEN,
				.request = 7}});
	add(list, "access-of-a-list",
		(struct sf_fact){.kind = SF_KIND_ACCESS,
			.statement = {.reader = raw_id(21),
				.role = SF_READER_SYSTEM,
				.purpose = SF_PURPOSE_CARE,
				.request = 6}});
	add(list, "erased",
		(struct sf_fact){.kind = SF_KIND_ERASED,
			.statement = {.subject = raw_id(19),
				.ground = SF_GROUND_ORDER,
				.until_sequence = 12,
				.head = raw_digest(22)}});
	add(list, "alarm",
		(struct sf_fact){.kind = SF_KIND_ALARM, .statement = {.code = 4, .size = 1000000}});
}

size_t golden_facts(struct golden_fact facts[GOLDEN_FACTS_MAX])
{
	struct list list = {.facts = facts};
	add_stay(&list);
	add_plan(&list);
	add_duty(&list);
	add_agreement(&list);
	add_derived(&list);
	add_statements(&list);
	return list.count;
}

size_t golden_wrong_facts(struct golden_fact facts[GOLDEN_FACTS_MAX])
{
	struct list list = {.facts = facts};
	add(&list, "intent without a time", (struct sf_fact){.kind = SF_KIND_INTENT});
	add(&list, "assessment of no code", (struct sf_fact){.kind = SF_KIND_ASSESSMENT});
	add(&list, "plan without a version", (struct sf_fact){.kind = SF_KIND_PLAN});
	add(&list, "plan that ends before it begins",
		(struct sf_fact){.kind = SF_KIND_PLAN,
			.plan = {.version = 1, .ready = {AT(2), AT(1), SF_CONFIDENCE_LOW}}});
	add(&list, "plan with one end",
		(struct sf_fact){.kind = SF_KIND_PLAN,
			.plan = {.version = 1, .discharge = {AT(2), 0, SF_CONFIDENCE_NONE}}});
	add(&list, "confidence in nothing",
		(struct sf_fact){.kind = SF_KIND_PLAN,
			.plan = {.version = 1, .ready = {0, 0, SF_CONFIDENCE_HIGH}}});
	add(&list, "answer of an unknown code",
		(struct sf_fact){.kind = SF_KIND_PLAN_ANSWER,
			.plan_answer = {.code = (enum sf_plan_answer_code)6}});
	add(&list, "ready without a time", (struct sf_fact){.kind = SF_KIND_READY});
	add(&list, "time after the year 9999",
		(struct sf_fact){.kind = SF_KIND_AGREE, .agree = {INT64_C(253402300800000)}});
	add(&list, "time before 1970", (struct sf_fact){.kind = SF_KIND_ARRIVED, .arrived = {-1}});
	add(&list, "letter of an unknown mark",
		(struct sf_fact){
			.kind = SF_KIND_LETTER, .letter = {SF_LETTER_READINESS, (enum sf_mark)4}});
	add(&list, "obligation of an unknown duty",
		(struct sf_fact){.kind = SF_KIND_OBLIGATION,
			.obligation = {.action = SF_TASK_START, .duty = (enum sf_duty)16}});
	add(&list, "question to nobody", (struct sf_fact){.kind = SF_KIND_QUESTION});
	add(&list, "window without an action", (struct sf_fact){.kind = SF_KIND_WINDOW});
	add(&list, "call without a time",
		(struct sf_fact){.kind = SF_KIND_FALLBACK, .fallback = {.with = SF_ROLE_GP}});
	add(&list, "agreement without a digest",
		(struct sf_fact){.kind = SF_KIND_AGREEMENT_ACCEPT});
	add(&list, "a party spoken for twice",
		(struct sf_fact){.kind = SF_KIND_AGREEMENT_ACCEPT,
			.agreement = {raw_digest(1), 2, {raw_id(1), raw_id(1)}}});
	add(&list, "link to nothing",
		(struct sf_fact){.kind = SF_KIND_LINKED,
			.derived = {.subject = raw_id(1), .link = SF_LINK_CONTINUED_IN}});
	add(&list, "domains that nobody knows",
		(struct sf_fact){.kind = SF_KIND_PASSED, .derived = {.domains = 32}});
	add(&list, "access by nobody",
		(struct sf_fact){.kind = SF_KIND_ACCESS,
			.statement = {.role = SF_READER_AUDITOR,
				.purpose = SF_PURPOSE_AUDIT,
				.request = 7}});
	add(&list, "erasure on no ground",
		(struct sf_fact){.kind = SF_KIND_ERASED,
			.statement = {.subject = raw_id(19),
				.until_sequence = 12,
				.head = raw_digest(22)}});
	add(&list, "alarm about nothing", (struct sf_fact){.kind = SF_KIND_ALARM});
	return list.count;
}

static void fill_somatic(struct sf_pathway_terms *terms)
{
	*terms = (struct sf_pathway_terms){
		.pathway = SF_PATHWAY_SOMATIC,
		.expectation_count = 2,
		.window_count = 1,
		.handover_count = 2,
		.receiver = {{"receiver", "2-9", ""}, SF_ROLE_GP},
		.silence = {{"", "6-1", ""}, {1, {{SF_DEADLINE_DAYS, 30, 0, -1}}}},
		.payment = {{"", "§ 238", "source missing"}, 1976, 1977, 3952, "DKK", "2016"},
	};
	terms->expectations[0] = (struct sf_expectation){
		.clause = {"care-plan", "2-4", "https://example.org/aftale"},
		.arises_on = {SF_KIND_STAY, SF_ACTIVITY_ADMIT_INPATIENT, SF_TASK_STATE_NONE},
		.conditions = {4, {{SF_CONDITION_STAY_LONGER, false, 86400000},
					  {SF_CONDITION_HAS_CASE, false, 0},
					  {SF_CONDITION_REPORT_REQUESTED, true, 0},
					  {SF_CONDITION_INPATIENT, false, 0}}},
		.owner = SF_ROLE_HOSPITAL,
		.met_by = {SF_KIND_LETTER, SF_LETTER_CARE_PLAN, SF_TASK_STATE_NONE},
		.due = {3, {{SF_DEADLINE_DISCHARGE_DAY_AT, 0, 720, -1},
				   {SF_DEADLINE_DAY_AT, 1, 1439, 720},
				   {SF_DEADLINE_DISCHARGE, 0, 0, 0}}},
		.rung_count = 4,
		.rungs = {SF_RUNG_OWNER, SF_RUNG_BOTH, SF_RUNG_CONTACT, SF_RUNG_REGION},
		.escalate_ms = 7200000,
	};
	terms->expectations[1] = (struct sf_expectation){
		.clause = {"rehabilitation-start", "§140", ""},
		.arises_on = {SF_KIND_READY, 0, SF_TASK_STATE_NONE},
		.conditions = {3, {{SF_CONDITION_MARKED, false, 0}, {SF_CONDITION_PLANNED, true, 0},
					  {SF_CONDITION_READY_BEFORE, false, 0}}},
		.owner = SF_ROLE_MUNICIPALITY,
		.met_by = {SF_KIND_OBLIGATION, SF_DUTY_REHABILITATION, SF_TASK_IN_PROGRESS},
		.due = {3, {{SF_DEADLINE_WORKING_DAYS, 5, 0, -1},
				   {SF_DEADLINE_READING_HOURS, 4, 0, -1},
				   {SF_DEADLINE_WORKING_DAY_AT, 1, 720, 900}}},
	};
	terms->windows[0] = (struct sf_window_clause){
		.clause = {"extended-responsibility", "72h-2023", ""},
		.domain = SF_DOMAIN_MEDICATION,
		.starts_on = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, SF_TASK_STATE_NONE},
		.conditions = {1, {{SF_CONDITION_STAY_LONGER, true, 86400000}}},
		.length = {1, {{SF_DEADLINE_MINUTES, 4320, 0, -1}}},
		.holder = SF_ROLE_HOSPITAL,
		.then = SF_ROLE_GP,
	};
	terms->handovers[0] = (struct sf_handover){
		.on = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, SF_TASK_STATE_NONE},
		.conditions = {1, {{SF_CONDITION_HAS_CASE, false, 0}}},
		.offers = 6,
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS,
	};
	terms->handovers[1] = (struct sf_handover){
		.clause = {"rehabilitation", "", ""},
		.on = {SF_KIND_LETTER, SF_LETTER_REHABILITATION_PLAN, SF_TASK_STATE_NONE},
		.offers = 8,
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_PASSES,
		.after = {1, {{SF_DEADLINE_DAYS, 7, 0, -1}}},
	};
}

void golden_agreement(struct sf_agreement *ret_agreement)
{
	static const char name[] = "golden";
	static const char zone[] = "Europe/Copenhagen";
	static const char calendar[] = "denmark";
	struct sf_agreement *out = ret_agreement;
	memset(out, 0, sizeof(*out));
	memcpy(out->name, name, sizeof(name));
	memcpy(out->time_zone, zone, sizeof(zone));
	memcpy(out->calendar_name, calendar, sizeof(calendar));
	out->version = 4;
	out->valid_from_day = 20454; /* 2026-01-01 */
	out->calendar.danish = true;
	out->calendar.suspended_count = 1;
	out->calendar.suspended[0] = (struct sf_period){20811, 20820};
	out->calendar.reading_from_minute = 480;
	out->calendar.reading_to_minute = 900;
	out->calendar.reading_daily = true;
	out->cut_off_minute = 0;
	out->pathway_count = 2;
	fill_somatic(&out->pathways[0]);
	out->pathways[1].pathway = SF_PATHWAY_PSYCHIATRIC;
	out->pathways[1].expectation_count = 1;
	out->pathways[1].expectations[0] = (struct sf_expectation){
		.clause = {"discharge-agreement", "psykiatriloven § 13 a", ""},
		.arises_on = {SF_KIND_ASSESSMENT, SF_ASSESSMENT_NEEDED, SF_TASK_STATE_NONE},
		.owner = SF_ROLE_HOSPITAL,
		.met_by = {SF_KIND_ACCEPT, SF_DOMAIN_CARE + 1, SF_TASK_STATE_NONE},
		.rung_count = 1,
		.rungs = {SF_RUNG_OWNER},
	};
}
