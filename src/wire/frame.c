#include "wire/frame.h"

#include "frame.pb-c.h"
#include "wire/allocator.h"
#include "wire/epoch.h"
#include "wire/field.h"
#include "wire/frame_chunk.h"
#include "wire/frame_items.h"
#include "wire/frame_log.h"
#include "wire/frame_reconcile.h"
#include "wire/walk.h"

/* Small items (receipts, positions, ids) may fill a whole turn's batch; records count as items. */
#define SMALL_COUNT_MAX SF_BATCH_COUNT_MAX
#define HELLO_NOTE_SIZE_MAX ((size_t)65536) /* with the cosignatures of a region */

static enum sf_err check_count(
	size_t count, size_t count_max, const char *name, struct sf_diag *diag)
{
	if (count <= count_max)
		return SF_OK;
	sf_diag_set(diag, "%s: more than %zu", name, count_max);
	return SF_ERR_LIMIT;
}

static enum sf_err check_text(const char *text, const char *name, struct sf_diag *diag)
{
	if (sf_utf8_valid(sf_view_text(text)))
		return SF_OK;
	sf_diag_set(diag, "%s is not UTF-8", name);
	return SF_ERR_FORMAT;
}

static enum sf_err read_views(struct sf_arena *arena, size_t count, const ProtobufCBinaryData *in,
	const struct sf_view **ret_views, size_t *ret_size)
{
	struct sf_view *views = sf_arena_take_many(arena, count, sizeof(*views));
	if (!views)
		return SF_ERR_LIMIT;
	size_t size = 0;
	for (size_t i = 0; i < count; i++) {
		views[i] = sf_field_view(in[i]);
		size += views[i].size;
	}
	*ret_views = views;
	*ret_size = size;
	return SF_OK;
}

/* After a lost tail, or several. */
static enum sf_err read_epochs(const Stafet__V1__Hello *hello, struct sf_arena *arena,
	struct sf_hello *to, struct sf_diag *diag)
{
	enum sf_err err = check_count(hello->n_epochs, SF_EPOCH_COUNT_MAX, "epochs", diag);
	if (err)
		return err;
	struct sf_view *epochs = sf_arena_take_many(arena, hello->n_epochs, sizeof(*epochs));
	if (!epochs)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < hello->n_epochs; i++)
		epochs[i] = sf_field_view(hello->epochs[i]);
	to->epoch_count = hello->n_epochs;
	to->epochs = epochs;
	return SF_OK;
}

static enum sf_err read_hello(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	const Stafet__V1__Hello *hello = in->hello;
	struct sf_hello *to = &out->hello;
	enum sf_err err = check_text(hello->software, "software", diag);
	if (!err)
		err = check_text(hello->origin, "origin", diag);
	if (!err)
		err = sf_field_digest_or_none(
			hello->directory_head, "directory_head", &to->directory_head, diag);
	if (!err)
		err = sf_field_id_or_none(
			hello->coordinator, "coordinator", &to->coordinator, diag);
	if (!err)
		err = sf_field_time(hello->now_ms, "now_ms", diag);
	if (!err)
		err = sf_field_range(hello->log_size, 0, INT64_MAX, "log_size", diag);
	if (!err)
		err = sf_field_digest_or_none(hello->log_root, "log_root", &to->log_root, diag);
	if (!err && hello->log_note.len > HELLO_NOTE_SIZE_MAX) {
		sf_diag_set(diag, "log_note: more than %zu bytes", HELLO_NOTE_SIZE_MAX);
		err = SF_ERR_LIMIT;
	}
	to->log_note = sf_field_view(hello->log_note);
	to->version = hello->version;
	to->software = hello->software;
	to->directory_version = hello->directory_version;
	to->origin = hello->origin;
	to->epoch = hello->epoch;
	to->author_sequence = hello->author_sequence;
	to->now_ms = hello->now_ms;
	to->log_size = hello->log_size;
	return err ? err : read_epochs(hello, arena, to, diag);
}

static enum sf_err read_taken(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	const Stafet__V1__Taken *taken = in->taken;
	enum sf_err err = check_count(taken->n_positions, SMALL_COUNT_MAX, "positions", diag);
	if (!err)
		err = check_count(taken->n_notices, SMALL_COUNT_MAX, "notices", diag);
	if (err)
		return err;
	struct sf_notice *notices = sf_arena_take_many(arena, taken->n_notices, sizeof(*notices));
	if (!notices)
		return SF_ERR_LIMIT;
	for (size_t i = 0; !err && i < taken->n_notices; i++) {
		err = sf_field_id(taken->notices[i]->message_id, "notice message_id",
			&notices[i].message_id, diag);
		if (!err)
			err = sf_field_id(
				taken->notices[i]->party, "notice party", &notices[i].party, diag);
	}
	out->count = taken->n_positions;
	out->positions = taken->positions;
	out->notice_count = taken->n_notices;
	out->notices = notices;
	return err;
}

