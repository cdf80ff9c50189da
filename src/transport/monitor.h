/*
 * What happens to the connections of a socket, as the library tells it over an inproc pair.
 *
 * This header is for this room only. Threads: the one that owns the watched socket.
 */
#ifndef SF_TRANSPORT_MONITOR_H
#define SF_TRANSPORT_MONITOR_H

#include <stdint.h>

#include "base/err.h"
#include "transport/context.h"

struct sf_monitor {
	void *watched; /* borrowed: the socket */
	void *reader;  /* owned: the pair's other end */
};

struct sf_monitor_event {
	int event;      /* ZMQ_EVENT_... */
	uint32_t value; /* errno, ZAP status or protocol error, by event */
};

/* events: ZMQ_EVENT_... or-ed. Must be opened before the socket binds or connects. */
SF_MUST_USE enum sf_err sf_monitor_open(struct sf_monitor *ret_monitor,
	const struct sf_context *context, void *socket, int events, struct sf_diag *diag);
/* Call before the watched socket is closed; fine on a zeroed monitor. */
void sf_monitor_close(struct sf_monitor *monitor);
/* Next event, or SF_ERR_AGAIN. Never waits. */
SF_MUST_USE enum sf_err sf_monitor_next(
	struct sf_monitor *monitor, struct sf_monitor_event *ret_event);

#endif
