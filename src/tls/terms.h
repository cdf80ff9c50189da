/*
 * On which terms anybody is heard over TLS, whichever face hears him: 1.3 alone, and where an
 * authority for clients is named a certificate of it that is for clients. The caller holds the
 * session; this decides what it accepts.
 */
#ifndef SF_TLS_TERMS_H
#define SF_TLS_TERMS_H

#include <stdbool.h>

#include "base/err.h"

/* For GnuTLS: RFC 8446 alone, nothing older. */
#define SF_TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3"

/*
 * PEM texts; authority NULL: clients need no certificate. SF_ERR_CONFIG with what does not hold:
 * so that a start fails with a reason and not in each handshake.
 */
SF_MUST_USE enum sf_err sf_tls_check(
	const char *certificate, const char *key, const char *authority, struct sf_diag *diag);

/*
 * session: gnutls_session_t of a server, before its handshake. The handshake fails unless the
 * client shows a certificate for clients (RFC 5280 section 4.2.1.12) that the authority signed: one
 * for servers opens no door, whoever lost it.
 */
void sf_tls_require_client(void *session);

#endif
