#include "wire/agreement_pathway.h"
#include "wire/field.h"

static Stafet__V1__Expectation *write_expectation(
	const struct sf_expectation *in, struct sf_agreement_work *work)
{
	Stafet__V1__Expectation *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__expectation__init(out);
	if (in->rung_count > SF_RUNG_MAX) {
		work->failed = true;
		return NULL;
	}
	out->rungs = sf_work_take(work, in->rung_count, sizeof(*out->rungs));
	for (size_t i = 0; out->rungs && i < in->rung_count; i++)
		out->rungs[i] = in->rungs[i];
	out->n_rungs = in->rung_count;
	out->clause = sf_clause_write(&in->clause, work);
	out->arises_on = sf_trigger_write(&in->arises_on, work);
	out->n_conditions = in->conditions.count;
	out->conditions = sf_conditions_write(&in->conditions, work);
	out->owner = in->owner;
	out->met_by = sf_trigger_write(&in->met_by, work);
	out->due = sf_deadline_write(&in->due, work);
	out->escalate_ms = in->escalate_ms;
	return out;
}

static Stafet__V1__WindowClause *write_window(
	const struct sf_window_clause *in, struct sf_agreement_work *work)
{
	Stafet__V1__WindowClause *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__window_clause__init(out);
	out->clause = sf_clause_write(&in->clause, work);
	out->domain = SF_DOMAIN_BIT(in->domain);
	out->starts_on = sf_trigger_write(&in->starts_on, work);
	out->n_conditions = in->conditions.count;
	out->conditions = sf_conditions_write(&in->conditions, work);
	out->length = sf_deadline_write(&in->length, work);
	out->holder = in->holder;
	out->then = in->then;
	return out;
}

static Stafet__V1__Handover *write_handover(
	const struct sf_handover *in, struct sf_agreement_work *work)
{
	Stafet__V1__Handover *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__handover__init(out);
	out->clause = sf_clause_write(&in->clause, work);
	out->on = sf_trigger_write(&in->on, work);
	out->n_conditions = in->conditions.count;
	out->conditions = sf_conditions_write(&in->conditions, work);
	out->offers = in->offers;
	out->to = in->to;
	out->silence = in->silence;
	out->after = sf_deadline_write(&in->after, work);
	return out;
}

/* Left out where nobody receives and nothing is said of it. */
static Stafet__V1__ReceiverClause *write_receiver(
	const struct sf_receiver_clause *in, struct sf_agreement_work *work)
{
	Stafet__V1__Clause *clause = sf_clause_write(&in->clause, work);
	if (!clause && in->role == SF_ROLE_NONE)
		return NULL;
	Stafet__V1__ReceiverClause *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__receiver_clause__init(out);
	out->clause = clause;
	out->role = in->role;
	return out;
}

static Stafet__V1__SilenceClause *write_silence(
	const struct sf_silence_clause *in, struct sf_agreement_work *work)
{
	Stafet__V1__Clause *clause = sf_clause_write(&in->clause, work);
	if (!clause && in->after.part_count == 0)
		return NULL;
	Stafet__V1__SilenceClause *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__silence_clause__init(out);
	out->clause = clause;
	out->after = sf_deadline_write(&in->after, work);
	return out;
}

/* No citation: none is stated (core/agreement.h). */
static Stafet__V1__Payment *write_payment(
	const struct sf_payment *in, struct sf_agreement_work *work)
{
	if (in->clause.citation[0] == '\0')
		return NULL;
	Stafet__V1__Payment *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__payment__init(out);
	out->clause = sf_clause_write(&in->clause, work);
	out->region_day_rate = in->region_day_rate;
	out->state_day_rate = in->state_day_rate;
	out->state_day_rate_from_day_3 = in->state_day_rate_from_day_3;
	out->currency = sf_field_of_text(in->currency);
	out->prices = sf_field_of_text(in->prices);
	return out;
}

static void write_lists(
	const struct sf_pathway_terms *in, Stafet__V1__Pathway *out, struct sf_agreement_work *work)
{
	out->expectations = sf_work_take(work, in->expectation_count, sizeof(*out->expectations));
	for (size_t i = 0; !work->failed && i < in->expectation_count; i++)
		out->expectations[i] = write_expectation(&in->expectations[i], work);
	out->n_expectations = in->expectation_count;
	out->windows = sf_work_take(work, in->window_count, sizeof(*out->windows));
	for (size_t i = 0; !work->failed && i < in->window_count; i++)
		out->windows[i] = write_window(&in->windows[i], work);
	out->n_windows = in->window_count;
	out->handovers = sf_work_take(work, in->handover_count, sizeof(*out->handovers));
	for (size_t i = 0; !work->failed && i < in->handover_count; i++)
		out->handovers[i] = write_handover(&in->handovers[i], work);
	out->n_handovers = in->handover_count;
}

Stafet__V1__Pathway *sf_pathway_write(
	const struct sf_pathway_terms *in, struct sf_agreement_work *work)
{
	Stafet__V1__Pathway *out = sf_work_take(work, 1, sizeof(*out));
	if (!out)
		return NULL;
	stafet__v1__pathway__init(out);
	if (in->expectation_count > SF_EXPECTATION_MAX || in->window_count > SF_WINDOW_MAX ||
		in->handover_count > SF_HANDOVER_MAX) {
		work->failed = true;
		return NULL;
	}
	out->pathway = in->pathway;
	write_lists(in, out, work);
	out->receiver = write_receiver(&in->receiver, work);
	out->silence = write_silence(&in->silence, work);
	out->payment = write_payment(&in->payment, work);
	return out;
}
