/*
 * Signals as something to poll. Open before any thread is started (the ZeroMQ context, the ZAP
 * handler): threads inherit that these signals are blocked, so that only the descriptor has them.
 */
#ifndef SF_OS_SIGNALS_H
#define SF_OS_SIGNALS_H

#include "base/err.h"

enum sf_signal {
	SF_SIGNAL_STOP = 1, /* SIGTERM, SIGINT */
	SF_SIGNAL_RELOAD,   /* SIGHUP */
};

/* Blocks those signals and ignores SIGPIPE for the process. The descriptor does not wait. */
SF_MUST_USE enum sf_err sf_signals_open(int *ret_fd, struct sf_diag *diag);
/* Closes and sets *fd to -1; -1 is fine. The signals stay blocked: the process is ending. */
void sf_signals_close(int *fd);
/* SF_ERR_AGAIN when there is none. */
SF_MUST_USE enum sf_err sf_signals_next(int fd, enum sf_signal *ret_signal);

#endif
