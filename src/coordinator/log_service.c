/* What people ask of the log: how it stands, whether it holds, where a message is in it. */
#include "coordinator/service.h"
#include "coordinator/leaf.h"

#include <string.h>

#include "audit/policy.h"
#include "log/proof.h"

/* Leaves that are computed again in one turn: a second or so. A larger log is checked offline. */
#define VERIFY_MAX ((uint64_t)262144)
/* Cosignatures that are looked through for the newest of each witness. */
#define COSIGNATURES_MAX ((size_t)8192)

struct cosigners {
	struct sf_cosigner_row *rows;
	size_t count, missing;
};

/* Newest checkpoint first, so that the first row of a party is its newest. */
static bool visit_cosignature(void *context, const void *row)
{
	struct cosigners *cosigners = context;
	const struct sf_row_cosignature *cosignature = row;
	for (size_t i = 0; i < cosigners->count; i++) {
		struct sf_cosigner_row *cosigner = &cosigners->rows[i];
		if (cosigner->size || !sf_id_equal(cosigner->party, cosignature->party))
			continue;
		cosigner->size = (uint64_t)cosignature->size;
		cosigner->at_ms = cosignature->at_ms;
		cosigners->missing--;
	}
	return cosigners->missing > 0;
}

/* Every party that has published a witness key, and how far it has cosigned. */
static enum sf_err list_cosigners(struct sf_coordinator *coordinator, struct sf_listing *listing,
	struct sf_reply_log *reply, struct sf_diag *diag)
{
	const struct sf_directory *directory = coordinator->directory;
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_cosigner_row)};
	for (size_t i = 0; i < sf_directory_count(directory); i++) {
		const struct sf_directory_entry *entry = sf_directory_at(directory, i);
		struct sf_cosigner_row *row =
			sf_coordinator_is_witness(entry) ? sf_listing_add(listing, &rows) : NULL;
		if (row)
			*row = (struct sf_cosigner_row){.party = entry->party,
				.name = sf_listing_text(listing, entry->name),
				.role = entry->role,
				.epoch = coordinator->log.epoch};
	}
	struct cosigners cosigners = {rows.items, rows.count, rows.count};
	reply->cosigner_count = rows.count;
	reply->cosigners = rows.items;
	const struct sf_row_cosignature key = {.epoch = coordinator->log.epoch};
	const struct sf_scan scan = {.table = &sf_table_cosignature,
		.equal_count = 1,
		.from = &key,
		.descending = true,
		.count_max = COSIGNATURES_MAX};
	const struct sf_store *store = &coordinator->ports.store;
	if (rows.count == 0)
		return SF_OK;
	return store->scan(store->self, &scan, visit_cosignature, &cosigners, diag);
}

/*
 * Whose notes cannot be of this store's log, who has seen most of it first. The newest note of the
 * store is the other one of all of them, and stands with the first.
 */
static void list_contradictions(
	struct sf_coordinator *coordinator, struct sf_listing *listing, struct sf_reply_log *reply)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	struct sf_listing_rows rows = {.item_size = sizeof(struct sf_contradiction_row)};
	for (size_t i = 0; i < log->ahead_count; i++) {
		const struct sf_log_ahead *ahead = &log->ahead[i];
		struct sf_contradiction_row *row = sf_listing_add(listing, &rows);
		if (row)
			*row = (struct sf_contradiction_row){.cursor = i + 1,
				.at_ms = ahead->at_ms,
				.kind = ahead->kind,
				.epoch = ahead->epoch,
				.size = ahead->size,
				.note = sf_arena_copy(listing->arena, sf_buf_view(&ahead->note)),
				.other = i == 0 ? reply->note : sf_view_of(NULL, 0),
				.party = ahead->party,
				.party_name = sf_listing_name(listing, ahead->party)};
	}
	reply->behind = log->ahead_count > 0;
	reply->contradiction_count = rows.count;
	reply->contradictions = rows.items;
}

