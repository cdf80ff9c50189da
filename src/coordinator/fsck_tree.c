/* The Merkle tree again from its leaves: tiles, checkpoints, cosignatures, and a note from outside.
 */
#include "coordinator/fsck_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sf_fsck_place checkpoint_place(int64_t epoch, int64_t size)
{
	struct sf_fsck_place place;
	snprintf(place.text, sizeof(place.text), "checkpoint %" PRId64 "/%" PRId64, epoch, size);
	return place;
}

/* By any key that the directory has listed for a coordinator's log; it may be retired since. */
static bool is_signed(
	const struct sf_fsck *fsck, struct sf_view note, struct sf_checkpoint *ret_checkpoint)
{
	const struct sf_crypto *crypto = &fsck->options->crypto;
	struct sf_note *parsed = malloc(sizeof(*parsed));
	struct sf_checkpoint said;
	bool found = false;
	bool reads = parsed && !sf_note_parse(note, parsed, NULL) &&
		     !sf_checkpoint_parse(parsed->text, &said, NULL);
	for (size_t i = 0; reads && !found && i < fsck->key_count; i++) {
		struct sf_note_key key;
		found = fsck->keys[i].key.use == SF_KEY_USE_LOG &&
			fsck->keys[i].role == SF_ROLE_COORDINATOR &&
			!sf_note_key_make(crypto, said.origin, SF_NOTE_KEY_ED25519,
				fsck->keys[i].key.public_key, &key) &&
			!sf_checkpoint_open(crypto, note, &key, ret_checkpoint, NULL);
	}
	free(parsed);
	return found;
}

static void check_line(
	struct sf_fsck *fsck, const char *where, const struct sf_checkpoint *checkpoint)
{
	uint64_t version = checkpoint->directory_version;
	if (version > fsck->report->entries)
		sf_fsck_find(fsck, SF_FSCK_DIRECTORY, where,
			"it shows %" PRIu64 " entries, the store has %" PRIu64, version,
			fsck->report->entries);
	else if (!sf_digest_equal(&fsck->heads[version], &checkpoint->directory_head))
		sf_fsck_find(fsck, SF_FSCK_DIRECTORY, where,
			"its head of %" PRIu64 " entries is another", version);
}

static bool visit_checkpoint(void *context, const void *visited)
{
	struct sf_fsck *fsck = context;
	const struct sf_row_checkpoint *row = visited;
	struct sf_fsck_place place = checkpoint_place(row->epoch, row->size);
	struct sf_checkpoint checkpoint;
	char log[SF_NOTE_NAME_SIZE];
	uint32_t epoch = 0;
	fsck->report->checkpoints++;
	if (!is_signed(fsck, row->note, &checkpoint))
		sf_fsck_find(fsck, SF_FSCK_CHECKPOINT_NOTE, place.text,
			"no log key of the directory signed it");
	else if (sf_origin_parse(checkpoint.origin, log, &epoch) || epoch != row->epoch ||
		 checkpoint.size != (uint64_t)row->size ||
		 !sf_digest_equal(&checkpoint.root, &row->root))
		sf_fsck_find(fsck, SF_FSCK_CHECKPOINT_NOTE, place.text,
			"the row says something else than the note");
	else
		check_line(fsck, place.text, &checkpoint);
	void *marks = fsck->marks;
	fsck->err =
		sf_fsck_grow(&marks, fsck->mark_count, &fsck->mark_capacity, sizeof(*fsck->marks));
	fsck->marks = marks;
	if (fsck->err)
		return false;
	fsck->marks[fsck->mark_count++] =
		(struct sf_fsck_mark){(uint32_t)row->epoch, (uint64_t)row->size, row->root};
	sf_buf_clear(&fsck->report->note);
	fsck->err = sf_buf_append(&fsck->report->note, row->note);
	return !fsck->err;
}

/*
 * One of the witness keys that the directory has ever listed for the party made the line. What was
 * not to be had for the answer stands in fsck->err.
 */
static bool is_cosigned(struct sf_fsck *fsck, const struct sf_row_cosignature *row, bool *ret_known)
{
	const struct sf_crypto *crypto = &fsck->options->crypto;
	const struct sf_store *store = fsck->options->store;
	struct sf_row_checkpoint checkpoint = {.epoch = row->epoch, .size = row->size};
	struct sf_note *note = malloc(sizeof(*note));
	char name[SF_WITNESS_NAME_SIZE];
	sf_witness_name(row->party, name);
	bool good = false;
	enum sf_err err =
		note ? store->get(store->self, &sf_table_checkpoint, 0, &checkpoint, fsck->diag)
		     : SF_ERR_MEMORY;
	if (err != SF_ERR_NOT_FOUND)
		fsck->err = err;
	*ret_known = !err;
	bool reads = *ret_known && !sf_note_parse(checkpoint.note, note, NULL);
	for (size_t i = 0; reads && !good && i < fsck->key_count; i++) {
		struct sf_note_key key;
		good = fsck->keys[i].key.use == SF_KEY_USE_WITNESS &&
		       sf_id_equal(fsck->keys[i].party, row->party) &&
		       !sf_note_key_make(crypto, name, SF_NOTE_KEY_COSIGNATURE,
			       fsck->keys[i].key.public_key, &key) &&
		       !sf_note_line_check(crypto, note->text, row->line, &key, NULL);
	}
	free(note);
	return good;
}

