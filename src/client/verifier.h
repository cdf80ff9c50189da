/*
 * Everything that checking evidence takes on this machine: a crypto port without secrets, time
 * zones, and a policy. For the command line, and for libstafet, whose public functions stand on
 * this. No daemon, no network. One thread at a time; different verifiers are independent.
 */
#ifndef SF_CLIENT_VERIFIER_H
#define SF_CLIENT_VERIFIER_H

#include "audit/evidence.h"

struct sf_verifier; /* opaque */

/*
 * policy: text of log/policy.h, empty for none. zone_folder: NULL for that of this machine.
 * SF_ERR_FORMAT: the policy cannot be read; diag says which line.
 */
SF_MUST_USE enum sf_err sf_verifier_open(const char *zone_folder, struct sf_view policy,
	struct sf_verifier **ret_verifier, struct sf_diag *diag);
void sf_verifier_close(struct sf_verifier **verifier);

/* What is said of one file. receipts as in struct sf_evidence_options; borrowed for the call. */
struct sf_verifier_question {
	struct sf_view evidence;
	size_t receipt_count;
	const struct sf_view *receipts;
	int64_t at_ms;
	bool require_proof;
};
/* As sf_evidence_verify. The report must be closed before the verifier: it knows its zones. */
SF_MUST_USE enum sf_err sf_verifier_check(struct sf_verifier *verifier,
	const struct sf_verifier_question *question, struct sf_evidence_report **ret_report,
	struct sf_diag *diag);

/* The registrar's key in words, to be compared over a telephone. */
#define SF_VERIFIER_WORDS_SIZE 64
void sf_verifier_words(const struct sf_verifier *verifier, const uint8_t key[SF_PUBLIC_KEY_SIZE],
	char ret_words[SF_VERIFIER_WORDS_SIZE]);

#endif
