/*
 * The coordinator's tables as rows. Nothing here opens a letter or names a person: codes, times,
 * parties, digests, covers, and sealed bytes until they are delivered (proto/README.md lists
 * purpose and retention of each).
 */
#ifndef SF_COORDINATOR_TABLES_H
#define SF_COORDINATOR_TABLES_H

#include "core/message.h"
#include "port/store.h"
#include "wire/local.h"

enum sf_coordinator_counter {
	SF_COUNTER_LEAF = 1,     /* leaves in the log */
	SF_COUNTER_RECORDED = 2, /* last recorded time */
	SF_COUNTER_EPOCH = 3,
	SF_COUNTER_DERIVED = 4, /* derived facts authored: the coordinator's own author sequence */
};

struct sf_row_counter {
	int64_t name; /* enum sf_coordinator_counter */
	int64_t value;
};

/*
 * One leaf of the log. After an erasure leaf, head and the numbers stand; cover, receipt, r, digest
 * and message id do not.
 */
struct sf_row_event {
	int64_t leaf_index; /* place in the store; in the log of its epoch it is less by its base */
	struct sf_id transition;
	int64_t sequence; /* 0 without a transition */
	int64_t kind_class;
	int64_t kind;
	struct sf_id author;
	int64_t author_role;
	struct sf_id message_id;
	struct sf_id envelope_id;
	struct sf_digest digest;
	int64_t recorded_ms;
	int64_t outcome;
	int64_t code;
	struct sf_digest r;
	struct sf_digest previous_head;
	struct sf_digest head;
	struct sf_view leaf;
	struct sf_view cover; /* of an envelope; the signed record of a directory entry */
	struct sf_view receipt;
	int64_t receipt_index;
	int64_t receipt_count;
	struct sf_view receipt_path;
	struct sf_view receipt_signature;
};

/* Dedupe on (author, message id). */
struct sf_row_message {
	struct sf_id author;
	struct sf_id message_id;
	struct sf_digest content_id;
	struct sf_id transition;
	int64_t leaf_index; /* of the first sending */
	int64_t outcome;
	int64_t code;
	int64_t kind;
	int64_t author_sequence;
	int64_t numbered; /* author_sequence again when not refused, for the unique index */
};

struct sf_row_envelope {
	struct sf_id envelope_id;
	struct sf_digest digest;
	int64_t leaf_index;
};

/* What listings, timers and reconciliation need; the truth is in the events. */
struct sf_row_transition {
	struct sf_id id;
	int64_t sequence;
	struct sf_digest head;
	int64_t state;
	int64_t stay_state;
	int64_t opened_ms;
	int64_t updated_ms;
	int64_t timed;            /* 1: the clock will do something with it, at due_ms; else 0 */
	int64_t urgency;          /* enum sf_urgency */
	int64_t due_ms;           /* sf_transition_next_due_ms */
	struct sf_digest summary; /* of sf_transition_summary, as reconciliation compares it */
};

/*
 * What folding the transition takes of its events up to this one, packed (pack.h), so that a fold
 * reads one row instead of many: a copy of the events, and no more than a copy.
 */
struct sf_row_fold {
	struct sf_id transition;
	int64_t sequence;
	struct sf_digest head; /* of that event */
	struct sf_view events;
};

/*
 * Who is concerned with an open transition, and by when it must do something: what a board is made
 * from without reading every transition. Party none: anybody, so that the region has its board.
 */
struct sf_row_concern {
	struct sf_id transition;
	struct sf_id party;
	int64_t member; /* 1: a member of it, else 0 */
	int64_t due_ms; /* of the first thing to do; a day from now when it has no time; 0 none */
};

/* Transitions of one person (a pseudonym of the region), so that `linked` finds them. */
struct sf_row_person {
	struct sf_id person;
	int64_t opened_ms;
	struct sf_id transition;
};

/* When a party took an event: what it knew at a time can be told (DOMAIN section 3). */
struct sf_row_knowledge {
	struct sf_id transition;
	struct sf_id party;
	int64_t sequence;
	int64_t taken_ms; /* recorded time */
};

