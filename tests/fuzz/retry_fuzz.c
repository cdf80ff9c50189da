/* What a receiver of webhooks says with Retry-After: never a time that is none or past its bound.
 */
#include "fuzz/fuzz.h"

#include "bridge/retry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t clocks_ms[] = {0, INT64_C(784111770000), INT64_C(1795000000000)};
	const struct sf_view value = sf_view_of(data, size);
	for (size_t i = 0; i < SF_COUNT(clocks_ms); i++) {
		int64_t wait_ms = sf_retry_after_ms(value, clocks_ms[i]);
		SF_ASSERT(wait_ms >= 0 && wait_ms <= SF_RETRY_AFTER_MS_MAX);
		SF_ASSERT(wait_ms == sf_retry_after_ms(value, clocks_ms[i]));
	}
	return 0;
}
