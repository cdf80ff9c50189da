/*
 * Talk with the service manager: the sd_notify protocol (sd_notify(3), "NOTIFY_SOCKET"), by hand,
 * because it is one datagram and a library is not. Outside systemd everything here does nothing.
 *
 * Threads: one.
 */
#ifndef SF_OS_NOTIFY_H
#define SF_OS_NOTIFY_H

#include <stdint.h>

#include "base/err.h"

struct sf_notify {
	int fd;              /* owned; -1 without a service manager */
	int64_t watchdog_ms; /* say sf_notify_alive at least this often; 0: not asked for */
};

/* From the environment (NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID). SF_ERR_CONFIG: unusable. */
SF_MUST_USE enum sf_err sf_notify_open(struct sf_notify *ret_notify, struct sf_diag *diag);
void sf_notify_close(struct sf_notify *notify);

/* A manager that does not listen is no reason to stop: no errors. */
void sf_notify_ready(const struct sf_notify *notify);
void sf_notify_stopping(const struct sf_notify *notify);
void sf_notify_alive(const struct sf_notify *notify);

#endif
