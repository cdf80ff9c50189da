/*
 * Search parameters of FHIR (FHIR R4 3.1.1): names may have a modifier, tokens a system, values a
 * list of alternatives. What is not known is refused: an answer that ignored a parameter would hold
 * more than was asked for.
 */
#ifndef SF_HTTP_FHIR_SEARCH_H
#define SF_HTTP_FHIR_SEARCH_H

#include "http/route.h"

#define SF_FHIR_SEARCH_MAX 16
#define SF_FHIR_COUNT_MAX 1000
#define SF_FHIR_COUNT 100 /* when _count does not say */

struct sf_fhir_search {
	size_t count;
	struct {
		const char *name; /* with its modifier; arena of the exchange */
		const char *value;
	} items[SF_FHIR_SEARCH_MAX];
};

/*
 * known: names, ended by NULL; _format and _pretty are always known. False: the response is made.
 */
bool sf_fhir_search_read(
	struct sf_exchange *exchange, const char *const *known, struct sf_fhir_search *ret_search);
/* "" when it was not sent. */
const char *sf_fhir_search_text(const struct sf_fhir_search *search, const char *name);
/* The value without "system|"; "" too when the system is another one. */
const char *sf_fhir_search_token(
	const struct sf_fhir_search *search, const char *name, const char *system);
/* _count, at most SF_FHIR_COUNT_MAX. False: the response is made. */
bool sf_fhir_search_count(
	struct sf_exchange *exchange, const struct sf_fhir_search *search, uint32_t *ret_count);
/* "/fhir/Task?..." with this _page in place of the one it had; NULL: as it was asked. */
const char *sf_fhir_search_link(struct sf_exchange *exchange, const char *page);

#endif
