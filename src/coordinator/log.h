/*
 * The coordinator's half of the provable log (WIRE.md section 4): checkpoints that it signs of what
 * is durable, cosignatures of witnesses, proofs that nodes ask for, and the stop when a node has
 * seen more of the log than this store has. Part of coordinator/state.h.
 */
#ifndef SF_COORDINATOR_LOG_H
#define SF_COORDINATOR_LOG_H

#include "coordinator/tiles.h"
#include "log/checkpoint.h"
#include "wire/epoch.h"
#include "wire/local.h"

struct sf_coordinator;
struct sf_party_state;
struct sf_taken;

/* Beside enum sf_contradiction, as code of a row of the feed: no quorum for a quarter of an hour.
 */
#define SF_TROUBLE_NO_QUORUM 32u

/* What a party has that this store has not: it was restored from an old backup, or it forked. */
#define SF_LOG_AHEAD_MAX ((size_t)64)
struct sf_log_ahead {
	enum sf_contradiction kind; /* SF_CONTRADICTION_ROLLBACK or _FORK */
	struct sf_id party;
	int64_t at_ms;
	uint32_t epoch;
	uint64_t size;
	uint64_t directory_version;
	struct sf_digest directory_head;
	struct sf_buf note; /* owned: its checkpoint, signed by this log */
};

/* An epoch of the log that is over: all of its leaves stand. */
struct sf_log_past {
	uint32_t epoch;
	int64_t base;  /* leaf_index of its leaf 0 */
	uint64_t size; /* leaves, as the record of the next epoch says */
};

struct sf_coordinator_log {
	char origin[SF_NOTE_NAME_SIZE]; /* of the epoch that goes on */
	uint32_t epoch;
	struct sf_tiles tiles; /* owned */
	int64_t base;          /* leaf_index of the leaf 0 of this epoch */
	size_t past_count;
	struct sf_log_past past[SF_EPOCH_COUNT_MAX]; /* oldest first */
	struct sf_tiles past_tiles;                  /* owned: of the one that was asked for last */
	/* Entries of the directory that must be recorded again before anything else; 0 none. */
	uint64_t wanted_version;
	struct sf_digest wanted_head;
	/* The newest checkpoint that was signed; size 0: none yet. */
	uint64_t size;
	struct sf_digest root;
	int64_t signed_ms;  /* recorded time */
	struct sf_buf note; /* owned */
	/* The newest with a quorum, with the cosignatures it had then. */
	uint64_t witnessed_size;
	int64_t witnessed_ms;
	struct sf_buf witnessed; /* owned */
	int64_t unwitnessed_ms;  /* since when newer ones wait for a quorum; 0 they do not */
	bool no_quorum_told;
	int64_t next_ms;   /* by the turn's clock: not signed again before */
	bool inconsistent; /* the store does not lead from the last checkpoint to this tree */
	size_t awaited; /* parties whose nodes were there when this store last ran, and are not yet
			 */
	int64_t begun_ms; /* when this epoch began, never ahead of the clock; 0 the first */
	/* One of each party, who shows most first: who still holds what is missing here. */
	size_t ahead_count;
	struct sf_log_ahead ahead[SF_LOG_AHEAD_MAX];
};

