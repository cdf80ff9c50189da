#include "core/obligation.h"

bool sf_obligation_is_open(const struct sf_obligation *obligation)
{
	switch (obligation->state) {
	case SF_TASK_REQUESTED:
	case SF_TASK_RECEIVED:
	case SF_TASK_ACCEPTED:
	case SF_TASK_IN_PROGRESS:
	case SF_TASK_REJECTED:
	case SF_TASK_REFERRED_ONWARD:
	case SF_TASK_ON_HOLD:
		return true;
	case SF_TASK_STATE_NONE:
	case SF_TASK_COMPLETED:
	case SF_TASK_CANCELLED:
	case SF_TASK_FAILED:
	case SF_TASK_EXPIRED:
		break;
	}
	return false;
}

bool sf_obligation_is_asked(const struct sf_obligation *obligation)
{
	return obligation->clause == 0 &&
	       (obligation->duty <= SF_DUTY_OTHER || obligation->duty == SF_DUTY_ANSWER);
}

enum sf_task_state sf_obligation_shown(const struct sf_obligation *obligation)
{
	bool expired = obligation->expired_ms != 0 && sf_obligation_is_open(obligation);
	return expired ? SF_TASK_EXPIRED : obligation->state;
}

const char *sf_window_state_text(enum sf_window_state state)
{
	switch (state) {
	case SF_WINDOW_OPEN:
		return "open";
	case SF_WINDOW_SUSPENDED:
		return "suspended";
	case SF_WINDOW_ENDED:
		return "ended";
	case SF_WINDOW_ANNULLED:
		return "annulled";
	}
	return "unknown";
}
