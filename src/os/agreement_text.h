/*
 * The text in which people write an agreement (DOMAIN.md section 7), read into what is signed: what
 * is owed, by whom and until when, what a discharge hands over, who keeps what for how long. The
 * whole grammar stands in stafet-agreement(5). Nothing is skipped: an agreement says all that it
 * says, or it is not in force.
 *
 * digest and calendar.zone of the result are not set: they are its reader's (core/agreement.h).
 *
 * SF_ERR_CONFIG with "<path>:<line>: what is wrong, what is allowed"; SF_ERR_MEMORY; the errors of
 * sf_file_read. Threads: one at a time.
 */
#ifndef SF_OS_AGREEMENT_TEXT_H
#define SF_OS_AGREEMENT_TEXT_H

#include "base/bytes.h"
#include "core/agreement.h"

SF_MUST_USE enum sf_err sf_agreement_text_load(
	const char *path, struct sf_agreement *ret_agreement, struct sf_diag *diag);
/* As load, of text that is there already; path names it. */
SF_MUST_USE enum sf_err sf_agreement_text_parse(const char *path, struct sf_view text,
	struct sf_agreement *ret_agreement, struct sf_diag *diag);

#endif