/* checkpoint.c */
/* Reads the tree and the newest checkpoints. No transaction may be open. */
SF_MUST_USE enum sf_err sf_coordinator_load_log(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
void sf_coordinator_log_fini(struct sf_coordinator_log *log);
/* When the next checkpoint is to be signed, by the turn's clock; INT64_MAX when none is. */
int64_t sf_coordinator_checkpoint_due_ms(const struct sf_coordinator *coordinator);
/* At the beginning of a turn, when all of the tree is durable: signs it when that is due. */
SF_MUST_USE enum sf_err sf_coordinator_work_checkpoint(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
/* Signs all leaves there are, that are durable: SF_ERR_CONFIG where there is no key for it. */
SF_MUST_USE enum sf_err sf_coordinator_sign_checkpoint(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
/* What the party has not been sent on its route: the newest checkpoint, the newest with a quorum.
 */
SF_MUST_USE enum sf_err sf_coordinator_send_checkpoint(
	struct sf_coordinator *coordinator, struct sf_party_state *party, struct sf_diag *diag);
/* When it is sent the newest again, because a witness says nothing to it; INT64_MAX. */
int64_t sf_coordinator_checkpoint_again_ms(
	const struct sf_coordinator *coordinator, const struct sf_party_state *party);
/* Nothing is believed to have reached the party but what its hello said. */
void sf_coordinator_forget_checkpoint(struct sf_party_state *party);
/* Where a leaf of the store stands in the log. */
struct sf_log_place {
	uint32_t epoch;
	uint64_t index;
};
struct sf_log_place sf_coordinator_log_place(
	const struct sf_coordinator *coordinator, int64_t leaf_index);
/*
 * The tree of an epoch, and how many of its leaves a checkpoint shows: all of one that is over.
 * SF_ERR_NOT_FOUND: no such epoch. The source lives until the next call.
 */
SF_MUST_USE enum sf_err sf_coordinator_log_tree(struct sf_coordinator *coordinator, uint32_t epoch,
	struct sf_tree_source *ret_source, uint64_t *ret_size, struct sf_diag *diag);

/* witness.c */
SF_MUST_USE enum sf_err sf_coordinator_take_cosignature(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag);
/* A checkpoint has been signed: forgets those that nobody needs any more. */
SF_MUST_USE enum sf_err sf_coordinator_prune_checkpoints(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
/* The checkpoint with all cosignatures there are. */
SF_MUST_USE enum sf_err sf_coordinator_cosigned_note(struct sf_coordinator *coordinator,
	const struct sf_row_checkpoint *checkpoint, struct sf_buf *buf, struct sf_diag *diag);
bool sf_coordinator_wants_quorum(const struct sf_coordinator *coordinator);
/* The directory has a key with which it cosigns. */
bool sf_coordinator_is_witness(const struct sf_directory_entry *entry);
/* When to tell that there is none; INT64_MAX. By recorded time. */
int64_t sf_coordinator_quorum_due_ms(const struct sf_coordinator *coordinator);
/* Tells it when that is so. */
void sf_coordinator_watch_quorum(struct sf_coordinator *coordinator);

/* proofs.c */
SF_MUST_USE enum sf_err sf_coordinator_answer_proof(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_coordinator_answer_consistency(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag);
/* Inclusion of a leaf in the tree of that size; index < size. The path lives in the turn. */
SF_MUST_USE enum sf_err sf_coordinator_log_path(struct sf_coordinator *coordinator,
	struct sf_log_place place, uint64_t size, struct sf_view *ret_path, struct sf_diag *diag);

/* behind.c */
/*
 * What a hello says of the log. Sets party->log_hello; a party that proves with our own signature
 * that this store lacks something makes sf_coordinator_is_behind true.
 */
SF_MUST_USE enum sf_err sf_coordinator_compare_log(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag);
/* Nothing is recorded, delivered, signed or derived. */
bool sf_coordinator_is_behind(const struct sf_coordinator *coordinator);
/*
 * Until when, by the turn's clock, recording and signing wait for nodes that may know more than
 * this store; 0 they do not.
 */
int64_t sf_coordinator_awaits_until_ms(const struct sf_coordinator *coordinator);
/* Until when timers wait: for those, and for what nodes send again when an epoch has begun. */
int64_t sf_coordinator_waits_until_ms(const struct sf_coordinator *coordinator);
/* Counts whom to wait for. No transaction may be open. */
SF_MUST_USE enum sf_err sf_coordinator_await_parties(
	struct sf_coordinator *coordinator, struct sf_diag *diag);

/* epoch.c: a new epoch after a lost tail (WIRE.md sections 4 and 7.1). */
/* Which epochs the store has, and the origin of the one that goes on. */
SF_MUST_USE enum sf_err sf_coordinator_load_epochs(
	struct sf_coordinator *coordinator, struct sf_diag *diag);
/* Records of the epochs behind the one named, for a hello; in the turn's memory. */
SF_MUST_USE enum sf_err sf_coordinator_list_epochs(struct sf_coordinator *coordinator,
	uint32_t after, size_t *ret_count, const struct sf_view **ret_records,
	struct sf_diag *diag);
/* Entries that the lost tail had are still missing: nothing else is accepted. */
bool sf_coordinator_wants_entries(const struct sf_coordinator *coordinator);
/* The party has not heard of the epoch that has begun: it is asked for a hello, now and then. */
SF_MUST_USE enum sf_err sf_coordinator_greet_again(
	struct sf_coordinator *coordinator, struct sf_party_state *party);
/* SF_FRAME_DIRECTORY of a node, that has what is missing. */
SF_MUST_USE enum sf_err sf_coordinator_take_entries(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag);

#endif
