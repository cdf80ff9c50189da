/*
 * The only source of time and chance for pure code. src/os/ implements it for daemons, the
 * simulation with a fake clock and a seed.
 */
#ifndef SF_PORT_ENV_H
#define SF_PORT_ENV_H

#include <stddef.h>
#include <stdint.h>

struct sf_zone;

struct sf_env {
	void *self; /* borrowed */
	/* UTC milliseconds; may jump. The turn reads it once and hands it on. */
	int64_t (*now_ms)(void *self);
	/* Milliseconds that never go back; only differences mean anything. */
	int64_t (*monotonic_ms)(void *self);
	/* Fills with unpredictable bytes; never fails (the adapter aborts if the system cannot). */
	void (*random)(void *self, void *place, size_t size);
	/* A time zone of tzdata by name ("Europe/Copenhagen"); NULL when this machine has none of
	 * it. Lives as long as the env. */
	const struct sf_zone *(*zone)(void *self, const char *name);
};

#endif
