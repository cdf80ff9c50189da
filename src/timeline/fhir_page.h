/*
 * What every Bundle of a FHIR search has around its resources (FHIR R4 3.1.1.5): total, links and
 * the mode of each entry.
 */
#ifndef SF_TIMELINE_FHIR_PAGE_H
#define SF_TIMELINE_FHIR_PAGE_H

#include "text/fhir_write.h"

#define SF_FHIR_TOTAL_UNKNOWN ((size_t)-1)

/* Links are URLs relative to the server, borrowed. */
struct sf_fhir_page {
	size_t first; /* of what was found, where all of it is in hand */
	size_t count; /* at most so many */
	const char *self;
	const char *next; /* "": there is no more */
};

/* total: SF_FHIR_TOTAL_UNKNOWN when only this page was looked for. */
void sf_fhir_page_links(
	struct sf_fhir_writer *writer, const struct sf_fhir_page *page, size_t total);
/* Within an entry, behind its resource: it was found by the search itself. */
void sf_fhir_page_match(struct sf_fhir_writer *writer);

#endif
