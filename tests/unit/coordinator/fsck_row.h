/* What can be wrong in one recorded event, done to its row word by word. */
#ifndef SF_TESTS_UNIT_COORDINATOR_FSCK_ROW_H
#define SF_TESTS_UNIT_COORDINATOR_FSCK_ROW_H

#include "unit/coordinator/fsck_story.h"

/* Changes the row, which the caller keeps, or others of the store. */
typedef void fsck_row_damage(struct desk *desk, struct sf_row_event *row);

struct fsck_row_case {
	fsck_row_damage *damage;
	enum sf_fsck_kind kind;
	const char *detail; /* part of the first finding of that kind */
};

struct fsck_row_group {
	size_t count;
	const struct fsck_row_case *cases;
};

/* Of an event of a transition, but ENTRY of a directory's leaf and EPOCH of an epoch's. */
enum {
	FSCK_ROW_LEAF,
	FSCK_ROW_COVER,
	FSCK_ROW_RECEIPT,
	FSCK_ROW_SIGNATURE,
	FSCK_ROW_LOOKUP,
	FSCK_ROW_ENTRY,
	FSCK_ROW_EPOCH,
	FSCK_ROW_ERASED,
	FSCK_ROW_COUNT,
};
extern const struct fsck_row_group fsck_rows[FSCK_ROW_COUNT];

/* No damage: in the same millisecond as the leaf before it. */
void fsck_record_at_once(struct desk *desk, struct sf_row_event *row);
/* All that goes with an erased transition. */
void fsck_erase_row(struct desk *desk, struct sf_row_event *row);

/* Its views in the desk's arena. */
struct sf_row_event fsck_leaf_of(struct desk *desk, int64_t leaf_index);

#endif
