/*
 * What a node has in memory of the log it follows (WIRE.md section 4), and what its files about the
 * log share. Inside the node.
 *
 *   witness.c        checkpoints are checked, kept and cosigned
 *   directory_line.c the line of a checkpoint about the directory, and its history
 *   waiting.c        a checkpoint that cannot be judged before an answer has come
 *   contradiction.c  what a person must see, with both texts
 *   proofs.c         where the receipts stand in the tree
 *   epoch.c          a new epoch, as the registrars declared it
 *   release.c        what is submitted again in it
 *   gossip.c         what other parties saw of the log
 *   log_session.c    hello, and the questions of a turn
 *   log_load.c       all this from the store
 */
#ifndef SF_NODE_LOG_STATE_H
#define SF_NODE_LOG_STATE_H

#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/tree.h"
#include "node/tables.h"
#include "wire/frame.h"
#include "wire/local_log.h"

struct sf_node;
struct sf_node_item;
struct sf_link;

/* So many checkpoints are kept besides those that proofs lead to: a quorum comes a little later. */
#define SF_NODE_RECENT_MAX ((size_t)8)

/* A checkpoint that was checked here. size 0: none. */
struct sf_node_seen {
	uint32_t epoch;
	uint64_t size;
	struct sf_digest root;
	uint64_t directory_version;
	struct sf_digest directory_head;
};

/* One question about the log that is on its way; asked_ms 0: none. */
struct sf_node_question {
	int64_t asked_ms;
	int64_t since_ms; /* when this was first asked on this connection */
	uint64_t from, to;
};

struct sf_node_log {
	char origin[SF_NOTE_NAME_SIZE]; /* as the coordinator's hello says; "" when it says none */
	char name[SF_NOTE_NAME_SIZE]; /* of the log without epoch, once a checkpoint was checked */
	uint32_t epoch;               /* of origin */
	struct sf_node_seen newest;
	int64_t forgotten_ms; /* checkpoints checked until then stand for nothing any more */
	bool halted;          /* nothing is submitted, taken or signed: see contradiction.c */
	int64_t doubted_ms;   /* the coordinator's time in a hello that is behind what was seen */

	/* dhead_0 .. dhead_version, version + 1 of them. */
	struct sf_digest *heads; /* owned */
	size_t head_capacity;

	/* Checkpoints that are kept although no proof leads to them, oldest first. */
	struct {
		uint64_t size;
		bool kept; /* for ever: a proof leads to it */
	} recent[SF_NODE_RECENT_MAX];
	size_t recent_count;
	uint64_t witnessed_size; /* of the newest with a quorum */

	/* A note that waits: for the directory, or for the hashes that join it to the newest. */
	struct sf_buf waiting, waiting_path; /* owned */
	bool waits;
	uint64_t waiting_from, waiting_to; /* what its path joins */
	uint64_t waiting_size;             /* as the note says */
	bool waits_for_directory;
	struct sf_node_question hashes; /* asked for it */

	/* The cosignature that leaves after the commit of this turn; size 0: none. */
	struct sf_node_seen cosign;
	uint64_t cosigned_size; /* said on this connection */

	/* Proofs. */
	struct sf_node_seen anchor; /* what they lead to, for some seconds */
	int64_t anchor_ms;
	bool past_open;   /* perhaps there are some of an epoch that is over */
	bool proofs_open; /* perhaps there are some that the newest checkpoint covers */
	struct sf_node_question proof;
	size_t asked_count;
	uint64_t asked[SF_FRAME_ITEM_COUNT_MAX]; /* indexes, ascending */

	/* The oldest receipt, if any, that no checkpoint has come to cover; from: its index + 1. */
	struct sf_node_question tail;
	uint64_t tail_from; /* for which a hello was said again, so many times */
	unsigned tail_hellos;

	/* Gossip. */
	size_t gossip_count; /* rows */
	bool gossip_open;    /* perhaps one can be asked about */
	struct sf_node_question gossip;
	struct sf_digest gossip_root, gossip_newest_root;
	struct sf_id gossip_party;
	struct sf_node_question ahead; /* to: a directory version that another party has seen */
	struct sf_id ahead_party;
};

/* witness.c */
/* The note, with hashes that join from_size to size. */
SF_MUST_USE enum sf_err sf_node_judge(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag);
/* SF_FRAME_CHECKPOINT. */
SF_MUST_USE enum sf_err sf_node_checkpoint(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag);
/* The coordinator's hello; *ret_good false: it is behind what was seen, and not to be greeted. */
SF_MUST_USE enum sf_err sf_node_log_greeted(
	struct sf_node *node, const struct sf_hello *hello, bool *ret_good, struct sf_diag *diag);
/* Puts what was seen into the hello. */
SF_MUST_USE enum sf_err sf_node_log_hello(
	struct sf_node *node, struct sf_hello *hello, struct sf_diag *diag);
/* At the end of a step: what waited and can be judged now, and questions that are due. */
SF_MUST_USE enum sf_err sf_node_log_due(struct sf_node *node, struct sf_diag *diag);
int64_t sf_node_log_due_ms(const struct sf_node *node);
/* The turn is durable: now, and only now, the witness signs (WIRE section 4). */
void sf_node_log_committed(struct sf_node *node, const struct sf_link *link);
/* SF_ERR_NOT_FOUND: not kept here. The row's views live until the next call on the store. */
SF_MUST_USE enum sf_err sf_node_checkpoint_row(struct sf_node *node, uint32_t epoch, uint64_t size,
	struct sf_node_row_checkpoint *ret_row, struct sf_diag *diag);
