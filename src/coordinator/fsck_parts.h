/* What the files of fsck.h share. Not for others. */
#ifndef SF_COORDINATOR_FSCK_PARTS_H
#define SF_COORDINATOR_FSCK_PARTS_H

#include "coordinator/fsck.h"
#include "coordinator/state.h"

/* A key that some entry of the directory has listed; the newest word about it. */
struct sf_fsck_key {
	struct sf_id party;
	enum sf_role role;
	struct sf_directory_key key;
};

struct sf_fsck_mark {
	uint32_t epoch;
	uint64_t size;
	struct sf_digest root;
};

/* Hashes of the tile of each level that is not full yet. */
struct sf_fsck_level {
	size_t count;
	uint64_t position;
	struct sf_digest hashes[SF_TILE_WIDTH];
};

struct sf_fsck {
	const struct sf_fsck_options *options;
	struct sf_fsck_report *report;
	/* Directory, book and crypto, as the engine's own functions want them; no tree, no cache.
	 */
	struct sf_coordinator *base; /* owned */
	bool foldable;               /* the book is read */

	size_t key_count, key_capacity;
	struct sf_fsck_key *keys; /* owned */
	struct sf_digest *heads;  /* owned: dhead_0 .. dhead_(report->entries) */
	size_t head_capacity;

	uint32_t epoch;               /* whose tree is being built */
	struct sf_fsck_level *levels; /* owned, SF_TILE_LEVELS_MAX of them */
	struct sf_frontier frontier;
	size_t mark_count, mark_capacity;
	struct sf_fsck_mark *marks; /* owned: checkpoints of the store in order, then judged */
	size_t mark_next;
	bool has_note;
	struct sf_fsck_mark noted;

	int64_t next_leaf, last_recorded_ms;
	uint64_t entry_leaves;    /* of class 5 so far */
	uint64_t author_sequence; /* largest of the coordinator's own */
	enum sf_err err;          /* of a visitor */
	struct sf_diag *diag;
};

void sf_fsck_find(struct sf_fsck *fsck, enum sf_fsck_kind kind, const char *where,
	const char *format, ...) SF_PRINTF(4, 5);
/* "leaf 12" */
#define SF_FSCK_PLACE_SIZE 96
struct sf_fsck_place {
	char text[SF_FSCK_PLACE_SIZE];
};
struct sf_fsck_place sf_fsck_leaf(int64_t leaf_index);
struct sf_fsck_place sf_fsck_event(struct sf_id transition, int64_t sequence);
/* The newest word about a key; NULL when no entry has listed it. */
const struct sf_fsck_key *sf_fsck_key(
	const struct sf_fsck *fsck, struct sf_id key_id, enum sf_key_use use);
/* Room for one more; SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_fsck_grow(
	void **items, size_t count, size_t *capacity, size_t item_size);
/* Another row of a scan by count: continues while nothing failed. */
SF_MUST_USE enum sf_err sf_fsck_scan(
	struct sf_fsck *fsck, const struct sf_table *table, size_t index, sf_row_visitor *visitor);

/* fsck_directory.c */
SF_MUST_USE enum sf_err sf_fsck_directory(struct sf_fsck *fsck);
/* fsck_tree.c */
SF_MUST_USE enum sf_err sf_fsck_checkpoints(struct sf_fsck *fsck);
SF_MUST_USE enum sf_err sf_fsck_open_note(struct sf_fsck *fsck);
/* The next leaf of the log: the first of an epoch ends the tree of the one before. */
void sf_fsck_append(struct sf_fsck *fsck, const struct sf_row_event *row);
/* All leaves are there: what is left over, or missing. */
SF_MUST_USE enum sf_err sf_fsck_tree(struct sf_fsck *fsck);
/* fsck_event.c */
SF_MUST_USE enum sf_err sf_fsck_events(struct sf_fsck *fsck);
/* fsck_transition.c */
SF_MUST_USE enum sf_err sf_fsck_transitions(struct sf_fsck *fsck);
/* fsck_fold.c */
SF_MUST_USE enum sf_err sf_fsck_folds(struct sf_fsck *fsck);

#endif
