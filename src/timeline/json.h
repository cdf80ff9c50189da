/* The timeline as JSON: one object with lanes, bands, windows, events, deadlines and gaps. */
#ifndef SF_TIMELINE_JSON_H
#define SF_TIMELINE_JSON_H

#include "timeline/model.h"

/* Times are UTC milliseconds, ids 32 hexadecimal digits, codes the words of DOMAIN.md. */
SF_MUST_USE enum sf_err sf_timeline_json(const struct sf_timeline *timeline, struct sf_buf *buf);

#endif
