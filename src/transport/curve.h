/*
 * CURVE keys on a socket (RFC 26/CurveZMQ): 32 raw bytes each, never text.
 *
 * libzmq keeps its own copy of a secret key in ordinary memory for the life of a socket, and each
 * session keeps keys derived from it. That cannot be avoided from outside; the copies of this room
 * are wiped.
 */
#ifndef SF_TRANSPORT_CURVE_H
#define SF_TRANSPORT_CURVE_H

#include <stdint.h>

#include "base/err.h"

#define SF_CURVE_KEY_SIZE 32

/* SF_ERR_CONFIG when the public key is not the secret key's own: a mixed-up key file. */
SF_MUST_USE enum sf_err sf_curve_pair_check(const uint8_t public_key[SF_CURVE_KEY_SIZE],
	const uint8_t secret_key[SF_CURVE_KEY_SIZE], struct sf_diag *diag);
/* Makes the socket a CURVE server. */
SF_MUST_USE enum sf_err sf_curve_serve(
	void *socket, const uint8_t secret_key[SF_CURVE_KEY_SIZE], struct sf_diag *diag);
/* Makes the socket a CURVE client of the server with server_key. */
SF_MUST_USE enum sf_err sf_curve_dial(void *socket, const uint8_t public_key[SF_CURVE_KEY_SIZE],
	const uint8_t secret_key[SF_CURVE_KEY_SIZE], const uint8_t server_key[SF_CURVE_KEY_SIZE],
	struct sf_diag *diag);
/* A fresh key pair, for the start-up self-test. */
SF_MUST_USE enum sf_err sf_curve_pair_make(uint8_t ret_public_key[SF_CURVE_KEY_SIZE],
	uint8_t ret_secret_key[SF_CURVE_KEY_SIZE], struct sf_diag *diag);

#endif
