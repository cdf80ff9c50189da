/*
 * How much one party may ask for (WIRE section 3, quotas): a level that every unit raises and time
 * lowers; what would raise it over the burst has to wait. Plain values in the caller's memory.
 */
#ifndef SF_COORDINATOR_QUOTA_H
#define SF_COORDINATOR_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

struct sf_quota_limit {
	int64_t burst;      /* units at once, at most 2^40 */
	int64_t per_second; /* units in the long run */
};

struct sf_quota {
	int64_t level_milli; /* thousandths of a unit */
	int64_t at_ms;       /* when level was true */
};

/* now_ms never goes back. False: nothing is taken. */
bool sf_quota_take(
	struct sf_quota *quota, const struct sf_quota_limit *limit, int64_t now_ms, int64_t units);

#endif
