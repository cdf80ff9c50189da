/* The socket at which a bridge listens, or by which it calls. */
#ifndef SF_BRIDGE_LISTEN_H
#define SF_BRIDGE_LISTEN_H

#include "base/address.h"

/* A socket that never blocks and is closed on exec; *ret_port is what it got. SF_ERR_IO. */
SF_MUST_USE enum sf_err sf_bridge_listen(const struct sf_address *address, int *ret_descriptor,
	unsigned *ret_port, struct sf_diag *diag);

/* One that begins to connect and never blocks; writable when that has ended. SF_ERR_IO. */
SF_MUST_USE enum sf_err sf_bridge_dial(const struct sf_address *address, int *ret_descriptor);
/* Of a writable one: whether it is connected. */
bool sf_bridge_dialled(int descriptor);

#endif
