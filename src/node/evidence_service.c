/*
 * The evidence of a transition as this party has it (WIRE.md section 5): covers and receipts of its
 * replica, the proofs it has checked, each with the checkpoint that it leads to, and what it says
 * follows from all this, signed.
 */
#include "node/log_service.h"

#include <stdlib.h>
#include <string.h>

#include "audit/claim.h"
#include "audit/evidence_making.h"
#include "node/state.h"

/* A checkpoint that a proof in the file leads to. */
struct anchor {
	int64_t epoch, size;
};

struct collection {
	struct sf_node *node;
	struct sf_evidence_making making; /* in the turn's memory */
	size_t anchor_count;
	struct anchor anchors[SF_EVIDENCE_CHECKPOINTS_MAX];
	int64_t sequence; /* applied here without a gap */
	enum sf_err err;
	struct sf_diag *diag;
};

static bool add_entry(void *context, const void *row)
{
	struct collection *collection = context;
	sf_evidence_add_view(&collection->making, &collection->making.entries,
		((const struct sf_node_row_entry *)row)->record);
	return !collection->making.listing.full;
}

static bool add_epoch(void *context, const void *row)
{
	struct collection *collection = context;
	sf_evidence_add_view(&collection->making, &collection->making.epochs,
		((const struct sf_node_row_epoch *)row)->record);
	return !collection->making.listing.full;
}

/* False: the file has no room for one more checkpoint, and the event stands without its proof. */
static bool add_anchor(struct collection *collection, int64_t epoch, int64_t size)
{
	for (size_t i = 0; i < collection->anchor_count; i++)
		if (collection->anchors[i].epoch == epoch && collection->anchors[i].size == size)
			return true;
	if (collection->anchor_count == SF_COUNT(collection->anchors))
		return false;
	collection->anchors[collection->anchor_count++] = (struct anchor){epoch, size};
	return true;
}

