/* What people say in a scenario: every fact of DOMAIN.md section 2 but those of scenario_act.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/agreement_text.h"
#include "sim/scenario.h"
#include "sim/story.h"
#include "wire/fact.h"
#include "wire/record.h"

#define DOCUMENT_SIZE_MAX ((size_t)1 << 20)

/* One verb that says a fact: what it reads of its line, beyond the first two words. */
struct saying {
	struct sf_sim_scenario *scenario;
	struct sf_sim_machine *machine;
	const struct sf_sim_line *line;
	struct sf_fact fact;
	struct sf_request_say say;
};

/* The word that stands at a place; "" when there is none. */
static const char *word(const struct saying *saying, size_t place)
{
	return place < saying->line->count ? saying->line->words[place] : "";
}

static const char *after(const struct saying *saying, const char *name)
{
	for (size_t i = 2; i + 1 < saying->line->count; i++)
		if (strcmp(saying->line->words[i], name) == 0)
			return saying->line->words[i + 1];
	return "";
}

static bool wrong(struct saying *saying, const char *usage)
{
	return sf_sim_wrong(saying->scenario, "say: NAME %s", usage);
}

static bool read_time(struct saying *saying, const char *text, int64_t *ret_ms)
{
	int64_t span_ms;
	if (!sf_sim_span(text, &span_ms))
		return sf_sim_wrong(saying->scenario, "\"%s\" is no time like +2d", text);
	*ret_ms = saying->scenario->world.now_ms + span_ms;
	return true;
}

/* "+2d..+3d" or "+2d". */
static bool read_interval(struct saying *saying, const char *text, struct sf_interval *ret_interval)
{
	char from[24];
	const char *dots = strstr(text, "..");
	snprintf(from, sizeof(from), "%.*s", dots ? (int)(dots - text) : (int)strlen(text), text);
	ret_interval->confidence = SF_CONFIDENCE_MEDIUM;
	return read_time(saying, from, &ret_interval->from_ms) &&
	       read_time(saying, dots ? dots + 2 : from, &ret_interval->until_ms);
}

/* A direction: a role, or a machine (then with its role in the directory). */
static bool read_direction(
	struct saying *saying, const char *text, enum sf_role *ret_role, struct sf_id *ret_party)
{
	*ret_role = sf_role_from_text(text);
	if (*ret_role != SF_ROLE_NONE || *text == '\0')
		return true;
	struct sf_sim_machine *machine;
	if (!sf_sim_named(saying->scenario, text, &machine))
		return false;
	*ret_role = machine->role;
	*ret_party = machine->party;
	return true;
}

/* plans ready +1d..+2d discharge +2d..+3d */
static bool say_plans(struct saying *saying)
{
	struct sf_plan *plan = &saying->fact.plan;
	plan->version = ++saying->scenario->now->plan_version;
	return (read_interval(saying, after(saying, "ready"), &plan->ready) &&
		       read_interval(saying, after(saying, "discharge"), &plan->discharge)) ||
	       wrong(saying, "plans ready +1d..+2d discharge +2d..+3d");
}

static bool find_offer(struct saying *saying)
{
	saying->say.in_reply_to =
		sf_sim_open_offer(saying->machine, saying->scenario->now->transition);
	return !sf_id_is_none(saying->say.in_reply_to) ||
	       sf_sim_wrong(saying->scenario, "nothing is offered to %s", saying->machine->name);
}

/* answers accept +1d | later +3d [offer] | cannot REASON to WHERE | not-ours to WHERE | no-case */
static bool say_answers(struct saying *saying)
{
	struct sf_plan_answer *answer = &saying->fact.plan_answer;
	answer->code = sf_plan_answer_from_text(word(saying, 2));
	switch (answer->code) {
	case SF_PLAN_ANSWER_ACCEPT:
	case SF_PLAN_ANSWER_LATER:
		if (strcmp(word(saying, 4), "offer") == 0 && !find_offer(saying))
			return false;
		return read_time(saying, word(saying, 3), &answer->ready_from_ms);
	case SF_PLAN_ANSWER_CANNOT:
		answer->reason = sf_cannot_from_text(word(saying, 3));
		if (answer->reason == SF_CANNOT_NONE)
			return wrong(saying, "answers cannot REASON to WHERE");
		return read_direction(saying, after(saying, "to"), &answer->refer_to_role,
			&answer->refer_to_party);
	case SF_PLAN_ANSWER_NOT_OURS:
		return read_direction(saying, after(saying, "to"), &answer->refer_to_role,
			&answer->refer_to_party);
	case SF_PLAN_ANSWER_NO_CASE:
		return true;
	case SF_PLAN_ANSWER_NONE:
		break;
	}
	return wrong(saying, "answers accept|later|cannot|not-ours|no-case");
}

