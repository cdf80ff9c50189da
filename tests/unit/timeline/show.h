/* A small discharge as a daemon tells it, for the tests of this room. */
#ifndef TESTS_UNIT_TIMELINE_SHOW_H
#define TESTS_UNIT_TIMELINE_SHOW_H

#include "wire/local.h"

#define HOUR ((int64_t)3600000)
#define MORNING ((int64_t)1790000000000) /* an hour before the first event */

/* Each test takes a copy and changes it. */
struct story {
	struct sf_reply_transition show;
	struct sf_member_row members[2];
	struct sf_line_row lines[3];
	struct sf_offer_row offers[1];
	struct sf_event_row events[4];
	struct sf_obligation_row obligations[1];
	struct sf_deviation_row deviations[1];
};

/* show points into the story, which must not move. */
void story_make(struct story *story);

#endif
