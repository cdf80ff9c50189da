/*
 * Obligations as FHIR R4 Tasks, JSON or XML, for systems that keep a list of tasks. A Task names
 * organisations and roles, never the patient.
 *
 *   id              the message that raised it and the number of its clause
 *   groupIdentifier the transition
 *   status          FHIR's; businessStatus has what FHIR has no word for: expired (past its
 * deadline, still owed) and referred-onward code            what is to be done, urn:stafet:v1:duty;
 * text: the clause of the agreement restriction     period.end is the deadline owner           who
 * owes it, by party id; performerType: the role
 */
#ifndef SF_TIMELINE_FHIR_TASK_H
#define SF_TIMELINE_FHIR_TASK_H

#include "timeline/fhir_page.h"
#include "wire/local.h"

/* "<subject>-<clause>" with its zero. */
#define SF_FHIR_TASK_ID_SIZE 48
void sf_fhir_task_id(const struct sf_obligation_row *row, char ret_id[SF_FHIR_TASK_ID_SIZE]);
/* What an id names; false when it is none. */
bool sf_fhir_task_id_parse(const char *id, struct sf_id *ret_subject, uint32_t *ret_clause);
/*
 * Bits 1 << enum sf_task_state of a Task.status, or of a businessStatus; 0 for a word that is none.
 */
uint32_t sf_fhir_task_states(const char *status);
uint32_t sf_fhir_task_business_states(const char *business_status);

/* One Task alone; a Bundle of what a search found. */
SF_MUST_USE enum sf_err sf_fhir_task(
	const struct sf_obligation_row *row, bool xml, struct sf_buf *buf);
SF_MUST_USE enum sf_err sf_fhir_tasks(const struct sf_reply_obligations *found,
	const struct sf_fhir_page *page, bool xml, struct sf_buf *buf);

#endif
