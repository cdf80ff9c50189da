#include "wire/agreement_pathway.h"

#include <string.h>

#include "wire/code.h"
#include "wire/field.h"

/* A year between two rungs: nobody climbs slower, and no sum with a time overflows. */
#define ESCALATE_MS_MAX ((uint64_t)31622400000)

static enum sf_err wrong(struct sf_diag *diag, const char *what)
{
	sf_diag_set(diag, "%s", what);
	return SF_ERR_FORMAT;
}

/* What people are shown by its name must have one. */
static enum sf_err check_named(const struct sf_clause *clause, struct sf_diag *diag)
{
	return clause->name[0] != '\0' ? SF_OK : wrong(diag, "name is missing");
}

static enum sf_err read_rungs(
	const Stafet__V1__Expectation *in, struct sf_expectation *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(in->n_rungs, 0, SF_RUNG_MAX, "number of rungs", diag);
	for (size_t i = 0; !err && i < in->n_rungs; i++) {
		err = sf_code_rung(in->rungs[i], "rungs", &out->rungs[i], diag);
		out->rung_count = i + 1;
	}
	uint64_t escalate_ms = in->escalate_ms < 0 ? UINT64_MAX : (uint64_t)in->escalate_ms;
	if (!err)
		err = sf_field_range(escalate_ms, 0, ESCALATE_MS_MAX, "escalate_ms", diag);
	out->escalate_ms = in->escalate_ms;
	return err;
}

static enum sf_err read_expectation(
	const Stafet__V1__Expectation *in, struct sf_expectation *out, struct sf_diag *diag)
{
	enum sf_err err = sf_clause_read(in->clause, &out->clause, diag);
	if (!err)
		err = check_named(&out->clause, diag);
	if (!err)
		err = sf_trigger_read(in->arises_on, "arises_on", &out->arises_on, diag);
	if (!err)
		err = sf_conditions_read(in->n_conditions, in->conditions, &out->conditions, diag);
	if (!err)
		err = sf_code_role(in->owner, "owner", &out->owner, diag);
	if (!err)
		err = sf_trigger_read(in->met_by, "met_by", &out->met_by, diag);
	if (!err)
		err = sf_deadline_read(in->due, "due", &out->due, diag);
	return err ? err : read_rungs(in, out, diag);
}

static enum sf_err read_domain(uint32_t bit, enum sf_domain *ret_domain, struct sf_diag *diag)
{
	for (uint32_t i = 0; i < SF_DOMAIN_COUNT; i++) {
		if (bit == SF_DOMAIN_BIT(i)) {
			*ret_domain = (enum sf_domain)i;
			return SF_OK;
		}
	}
	return wrong(diag, "domain is not one responsibility domain");
}

static enum sf_err read_window(
	const Stafet__V1__WindowClause *in, struct sf_window_clause *out, struct sf_diag *diag)
{
	enum sf_err err = sf_clause_read(in->clause, &out->clause, diag);
	if (!err)
		err = check_named(&out->clause, diag);
	if (!err)
		err = read_domain(in->domain, &out->domain, diag);
	if (!err)
		err = sf_trigger_read(in->starts_on, "starts_on", &out->starts_on, diag);
	if (!err)
		err = sf_conditions_read(in->n_conditions, in->conditions, &out->conditions, diag);
	if (!err)
		err = sf_deadline_read(in->length, "length", &out->length, diag);
	if (!err && out->length.part_count == 0)
		err = wrong(diag, "length is missing");
	if (!err)
		err = sf_code_role(in->holder, "holder", &out->holder, diag);
	return err ? err : sf_code_role(in->then, "then", &out->then, diag);
}

/* What hands over is a discharge or another fact of the stay, or a letter (DOMAIN section 5). */
static enum sf_err read_offering(
	const Stafet__V1__Handover *in, struct sf_handover *out, struct sf_diag *diag)
{
	enum sf_err err = sf_trigger_read(in->on, "on", &out->on, diag);
	if (!err && out->on.kind != SF_KIND_STAY && out->on.kind != SF_KIND_LETTER)
		err = wrong(diag, "on: neither a fact of the stay nor a letter");
	if (!err)
		err = sf_code_domains(in->offers, "offers", &out->offers, diag);
	if (!err)
		err = sf_field_range(in->offers, 1, SF_DOMAIN_ALL, "offers", diag);
	return err ? err : sf_code_role(in->to, "to", &out->to, diag);
}

static enum sf_err read_handover(
	const Stafet__V1__Handover *in, struct sf_handover *out, struct sf_diag *diag)
{
	enum sf_err err = sf_clause_read(in->clause, &out->clause, diag);
	if (!err)
		err = read_offering(in, out, diag);
	if (!err)
		err = sf_conditions_read(in->n_conditions, in->conditions, &out->conditions, diag);
	if (!err)
		err = sf_code_silence(in->silence, "silence", &out->silence, diag);
	if (!err)
		err = sf_deadline_read(in->after, "after", &out->after, diag);
	if (!err && (out->after.part_count > 0) != (out->silence == SF_SILENCE_PASSES))
		err = wrong(diag, "after does not go with silence");
	return err;
}

