#include "wire/agreement_clause.h"

#include <string.h>

#include "wire/code.h"
#include "wire/field.h"

#define MINUTES_A_DAY 1440u
#define AMOUNT_MAX 100000u /* core/deadline.h */
/* Ten years: longer than any stay, and no sum with a time overflows. */
#define THAN_MS_MAX ((uint64_t)315360000000)

static enum sf_err wrong(struct sf_diag *diag, const char *name, const char *what)
{
	sf_diag_set(diag, "%s %s", name, what);
	return SF_ERR_FORMAT;
}

enum sf_err sf_agreement_text_read(
	const char *text, const char *name, char *ret_place, size_t size, struct sf_diag *diag)
{
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || (unsigned char)*c == 0x7f)
			return wrong(diag, name, "has a control character");
	}
	return sf_field_text(text, name, ret_place, size, diag);
}

enum sf_err sf_clause_read(
	const Stafet__V1__Clause *in, struct sf_clause *ret_clause, struct sf_diag *diag)
{
	if (!in)
		return SF_OK;
	struct sf_clause *out = ret_clause;
	enum sf_err err =
		sf_agreement_text_read(in->name, "name", out->name, sizeof(out->name), diag);
	if (!err)
		err = sf_agreement_text_read(
			in->citation, "citation", out->citation, sizeof(out->citation), diag);
	if (!err)
		err = sf_agreement_text_read(
			in->source, "source", out->source, sizeof(out->source), diag);
	return err;
}

/* 0, any of the kind, is always right; no other detail is for a kind that has none. */
static enum sf_err check_detail(uint32_t kind, uint32_t detail, struct sf_diag *diag)
{
	enum sf_activity activity;
	enum sf_letter_code letter;
	enum sf_assessment_code assessment;
	enum sf_duty duty;
	enum sf_plan_answer_code answer;
	if (detail == 0)
		return SF_OK;
	switch (kind) {
	case SF_KIND_STAY:
		return sf_code_activity(detail, "detail", &activity, diag);
	case SF_KIND_LETTER:
		return sf_code_letter(detail, "detail", &letter, diag);
	case SF_KIND_ASSESSMENT:
		return sf_code_assessment(detail, "detail", &assessment, diag);
	case SF_KIND_ACCEPT:
		return sf_field_range(detail, 1, SF_DOMAIN_COUNT, "detail", diag);
	case SF_KIND_OBLIGATION:
		return sf_code_duty(detail, "detail", &duty, diag);
	case SF_KIND_PLAN_ANSWER:
		return sf_code_plan_answer(detail, "detail", &answer, diag);
	default:
		return wrong(diag, "detail", "does not go with the kind");
	}
}

static enum sf_err read_trigger(
	const Stafet__V1__Trigger *in, struct sf_trigger *out, struct sf_diag *diag)
{
	if (!in)
		return wrong(diag, "trigger", "is missing");
	if (!sf_kind_is_read(in->kind) || sf_kind_is_derived(in->kind) ||
		sf_kind_is_of_agreement(in->kind) || in->kind == SF_KIND_ACKNOWLEDGEMENT)
		return wrong(diag, "kind", "has a value that is not known");
	enum sf_err err = check_detail(in->kind, in->detail, diag);
	if (!err && in->kind == SF_KIND_OBLIGATION)
		err = sf_code_task_state(in->state, "state", &out->state, diag);
	else if (!err && in->state != 0)
		err = wrong(diag, "state", "does not go with the kind");
	out->kind = in->kind;
	out->detail = in->detail;
	return err;
}

enum sf_err sf_trigger_read(const Stafet__V1__Trigger *in, const char *name,
	struct sf_trigger *ret_trigger, struct sf_diag *diag)
{
	enum sf_err err = read_trigger(in, ret_trigger, diag);
	if (err)
		sf_diag_prefix(diag, "%s", name);
	return err;
}

static enum sf_err read_condition(
	const Stafet__V1__Condition *in, struct sf_condition *out, struct sf_diag *diag)
{
	enum sf_err err = sf_code_condition(in->code, "condition", &out->code, diag);
	uint64_t than_ms = in->than_ms < 0 ? UINT64_MAX : (uint64_t)in->than_ms;
	if (!err && out->code == SF_CONDITION_STAY_LONGER)
		err = sf_field_range(than_ms, 1, THAN_MS_MAX, "than_ms", diag);
	else if (!err && than_ms != 0)
		err = wrong(diag, "than_ms", "does not go with the condition");
	out->negated = in->negated;
	out->than_ms = in->than_ms;
	return err;
}

enum sf_err sf_conditions_read(size_t count, Stafet__V1__Condition *const *in,
	struct sf_conditions *ret_conditions, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(count, 0, SF_CONDITION_MAX, "number of conditions", diag);
	for (size_t i = 0; !err && i < count; i++) {
		err = read_condition(in[i], &ret_conditions->items[i], diag);
		ret_conditions->count = i + 1;
	}
	return err;
}

