#include "frame.pb-c.h"
#include "wire/allocator.h"
#include "wire/epoch.h"
#include "wire/field.h"
#include "wire/frame_chunk.h"
#include "wire/frame_log.h"
#include "wire/frame_reconcile.h"

/*
 * Packing needs protobuf-c's arrays of structs and pointers for a moment; they stand in an arena
 * of this size, which is enough for a whole batch of receipts (4,096 of some 150 bytes).
 */
#define WORK_SIZE_MAX ((size_t)2097152)

static enum sf_err write_views(struct sf_arena *work, size_t count, const struct sf_view *views,
	ProtobufCBinaryData **ret_fields)
{
	ProtobufCBinaryData *fields = sf_arena_take_many(work, count, sizeof(*fields));
	if (!fields)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count; i++)
		fields[i] = sf_field_of_view(views[i]);
	*ret_fields = fields;
	return SF_OK;
}

static void write_signed_receipt(const struct sf_signed_receipt *in, Stafet__V1__SignedReceipt *out)
{
	stafet__v1__signed_receipt__init(out);
	out->receipt = sf_field_of_view(in->receipt);
	out->index = in->index;
	out->count = in->count;
	out->path = sf_field_of_view(in->path);
	out->signature = sf_field_of_view(in->signature);
}

static enum sf_err finish(
	Stafet__V1__Frame__FrameCase kind, Stafet__V1__Frame *frame, struct sf_buf *buf)
{
	frame->frame_case = kind;
	size_t size = stafet__v1__frame__get_packed_size(frame);
	if (size > SF_FRAME_SIZE_MAX)
		return SF_ERR_LIMIT;
	return sf_proto_pack(&frame->base, buf);
}

static enum sf_err write_hello(const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	const struct sf_hello *from = &in->hello;
	Stafet__V1__Hello hello = STAFET__V1__HELLO__INIT;
	if (from->epoch_count > SF_EPOCH_COUNT_MAX)
		return SF_ERR_LIMIT;
	hello.epochs = sf_arena_take_many(work, from->epoch_count, sizeof(*hello.epochs));
	if (!hello.epochs)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < from->epoch_count; i++)
		hello.epochs[i] = sf_field_of_view(from->epochs[i]);
	hello.n_epochs = from->epoch_count;
	hello.version = from->version;
	hello.software = sf_field_of_text(from->software);
	hello.directory_version = from->directory_version;
	hello.directory_head = sf_field_of_digest(&from->directory_head);
	hello.origin = sf_field_of_text(from->origin);
	hello.epoch = from->epoch;
	hello.coordinator = sf_field_of_id(&from->coordinator);
	hello.author_sequence = from->author_sequence;
	hello.now_ms = from->now_ms;
	hello.log_size = from->log_size;
	hello.log_root = sf_field_of_digest(&from->log_root);
	hello.log_note = sf_field_of_view(from->log_note);
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.hello = &hello;
	return finish(STAFET__V1__FRAME__FRAME_HELLO, &frame, buf);
}

static enum sf_err write_submit(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	if (in->count > SF_FRAME_ITEM_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Submit submit = STAFET__V1__SUBMIT__INIT;
	enum sf_err err = write_views(work, in->count, in->envelopes, &submit.envelopes);
	if (err)
		return err;
	submit.n_envelopes = in->count;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.submit = &submit;
	return finish(STAFET__V1__FRAME__FRAME_SUBMIT, &frame, buf);
}

static enum sf_err write_stored(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	if (in->count > SF_BATCH_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__SignedReceipt *receipts =
		sf_arena_take_many(work, in->count, sizeof(*receipts));
	Stafet__V1__SignedReceipt **pointers =
		sf_arena_take_many(work, in->count, sizeof(*pointers));
	if (!receipts || !pointers)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->count; i++) {
		write_signed_receipt(&in->receipts[i], &receipts[i]);
		pointers[i] = &receipts[i];
	}
	Stafet__V1__Stored stored = STAFET__V1__STORED__INIT;
	stored.n_receipts = in->count;
	stored.receipts = pointers;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.stored = &stored;
	return finish(STAFET__V1__FRAME__FRAME_STORED, &frame, buf);
}

/* One item with its receipt, so that one array serves both. */
struct packed_item {
	Stafet__V1__Item item;
	Stafet__V1__SignedReceipt receipt;
};

static enum sf_err write_items(struct sf_arena *work, size_t count, const struct sf_item *in,
	Stafet__V1__Item ***ret_items)
{
	if (count > SF_FRAME_ITEM_COUNT_MAX)
		return SF_ERR_LIMIT;
	struct packed_item *items = sf_arena_take_many(work, count, sizeof(*items));
	Stafet__V1__Item **pointers = sf_arena_take_many(work, count, sizeof(*pointers));
	if (!items || !pointers)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < count; i++) {
		stafet__v1__item__init(&items[i].item);
		write_signed_receipt(&in[i].receipt, &items[i].receipt);
		items[i].item.position = in[i].position;
		items[i].item.envelope = sf_field_of_view(in[i].envelope);
		items[i].item.cover = sf_field_of_view(in[i].cover);
		items[i].item.receipt = &items[i].receipt;
		pointers[i] = &items[i].item;
	}
	*ret_items = pointers;
	return SF_OK;
}

