/* Rendering a story, and reading back what was written. */
#ifndef TESTS_UNIT_TIMELINE_DRAWN_H
#define TESTS_UNIT_TIMELINE_DRAWN_H

#include <string.h>

#include "text/element.h"
#include "timeline/model.h"
#include "unit/timeline/show.h"

struct drawn {
	struct story story;
	struct sf_arena arena;
	struct sf_timeline timeline;
	struct sf_buf bytes; /* with a terminating zero behind its size */
};

/* Makes the model of the story as it stands; the caller renders into bytes. */
void drawn_make(struct drawn *drawn);
/* The document as a tree, read by this house's own strict reader. */
const struct sf_element *drawn_json(struct drawn *drawn);
bool drawn_has(struct drawn *drawn, const char *text);
size_t drawn_count(struct drawn *drawn, const char *text);
void drawn_fini(struct drawn *drawn);

#endif
