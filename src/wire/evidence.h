/*
 * The evidence file (proto/evidence.proto, WIRE.md section 5): everything a stranger needs to check
 * a transition without a daemon, a database or a network. Bytes to structs and back; what it proves
 * is audit/evidence.h's to say. Views and arrays live in the caller's arena or in the bytes
 * decoded.
 */
#ifndef SF_WIRE_EVIDENCE_H
#define SF_WIRE_EVIDENCE_H

#include "base/arena.h"
#include "wire/frame.h"

#define SF_EVIDENCE_SIZE_MAX ((size_t)8000000) /* fits one reply of the local protocol */
#define SF_EVIDENCE_EVENTS_MAX ((size_t)4096)
#define SF_EVIDENCE_ENTRIES_MAX ((size_t)65536)
#define SF_EVIDENCE_AGREEMENTS_MAX ((size_t)256)
#define SF_EVIDENCE_CHECKPOINTS_MAX ((size_t)256)
#define SF_EVIDENCE_REGISTRARS_MAX ((size_t)8)
#define SF_EVIDENCE_LOG_SIZE_MAX ((size_t)120)
#define SF_EVIDENCE_ARENA_SIZE (4 * SF_EVIDENCE_SIZE_MAX) /* what any evidence decodes in */
#define SF_CLAIM_SIZE_MAX ((size_t)4000000)

/* One recorded event: its cover and receipt, and where it stands in the log. */
struct sf_evidence_event {
	struct sf_view cover;
	struct sf_signed_receipt receipt;
	uint64_t proof_size; /* leaves of the checkpoint that path leads to; 0: not proven here */
	struct sf_view path; /* 32 * n */
};

/* What the maker of the file says of the transition: to be recomputed, and compared line by line.
 */
struct sf_claim_holder {
	enum sf_domain domain;
	struct sf_id party; /* none: nobody holds the domain from then on */
	int64_t since_ms;
	struct sf_id basis; /* message by which it came; none at an end */
};

struct sf_claim_duty {
	struct sf_id subject;
	uint32_t clause;
	uint32_t duty;  /* enum sf_duty */
	uint32_t state; /* enum sf_task_state */
	struct sf_id owner;
	int64_t due_ms; /* 0 none */
};

struct sf_claim {
	struct sf_id transition;
	uint64_t sequence; /* of the last event that it takes in */
	int64_t at_ms;
	struct sf_digest head;
	struct sf_digest summary; /* as reconciliation compares it */
	uint32_t state;           /* enum sf_transition_state */
	/* Every line of the ledger as it was made; one without a successor is followed by its end.
	 */
	size_t holder_count;
	const struct sf_claim_holder *holders;
	size_t duty_count; /* every obligation, oldest first */
	const struct sf_claim_duty *duties;
	/* BLAKE2b-256("stafet/v1/evidence\0" || the evidence encoded without its claim). */
	struct sf_digest file;
};

struct sf_evidence {
	uint32_t format; /* 1 */
	int64_t made_ms;
	struct sf_id made_by;     /* party whose daemon made it */
	struct sf_id coordinator; /* whose identity signed the receipts */
	const char *log;          /* origin without epoch: "<name>/log/<region>" */
	struct sf_id transition;
	/* Whom the maker trusts with the directory: a verifier that pins its own ignores these. */
	size_t registrar_threshold;
	size_t registrar_count;
	uint8_t registrars[SF_EVIDENCE_REGISTRARS_MAX][32];
	size_t checkpoint_count; /* signed notes with the cosignatures known, oldest first */
	const struct sf_view *checkpoints;
	size_t epoch_count; /* signed records */
	const struct sf_view *epochs;
	size_t entry_count; /* every entry of the directory from 1, signed records */
	const struct sf_view *entries;
	size_t agreement_count; /* signed forms */
	const struct sf_view *agreements;
	size_t statement_count; /* who proposed, accepted and ended them, as recorded */
	const struct sf_evidence_event *statements;
	size_t event_count; /* in sequence of the transition, from 1 */
	const struct sf_evidence_event *events;
	/* Claim as signed by made_by: bytes, then who signed them ("stafet/v1/claim"). */
	struct sf_view claim;
	struct sf_id claim_key_id;
	uint8_t claim_signature[64];
};

/*
 * Read strictly: an unknown field, a second value, and any other bytes than sf_evidence_encode
 * writes for the same content are SF_ERR_FORMAT; SF_ERR_LIMIT. Everything is copied into the arena.
 */
SF_MUST_USE enum sf_err sf_evidence_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_evidence *ret_evidence, struct sf_diag *diag);
/* Without a claim (an empty view) who signed it is left out, too. SF_ERR_LIMIT, SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_evidence_encode(const struct sf_evidence *evidence, struct sf_buf *buf);

/* As strictly as the evidence around it. */
SF_MUST_USE enum sf_err sf_claim_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_claim *ret_claim, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_claim_encode(const struct sf_claim *claim, struct sf_buf *buf);

#endif
