/*
 * Signed checkpoints (WIRE.md section 4): each second in which the log grew, of rows that are
 * durable, and only when the tiles of the store lead from the last one to this.
 */
#include "coordinator/state.h"

#include <string.h>

#define PATH_SIZE_MAX (SF_TREE_PROOF_MAX * SF_DIGEST_SIZE)

void sf_coordinator_log_fini(struct sf_coordinator_log *log)
{
	sf_tiles_fini(&log->tiles);
	sf_tiles_fini(&log->past_tiles);
	sf_buf_fini(&log->note);
	sf_buf_fini(&log->witnessed);
	for (size_t i = 0; i < log->ahead_count; i++)
		sf_buf_fini(&log->ahead[i].note);
}

struct newest {
	struct sf_coordinator *coordinator;
	enum sf_err err;
	struct sf_diag *diag;
};

static enum sf_err keep_note(struct sf_buf *buf, struct sf_view note)
{
	sf_buf_clear(buf);
	return sf_buf_append(buf, note);
}

/* Newest first: the first is the newest, the first with a quorum is the newest with one. */
static bool keep_checkpoint(void *context, const void *row)
{
	struct newest *newest = context;
	const struct sf_row_checkpoint *checkpoint = row;
	struct sf_coordinator_log *log = &newest->coordinator->log;
	if (log->size == 0) {
		log->size = (uint64_t)checkpoint->size;
		log->root = checkpoint->root;
		log->signed_ms = checkpoint->signed_ms;
		newest->err = keep_note(&log->note, checkpoint->note);
	}
	if (newest->err)
		return false;
	if (!checkpoint->quorum_ms) {
		log->unwitnessed_ms = checkpoint->signed_ms;
		return true;
	}
	log->witnessed_size = (uint64_t)checkpoint->size;
	log->witnessed_ms = checkpoint->quorum_ms;
	sf_buf_clear(&log->witnessed);
	newest->err = sf_coordinator_cosigned_note(
		newest->coordinator, checkpoint, &log->witnessed, newest->diag);
	return false;
}

static enum sf_err load_checkpoints(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	log->size = log->witnessed_size = 0;
	log->witnessed_ms = log->signed_ms = log->unwitnessed_ms = 0;
	sf_buf_fini(&log->note);
	sf_buf_fini(&log->witnessed);
	sf_buf_init(&log->note, SF_NOTE_SIZE_MAX);
	sf_buf_init(&log->witnessed, SF_NOTE_SIZE_MAX);
	struct newest newest = {.coordinator = coordinator, .diag = diag};
	const struct sf_row_checkpoint key = {.epoch = coordinator->log.epoch};
	const struct sf_scan scan = {
		.table = &sf_table_checkpoint, .equal_count = 1, .from = &key, .descending = true};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, keep_checkpoint, &newest, diag);
	if (!sf_coordinator_wants_quorum(coordinator))
		log->unwitnessed_ms = 0;
	return err ? err : newest.err;
}

enum sf_err sf_coordinator_load_log(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	log->inconsistent = false;
	enum sf_err err = sf_coordinator_load_epochs(coordinator, diag);
	if (!err)
		err = sf_tiles_load(&log->tiles, &coordinator->ports.crypto,
			&coordinator->ports.store, coordinator->log.epoch, log->base,
			coordinator->leaf_count, diag);
	return err ? err : load_checkpoints(coordinator, diag);
}

/* Nodes check against the directory, so that an unpublished key signs nothing. */
static const struct sf_directory_key *log_key(const struct sf_coordinator *coordinator)
{
	if (sf_id_is_none(coordinator->options.log_key_id))
		return NULL;
	const struct sf_directory_entry *owner = NULL;
	const struct sf_directory_key *key = sf_directory_key(
		coordinator->directory, coordinator->options.log_key_id, SF_KEY_USE_LOG, &owner);
	bool valid =
		key && sf_id_equal(owner->party, coordinator->options.party) &&
		sf_directory_key_valid(key, coordinator->recorded_ms, coordinator->recorded_ms);
	return valid ? key : NULL;
}

