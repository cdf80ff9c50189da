/* Addresses at which faces listen, and what must stand beside them in a configuration. */
#ifndef SF_OS_CONFIG_LISTEN_H
#define SF_OS_CONFIG_LISTEN_H

#include <stdbool.h>

#include "os/config.h"

/* "127.0.0.1:8080", "[::1]:8080": a numeric address and a port from 0. SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_config_listen_parse(const char *text, bool *ret_loopback);

/*
 * Where there is a listener of this section: certificate and key stand together, a client authority
 * with them, and without them the address is a loopback one. SF_ERR_CONFIG with path and line.
 */
SF_MUST_USE enum sf_err sf_config_listener_check(const char *path, const char *section,
	const struct sf_config_listener *listener, struct sf_diag *diag);

#endif
