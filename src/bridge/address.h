/* Where a bridge listens: "127.0.0.1:2575" or "[::1]:2575", numbers only: no name is looked up. */
#ifndef SF_BRIDGE_ADDRESS_H
#define SF_BRIDGE_ADDRESS_H

#include <sys/socket.h>

#include "base/bytes.h"

struct sf_address {
	struct sockaddr_storage place;
	socklen_t size;
	bool loopback; /* 127.0.0.0/8 or ::1 */
};

/* SF_ERR_CONFIG. Port 0 is any free one. */
SF_MUST_USE enum sf_err sf_address_parse(
	const char *text, struct sf_address *ret_address, struct sf_diag *diag);
/* A socket that never blocks and is closed on exec; *ret_port is what it got. */
SF_MUST_USE enum sf_err sf_address_listen(const struct sf_address *address, const char *text,
	int *ret_descriptor, unsigned *ret_port, struct sf_diag *diag);

#endif
