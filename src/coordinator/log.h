/*
 * The coordinator's half of the provable log (WIRE.md section 4): checkpoints that it signs of what
 * is durable, cosignatures of witnesses, proofs that nodes ask for, and the stop when a node has
 * seen more of the log than this store has. Part of coordinator/state.h.
 */
#ifndef SF_COORDINATOR_LOG_H
#define SF_COORDINATOR_LOG_H

#include "coordinator/tiles.h"
#include "log/checkpoint.h"
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
	struct sf_buf note; /* owned: its checkpoint, signed by this log */
};

struct sf_coordinator_log {
	struct sf_tiles tiles; /* owned */
	int64_t base;          /* leaf_index of the leaf 0 of this epoch */
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
	bool heard;        /* since start, of a node that is not ahead */
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
/* What the party has not been sent on its route: the newest checkpoint, the newest with a quorum.
 */
SF_MUST_USE enum sf_err sf_coordinator_send_checkpoint(
	struct sf_coordinator *coordinator, struct sf_party_state *party, struct sf_diag *diag);
/* When it is sent the newest again, because a witness says nothing to it; INT64_MAX. */
int64_t sf_coordinator_checkpoint_again_ms(
	const struct sf_coordinator *coordinator, const struct sf_party_state *party);
/* Nothing is believed to have reached the party but what its hello said. */
void sf_coordinator_forget_checkpoint(struct sf_party_state *party);
/* Number of a leaf in the log of this epoch. */
uint64_t sf_coordinator_log_index(const struct sf_coordinator *coordinator, int64_t leaf_index);

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
SF_MUST_USE enum sf_err sf_coordinator_log_path(struct sf_coordinator *coordinator, uint64_t index,
	uint64_t size, struct sf_view *ret_path, struct sf_diag *diag);

/* behind.c */
/*
 * What a hello says of the log. Sets party->log_hello; a party that proves with our own signature
 * that this store lacks something makes sf_coordinator_is_behind true.
 */
SF_MUST_USE enum sf_err sf_coordinator_compare_log(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag);
/* Nothing is recorded, delivered, signed or derived. */
bool sf_coordinator_is_behind(const struct sf_coordinator *coordinator);
/* Until when timers and signing wait for a node that may know more; 0 they do not. */
int64_t sf_coordinator_waits_until_ms(const struct sf_coordinator *coordinator);

#endif
