/*
 * The evidence of a transition (WIRE.md section 5): everything the coordinator has that a stranger
 * needs, and what it says follows from it, signed.
 */
#include "coordinator/service.h"

#include "audit/claim.h"
#include "audit/evidence_making.h"
#include "log/checkpoint.h"

struct collection {
	struct sf_coordinator *coordinator;
	struct sf_evidence_making making; /* in the turn's memory */
	enum sf_err err;
	struct sf_diag *diag;
};

static bool add_entry(void *context, const void *row)
{
	struct collection *collection = context;
	sf_evidence_add_view(&collection->making, &collection->making.entries,
		((const struct sf_row_entry *)row)->record);
	return !collection->making.listing.full;
}

static bool add_epoch(void *context, const void *row)
{
	struct collection *collection = context;
	sf_evidence_add_view(&collection->making, &collection->making.epochs,
		((const struct sf_row_epoch *)row)->record);
	return !collection->making.listing.full;
}

/* Where the event stands in the log: under the checkpoint with a quorum, or the newest. */
static enum sf_err add_path(
	struct collection *collection, int64_t leaf_index, struct sf_evidence_event *event)
{
	struct sf_coordinator *coordinator = collection->coordinator;
	const struct sf_log_place place = sf_coordinator_log_place(coordinator, leaf_index);
	uint64_t size = sf_coordinator_best_size(coordinator, place);
	if (size == 0)
		return SF_OK;
	event->proof_size = size;
	return sf_coordinator_log_path(coordinator, place, size, &event->path, collection->diag);
}

static void add_event(
	struct collection *collection, struct sf_listing_rows *rows, const struct sf_row_event *row)
{
	const struct sf_signed_receipt receipt = {row->receipt, (uint16_t)row->receipt_index,
		(uint16_t)row->receipt_count, row->receipt_path, row->receipt_signature};
	int64_t leaf_index = row->leaf_index;
	struct sf_evidence_event *event =
		sf_evidence_add_event(&collection->making, rows, row->cover, &receipt);
	if (event)
		collection->err = add_path(collection, leaf_index, event);
}

static bool visit_event(void *context, const void *row)
{
	struct collection *collection = context;
	const struct sf_row_event *event = row;
	if (event->kind == SF_KIND_PARTIES)
		sf_evidence_name_agreement(&collection->making, event->cover);
	add_event(collection, &collection->making.events, event);
	return !collection->err && !collection->making.listing.full;
}

static bool visit_statement(void *context, const void *row)
{
	struct collection *collection = context;
	const struct sf_row_statement *statement = row;
	if (!sf_evidence_names(&collection->making, &statement->agreement))
		return true;
	struct sf_row_event event = {.leaf_index = statement->leaf_index};
	const struct sf_store *store = &collection->coordinator->ports.store;
	collection->err = store->get(store->self, &sf_table_event, 0, &event, collection->diag);
	/* Recorded in this very turn: in the next file. */
	if (collection->err == SF_ERR_NOT_FOUND)
		collection->err = SF_OK;
	else if (!collection->err)
		add_event(collection, &collection->making.statements, &event);
	return !collection->err && !collection->making.listing.full;
}

static enum sf_err scan(
	struct collection *collection, const struct sf_scan *wanted, sf_row_visitor *visitor)
{
	const struct sf_store *store = &collection->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, wanted, visitor, collection, collection->diag);
	if (!err)
		err = collection->err;
	return !err && collection->making.listing.full ? SF_ERR_LIMIT : err;
}

/* The texts that were named, in the order in which they were. */
static enum sf_err collect_texts(struct collection *collection)
{
	const struct sf_store *store = &collection->coordinator->ports.store;
	const struct sf_digest *named = collection->making.agreements.items;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < collection->making.agreements.count && !err; i++) {
		struct sf_row_agreement row = {.digest = named[i]};
		err = store->get(store->self, &sf_table_agreement, 0, &row, collection->diag);
		if (!err)
			sf_evidence_add_view(
				&collection->making, &collection->making.texts, row.agreement);
		if (err == SF_ERR_NOT_FOUND)
			err = SF_OK; /* refused for that very reason */
	}
	return !err && collection->making.listing.full ? SF_ERR_LIMIT : err;
}

