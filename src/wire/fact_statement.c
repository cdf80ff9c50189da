#include "fact.pb-c.h"
#include "wire/allocator.h"
#include "wire/fact_codec.h"
#include "wire/field.h"

/* Each kind says what it is about and nothing else. */
static enum sf_err check(const struct sf_fact *fact, struct sf_diag *diag)
{
	const struct sf_statement *said = &fact->statement;
	bool whole = true;
	if (fact->kind == SF_KIND_ACCESS)
		whole = said->role != SF_READER_NONE && said->purpose != SF_PURPOSE_NONE &&
			said->request != 0 && !sf_id_is_none(said->reader);
	else if (fact->kind == SF_KIND_ERASED)
		whole = said->ground != SF_GROUND_NONE && said->until_sequence > 0 &&
			!sf_id_is_none(said->subject) && !sf_digest_is_none(&said->head);
	else
		whole = said->code != 0;
	if (whole)
		return SF_OK;
	sf_diag_set(diag, "something that the statement must say is missing");
	return SF_ERR_FORMAT;
}

static enum sf_err read_statement(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Statement *in = message;
	struct sf_statement *out = &fact->statement;
	enum sf_err err = sf_field_id_or_none(in->subject, "subject", &out->subject, diag);
	if (!err)
		err = sf_field_id_or_none(in->reader, "reader", &out->reader, diag);
	if (!err)
		err = sf_field_range(in->role, 0, SF_READER_SYSTEM, "role", diag);
	if (!err)
		err = sf_field_range(in->purpose, 0, SF_PURPOSE_LAW, "purpose", diag);
	if (!err)
		err = sf_field_range(in->ground, 0, SF_GROUND_ORDER, "ground", diag);
	if (!err)
		err = sf_field_range(in->until_sequence, 0, INT64_MAX, "until_sequence", diag);
	if (!err)
		err = sf_field_range(in->size, 0, INT64_MAX, "size", diag);
	if (!err)
		err = sf_field_digest_or_none(in->head, "head", &out->head, diag);
	out->role = (enum sf_reader_role)in->role;
	out->purpose = (enum sf_purpose)in->purpose;
	out->request = in->request;
	out->ground = (enum sf_ground)in->ground;
	out->until_sequence = in->until_sequence;
	out->code = in->code;
	out->size = in->size;
	return err ? err : check(fact, diag);
}

static enum sf_err write_statement(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_statement *in = &fact->statement;
	Stafet__V1__Statement out = STAFET__V1__STATEMENT__INIT;
	out.subject = sf_field_of_id(&in->subject);
	out.reader = sf_field_of_id(&in->reader);
	out.role = in->role;
	out.purpose = in->purpose;
	out.request = in->request;
	out.ground = in->ground;
	out.until_sequence = in->until_sequence;
	out.head = sf_field_of_digest(&in->head);
	out.code = in->code;
	out.size = in->size;
	return sf_proto_pack(&out.base, buf);
}

/* clang-format off */
static const struct sf_fact_codec codecs[] = {
	{SF_KIND_ACCESS, &stafet__v1__statement__descriptor, read_statement, write_statement},
	{SF_KIND_ERASED, &stafet__v1__statement__descriptor, read_statement, write_statement},
	{SF_KIND_ALARM, &stafet__v1__statement__descriptor, read_statement, write_statement},
};
/* clang-format on */

const struct sf_fact_codecs sf_fact_statement_codecs = {codecs, SF_COUNT(codecs)};
