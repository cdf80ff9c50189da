/* A coordinator's store with a story in it, its rows, and what fsck finds in them. */
#ifndef SF_TESTS_UNIT_COORDINATOR_FSCK_STORY_H
#define SF_TESTS_UNIT_COORDINATOR_FSCK_STORY_H

#include "coordinator/fsck.h"
#include "coordinator/tables.h"
#include "unit/coordinator/desk.h"

/*
 * For cmocka: *state is a struct desk. A stay with a letter that is answered and comes again, and a
 * request, under a checkpoint with a cosignature; the long one has a tile of other facts besides.
 */
int fsck_open_short_story(void **state);
int fsck_open_story(void **state);

struct fsck_findings {
	size_t counts[SF_FSCK_KIND_COUNT];
	char details[SF_FSCK_KIND_COUNT][320]; /* "where: detail" of the first of each kind */
	char first[512];                       /* "kind: where: detail" */
};
/* sf_fsck_options.found; context is a struct fsck_findings. */
void fsck_keep_fault(void *context, const struct sf_fsck_fault *fault);
/* The desk's store; the caller closes the report. */
struct sf_fsck_report fsck_check_against(
	struct desk *desk, struct sf_view note, struct fsck_findings *findings);
struct fsck_findings fsck_check(struct desk *desk);

const struct sf_store *fsck_store(const struct desk *desk);
/* The leaf of event number sequence of the desk's transition; its views in the turn's arena. */
struct sf_row_event fsck_event_of(struct desk *desk, int64_t sequence);
void fsck_put(struct desk *desk, const struct sf_table *table, const void *row);
void fsck_drop(struct desk *desk, const struct sf_table *table, const void *row);
void fsck_get(struct desk *desk, const struct sf_table *table, void *row);
/* A copy in the desk's arena, its last bit the other. */
struct sf_view fsck_flip_last(struct desk *desk, struct sf_view bytes);

#endif
