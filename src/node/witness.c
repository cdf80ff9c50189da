/*
 * The node as a witness of the log (WIRE.md sections 2 and 4): a checkpoint counts here when the
 * log signed it, when it goes on from the newest one that was checked before, and when its line
 * about the directory is what this node has followed. It is kept first and cosigned after.
 */
#include "node/state.h"

#include <string.h>

enum verdict {
	VERDICT_GOOD,
	VERDICT_KNOWN, /* the newest again, or an older one that fits */
	VERDICT_WAIT_DIRECTORY,
	VERDICT_WAIT_HASHES,
	VERDICT_BAD,
};

struct judging {
	struct sf_node *node;
	const struct sf_frame_log *frame; /* the note, and hashes from from_size to size */
	struct sf_checkpoint checkpoint;
	enum sf_contradiction kind; /* of VERDICT_BAD */
	uint64_t against;           /* size of the kept checkpoint that contradicts it */
	struct sf_diag *diag;
};

enum sf_err sf_node_note_check(
	struct sf_node *node, const struct sf_note *note, const char *origin, int64_t recorded_ms)
{
	const struct sf_crypto *crypto = &node->ports.crypto;
	const struct sf_directory_entry *coordinator =
		sf_directory_party(node->directory, node->options.coordinator);
	enum sf_err err = SF_ERR_NOT_FOUND;
	/* Newer keys stand last. */
	for (size_t i = coordinator ? coordinator->key_count : 0; i > 0 && err == SF_ERR_NOT_FOUND;
		i--) {
		const struct sf_directory_key *key = &coordinator->keys[i - 1];
		if (key->use != SF_KEY_USE_LOG || sf_directory_key_revoked(key, recorded_ms))
			continue;
		struct sf_note_key log;
		err = sf_note_key_make(crypto, origin, SF_NOTE_KEY_ED25519, key->public_key, &log);
		if (!err)
			err = sf_note_check(crypto, note, &log, NULL);
	}
	return err;
}

/* A log key that is not in the directory here may be in an entry that is still on the way. */
static enum verdict judge_signature(struct judging *judging)
{
	struct sf_node *node = judging->node;
	struct sf_note note;
	judging->kind = SF_CONTRADICTION_SIGNATURE;
	if (sf_note_parse(judging->frame->note, &note, NULL) ||
		sf_checkpoint_parse(note.text, &judging->checkpoint, NULL) ||
		strcmp(judging->checkpoint.origin, node->log.origin) != 0)
		return VERDICT_BAD;
	enum sf_err err = sf_node_note_check(node, &note, node->log.origin, node->now_ms);
	if (!err)
		return VERDICT_GOOD;
	uint64_t version = sf_directory_version(node->directory);
	bool behind = version < judging->checkpoint.directory_version ||
		      version < node->coordinator_directory;
	return err == SF_ERR_NOT_FOUND && behind ? VERDICT_WAIT_DIRECTORY : VERDICT_BAD;
}

/* Smaller and larger of this checkpoint and the newest must be joined by the hashes that came. */
static enum verdict judge_hashes(const struct judging *judging)
{
	const struct sf_node *node = judging->node;
	const struct sf_node_seen *newest = &node->log.newest;
	const struct sf_checkpoint *checkpoint = &judging->checkpoint;
	const struct sf_frame_log *frame = judging->frame;
	bool older = checkpoint->size < newest->size;
	uint64_t from = older ? checkpoint->size : newest->size;
	uint64_t to = older ? newest->size : checkpoint->size;
	if (frame->from_size != from || frame->size != to)
		return VERDICT_WAIT_HASHES;
	struct sf_digest hashes[SF_TREE_PROOF_MAX];
	size_t count = frame->path.size / SF_DIGEST_SIZE;
	if (count > SF_TREE_PROOF_MAX || frame->path.size % SF_DIGEST_SIZE != 0)
		return VERDICT_BAD;
	if (count > 0)
		memcpy(hashes, frame->path.data, frame->path.size);
	if (sf_tree_check_consistency(&node->ports.crypto, from,
		    older ? &checkpoint->root : &newest->root, to,
		    older ? &newest->root : &checkpoint->root, hashes, count))
		return VERDICT_BAD;
	return older ? VERDICT_KNOWN : VERDICT_GOOD;
}

