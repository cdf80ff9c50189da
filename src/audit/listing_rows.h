/* Between listing_transition.c and listing_course.c alone. */
#ifndef SF_AUDIT_LISTING_ROWS_H
#define SF_AUDIT_LISTING_ROWS_H

#include "audit/listing.h"

/* Course, obligations, windows, deviations, contacts, next and the agreement's name. */
void sf_listing_show_course(struct sf_listing *listing, const struct sf_transition *transition,
	int64_t now_ms, struct sf_reply_transition *show);

#endif
