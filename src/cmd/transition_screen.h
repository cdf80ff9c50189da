/*
 * One transition on one screen: who takes part, where the patient is, what is planned, who holds
 * what since when on what basis until when, whom to call, what is owed by whom before when and by
 * which clause, what was not as agreed, what happened, and what comes next.
 */
#ifndef SF_CMD_TRANSITION_SCREEN_H
#define SF_CMD_TRANSITION_SCREEN_H

#include <stdio.h>

#include "wire/local.h"

struct sf_screen_wishes {
	bool all_events;
	bool at;              /* it was asked for another time than now */
	const char *known_by; /* "" or NULL: what is known here */
};

/* An exit code. */
int sf_transition_screen_print(
	FILE *out, const struct sf_reply_transition *show, const struct sf_screen_wishes *wishes);
/* Its part about plan and readiness; nothing when nothing is planned. */
void sf_course_screen_print(FILE *out, const struct sf_reply_transition *show);
/* Its part about what is owed. An exit code. */
int sf_duty_screen_print(FILE *out, const struct sf_reply_transition *show);

#endif