/* Reconciliation found two views of a transition; removed when they agree again. */
struct sf_row_difference {
	struct sf_id party;
	struct sf_id transition;
	int64_t sequence; /* at which they differ; 0: one side does not have it */
	int64_t found_ms;
};

/* A recipient's queue, in order of recording. */
struct sf_row_queue {
	struct sf_id recipient;
	int64_t position;
	int64_t leaf_index;
	int64_t whole; /* 1: the envelope, 0: its cover */
	int64_t since_ms;
	struct sf_id transition; /* of the event; none without one */
	int64_t sequence;
};

/* One message for one recipient (DOMAIN section 8). */
struct sf_row_delivery {
	struct sf_id author;
	struct sf_id message_id;
	struct sf_id recipient;
	int64_t state; /* enum sf_delivery_state: queued, taken, ok, fatal-error, transient-error */
	int64_t open;  /* since_ms until it is final, then 0 */
	int64_t since_ms;
	struct sf_id transition;
	int64_t failed; /* since_ms when it ended in fatal-error, else 0 */
};

/* Sealed bytes of the newest sending, until every delivery is final. */
struct sf_row_sealed {
	struct sf_id author;
	struct sf_id message_id;
	struct sf_id envelope_id;
	struct sf_view envelope;
};

/* have of a row that is not open and has no chunk: its author said so. */
#define SF_ATTACHMENT_LOST_BROKEN INT64_C(0) /* comes with the next sending */
#define SF_ATTACHMENT_LOST_GONE INT64_C(-1)

/* An attachment of a letter that somebody still waits for; it goes with the sealed bytes. */
struct sf_row_attachment {
	struct sf_id author;
	struct sf_id message_id;
	int64_t number; /* in the header, from 0 */
	int64_t object; /* of its chunks */
	struct sf_digest digest;
	int64_t size;          /* of all sealed chunks */
	int64_t have;          /* the first so many chunks are here; or SF_ATTACHMENT_LOST_ */
	struct sf_digest link; /* of those */
	int64_t open;          /* object until it is whole, or its author gave it up; then 0 */
};

struct sf_row_chunk {
	int64_t object;
	int64_t number;
	struct sf_view bytes;
};

struct sf_row_party {
	struct sf_id party;
	int64_t position;        /* last queue position given */
	int64_t author_sequence; /* highest recorded */
	int64_t seen_ms;         /* last heard of, to the hour */
	int64_t reconciled_ms;   /* last compared; 0 never */
};

/* What a party's node said of itself when it connected last. */
struct sf_row_node {
	struct sf_id party;
	struct sf_view software; /* printable ASCII, SF_SOFTWARE_SIZE_MAX at most */
	int64_t hello_ms;
};

struct sf_row_entry {
	int64_t version;
	struct sf_view record;
};

/* How a text came here. */
enum sf_agreement_origin {
	SF_AGREEMENT_CONFIGURED = 1,
	SF_AGREEMENT_BROUGHT = 2, /* by a party that has not proposed it yet: nobody is told */
	SF_AGREEMENT_PROPOSED = 3,
};

struct sf_row_agreement {
	struct sf_digest digest;
	struct sf_view agreement;
	struct sf_id party; /* who brought or proposed it; none: configured */
	int64_t origin;     /* enum sf_agreement_origin */
};

/* Recorded facts about agreements, in order; their covers and receipts are in the event. */
struct sf_row_statement {
	int64_t leaf_index;
	struct sf_digest agreement;
};

/*
 * 256 hashes of the Merkle tree: tile (level, position) holds nodes position * 256 and following of
 * tree level 8 * level. Tiles of level 0 are written when they are full, for the leaves behind them
 * stand in the events; higher ones grow by one hash whenever a tile below them is full.
 */
struct sf_row_tile {
	int64_t epoch;
	int64_t level;
	int64_t position;
	struct sf_view hashes; /* 32 each */
};

