#include "transport/supervise.h"

#include "base/check.h"

void sf_supervisor_init(
	struct sf_supervisor *supervisor, const struct sf_supervisor_limits *limits, int64_t now_ms)
{
	*supervisor = (struct sf_supervisor){
		.limits = *limits,
		.state = SF_SESSION_WAITING,
		.due_ms = now_ms,
		.backoff_ms = limits->backoff_ms_min,
	};
}

void sf_supervisor_made(struct sf_supervisor *supervisor, int64_t now_ms)
{
	SF_ASSERT(supervisor->state == SF_SESSION_WAITING);
	supervisor->state = SF_SESSION_CONNECTING;
	supervisor->due_ms = now_ms + supervisor->limits.connect_ms_max;
}

static int64_t silence_due(const struct sf_supervisor *supervisor, int64_t now_ms)
{
	int64_t silence_ms_max = supervisor->limits.silence_ms_max;
	return silence_ms_max > 0 ? now_ms + silence_ms_max : SF_SUPERVISE_NEVER_MS;
}

void sf_supervisor_up(struct sf_supervisor *supervisor, int64_t now_ms)
{
	SF_ASSERT(supervisor->state == SF_SESSION_CONNECTING);
	supervisor->state = SF_SESSION_UP;
	supervisor->up_ms = now_ms;
	supervisor->due_ms = silence_due(supervisor, now_ms);
}

void sf_supervisor_heard(struct sf_supervisor *supervisor, int64_t now_ms)
{
	SF_ASSERT(supervisor->state == SF_SESSION_UP);
	supervisor->due_ms = silence_due(supervisor, now_ms);
}

void sf_supervisor_ended(struct sf_supervisor *supervisor, int64_t now_ms, uint8_t chance)
{
	const struct sf_supervisor_limits *limits = &supervisor->limits;
	if (supervisor->state == SF_SESSION_UP && now_ms - supervisor->up_ms >= limits->stable_ms)
		supervisor->backoff_ms = limits->backoff_ms_min;
	int64_t half_ms = supervisor->backoff_ms / 2;
	supervisor->state = SF_SESSION_WAITING;
	supervisor->due_ms = now_ms + half_ms + half_ms * chance / 255;
	supervisor->backoff_ms = supervisor->backoff_ms > limits->backoff_ms_max / 2
					 ? limits->backoff_ms_max
					 : supervisor->backoff_ms * 2;
}

bool sf_supervisor_due(const struct sf_supervisor *supervisor, int64_t now_ms)
{
	return now_ms >= supervisor->due_ms;
}
