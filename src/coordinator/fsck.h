/*
 * Checking a coordinator's store without its daemon: everything that is kept twice is compared, and
 * everything that is signed is verified. Leaves from their rows, the Merkle tree with its tiles and
 * checkpoints, cosignatures, receipts, authors, heads of transitions, the directory, counters, and
 * what listings and timers read against a fold of the events.
 *
 * Nothing is written, no secret is needed, and no fault ends it: what can be judged besides is. The
 * store must not change meanwhile (a reading connection of store/sqlite.h sees one moment). Pure;
 * one thread; memory for the directory, one transition and a few tiles.
 */
#ifndef SF_COORDINATOR_FSCK_H
#define SF_COORDINATOR_FSCK_H

#include "audit/registry.h"
#include "log/checkpoint.h"
#include "port/env.h"

struct sf_store;

/* What can be wrong: name, word, what it is, what to do. */
/* clang-format off */
#define SF_FSCK_RESTORE "stop the coordinator and restore the newest backup that holds"
#define SF_FSCK_TAMPERED "keep this file as evidence, then restore the newest backup that holds"
#define SF_FSCK_LIST(X) \
	X(LEAF_MISSING,    "leaf-missing",    "leaves must be numbered without a gap", SF_FSCK_RESTORE) \
	X(LEAF,            "leaf",            "the row is not what its leaf commits to", SF_FSCK_TAMPERED) \
	X(TIME,            "time",            "recorded before the leaf in front of it", SF_FSCK_TAMPERED) \
	X(COVER,           "cover",           "the cover is not the one that its row names", SF_FSCK_TAMPERED) \
	X(AUTHOR,          "author",          "the signature of its author does not hold", SF_FSCK_TAMPERED) \
	X(RECEIPT,         "receipt",         "the receipt says something else than its row", SF_FSCK_TAMPERED) \
	X(SIGNATURE,       "signature",       "the receipt is not signed by the coordinator", SF_FSCK_TAMPERED) \
	X(ENVELOPE_ROW,    "envelope-row",    "a resend of this envelope would not be recognised", SF_FSCK_RESTORE) \
	X(MESSAGE_ROW,     "message-row",     "a resend of this message would not be recognised", SF_FSCK_RESTORE) \
	X(SEQUENCE,        "sequence",        "events of a transition must be numbered without a gap", SF_FSCK_RESTORE) \
	X(HEAD,            "head",            "the head does not follow from the events before", SF_FSCK_TAMPERED) \
	X(ERASED,          "erased",          "content is gone, and no erased statement fits it", SF_FSCK_TAMPERED) \
	X(DIRECTORY,       "directory",       "the entry does not follow those before", SF_FSCK_TAMPERED) \
	X(EPOCH,           "epoch",           "the epoch is not what its record says", SF_FSCK_TAMPERED) \
	X(TILE,            "tile",            "the tile is not made of the leaves", SF_FSCK_RESTORE) \
	X(CHECKPOINT,      "checkpoint",      "the checkpoint is not of these leaves", SF_FSCK_RESTORE) \
	X(CHECKPOINT_NOTE, "checkpoint-note", "the note is not what the log signed", SF_FSCK_TAMPERED) \
	X(COSIGNATURE,     "cosignature",     "the cosignature does not hold", SF_FSCK_TAMPERED) \
	X(COUNTER,         "counter",         "the counter is not what the rows give", SF_FSCK_RESTORE) \
	X(AGREEMENTS,      "agreements",      "the agreements cannot be read: nothing was folded", SF_FSCK_RESTORE) \
	X(OUTCOME,         "outcome",         "the fold has another outcome than was recorded", \
		"compare with stafet evidence of a node: this program or the record is wrong") \
	X(TRANSITION_ROW,  "transition-row",  "the row is not what the events give", \
		"listings and reconciliation are wrong until its next event, or restore a backup") \
	X(TIMER,           "timer",           "the timer is not what the events give", \
		"deadlines are told late until its next event, or restore a backup") \
	X(FOLD,            "fold",            "the packed events are not the events", SF_FSCK_RESTORE) \
	X(BEHIND,          "behind",          "the store lacks leaves that the note shows", \
		"do not let it record: stafet-coordinator(8), RESTORING A BACKUP") \
	X(FORKED,          "forked",          "the note is of another log than the store", \
		"keep both notes and both stores, and call who runs the log") \
	X(UNKNOWN_NOTE,    "unknown-note",    "no log key of the store's directory signed the note", \
		"is it of this region? A store before the key's entry cannot judge it")
/* clang-format on */
#define X(name, word, what, advice) SF_FSCK_##name,
enum sf_fsck_kind { SF_FSCK_LIST(X) SF_FSCK_KIND_COUNT };
#undef X
/* The columns above. Never NULL. */
const char *sf_fsck_word(enum sf_fsck_kind kind);
const char *sf_fsck_what(enum sf_fsck_kind kind);
const char *sf_fsck_advice(enum sf_fsck_kind kind);

struct sf_fsck_fault {
	enum sf_fsck_kind kind;
	const char *where;  /* "leaf 12", "tile 0/3", "transition 01f..., event 4" */
	const char *detail; /* what exactly; "" */
};

struct sf_fsck_options {
	struct sf_crypto crypto;
	struct sf_env env; /* for the time zones of agreements */
	const struct sf_store *store;
	/* NULL: who signed the directory is not asked. Borrowed. */
	const struct sf_registrars *registrars;
	/* A checkpoint that the log signed, of any node; empty: the store is held against none. */
	struct sf_view against;
	void (*found)(void *context, const struct sf_fsck_fault *fault);
	void *context;
};

enum sf_fsck_verdict {
	SF_FSCK_NOT_ASKED = 0,
	SF_FSCK_HOLDS,       /* all leaves of the note are here, and are the same */
	SF_FSCK_IS_BEHIND,   /* restored from a backup before the note, or cut short */
	SF_FSCK_HAS_FORKED,  /* as many leaves, and others */
	SF_FSCK_WAS_LOST,    /* the note is of a tail that an epoch declares lost: missing of it */
	SF_FSCK_CANNOT_TELL, /* not this log's note, as far as the store's directory knows */
};

struct sf_fsck_report {
	uint64_t leaves, erased, covers, receipts, tiles, checkpoints, cosignatures;
	uint64_t transitions, entries;
	uint64_t faults;
	enum sf_fsck_verdict verdict;
	uint32_t epochs;            /* of the log */
	struct sf_checkpoint noted; /* what the note says */
	uint64_t missing;           /* leaves of the note that the store lacks */
	struct sf_buf note;         /* owned: the newest checkpoint of the store */
};

/* An error is one of the store or of memory; faults are no error. The caller closes the report. */
SF_MUST_USE enum sf_err sf_fsck_run(const struct sf_fsck_options *options,
	struct sf_fsck_report *ret_report, struct sf_diag *diag);
void sf_fsck_report_fini(struct sf_fsck_report *report);

#endif
