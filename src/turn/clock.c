#include "turn/clock.h"

int64_t sf_clock_read(struct sf_clock *clock, int64_t wall_ms, int64_t monotonic_ms)
{
	if (!clock->started) {
		*clock = (struct sf_clock){true, false, wall_ms, monotonic_ms};
		return wall_ms;
	}
	int64_t steady_ms = clock->wall_ms + (monotonic_ms - clock->monotonic_ms);
	int64_t apart_ms = wall_ms - steady_ms;
	clock->jumped = apart_ms > SF_CLOCK_JUMP_MS || apart_ms < -SF_CLOCK_JUMP_MS;
	int64_t now_ms = clock->jumped ? steady_ms : wall_ms;
	/* A small step back (NTP) holds time still; it never turns it back. */
	if (now_ms > clock->wall_ms || clock->jumped) {
		clock->wall_ms = now_ms;
		clock->monotonic_ms = monotonic_ms;
	}
	return clock->wall_ms;
}
