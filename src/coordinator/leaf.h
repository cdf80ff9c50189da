/* The leaf that a row of the store commits to: made once when it is recorded, and again to check.
 */
#ifndef SF_COORDINATOR_LEAF_H
#define SF_COORDINATOR_LEAF_H

#include "coordinator/tables.h"
#include "log/leaf.h"

/* Of a row that is not erased: its r must be there. */
void sf_row_event_leaf(const struct sf_crypto *crypto, const struct sf_row_event *row,
	uint8_t ret_leaf[SF_LEAF_SIZE]);

#endif
