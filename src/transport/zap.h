/*
 * Who may connect: the ZAP handler (RFC 27/ZAP) of the coordinator, on a thread of its own.
 *
 * A CURVE server without a living handler lets unknown keys in. So a router cannot be opened
 * without a struct sf_zap, and sf_zap_open returns only when the handler is bound and runs.
 *
 * It answers 200 and a User-Id (transport/allow.h) for keys of the allow list and 300 for all
 * others: a 400 is final for the peer's socket, and a key unknown now may be enrolled in a minute.
 *
 * Threads: sf_zap_allow, sf_zap_find and sf_zap_counters from any thread; open and close by the
 * owner. Close it after the routers that use it.
 */
#ifndef SF_TRANSPORT_ZAP_H
#define SF_TRANSPORT_ZAP_H

#include <stddef.h>
#include <stdint.h>

#include "transport/allow.h"
#include "transport/context.h"

#define SF_ZAP_DOMAIN "stafet" /* WIRE section 3 */

struct sf_zap;

struct sf_zap_counters {
	uint64_t accepted;  /* handshakes answered 200 */
	uint64_t refused;   /* answered 300: key not in the list */
	uint64_t malformed; /* answered 300: not a CURVE request of our domain */
};

/* The allow list is empty at first: everybody is refused. */
SF_MUST_USE enum sf_err sf_zap_open(
	const struct sf_context *context, struct sf_zap **ret_zap, struct sf_diag *diag);
/* Sets *zap to NULL; NULL is fine. */
void sf_zap_close(struct sf_zap **zap);

/*
 * Replaces the whole list at once; errors as sf_allow_make, and then the old list stays. Sessions
 * that are open are not cut, but the router drops their next message when their key is gone.
 */
SF_MUST_USE enum sf_err sf_zap_allow(
	struct sf_zap *zap, const struct sf_allow_entry *entries, size_t count);
/* The party of a key at this moment; SF_ERR_KEY_UNKNOWN when there is none. */
SF_MUST_USE enum sf_err sf_zap_find(
	struct sf_zap *zap, const uint8_t key[SF_CURVE_KEY_SIZE], struct sf_id *ret_party);
void sf_zap_counters(struct sf_zap *zap, struct sf_zap_counters *ret_counters);

/*
 * For the self-test: from now on remembers whether this key is refused. One key at a time, never
 * one of a real party.
 */
void sf_zap_watch(struct sf_zap *zap, const uint8_t key[SF_CURVE_KEY_SIZE]);
bool sf_zap_watched_refused(struct sf_zap *zap);

#endif
