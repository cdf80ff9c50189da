#include "http/fact_form.h"

#include <string.h>

#include "base/base64.h"
#include "http/problem.h"
#include "http/query.h"
#include "wire/fact.h"

#define FACT_SIZE_MAX ((size_t)65536)

static bool read_time(
	const struct sf_body_reader *body, const struct sf_fact_field *field, void *place)
{
	return sf_body_time(body, field->name, field->must, place);
}

static bool read_id(
	const struct sf_body_reader *body, const struct sf_fact_field *field, void *place)
{
	return sf_body_id(body, field->name, field->must, place);
}

static bool read_bool(
	const struct sf_body_reader *body, const struct sf_fact_field *field, void *place)
{
	return sf_body_bool(body, field->name, field->must, place);
}

static bool read_number(
	const struct sf_body_reader *body, const struct sf_fact_field *field, void *place)
{
	return sf_body_number(body, field->name, field->must, UINT32_MAX, place);
}

static bool read_word(
	const struct sf_body_reader *body, const struct sf_fact_field *field, void *place)
{
	return sf_body_word(body, field->name, field->must, field->words, place);
}

/* clang-format off */
#define FIELD(name, must, member, reader) \
	{name, must, offsetof(struct sf_fact, member), reader, NULL}
#define WORD(name, must, member, list) \
	{name, must, offsetof(struct sf_fact, member), read_word, &sf_words_##list}
static const struct sf_fact_field plan_fields[] = {
	/* One more than plan_version of the transition: of two plans the higher rules. */
	FIELD("version", true, plan.version, read_number),
	FIELD("ready_from", true, plan.ready.from_ms, read_time),
	FIELD("ready_until", true, plan.ready.until_ms, read_time),
	WORD("ready_confidence", true, plan.ready.confidence, confidence),
	FIELD("discharge_from", true, plan.discharge.from_ms, read_time),
	FIELD("discharge_until", true, plan.discharge.until_ms, read_time),
	WORD("discharge_confidence", true, plan.discharge.confidence, confidence),
};
static const struct sf_fact_field plan_answer_fields[] = {
	WORD("answer", true, plan_answer.code, plan_answer),
	FIELD("ready_from", false, plan_answer.ready_from_ms, read_time),
	WORD("reason", false, plan_answer.reason, cannot),
	WORD("refer_to_role", false, plan_answer.refer_to_role, role),
	FIELD("refer_to_party", false, plan_answer.refer_to_party, read_id),
};
static const struct sf_fact_field intent_fields[] = {
	FIELD("expected", true, intent.expected_ms, read_time),
};
static const struct sf_fact_field assessment_fields[] = {
	WORD("assessment", true, assessment.code, assessment),
};
static const struct sf_fact_field ready_fields[] = {
	FIELD("at", true, ready.ready_ms, read_time),
	FIELD("duties_done", true, ready.duties_done, read_bool),
};
static const struct sf_fact_field agree_fields[] = {
	FIELD("discharge", true, agree.discharge_ms, read_time),
};
static const struct sf_fact_field arrived_fields[] = {
	FIELD("at", true, arrived.arrived_ms, read_time),
};
static const struct sf_fact_field obligation_fields[] = {
	WORD("action", true, obligation.action, task_action),
	FIELD("subject", false, obligation.subject, read_id),
	FIELD("clause", false, obligation.clause, read_number),
	WORD("duty", false, obligation.duty, duty),
	FIELD("due", false, obligation.due_ms, read_time),
	WORD("owner", false, obligation.owner, role),
	WORD("refer_to_role", false, obligation.refer_to_role, role),
	FIELD("refer_to_party", false, obligation.refer_to_party, read_id),
	FIELD("hold_until", false, obligation.hold_until_ms, read_time),
	WORD("treatment", false, obligation.treatment, role),
	WORD("payer", false, obligation.payer, role),
};
static const struct sf_fact_field question_fields[] = {
	WORD("to", true, question.to, role),
	FIELD("answer_by", false, question.answer_by_ms, read_time),
};
static const struct sf_fact_field answer_fields[] = {
	FIELD("by_person", true, answer.by_person, read_bool),
};
static const struct sf_fact_field window_fields[] = {
	WORD("action", true, window.action, window_action),
	FIELD("until", false, window.until_ms, read_time),
};
static const struct sf_fact_field dispute_fields[] = {
	WORD("dispute", true, dispute.code, dispute),
};
static const struct sf_fact_field call_fields[] = {
	WORD("with", true, fallback.with, role),
	FIELD("at", true, fallback.at_ms, read_time),
};
static const struct sf_fact_field close_fields[] = {
	WORD("reason", true, close.code, close),
};
static const struct sf_fact_field letter_fields[] = {
	WORD("letter", true, letter.code, letter),
	WORD("mark", false, letter.mark, mark),
};

#define FIELDS(fields) fields, SF_COUNT(fields)
static const struct sf_fact_form forms[] = {
	{"sayPlan", SF_KIND_PLAN, false, FIELDS(plan_fields)},
	{"answerPlan", SF_KIND_PLAN_ANSWER, false, FIELDS(plan_answer_fields)},
	{"sayIntent", SF_KIND_INTENT, false, FIELDS(intent_fields)},
	{"sayAssessment", SF_KIND_ASSESSMENT, false, FIELDS(assessment_fields)},
	{"sayReady", SF_KIND_READY, false, FIELDS(ready_fields)},
	{"withdrawReady", SF_KIND_READY_WITHDRAWN, false, NULL, 0},
	{"agreeDischarge", SF_KIND_AGREE, false, FIELDS(agree_fields)},
	{"sayArrived", SF_KIND_ARRIVED, false, FIELDS(arrived_fields)},
	{"actOnObligation", SF_KIND_OBLIGATION, false, FIELDS(obligation_fields)},
	{"askQuestion", SF_KIND_QUESTION, false, FIELDS(question_fields)},
	{"answerQuestion", SF_KIND_ANSWER, true, FIELDS(answer_fields)},
	{"actOnWindow", SF_KIND_WINDOW, false, FIELDS(window_fields)},
	{"dispute", SF_KIND_DISPUTE, false, FIELDS(dispute_fields)},
	{"resolveDispute", SF_KIND_RESOLVE, false, NULL, 0},
	{"recordCall", SF_KIND_FALLBACK, false, FIELDS(call_fields)},
	{"closeTransition", SF_KIND_CLOSE, false, FIELDS(close_fields)},
	{"reopenTransition", SF_KIND_REOPEN, false, NULL, 0},
	{"sayLetter", SF_KIND_LETTER, false, FIELDS(letter_fields)},
};
/* clang-format on */

const struct sf_fact_form *sf_fact_form(const char *operation)
{
	for (size_t i = 0; i < SF_COUNT(forms); i++)
		if (strcmp(forms[i].operation, operation) == 0)
			return &forms[i];
	return NULL;
}

/* A letter beside the fact: text as it is, or other content in base64. */
static bool read_letter_content(const struct sf_body_reader *body, struct sf_request_say *say)
{
	const char *text = "", *content = "";
	if (!sf_body_text(body, "content_type", false, &say->content_type) ||
		!sf_body_text(body, "text", false, &text) ||
		!sf_body_text(body, "content", false, &content))
		return false;
	if (text[0] && content[0])
		return sf_body_complain(body, "content", "stands beside 'text': one of the two");
	if (content[0]) {
		size_t size = strlen(content);
		uint8_t *place = sf_arena_take(body->exchange->arena, size);
		if (!place || sf_base64_parse(sf_view_text(content), place, size, &size))
			return sf_body_complain(body, "content", "is no base64 (RFC 4648)");
		say->content = sf_view_of(place, size);
	} else {
		say->content = sf_view_text(text);
		if (text[0] && !say->content_type[0])
			say->content_type = "text/plain";
	}
	return true;
}

static bool read_common(const struct sf_body_reader *body, struct sf_request_say *say)
{
	struct sf_id about = {{0}};
	if (!sf_body_id(body, "in_reply_to", false, &about))
		return false;
	if (!sf_id_is_none(about))
		say->in_reply_to = about;
	return sf_body_time(body, "occurred", false, &say->occurred_ms) &&
	       sf_body_roles(body, "to_roles", &say->to_roles) &&
	       sf_body_text(body, "to_party", false, &say->to_party) &&
	       sf_body_text(body, "contact_name", false, &say->contact_name) &&
	       sf_body_text(body, "contact_telephone", false, &say->contact_telephone) &&
	       sf_body_time(body, "contact_until", false, &say->contact_until_ms) &&
	       read_letter_content(body, say);
}

static bool encode(
	struct sf_exchange *exchange, const struct sf_fact *fact, struct sf_view *ret_bytes)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, FACT_SIZE_MAX);
	enum sf_err err = sf_fact_encode(fact, &bytes);
	*ret_bytes =
		err ? sf_view_of(NULL, 0) : sf_arena_copy(exchange->arena, sf_buf_view(&bytes));
	bool good = !err && (bytes.size == 0 || ret_bytes->data);
	sf_buf_fini(&bytes);
	if (!good)
		sf_problem(exchange, 500, "the fact could not be written");
	return good;
}

bool sf_fact_fill(const struct sf_body_reader *body, struct sf_request_say *say)
{
	const struct sf_fact_form *form = sf_fact_form(body->exchange->route->operation);
	struct sf_fact fact = {.kind = form->kind};
	for (size_t i = 0; i < form->field_count; i++) {
		const struct sf_fact_field *field = &form->fields[i];
		void *place = (uint8_t *)&fact + field->offset;
		if (field->must && !sf_body_member(body, field->name))
			return sf_body_complain(body, field->name, "is missing");
		if (!field->read(body, field, place))
			return false;
	}
	say->kind = form->kind;
	if (form->replies)
		say->in_reply_to = say->transition;
	return encode(body->exchange, &fact, &say->fact);
}

bool sf_fact_ask(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_SAY};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &request.say.transition) ||
		!sf_body_read(exchange, &body) || !sf_fact_fill(&body, &request.say) ||
		!read_common(&body, &request.say))
		return false;
	*ret_request = request;
	return true;
}
