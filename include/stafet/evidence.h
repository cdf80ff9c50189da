/*
 * libstafet: checks an evidence file. No daemon, no database, no network, no clock: the bytes, a
 * policy and the receipts that the caller has are all that is looked at, besides the time zones of
 * this machine (/usr/share/zoneinfo).
 *
 * What holds is what an auditor who trusts neither the coordinator nor any single party can check:
 * every signature, that events are recorded without a gap, that they are in the log which witnesses
 * saw, and that holders, obligations and deadlines follow from the events and the agreement alone.
 *
 * Memory: what accessors fill in (texts) belongs to the evidence and lasts until its close. Texts
 * are never NULL, and never name a patient: the file knows none.
 *
 * Threads: an evidence is used by one thread at a time; different ones are independent.
 */
#ifndef STAFET_EVIDENCE_H
#define STAFET_EVIDENCE_H

#include "stafet/stafet.h"

#ifdef __cplusplus
extern "C" {
#endif

struct stafet_evidence;

/* A file that the caller has in memory. */
struct stafet_bytes {
	const void *data;
	size_t size;
};

/* All zero: no policy, no receipts, everything that was recorded. */
struct stafet_evidence_options {
	/*
	 * Text of c2sp.org/tlog-policy with lines for registrars (stafet-evidence(5)). Without one
	 * the file's own registrars and log are taken, and no witness is asked for: see
	 * registrars_pinned.
	 */
	struct stafet_bytes policy;
	/*
	 * What the caller has from elsewhere: `stafet log proof`, receipts, checkpoints, evidence
	 * that somebody else was given. What they show must be in the file.
	 */
	const struct stafet_bytes *receipts;
	size_t receipt_count;
	int64_t at_ms; /* holders as they were then; UTC milliseconds since 1970, 0: at the end */
	int require_proof; /* an event that no checkpoint shows yet is a fault */
};

/*
 * STAFET_OK: everything holds. STAFET_ERR_INTEGRITY: something does not, and *ret_evidence says
 * what. In both cases close it. STAFET_ERR_FORMAT: no evidence file, or damaged so that it cannot
 * be read, or a policy that cannot be read; with this and every other error *ret_evidence is NULL.
 */
int stafet_evidence_verify(const void *data, size_t size,
	const struct stafet_evidence_options *options, struct stafet_evidence **ret_evidence);
/* Sets *evidence to NULL; NULL is allowed. */
void stafet_evidence_close(struct stafet_evidence **evidence);

enum stafet_severity {
	STAFET_SEVERITY_GOOD = 0,
	STAFET_SEVERITY_REMARK = 1, /* changes nothing, but a reader must know it */
	STAFET_SEVERITY_FAULT = 2   /* something that was signed or claimed does not hold */
};

struct stafet_finding {
	enum stafet_severity severity;
	const char *code;  /* a stable word: "gap", "deadline-withheld" ... */
	uint64_t sequence; /* number of the event it is about; 0: none in particular */
	const char *text;  /* one sentence */
};

size_t stafet_evidence_finding_count(const struct stafet_evidence *evidence);
/* STAFET_ERR_NOT_FOUND when index is not below the count; so everywhere. */
int stafet_evidence_finding(
	const struct stafet_evidence *evidence, size_t index, struct stafet_finding *ret_finding);

struct stafet_evidence_summary {
	int verified;
	struct stafet_id transition;
	struct stafet_id made_by; /* party whose daemon made the file */
	const char *made_by_name;
	int64_t made_ms;
	const char *log;       /* "<name>/log/<region>" */
	int registrars_pinned; /* by the policy; 0: trust in them is the caller's to decide */
	size_t registrar_count;
	const char *state; /* of the transition at the time asked for: "in-transit" ... */
	size_t event_count;
	size_t proven_count; /* events that a checkpoint with witnesses enough shows */
	size_t fault_count, remark_count;
};
void stafet_evidence_summary(
	const struct stafet_evidence *evidence, struct stafet_evidence_summary *ret_summary);
/* The registrar's key in words, to be compared over a telephone; "" past the last. */
const char *stafet_evidence_registrar(const struct stafet_evidence *evidence, size_t index);

struct stafet_evidence_event {
	uint64_t sequence; /* of the transition, from 1 */
	struct stafet_id message;
	struct stafet_id author;
	const char *author_name;
	const char *author_role; /* "hospital" ... */
	const char *kind;        /* "stay", "accept", "expired" ... */
	int64_t occurred_ms;     /* when it happened, as its author says */
	int64_t sent_ms;         /* when it was signed */
	int64_t recorded_ms;     /* when the coordinator recorded it */
	const char *outcome;     /* "applied", or the word of a deviation or refusal */
	uint32_t epoch;          /* of the log */
	uint64_t leaf_index;     /* its place there */
	uint64_t proof_size;     /* leaves of the checkpoint that shows it; 0: none yet */
	size_t cosigner_count;
	int holds;  /* no fault names it */
	int folded; /* not: recorded later than the time asked for, or behind a gap */
};
int stafet_evidence_event(const struct stafet_evidence *evidence, size_t index,
	struct stafet_evidence_event *ret_event);

/* A party that cosigned the checkpoint of an event. */
struct stafet_cosigner {
	struct stafet_id party;
	const char *name;
	const char *role;
	int64_t at_ms; /* by its own clock */
};
int stafet_evidence_cosigner(const struct stafet_evidence *evidence, size_t event, size_t index,
	struct stafet_cosigner *ret_cosigner);

/* A line of the ledger as the events give it, oldest first. party none: nobody from then on. */
struct stafet_ledger_line {
	const char *domain; /* "care" */
	struct stafet_id party;
	const char *name;
	int64_t since_ms;
};
int stafet_evidence_ledger(
	const struct stafet_evidence *evidence, size_t index, struct stafet_ledger_line *ret_line);

#ifdef __cplusplus
}
#endif

#endif