int64_t sf_coordinator_checkpoint_due_ms(const struct sf_coordinator *coordinator)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	if (sf_tiles_size(&log->tiles) == log->size || log->inconsistent ||
		sf_coordinator_wants_entries(coordinator) ||
		sf_coordinator_is_behind(coordinator) || !log_key(coordinator))
		return INT64_MAX;
	int64_t waits_ms = sf_coordinator_awaits_until_ms(coordinator);
	return waits_ms > log->next_ms ? waits_ms : log->next_ms;
}

/* What a signer must never do is sign two trees that cannot both be (WIRE section 2, log key). */
static enum sf_err prove(struct sf_coordinator *coordinator, const struct sf_checkpoint *checkpoint,
	struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	struct sf_tree_source source = sf_tiles_source(&log->tiles);
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	if (checkpoint->size < log->size)
		return SF_ERR_INTEGRITY;
	sf_tiles_forget(&log->tiles);
	enum sf_err err = sf_tree_consistency(
		crypto, &source, log->size, checkpoint->size, hashes, &count, diag);
	if (err)
		return err;
	return sf_tree_check_consistency(
		crypto, log->size, &log->root, checkpoint->size, &checkpoint->root, hashes, count);
}

static enum sf_err write_note(struct sf_coordinator *coordinator,
	const struct sf_directory_key *key, const struct sf_checkpoint *checkpoint,
	struct sf_buf *note)
{
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	struct sf_note_key signer;
	enum sf_err err = sf_note_key_make(
		crypto, checkpoint->origin, SF_NOTE_KEY_ED25519, key->public_key, &signer);
	if (!err)
		err = sf_checkpoint_format(checkpoint, note);
	if (err)
		return err;
	struct sf_view text = sf_arena_copy(&coordinator->arena, sf_buf_view(note));
	if (!text.data)
		return SF_ERR_LIMIT;
	err = sf_buf_append_text(note, "\n");
	return err ? err
		   : sf_note_sign(crypto, coordinator->options.log_key_id, &signer, text, 0, note);
}

static enum sf_err save(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	bool wants = sf_coordinator_wants_quorum(coordinator);
	const struct sf_row_checkpoint row = {.epoch = coordinator->log.epoch,
		.size = (int64_t)log->size,
		.root = log->root,
		.note = sf_buf_view(&log->note),
		.signed_ms = log->signed_ms,
		.quorum_ms = wants ? 0 : log->signed_ms};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->insert(store->self, &sf_table_checkpoint, &row, diag);
	if (!err && wants && log->unwitnessed_ms == 0)
		log->unwitnessed_ms = log->signed_ms;
	if (!err && !wants) {
		log->witnessed_size = log->size;
		log->witnessed_ms = log->signed_ms;
		err = keep_note(&log->witnessed, sf_buf_view(&log->note));
	}
	return err ? err : sf_coordinator_prune_checkpoints(coordinator, diag);
}

enum sf_err sf_coordinator_sign_checkpoint(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	struct sf_checkpoint checkpoint = {.size = sf_tiles_size(&log->tiles),
		.directory_version = sf_directory_version(coordinator->directory),
		.directory_head = *sf_directory_head(coordinator->directory)};
	struct sf_view origin = sf_view_text(coordinator->log.origin);
	if (!sf_note_name_valid(origin))
		return SF_ERR_CONFIG;
	memcpy(checkpoint.origin, origin.data, origin.size);
	sf_tiles_root(&log->tiles, &checkpoint.root);
	enum sf_err err = prove(coordinator, &checkpoint, diag);
	if (err == SF_ERR_INTEGRITY || err == SF_ERR_CORRUPT) {
		log->inconsistent = true;
		sf_coordinator_tell_log(
			coordinator, SF_CONTRADICTION_FORK, coordinator->options.party);
		return SF_OK;
	}
	struct sf_buf note;
	sf_buf_init(&note, SF_NOTE_SIZE_MAX);
	if (!err)
		err = write_note(coordinator, log_key(coordinator), &checkpoint, &note);
	if (!err)
		err = keep_note(&log->note, sf_buf_view(&note));
	sf_buf_fini(&note);
	if (err)
		return err;
	log->size = checkpoint.size;
	log->root = checkpoint.root;
	log->signed_ms = coordinator->recorded_ms;
	coordinator->counters.signed_notes++;
	return save(coordinator, diag);
}

