/*
 * The start-up self-test of WIRE section 3: dials our own endpoint with a random key, which must be
 * refused. It guards against every way to run an open server by mistake: no ZAP handler, a domain
 * that is not enforced, a handler in another context, a library built without CURVE.
 */
#ifndef SF_TRANSPORT_PROBE_H
#define SF_TRANSPORT_PROBE_H

#include <stdint.h>

#include "base/err.h"
#include "transport/context.h"
#include "transport/curve.h"
#include "transport/monitor.h"
#include "transport/zap.h"

/* What the server's own side knows; with it the answer comes at once. */
struct sf_probe_server {
	struct sf_zap *zap;         /* borrowed */
	struct sf_monitor *monitor; /* borrowed: of the server's socket */
};

/*
 * SF_OK: refused; with server also: by its handler, this very key. SF_ERR_AUTH: the random key got
 * in, or another handler than ours refused it. SF_ERR_IO: neither was seen in some ten seconds.
 * endpoint as bound; a wildcard address is dialled on loopback. Waits. server may be NULL: then the
 * dialling side alone tells, which takes until the server's handshake interval of 5 s has passed,
 * for a refusal by 300 is silent.
 */
SF_MUST_USE enum sf_err sf_probe_refused(const struct sf_context *context, const char *endpoint,
	const uint8_t server_key[SF_CURVE_KEY_SIZE], const struct sf_probe_server *server,
	struct sf_diag *diag);

#endif
