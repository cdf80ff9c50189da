#include "wire/evidence.h"

#include <string.h>

#include "evidence.pb-c.h"
#include "wire/allocator.h"
#include "wire/evidence_unpack.h"
#include "wire/field.h"
#include "wire/strict.h"

#define SIGNATURE_SIZE ((size_t)64)
#define RECEIPT_PATH_SIZE_MAX (SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX)

static enum sf_err check_count(
	size_t count, size_t count_max, const char *name, struct sf_diag *diag)
{
	if (count <= count_max)
		return SF_OK;
	sf_diag_set(diag, "more than %zu %s", count_max, name);
	return SF_ERR_LIMIT;
}

static enum sf_err read_path(ProtobufCBinaryData bytes, size_t size_max, const char *name,
	struct sf_view *ret_path, struct sf_diag *diag)
{
	if (bytes.len % SF_DIGEST_SIZE != 0 || bytes.len > size_max) {
		sf_diag_set(diag, "%s is not a path of hashes", name);
		return SF_ERR_FORMAT;
	}
	*ret_path = sf_field_view(bytes);
	return SF_OK;
}

static enum sf_err read_views(const ProtobufCBinaryData *in, size_t count, size_t count_max,
	const char *name, struct sf_arena *arena, const struct sf_view **ret_views,
	struct sf_diag *diag)
{
	enum sf_err err = check_count(count, count_max, name, diag);
	if (err)
		return err;
	struct sf_view *views = sf_arena_take_many(arena, count, sizeof(*views));
	if (!views)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count; i++)
		views[i] = sf_field_view(in[i]);
	*ret_views = views;
	return SF_OK;
}

static enum sf_err read_registrars(
	const Stafet__V1__Evidence *in, struct sf_evidence *out, struct sf_diag *diag)
{
	enum sf_err err =
		check_count(in->n_registrars, SF_EVIDENCE_REGISTRARS_MAX, "registrars", diag);
	if (!err)
		err = sf_field_range(
			in->registrar_threshold, 1, in->n_registrars, "registrar_threshold", diag);
	for (size_t i = 0; i < in->n_registrars && !err; i++) {
		struct sf_digest key;
		err = sf_field_digest(in->registrars[i], "registrars", &key, diag);
		if (!err)
			memcpy(out->registrars[i], key.bytes, sizeof(key.bytes));
	}
	out->registrar_threshold = in->registrar_threshold;
	out->registrar_count = in->n_registrars;
	return err;
}

static enum sf_err read_receipt(
	const Stafet__V1__SignedReceipt *in, struct sf_signed_receipt *out, struct sf_diag *diag)
{
	if (!in || in->signature.len != SIGNATURE_SIZE) {
		sf_diag_set(diag, "receipt without a signature of 64 bytes");
		return SF_ERR_FORMAT;
	}
	if (in->count < 1 || in->count > SF_BATCH_COUNT_MAX || in->index >= in->count) {
		sf_diag_set(diag, "index or count of a receipt cannot be");
		return SF_ERR_FORMAT;
	}
	out->receipt = sf_field_view(in->receipt);
	out->index = (uint16_t)in->index;
	out->count = (uint16_t)in->count;
	out->signature = sf_field_view(in->signature);
	return read_path(in->path, RECEIPT_PATH_SIZE_MAX, "path of a receipt", &out->path, diag);
}

static enum sf_err read_events(Stafet__V1__EvidenceEvent **in, size_t count, const char *name,
	struct sf_arena *arena, const struct sf_evidence_event **ret_events, struct sf_diag *diag)
{
	enum sf_err err = check_count(count, SF_EVIDENCE_EVENTS_MAX, name, diag);
	if (err)
		return err;
	struct sf_evidence_event *events = sf_arena_take_many(arena, count, sizeof(*events));
	if (!events)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count && !err; i++) {
		events[i].cover = sf_field_view(in[i]->cover);
		events[i].proof_size = in[i]->proof_size;
		err = read_receipt(in[i]->receipt, &events[i].receipt, diag);
		if (!err)
			err = read_path(
				in[i]->path, SF_FRAME_PATH_SIZE_MAX, "path", &events[i].path, diag);
		if (!err)
			err = sf_field_range(in[i]->proof_size, 0, INT64_MAX, "proof_size", diag);
		if (err)
			sf_diag_prefix(diag, "%s %zu", name, i + 1);
	}
	*ret_events = events;
	return err;
}

