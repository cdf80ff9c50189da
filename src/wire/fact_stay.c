#include "fact.pb-c.h"
#include "wire/allocator.h"
#include "wire/code.h"
#include "wire/fact_codec.h"
#include "wire/field.h"

#define ACK_CODE_MAX 65535u /* codes travel as 16 bits in receipts and leaves */

static enum sf_err read_binding(const Stafet__V1__Binding *in, const struct sf_parties *parties,
	struct sf_binding *ret_binding, struct sf_diag *diag)
{
	struct sf_binding out = {0};
	enum sf_err err = sf_code_role(in->role, "role", &out.role, diag);
	if (!err)
		err = sf_field_range(
			in->state, SF_BINDING_PARTY, SF_BINDING_NOT_ENROLLED, "state", diag);
	if (!err)
		err = sf_field_id_or_none(in->party, "party", &out.party, diag);
	if (err)
		return err;
	out.state = (enum sf_binding_state)in->state;
	if (sf_id_is_none(out.party) == (out.state == SF_BINDING_PARTY)) {
		sf_diag_set(diag, "bindings: party and state do not agree");
		return SF_ERR_FORMAT;
	}
	for (size_t i = 0; i < parties->binding_count; i++) {
		if (parties->bindings[i].role == out.role) {
			sf_diag_set(diag, "bindings: a role is bound twice");
			return SF_ERR_FORMAT;
		}
	}
	*ret_binding = out;
	return SF_OK;
}

static enum sf_err read_parties(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Parties *in = message;
	struct sf_parties *out = &fact->parties;
	enum sf_err err = sf_field_range(in->version, 1, UINT32_MAX, "version", diag);
	if (!err)
		err = sf_code_pathway(in->pathway, "pathway", &out->pathway, diag);
	if (!err)
		err = sf_field_digest_or_none(in->agreement, "agreement", &out->agreement, diag);
	if (!err)
		err = sf_code_domains(in->active, "active", &out->active, diag);
	if (!err)
		err = sf_field_id_or_none(in->person, "person", &out->person, diag);
	if (!err)
		err = sf_field_range(
			in->n_bindings, 0, SF_TRANSITION_PARTIES_MAX, "bindings", diag);
	out->version = in->version;
	for (size_t i = 0; !err && i < in->n_bindings; i++) {
		err = read_binding(in->bindings[i], out, &out->bindings[i], diag);
		if (!err)
			out->binding_count++;
	}
	return err;
}

static enum sf_err write_parties(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_parties *in = &fact->parties;
	Stafet__V1__Binding bindings[SF_TRANSITION_PARTIES_MAX];
	Stafet__V1__Binding *pointers[SF_TRANSITION_PARTIES_MAX];
	if (in->binding_count > SF_TRANSITION_PARTIES_MAX)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->binding_count; i++) {
		stafet__v1__binding__init(&bindings[i]);
		bindings[i].role = in->bindings[i].role;
		bindings[i].state = in->bindings[i].state;
		bindings[i].party = sf_field_of_id(&in->bindings[i].party);
		pointers[i] = &bindings[i];
	}
	Stafet__V1__Parties out = STAFET__V1__PARTIES__INIT;
	out.version = in->version;
	out.pathway = in->pathway;
	out.agreement = sf_field_of_digest(&in->agreement);
	out.active = in->active;
	out.person = sf_field_of_id(&in->person);
	out.n_bindings = in->binding_count;
	out.bindings = pointers;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_stay(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Stay *in = message;
	struct sf_stay_fact *out = &fact->stay;
	enum sf_err err = sf_code_activity(in->activity, "activity", &out->activity, diag);
	if (!err)
		err = sf_code_mode(in->mode, "mode", &out->mode, diag);
	if (!err)
		err = sf_code_stay_class(in->stay_class, "stay_class", &out->stay_class, diag);
	if (!err)
		err = sf_field_time(in->event_ms, "event_ms", diag);
	out->event_ms = in->event_ms;
	out->report_requested = in->report_requested;
	return err;
}

static enum sf_err write_stay(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Stay out = STAFET__V1__STAY__INIT;
	out.activity = fact->stay.activity;
	out.mode = fact->stay.mode;
	out.stay_class = fact->stay.stay_class;
	out.event_ms = fact->stay.event_ms;
	out.report_requested = fact->stay.report_requested;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_acknowledgement(
	const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Acknowledgement *in = message;
	struct sf_acknowledgement *out = &fact->acknowledgement;
	enum sf_err err = sf_field_id(in->message_id, "message_id", &out->message_id, diag);
	if (!err)
		err = sf_field_digest(in->content_id, "content_id", &out->content_id, diag);
	if (!err)
		err = sf_field_digest_or_none(
			in->body_commitment, "body_commitment", &out->body_commitment, diag);
	if (!err)
		err = sf_code_ack(in->ack, "ack", &out->ack, diag);
	if (!err)
		err = sf_field_range(in->code, 0, ACK_CODE_MAX, "code", diag);
	out->code = in->code;
	return err;
}

static enum sf_err write_acknowledgement(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_acknowledgement *in = &fact->acknowledgement;
	Stafet__V1__Acknowledgement out = STAFET__V1__ACKNOWLEDGEMENT__INIT;
	out.message_id = sf_field_of_id(&in->message_id);
	out.content_id = sf_field_of_whole_digest(&in->content_id);
	out.body_commitment = sf_field_of_digest(&in->body_commitment);
	out.ack = in->ack;
	out.code = in->code;
	return sf_proto_pack(&out.base, buf);
}

/* clang-format off */
static const struct sf_fact_codec codecs[] = {
	{SF_KIND_PARTIES, &stafet__v1__parties__descriptor,
	 read_parties, write_parties},
	{SF_KIND_STAY, &stafet__v1__stay__descriptor,
	 read_stay, write_stay},
	{SF_KIND_ACKNOWLEDGEMENT, &stafet__v1__acknowledgement__descriptor,
	 read_acknowledgement, write_acknowledgement},
};
/* clang-format on */

const struct sf_fact_codecs sf_fact_stay_codecs = {codecs, SF_COUNT(codecs)};
