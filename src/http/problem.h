/*
 * What went wrong, as RFC 9457 says it: {"type", "title", "status", "detail"} of content type
 * application/problem+json. Below /fhir it is an OperationOutcome (fhir_outcome.h). Never content
 * of a request, never a person.
 */
#ifndef SF_HTTP_PROBLEM_H
#define SF_HTTP_PROBLEM_H

#include "http/route.h"

/*
 * Makes the whole response but allow, authenticate and retry_after_s, which stay. title NULL: what
 * the status is called; detail "" or NULL: none. Both are copied.
 */
void sf_problem(
	struct sf_exchange *exchange, unsigned status, const char *title, const char *detail);

/* "Not Found"; "Error" for one that nobody here answers with. */
const char *sf_problem_title(unsigned status);

#endif
