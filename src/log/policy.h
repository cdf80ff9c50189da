/*
 * Whose word makes a checkpoint good (WIRE.md section 4: the log, k of the hospitals and k of the
 * municipalities). Text of c2sp.org/tlog-policy, with two words of our own for who signs the
 * directory:
 *
 *   log <vkey>                       one or more: one for each epoch
 *   witness <name> <vkey>
 *   group <name> <all|any|number> <member> ...     members: witnesses or groups named before
 *   quorum <name|none>
 *   registrar <64 hexadecimal digits>
 *   registrars <threshold>
 *
 * Empty lines and lines that begin with # say nothing. Errors name the line. Pure.
 */
#ifndef SF_LOG_POLICY_H
#define SF_LOG_POLICY_H

#include "log/note.h"

#define SF_POLICY_SIZE_MAX ((size_t)131072)
#define SF_POLICY_LOGS_MAX ((size_t)16)
#define SF_POLICY_WITNESSES_MAX ((size_t)256)
#define SF_POLICY_GROUPS_MAX ((size_t)32)
#define SF_POLICY_REGISTRARS_MAX ((size_t)8)
#define SF_POLICY_NAME_SIZE 64

struct sf_policy; /* opaque */

/* SF_ERR_FORMAT with the line in diag, SF_ERR_LIMIT, SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_policy_parse(const struct sf_crypto *crypto, struct sf_view text,
	struct sf_policy **ret_policy, struct sf_diag *diag);
void sf_policy_close(struct sf_policy **policy);

/* The log whose name this is; NULL when the policy does not trust it. */
const struct sf_note_key *sf_policy_log(const struct sf_policy *policy, const char *origin);
size_t sf_policy_registrars(const struct sf_policy *policy,
	uint8_t ret_keys[SF_POLICY_REGISTRARS_MAX][SF_PUBLIC_KEY_SIZE], size_t *ret_threshold);

/* Who cosigned, and whether that is enough. */
struct sf_policy_verdict {
	size_t witness_count;             /* of the policy, that cosigned this note */
	bool quorum;                      /* always true when the policy says "quorum none" */
	uint64_t newest_s;                /* time of the newest cosignature; 0 none */
	bool by[SF_POLICY_WITNESSES_MAX]; /* in the policy's order */
};
/* SF_ERR_AUTH: a signature of a witness of the policy does not hold, or stands twice. */
SF_MUST_USE enum sf_err sf_policy_judge(const struct sf_crypto *crypto,
	const struct sf_policy *policy, const struct sf_note *note,
	struct sf_policy_verdict *ret_verdict);
size_t sf_policy_witness_count(const struct sf_policy *policy);
const struct sf_note_key *sf_policy_witness(const struct sf_policy *policy, size_t index);

#endif
