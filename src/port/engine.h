/*
 * What the turn drives (DESIGN.md section 4): one engine, one thread, one transaction a turn.
 *
 *   take ... take -> check -> [ begin -> step -> serve ... serve -> finish -> commit ] -> committed
 *                                                                   on failure: rolled_back
 *
 * Nothing that step, serve or finish promise leaves the process before committed is called.
 */
#ifndef SF_PORT_ENGINE_H
#define SF_PORT_ENGINE_H

#include "base/arena.h"
#include "port/link.h"

struct sf_request;
struct sf_reply;

struct sf_engine {
	void *self; /* borrowed */
	/*
	 * Takes ownership of arrival->frame; decodes it and plans its cryptography. False: this
	 * turn has as much as its memory is for, the rest waits for the next.
	 */
	bool (*take)(void *self, struct sf_arrival *arrival);
	/* Runs the planned cryptography of all that was taken. */
	void (*check)(void *self);
	/* Timers, then what was taken, in order. An error ends the turn: it is rolled back. */
	SF_MUST_USE enum sf_err (*step)(void *self, int64_t now_ms, struct sf_diag *diag);
	/*
	 * One local request; the reply lives in arena and is sent only after committed. A refusal
	 * is a reply, not an error; an error ends the turn.
	 */
	SF_MUST_USE enum sf_err (*serve)(void *self, const struct sf_request *request,
		struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);
	/* Seals and signs what the turn made and writes it. */
	SF_MUST_USE enum sf_err (*finish)(void *self, struct sf_diag *diag);
	/* The turn is durable: sends frames. A frame that cannot be sent is lost and comes again.
	 */
	void (*committed)(void *self, const struct sf_link *link);
	/* The turn never was: forgets what it took, goes back to what the store says. */
	SF_MUST_USE enum sf_err (*rolled_back)(void *self, struct sf_diag *diag);
	/* Recorded time at which step has work although nothing arrives; INT64_MAX when none. */
	int64_t (*next_due_ms)(void *self);
};

#endif
