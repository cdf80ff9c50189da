#include "coordinator/leaf.h"

void sf_row_event_leaf(const struct sf_crypto *crypto, const struct sf_row_event *row,
	uint8_t ret_leaf[SF_LEAF_SIZE])
{
	const struct sf_leaf_event event = {
		.digest = row->digest,
		.transition = row->sequence ? row->transition : (struct sf_id){{0}},
		.recorded_ms = row->recorded_ms,
		.sequence = (uint64_t)row->sequence,
		.outcome = (enum sf_outcome)row->outcome,
		.code = (uint16_t)row->code,
		.previous_head = row->previous_head,
		.kind_class = (enum sf_kind_class)row->kind_class,
	};
	sf_log_leaf(crypto, &event, &row->r, ret_leaf);
}
