/*
 * One long piece of arithmetic beside the loop: for what takes many milliseconds and is not worth
 * that every message waits for it (a password's hash), unlike the pieces of port/workers.h, for
 * which a turn does wait. src/turn/ implements it with a thread.
 */
#ifndef SF_PORT_ASIDE_H
#define SF_PORT_ASIDE_H

#include <stdbool.h>

#include "port/workers.h"

/* One caller, one job at a time. */
struct sf_aside {
	void *self;     /* borrowed */
	int descriptor; /* can be read when the job has ended: to be waited for */
	/* Until it has ended nobody else touches what it touches. */
	void (*start)(void *self, const struct sf_job *job);
	/* True once for each job that was started, when it has ended. */
	bool (*ended)(void *self);
	/* Comes back when no job is on its way. */
	void (*wait)(void *self);
};

#endif
