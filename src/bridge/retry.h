/*
 * When to try again what a receiver did not take: doubling waits with jitter, what it asks for
 * itself (Retry-After), and a breaker for each destination, so that one that is down is asked by
 * one post at a time and not by every hook that goes there. Pure; times are monotonic milliseconds
 * but where UTC is said.
 */
#ifndef SF_BRIDGE_RETRY_H
#define SF_BRIDGE_RETRY_H

#include <stdbool.h>

#include "base/bytes.h"

#define SF_RETRY_MS_MIN ((int64_t)1000)
#define SF_RETRY_MS_MAX ((int64_t)5 * 60 * 1000)
#define SF_RETRY_AFTER_MS_MAX ((int64_t)24 * 3600 * 1000) /* who asks for more is asked daily */
#define SF_BREAKER_FAILURES 5                             /* in a row; then one probe at a time */

/* After so many failures in a row; chance is any 32 random bits: between half of it and all. */
int64_t sf_retry_backoff_ms(unsigned failures, uint32_t chance);

/*
 * How long a Retry-After asks to wait (RFC 9110 section 10.2.3: seconds, or an IMF-fixdate), at
 * most SF_RETRY_AFTER_MS_MAX; 0 when it says nothing that can be read, or a past time. now_ms: UTC.
 */
int64_t sf_retry_after_ms(struct sf_view value, int64_t now_ms);

struct sf_breaker {
	unsigned failures; /* in a row */
	bool probing;      /* one post is on its way to see whether it is there again */
};

/* Closed, or half open with no probe on its way; then this is the probe. */
bool sf_breaker_lets(struct sf_breaker *breaker);
void sf_breaker_succeeded(struct sf_breaker *breaker);
void sf_breaker_failed(struct sf_breaker *breaker);
/* What it let through came to nothing: it says nothing of the destination. */
void sf_breaker_dropped(struct sf_breaker *breaker);

#endif
