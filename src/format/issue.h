/*
 * Issues: what is wrong with a letter, in MedCom's codes (MEDCOM, ids: "Ack content"), naming the
 * FHIR element and what to do. Never content of the letter.
 */
#ifndef SF_FORMAT_ISSUE_H
#define SF_FORMAT_ISSUE_H

#include "core/issue_code.h"
#include "port/format.h"

/* Both texts are static. Beyond SF_ISSUE_MAX an issue is dropped: the letter is refused anyway. */
void sf_issue_add(
	struct sf_issues *issues, const char *code, const char *expression, const char *text);
bool sf_issues_fatal(const struct sf_issues *issues);

#endif
