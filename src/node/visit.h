/*
 * What a stay was told before, in HL7 or otherwise: which notifications stand, which were
 * cancelled, and so what the next event is. MedCom HospitalNotification S.BR20 to S.BR25;
 * core/stay.c folds in the same way what comes of it.
 */
#ifndef SF_NODE_VISIT_H
#define SF_NODE_VISIT_H

#include "node/state.h"

#define SF_VISIT_LETTERS_MAX ((size_t)250) /* two entries each in a bundle of 512 */

struct sf_visit {
	struct sf_id id;         /* of the visit, of this citizen; also the episode of care */
	struct sf_id transition; /* none: nothing was sent */
	struct sf_id receiver;   /* of the newest letter */
	int64_t position;        /* of the last row: grows, and is a time */
	int64_t admitted_ms;     /* as last told; 0 not known */
	int64_t leave_start_ms;  /* of the newest leave that stands, ended or not; 0 none */
	size_t letter_count;
	struct sf_node_row_hl7 *letters; /* oldest first, without their bytes; arena of the turn */
	size_t standing_count;
	size_t *standing;    /* places of what was told and not taken back; corrections replace */
	struct sf_stay stay; /* what the letters come to, folded as everybody folds them */
};

/* The first half of a name as a UUID of RFC 9562 version 8: ids that follow from what they name. */
struct sf_id sf_visit_uuid(const struct sf_digest *name);

/* Names what a letter gives as its department; "" too. What is told of people stands in no row. */
SF_MUST_USE enum sf_err sf_visit_department(
	const struct sf_node *node, const char *department, struct sf_digest *ret_name);

/* Room for letters, of a visit of which nothing is known. SF_ERR_LIMIT. */
SF_MUST_USE enum sf_err sf_visit_init(struct sf_arena *arena, struct sf_visit *ret_visit);
/* One more row, which need not be a letter. SF_ERR_REFUSED: more than are told of one stay. */
SF_MUST_USE enum sf_err sf_visit_follow(struct sf_visit *visit, const struct sf_node_row_hl7 *row);
/* After the last row: folds. SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_visit_settle(struct sf_visit *visit);

/* All three of what the store has. */
SF_MUST_USE enum sf_err sf_visit_load(struct sf_node *node, const struct sf_adt *adt,
	struct sf_arena *arena, struct sf_visit *ret_visit, struct sf_diag *diag);

/* The same of a visit by its own id. */
SF_MUST_USE enum sf_err sf_visit_load_known(struct sf_node *node, struct sf_id id,
	struct sf_arena *arena, struct sf_visit *ret_visit, struct sf_diag *diag);

/* The newest letter that stands; NULL: none does. */
const struct sf_node_row_hl7 *sf_visit_top(const struct sf_visit *visit);

/* What an event comes to. */
enum sf_visit_answer {
	SF_VISIT_NOTHING = 1, /* to tell: it is told already, or MedCom has no message for it */
	SF_VISIT_LETTER,      /* *ret_row says which */
	SF_VISIT_WRONG,       /* the issue says why */
};
/*
 * department: keyed name of adt->department. Fills activity, mode, class, times, predecessor, and
 * the receiver of what corrects or cancels, in *ret_row.
 */
enum sf_visit_answer sf_visit_judge(const struct sf_visit *visit, const struct sf_adt *adt,
	const struct sf_digest *department, struct sf_node_row_hl7 *ret_row,
	struct sf_issue *ret_issue);
/*
 * As above, where it is said that the newest letter that stands is corrected, whatever it is:
 * adt->event_ms is when it happened, 0 as it was told.
 */
enum sf_visit_answer sf_visit_revise(const struct sf_visit *visit, const struct sf_adt *adt,
	struct sf_node_row_hl7 *ret_row, struct sf_issue *ret_issue);

#endif
