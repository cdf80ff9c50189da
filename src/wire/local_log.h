/*
 * What a daemon answers about the log: checkpoints and witnesses, proofs, evidence, erasure, and
 * who read what. See local.h.
 */
#ifndef SF_WIRE_LOCAL_LOG_H
#define SF_WIRE_LOCAL_LOG_H

#include "core/message.h"

/* A witness, and the newest checkpoint it cosigned. */
struct sf_cosigner_row {
	struct sf_id party;
	const char *name;
	enum sf_role role;
	uint32_t epoch;
	uint64_t size; /* 0: none yet */
	int64_t at_ms; /* when this daemon had its cosignature; 0 */
};

/* Something that two signed texts contradict each other about. Kinds: enum sf_contradiction. */
/* clang-format off */
#define SF_CONTRADICTION_LIST(X) \
	X(SF_CONTRADICTION_FORK,      1, "fork")      /* two checkpoints that cannot both be true */ \
	X(SF_CONTRADICTION_ROLLBACK,  2, "rollback")  /* the log is shorter than what it signed */ \
	X(SF_CONTRADICTION_SIGNATURE, 3, "signature") /* a checkpoint that the log did not sign */ \
	X(SF_CONTRADICTION_DIRECTORY, 4, "directory") /* its directory line is not what was followed */ \
	X(SF_CONTRADICTION_OMISSION,  5, "omission")  /* a receipt that the tree does not contain */ \
	X(SF_CONTRADICTION_GOSSIP,    6, "gossip")    /* another party saw another log: a suspicion */ \
	X(SF_CONTRADICTION_HISTORY,   7, "history")   /* a receipt that does not follow what came before */
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_contradiction { SF_CONTRADICTION_NONE = 0, SF_CONTRADICTION_LIST(X) };
#undef X
/* The texts above; "unknown". Never NULL. */
const char *sf_contradiction_text(uint32_t contradiction);

struct sf_contradiction_row {
	uint64_t cursor;
	int64_t at_ms;
	enum sf_contradiction kind;
	uint32_t epoch;
	uint64_t size;
	struct sf_view note;  /* as signed: a checkpoint, or a receipt */
	struct sf_view other; /* the checkpoint that contradicts it; may be empty */
	struct sf_id party;   /* whose gossip it was; none */
	const char *party_name;
};

/* A part of the store that erasing empties. */
struct sf_erased_row {
	const char *what; /* "covers", "letters", "ciphertext", "key" ... */
	uint64_t count;
	uint64_t size; /* bytes */
};

/* A party that is asked to erase its own copy, and what it answered as far as is known here. */
struct sf_asked_row {
	struct sf_id party;
	const char *name;
	enum sf_role role;
};

struct sf_access_row {
	uint64_t cursor;
	int64_t at_ms;
	const char *account; /* of the machine it was asked on */
	struct sf_id reader; /* what the log says of it; none at a node */
	enum sf_reader_role role;
	enum sf_purpose purpose;
	const char *what;        /* the request: "transition", "message" ... */
	struct sf_id transition; /* none: a list */
	struct sf_id message;    /* none */
};

struct sf_reply_log {
	const char *origin; /* "" before the first checkpoint */
	uint32_t epoch;
	uint64_t size; /* of the newest checkpoint here, checked or signed */
	struct sf_digest root;
	int64_t at_ms;
	struct sf_view note;
	uint64_t witnessed_size; /* of the newest one with a quorum; 0 none */
	int64_t witnessed_ms;
	struct sf_view witnessed; /* with its cosignatures */
	uint64_t directory_version;
	uint64_t leaf_count;       /* coordinator: in the store; node: receipts kept */
	uint64_t unproven_count;   /* coordinator: behind the newest checkpoint; node: receipts
				      without proof */
	int64_t unproven_since_ms; /* 0 none */
	uint32_t hospitals_needed, municipalities_needed; /* the quorum; 0 where it is not known */
	size_t cosigner_count;
	const struct sf_cosigner_row *cosigners;
	size_t contradiction_count;
	const struct sf_contradiction_row *contradictions;
	bool verified;     /* it was asked for, and everything kept here was checked again */
	uint64_t checked;  /* receipts, checkpoints and heads that were */
	const char *fault; /* "" or the first thing that does not hold */
	/* The log went back behind what a party has seen: nothing is served (coordinator). */
	bool behind;
	/* Of log/policy.h, as far as this daemon can write it; "" when it cannot. */
	const char *policy;
};

struct sf_reply_proof {
	bool pending; /* recorded, and no checkpoint that was checked here shows it yet */
	uint32_t epoch;
	uint64_t index;
	struct sf_view proof; /* text of log/proof.h; empty when pending */
};

struct sf_reply_evidence {
	struct sf_view evidence; /* Evidence of proto/evidence.proto */
};

struct sf_reply_erased {
	bool done; /* false: a preview */
	int64_t at_ms;
	struct sf_id transition;
	size_t row_count;
	const struct sf_erased_row *rows;
	size_t asked_count;
	const struct sf_asked_row *asked;
};

struct sf_reply_access_log {
	size_t row_count;
	const struct sf_access_row *rows;
};

/* An epoch of the log that is asked for, or has begun. */
struct sf_reply_epoch {
	bool begun;
	uint32_t epoch;             /* the new one */
	uint64_t common_size;       /* leaves of the old one that stand */
	uint64_t largest_size;      /* of a checkpoint of the old one that a node has shown */
	uint64_t directory_version; /* until it is reached nothing else is accepted */
	struct sf_view record;      /* Epoch of proto/epoch.proto, unsigned; empty when begun */
};

#endif
