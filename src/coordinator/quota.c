#include "coordinator/quota.h"

bool sf_quota_take(
	struct sf_quota *quota, const struct sf_quota_limit *limit, int64_t now_ms, int64_t units)
{
	int64_t passed_ms = now_ms - quota->at_ms;
	/* Divided first where the product could not be held: then the level is gone anyway. */
	bool gone = passed_ms > quota->level_milli / limit->per_second;
	quota->level_milli = gone ? 0 : quota->level_milli - passed_ms * limit->per_second;
	quota->at_ms = now_ms;
	if (quota->level_milli + units * 1000 > limit->burst * 1000)
		return false;
	quota->level_milli += units * 1000;
	return true;
}
