#include "fact.pb-c.h"
#include "wire/allocator.h"
#include "wire/code.h"
#include "wire/fact_codec.h"
#include "wire/field.h"

static enum sf_err read_carried(
	const Stafet__V1__Carried *in, struct sf_carried *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->subject, "carried subject", &out->subject, diag);
	if (!err)
		err = sf_code_duty(in->duty, "carried duty", &out->duty, diag);
	if (!err)
		err = sf_code_role(in->owner, "carried owner", &out->owner, diag);
	if (!err)
		err = sf_field_time(in->due_ms, "carried due_ms", diag);
	out->due_ms = in->due_ms;
	return err;
}

/*
 * A link is taken as told, so it must be whole. Every other derived fact is computed again by who
 * steps it (core/derived.h), field by field: what says too much or too little is not equal.
 */
static enum sf_err check_link(const struct sf_fact *fact, struct sf_diag *diag)
{
	const struct sf_derived *derived = &fact->derived;
	if (fact->kind != SF_KIND_LINKED)
		return SF_OK;
	if (derived->link != SF_LINK_NONE && !sf_id_is_none(derived->other) &&
		!sf_id_is_none(derived->subject))
		return SF_OK;
	sf_diag_set(diag, "link, other or subject is missing");
	return SF_ERR_FORMAT;
}

static enum sf_err read_derived(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Derived *in = message;
	struct sf_derived *out = &fact->derived;
	enum sf_err err = sf_field_id_or_none(in->subject, "subject", &out->subject, diag);
	if (!err)
		err = sf_field_time(in->due_ms, "due_ms", diag);
	if (!err)
		err = sf_code_domains(in->domains, "domains", &out->domains, diag);
	if (!err)
		err = sf_field_id_or_none(in->to, "to", &out->to, diag);
	if (!err)
		err = sf_code_link_or_none(in->link, "link", &out->link, diag);
	if (!err)
		err = sf_field_id_or_none(in->other, "other", &out->other, diag);
	if (!err)
		err = sf_field_range(in->n_carried, 0, SF_CARRIED_MAX, "number of carried", diag);
	for (size_t i = 0; !err && i < in->n_carried; i++) {
		err = read_carried(in->carried[i], &out->carried[i], diag);
		out->carried_count = i + 1;
	}
	out->clause = in->clause;
	out->due_ms = in->due_ms;
	out->level = in->level;
	return err ? err : check_link(fact, diag);
}

static enum sf_err write_derived(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_derived *in = &fact->derived;
	Stafet__V1__Carried carried[SF_CARRIED_MAX];
	Stafet__V1__Carried *pointers[SF_CARRIED_MAX];
	if (in->carried_count > SF_CARRIED_MAX)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->carried_count; i++) {
		stafet__v1__carried__init(&carried[i]);
		carried[i].subject = sf_field_of_id(&in->carried[i].subject);
		carried[i].duty = in->carried[i].duty;
		carried[i].owner = in->carried[i].owner;
		carried[i].due_ms = in->carried[i].due_ms;
		pointers[i] = &carried[i];
	}
	Stafet__V1__Derived out = STAFET__V1__DERIVED__INIT;
	out.subject = sf_field_of_id(&in->subject);
	out.clause = in->clause;
	out.due_ms = in->due_ms;
	out.level = in->level;
	out.domains = in->domains;
	out.to = sf_field_of_id(&in->to);
	out.link = in->link;
	out.other = sf_field_of_id(&in->other);
	out.n_carried = in->carried_count;
	out.carried = pointers;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_agreement(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__AgreementFact *in = message;
	struct sf_agreement_fact *out = &fact->agreement;
	enum sf_err err = sf_field_digest(in->agreement, "agreement", &out->agreement, diag);
	if (!err && sf_digest_is_none(&out->agreement)) {
		sf_diag_set(diag, "agreement is no digest");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_field_range(
			in->n_on_behalf, 0, SF_ON_BEHALF_MAX, "number of on_behalf", diag);
	for (size_t i = 0; !err && i < in->n_on_behalf; i++) {
		err = sf_field_id(in->on_behalf[i], "on_behalf", &out->on_behalf[i], diag);
		for (size_t j = 0; !err && j < i; j++) {
			if (sf_id_equal(out->on_behalf[i], out->on_behalf[j])) {
				sf_diag_set(diag, "on_behalf: a party twice");
				err = SF_ERR_FORMAT;
			}
		}
		out->on_behalf_count = i + 1;
	}
	return err;
}

static enum sf_err write_agreement(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_agreement_fact *in = &fact->agreement;
	ProtobufCBinaryData on_behalf[SF_ON_BEHALF_MAX];
	if (in->on_behalf_count > SF_ON_BEHALF_MAX)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->on_behalf_count; i++)
		on_behalf[i] = sf_field_of_id(&in->on_behalf[i]);
	Stafet__V1__AgreementFact out = STAFET__V1__AGREEMENT_FACT__INIT;
	out.agreement = sf_field_of_digest(&in->agreement);
	out.n_on_behalf = in->on_behalf_count;
	out.on_behalf = on_behalf;
	return sf_proto_pack(&out.base, buf);
}

/* clang-format off */
static const struct sf_fact_codec codecs[] = {
	{SF_KIND_AGREEMENT_PROPOSE, &stafet__v1__agreement_fact__descriptor,
	 read_agreement, write_agreement},
	{SF_KIND_AGREEMENT_ACCEPT, &stafet__v1__agreement_fact__descriptor,
	 read_agreement, write_agreement},
	{SF_KIND_AGREEMENT_END, &stafet__v1__agreement_fact__descriptor,
	 read_agreement, write_agreement},
	{SF_KIND_EXPIRED, &stafet__v1__derived__descriptor,
	 read_derived, write_derived},
	{SF_KIND_ESCALATED, &stafet__v1__derived__descriptor,
	 read_derived, write_derived},
	{SF_KIND_WINDOW_ENDED, &stafet__v1__derived__descriptor,
	 read_derived, write_derived},
	{SF_KIND_PASSED, &stafet__v1__derived__descriptor,
	 read_derived, write_derived},
	{SF_KIND_SILENT, &stafet__v1__derived__descriptor,
	 read_derived, write_derived},
	{SF_KIND_CLOSED, &stafet__v1__derived__descriptor,
	 read_derived, write_derived},
	{SF_KIND_LINKED, &stafet__v1__derived__descriptor,
	 read_derived, write_derived},
};
/* clang-format on */

const struct sf_fact_codecs sf_fact_derived_codecs = {codecs, SF_COUNT(codecs)};
