/*
 * One transition on one screen: who takes part, where the patient is, who holds what since when on
 * what basis, what is offered, what happened, what is late, and what is awaited from whom.
 */
#ifndef SF_CMD_TRANSITION_SCREEN_H
#define SF_CMD_TRANSITION_SCREEN_H

#include <stdio.h>

#include "wire/local.h"

/* An exit code. */
int sf_transition_screen_print(FILE *out, const struct sf_reply_transition *show);
/* The last line alone: what is awaited, as far as this daemon knows. */
void sf_transition_awaited_print(FILE *out, const struct sf_reply_transition *show);

#endif