enum sf_err sf_coordinator_work_checkpoint(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	if (sf_coordinator_checkpoint_due_ms(coordinator) > coordinator->now_ms)
		return SF_OK;
	/* Also when it cannot be written now: a full disk is not asked without a pause. */
	coordinator->log.next_ms = coordinator->now_ms + coordinator->options.checkpoint_ms;
	return sf_coordinator_sign_checkpoint(coordinator, diag);
}

void sf_coordinator_forget_checkpoint(struct sf_party_state *party)
{
	party->log_size = party->log_hello;
	party->log_sent = false;
	party->log_again_ms = 0;
	party->witnessed_size = 0;
}

int64_t sf_coordinator_checkpoint_again_ms(
	const struct sf_coordinator *coordinator, const struct sf_party_state *party)
{
	if (!party->route || !party->log_again_ms || sf_coordinator_is_behind(coordinator))
		return INT64_MAX;
	return party->log_again_ms > party->quiet_until_ms ? party->log_again_ms
							   : party->quiet_until_ms;
}

/*
 * A frame can be lost on a line that stays up, and a turn at the node. A log that grows brings the
 * next; when it rests, nothing else would.
 */
static void await_cosignature(struct sf_coordinator *coordinator, struct sf_party_state *party)
{
	const struct sf_directory_entry *entry =
		sf_directory_party(coordinator->directory, party->row.party);
	party->log_again_ms = entry && sf_coordinator_is_witness(entry)
				      ? coordinator->now_ms + coordinator->options.redeliver_ms
				      : 0;
}

enum sf_err sf_coordinator_send_checkpoint(
	struct sf_coordinator *coordinator, struct sf_party_state *party, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	if (sf_coordinator_checkpoint_again_ms(coordinator, party) <= coordinator->now_ms)
		sf_coordinator_forget_checkpoint(party);
	/* Without witnesses wanted every note would be sent twice. */
	bool witnessed = sf_coordinator_wants_quorum(coordinator) &&
			 party->witnessed_size < log->witnessed_size;
	if (!party->route || log->size == 0 || log->inconsistent ||
		(party->log_sent && party->log_size == log->size && !witnessed))
		return SF_OK;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = 0;
	struct sf_tree_source source = sf_tiles_source(&log->tiles);
	enum sf_err err = sf_tree_consistency(&coordinator->ports.crypto, &source, party->log_size,
		log->size, hashes, &count, diag);
	if (err)
		return err;
	uint8_t path[PATH_SIZE_MAX];
	for (size_t i = 0; i < count; i++)
		memcpy(path + i * SF_DIGEST_SIZE, hashes[i].bytes, SF_DIGEST_SIZE);
	const struct sf_frame frame = {.kind = SF_FRAME_CHECKPOINT,
		.log = {.note = sf_buf_view(&log->note),
			.from_size = party->log_size,
			.path = sf_view_of(path, count * SF_DIGEST_SIZE),
			.witnessed =
				witnessed ? sf_buf_view(&log->witnessed) : sf_view_of(NULL, 0)}};
	party->log_size = log->size;
	party->log_sent = true;
	party->witnessed_size = log->witnessed_size;
	await_cosignature(coordinator, party);
	return sf_coordinator_say(coordinator, party->route, &frame);
}