/* Where the event stands in the log, when that was proven here. */
static enum sf_err add_path(struct collection *collection, struct sf_evidence_event *event)
{
	struct sf_receipt receipt;
	enum sf_err err = sf_receipt_decode(event->receipt.receipt, &receipt, collection->diag);
	if (err)
		return err;
	struct sf_node_row_proof row = {
		.epoch = receipt.epoch, .leaf_index = (int64_t)receipt.leaf_index};
	const struct sf_store *store = sf_node_store(collection->node);
	err = store->get(store->self, &sf_node_table_proof, 0, &row, collection->diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (row.size == 0)
		return SF_OK;
	struct sf_view path = sf_evidence_keep(&collection->making, row.path);
	struct sf_node_row_checkpoint kept = {.epoch = row.epoch, .size = row.size};
	err = store->get(store->self, &sf_node_table_checkpoint, 0, &kept, collection->diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (!add_anchor(collection, kept.epoch, kept.size))
		return SF_OK;
	event->proof_size = (uint64_t)kept.size;
	event->path = path;
	return SF_OK;
}

static void add_event(struct collection *collection, struct sf_listing_rows *rows,
	struct sf_view cover, const struct sf_signed_receipt *receipt)
{
	struct sf_evidence_event *event =
		sf_evidence_add_event(&collection->making, rows, cover, receipt);
	if (event)
		collection->err = add_path(collection, event);
}

/* What came before its turn is not followed yet, and not told. */
static bool visit_event(void *context, const void *row)
{
	struct collection *collection = context;
	const struct sf_node_row_event *event = row;
	if (event->sequence > collection->sequence)
		return false;
	const struct sf_signed_receipt receipt = {event->receipt, (uint16_t)event->receipt_index,
		(uint16_t)event->receipt_count, event->receipt_path, event->receipt_signature};
	if (event->kind == SF_KIND_PARTIES)
		sf_evidence_name_agreement(&collection->making, event->cover);
	add_event(collection, &collection->making.events, event->cover, &receipt);
	return !collection->err && !collection->making.listing.full;
}

static bool visit_statement(void *context, const void *row)
{
	struct collection *collection = context;
	const struct sf_node_row_statement *statement = row;
	const struct sf_signed_receipt receipt = {statement->receipt,
		(uint16_t)statement->receipt_index, (uint16_t)statement->receipt_count,
		statement->receipt_path, statement->receipt_signature};
	if (statement->recorded_ms != 0 &&
		sf_evidence_names(&collection->making, &statement->agreement))
		add_event(collection, &collection->making.statements, statement->cover, &receipt);
	return !collection->err && !collection->making.listing.full;
}

static enum sf_err scan(
	struct collection *collection, const struct sf_scan *wanted, sf_row_visitor *visitor)
{
	const struct sf_store *store = sf_node_store(collection->node);
	enum sf_err err = store->scan(store->self, wanted, visitor, collection, collection->diag);
	if (!err)
		err = collection->err;
	return !err && collection->making.listing.full ? SF_ERR_LIMIT : err;
}

/* The texts that were named, in the order in which they were. */
static enum sf_err collect_texts(struct collection *collection)
{
	const struct sf_store *store = sf_node_store(collection->node);
	const struct sf_digest *named = collection->making.agreements.items;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < collection->making.agreements.count && !err; i++) {
		struct sf_node_row_agreement row = {.digest = named[i]};
		err = store->get(store->self, &sf_node_table_agreement, 0, &row, collection->diag);
		if (!err)
			sf_evidence_add_view(
				&collection->making, &collection->making.texts, row.agreement);
		if (err == SF_ERR_NOT_FOUND)
			err = SF_OK; /* the coordinator refused what named it */
	}
	return !err && collection->making.listing.full ? SF_ERR_LIMIT : err;
}

static enum sf_err collect_rows(struct collection *collection, struct sf_id transition)
{
	const struct sf_node_row_event key = {.transition = transition};
	const struct sf_scan events = {
		.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_scan entries = {.table = &sf_node_table_entry};
	const struct sf_scan epochs = {.table = &sf_node_table_epoch};
	const struct sf_scan statements = {
		.table = &sf_node_table_statement, .index = SF_NODE_STATEMENT_BY_RECORDED};
	enum sf_err err = scan(collection, &entries, add_entry);
	if (!err)
		err = scan(collection, &epochs, add_epoch);
	if (!err)
		err = scan(collection, &events, visit_event);
	if (!err)
		err = scan(collection, &statements, visit_statement);
	if (!err)
		err = collect_texts(collection);
	return err;
}

static int order_anchors(const void *a, const void *b)
{
	const struct anchor *left = a, *right = b;
	if (left->epoch != right->epoch)
		return left->epoch < right->epoch ? -1 : 1;
	return left->size < right->size ? -1 : left->size > right->size;
}

/* Those that proofs lead to and the newest, with what cosignatures were shown; oldest first. */
static enum sf_err collect_checkpoints(struct collection *collection)
{
	struct sf_node *node = collection->node;
	const struct sf_node_seen *newest = &node->log.newest;
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	if (newest->size > 0)
		sf_ignore(add_anchor(collection, newest->epoch, (int64_t)newest->size));
	qsort(collection->anchors, collection->anchor_count, sizeof(collection->anchors[0]),
		order_anchors);
	for (size_t i = 0; i < collection->anchor_count && !err; i++) {
		struct sf_node_row_checkpoint row = {
			.epoch = collection->anchors[i].epoch, .size = collection->anchors[i].size};
		err = store->get(store->self, &sf_node_table_checkpoint, 0, &row, collection->diag);
		if (!err)
			sf_evidence_add_view(&collection->making, &collection->making.checkpoints,
				row.witnessed.size > 0 ? row.witnessed : row.note);
	}
	return !err && collection->making.listing.full ? SF_ERR_LIMIT : err;
}

static enum sf_err name_log(
	const struct sf_node *node, struct sf_evidence *evidence, char place[SF_NOTE_NAME_SIZE])
{
	uint32_t epoch;
	evidence->log = place;
	place[0] = '\0';
	if (node->log.name[0])
		memcpy(place, node->log.name, SF_NOTE_NAME_SIZE);
	else if (node->log.origin[0])
		return sf_origin_parse(node->log.origin, place, &epoch);
	return SF_OK;
}

static enum sf_err collect(struct sf_node *node, const struct sf_cached_transition *cached,
	struct sf_buf *ret_bytes, struct sf_diag *diag)
{
	struct sf_evidence *evidence = sf_arena_take(&node->arena, sizeof(*evidence));
	struct collection *collection = sf_arena_take(&node->arena, sizeof(*collection));
	if (!evidence || !collection)
		return SF_ERR_LIMIT;
	const struct sf_crypto *crypto = &node->ports.crypto;
	struct sf_id transition = sf_transition_id(cached->transition);
	*evidence = (struct sf_evidence){.format = 1,
		.made_ms = node->now_ms,
		.made_by = node->options.party,
		.coordinator = node->options.coordinator,
		.transition = transition};
	*collection = (struct collection){.node = node,
		.making = sf_evidence_making_begin(node->directory, &node->arena),
		.sequence = (int64_t)sf_transition_sequence(cached->transition),
		.diag = diag};
	char log[SF_NOTE_NAME_SIZE];
	struct sf_claim said;
	enum sf_err err = name_log(node, evidence, log);
	if (!err)
		err = collect_rows(collection, transition);
	if (!err)
		err = collect_checkpoints(collection);
	if (!err)
		err = sf_evidence_making_end(
			&collection->making, &node->options.registrars, evidence);
	if (!err)
		err = sf_claim_make(crypto, cached->transition, &cached->head, &node->arena, &said);
	if (!err)
		err = sf_claim_seal(
			crypto, node->options.identity_key_id, &said, evidence, &node->arena);
	return err ? err : sf_evidence_encode(evidence, ret_bytes);
}

enum sf_err sf_node_serve_evidence(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_id transition;
	struct sf_cached_transition *cached = NULL;
	enum sf_err err =
		sf_node_any_transition(node, request->evidence.transition, &transition, diag);
	if (!err)
		err = sf_node_transition(node, transition, &cached, diag);
	if (err == SF_ERR_NOT_FOUND || (!err && sf_transition_sequence(cached->transition) == 0)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_NOT_FOUND,
			"nothing of a transition or a message of this id is recorded here");
		return SF_OK;
	}
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_EVIDENCE_SIZE_MAX);
	if (!err)
		err = collect(node, cached, &bytes, diag);
	struct sf_reply reply = {.kind = SF_REPLY_EVIDENCE, .text = ""};
	if (!err) {
		reply.evidence.evidence = sf_arena_copy(arena, sf_buf_view(&bytes));
		err = reply.evidence.evidence.data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&bytes);
	if (!err)
		*ret_reply = reply;
	return err;
}
