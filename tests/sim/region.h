/*
 * A region's ordinary days: admissions, plans, answers, discharges, letters, silence, with the
 * agreement of tests/sim/agreements/midt.agreement signed by everybody, and faults on every link.
 * What must hold: R1 to R9, no lost duty, and every missed deadline on somebody's list at the first
 * turn after it passes.
 */
#ifndef SF_SIM_REGION_H
#define SF_SIM_REGION_H

#include "sim/story.h"

/* One patient's way: which scene comes next, and when. */
struct sf_sim_course {
	struct sf_sim_patient patient;
	size_t hospital, municipality, practice; /* machines */
	struct sf_sim_step step;                 /* newest notification */
	struct sf_id transition;                 /* none before the admission was taken */
	uint32_t scene;
	bool over; /* no scene comes any more */
	int64_t due_ms;
	uint32_t plan_version;
};

struct sf_sim_region {
	struct sf_sim_world world;
	struct sf_sim_plan plan;
	size_t course_count, course_max;
	struct sf_sim_course *courses; /* owned */
	struct sf_arena arena;         /* of the last reply */
	bool faulty;
	uint64_t said, refused, troubled, checked, compared, overdue;
	struct sf_sim_derived derived;
};

void sf_sim_region_open(struct sf_sim_region *region, uint64_t seed, const struct sf_sim_plan *plan,
	size_t course_max, bool faulty);
void sf_sim_region_close(struct sf_sim_region *region);
/* One day; NULL when everything held in it, else what did not. */
const char *sf_sim_region_day(struct sf_sim_region *region, size_t admissions);
/* Everything heals, and is then compared. */
const char *sf_sim_region_end(struct sf_sim_region *region);

#endif
