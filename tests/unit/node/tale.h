/*
 * A stay as it is told, letter by letter, with an arena of its own: no node and no store. The
 * activities have short names here, for a test says many.
 */
#ifndef SF_TESTS_UNIT_NODE_TALE_H
#define SF_TESTS_UNIT_NODE_TALE_H

#include "node/visit.h"

#define TALE_BEGIN_MS ((int64_t)1795000000000)
#define EMERGENCY SF_ACTIVITY_ADMIT_EMERGENCY
#define INPATIENT SF_ACTIVITY_ADMIT_INPATIENT
#define LEAVE SF_ACTIVITY_LEAVE_START
#define RETURN SF_ACTIVITY_LEAVE_END
#define HOME SF_ACTIVITY_DISCHARGE_HOME
#define DEATH SF_ACTIVITY_DEATH

struct tale {
	struct sf_arena arena;
	struct sf_visit visit;
	struct sf_digest department; /* of every letter, and of the event that is judged */
	struct sf_node_row_hl7 row;  /* what the event came to */
	struct sf_issue issue;
};

/* For cmocka: *state is a struct tale of which nothing is told. */
int tale_open(void **state);
int tale_close(void **state);
/* Nothing is told again. */
void tale_restart(struct tale *tale);

/* Letter n of a tale is tale_id(n), n from 1, and went to tale_id(2000 + n - 1). */
struct sf_id tale_id(size_t number);
/* The next one, at `minute`; it follows the newest, or is about the newest that stands. */
struct sf_node_row_hl7 tale_letter(
	const struct tale *tale, enum sf_activity activity, enum sf_mode mode, int64_t minute);
void tale_follow(struct tale *tale, const struct sf_node_row_hl7 *row);
/* Both. */
void tale_told(struct tale *tale, enum sf_activity activity, enum sf_mode mode, int64_t minute);
/* Anew, by this admission at minute 0. */
void tale_begun(struct tale *tale, enum sf_activity admission);

#endif
