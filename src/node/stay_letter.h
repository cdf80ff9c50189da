/*
 * The notification of one more step of a stay: written as a MedCom HospitalNotification and handed
 * in as any other, whether a hospital's system said the step in HL7 or a person did. Inside the
 * node only.
 */
#ifndef SF_NODE_STAY_LETTER_H
#define SF_NODE_STAY_LETTER_H

#include "node/visit.h"

/* Everything is borrowed. Texts are "" when they are not said. */
struct sf_stay_letter {
	const struct sf_visit *visit;      /* what was told before */
	const struct sf_node_row_hl7 *row; /* the step, as it was judged, and its letter's id */
	const char *cpr;
	const char *family;
	const char *given;
	const char *department;
	const char *ward; /* of the department */
	bool report_requested;
	struct sf_organization receiver; /* as the letter names it */
	const char *to;                  /* as SF_REQUEST_SEND names the municipality */
	const char *gp;                  /* as there */
	/* The letter before it, of a stay whose letters others may have written; NULL: all of them
	 * are the visit's. */
	const struct sf_document *newest;
	const char *predecessor; /* with newest: MessageHeader.id that is followed; "" none */
};

/* S.BR1 to S.BR26: only the first admission of a stay may ask for an admission report. */
bool sf_stay_letter_begins(const struct sf_visit *visit, const struct sf_node_row_hl7 *row);

/*
 * ret_reply is SF_REPLY_SENT: what is wrong with the letter is a fatal answer with its issues.
 * SF_ERR_AGAIN: the directory has not come yet.
 */
SF_MUST_USE enum sf_err sf_stay_letter_send(struct sf_node *node,
	const struct sf_stay_letter *letter, const struct sf_asker *asker, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag);

#endif
