/*
 * The text in which people write an agreement (DOMAIN.md section 7), read into the form that is
 * signed. This version knows name, version, time-zone, calendar, valid-from, pathways and their
 * handover clauses; a clause of a later version is refused with its line, never skipped: an
 * agreement says all that it says, or it is not in force.
 *
 * SF_ERR_CONFIG with "<path>:<line>: ..."; the errors of sf_file_read. Threads: one at a time.
 */
#ifndef SF_OS_AGREEMENT_TEXT_H
#define SF_OS_AGREEMENT_TEXT_H

#include "wire/record.h"

SF_MUST_USE enum sf_err sf_agreement_text_load(
	const char *path, struct sf_agreement_text *ret_agreement, struct sf_diag *diag);
/* As load, of text that is there already; path names it. */
SF_MUST_USE enum sf_err sf_agreement_text_parse(const char *path, struct sf_view text,
	struct sf_agreement_text *ret_agreement, struct sf_diag *diag);

#endif
