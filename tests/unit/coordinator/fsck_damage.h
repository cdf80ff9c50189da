/* What can be wrong in a coordinator's store, done to it one at a time. */
#ifndef SF_TESTS_UNIT_COORDINATOR_FSCK_DAMAGE_H
#define SF_TESTS_UNIT_COORDINATOR_FSCK_DAMAGE_H

#include "unit/coordinator/fsck_story.h"

typedef void fsck_damage(struct desk *desk);

/* Each with one of the faults that it must be named by. */
struct fsck_case {
	fsck_damage *damage;
	enum sf_fsck_kind kind;
};
extern const struct fsck_case fsck_cases[];
extern const size_t fsck_case_count;
/* These are named by one fault alone. */
extern fsck_damage *const fsck_single_damages[];
extern const size_t fsck_single_damage_count;
/* Of an erased transition: each is one fault. */
extern fsck_damage *const fsck_erased_damages[];
extern const size_t fsck_erased_damage_count;

/* The checkpoint signed last; its views live until the next call on the store. */
struct sf_row_checkpoint fsck_newest(struct desk *desk);

#endif