static bool visit_cosignature(void *context, const void *visited)
{
	struct sf_fsck *fsck = context;
	const struct sf_row_cosignature *row = visited;
	char party[SF_ID_TEXT_SIZE];
	bool known = false;
	fsck->report->cosignatures++;
	if (is_cosigned(fsck, row, &known) || fsck->err)
		return !fsck->err;
	struct sf_fsck_place place = checkpoint_place(row->epoch, row->size);
	sf_id_format(row->party, party);
	sf_fsck_find(fsck, SF_FSCK_COSIGNATURE, place.text, "of party %s%s", party,
		known ? "" : ": its checkpoint is missing");
	return true;
}

enum sf_err sf_fsck_checkpoints(struct sf_fsck *fsck)
{
	enum sf_err err = sf_fsck_scan(fsck, &sf_table_checkpoint, 0, visit_checkpoint);
	return err ? err : sf_fsck_scan(fsck, &sf_table_cosignature, 0, visit_cosignature);
}

/* Leaves of the epoch, where it is over; UINT64_MAX of the one that goes on. */
static uint64_t stands(const struct sf_fsck *fsck, uint32_t epoch)
{
	const struct sf_coordinator_log *log = &fsck->base->log;
	for (size_t i = 0; i < log->past_count; i++)
		if (log->past[i].epoch == epoch)
			return log->past[i].size;
	return UINT64_MAX;
}

enum sf_err sf_fsck_open_note(struct sf_fsck *fsck)
{
	struct sf_fsck_report *report = fsck->report;
	if (fsck->options->against.size == 0)
		return SF_OK;
	if (!is_signed(fsck, fsck->options->against, &report->noted)) {
		report->verdict = SF_FSCK_CANNOT_TELL;
		sf_fsck_find(fsck, SF_FSCK_UNKNOWN_NOTE, "note", "%s", "");
		return SF_OK;
	}
	char log[SF_NOTE_NAME_SIZE];
	uint32_t epoch = 0;
	fsck->has_note = !sf_origin_parse(report->noted.origin, log, &epoch);
	fsck->noted = (struct sf_fsck_mark){epoch, report->noted.size, report->noted.root};
	if (fsck->has_note && fsck->noted.size > stands(fsck, epoch)) {
		report->verdict = SF_FSCK_WAS_LOST;
		report->missing = fsck->noted.size - stands(fsck, epoch);
	}
	return SF_OK;
}

static void check_tile(struct sf_fsck *fsck, unsigned level, const struct sf_fsck_level *tile)
{
	const struct sf_store *store = fsck->options->store;
	struct sf_row_tile row = {
		.epoch = fsck->epoch, .level = (int64_t)level, .position = (int64_t)tile->position};
	char where[SF_FSCK_PLACE_SIZE];
	if (fsck->epoch == 1)
		snprintf(where, sizeof(where), "tile %u/%" PRIu64, level, tile->position);
	else
		snprintf(where, sizeof(where), "tile %u/%" PRIu64 " of epoch %" PRIu32, level,
			tile->position, fsck->epoch);
	enum sf_err err = store->get(store->self, &sf_table_tile, 0, &row, fsck->diag);
	fsck->report->tiles += !err;
	if (err == SF_ERR_NOT_FOUND) {
		sf_fsck_find(fsck, SF_FSCK_TILE, where, "it is missing");
	} else if (err) {
		fsck->err = err;
	} else if (row.hashes.size != tile->count * SF_DIGEST_SIZE) {
		sf_fsck_find(fsck, SF_FSCK_TILE, where, "it has %zu bytes instead of %zu",
			row.hashes.size, tile->count * SF_DIGEST_SIZE);
	} else {
		for (size_t i = 0; i < tile->count; i++)
			if (memcmp(row.hashes.data + i * SF_DIGEST_SIZE, tile->hashes[i].bytes,
				    SF_DIGEST_SIZE) != 0) {
				sf_fsck_find(fsck, SF_FSCK_TILE, where, "hash %zu is another", i);
				return;
			}
	}
}

static void append_hash(struct sf_fsck *fsck, unsigned level, const struct sf_digest *hash)
{
	struct sf_fsck_level *tile = &fsck->levels[level];
	tile->hashes[tile->count++] = *hash;
	if (tile->count < SF_TILE_WIDTH)
		return;
	check_tile(fsck, level, tile);
	for (size_t count = SF_TILE_WIDTH; count > 1; count /= 2)
		for (size_t i = 0; i < count / 2; i++)
			sf_tree_node_hash(&fsck->options->crypto, &tile->hashes[2 * i],
				&tile->hashes[2 * i + 1], &tile->hashes[i]);
	tile->count = 0;
	tile->position++;
	if (level + 1 < SF_TILE_LEVELS_MAX)
		append_hash(fsck, level + 1, &tile->hashes[0]);
}

