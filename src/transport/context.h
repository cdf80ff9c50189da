/*
 * The one ZeroMQ context of a process: its I/O thread and its inproc names.
 *
 * Everything opened on a context (zap, router, dealer) is closed before it; sf_context_close waits
 * until the I/O thread has let go of every socket.
 */
#ifndef SF_TRANSPORT_CONTEXT_H
#define SF_TRANSPORT_CONTEXT_H

#include "base/err.h"

struct sf_context;

SF_MUST_USE enum sf_err sf_context_open(struct sf_context **ret_context, struct sf_diag *diag);
/* Sets *context to NULL; a NULL context is fine. */
void sf_context_close(struct sf_context **context);
/* The library's own handle, for this room only. */
void *sf_context_zmq(const struct sf_context *context);

#endif
