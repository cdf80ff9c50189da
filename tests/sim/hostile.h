/*
 * A party that is enrolled like any other and means harm: it knows every transition and hears every
 * frame, and says what it may not say in every way that a program can.
 */
#ifndef SF_SIM_HOSTILE_H
#define SF_SIM_HOSTILE_H

#include "sim/story.h"

/* The last machine of the world becomes hostile: its node is never started. */
void sf_sim_turn_hostile(struct sf_sim_world *world);
/* One bad thing; nothing when nobody is hostile. */
void sf_sim_hostile_step(const struct sf_sim_story *story);
/* NULL, or what a hostile party has reached that it must not. */
const char *sf_sim_check_hostile(const struct sf_sim_story *story);

#endif
