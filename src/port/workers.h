/*
 * Independent pieces of arithmetic (signatures, sealing, opening), run beside the engine. Each job
 * touches only its own context. run returns when all are done, in any order; src/turn/ implements
 * it with threads, the simulation and small tests run jobs one by one.
 */
#ifndef SF_PORT_WORKERS_H
#define SF_PORT_WORKERS_H

#include <stddef.h>

struct sf_job {
	void (*run)(void *context);
	void *context; /* borrowed */
};

struct sf_workers {
	void *self; /* borrowed */
	void (*run)(void *self, const struct sf_job *jobs, size_t count);
};

#endif
