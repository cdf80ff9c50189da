/*
 * What happens to one patient of a region, scene by scene, as people and systems say it to their
 * nodes. A course begins at scene 0, the admission.
 */
#ifndef SF_SIM_REGION_SCENE_H
#define SF_SIM_REGION_SCENE_H

#include "sim/region.h"

/* True when the machine has done it; one that is off or full is counted as troubled. */
bool sf_sim_region_ask(struct sf_sim_region *region, struct sf_sim_machine *machine,
	const struct sf_request *request, struct sf_reply *ret_reply);

/* The course's scene, now; not when it is over. True when it was said. */
bool sf_sim_scene_play(struct sf_sim_region *region, struct sf_sim_course *course);
/* The next scene that happens to this patient, and when. */
void sf_sim_scene_go_on(struct sf_sim_region *region, struct sf_sim_course *course);

#endif