/* Leaves that no checkpoint shows yet, and since when. */
static enum sf_err count_unproven(
	struct sf_coordinator *coordinator, struct sf_reply_log *reply, struct sf_diag *diag)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	struct sf_row_event row = {.leaf_index = log->base + (int64_t)log->size};
	const struct sf_store *store = &coordinator->ports.store;
	reply->leaf_count = sf_tiles_size(&log->tiles);
	reply->unproven_count = reply->leaf_count - log->size;
	if (reply->unproven_count == 0)
		return SF_OK;
	enum sf_err err = store->get(store->self, &sf_table_event, 0, &row, diag);
	if (!err)
		reply->unproven_since_ms = row.recorded_ms;
	/* Recorded in this turn, before this was asked: its row is written at the end. */
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

struct verification {
	struct sf_coordinator *coordinator;
	struct sf_tree_source source;
	struct sf_frontier frontier;
	int64_t next;
	const char *fault;
	enum sf_err err;
	struct sf_diag *diag;
};

/* What the row says must be what its leaf commits to; of an erased one only the leaf is left. */
static bool leaf_follows(const struct sf_crypto *crypto, const struct sf_row_event *row)
{
	if (sf_digest_is_none(&row->r))
		return true;
	uint8_t leaf[SF_LEAF_SIZE];
	sf_row_event_leaf(crypto, row, leaf);
	return sf_view_equal(row->leaf, sf_view_of(leaf, sizeof(leaf)));
}

static bool has_root(const struct sf_crypto *crypto, const struct sf_frontier *frontier,
	const struct sf_digest *expected)
{
	struct sf_digest root;
	sf_frontier_root(crypto, frontier, &root);
	return sf_digest_equal(&root, expected);
}

static bool verify_leaf(void *context, const void *visited)
{
	struct verification *verification = context;
	const struct sf_row_event *row = visited;
	const struct sf_crypto *crypto = &verification->coordinator->ports.crypto;
	const struct sf_coordinator_log *log = &verification->coordinator->log;
	uint64_t index = verification->frontier.size;
	if (index == sf_tiles_size(&log->tiles))
		return false;
	struct sf_digest hash, kept;
	sf_tree_leaf_hash(crypto, row->leaf, &hash);
	verification->err = verification->source.node(
		verification->source.self, 0, index, &kept, verification->diag);
	if (verification->err == SF_ERR_CORRUPT) {
		verification->err = SF_OK;
		verification->fault = "a tile of the tree is missing or cut short";
	} else if (row->leaf_index != log->base + (int64_t)index) {
		verification->fault = "a leaf is missing";
	} else if (!leaf_follows(crypto, row)) {
		verification->fault = "an event is not what its leaf commits to";
	} else if (!sf_digest_equal(&hash, &kept)) {
		verification->fault = "a leaf is not the one in the tree";
	} else {
		sf_frontier_append(crypto, &verification->frontier, &hash);
	}
	if (!verification->fault && verification->frontier.size == log->size &&
		!has_root(crypto, &verification->frontier, &log->root))
		verification->fault = "the newest checkpoint is not of these leaves";
	return !verification->err && !verification->fault;
}

/* Whether the log's own signature of the newest checkpoint holds. */
static bool note_holds(struct sf_coordinator *coordinator)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	const struct sf_directory_entry *owner = NULL;
	const struct sf_directory_key *key = sf_directory_key(
		coordinator->directory, coordinator->options.log_key_id, SF_KEY_USE_LOG, &owner);
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	struct sf_note_key signer;
	struct sf_checkpoint checkpoint;
	return log->size == 0 || (key &&
					 !sf_note_key_make(crypto, coordinator->log.origin,
						 SF_NOTE_KEY_ED25519, key->public_key, &signer) &&
					 !sf_checkpoint_open(crypto, sf_buf_view(&log->note),
						 &signer, &checkpoint, NULL) &&
					 checkpoint.size == log->size &&
					 sf_digest_equal(&checkpoint.root, &log->root));
}

