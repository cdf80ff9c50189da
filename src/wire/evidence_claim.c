#include "evidence.pb-c.h"
#include "wire/allocator.h"
#include "wire/evidence.h"
#include "wire/evidence_unpack.h"
#include "wire/field.h"

static enum sf_err read_holder(
	const Stafet__V1__ClaimHolder *in, struct sf_claim_holder *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(in->domain, 0, SF_DOMAIN_COUNT - 1, "domain", diag);
	if (!err)
		err = sf_field_id_or_none(in->party, "party", &out->party, diag);
	if (!err)
		err = sf_field_time_said(in->since_ms, "since_ms", diag);
	if (!err)
		err = sf_field_id_or_none(in->basis, "basis", &out->basis, diag);
	out->domain = (enum sf_domain)in->domain;
	out->since_ms = in->since_ms;
	return err;
}

static enum sf_err read_duty(
	const Stafet__V1__ClaimDuty *in, struct sf_claim_duty *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id_or_none(in->subject, "subject", &out->subject, diag);
	if (!err)
		err = sf_field_id_or_none(in->owner, "owner", &out->owner, diag);
	if (!err)
		err = sf_field_time(in->due_ms, "due_ms", diag);
	out->clause = in->clause;
	out->duty = in->duty;
	out->state = in->state;
	out->due_ms = in->due_ms;
	return err;
}

static enum sf_err read_rows(const Stafet__V1__Claim *in, struct sf_arena *arena,
	struct sf_claim *out, struct sf_diag *diag)
{
	struct sf_claim_holder *holders =
		sf_arena_take_many(arena, in->n_holders, sizeof(*holders));
	struct sf_claim_duty *duties = sf_arena_take_many(arena, in->n_duties, sizeof(*duties));
	if (!holders || !duties)
		return SF_ERR_LIMIT;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < in->n_holders && !err; i++)
		err = read_holder(in->holders[i], &holders[i], diag);
	for (size_t i = 0; i < in->n_duties && !err; i++)
		err = read_duty(in->duties[i], &duties[i], diag);
	out->holder_count = in->n_holders;
	out->holders = holders;
	out->duty_count = in->n_duties;
	out->duties = duties;
	return err;
}

static enum sf_err read_claim(const Stafet__V1__Claim *in, struct sf_arena *arena,
	struct sf_claim *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->transition, "transition", &out->transition, diag);
	if (!err)
		err = sf_field_time(in->at_ms, "at_ms", diag);
	if (!err)
		err = sf_field_digest(in->head, "head", &out->head, diag);
	if (!err)
		err = sf_field_digest(in->summary, "summary", &out->summary, diag);
	if (!err)
		err = sf_field_digest(in->file, "file", &out->file, diag);
	out->sequence = in->sequence;
	out->at_ms = in->at_ms;
	out->state = in->state;
	return err ? err : read_rows(in, arena, out, diag);
}

enum sf_err sf_claim_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_claim *ret_claim, struct sf_diag *diag)
{
	struct sf_claim claim = {0};
	void *unpacked = NULL;
	enum sf_err err = bytes.size <= SF_CLAIM_SIZE_MAX ? SF_OK : SF_ERR_LIMIT;
	if (!err)
		err = sf_evidence_unpack(
			&stafet__v1__claim__descriptor, bytes, arena, &unpacked, diag);
	if (!err)
		err = read_claim(unpacked, arena, &claim, diag);
	if (err) {
		sf_diag_prefix(diag, "claim");
		return err;
	}
	*ret_claim = claim;
	return SF_OK;
}

static bool write_holders(const struct sf_claim *in, struct sf_arena *work, Stafet__V1__Claim *out)
{
	size_t count = in->holder_count;
	Stafet__V1__ClaimHolder *rows = sf_arena_take_many(work, count, sizeof(*rows));
	out->holders = sf_arena_take_many(work, count, sizeof(*out->holders));
	if (!rows || !out->holders)
		return false;
	for (size_t i = 0; i < count; i++) {
		stafet__v1__claim_holder__init(&rows[i]);
		rows[i].domain = (uint32_t)in->holders[i].domain;
		rows[i].party = sf_field_of_id(&in->holders[i].party);
		rows[i].since_ms = in->holders[i].since_ms;
		rows[i].basis = sf_field_of_id(&in->holders[i].basis);
		out->holders[i] = &rows[i];
	}
	out->n_holders = count;
	return true;
}

static bool write_duties(const struct sf_claim *in, struct sf_arena *work, Stafet__V1__Claim *out)
{
	size_t count = in->duty_count;
	Stafet__V1__ClaimDuty *rows = sf_arena_take_many(work, count, sizeof(*rows));
	out->duties = sf_arena_take_many(work, count, sizeof(*out->duties));
	if (!rows || !out->duties)
		return false;
	for (size_t i = 0; i < count; i++) {
		stafet__v1__claim_duty__init(&rows[i]);
		rows[i].subject = sf_field_of_id(&in->duties[i].subject);
		rows[i].clause = in->duties[i].clause;
		rows[i].duty = in->duties[i].duty;
		rows[i].state = in->duties[i].state;
		rows[i].owner = sf_field_of_id(&in->duties[i].owner);
		rows[i].due_ms = in->duties[i].due_ms;
		out->duties[i] = &rows[i];
	}
	out->n_duties = count;
	return true;
}

enum sf_err sf_claim_encode(const struct sf_claim *claim, struct sf_buf *buf)
{
	struct sf_arena work;
	sf_arena_init(&work, SF_CLAIM_SIZE_MAX);
	Stafet__V1__Claim out = STAFET__V1__CLAIM__INIT;
	out.transition = sf_field_of_id(&claim->transition);
	out.sequence = claim->sequence;
	out.at_ms = claim->at_ms;
	out.head = sf_field_of_whole_digest(&claim->head);
	out.summary = sf_field_of_whole_digest(&claim->summary);
	out.state = claim->state;
	out.file = sf_field_of_whole_digest(&claim->file);
	bool fits = write_holders(claim, &work, &out) && write_duties(claim, &work, &out);
	enum sf_err err = fits ? sf_proto_pack(&out.base, buf) : SF_ERR_LIMIT;
	sf_arena_fini(&work);
	return err;
}