/* declares ready: now */
static bool say_declares(struct saying *saying)
{
	saying->fact.ready =
		(struct sf_ready){.ready_ms = saying->scenario->world.now_ms, .duties_done = true};
	return strcmp(word(saying, 2), "ready") == 0 || wrong(saying, "declares ready");
}

static bool say_nothing(struct saying *saying)
{
	(void)saying;
	return true;
}

/* agrees on +1d */
static bool say_agrees(struct saying *saying)
{
	return read_time(saying, after(saying, "on"), &saying->fact.agree.discharge_ms);
}

/* announces discharge by +2h */
static bool say_announces(struct saying *saying)
{
	return read_time(saying, after(saying, "by"), &saying->fact.intent.expected_ms);
}

/* assesses needed|not-needed|declined */
static bool say_assesses(struct saying *saying)
{
	saying->fact.assessment.code = sf_assessment_from_text(word(saying, 2));
	return saying->fact.assessment.code != SF_ASSESSMENT_NONE ||
	       wrong(saying, "assesses needed|not-needed|declined");
}

static bool say_arrives(struct saying *saying)
{
	saying->fact.arrived.arrived_ms = saying->scenario->world.now_ms;
	return true;
}

/* writes LETTER to ROLE[,ROLE] [marked COLOUR] */
static bool say_writes(struct saying *saying)
{
	static const char text[] = "Brevets tekst.";
	saying->fact.letter.code = sf_letter_from_text(word(saying, 2));
	const char *mark = after(saying, "marked");
	saying->fact.letter.mark = sf_mark_from_text(mark);
	if (saying->fact.letter.code == SF_LETTER_NONE ||
		(*mark && saying->fact.letter.mark == SF_MARK_NONE))
		return wrong(saying, "writes LETTER to ROLE [marked green|yellow|red]");
	saying->say.content_type = "text/plain";
	saying->say.content = sf_view_of(text, sizeof(text) - 1);
	return true;
}

/* The newest obligation of this name at the machine: what people asked, else what a clause asks. */
static const struct sf_obligation *find_obligation(struct saying *saying, const char *name)
{
	const struct sf_transition *transition =
		sf_sim_replica(saying->machine, saying->scenario->now->transition);
	size_t count = 0;
	const struct sf_obligation *obligations =
		transition ? sf_transition_obligations(transition, &count) : NULL;
	for (size_t i = count; i-- > 0;)
		if (obligations[i].clause == 0 &&
			strcmp(sf_duty_text(obligations[i].duty), name) == 0)
			return &obligations[i];
	return transition ? sf_sim_obligation(transition, name) : NULL;
}

/* NAME requests DUTY from ROLE [by +2d]; starts DUTY without a request is the party's own. */
static bool say_duty(struct saying *saying)
{
	struct sf_obligation_fact *fact = &saying->fact.obligation;
	const char *verb = word(saying, 1), *name = word(saying, 2);
	static const struct {
		const char *verb;
		enum sf_task_action action;
	} actions[] = {{"requests", SF_TASK_REQUEST}, {"receives", SF_TASK_RECEIVE},
		{"takes", SF_TASK_ACCEPT}, {"begins", SF_TASK_START},
		{"completes", SF_TASK_COMPLETE}, {"rejects", SF_TASK_REJECT},
		{"holds", SF_TASK_HOLD}, {"resumes", SF_TASK_RESUME}, {"cancels", SF_TASK_CANCEL},
		{"fails", SF_TASK_FAIL}, {"hands-on", SF_TASK_OFFER}, {"sees", SF_TASK_SEE_ALARM}};
	for (size_t i = 0; i < SF_COUNT(actions); i++)
		if (strcmp(verb, actions[i].verb) == 0)
			fact->action = actions[i].action;
	const struct sf_obligation *obligation =
		fact->action == SF_TASK_REQUEST ? NULL : find_obligation(saying, name);
	if (obligation) {
		fact->subject = obligation->subject;
		fact->clause = obligation->clause;
	} else {
		fact->duty = sf_duty_from_text(name);
	}
	const char *by = after(saying, "by"), *until = after(saying, "until");
	bool good = obligation || fact->duty != SF_DUTY_NONE ||
		    wrong(saying, "requests DUTY from ROLE, takes|begins|... DUTY or CLAUSE");
	good = good && (*by == '\0' || read_time(saying, by, &fact->due_ms));
	good = good && (*until == '\0' || read_time(saying, until, &fact->hold_until_ms));
	if (fact->action == SF_TASK_REQUEST)
		fact->owner = sf_role_from_text(after(saying, "from"));
	else if (fact->action == SF_TASK_OFFER)
		fact->owner = sf_role_from_text(after(saying, "to"));
	else if (fact->action == SF_TASK_REJECT)
		good = good && read_direction(saying, after(saying, "to"), &fact->refer_to_role,
				       &fact->refer_to_party);
	return good;
}

