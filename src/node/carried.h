/*
 * What a letter carries of the process (a care plan its plan, a readiness message its ready and the
 * agreed time), so that nobody types it twice. The facts are authored in the turn of the letter and
 * name it in in_reply_to.
 */
#ifndef SF_NODE_CARRIED_H
#define SF_NODE_CARRIED_H

#include "node/state.h"
#include "wire/local.h"

/* Times in MedCom's XML letters and in HL7 have no offset, or may have none. */
#define SF_CARRIED_ZONE "Europe/Copenhagen"

/*
 * Reads a letter for a transition; texts live in arena. False: reply says what is wrong with it
 * (never what it holds). A content type that nobody reads here is a letter without facts.
 */
SF_MUST_USE enum sf_err sf_carried_read(struct sf_node *node, const char *content_type,
	struct sf_view content, struct sf_arena *arena, struct sf_letter_document *ret_document,
	struct sf_reply *reply, bool *ret_good);
/*
 * Authors what the document carries. trial has stepped the letter. What the transition has already,
 * and what it would refuse, is left out: the letter itself is sent in any case.
 */
SF_MUST_USE enum sf_err sf_carried_author(struct sf_node *node, struct sf_transition *trial,
	const struct sf_message *letter, const struct sf_letter_document *document,
	struct sf_diag *diag);

#endif