/* Everything again, from the events: leaves, tiles, tree and the newest checkpoint. */
static enum sf_err verify(
	struct sf_coordinator *coordinator, struct sf_reply_log *reply, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	struct verification verification = {
		.coordinator = coordinator, .source = sf_tiles_source(&log->tiles), .diag = diag};
	const struct sf_row_event key = {.leaf_index = log->base};
	const struct sf_scan scan = {.table = &sf_table_event, .from = &key, .bounded = true};
	const struct sf_store *store = &coordinator->ports.store;
	sf_tiles_forget(&log->tiles);
	enum sf_err err = store->scan(store->self, &scan, verify_leaf, &verification, diag);
	if (err || verification.err)
		return err ? err : verification.err;
	if (!verification.fault && verification.frontier.size < log->size)
		verification.fault = "there are fewer leaves than the newest checkpoint says";
	if (!verification.fault && !note_holds(coordinator))
		verification.fault = "the log's signature of the newest checkpoint does not hold";
	reply->verified = !verification.fault;
	reply->checked = verification.frontier.size;
	reply->fault = verification.fault ? verification.fault : reply->fault;
	return SF_OK;
}

static const char *standing_fault(const struct sf_coordinator *coordinator)
{
	if (coordinator->log.inconsistent)
		return "log-inconsistent: the store does not lead from the last checkpoint to what "
		       "it holds; nothing more is signed";
	return "";
}

/* A region without enough witnesses has none yet. */
static enum sf_err write_policy(
	struct sf_coordinator *coordinator, struct sf_listing *listing, struct sf_reply_log *reply)
{
	const struct sf_region_policy region = {.directory = coordinator->directory,
		.registrars = &coordinator->options.registrars,
		.coordinator = coordinator->options.party,
		.origin = coordinator->log.origin,
		.hospitals = coordinator->options.quorum_hospitals,
		.municipalities = coordinator->options.quorum_municipalities,
		.now_ms = coordinator->recorded_ms};
	struct sf_buf text;
	sf_buf_init(&text, SF_POLICY_SIZE_MAX);
	enum sf_err err = sf_region_policy_write(&coordinator->ports.crypto, &region, &text, NULL);
	if (!err)
		err = sf_buf_append_u8(&text, 0);
	reply->policy = err ? "" : sf_listing_text(listing, (const char *)text.data);
	sf_buf_fini(&text);
	return err == SF_ERR_NOT_FOUND || err == SF_ERR_LIMIT ? SF_OK : err;
}

static enum sf_err fill(struct sf_coordinator *coordinator, struct sf_listing *listing,
	struct sf_reply_log *reply, struct sf_diag *diag)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	*reply = (struct sf_reply_log){.origin = sf_listing_text(listing, coordinator->log.origin),
		.epoch = coordinator->log.epoch,
		.size = log->size,
		.root = log->root,
		.at_ms = log->signed_ms,
		.note = sf_arena_copy(listing->arena, sf_buf_view(&log->note)),
		.witnessed_size = log->witnessed_size,
		.witnessed_ms = log->witnessed_ms,
		.witnessed = sf_arena_copy(listing->arena, sf_buf_view(&log->witnessed)),
		.directory_version = sf_directory_version(coordinator->directory),
		.hospitals_needed = coordinator->options.quorum_hospitals,
		.municipalities_needed = coordinator->options.quorum_municipalities,
		.fault = standing_fault(coordinator)};
	list_contradictions(coordinator, listing, reply);
	enum sf_err err = write_policy(coordinator, listing, reply);
	if (!err)
		err = count_unproven(coordinator, reply, diag);
	return err ? err : list_cosigners(coordinator, listing, reply, diag);
}

enum sf_err sf_coordinator_serve_log(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	if (request->log.verify && sf_tiles_size(&coordinator->log.tiles) > VERIFY_MAX) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_LIMIT,
			"the log is too large to be checked while it runs: use stafet log fsck");
		return SF_OK;
	}
	struct sf_listing listing = {coordinator->directory, arena, false};
	struct sf_reply reply = {.kind = SF_REPLY_LOG, .text = ""};
	enum sf_err err = fill(coordinator, &listing, &reply.log, diag);
	if (!err && request->log.verify)
		err = verify(coordinator, &reply.log, diag);
	if (err || listing.full)
		return err ? err : SF_ERR_LIMIT;
	*ret_reply = reply;
	return SF_OK;
}

enum sf_err sf_coordinator_kept_checkpoint(struct sf_coordinator *coordinator, uint32_t epoch,
	uint64_t size, struct sf_buf *buf, struct sf_diag *diag)
{
	struct sf_row_checkpoint row = {.epoch = epoch, .size = (int64_t)size};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_checkpoint, 0, &row, diag);
	if (err)
		return err;
	row.note = sf_arena_copy(&coordinator->arena, row.note);
	return sf_coordinator_cosigned_note(coordinator, &row, buf, diag);
}