static enum sf_err read_retry_later(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	const Stafet__V1__RetryLater *retry = in->retry_later;
	enum sf_err err = check_count(retry->n_envelope_ids, SMALL_COUNT_MAX, "envelope_ids", diag);
	if (!err)
		err = sf_field_range(retry->code, SF_RETRY_QUOTA, SF_RETRY_TROUBLE, "code", diag);
	if (!err)
		err = sf_field_time(retry->after_ms, "after_ms", diag);
	if (err)
		return err;
	struct sf_id *ids = sf_arena_take_many(arena, retry->n_envelope_ids, sizeof(*ids));
	if (!ids)
		return SF_ERR_LIMIT;
	for (size_t i = 0; !err && i < retry->n_envelope_ids; i++)
		err = sf_field_id(retry->envelope_ids[i], "envelope_ids", &ids[i], diag);
	out->count = retry->n_envelope_ids;
	out->envelope_ids = ids;
	out->retry_code = (enum sf_retry_code)retry->code;
	out->retry_after_ms = retry->after_ms;
	return err;
}

static enum sf_err read_directory(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	const Stafet__V1__Directory *directory = in->directory;
	size_t size = 0;
	out->count = directory->n_entries;
	enum sf_err err = check_count(out->count, SF_FRAME_ITEM_COUNT_MAX, "entries", diag);
	if (!err)
		err = read_views(arena, out->count, directory->entries, &out->records, &size);
	if (!err)
		err = sf_field_digest_or_none(directory->head, "head", &out->directory_head, diag);
	out->directory_from = directory->from_version;
	out->directory_version = directory->version;
	return err;
}

static enum sf_err read_query(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	(void)diag;
	out->directory_from = in->query->directory_from;
	out->want_agreements = in->query->agreements;
	return SF_OK;
}

static enum sf_err read_credit(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	(void)diag;
	out->credit = in->credit->items;
	return SF_OK;
}

static enum sf_err read_ping(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	out->ping_number = in->ping->number;
	out->ping_reply = in->ping->reply;
	out->ping_now_ms = in->ping->now_ms;
	return sf_field_time(in->ping->now_ms, "now_ms", diag);
}

/* A code of a later version is passed on as its number: errors are only shown and counted. */
static enum sf_err read_error(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	const Stafet__V1__Error *error = in->error;
	enum sf_err err =
		sf_field_digest_or_none(error->digest, "digest", &out->error_digest, diag);
	if (!err)
		err = sf_field_id_or_none(
			error->envelope_id, "envelope_id", &out->error_envelope_id, diag);
	if (!err)
		err = sf_field_range(error->code, 1, INT32_MAX, "code", diag);
	out->error = (enum sf_frame_error)error->code;
	return err;
}

/* read is NULL for what frame_items.c reads. */
struct reader {
	enum sf_frame_kind kind;
	const char *name;
	enum sf_err (*read)(const Stafet__V1__Frame *in, struct sf_arena *arena,
		struct sf_frame *out, struct sf_diag *diag);
};