static enum sf_err read_lists(const Stafet__V1__Evidence *in, struct sf_arena *arena,
	struct sf_evidence *out, struct sf_diag *diag)
{
	enum sf_err err = read_views(in->checkpoints, in->n_checkpoints,
		SF_EVIDENCE_CHECKPOINTS_MAX, "checkpoints", arena, &out->checkpoints, diag);
	if (!err)
		err = read_views(in->epochs, in->n_epochs, SF_EVIDENCE_CHECKPOINTS_MAX, "epochs",
			arena, &out->epochs, diag);
	if (!err)
		err = read_views(in->entries, in->n_entries, SF_EVIDENCE_ENTRIES_MAX, "entries",
			arena, &out->entries, diag);
	if (!err)
		err = read_views(in->agreements, in->n_agreements, SF_EVIDENCE_AGREEMENTS_MAX,
			"agreements", arena, &out->agreements, diag);
	if (!err)
		err = read_events(in->statements, in->n_statements, "statement", arena,
			&out->statements, diag);
	if (!err)
		err = read_events(in->events, in->n_events, "event", arena, &out->events, diag);
	out->checkpoint_count = in->n_checkpoints;
	out->epoch_count = in->n_epochs;
	out->entry_count = in->n_entries;
	out->agreement_count = in->n_agreements;
	out->statement_count = in->n_statements;
	out->event_count = in->n_events;
	return err;
}

static enum sf_err read_claim(
	const Stafet__V1__Evidence *in, struct sf_evidence *out, struct sf_diag *diag)
{
	if (in->claim.len == 0 || in->claim_signature.len != SIGNATURE_SIZE) {
		sf_diag_set(diag, "claim or its signature is missing");
		return SF_ERR_FORMAT;
	}
	out->claim = sf_field_view(in->claim);
	memcpy(out->claim_signature, in->claim_signature.data, SIGNATURE_SIZE);
	return sf_field_id(in->claim_key_id, "claim_key_id", &out->claim_key_id, diag);
}

static enum sf_err read_evidence(const Stafet__V1__Evidence *in, struct sf_arena *arena,
	struct sf_evidence *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(in->format, 1, 1, "format", diag);
	if (!err)
		err = sf_field_time_said(in->made_ms, "made_ms", diag);
	if (!err)
		err = sf_field_id(in->made_by, "made_by", &out->made_by, diag);
	if (!err)
		err = sf_field_id(in->coordinator, "coordinator", &out->coordinator, diag);
	if (!err)
		err = sf_field_id(in->transition, "transition", &out->transition, diag);
	if (!err)
		err = sf_field_range(
			strlen(in->log), 1, SF_EVIDENCE_LOG_SIZE_MAX, "length of log", diag);
	if (!err)
		err = read_registrars(in, out, diag);
	if (!err)
		err = read_lists(in, arena, out, diag);
	if (!err)
		err = read_claim(in, out, diag);
	out->format = in->format;
	out->made_ms = in->made_ms;
	out->log = in->log;
	return err;
}

enum sf_err sf_evidence_unpack(const ProtobufCMessageDescriptor *descriptor, struct sf_view bytes,
	struct sf_arena *arena, void **ret_message, struct sf_diag *diag)
{
	static const struct sf_strict strict = {.count_max = SF_EVIDENCE_ENTRIES_MAX};
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, arena);
	void *message = NULL;
	enum sf_err err = sf_strict_check(&strict, descriptor, bytes, diag);
	if (!err)
		err = sf_proto_unpack(descriptor, bytes, &allocator, &message, diag);
	if (err)
		return err;
	/* One content has one form: no byte of a file can be changed without changing what it says.
	 */
	struct sf_buf again;
	sf_buf_init(&again, bytes.size);
	err = sf_proto_pack(message, &again);
	if (err == SF_ERR_LIMIT || (!err && !sf_view_equal(sf_buf_view(&again), bytes))) {
		sf_diag_set(diag, "%s is not in its one form", descriptor->short_name);
		err = SF_ERR_FORMAT;
	}
	sf_buf_fini(&again);
	if (!err)
		*ret_message = message;
	return err;
}

enum sf_err sf_evidence_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_evidence *ret_evidence, struct sf_diag *diag)
{
	struct sf_evidence evidence = {0};
	void *unpacked = NULL;
	enum sf_err err = SF_OK;
	if (bytes.size > SF_EVIDENCE_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", SF_EVIDENCE_SIZE_MAX);
		err = SF_ERR_LIMIT;
	}
	if (!err)
		err = sf_evidence_unpack(
			&stafet__v1__evidence__descriptor, bytes, arena, &unpacked, diag);
	if (!err)
		err = read_evidence(unpacked, arena, &evidence, diag);
	if (err) {
		sf_diag_prefix(diag, "evidence");
		return err;
	}
	*ret_evidence = evidence;
	return SF_OK;
}
