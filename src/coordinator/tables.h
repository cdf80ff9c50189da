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
};

struct sf_row_counter {
	int64_t name; /* enum sf_coordinator_counter */
	int64_t value;
};

/* One leaf of the log. */
struct sf_row_event {
	int64_t leaf_index;
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

/* What a listing needs; the truth is in the events. */
struct sf_row_transition {
	struct sf_id id;
	int64_t sequence;
	struct sf_digest head;
	int64_t state;
	int64_t stay_state;
	int64_t opened_ms;
	int64_t updated_ms;
};

/* A recipient's queue, in order of recording. */
struct sf_row_queue {
	struct sf_id recipient;
	int64_t position;
	int64_t leaf_index;
	int64_t whole; /* 1: the envelope, 0: its cover */
	int64_t since_ms;
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
};

/* Sealed bytes of the newest sending, until every delivery is final. */
struct sf_row_sealed {
	struct sf_id author;
	struct sf_id message_id;
	struct sf_id envelope_id;
	struct sf_view envelope;
};

struct sf_row_party {
	struct sf_id party;
	int64_t position;        /* last queue position given */
	int64_t author_sequence; /* highest recorded */
	int64_t seen_ms;         /* last hello */
};

struct sf_row_entry {
	int64_t version;
	struct sf_view record;
};

struct sf_row_agreement {
	struct sf_digest digest;
	struct sf_view agreement;
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

/* Indexes beyond the primary key, by position. */
#define SF_EVENT_BY_SEQUENCE ((size_t)1) /* (transition, sequence), sequence > 0 */
#define SF_MESSAGE_BY_NUMBER ((size_t)1) /* (author, numbered), numbered > 0 */
#define SF_TRANSITION_BY_UPDATED ((size_t)1)
#define SF_DELIVERY_OPEN ((size_t)1)           /* (open), oldest first */
#define SF_DELIVERY_OPEN_BY_AUTHOR ((size_t)2) /* (author, open) */

/* All of them, for the adapter that opens the store. */
extern const struct sf_table *const sf_coordinator_tables[];
extern const size_t sf_coordinator_table_count;

#endif