/* clang-format off */
static const struct reader readers[] = {
	[STAFET__V1__FRAME__FRAME_HELLO]       = {SF_FRAME_HELLO, "hello", read_hello},
	[STAFET__V1__FRAME__FRAME_SUBMIT]      = {SF_FRAME_SUBMIT, "submit", NULL},
	[STAFET__V1__FRAME__FRAME_STORED]      = {SF_FRAME_STORED, "stored", NULL},
	[STAFET__V1__FRAME__FRAME_DELIVER]     = {SF_FRAME_DELIVER, "deliver", NULL},
	[STAFET__V1__FRAME__FRAME_TAKEN]       = {SF_FRAME_TAKEN, "taken", read_taken},
	[STAFET__V1__FRAME__FRAME_RETRY_LATER] = {SF_FRAME_RETRY_LATER, "retry-later", read_retry_later},
	[STAFET__V1__FRAME__FRAME_DIRECTORY]   = {SF_FRAME_DIRECTORY, "directory", read_directory},
	[STAFET__V1__FRAME__FRAME_AGREEMENTS]  = {SF_FRAME_AGREEMENTS, "agreements", NULL},
	[STAFET__V1__FRAME__FRAME_QUERY]       = {SF_FRAME_QUERY, "query", read_query},
	[STAFET__V1__FRAME__FRAME_CREDIT]      = {SF_FRAME_CREDIT, "credit", read_credit},
	[STAFET__V1__FRAME__FRAME_PING]        = {SF_FRAME_PING, "ping", read_ping},
	[STAFET__V1__FRAME__FRAME_ERROR]       = {SF_FRAME_ERROR, "error", read_error},
	[STAFET__V1__FRAME__FRAME_RECONCILE]   = {SF_FRAME_RECONCILE, "reconcile", sf_reconcile_read},
	[STAFET__V1__FRAME__FRAME_CHECKPOINT]  = {SF_FRAME_CHECKPOINT, "checkpoint", sf_frame_checkpoint_read},
	[STAFET__V1__FRAME__FRAME_COSIGN]      = {SF_FRAME_COSIGN, "cosign", sf_frame_cosign_read},
	[STAFET__V1__FRAME__FRAME_PROOF]       = {SF_FRAME_PROOF, "proof", sf_frame_proof_read},
	[STAFET__V1__FRAME__FRAME_CONSISTENCY] = {SF_FRAME_CONSISTENCY, "consistency", sf_frame_consistency_read},
	[STAFET__V1__FRAME__FRAME_CHUNK]       = {SF_FRAME_CHUNK, "chunk", sf_frame_chunk_read},
	[STAFET__V1__FRAME__FRAME_CHUNKS]      = {SF_FRAME_CHUNKS, "chunks", sf_frame_chunks_read},
};
/* clang-format on */

/* The oneof: as protobuf has it, the last member stands. NULL when none is known. */
static enum sf_err find_member(struct sf_view bytes, const struct reader **ret_reader,
	struct sf_view *ret_inner, struct sf_diag *diag)
{
	struct sf_reader walk = {.rest = bytes};
	const struct reader *found = NULL;
	while (walk.rest.size > 0) {
		struct sf_walk_field field;
		if (sf_walk_next(&walk, &field) != SF_OK) {
			sf_diag_set(diag, "frame is not well-formed");
			return SF_ERR_FORMAT;
		}
		if (field.number >= SF_COUNT(readers) || !readers[field.number].name)
			continue;
		if (field.type != SF_WALK_DELIMITED) {
			sf_diag_set(diag, "frame: a member of another type");
			return SF_ERR_FORMAT;
		}
		found = &readers[field.number];
		*ret_inner = field.bytes;
	}
	*ret_reader = found;
	return SF_OK;
}

static enum sf_err read_items(const struct reader *reader, struct sf_view inner,
	struct sf_arena *arena, struct sf_frame *ret_frame, struct sf_diag *diag)
{
	struct sf_view copy = sf_arena_copy(arena, inner);
	if (!copy.data) {
		sf_diag_set(diag, "needs more memory than is allowed for it");
		return SF_ERR_LIMIT;
	}
	return sf_frame_items_decode(reader->kind, copy, arena, ret_frame, diag);
}

static enum sf_err read_member(const struct reader *reader, struct sf_view bytes,
	struct sf_arena *arena, struct sf_frame *ret_frame, struct sf_diag *diag)
{
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, arena);
	void *unpacked = NULL;
	enum sf_err err =
		sf_proto_unpack(&stafet__v1__frame__descriptor, bytes, &allocator, &unpacked, diag);
	struct sf_frame frame = {.kind = reader->kind};
	const Stafet__V1__Frame *in = unpacked;
	/* The member is read as what the walk found, so both readers must agree on what it is. */
	if (!err && in->frame_case != (Stafet__V1__Frame__FrameCase)(reader - readers)) {
		sf_diag_set(diag, "not well-formed");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = reader->read(in, arena, &frame, diag);
	if (!err)
		*ret_frame = frame;
	return err;
}

enum sf_err sf_frame_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_frame *ret_frame, struct sf_diag *diag)
{
	if (bytes.size > SF_FRAME_SIZE_MAX) {
		sf_diag_set(diag, "frame is larger than %zu bytes", SF_FRAME_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	const struct reader *reader = NULL;
	struct sf_view inner = {0};
	enum sf_err err = find_member(bytes, &reader, &inner, diag);
	if (err)
		return err;
	if (!reader) {
		*ret_frame = (struct sf_frame){.kind = SF_FRAME_NONE};
		return SF_OK;
	}
	err = sf_frame_has_items(reader->kind) ? read_items(reader, inner, arena, ret_frame, diag)
					       : read_member(reader, bytes, arena, ret_frame, diag);
	if (err)
		sf_diag_prefix(diag, "frame %s", reader->name);
	return err;
}
