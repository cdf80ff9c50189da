#include "evidence.pb-c.h"
#include "wire/allocator.h"
#include "wire/evidence.h"
#include "wire/field.h"

static ProtobufCBinaryData *write_views(
	const struct sf_view *views, size_t count, struct sf_arena *work)
{
	ProtobufCBinaryData *out = sf_arena_take_many(work, count, sizeof(*out));
	for (size_t i = 0; out && i < count; i++)
		out[i] = sf_field_of_view(views[i]);
	return out;
}

/* A message of the schema with the one inside it. */
struct written_event {
	Stafet__V1__EvidenceEvent event;
	Stafet__V1__SignedReceipt receipt;
};

static Stafet__V1__EvidenceEvent **write_events(
	const struct sf_evidence_event *events, size_t count, struct sf_arena *work)
{
	struct written_event *written = sf_arena_take_many(work, count, sizeof(*written));
	Stafet__V1__EvidenceEvent **out = sf_arena_take_many(work, count, sizeof(*out));
	if (!written || !out)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		Stafet__V1__EvidenceEvent *event = &written[i].event;
		Stafet__V1__SignedReceipt *receipt = &written[i].receipt;
		stafet__v1__evidence_event__init(event);
		stafet__v1__signed_receipt__init(receipt);
		event->cover = sf_field_of_view(events[i].cover);
		event->receipt = receipt;
		event->proof_size = events[i].proof_size;
		event->path = sf_field_of_view(events[i].path);
		receipt->receipt = sf_field_of_view(events[i].receipt.receipt);
		receipt->index = events[i].receipt.index;
		receipt->count = events[i].receipt.count;
		receipt->path = sf_field_of_view(events[i].receipt.path);
		receipt->signature = sf_field_of_view(events[i].receipt.signature);
		out[i] = event;
	}
	return out;
}

static bool write_lists(
	const struct sf_evidence *in, struct sf_arena *work, Stafet__V1__Evidence *out)
{
	out->n_registrars = in->registrar_count;
	out->registrars = sf_arena_take_many(work, in->registrar_count, sizeof(*out->registrars));
	for (size_t i = 0; out->registrars && i < in->registrar_count; i++)
		out->registrars[i] =
			sf_field_of_view(sf_view_of(in->registrars[i], sizeof(in->registrars[i])));
	out->n_checkpoints = in->checkpoint_count;
	out->checkpoints = write_views(in->checkpoints, in->checkpoint_count, work);
	out->n_epochs = in->epoch_count;
	out->epochs = write_views(in->epochs, in->epoch_count, work);
	out->n_entries = in->entry_count;
	out->entries = write_views(in->entries, in->entry_count, work);
	out->n_agreements = in->agreement_count;
	out->agreements = write_views(in->agreements, in->agreement_count, work);
	out->n_statements = in->statement_count;
	out->statements = write_events(in->statements, in->statement_count, work);
	out->n_events = in->event_count;
	out->events = write_events(in->events, in->event_count, work);
	return out->registrars && out->checkpoints && out->epochs && out->entries &&
	       out->agreements && out->statements && out->events;
}

static bool is_within_limits(const struct sf_evidence *evidence)
{
	return evidence->registrar_count <= SF_EVIDENCE_REGISTRARS_MAX &&
	       evidence->checkpoint_count <= SF_EVIDENCE_CHECKPOINTS_MAX &&
	       evidence->epoch_count <= SF_EVIDENCE_CHECKPOINTS_MAX &&
	       evidence->entry_count <= SF_EVIDENCE_ENTRIES_MAX &&
	       evidence->agreement_count <= SF_EVIDENCE_AGREEMENTS_MAX &&
	       evidence->statement_count <= SF_EVIDENCE_EVENTS_MAX &&
	       evidence->event_count <= SF_EVIDENCE_EVENTS_MAX;
}

enum sf_err sf_evidence_encode(const struct sf_evidence *evidence, struct sf_buf *buf)
{
	if (!is_within_limits(evidence))
		return SF_ERR_LIMIT;
	struct sf_arena work;
	sf_arena_init(&work, SF_EVIDENCE_SIZE_MAX);
	Stafet__V1__Evidence out = STAFET__V1__EVIDENCE__INIT;
	out.format = evidence->format;
	out.made_ms = evidence->made_ms;
	out.made_by = sf_field_of_id(&evidence->made_by);
	out.coordinator = sf_field_of_id(&evidence->coordinator);
	out.log = sf_field_of_text(evidence->log);
	out.transition = sf_field_of_id(&evidence->transition);
	out.registrar_threshold = (uint32_t)evidence->registrar_threshold;
	if (evidence->claim.size > 0) {
		out.claim = sf_field_of_view(evidence->claim);
		out.claim_key_id = sf_field_of_id(&evidence->claim_key_id);
		out.claim_signature = sf_field_of_view(
			sf_view_of(evidence->claim_signature, sizeof(evidence->claim_signature)));
	}
	enum sf_err err = write_lists(evidence, &work, &out) ? SF_OK : SF_ERR_LIMIT;
	if (!err)
		err = sf_proto_pack(&out.base, buf);
	sf_arena_fini(&work);
	return err;
}
