/* What a verified evidence file says, as JSON. */
#ifndef SF_VIEW_EVIDENCE_H
#define SF_VIEW_EVIDENCE_H

#include "audit/evidence_show.h"
#include "text/json_write.h"

/*
 * Members of the object that is open. show: of report (audit/evidence_show.h). registrars: the
 * words of each of report->registrars, in its order.
 */
void sf_json_evidence_members(struct sf_json_writer *writer,
	const struct sf_evidence_report *report, const struct sf_reply_transition *show,
	const char *const *registrars);

#endif
