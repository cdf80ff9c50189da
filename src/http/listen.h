/*
 * Where the server listens: a numeric address and a port, "127.0.0.1:8080" or "[::1]:8080".
 */
#ifndef SF_HTTP_LISTEN_H
#define SF_HTTP_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A listening, non-blocking, close-on-exec socket of the caller. SF_ERR_CONFIG for a text that is
 * no such address, or for another than 127.0.0.0/8 and ::1 when loopback alone will do;
 * SF_ERR_EXISTS when another listens there, SF_ERR_IO; diag says which. Port 0 takes any free one;
 * *ret_port is the one that it is.
 */
SF_MUST_USE enum sf_err sf_http_listen(const char *address, bool loopback_only, int *ret_descriptor,
	uint16_t *ret_port, struct sf_diag *diag);

#endif