static bool rule_has_minute(enum sf_deadline_rule rule)
{
	return rule == SF_DEADLINE_DAY_AT || rule == SF_DEADLINE_WORKING_DAY_AT ||
	       rule == SF_DEADLINE_DISCHARGE_DAY_AT;
}

static bool rule_has_amount(enum sf_deadline_rule rule)
{
	return rule != SF_DEADLINE_DISCHARGE && rule != SF_DEADLINE_DISCHARGE_DAY_AT;
}

static enum sf_err read_part(
	const Stafet__V1__DeadlinePart *in, struct sf_deadline_part *out, struct sf_diag *diag)
{
	enum sf_err err = sf_code_deadline_rule(in->rule, "rule", &out->rule, diag);
	if (!err)
		err = sf_field_range(
			in->amount, 0, rule_has_amount(out->rule) ? AMOUNT_MAX : 0, "amount", diag);
	if (!err)
		err = sf_field_range(in->minute, 0,
			rule_has_minute(out->rule) ? MINUTES_A_DAY - 1 : 0, "minute", diag);
	if (!err)
		err = sf_field_range(in->if_before, 0, MINUTES_A_DAY, "if_before", diag);
	if (err)
		return err;
	out->amount = (int32_t)in->amount;
	out->minute = (int32_t)in->minute;
	out->if_before_minute = (int32_t)in->if_before - 1;
	return SF_OK;
}

enum sf_err sf_deadline_read(const Stafet__V1__Deadline *in, const char *name,
	struct sf_deadline *ret_deadline, struct sf_diag *diag)
{
	if (!in)
		return SF_OK;
	enum sf_err err =
		sf_field_range(in->n_parts, 1, SF_DEADLINE_PARTS_MAX, "number of parts", diag);
	for (size_t i = 0; !err && i < in->n_parts; i++) {
		err = read_part(in->parts[i], &ret_deadline->parts[i], diag);
		ret_deadline->part_count = i + 1;
	}
	if (err)
		sf_diag_prefix(diag, "%s", name);
	return err;
}

void *sf_work_take(struct sf_agreement_work *work, size_t count, size_t size)
{
	void *place = sf_arena_take_many(&work->arena, count, size);
	if (!place)
		work->failed = true;
	return place;
}

Stafet__V1__Clause *sf_clause_write(const struct sf_clause *in, struct sf_agreement_work *work)
{
	if (in->name[0] == '\0' && in->citation[0] == '\0' && in->source[0] == '\0')
		return NULL;
	Stafet__V1__Clause *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__clause__init(out);
	out->name = sf_field_of_text(in->name);
	out->citation = sf_field_of_text(in->citation);
	out->source = sf_field_of_text(in->source);
	return out;
}

Stafet__V1__Trigger *sf_trigger_write(const struct sf_trigger *in, struct sf_agreement_work *work)
{
	Stafet__V1__Trigger *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__trigger__init(out);
	out->kind = in->kind;
	out->detail = in->detail;
	out->state = in->state;
	return out;
}

Stafet__V1__Condition **sf_conditions_write(
	const struct sf_conditions *in, struct sf_agreement_work *work)
{
	if (in->count > SF_CONDITION_MAX) {
		work->failed = true;
		return NULL;
	}
	Stafet__V1__Condition *items = sf_work_take(work, in->count, sizeof(*items));
	Stafet__V1__Condition **pointers = sf_work_take(work, in->count, sizeof(*pointers));
	if (!items || !pointers)
		return NULL;
	for (size_t i = 0; i < in->count; i++) {
		stafet__v1__condition__init(&items[i]);
		items[i].code = in->items[i].code;
		items[i].negated = in->items[i].negated;
		items[i].than_ms = in->items[i].than_ms;
		pointers[i] = &items[i];
	}
	return pointers;
}

Stafet__V1__Deadline *sf_deadline_write(
	const struct sf_deadline *in, struct sf_agreement_work *work)
{
	if (in->part_count == 0)
		return NULL;
	if (in->part_count > SF_DEADLINE_PARTS_MAX) {
		work->failed = true;
		return NULL;
	}
	Stafet__V1__Deadline *out = sf_work_take(work, 1, sizeof(*out));
	Stafet__V1__DeadlinePart *parts = sf_work_take(work, in->part_count, sizeof(*parts));
	Stafet__V1__DeadlinePart **pointers = sf_work_take(work, in->part_count, sizeof(*pointers));
	if (!out || !parts || !pointers)
		return NULL;
	stafet__v1__deadline__init(out);
	for (size_t i = 0; i < in->part_count; i++) {
		stafet__v1__deadline_part__init(&parts[i]);
		parts[i].rule = in->parts[i].rule;
		parts[i].amount = (uint32_t)in->parts[i].amount;
		parts[i].minute = (uint32_t)in->parts[i].minute;
		parts[i].if_before = (uint32_t)(in->parts[i].if_before_minute + 1);
		pointers[i] = &parts[i];
	}
	out->n_parts = in->part_count;
	out->parts = pointers;
	return out;
}