static enum sf_err write_deliver(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	Stafet__V1__Deliver deliver = STAFET__V1__DELIVER__INIT;
	enum sf_err err = write_items(work, in->count, in->items, &deliver.items);
	if (err)
		return err;
	deliver.n_items = in->count;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.deliver = &deliver;
	return finish(STAFET__V1__FRAME__FRAME_DELIVER, &frame, buf);
}

static enum sf_err write_taken(const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	if (in->count > SF_BATCH_COUNT_MAX || in->notice_count > SF_BATCH_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Notice *notices = sf_arena_take_many(work, in->notice_count, sizeof(*notices));
	Stafet__V1__Notice **pointers =
		sf_arena_take_many(work, in->notice_count, sizeof(*pointers));
	if (!notices || !pointers)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->notice_count; i++) {
		stafet__v1__notice__init(&notices[i]);
		notices[i].message_id = sf_field_of_id(&in->notices[i].message_id);
		notices[i].party = sf_field_of_id(&in->notices[i].party);
		pointers[i] = &notices[i];
	}
	Stafet__V1__Taken taken = STAFET__V1__TAKEN__INIT;
	taken.n_positions = in->count;
	/* protobuf-c has no const; packing only reads. */
	taken.positions = (uint64_t *)in->positions;
	taken.n_notices = in->notice_count;
	taken.notices = pointers;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.taken = &taken;
	return finish(STAFET__V1__FRAME__FRAME_TAKEN, &frame, buf);
}

static enum sf_err write_retry_later(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	if (in->count > SF_BATCH_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__RetryLater retry = STAFET__V1__RETRY_LATER__INIT;
	retry.envelope_ids = sf_arena_take_many(work, in->count, sizeof(*retry.envelope_ids));
	if (!retry.envelope_ids)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->count; i++)
		retry.envelope_ids[i] = sf_field_of_id(&in->envelope_ids[i]);
	retry.n_envelope_ids = in->count;
	retry.code = in->retry_code;
	retry.after_ms = in->retry_after_ms;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.retry_later = &retry;
	return finish(STAFET__V1__FRAME__FRAME_RETRY_LATER, &frame, buf);
}

