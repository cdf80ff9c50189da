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

/*
 * SF_OK: refused. SF_ERR_AUTH: the random key got in. SF_ERR_IO: neither was seen in some ten
 * seconds. endpoint as bound; a wildcard address is dialled on loopback. Waits.
 */
SF_MUST_USE enum sf_err sf_probe_refused(const struct sf_context *context, const char *endpoint,
	const uint8_t server_key[SF_CURVE_KEY_SIZE], struct sf_diag *diag);

#endif
