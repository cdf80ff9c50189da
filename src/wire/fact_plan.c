#include "fact.pb-c.h"
#include "wire/allocator.h"
#include "wire/code.h"
#include "wire/fact_codec.h"
#include "wire/field.h"

/* Two times in order, or nothing at all: an interval without both ends would say nothing. */
static enum sf_err read_interval(const Stafet__V1__Interval *in, const char *name,
	struct sf_interval *out, struct sf_diag *diag)
{
	if (!in)
		return SF_OK;
	bool said = in->from_ms != 0 || in->until_ms != 0;
	enum sf_err err =
		sf_code_confidence_or_none(in->confidence, "confidence", &out->confidence, diag);
	if (!err && said)
		err = sf_field_time_said(in->from_ms, "from_ms", diag);
	if (!err && said)
		err = sf_field_time_said(in->until_ms, "until_ms", diag);
	if (!err && in->from_ms > in->until_ms) {
		sf_diag_set(diag, "until_ms is before from_ms");
		err = SF_ERR_FORMAT;
	}
	if (!err && !said && in->confidence != 0) {
		sf_diag_set(diag, "confidence without a time");
		err = SF_ERR_FORMAT;
	}
	if (err)
		sf_diag_prefix(diag, "%s", name);
	out->from_ms = in->from_ms;
	out->until_ms = in->until_ms;
	return err;
}

/* NULL, so that nothing is written, when nothing is said. */
static Stafet__V1__Interval *write_interval(
	const struct sf_interval *in, Stafet__V1__Interval *place)
{
	if (in->from_ms == 0 && in->until_ms == 0 && in->confidence == SF_CONFIDENCE_NONE)
		return NULL;
	stafet__v1__interval__init(place);
	place->from_ms = in->from_ms;
	place->until_ms = in->until_ms;
	place->confidence = in->confidence;
	return place;
}

static enum sf_err read_intent(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Intent *in = message;
	fact->intent.expected_ms = in->expected_ms;
	return sf_field_time_said(in->expected_ms, "expected_ms", diag);
}

static enum sf_err write_intent(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Intent out = STAFET__V1__INTENT__INIT;
	out.expected_ms = fact->intent.expected_ms;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_assessment(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Assessment *in = message;
	return sf_code_assessment(in->code, "code", &fact->assessment.code, diag);
}

static enum sf_err write_assessment(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Assessment out = STAFET__V1__ASSESSMENT__INIT;
	out.code = fact->assessment.code;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_plan(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Plan *in = message;
	struct sf_plan *out = &fact->plan;
	enum sf_err err = sf_field_range(in->version, 1, UINT32_MAX, "version", diag);
	if (!err)
		err = read_interval(in->ready, "ready", &out->ready, diag);
	if (!err)
		err = read_interval(in->discharge, "discharge", &out->discharge, diag);
	out->version = in->version;
	return err;
}

static enum sf_err write_plan(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Interval ready;
	Stafet__V1__Interval discharge;
	Stafet__V1__Plan out = STAFET__V1__PLAN__INIT;
	out.version = fact->plan.version;
	out.ready = write_interval(&fact->plan.ready, &ready);
	out.discharge = write_interval(&fact->plan.discharge, &discharge);
	return sf_proto_pack(&out.base, buf);
}

/* Which answer must name what is the core's to say (R4), so that it is recorded as refused. */
static enum sf_err read_plan_answer(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__PlanAnswer *in = message;
	struct sf_plan_answer *out = &fact->plan_answer;
	enum sf_err err = sf_code_plan_answer(in->code, "code", &out->code, diag);
	if (!err)
		err = sf_field_time(in->ready_from_ms, "ready_from_ms", diag);
	if (!err)
		err = sf_code_cannot_or_none(in->reason, "reason", &out->reason, diag);
	if (!err)
		err = sf_code_role_or_none(
			in->refer_to_role, "refer_to_role", &out->refer_to_role, diag);
	if (!err)
		err = sf_field_id_or_none(
			in->refer_to_party, "refer_to_party", &out->refer_to_party, diag);
	out->ready_from_ms = in->ready_from_ms;
	return err;
}

static enum sf_err write_plan_answer(const struct sf_fact *fact, struct sf_buf *buf)
{
	const struct sf_plan_answer *in = &fact->plan_answer;
	Stafet__V1__PlanAnswer out = STAFET__V1__PLAN_ANSWER__INIT;
	out.code = in->code;
	out.ready_from_ms = in->ready_from_ms;
	out.reason = in->reason;
	out.refer_to_role = in->refer_to_role;
	out.refer_to_party = sf_field_of_id(&in->refer_to_party);
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_ready(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Ready *in = message;
	fact->ready.ready_ms = in->ready_ms;
	fact->ready.duties_done = in->duties_done;
	return sf_field_time_said(in->ready_ms, "ready_ms", diag);
}

static enum sf_err write_ready(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Ready out = STAFET__V1__READY__INIT;
	out.ready_ms = fact->ready.ready_ms;
	out.duties_done = fact->ready.duties_done;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_agree(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Agree *in = message;
	fact->agree.discharge_ms = in->discharge_ms;
	return sf_field_time_said(in->discharge_ms, "discharge_ms", diag);
}

static enum sf_err write_agree(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Agree out = STAFET__V1__AGREE__INIT;
	out.discharge_ms = fact->agree.discharge_ms;
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_arrived(const void *message, struct sf_fact *fact, struct sf_diag *diag)
{
	const Stafet__V1__Arrived *in = message;
	fact->arrived.arrived_ms = in->arrived_ms;
	return sf_field_time_said(in->arrived_ms, "arrived_ms", diag);
}

static enum sf_err write_arrived(const struct sf_fact *fact, struct sf_buf *buf)
{
	Stafet__V1__Arrived out = STAFET__V1__ARRIVED__INIT;
	out.arrived_ms = fact->arrived.arrived_ms;
	return sf_proto_pack(&out.base, buf);
}

/* clang-format off */
static const struct sf_fact_codec codecs[] = {
	{SF_KIND_INTENT, &stafet__v1__intent__descriptor,
	 read_intent, write_intent},
	{SF_KIND_ASSESSMENT, &stafet__v1__assessment__descriptor,
	 read_assessment, write_assessment},
	{SF_KIND_PLAN, &stafet__v1__plan__descriptor,
	 read_plan, write_plan},
	{SF_KIND_PLAN_ANSWER, &stafet__v1__plan_answer__descriptor,
	 read_plan_answer, write_plan_answer},
	{SF_KIND_READY, &stafet__v1__ready__descriptor,
	 read_ready, write_ready},
	{SF_KIND_READY_WITHDRAWN, &stafet__v1__ready_withdrawn__descriptor,
	 NULL, NULL},
	{SF_KIND_AGREE, &stafet__v1__agree__descriptor,
	 read_agree, write_agree},
	{SF_KIND_ARRIVED, &stafet__v1__arrived__descriptor,
	 read_arrived, write_arrived},
};
/* clang-format on */

const struct sf_fact_codecs sf_fact_plan_codecs = {codecs, SF_COUNT(codecs)};
