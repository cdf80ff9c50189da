/*
 * The order in which stay facts are folded (DOMAIN.md section 2, "two folds"). Used by stay.c only;
 * it has a header of its own so that it can be tested alone.
 */
#ifndef SF_CORE_STAY_ORDER_H
#define SF_CORE_STAY_ORDER_H

#include "core/stay.h"

#define SF_STAY_UNNAMED ((size_t)-1)  /* names nothing */
#define SF_STAY_DANGLING ((size_t)-2) /* names what is not in the set, or not before it */

/* One fact of the set in its place. Predecessors are places, or one of the two above. */
struct sf_stay_place {
	const struct sf_stay_entry *entry; /* borrowed */
	size_t supersedes;
	size_t in_reply_to;
};

/*
 * The smallest order by (created, author sequence, message id) that keeps every predecessor before
 * its successors. A cycle, which no honest author makes, is cut at its smallest fact. Duplicates by
 * message id are left out; of two that differ, the smaller one in all its members stays.
 *
 * ret_places has room for count. SF_ERR_MEMORY.
 */
SF_MUST_USE enum sf_err sf_stay_order(const struct sf_stay_entry *entries, size_t count,
	struct sf_stay_place *ret_places, size_t *ret_count);

#endif
