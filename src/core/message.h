/*
 * The constant part of a signed message, and the event it becomes when it is recorded.
 */
#ifndef SF_CORE_MESSAGE_H
#define SF_CORE_MESSAGE_H

#include "core/fact.h"

/* An object sealed beside the envelope, as the header names it (WIRE.md section 1). */
struct sf_attachment {
	struct sf_digest digest; /* of its last chunk's link (port/crypto.h) */
	uint64_t size;           /* of all sealed chunks */
};

/* What is the same over all sendings (WIRE.md section 1, `message`). */
struct sf_message {
	uint32_t format;         /* 1 */
	struct sf_id id;         /* message id */
	struct sf_id transition; /* none for an agreement or another fact without one */
	struct sf_id author;     /* party */
	size_t recipient_count;  /* 0..32, distinct, without the author */
	struct sf_id recipients[SF_RECIPIENT_COUNT_MAX];
	uint64_t author_sequence; /* from 1; 0 in acknowledgements */
	struct sf_fact fact;
	int64_t occurred_ms;      /* human time of the event: clocks and display, never order */
	int64_t created_ms;       /* when the author made the fact: orders the stay */
	struct sf_id in_reply_to; /* message id or none */
	struct sf_id supersedes;  /* message id or none */
	struct sf_digest body_commitment; /* none without a body */
	size_t attachment_count;          /* 0 without a body */
	struct sf_attachment attachments[SF_ATTACHMENT_COUNT_MAX];
	uint64_t seen_sequence; /* last transition sequence and head the author had seen */
	struct sf_digest seen_head;
};

/* The party is among its recipients, which never name the author. */
bool sf_message_is_to(const struct sf_message *message, struct sf_id party);

/* Outcomes of recording (WIRE section 3). */
enum sf_outcome {
	SF_OUTCOME_APPLIED = 1,
	SF_OUTCOME_DEVIATION = 2, /* applied or without effect, and not as agreed: code says what */
	SF_OUTCOME_REFUSED = 3,   /* recorded, without effect: code says why */
};

/* Kind class of a log leaf (WIRE section 4). */
enum sf_kind_class {
	SF_CLASS_FACT = 1,
	SF_CLASS_ACKNOWLEDGEMENT = 2,
	SF_CLASS_DERIVED = 3,
	SF_CLASS_STATEMENT = 4,
	SF_CLASS_DIRECTORY = 5,
	SF_CLASS_EPOCH = 6,
	SF_CLASS_RESEND = 7,
};

/* One recorded message as every replica sees it, in transition sequence. */
struct sf_event {
	const struct sf_message *message; /* borrowed */
	enum sf_kind_class kind_class;
	uint64_t sequence; /* of the transition, from 1 */
	int64_t recorded_ms;
	enum sf_role author_role; /* of the author in the directory at recorded time */
};

#endif
