/*
 * One turn of a daemon (DESIGN.md section 4): read the clock once, take what is ready, one
 * transaction, one commit, and only then let anything leave the process.
 */
#ifndef SF_TURN_TURN_H
#define SF_TURN_TURN_H

#include "port/engine.h"
#include "port/env.h"
#include "port/store.h"
#include "turn/clock.h"

struct sf_turn {
	struct sf_engine engine;
	struct sf_store store;
	struct sf_link link;
	struct sf_env env;
	struct sf_clock clock;
	int64_t now_ms;      /* of the last turn */
	size_t careful;      /* turns left that take one frame each, after one that was too large */
	uint64_t turns;      /* that committed */
	uint64_t lost_turns; /* that were rolled back */
	bool moved;          /* the last turn had frames or timers, not calls alone */
};

/* A local request and where its reply goes. */
struct sf_call {
	const struct sf_request *request; /* borrowed */
	struct sf_arena *arena;           /* borrowed: the reply lives here */
	struct sf_reply *reply;           /* borrowed */
	bool answered;                    /* set when the turn committed */
	enum sf_err failed;               /* this call has ended the turn for everybody */
};

#define SF_TURN_FRAMES_MAX 256
#define SF_TURN_CAREFUL 64

/*
 * Runs one turn. *ret_busy says that more may be waiting: run the next without waiting.
 * SF_ERR_AGAIN, SF_ERR_DISK_FULL and SF_ERR_LIMIT: the turn was rolled back and the engine is
 * whole; calls are not answered; try later. After SF_ERR_LIMIT turns are small for a while, so that
 * what cannot be done is lost alone. An error of a call's own (failed is set) is as good when it is
 * not one of the machine (memory, disk, store). Any other error: what the store holds is not known
 * here; end and start anew.
 */
SF_MUST_USE enum sf_err sf_turn_run(struct sf_turn *turn, struct sf_call *calls, size_t call_count,
	bool *ret_busy, struct sf_diag *diag);

#endif