/* A proof leads to the checkpoint: it is kept for ever. */
void sf_node_keep_checkpoint(struct sf_node *node, uint64_t size);
/* The directory knows this node's witness key. */
bool sf_node_is_witness(const struct sf_node *node);
/* Has the log signed it? By any log key of the coordinator that was not revoked. */
enum sf_err sf_node_note_check(
	struct sf_node *node, const struct sf_note *note, const char *origin, int64_t recorded_ms);

/* directory_line.c */
/* One entry more: its head is remembered. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_node_note_head(struct sf_node *node);
/* dhead_version, when so many entries have been followed. */
bool sf_node_head_at(const struct sf_node *node, uint64_t version, struct sf_digest *ret_head);

/* waiting.c */
/* The note is kept until the directory, or the hashes from what was seen, have come. */
SF_MUST_USE enum sf_err sf_node_wait(
	struct sf_node *node, const struct sf_frame_log *frame, uint64_t size, bool for_directory);
void sf_node_wait_no_more(struct sf_node *node);
/* Answers SF_FRAME_CONSISTENCY, for a note that waits or for gossip. */
SF_MUST_USE enum sf_err sf_node_consistency(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_waiting_due(struct sf_node *node, struct sf_diag *diag);
/* Asks, or asks again when it is due. */
SF_MUST_USE enum sf_err sf_node_ask_consistency(
	struct sf_node *node, struct sf_node_question *question, uint32_t epoch);
bool sf_node_question_due(const struct sf_node *node, const struct sf_node_question *question);

/* contradiction.c */
/* position and at_ms are filled in. One that is known is not told twice. */
SF_MUST_USE enum sf_err sf_node_contradict(struct sf_node *node,
	const struct sf_node_row_contradiction *contradiction, struct sf_diag *diag);
/* A note stands against the checkpoint of size `against` that is kept here; 0: against none. */
SF_MUST_USE enum sf_err sf_node_contradict_note(struct sf_node *node, enum sf_contradiction kind,
	uint64_t against, struct sf_view note, struct sf_diag *diag);

/* proofs.c */
/* A receipt of this party's (own) or of a delivered event. SF_OK for one that is known. */
struct sf_node_receipt {
	const struct sf_receipt *receipt;
	const struct sf_signed_receipt *proof;
	struct sf_id transition;
	bool own;
};
/* Does the path lead from the leaf to the root of the tree of this size? */
bool sf_node_path_holds(const struct sf_node *node, const struct sf_node_row_proof *proof,
	struct sf_view path, uint64_t size, const struct sf_digest *root);
SF_MUST_USE enum sf_err sf_node_keep_receipt(
	struct sf_node *node, const struct sf_node_receipt *kept, struct sf_diag *diag);
/* SF_FRAME_PROOF. */
SF_MUST_USE enum sf_err sf_node_proof(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_ask_proofs(struct sf_node *node, struct sf_diag *diag);
/* The receipt that a proof is about, as signed; views in the turn's arena. SF_ERR_NOT_FOUND. */
SF_MUST_USE enum sf_err sf_node_find_receipt(struct sf_node *node,
	const struct sf_node_row_proof *proof, struct sf_signed_receipt *ret_receipt,
	struct sf_diag *diag);

/* release.c */
/*
 * The epoch is over, and the next one has its first common_size leaves: what was recorded behind
 * them is void, and what this party has said there is submitted again. What was not proven to be
 * among them is asked for.
 */
SF_MUST_USE enum sf_err sf_node_leave_epoch(
	struct sf_node *node, uint32_t epoch, uint64_t common_size, struct sf_diag *diag);
/* The receipt of the proof is worth nothing any more; its transition is to be folded again. */
SF_MUST_USE enum sf_err sf_node_void_receipt(
	struct sf_node *node, const struct sf_node_row_proof *proof, struct sf_diag *diag);
/*
 * Something of another party's came again: what of this party's own was refused meanwhile, and
 * stood before the tail was lost, is decided anew. At most as often as any message is sent.
 */
SF_MUST_USE enum sf_err sf_node_say_refused(
	struct sf_node *node, struct sf_id transition, struct sf_diag *diag);
/* The transition as the events that are kept make it. */
SF_MUST_USE enum sf_err sf_node_fold_again(
	struct sf_node *node, struct sf_id transition, struct sf_diag *diag);

/* epoch.c */
/* Records in the coordinator's hello: those that follow are entered, before anything else. */
SF_MUST_USE enum sf_err sf_node_learn_epochs(
	struct sf_node *node, const struct sf_hello *hello, struct sf_diag *diag);
/* The newest epoch that the registrars have declared to this node; 1 without any. */
SF_MUST_USE enum sf_err sf_node_declared_epoch(
	struct sf_node *node, uint32_t *ret_epoch, struct sf_diag *diag);
/* What proves open receipts of an epoch that is over; size 0: there are none. */
SF_MUST_USE enum sf_err sf_node_past_anchor(
	struct sf_node *node, struct sf_node_seen *ret_anchor, struct sf_diag *diag);

/* A log that stands still although receipts were given (WIRE section 4). */
SF_MUST_USE enum sf_err sf_node_watch_tail(struct sf_node *node, struct sf_diag *diag);

/* gossip.c */
/* A directory that others have seen, and that does not come here. */
SF_MUST_USE enum sf_err sf_node_watch_ahead(struct sf_node *node, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_gossip(
	struct sf_node *node, const struct sf_node_item *item, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_ask_gossip(struct sf_node *node, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_node_gossip_answered(
	struct sf_node *node, const struct sf_frame_log *frame, struct sf_diag *diag);

/* log_load.c */
SF_MUST_USE enum sf_err sf_node_load_log(struct sf_node *node, struct sf_diag *diag);

#endif
