/*
 * A verified file in the shape in which daemons show a transition, so that what tells and draws
 * transitions tells and draws this too. Names come from the file's directory.
 */
#ifndef SF_AUDIT_EVIDENCE_SHOW_H
#define SF_AUDIT_EVIDENCE_SHOW_H

#include "audit/evidence.h"
#include "wire/local.h"

/*
 * The events that are folded, and what they come to at_ms: when they end, or were asked to. Rows
 * live in arena, some texts in the report. Deliveries are unknown. SF_ERR_LIMIT: the arena ended.
 */
SF_MUST_USE enum sf_err sf_evidence_show(const struct sf_evidence_report *report, int64_t at_ms,
	struct sf_arena *arena, struct sf_reply_transition *ret_show);

#endif
