#include "transport/context.h"

#include <errno.h>
#include <stdlib.h>

#include <zmq.h>

struct sf_context {
	void *zmq; /* owned */
};

enum sf_err sf_context_open(struct sf_context **ret_context, struct sf_diag *diag)
{
	struct sf_context *context = calloc(1, sizeof(*context));
	if (!context)
		return SF_ERR_MEMORY;
	context->zmq = zmq_ctx_new();
	if (!context->zmq) {
		sf_diag_set(diag, "opening a zeromq context: %s", zmq_strerror(errno));
		free(context);
		return SF_ERR_IO;
	}
	/* A socket that somebody forgot to give a linger must not hold the process back. */
	if (zmq_ctx_set(context->zmq, ZMQ_BLOCKY, 0) != 0) {
		sf_diag_set(diag, "setting up the zeromq context: %s", zmq_strerror(errno));
		sf_context_close(&context);
		return SF_ERR_IO;
	}
	*ret_context = context;
	return SF_OK;
}

void sf_context_close(struct sf_context **context)
{
	if (!*context)
		return;
	/* A signal interrupts the wait for the I/O thread; the context is only gone on success. */
	while (zmq_ctx_term((*context)->zmq) != 0 && errno == EINTR)
		;
	free(*context);
	*context = NULL;
}

void *sf_context_zmq(const struct sf_context *context)
{
	return context->zmq;
}
