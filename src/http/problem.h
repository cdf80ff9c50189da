/*
 * What went wrong, as RFC 9457 says it: {"type", "title", "status", "detail"} of content type
 * application/problem+json. Below /fhir it is an OperationOutcome (fhir_outcome.h). Never content
 * of a request, never a person.
 */
#ifndef SF_HTTP_PROBLEM_H
#define SF_HTTP_PROBLEM_H

#include "http/route.h"

/*
 * Makes the whole response but allow, authenticate and retry_after_s, which stay. Its title is what
 * the status is called; detail "" or NULL: none; it is copied.
 */
void sf_problem(struct sf_exchange *exchange, unsigned status, const char *detail);

/* "subject 'name' what"; a name that is too long to be one is left out. */
void sf_problem_about(struct sf_exchange *exchange, unsigned status, const char *subject,
	const char *name, const char *what);

/*
 * What an engine answered with an error, or a rule that said no. The member "code" is the error's
 * or the refusal's word (base/err.h, core/refusal.h).
 *
 *   400 format   401 no valid token   403 no role may   404 not-found   409 conflict, exists,
 * state, refused 412 conflict with If-Match   413 limit   415 unsupported   422 usage   503 again,
 * unreachable, memory 507 disk-full   500 what is broken here: io, corrupt, config, integrity
 *
 * With 503 and 507 nothing was done, and the same may be asked again: Retry-After says when.
 */
void sf_problem_reply(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply);
/* The status of that. */
unsigned sf_problem_status(const struct sf_request *request, const struct sf_reply *reply);

/* "Not Found"; "Error" for one that nobody here answers with. */
const char *sf_problem_title(unsigned status);

#endif
