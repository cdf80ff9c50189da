/*
 * What an event of a transition says, in words: "letter discharge-letter", "plan-answer accept",
 * "obligation complete", "expired care-accepted".
 */
#ifndef SF_VIEW_EVENT_WORDS_H
#define SF_VIEW_EVENT_WORDS_H

#include "view/shown.h"
#include "wire/local.h"

/* The word of the event's detail; "" when its kind has none. Borrowed from show, or static. */
const char *sf_event_detail(const struct sf_reply_transition *show, const struct sf_event_row *row);
/* All of it. */
struct sf_shown sf_event_words(
	const struct sf_reply_transition *show, const struct sf_event_row *row);

#endif