static enum sf_err read_payment(
	const Stafet__V1__Payment *in, struct sf_payment *out, struct sf_diag *diag)
{
	if (!in)
		return SF_OK;
	enum sf_err err = sf_clause_read(in->clause, &out->clause, diag);
	if (!err && out->clause.citation[0] == '\0')
		err = wrong(diag, "citation is missing");
	if (!err)
		err = sf_agreement_text_read(
			in->currency, "currency", out->currency, sizeof(out->currency), diag);
	if (!err && out->currency[0] == '\0')
		err = wrong(diag, "currency is missing");
	if (!err)
		err = sf_agreement_text_read(
			in->prices, "prices", out->prices, sizeof(out->prices), diag);
	out->region_day_rate = in->region_day_rate;
	out->state_day_rate = in->state_day_rate;
	out->state_day_rate_from_day_3 = in->state_day_rate_from_day_3;
	return err;
}

/* The clauses that a pathway has once. */
static enum sf_err read_single(
	const Stafet__V1__Pathway *in, struct sf_pathway_terms *out, struct sf_diag *diag)
{
	const char *place = "receiver";
	enum sf_err err = SF_OK;
	if (in->receiver) {
		err = sf_clause_read(in->receiver->clause, &out->receiver.clause, diag);
		if (!err)
			err = sf_code_role_or_none(
				in->receiver->role, "role", &out->receiver.role, diag);
	}
	if (!err && in->silence) {
		place = "silence";
		err = sf_clause_read(in->silence->clause, &out->silence.clause, diag);
		if (!err)
			err = sf_deadline_read(
				in->silence->after, "after", &out->silence.after, diag);
	}
	if (!err) {
		place = "payment";
		err = read_payment(in->payment, &out->payment, diag);
	}
	if (err)
		sf_diag_prefix(diag, "%s", place);
	return err;
}

static enum sf_err read_lists(
	const Stafet__V1__Pathway *in, struct sf_pathway_terms *out, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; !err && i < in->n_expectations; i++) {
		err = read_expectation(in->expectations[i], &out->expectations[i], diag);
		out->expectation_count = i + 1;
		if (err)
			sf_diag_prefix(diag, "expectation %zu", i + 1);
	}
	for (size_t i = 0; !err && i < in->n_windows; i++) {
		err = read_window(in->windows[i], &out->windows[i], diag);
		out->window_count = i + 1;
		if (err)
			sf_diag_prefix(diag, "window %zu", i + 1);
	}
	for (size_t i = 0; !err && i < in->n_handovers; i++) {
		err = read_handover(in->handovers[i], &out->handovers[i], diag);
		out->handover_count = i + 1;
		if (err)
			sf_diag_prefix(diag, "handover %zu", i + 1);
	}
	return err;
}

/* Every clause of the pathway in turn, by place; NULL after the last. */
static const struct sf_clause *clause_at(const struct sf_pathway_terms *terms, size_t place)
{
	if (place < terms->expectation_count)
		return &terms->expectations[place].clause;
	place -= terms->expectation_count;
	if (place < terms->window_count)
		return &terms->windows[place].clause;
	place -= terms->window_count;
	if (place < terms->handover_count)
		return &terms->handovers[place].clause;
	const struct sf_clause *const single[] = {
		&terms->receiver.clause, &terms->silence.clause, &terms->payment.clause};
	place -= terms->handover_count;
	return place < SF_COUNT(single) ? single[place] : NULL;
}

/* People ask for a clause by its name. */
static enum sf_err check_names(const struct sf_pathway_terms *terms, struct sf_diag *diag)
{
	const struct sf_clause *one = NULL;
	for (size_t i = 0; (one = clause_at(terms, i)) != NULL; i++) {
		for (size_t j = 0; j < i && one->name[0] != '\0'; j++) {
			if (strcmp(one->name, clause_at(terms, j)->name) == 0)
				return wrong(diag, "a name stands twice");
		}
	}
	return SF_OK;
}

enum sf_err sf_pathway_read(
	const Stafet__V1__Pathway *in, struct sf_pathway_terms *ret_terms, struct sf_diag *diag)
{
	enum sf_err err = sf_code_pathway(in->pathway, "pathway", &ret_terms->pathway, diag);
	if (!err)
		err = sf_field_range(
			in->n_expectations, 0, SF_EXPECTATION_MAX, "number of expectations", diag);
	if (!err)
		err = sf_field_range(in->n_windows, 0, SF_WINDOW_MAX, "number of windows", diag);
	if (!err)
		err = sf_field_range(
			in->n_handovers, 0, SF_HANDOVER_MAX, "number of handovers", diag);
	if (!err)
		err = read_lists(in, ret_terms, diag);
	if (!err)
		err = read_single(in, ret_terms, diag);
	return err ? err : check_names(ret_terms, diag);
}
