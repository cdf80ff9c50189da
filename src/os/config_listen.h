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

#endif
