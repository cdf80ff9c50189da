/*
 * The policy of a region as a text (log/policy.h), from its directory: its log, every party that
 * has published a witness key, and how many hospitals and municipalities must have cosigned. Who
 * checks evidence compares it once, by hand, and keeps it. Pure.
 */
#ifndef SF_AUDIT_POLICY_H
#define SF_AUDIT_POLICY_H

#include "audit/registry.h"
#include "log/policy.h"

/* Counted among the hospitals, or among the municipalities, of a quorum. */
bool sf_role_cosigns_as_hospital(enum sf_role role);
bool sf_role_cosigns_as_municipality(enum sf_role role);

struct sf_region_policy {
	const struct sf_directory *directory;   /* borrowed */
	const struct sf_registrars *registrars; /* borrowed */
	struct sf_id coordinator;               /* whose entry has the log key */
	const char *origin;
	uint32_t hospitals, municipalities; /* both 0: the log's signature is enough */
	int64_t now_ms;                     /* keys that are valid then */
};

/*
 * Appends the text. SF_ERR_NOT_FOUND: the log's key is not in the directory, or fewer witnesses
 * than the quorum needs; diag says which, and buf is as before.
 */
SF_MUST_USE enum sf_err sf_region_policy_write(const struct sf_crypto *crypto,
	const struct sf_region_policy *region, struct sf_buf *buf, struct sf_diag *diag);

#endif