/* asks ROLE [by +4h] */
static bool say_asks(struct saying *saying)
{
	static const char text[] = "Et spørgsmål.";
	const char *by = after(saying, "by");
	saying->fact.question.to = sf_role_from_text(word(saying, 2));
	saying->say.content_type = "text/plain";
	saying->say.content = sf_view_of(text, sizeof(text) - 1);
	if (saying->fact.question.to == SF_ROLE_NONE)
		return wrong(saying, "asks ROLE [by +4h]");
	return *by == '\0' || read_time(saying, by, &saying->fact.question.answer_by_ms);
}

/* replies: to the newest question */
static bool say_replies(struct saying *saying)
{
	const struct sf_obligation *owed = find_obligation(saying, "answer");
	if (owed)
		saying->say.in_reply_to = owed->subject;
	saying->fact.answer.by_person = true;
	return true;
}

/* extends window until +2d | suspends window | resumes window | ends window */
static bool say_window(struct saying *saying)
{
	static const struct {
		const char *verb;
		enum sf_window_action action;
	} actions[] = {{"extends", SF_WINDOW_EXTEND}, {"suspends", SF_WINDOW_SUSPEND},
		{"continues", SF_WINDOW_RESUME}, {"ends", SF_WINDOW_END}};
	for (size_t i = 0; i < SF_COUNT(actions); i++)
		if (strcmp(word(saying, 1), actions[i].verb) == 0)
			saying->fact.window.action = actions[i].action;
	if (strcmp(word(saying, 2), "window") != 0)
		return wrong(saying, "extends|suspends|continues|ends window [until +2d]");
	return saying->fact.window.action != SF_WINDOW_EXTEND ||
	       read_time(saying, after(saying, "until"), &saying->fact.window.until_ms);
}

/* disputes content|not-ours|residence */
static bool say_disputes(struct saying *saying)
{
	saying->fact.dispute.code = sf_dispute_from_text(word(saying, 2));
	return saying->fact.dispute.code != SF_DISPUTE_NONE ||
	       wrong(saying, "disputes content|not-ours|residence");
}

/* phones ROLE */
static bool say_phones(struct saying *saying)
{
	saying->fact.fallback = (struct sf_fallback){
		sf_role_from_text(word(saying, 2)), saying->scenario->world.now_ms};
	const char *about = after(saying, "for");
	const struct sf_obligation *obligation = find_obligation(saying, about);
	if (obligation)
		saying->say.in_reply_to = obligation->subject;
	return saying->fact.fallback.with != SF_ROLE_NONE ||
	       wrong(saying, "phones ROLE [for DUTY]");
}

/* closes REASON */
static bool say_closes(struct saying *saying)
{
	saying->fact.close.code = sf_close_from_text(word(saying, 2));
	return saying->fact.close.code != SF_CLOSE_NONE || wrong(saying, "closes REASON");
}

static const struct {
	const char *verb;
	enum sf_kind kind;
	bool (*say)(struct saying *saying);
} sayings[] = {
	{"plans", SF_KIND_PLAN, say_plans},
	{"answers", SF_KIND_PLAN_ANSWER, say_answers},
	{"declares", SF_KIND_READY, say_declares},
	{"withdraws-readiness", SF_KIND_READY_WITHDRAWN, say_nothing},
	{"agrees", SF_KIND_AGREE, say_agrees},
	{"announces", SF_KIND_INTENT, say_announces},
	{"assesses", SF_KIND_ASSESSMENT, say_assesses},
	{"says-arrived", SF_KIND_ARRIVED, say_arrives},
	{"writes", SF_KIND_LETTER, say_writes},
	{"requests", SF_KIND_OBLIGATION, say_duty},
	{"receives", SF_KIND_OBLIGATION, say_duty},
	{"takes", SF_KIND_OBLIGATION, say_duty},
	{"begins", SF_KIND_OBLIGATION, say_duty},
	{"completes", SF_KIND_OBLIGATION, say_duty},
	{"rejects", SF_KIND_OBLIGATION, say_duty},
	{"holds", SF_KIND_OBLIGATION, say_duty},
	{"resumes", SF_KIND_OBLIGATION, say_duty},
	{"cancels", SF_KIND_OBLIGATION, say_duty},
	{"fails", SF_KIND_OBLIGATION, say_duty},
	{"hands-on", SF_KIND_OBLIGATION, say_duty},
	{"sees", SF_KIND_OBLIGATION, say_duty},
	{"asks", SF_KIND_QUESTION, say_asks},
	{"replies", SF_KIND_ANSWER, say_replies},
	{"extends", SF_KIND_WINDOW, say_window},
	{"suspends", SF_KIND_WINDOW, say_window},
	{"continues", SF_KIND_WINDOW, say_window},
	{"ends", SF_KIND_WINDOW, say_window},
	{"disputes", SF_KIND_DISPUTE, say_disputes},
	{"resolves", SF_KIND_RESOLVE, say_nothing},
	{"phones", SF_KIND_FALLBACK, say_phones},
	{"closes", SF_KIND_CLOSE, say_closes},
	{"reopens", SF_KIND_REOPEN, say_nothing},
};

