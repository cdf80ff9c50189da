/*
 * What a transition adds to the indicators (core/indicator.h), as a row of the local protocol. Who
 * reads the rows adds them up and suppresses small cells.
 */
#ifndef SF_AUDIT_MEASURES_H
#define SF_AUDIT_MEASURES_H

#include "audit/listing.h"

/*
 * Adds a row of the transition to rows (item_size sizeof(struct sf_transition_measure_row)) when it
 * belongs to the period [from_ms, to_ms). deliveries may be NULL: what the engine counted. False
 * when it does not belong to the period.
 */
bool sf_measures_list(struct sf_listing *listing, const struct sf_transition *transition,
	const struct sf_delivery_measures *deliveries, int64_t from_ms, int64_t to_ms,
	struct sf_listing_rows *rows);
/* The other way, for who adds up: unknown indicators of a later version are left out. */
void sf_measures_read(
	const struct sf_transition_measure_row *row, struct sf_measures *ret_measures);

#endif
