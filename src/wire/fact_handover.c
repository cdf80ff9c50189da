#include "fact.pb-c.h"
#include "wire/allocator.h"
#include "wire/code.h"
#include "wire/fact_codec.h"
#include "wire/field.h"

static enum sf_err read_offer(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Offer *in = message;
	enum sf_err err = sf_code_domains(in->domains, "domains", &fact->offer.domains, diag);
	if (!err)
		err = sf_code_role(in->to, "to", &fact->offer.to, diag);
	return err;
}

static enum sf_err write_offer(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Offer out = STAFET__V1__OFFER__INIT;
	out.domains = fact->offer.domains;
	out.to = fact->offer.to;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_accept(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Accept *in = message;
	fact->accept.by_person = in->by_person;
	return sf_code_domains(in->domains, "domains", &fact->accept.domains, diag);
}

static enum sf_err write_accept(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Accept out = STAFET__V1__ACCEPT__INIT;
	out.domains = fact->accept.domains;
	out.by_person = fact->accept.by_person;
	return sf_proto_pack(&out.base, buf);
}

/* That a refusal must name a direction is the core's rule (R4): recorded as refused, no error. */
static enum sf_err read_refuse(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Refuse *in = message;
	struct sf_refuse *out = &fact->refuse;
	enum sf_err err =
		sf_code_role_or_none(in->refer_to_role, "refer_to_role", &out->refer_to_role, diag);
	if (!err)
		err = sf_field_id_or_none(
			in->refer_to_party, "refer_to_party", &out->refer_to_party, diag);
	out->not_ours = in->not_ours;
	return err;
}

static enum sf_err write_refuse(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Refuse out = STAFET__V1__REFUSE__INIT;
	out.refer_to_role = fact->refuse.refer_to_role;
	out.refer_to_party = sf_field_of_id(&fact->refuse.refer_to_party);
	out.not_ours = fact->refuse.not_ours;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_withdraw(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Withdraw *in = message;
	return sf_code_domains(in->domains, "domains", &fact->withdraw.domains, diag);
}

static enum sf_err write_withdraw(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Withdraw out = STAFET__V1__WITHDRAW__INIT;
	out.domains = fact->withdraw.domains;
	return sf_proto_pack(&out.base, buf);
}

/* clang-format off */
static const struct sf_fact_codec codecs[] = {
	{SF_KIND_OFFER, &stafet__v1__offer__descriptor,
	 read_offer, write_offer},
	{SF_KIND_ACCEPT, &stafet__v1__accept__descriptor,
	 read_accept, write_accept},
	{SF_KIND_REFUSE, &stafet__v1__refuse__descriptor,
	 read_refuse, write_refuse},
	{SF_KIND_WITHDRAW, &stafet__v1__withdraw__descriptor,
	 read_withdraw, write_withdraw},
};
/* clang-format on */

const struct sf_fact_codecs sf_fact_handover_codecs = {codecs, SF_COUNT(codecs)};