/* "municipality,gp" as bits of roles. */
static uint32_t read_roles(const char *text)
{
	uint32_t roles = 0;
	while (*text) {
		char name[32];
		size_t size = strcspn(text, ",");
		snprintf(name, sizeof(name), "%.*s", (int)size, text);
		enum sf_role role = sf_role_from_text(name);
		if (role != SF_ROLE_NONE && role < 32)
			roles |= 1u << role;
		text += size + (text[size] == ',');
	}
	return roles;
}

bool sf_sim_says(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line, bool *ret_is_saying)
{
	struct saying saying = {.scenario = scenario, .machine = machine, .line = line};
	size_t i = 0;
	while (i < SF_COUNT(sayings) && strcmp(sayings[i].verb, line->words[1]) != 0)
		i++;
	*ret_is_saying = i < SF_COUNT(sayings);
	if (!*ret_is_saying)
		return true;
	if (!scenario->now)
		return sf_sim_wrong(scenario, "nothing was sent before");
	saying.fact.kind = sayings[i].kind;
	saying.say = (struct sf_request_say){.transition = scenario->now->transition,
		.kind = sayings[i].kind,
		.to_party = "",
		.content_type = "",
		.contact_name = "",
		.contact_telephone = ""};
	if (!sayings[i].say(&saying))
		return false;
	if (sayings[i].kind == SF_KIND_LETTER)
		saying.say.to_roles = read_roles(after(&saying, "to"));
	struct sf_buf fact;
	sf_buf_init(&fact, SF_HEADER_SIZE_MAX);
	SF_ASSERT(!sf_fact_encode(&saying.fact, &fact));
	saying.say.fact = sf_buf_view(&fact);
	const struct sf_request request = {.kind = SF_REQUEST_SAY, .say = saying.say};
	sf_sim_request(scenario, machine, &request);
	if (!scenario->err)
		scenario->now->said[machine->index] = scenario->reply.said.message;
	sf_buf_fini(&fact);
	return true;
}

/* binds ROLE to NAME|unknown|not-enrolled */
bool sf_sim_binds(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	enum sf_role role = line->count == 5 ? sf_role_from_text(line->words[2]) : SF_ROLE_NONE;
	if (role == SF_ROLE_NONE)
		return sf_sim_wrong(scenario, "say: NAME binds ROLE to NAME|unknown|not-enrolled");
	const struct sf_request request = {.kind = SF_REQUEST_BIND,
		.bind = {.transition = scenario->now->transition,
			.role = role,
			.party = line->words[4]}};
	sf_sim_request(scenario, machine, &request);
	return true;
}

/* The signed form of tests/sim/agreements/NAME.agreement. */
static bool read_agreement(struct sf_sim_scenario *scenario, const char *name, struct sf_buf *buf)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/sim/agreements/%s.agreement", SF_TESTS_DIR, name);
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	SF_ASSERT(agreement);
	struct sf_diag diag = {""};
	enum sf_err err = sf_agreement_text_load(path, agreement, &diag);
	if (!err)
		err = sf_agreement_encode(agreement, buf);
	free(agreement);
	return !err || sf_sim_wrong(scenario, "%s", diag.text);
}

/* proposes agreement NAME */
bool sf_sim_proposes(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	if (line->count != 4)
		return sf_sim_wrong(scenario, "say: NAME proposes agreement NAME");
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	bool good = read_agreement(scenario, line->words[3], &bytes);
	const struct sf_request request = {
		.kind = SF_REQUEST_PROPOSE, .propose = {sf_buf_view(&bytes)}};
	if (good)
		sf_sim_request(scenario, machine, &request);
	sf_buf_fini(&bytes);
	return good;
}

/* signs|leaves agreement NAME */
bool sf_sim_signs(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line)
{
	if (line->count != 4)
		return sf_sim_wrong(scenario, "say: NAME signs agreement NAME");
	const struct sf_request request = {.kind = SF_REQUEST_SIGN_AGREEMENT,
		.sign_agreement = {.reference = line->words[3],
			.end = strcmp(line->words[1], "leaves") == 0,
			.on_behalf = ""}};
	sf_sim_request(scenario, machine, &request);
	return true;
}
