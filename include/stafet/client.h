/*
 * libstafet: send, receive and answer through the Stafet node on this machine.
 *
 * Calls block, at most for the client's timeout. A call that returns STAFET_OK to stafet_send,
 * stafet_acknowledge, stafet_accept or stafet_refuse has been stored durably by the node.
 * When a call ends with STAFET_ERR_UNREACHABLE it may or may not have been carried out; repeat it:
 * a letter with the same MessageHeader.id is sent once only, an answer to an answered offer is
 * refused, an acknowledgement may be given twice. The next call connects anew.
 *
 * Memory: what a call fills in (texts, bytes, rows) belongs to the client and lasts until its next
 * call or its close. Texts are never NULL.
 *
 * Threads: a client is used by one thread at a time; different clients are independent.
 *
 * Personal data: struct stafet_message carries a patient's CPR number, name and the letter itself.
 * They are for systems of this party alone.
 */
#ifndef STAFET_CLIENT_H
#define STAFET_CLIENT_H

#include "stafet/stafet.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stafet_client;

/* timeout_ms: for connecting, and for each call beyond what it waits itself; at least 1. */
int stafet_client_open(const char *socket_path, int timeout_ms, struct stafet_client **ret_client);
/* Sets *client to NULL; NULL is allowed. */
void stafet_client_close(struct stafet_client **client);
/* Why the last call failed: a sentence for people without personal data; "" when it did not. */
const char *stafet_client_text(const struct stafet_client *client);
/* The domain's word when the last call was refused by a rule: "offer-closed"; else "". */
const char *stafet_client_refusal(const struct stafet_client *client);

/* --- Sending --------------------------------------------------------------------------------- */

struct stafet_letter {
	const char *content_type; /* "application/fhir+json", "application/fhir+xml" */
	const void *content;      /* the original bytes, delivered unchanged */
	size_t content_size;
	/* The patient's GP: SOR, GLN, party id or name. Takes part, gets no letter; NULL. */
	const char *gp;
	/* Instead of the receiver that the letter names, or NULL; "not-enrolled": nobody gets it.
	 */
	const char *municipality;
};

enum stafet_answer {
	STAFET_ANSWER_STORED = 1,    /* durable here and on its way */
	STAFET_ANSWER_DUPLICATE = 2, /* was handed in before, nothing is sent */
	STAFET_ANSWER_FATAL = 3      /* read and found wrong: see issues; nothing is sent */
};

struct stafet_issue {
	int fatal;
	const char *code;       /* of MedCom's terminology */
	const char *expression; /* FHIR element */
	const char *text;
};

struct stafet_sent {
	enum stafet_answer answer;
	struct stafet_id message;
	struct stafet_id transition;
	const struct stafet_issue *issues;
	size_t issue_count;
	const void *acknowledgement; /* a MedCom Acknowledgement for the sending system, or empty */
	size_t acknowledgement_size;
	const char *acknowledgement_type;
};

/* STAFET_OK also for STAFET_ANSWER_FATAL: the node has read the letter and judged it. */
int stafet_send(struct stafet_client *client, const struct stafet_letter *letter,
	struct stafet_sent *ret_sent);

/* --- Receiving ------------------------------------------------------------------------------- */

struct stafet_message {
	uint64_t cursor; /* give it to the next stafet_receive to go on behind this one */
	struct stafet_id message;
	struct stafet_id transition;
	struct stafet_id author;
	const char *author_name;
	const char *kind;     /* "stay", "offer" ... */
	const char *activity; /* of a stay: "discharge-home" ...; else "" */
	int64_t occurred_ms;  /* UTC milliseconds since 1970 */
	int64_t received_ms;
	uint32_t offers; /* domains that stafet_accept can take by naming this message */
	const char *content_type;
	const void *content; /* the original bytes; empty for a message without a letter */
	size_t content_size;
	const char *cpr; /* "" when the message is about nobody */
	const char *patient_name;
};

/*
 * The next message behind cursor `after` (0: from the start) that was not acknowledged yet. Waits
 * up to wait_ms for one (0: not at all; a minute at most), then STAFET_ERR_NOT_FOUND.
 */
int stafet_receive(struct stafet_client *client, uint64_t after, uint32_t wait_ms,
	struct stafet_message *ret_message);

/* This system has taken the message over; stafet_receive will not give it again. */
int stafet_acknowledge(struct stafet_client *client, const struct stafet_id *message);

/* --- Answering ------------------------------------------------------------------------------- */

/*
 * id: of the message that offers, or of a transition with one open offer. domains: bits, 0 for all
 * that are offered. by_person: 0 when a system answers. ret_message may be NULL; else the id of the
 * answer.
 */
int stafet_accept(struct stafet_client *client, const struct stafet_id *id, uint32_t domains,
	int by_person, struct stafet_id *ret_message);

/*
 * A refusal always names a direction: a role ("hospital", "other-municipality" ...), and the party
 * where known (SOR, GLN, party id or name; NULL when not). not_ours: lives elsewhere.
 */
int stafet_refuse(struct stafet_client *client, const struct stafet_id *id,
	const char *refer_to_role, const char *refer_to_party, int not_ours,
	struct stafet_id *ret_message);

/* --- Asking ---------------------------------------------------------------------------------- */

struct stafet_holder {
	const char *domain; /* "care" */
	struct stafet_id party;
	const char *name;
	int64_t since_ms;
};

struct stafet_open_offer {
	struct stafet_id message;
	const char *from_name;
	const char *to_role;
	const char *to_name;
	uint32_t domains; /* still to be accepted */
	int64_t since_ms;
};

struct stafet_transition {
	struct stafet_id transition;
	const char *state; /* "in-transit" ... */
	const char *stay;  /* "home" ... */
	const char *hospital_name;
	const char *municipality_name;
	int64_t changed_ms;
	int frozen;
	const struct stafet_holder *holders; /* who has the baton, by domain */
	size_t holder_count;
	const struct stafet_open_offer *offers;
	size_t offer_count;
};

/* id: of a transition, or of a message of it. */
int stafet_transition_query(struct stafet_client *client, const struct stafet_id *id,
	struct stafet_transition *ret_transition);

struct stafet_status {
	const char *program; /* "node" or "coordinator" */
	const char *software;
	struct stafet_id party;
	const char *name;
	int connected; /* to the coordinator */
	uint64_t directory_version;
	int64_t now_ms;
	int64_t started_ms;
};

int stafet_status_query(struct stafet_client *client, struct stafet_status *ret_status);

#ifdef __cplusplus
}
#endif

#endif
