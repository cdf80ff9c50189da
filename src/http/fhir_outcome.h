/*
 * What went wrong below /fhir, as FHIR says it: an OperationOutcome in the syntax that was asked
 * for. The twin of problem.h, which calls it.
 */
#ifndef SF_HTTP_FHIR_OUTCOME_H
#define SF_HTTP_FHIR_OUTCOME_H

#include "http/route.h"

/* One issue of the kind that the status has; detail "" or NULL: what the status is called. */
void sf_fhir_problem(struct sf_exchange *exchange, unsigned status, const char *detail);
/* Something to know about what went well: severity and code `information`, `informational`. */
void sf_fhir_information(struct sf_exchange *exchange, unsigned status, const char *text);
/* MedCom's issues, as they were found in a message; at least one. */
void sf_fhir_issues(struct sf_exchange *exchange, unsigned status, const struct sf_issue_row *rows,
	size_t count);
/* Of a reply with an error. */
void sf_fhir_reply_problem(struct sf_exchange *exchange, const struct sf_reply *reply);
/*
 * A document of one's own: begin opens the body, end makes the response of it or says that it could
 * not be written.
 */
struct sf_buf *sf_fhir_body(struct sf_exchange *exchange);
void sf_fhir_end_body(struct sf_exchange *exchange, enum sf_err err, unsigned status, bool xml);

#endif