static enum sf_err collect_rows(struct collection *collection, struct sf_id transition)
{
	const struct sf_row_event key = {.transition = transition};
	const struct sf_scan events = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_scan entries = {.table = &sf_table_entry};
	const struct sf_scan epochs = {.table = &sf_table_epoch};
	const struct sf_scan statements = {.table = &sf_table_statement};
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

static enum sf_err add_checkpoint(struct collection *collection, uint32_t epoch, uint64_t size)
{
	struct sf_buf note;
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	enum sf_err err = sf_coordinator_kept_checkpoint(
		collection->coordinator, epoch, size, &note, collection->diag);
	if (!err)
		sf_evidence_add_view(
			&collection->making, &collection->making.checkpoints, sf_buf_view(&note));
	sf_buf_fini(&note);
	return err;
}

/*
 * The last of each epoch that is over, the newest with a quorum and the newest, with all their
 * cosignatures; oldest first. They are those that sf_coordinator_best_size names.
 */
static enum sf_err collect_checkpoints(struct collection *collection)
{
	const struct sf_coordinator_log *log = &collection->coordinator->log;
	const uint64_t sizes[] = {log->witnessed_size, log->size};
	enum sf_err err = SF_OK;
	if (log->inconsistent)
		return SF_OK;
	for (size_t i = 0; i < log->past_count && !err; i++)
		err = add_checkpoint(collection, log->past[i].epoch, log->past[i].size);
	for (size_t i = 0; i < SF_COUNT(sizes) && !err; i++)
		if (sizes[i] > 0 && (i == 0 || sizes[i] != sizes[i - 1]))
			err = add_checkpoint(collection, log->epoch, sizes[i]);
	return !err && collection->making.listing.full ? SF_ERR_LIMIT : err;
}

/* What follows from the events that are in the file, and no others. */
static enum sf_err claim(
	struct collection *collection, struct sf_id transition, struct sf_evidence *evidence)
{
	struct sf_coordinator *coordinator = collection->coordinator;
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	struct sf_cached_transition folded;
	struct sf_claim said;
	enum sf_err err = sf_coordinator_fold(
		coordinator, transition, INT64_MAX, UINT64_MAX, &folded, collection->diag);
	if (err)
		return err;
	err = sf_claim_make(crypto, folded.transition, &folded.head, &coordinator->arena, &said);
	if (!err)
		err = sf_claim_seal(crypto, coordinator->options.identity_key_id, &said, evidence,
			&coordinator->arena);
	sf_transition_close(&folded.transition);
	return err;
}

static enum sf_err collect(struct sf_coordinator *coordinator, struct sf_id transition,
	struct sf_buf *ret_bytes, struct sf_diag *diag)
{
	struct sf_evidence *evidence = sf_arena_take(&coordinator->arena, sizeof(*evidence));
	if (!evidence)
		return SF_ERR_LIMIT;
	*evidence = (struct sf_evidence){.format = 1,
		.made_ms = coordinator->recorded_ms,
		.made_by = coordinator->options.party,
		.coordinator = coordinator->options.party,
		.transition = transition};
	struct collection collection = {.coordinator = coordinator,
		.making = sf_evidence_making_begin(coordinator->directory, &coordinator->arena),
		.diag = diag};
	char log[SF_NOTE_NAME_SIZE];
	uint32_t epoch;
	evidence->log = log;
	enum sf_err err = sf_origin_parse(coordinator->log.origin, log, &epoch);
	if (!err)
		err = collect_checkpoints(&collection);
	if (!err)
		err = collect_rows(&collection, transition);
	if (!err)
		err = sf_evidence_making_end(
			&collection.making, &coordinator->options.registrars, evidence);
	if (!err)
		err = claim(&collection, transition, evidence);
	return err ? err : sf_evidence_encode(evidence, ret_bytes);
}

enum sf_err sf_coordinator_serve_evidence(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	struct sf_id transition;
	enum sf_err err = sf_coordinator_find_transition(
		coordinator, request->evidence.transition, &transition, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err,
			"no transition and no message of this id is recorded here");
		return SF_OK;
	}
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_EVIDENCE_SIZE_MAX);
	if (!err)
		err = collect(coordinator, transition, &bytes, diag);
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