/* Checkpoints that there are not leaves enough for. */
static void check_marks_left(struct sf_fsck *fsck)
{
	for (; fsck->mark_next < fsck->mark_count &&
		fsck->marks[fsck->mark_next].epoch <= fsck->epoch;
		fsck->mark_next++) {
		const struct sf_fsck_mark *mark = &fsck->marks[fsck->mark_next];
		sf_fsck_find(fsck, SF_FSCK_CHECKPOINT,
			checkpoint_place(mark->epoch, (int64_t)mark->size).text,
			"the store has %" PRIu64 " leaves", fsck->frontier.size);
	}
}

static bool is_here(const struct sf_fsck *fsck, const struct sf_fsck_mark *mark)
{
	return mark->epoch == fsck->epoch && mark->size == fsck->frontier.size;
}

static void check_marks(struct sf_fsck *fsck)
{
	bool note_here = fsck->has_note && is_here(fsck, &fsck->noted);
	bool mark_here =
		fsck->mark_next < fsck->mark_count && is_here(fsck, &fsck->marks[fsck->mark_next]);
	if (!note_here && !mark_here)
		return;
	struct sf_digest root;
	sf_frontier_root(&fsck->options->crypto, &fsck->frontier, &root);
	if (mark_here && !sf_digest_equal(&fsck->marks[fsck->mark_next].root, &root))
		sf_fsck_find(fsck, SF_FSCK_CHECKPOINT,
			checkpoint_place(fsck->epoch, (int64_t)fsck->frontier.size).text,
			"the leaves give another root");
	fsck->mark_next += mark_here;
	if (!note_here)
		return;
	bool same = sf_digest_equal(&fsck->noted.root, &root);
	fsck->report->verdict = same ? SF_FSCK_HOLDS : SF_FSCK_HAS_FORKED;
	if (!same)
		sf_fsck_find(fsck, SF_FSCK_FORKED, "note",
			"both have %" PRIu64 " leaves, and not the same", fsck->frontier.size);
}

static void check_tiles_of_epoch(struct sf_fsck *fsck)
{
	for (unsigned level = 1; level < SF_TILE_LEVELS_MAX && !fsck->err; level++)
		if (fsck->levels[level].count > 0)
			check_tile(fsck, level, &fsck->levels[level]);
}

/* The tree of the epoch before is whole; the new one begins without a leaf. */
static void begin_tree(struct sf_fsck *fsck, uint32_t epoch)
{
	check_marks_left(fsck);
	check_tiles_of_epoch(fsck);
	for (size_t i = 0; i < SF_TILE_LEVELS_MAX; i++)
		fsck->levels[i].count = fsck->levels[i].position = 0;
	fsck->frontier = (struct sf_frontier){.size = 0};
	fsck->epoch = epoch;
}

void sf_fsck_append(struct sf_fsck *fsck, const struct sf_row_event *row)
{
	struct sf_log_place place = sf_coordinator_log_place(fsck->base, row->leaf_index);
	struct sf_digest hash;
	if (place.epoch > fsck->epoch)
		begin_tree(fsck, place.epoch);
	sf_tree_leaf_hash(&fsck->options->crypto, row->leaf, &hash);
	sf_frontier_append(&fsck->options->crypto, &fsck->frontier, &hash);
	append_hash(fsck, 0, &hash);
	check_marks(fsck);
}

static bool count_tile(void *context, const void *row)
{
	uint64_t *count = context;
	(void)row;
	++*count;
	return true;
}

static enum sf_err check_tiles_left(struct sf_fsck *fsck)
{
	const struct sf_store *store = fsck->options->store;
	check_tiles_of_epoch(fsck);
	uint64_t count = 0;
	const struct sf_scan scan = {.table = &sf_table_tile};
	enum sf_err err = fsck->err;
	if (!err)
		err = store->scan(store->self, &scan, count_tile, &count, fsck->diag);
	if (!err && count > fsck->report->tiles)
		sf_fsck_find(fsck, SF_FSCK_TILE, "tiles", "%" PRIu64 " of them have no leaves",
			count - fsck->report->tiles);
	return err;
}

enum sf_err sf_fsck_tree(struct sf_fsck *fsck)
{
	struct sf_fsck_report *report = fsck->report;
	uint64_t size = fsck->frontier.size;
	/* Also of epochs that the store has no leaf of. */
	fsck->epoch = UINT32_MAX;
	check_marks_left(fsck);
	fsck->epoch = fsck->base->log.epoch;
	if (fsck->has_note && report->verdict == SF_FSCK_NOT_ASKED) {
		report->verdict = SF_FSCK_IS_BEHIND;
		report->missing = fsck->noted.size > size ? fsck->noted.size - size : 0;
		sf_fsck_find(fsck, SF_FSCK_BEHIND, "note",
			"it shows %" PRIu64 " leaves, %" PRIu64 " of them are missing",
			fsck->noted.size, report->missing);
	}
	return check_tiles_left(fsck);
}
