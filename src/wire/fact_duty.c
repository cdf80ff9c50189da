#include "fact.pb-c.h"
#include "wire/allocator.h"
#include "wire/code.h"
#include "wire/fact_codec.h"
#include "wire/field.h"

static enum sf_err read_letter(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Letter *in = message;
	enum sf_err err = sf_code_letter(in->code, "code", &fact->letter.code, diag);
	return err ? err : sf_code_mark_or_none(in->mark, "mark", &fact->letter.mark, diag);
}

static enum sf_err write_letter(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Letter out = STAFET__V1__LETTER__INIT;
	out.code = fact->letter.code;
	out.mark = fact->letter.mark;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_obligation_roles(
	const Stafet__V1__Obligation *in, struct sf_obligation_fact *out, struct sf_diag *diag)
{
	enum sf_err err = sf_code_role_or_none(in->owner, "owner", &out->owner, diag);
	if (!err)
		err = sf_code_role_or_none(
			in->refer_to_role, "refer_to_role", &out->refer_to_role, diag);
	if (!err)
		err = sf_field_id_or_none(
			in->refer_to_party, "refer_to_party", &out->refer_to_party, diag);
	if (!err)
		err = sf_code_role_or_none(in->treatment, "treatment", &out->treatment, diag);
	return err ? err : sf_code_role_or_none(in->payer, "payer", &out->payer, diag);
}

/* What goes with which action is the core's to say, so that a wrong step is recorded as refused. */
static enum sf_err read_obligation(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Obligation *in = message;
	struct sf_obligation_fact *out = &fact->obligation;
	enum sf_err err = sf_code_task_action(in->action, "action", &out->action, diag);
	if (!err)
		err = sf_field_id_or_none(in->subject, "subject", &out->subject, diag);
	if (!err)
		err = sf_code_duty_or_none(in->duty, "duty", &out->duty, diag);
	if (!err)
		err = sf_field_time(in->due_ms, "due_ms", diag);
	if (!err)
		err = sf_field_time(in->hold_until_ms, "hold_until_ms", diag);
	if (!err)
		err = read_obligation_roles(in, out, diag);
	out->clause = in->clause;
	out->due_ms = in->due_ms;
	out->hold_until_ms = in->hold_until_ms;
	return err;
}

static enum sf_err write_obligation(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_obligation_fact *in = &fact->obligation;
	Stafet__V1__Obligation out = STAFET__V1__OBLIGATION__INIT;
	out.action = in->action;
	out.subject = sf_field_of_id(&in->subject);
	out.clause = in->clause;
	out.duty = in->duty;
	out.due_ms = in->due_ms;
	out.owner = in->owner;
	out.refer_to_role = in->refer_to_role;
	out.refer_to_party = sf_field_of_id(&in->refer_to_party);
	out.hold_until_ms = in->hold_until_ms;
	out.treatment = in->treatment;
	out.payer = in->payer;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_question(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Question *in = message;
	enum sf_err err = sf_code_role(in->to, "to", &fact->question.to, diag);
	fact->question.answer_by_ms = in->answer_by_ms;
	return err ? err : sf_field_time(in->answer_by_ms, "answer_by_ms", diag);
}

static enum sf_err write_question(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Question out = STAFET__V1__QUESTION__INIT;
	out.to = fact->question.to;
	out.answer_by_ms = fact->question.answer_by_ms;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_answer(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	(void)diag;
	const Stafet__V1__Answer *in = message;
	fact->answer.by_person = in->by_person;
	return SF_OK;
}

static enum sf_err write_answer(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Answer out = STAFET__V1__ANSWER__INIT;
	out.by_person = fact->answer.by_person;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_window(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Window *in = message;
	enum sf_err err = sf_code_window_action(in->action, "action", &fact->window.action, diag);
	fact->window.until_ms = in->until_ms;
	return err ? err : sf_field_time(in->until_ms, "until_ms", diag);
}

static enum sf_err write_window(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Window out = STAFET__V1__WINDOW__INIT;
	out.action = fact->window.action;
	out.until_ms = fact->window.until_ms;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_dispute(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Dispute *in = message;
	return sf_code_dispute(in->code, "code", &fact->dispute.code, diag);
}

static enum sf_err write_dispute(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Dispute out = STAFET__V1__DISPUTE__INIT;
	out.code = fact->dispute.code;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_fallback(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Fallback *in = message;
	enum sf_err err = sf_code_role(in->with, "with", &fact->fallback.with, diag);
	fact->fallback.at_ms = in->at_ms;
	return err ? err : sf_field_time_said(in->at_ms, "at_ms", diag);
}

static enum sf_err write_fallback(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Fallback out = STAFET__V1__FALLBACK__INIT;
	out.with = fact->fallback.with;
	out.at_ms = fact->fallback.at_ms;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_close(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Close *in = message;
	return sf_code_close(in->code, "code", &fact->close.code, diag);
}

static enum sf_err write_close(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Close out = STAFET__V1__CLOSE__INIT;
	out.code = fact->close.code;
	return sf_proto_pack(&out.base, buf);
}

/* clang-format off */
static const struct sf_fact_codec codecs[] = {
	{SF_KIND_LETTER, &stafet__v1__letter__descriptor,
	 read_letter, write_letter},
	{SF_KIND_OBLIGATION, &stafet__v1__obligation__descriptor,
	 read_obligation, write_obligation},
	{SF_KIND_QUESTION, &stafet__v1__question__descriptor,
	 read_question, write_question},
	{SF_KIND_ANSWER, &stafet__v1__answer__descriptor,
	 read_answer, write_answer},
	{SF_KIND_WINDOW, &stafet__v1__window__descriptor,
	 read_window, write_window},
	{SF_KIND_DISPUTE, &stafet__v1__dispute__descriptor,
	 read_dispute, write_dispute},
	{SF_KIND_RESOLVE, &stafet__v1__resolve__descriptor,
	 NULL, NULL},
	{SF_KIND_FALLBACK, &stafet__v1__fallback__descriptor,
	 read_fallback, write_fallback},
	{SF_KIND_CLOSE, &stafet__v1__close__descriptor,
	 read_close, write_close},
	{SF_KIND_REOPEN, &stafet__v1__reopen__descriptor,
	 NULL, NULL},
};
/* clang-format on */

const struct sf_fact_codecs sf_fact_duty_codecs = {codecs, SF_COUNT(codecs)};
