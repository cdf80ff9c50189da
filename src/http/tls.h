/*
 * TLS of the server: 1.3 alone, and client certificates where an authority for them is named. The
 * library holds the session; this decides what it accepts.
 */
#ifndef SF_HTTP_TLS_H
#define SF_HTTP_TLS_H

#include <stdbool.h>

#include "base/err.h"

/* For the library: TLS 1.3, nothing older. */
#define SF_TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3"

/*
 * PEM texts; authority NULL: clients need no certificate. SF_ERR_CONFIG with what does not hold:
 * so that a start fails with a reason and not in each handshake.
 */
SF_MUST_USE enum sf_err sf_tls_check(
	const char *certificate, const char *key, const char *authority, struct sf_diag *diag);

/*
 * session: of the library (gnutls_session_t), before its handshake. The handshake fails unless the
 * client shows a certificate for clients (extended key usage) that the authority signed.
 */
void sf_tls_require_client(void *session);

#endif
