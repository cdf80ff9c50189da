/*
 * The timeline as a picture (SVG 1.1, no script, no font, no link): parties as lanes,
 * responsibility as bands in one colour a domain, windows as outlines, events as numbers, deadlines
 * as flags, gaps hatched. It can be printed: landscape, readable without colours, with the list of
 * its events below.
 *
 * Names are of organisations; nobody who sees a picture learns who the patient is.
 */
#ifndef SF_TIMELINE_SVG_H
#define SF_TIMELINE_SVG_H

#include "base/time.h"
#include "timeline/model.h"

/* What an event says, for people; returns a text that lives until the next call. */
typedef const char *sf_timeline_words(void *context, const struct sf_event_row *event);

/* The parts of an instant on the wall clock of the place. */
typedef struct sf_civil sf_timeline_local(int64_t time_ms);

struct sf_timeline_svg_options {
	sf_timeline_local *local; /* sf_time_civil: UTC */
	sf_timeline_words *words;
	void *words_context;
};

/* SF_ERR_LIMIT: the arena or the buffer. */
SF_MUST_USE enum sf_err sf_timeline_svg(const struct sf_timeline *timeline,
	const struct sf_timeline_svg_options *options, struct sf_arena *arena, struct sf_buf *buf);

#endif