static enum sf_err write_directory(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	if (in->count > SF_FRAME_ITEM_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Directory directory = STAFET__V1__DIRECTORY__INIT;
	enum sf_err err = write_views(work, in->count, in->records, &directory.entries);
	if (err)
		return err;
	directory.from_version = in->directory_from;
	directory.n_entries = in->count;
	directory.version = in->directory_version;
	directory.head = sf_field_of_digest(&in->directory_head);
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.directory = &directory;
	return finish(STAFET__V1__FRAME__FRAME_DIRECTORY, &frame, buf);
}

static enum sf_err write_agreements(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	if (in->count > SF_FRAME_ITEM_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Agreements agreements = STAFET__V1__AGREEMENTS__INIT;
	enum sf_err err = write_views(work, in->count, in->records, &agreements.agreements);
	if (!err)
		err = write_items(
			work, in->statement_count, in->statements, &agreements.statements);
	if (err)
		return err;
	agreements.n_agreements = in->count;
	agreements.n_statements = in->statement_count;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.agreements = &agreements;
	return finish(STAFET__V1__FRAME__FRAME_AGREEMENTS, &frame, buf);
}

static enum sf_err write_query(const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Query query = STAFET__V1__QUERY__INIT;
	query.directory_from = in->directory_from;
	query.agreements = in->want_agreements;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.query = &query;
	return finish(STAFET__V1__FRAME__FRAME_QUERY, &frame, buf);
}

static enum sf_err write_credit(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Credit credit = STAFET__V1__CREDIT__INIT;
	credit.items = in->credit;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.credit = &credit;
	return finish(STAFET__V1__FRAME__FRAME_CREDIT, &frame, buf);
}

static enum sf_err write_ping(const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Ping ping = STAFET__V1__PING__INIT;
	ping.number = in->ping_number;
	ping.reply = in->ping_reply;
	ping.now_ms = in->ping_now_ms;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.ping = &ping;
	return finish(STAFET__V1__FRAME__FRAME_PING, &frame, buf);
}

static enum sf_err write_error(const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Error error = STAFET__V1__ERROR__INIT;
	error.code = in->error;
	error.digest = sf_field_of_digest(&in->error_digest);
	error.envelope_id = sf_field_of_id(&in->error_envelope_id);
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.error = &error;
	return finish(STAFET__V1__FRAME__FRAME_ERROR, &frame, buf);
}

static enum sf_err write_reconcile(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	Stafet__V1__Reconcile reconcile;
	enum sf_err err = sf_reconcile_write(in, work, &reconcile);
	if (err)
		return err;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.reconcile = &reconcile;
	return finish(STAFET__V1__FRAME__FRAME_RECONCILE, &frame, buf);
}

static enum sf_err write_checkpoint(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Checkpoint checkpoint;
	enum sf_err err = sf_frame_checkpoint_write(&in->log, &checkpoint);
	if (err)
		return err;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.checkpoint = &checkpoint;
	return finish(STAFET__V1__FRAME__FRAME_CHECKPOINT, &frame, buf);
}

static enum sf_err write_cosign(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Cosign cosign = STAFET__V1__COSIGN__INIT;
	cosign.epoch = in->log.epoch;
	cosign.size = in->log.size;
	cosign.line = sf_field_of_view(in->log.line);
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.cosign = &cosign;
	return finish(STAFET__V1__FRAME__FRAME_COSIGN, &frame, buf);
}

static enum sf_err write_proof(const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	Stafet__V1__Proof proof;
	enum sf_err err = sf_frame_proof_write(&in->log, work, &proof);
	if (err)
		return err;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.proof = &proof;
	return finish(STAFET__V1__FRAME__FRAME_PROOF, &frame, buf);
}

static enum sf_err write_consistency(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Consistency consistency = STAFET__V1__CONSISTENCY__INIT;
	consistency.epoch = in->log.epoch;
	consistency.from_size = in->log.from_size;
	consistency.size = in->log.size;
	consistency.reply = in->log.reply;
	consistency.path = sf_field_of_view(in->log.path);
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.consistency = &consistency;
	return finish(STAFET__V1__FRAME__FRAME_CONSISTENCY, &frame, buf);
}

static enum sf_err write_chunk(const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Chunk chunk;
	enum sf_err err = sf_frame_chunk_write(&in->chunk, &chunk);
	if (err)
		return err;
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.chunk = &chunk;
	return finish(STAFET__V1__FRAME__FRAME_CHUNK, &frame, buf);
}

static enum sf_err write_chunks(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf)
{
	(void)work;
	Stafet__V1__Chunks chunks;
	sf_frame_chunks_write(&in->chunk, &chunks);
	Stafet__V1__Frame frame = STAFET__V1__FRAME__INIT;
	frame.chunks = &chunks;
	return finish(STAFET__V1__FRAME__FRAME_CHUNKS, &frame, buf);
}

typedef enum sf_err frame_writer(
	const struct sf_frame *in, struct sf_arena *work, struct sf_buf *buf);

static frame_writer *const writers[] = {
	[SF_FRAME_HELLO] = write_hello,
	[SF_FRAME_SUBMIT] = write_submit,
	[SF_FRAME_STORED] = write_stored,
	[SF_FRAME_DELIVER] = write_deliver,
	[SF_FRAME_TAKEN] = write_taken,
	[SF_FRAME_RETRY_LATER] = write_retry_later,
	[SF_FRAME_DIRECTORY] = write_directory,
	[SF_FRAME_AGREEMENTS] = write_agreements,
	[SF_FRAME_QUERY] = write_query,
	[SF_FRAME_CREDIT] = write_credit,
	[SF_FRAME_PING] = write_ping,
	[SF_FRAME_ERROR] = write_error,
	[SF_FRAME_RECONCILE] = write_reconcile,
	[SF_FRAME_CHECKPOINT] = write_checkpoint,
	[SF_FRAME_COSIGN] = write_cosign,
	[SF_FRAME_PROOF] = write_proof,
	[SF_FRAME_CONSISTENCY] = write_consistency,
	[SF_FRAME_CHUNK] = write_chunk,
	[SF_FRAME_CHUNKS] = write_chunks,
};

enum sf_err sf_frame_encode(const struct sf_frame *frame, struct sf_buf *buf)
{
	size_t kind = frame->kind;
	if (kind >= SF_COUNT(writers) || !writers[kind])
		return SF_ERR_USAGE;
	struct sf_arena work;
	sf_arena_init(&work, WORK_SIZE_MAX);
	enum sf_err err = writers[kind](frame, &work, buf);
	sf_arena_fini(&work);
	return err;
}
