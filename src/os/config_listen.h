/* What must stand beside the address at which a face listens. */
#ifndef SF_OS_CONFIG_LISTEN_H
#define SF_OS_CONFIG_LISTEN_H

#include "os/config.h"

/*
 * Where there is a listener of this section: certificate and key stand together, a client authority
 * with them, and without them the address is a loopback one. SF_ERR_CONFIG with path and line.
 */
SF_MUST_USE enum sf_err sf_config_listener_check(const char *path, const char *section,
	const struct sf_config_listener *listener, struct sf_diag *diag);

/*
 * The same of the section http; and of trusted-header, which says all of user, roles and from or is
 * left out: who is believed must be this machine's own proxy, or show a certificate.
 */
SF_MUST_USE enum sf_err sf_config_http_check(
	const char *path, const struct sf_config_http *config, struct sf_diag *diag);

#endif