/*
 * Old notes come late over a bad line and are no fault, as long as they fit. But a coordinator that
 * sends one in reply to more is one whose log has shrunk.
 */
static enum sf_err judge_older(struct judging *judging, enum verdict *ret_verdict)
{
	struct sf_node *node = judging->node;
	const struct sf_checkpoint *checkpoint = &judging->checkpoint;
	struct sf_node_row_checkpoint row;
	enum sf_err err = sf_node_checkpoint_row(
		node, node->log.epoch, checkpoint->size, &row, judging->diag);
	if (!err) {
		judging->against = checkpoint->size;
		*ret_verdict =
			sf_digest_equal(&row.root, &checkpoint->root) ? VERDICT_KNOWN : VERDICT_BAD;
		return SF_OK;
	}
	if (err != SF_ERR_NOT_FOUND)
		return err;
	bool answer = judging->frame->size > checkpoint->size;
	if (!answer && judging->frame->from_size > checkpoint->size) {
		judging->kind = SF_CONTRADICTION_ROLLBACK;
		*ret_verdict = VERDICT_BAD;
		return SF_OK;
	}
	*ret_verdict = judge_hashes(judging);
	return SF_OK;
}

/* Of a new epoch there must be a record that the registrars signed (WIRE section 7.1). */
static enum sf_err judge_epoch(struct judging *judging, enum verdict *ret_verdict)
{
	struct sf_node *node = judging->node;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_epoch row = {.epoch = node->log.epoch};
	enum sf_err err = store->get(store->self, &sf_node_table_epoch, 0, &row, judging->diag);
	judging->kind = SF_CONTRADICTION_ROLLBACK;
	*ret_verdict = err ? VERDICT_BAD : VERDICT_GOOD;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

static enum sf_err judge_history(struct judging *judging, enum verdict *ret_verdict)
{
	const struct sf_node_log *log = &judging->node->log;
	const struct sf_node_seen *newest = &log->newest;
	const struct sf_checkpoint *checkpoint = &judging->checkpoint;
	*ret_verdict = VERDICT_GOOD;
	if (newest->size == 0)
		return SF_OK;
	judging->kind = SF_CONTRADICTION_FORK;
	judging->against = newest->size;
	if (log->epoch != newest->epoch)
		return judge_epoch(judging, ret_verdict);
	if (checkpoint->size < newest->size)
		return judge_older(judging, ret_verdict);
	if (checkpoint->size > newest->size) {
		*ret_verdict = judge_hashes(judging);
		return SF_OK;
	}
	bool same_root = sf_digest_equal(&checkpoint->root, &newest->root);
	bool same_line = checkpoint->directory_version == newest->directory_version &&
			 sf_digest_equal(&checkpoint->directory_head, &newest->directory_head);
	if (same_root && !same_line)
		judging->kind = SF_CONTRADICTION_DIRECTORY;
	*ret_verdict = same_root && same_line ? VERDICT_KNOWN : VERDICT_BAD;
	return SF_OK;
}

/* WIRE section 2: no lower k, no other hash for a k that was seen, none that does not follow. */
static enum verdict judge_directory(struct judging *judging)
{
	const struct sf_node *node = judging->node;
	const struct sf_node_seen *newest = &node->log.newest;
	const struct sf_checkpoint *checkpoint = &judging->checkpoint;
	judging->kind = SF_CONTRADICTION_DIRECTORY;
	if (newest->size > 0 && newest->epoch == node->log.epoch &&
		checkpoint->directory_version < newest->directory_version)
		return VERDICT_BAD;
	struct sf_digest head;
	if (!sf_node_head_at(node, checkpoint->directory_version, &head))
		return VERDICT_WAIT_DIRECTORY;
	return sf_digest_equal(&head, &checkpoint->directory_head) ? VERDICT_GOOD : VERDICT_BAD;
}

static enum sf_err judge(struct judging *judging, enum verdict *ret_verdict)
{
	*ret_verdict = judge_signature(judging);
	enum sf_err err = SF_OK;
	if (*ret_verdict == VERDICT_GOOD)
		err = judge_history(judging, ret_verdict);
	if (!err && *ret_verdict == VERDICT_GOOD && judging->checkpoint.size == 0)
		*ret_verdict = VERDICT_KNOWN;
	if (!err && *ret_verdict == VERDICT_GOOD)
		*ret_verdict = judge_directory(judging);
	return err;
}

/* False while this node has no witness key, or nobody could know it by the directory. */
static bool own_witness_key(const struct sf_node *node, struct sf_note_key *ret_key)
{
	const struct sf_directory_entry *own =
		sf_directory_party(node->directory, node->options.party);
	if (!own || sf_id_is_none(node->options.witness_key_id))
		return false;
	char name[SF_WITNESS_NAME_SIZE];
	sf_witness_name(node->options.party, name);
	for (size_t i = 0; i < own->key_count; i++) {
		const struct sf_directory_key *key = &own->keys[i];
		if (key->use == SF_KEY_USE_WITNESS &&
			sf_id_equal(key->id, node->options.witness_key_id) &&
			!sf_directory_key_revoked(key, node->now_ms))
			return !sf_note_key_make(&node->ports.crypto, name, SF_NOTE_KEY_COSIGNATURE,
				key->public_key, ret_key);
	}
	return false;
}

bool sf_node_is_witness(const struct sf_node *node)
{
	struct sf_note_key key;
	return own_witness_key(node, &key);
}

/* What is no longer among the newest goes, unless a proof or a quorum makes it worth keeping. */
static enum sf_err add_recent(struct sf_node *node, uint64_t size, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	enum sf_err err = SF_OK;
	if (log->recent_count == SF_NODE_RECENT_MAX) {
		const struct sf_node_row_checkpoint key = {
			.epoch = log->newest.epoch, .size = (int64_t)log->recent[0].size};
		bool removed = !log->recent[0].kept && log->recent[0].size != log->witnessed_size;
		const struct sf_store *store = sf_node_store(node);
		if (removed)
			err = store->remove(store->self, &sf_node_table_checkpoint, &key, diag);
		memmove(log->recent, log->recent + 1,
			(SF_NODE_RECENT_MAX - 1) * sizeof(log->recent[0]));
		log->recent_count--;
	}
	log->recent[log->recent_count].size = size;
	log->recent[log->recent_count++].kept = false;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

void sf_node_keep_checkpoint(struct sf_node *node, uint64_t size)
{
	struct sf_node_log *log = &node->log;
	for (size_t i = 0; i < log->recent_count; i++)
		if (log->recent[i].size == size)
			log->recent[i].kept = true;
}

/* Those of an epoch that is over lead nowhere any more: they stay as they are. */
static void enter_epoch(struct sf_node *node, uint32_t epoch)
{
	struct sf_node_log *log = &node->log;
	if (epoch == log->newest.epoch)
		return;
	log->recent_count = 0;
	log->witnessed_size = 0;
	log->anchor.size = 0;
}

static enum sf_err accept(struct judging *judging)
{
	struct sf_node *node = judging->node;
	struct sf_node_log *log = &node->log;
	const struct sf_checkpoint *checkpoint = &judging->checkpoint;
	const struct sf_node_seen seen = {log->epoch, checkpoint->size, checkpoint->root,
		checkpoint->directory_version, checkpoint->directory_head};
	struct sf_note_key key;
	bool witness = own_witness_key(node, &key);
	const struct sf_node_row_checkpoint row = {
		.epoch = seen.epoch,
		.size = (int64_t)seen.size,
		.root = seen.root,
		.note = judging->frame->note,
		.directory_version = (int64_t)seen.directory_version,
		.directory_head = seen.directory_head,
		.at_ms = node->now_ms,
		.cosigned = witness,
	};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err =
		store->replace(store->self, &sf_node_table_checkpoint, &row, judging->diag);
	enter_epoch(node, seen.epoch);
	log->newest = seen;
	uint32_t epoch;
	if (!err)
		err = sf_origin_parse(log->origin, log->name, &epoch);
	if (!err)
		err = add_recent(node, seen.size, judging->diag);
	if (witness)
		log->cosign = seen;
	log->proofs_open = log->gossip_open = true;
	node->counters.checkpoints++;
	return err;
}

/* The coordinator asks again on each connection, and the witness says again what it has said. */
static enum sf_err cosign_again(struct judging *judging)
{
	struct sf_node *node = judging->node;
	struct sf_node_log *log = &node->log;
	struct sf_note_key key;
	if (judging->checkpoint.size != log->newest.size ||
		log->cosigned_size == log->newest.size || !own_witness_key(node, &key))
		return SF_OK;
	struct sf_node_row_checkpoint row;
	enum sf_err err = sf_node_checkpoint_row(
		node, log->newest.epoch, log->newest.size, &row, judging->diag);
	row.cosigned = 1;
	const struct sf_store *store = sf_node_store(node);
	if (!err)
		err = store->replace(store->self, &sf_node_table_checkpoint, &row, judging->diag);
	if (!err)
		log->cosign = log->newest;
	return err;
}

/* SF_ERR_AUTH: a witness of the directory has not signed what stands there in its name. */
static enum sf_err check_witnesses(struct sf_node *node, const struct sf_note *note)
{
	const struct sf_crypto *crypto = &node->ports.crypto;
	for (size_t i = 0; i < note->signature_count; i++) {
		struct sf_id party;
		if (sf_witness_party(note->signatures[i].name, &party))
			continue;
		const struct sf_directory_entry *entry = sf_directory_party(node->directory, party);
		for (size_t k = 0; entry && k < entry->key_count; k++) {
			struct sf_note_key key;
			char name[SF_WITNESS_NAME_SIZE];
			sf_witness_name(party, name);
			if (entry->keys[k].use != SF_KEY_USE_WITNESS)
				continue;
			enum sf_err err = sf_note_key_make(crypto, name, SF_NOTE_KEY_COSIGNATURE,
				entry->keys[k].public_key, &key);
			if (!err)
				err = sf_note_check(crypto, note, &key, NULL);
			if (err && err != SF_ERR_NOT_FOUND)
				return SF_ERR_AUTH;
		}
	}
	return SF_OK;
}

/* The newest checkpoint that a quorum cosigned, with their lines: shown with proofs. */
static enum sf_err learn_witnessed(
	struct sf_node *node, struct sf_view witnessed, struct sf_diag *diag)
{
	struct sf_node_log *log = &node->log;
	struct sf_note note;
	struct sf_checkpoint checkpoint;
	if (witnessed.size == 0)
		return SF_OK;
	if (sf_note_parse(witnessed, &note, NULL) ||
		sf_checkpoint_parse(note.text, &checkpoint, NULL) ||
		strcmp(checkpoint.origin, log->origin) != 0 ||
		sf_node_note_check(node, &note, log->origin, node->now_ms) ||
		check_witnesses(node, &note)) {
		sf_node_alarm(node);
		return SF_OK;
	}
	struct sf_node_row_checkpoint row;
	enum sf_err err = sf_node_checkpoint_row(node, log->epoch, checkpoint.size, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_OK : err;
	if (!sf_digest_equal(&row.root, &checkpoint.root)) {
		const struct sf_node_row_contradiction contradiction = {
			.kind = SF_CONTRADICTION_FORK,
			.epoch = log->epoch,
			.size = row.size,
			.note = sf_arena_copy(&node->arena, row.note),
			.other = witnessed};
		return sf_node_contradict(node, &contradiction, diag);
	}
	if (sf_view_equal(row.witnessed, witnessed))
		return SF_OK;
	row.witnessed = witnessed;
	if (checkpoint.size > log->witnessed_size)
		log->witnessed_size = checkpoint.size;
	const struct sf_store *store = sf_node_store(node);
	return store->replace(store->self, &sf_node_table_checkpoint, &row, diag);
}

static enum sf_err act(struct judging *judging, enum verdict verdict)
{
	struct sf_node *node = judging->node;
	switch (verdict) {
	case VERDICT_GOOD:
		return accept(judging);
	case VERDICT_KNOWN:
		return cosign_again(judging);
	case VERDICT_WAIT_DIRECTORY:
	case VERDICT_WAIT_HASHES:
		return sf_node_wait(node, judging->frame, judging->checkpoint.size,
			verdict == VERDICT_WAIT_DIRECTORY);
	case VERDICT_BAD:
		break;
	}
	return sf_node_contradict_note(
		node, judging->kind, judging->against, judging->frame->note, judging->diag);
}

enum sf_err sf_node_judge(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag)
{
	struct judging judging = {.node = node, .frame = frame, .diag = diag};
	enum verdict verdict;
	enum sf_err err = judge(&judging, &verdict);
	if (!err)
		err = act(&judging, verdict);
	return err;
}

enum sf_err sf_node_checkpoint(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag)
{
	/* Before the hello is answered nobody knows which log is meant. */
	if (!node->greeted || node->log.halted || !node->log.origin[0])
		return SF_OK;
	struct sf_frame_log joined = *frame;
	struct sf_note note;
	struct sf_checkpoint checkpoint;
	joined.size = 0;
	if (!sf_note_parse(frame->note, &note, NULL) &&
		!sf_checkpoint_parse(note.text, &checkpoint, NULL))
		joined.size = checkpoint.size; /* the path leads to the note itself */
	enum sf_err err = sf_node_judge(node, &joined, diag);
	if (!err && !node->log.halted)
		err = learn_witnessed(node, frame->witnessed, diag);
	return err;
}

void sf_node_log_committed(struct sf_node *node, const struct sf_link *link)
{
	struct sf_node_log *log = &node->log;
	const struct sf_node_seen seen = log->cosign;
	struct sf_note_key key;
	log->cosign.size = 0;
	if (seen.size == 0 || log->halted || !node->up || !own_witness_key(node, &key))
		return;
	struct sf_checkpoint checkpoint = {.size = seen.size,
		.root = seen.root,
		.directory_version = seen.directory_version,
		.directory_head = seen.directory_head};
	char name[SF_NOTE_NAME_SIZE];
	uint32_t epoch;
	struct sf_buf text, line, bytes;
	sf_buf_init(&text, SF_CHECKPOINT_TEXT_SIZE);
	sf_buf_init(&line, SF_NOTE_LINE_SIZE);
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	/* What stands of an epoch that is over is cosigned under its own origin. */
	enum sf_err err = sf_origin_parse(log->origin, name, &epoch);
	if (!err)
		err = sf_origin_format(name, seen.epoch, checkpoint.origin);
	if (!err)
		err = sf_checkpoint_format(&checkpoint, &text);
	if (!err)
		err = sf_note_sign(&node->ports.crypto, node->options.witness_key_id, &key,
			sf_buf_view(&text), (uint64_t)(node->now_ms / 1000), &line);
	const struct sf_frame frame = {.kind = SF_FRAME_COSIGN,
		.log = {.epoch = seen.epoch, .size = seen.size, .line = sf_buf_view(&line)}};
	if (!err)
		err = sf_frame_encode(&frame, &bytes);
	/* A frame that is lost is said again after the next hello. */
	if (!err && !link->send(link->self, 0, sf_buf_view(&bytes))) {
		log->cosigned_size = seen.epoch == log->epoch ? seen.size : 0;
		node->counters.cosigned++;
	}
	if (err)
		sf_node_alarm(node);
	sf_buf_fini(&bytes);
	sf_buf_fini(&line);
	sf_buf_fini(&text);
}
