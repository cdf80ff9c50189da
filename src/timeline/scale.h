/*
 * Where a time stands in the picture. Between two moments at which something happens the way is the
 * shorter the less often anything does: three days of waiting must not push an hour of handing over
 * into one point. Order is kept, and equal times stand at one place.
 */
#ifndef SF_TIMELINE_SCALE_H
#define SF_TIMELINE_SCALE_H

#include "timeline/model.h"

struct sf_timeline_scale {
	size_t count;            /* at least 2 */
	const int64_t *times_ms; /* ascending; arena */
	const double *places;    /* of each, from 0 to width */
	double width;
};

SF_MUST_USE enum sf_err sf_timeline_scale_make(const struct sf_timeline *timeline, double width,
	struct sf_arena *arena, struct sf_timeline_scale *ret_scale);
/* Times outside stand at the ends. */
double sf_timeline_place(const struct sf_timeline_scale *scale, int64_t time_ms);

#endif
