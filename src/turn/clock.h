/*
 * The turn's clock (DESIGN.md section 4): wall time as long as it keeps step with the monotonic
 * clock. When the two part by more than a minute, time goes on by the monotonic one, so that no
 * window moves and nothing comes due by a jump, until the wall clock is back or the program is
 * started anew.
 */
#ifndef SF_TURN_CLOCK_H
#define SF_TURN_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define SF_CLOCK_JUMP_MS 60000

struct sf_clock {
	bool started;
	bool jumped;          /* the wall clock cannot be believed now: raise an alarm */
	int64_t wall_ms;      /* last believed time */
	int64_t monotonic_ms; /* read with it */
};

/* The time of this turn; never before the last one. */
int64_t sf_clock_read(struct sf_clock *clock, int64_t wall_ms, int64_t monotonic_ms);

#endif