uint64_t sf_coordinator_best_size(
	const struct sf_coordinator *coordinator, struct sf_log_place place)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	uint64_t size = place.index < log->witnessed_size ? log->witnessed_size : log->size;
	for (size_t i = 0; place.epoch != log->epoch && i < log->past_count; i++)
		if (log->past[i].epoch == place.epoch)
			size = log->past[i].size;
	return place.index < size && !log->inconsistent ? size : 0;
}

/* Path and receipt of the event; proof is large. */
static enum sf_err fill_proof(struct sf_coordinator *coordinator, const struct sf_row_event *event,
	uint64_t size, struct sf_proof *proof, struct sf_diag *diag)
{
	const struct sf_signed_receipt receipt = {.receipt = event->receipt,
		.index = (uint16_t)event->receipt_index,
		.count = (uint16_t)event->receipt_count,
		.path = event->receipt_path,
		.signature = event->receipt_signature};
	struct sf_buf extra;
	sf_buf_init(&extra, sizeof(proof->extra));
	enum sf_err err = event->receipt.size ? sf_signed_receipt_encode(&receipt, &extra) : SF_OK;
	if (!err && extra.size > 0)
		memcpy(proof->extra, extra.data, extra.size);
	proof->extra_size = extra.size;
	sf_buf_fini(&extra);
	const struct sf_log_place place = sf_coordinator_log_place(coordinator, event->leaf_index);
	struct sf_tree_source source;
	uint64_t shown;
	proof->index = place.index;
	if (!err)
		err = sf_coordinator_log_tree(coordinator, place.epoch, &source, &shown, diag);
	return err ? err
		   : sf_tree_inclusion(&coordinator->ports.crypto, &source, proof->index, size,
			     proof->hashes, &proof->count, diag);
}

static enum sf_err prove(struct sf_coordinator *coordinator, const struct sf_row_event *event,
	struct sf_arena *arena, struct sf_reply_proof *reply, struct sf_diag *diag)
{
	struct sf_proof *proof = sf_arena_take(&coordinator->arena, sizeof(*proof));
	struct sf_buf note, text;
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	sf_buf_init(&text, SF_PROOF_SIZE_MAX);
	const struct sf_log_place place = sf_coordinator_log_place(coordinator, event->leaf_index);
	uint64_t size = sf_coordinator_best_size(coordinator, place);
	enum sf_err err = proof ? SF_OK : SF_ERR_LIMIT;
	if (!err && size > 0)
		err = sf_coordinator_kept_checkpoint(coordinator, place.epoch, size, &note, diag);
	*reply = (struct sf_reply_proof){
		.pending = size == 0, .epoch = place.epoch, .index = place.index};
	if (!err && size > 0) {
		err = fill_proof(coordinator, event, size, proof, diag);
		proof->checkpoint = sf_buf_view(&note);
		if (!err)
			err = sf_proof_format(proof, &text);
		reply->proof = sf_arena_copy(arena, sf_buf_view(&text));
		if (!err && !reply->proof.data)
			err = SF_ERR_LIMIT;
	}
	sf_buf_fini(&text);
	sf_buf_fini(&note);
	return err;
}

enum sf_err sf_coordinator_serve_proof(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_message message;
	enum sf_err err =
		sf_coordinator_find_message(coordinator, request->proof.message, &message, diag);
	struct sf_row_event event = {.leaf_index = message.leaf_index};
	/* A tombstone does not say where the message stood. */
	if (!err && sf_digest_is_none(&message.content_id))
		err = SF_ERR_NOT_FOUND;
	if (!err)
		err = store->get(store->self, &sf_table_event, 0, &event, diag);
	if (!err && event.cover.size == 0)
		err = SF_ERR_NOT_FOUND; /* erased */
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "no message of this id is recorded here");
		return SF_OK;
	}
	if (!err)
		err = sf_coordinator_keep_event(coordinator, &event);
	struct sf_reply reply = {.kind = SF_REPLY_PROOF, .text = ""};
	if (!err)
		err = prove(coordinator, &event, arena, &reply.proof, diag);
	if (!err)
		*ret_reply = reply;
	return err;
}