/* A signed checkpoint: the newest, the newest with a quorum, and those between them. */
struct sf_row_checkpoint {
	int64_t epoch;
	int64_t size;
	struct sf_digest root;
	struct sf_view note; /* signed by the log alone */
	int64_t signed_ms;
	int64_t quorum_ms; /* when enough witnesses had cosigned; 0 not yet */
};

struct sf_row_cosignature {
	int64_t epoch;
	int64_t size;
	struct sf_id party;
	struct sf_view line;
	int64_t at_ms;
};

/* An epoch after a lost tail (WIRE section 7.1); the first has no row. */
struct sf_row_epoch {
	int64_t epoch;
	int64_t base;          /* leaf_index of its leaf 0; in the log it is number 0 */
	int64_t common_size;   /* leaves of the epoch before that still stand */
	struct sf_view record; /* SignedRecord */
};

/* Who read what: committed, and in the log, before the answer was given. */
struct sf_row_access {
	int64_t leaf_index;
	int64_t at_ms;
	struct sf_view account; /* of this machine, a member of staff's; never in the log */
	struct sf_id reader;    /* what the log says instead of the account */
	int64_t role;
	int64_t purpose;
	int64_t what;            /* enum sf_request_kind */
	struct sf_id transition; /* none: a list */
};

/* What was erased: the answer to who asks for it, and the order to who comes with it again. */
struct sf_row_erasure {
	struct sf_id transition;
	int64_t at_ms;
	int64_t ground;
	int64_t leaf_index; /* of the statement */
	int64_t until_sequence;
	struct sf_digest head;
};

extern const struct sf_table sf_table_counter;
extern const struct sf_table sf_table_event;
extern const struct sf_table sf_table_message;
extern const struct sf_table sf_table_envelope;
extern const struct sf_table sf_table_transition;
extern const struct sf_table sf_table_queue;
extern const struct sf_table sf_table_delivery;
extern const struct sf_table sf_table_sealed;
extern const struct sf_table sf_table_party;
extern const struct sf_table sf_table_entry;
extern const struct sf_table sf_table_agreement;
extern const struct sf_table sf_table_statement;
extern const struct sf_table sf_table_concern;
extern const struct sf_table sf_table_person;
extern const struct sf_table sf_table_knowledge;
extern const struct sf_table sf_table_difference;
extern const struct sf_table sf_table_tile;
extern const struct sf_table sf_table_checkpoint;
extern const struct sf_table sf_table_cosignature;
extern const struct sf_table sf_table_epoch;
extern const struct sf_table sf_table_access;
extern const struct sf_table sf_table_erasure;
extern const struct sf_table sf_table_fold;
extern const struct sf_table sf_table_attachment;
extern const struct sf_table sf_table_chunk;
extern const struct sf_table sf_table_node;

/* Indexes beyond the primary key, by position. */
#define SF_EVENT_BY_SEQUENCE ((size_t)1) /* (transition, sequence), sequence > 0 */
#define SF_MESSAGE_BY_NUMBER ((size_t)1) /* (author, numbered), numbered > 0 */
#define SF_TRANSITION_BY_UPDATED ((size_t)1)
#define SF_TRANSITION_BY_DUE ((size_t)2)         /* (urgency, due_ms), timed > 0 */
#define SF_DELIVERY_OPEN ((size_t)1)             /* (open), oldest first */
#define SF_DELIVERY_OPEN_BY_AUTHOR ((size_t)2)   /* (author, open) */
#define SF_DELIVERY_FAILED ((size_t)3)           /* (failed), failed > 0 */
#define SF_CONCERN_BY_PARTY ((size_t)1)          /* (party, transition), member > 0 */
#define SF_CONCERN_BY_DUE ((size_t)2)            /* (party, due_ms), due_ms > 0 */
#define SF_ACCESS_BY_TRANSITION ((size_t)1)      /* (transition, leaf_index) */
#define SF_ATTACHMENT_OPEN_BY_AUTHOR ((size_t)1) /* (author, open), open > 0 */

/* All of them, for the adapter that opens the store. */
extern const struct sf_table *const sf_coordinator_tables[];
extern const size_t sf_coordinator_table_count;

#endif
