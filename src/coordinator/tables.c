#include "coordinator/tables.h"

#define COLUMN(row, member, kind)                                                                  \
	{                                                                                          \
#member, SF_COLUMN_##kind, offsetof(struct row, member)                            \
	}

/* clang-format off */

const struct sf_table sf_table_counter = {
	.name = "counter",
	.row_size = sizeof(struct sf_row_counter),
	.column_count = 2,
	.columns = {
		COLUMN(sf_row_counter, name, INTEGER),
		COLUMN(sf_row_counter, value, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"counter_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
	},
};

const struct sf_table sf_table_event = {
	.name = "event",
	.row_size = sizeof(struct sf_row_event),
	.column_count = 23,
	.columns = {
		COLUMN(sf_row_event, leaf_index, INTEGER),
		COLUMN(sf_row_event, transition, ID),
		COLUMN(sf_row_event, sequence, INTEGER),
		COLUMN(sf_row_event, kind_class, INTEGER),
		COLUMN(sf_row_event, kind, INTEGER),
		COLUMN(sf_row_event, author, ID),
		COLUMN(sf_row_event, author_role, INTEGER),
		COLUMN(sf_row_event, message_id, ID),
		COLUMN(sf_row_event, envelope_id, ID),
		COLUMN(sf_row_event, digest, DIGEST),
		COLUMN(sf_row_event, recorded_ms, INTEGER),
		COLUMN(sf_row_event, outcome, INTEGER),
		COLUMN(sf_row_event, code, INTEGER),
		COLUMN(sf_row_event, r, DIGEST),
		COLUMN(sf_row_event, previous_head, DIGEST),
		COLUMN(sf_row_event, head, DIGEST),
		COLUMN(sf_row_event, leaf, BYTES),
		COLUMN(sf_row_event, cover, BYTES),
		COLUMN(sf_row_event, receipt, BYTES),
		COLUMN(sf_row_event, receipt_index, INTEGER),
		COLUMN(sf_row_event, receipt_count, INTEGER),
		COLUMN(sf_row_event, receipt_path, BYTES),
		COLUMN(sf_row_event, receipt_signature, BYTES),
	},
	.index_count = 2,
	.indexes = {
		{"event_key", 1, {0}, true, SF_INDEX_WHOLE}, /* leaf_index */
		{"event_by_sequence", 2, {1, 2}, true, 2}, /* transition, sequence */
	},
};

const struct sf_table sf_table_message = {
	.name = "message",
	.row_size = sizeof(struct sf_row_message),
	.column_count = 10,
	.columns = {
		COLUMN(sf_row_message, author, ID),
		COLUMN(sf_row_message, message_id, ID),
		COLUMN(sf_row_message, content_id, DIGEST),
		COLUMN(sf_row_message, transition, ID),
		COLUMN(sf_row_message, leaf_index, INTEGER),
		COLUMN(sf_row_message, outcome, INTEGER),
		COLUMN(sf_row_message, code, INTEGER),
		COLUMN(sf_row_message, kind, INTEGER),
		COLUMN(sf_row_message, author_sequence, INTEGER),
		COLUMN(sf_row_message, numbered, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"message_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* author, message_id */
		{"message_by_number", 2, {0, 9}, false, 9}, /* author, numbered */
	},
};

const struct sf_table sf_table_envelope = {
	.name = "envelope",
	.row_size = sizeof(struct sf_row_envelope),
	.column_count = 3,
	.columns = {
		COLUMN(sf_row_envelope, envelope_id, ID),
		COLUMN(sf_row_envelope, digest, DIGEST),
		COLUMN(sf_row_envelope, leaf_index, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"envelope_key", 1, {0}, true, SF_INDEX_WHOLE}, /* envelope_id */
	},
};

const struct sf_table sf_table_transition = {
	.name = "transition",
	.row_size = sizeof(struct sf_row_transition),
	.column_count = 7,
	.columns = {
		COLUMN(sf_row_transition, id, ID),
		COLUMN(sf_row_transition, sequence, INTEGER),
		COLUMN(sf_row_transition, head, DIGEST),
		COLUMN(sf_row_transition, state, INTEGER),
		COLUMN(sf_row_transition, stay_state, INTEGER),
		COLUMN(sf_row_transition, opened_ms, INTEGER),
		COLUMN(sf_row_transition, updated_ms, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"transition_key", 1, {0}, true, SF_INDEX_WHOLE}, /* id */
		{"transition_by_updated", 2, {6, 0}, false, SF_INDEX_WHOLE}, /* updated_ms, id */
	},
};

const struct sf_table sf_table_queue = {
	.name = "queue",
	.row_size = sizeof(struct sf_row_queue),
	.column_count = 5,
	.columns = {
		COLUMN(sf_row_queue, recipient, ID),
		COLUMN(sf_row_queue, position, INTEGER),
		COLUMN(sf_row_queue, leaf_index, INTEGER),
		COLUMN(sf_row_queue, whole, INTEGER),
		COLUMN(sf_row_queue, since_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"queue_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* recipient, position */
	},
};

const struct sf_table sf_table_delivery = {
	.name = "delivery",
	.row_size = sizeof(struct sf_row_delivery),
	.column_count = 7,
	.columns = {
		COLUMN(sf_row_delivery, author, ID),
		COLUMN(sf_row_delivery, message_id, ID),
		COLUMN(sf_row_delivery, recipient, ID),
		COLUMN(sf_row_delivery, state, INTEGER),
		COLUMN(sf_row_delivery, open, INTEGER),
		COLUMN(sf_row_delivery, since_ms, INTEGER),
		COLUMN(sf_row_delivery, transition, ID),
	},
	.index_count = 3,
	.indexes = {
		{"delivery_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* author, message_id, recipient */
		{"delivery_open", 1, {4}, false, 4}, /* open */
		{"delivery_open_by_author", 2, {0, 4}, false, 4}, /* author, open */
	},
};

const struct sf_table sf_table_sealed = {
	.name = "sealed",
	.row_size = sizeof(struct sf_row_sealed),
	.column_count = 4,
	.columns = {
		COLUMN(sf_row_sealed, author, ID),
		COLUMN(sf_row_sealed, message_id, ID),
		COLUMN(sf_row_sealed, envelope_id, ID),
		COLUMN(sf_row_sealed, envelope, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"sealed_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* author, message_id */
	},
};

const struct sf_table sf_table_party = {
	.name = "party",
	.row_size = sizeof(struct sf_row_party),
	.column_count = 4,
	.columns = {
		COLUMN(sf_row_party, party, ID),
		COLUMN(sf_row_party, position, INTEGER),
		COLUMN(sf_row_party, author_sequence, INTEGER),
		COLUMN(sf_row_party, seen_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"party_key", 1, {0}, true, SF_INDEX_WHOLE}, /* party */
	},
};

const struct sf_table sf_table_entry = {
	.name = "entry",
	.row_size = sizeof(struct sf_row_entry),
	.column_count = 2,
	.columns = {
		COLUMN(sf_row_entry, version, INTEGER),
		COLUMN(sf_row_entry, record, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"entry_key", 1, {0}, true, SF_INDEX_WHOLE}, /* version */
	},
};

const struct sf_table sf_table_agreement = {
	.name = "agreement",
	.row_size = sizeof(struct sf_row_agreement),
	.column_count = 2,
	.columns = {
		COLUMN(sf_row_agreement, digest, DIGEST),
		COLUMN(sf_row_agreement, agreement, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"agreement_key", 1, {0}, true, SF_INDEX_WHOLE}, /* digest */
	},
};

/* clang-format on */

const struct sf_table *const sf_coordinator_tables[] = {
	&sf_table_counter,
	&sf_table_event,
	&sf_table_message,
	&sf_table_envelope,
	&sf_table_transition,
	&sf_table_queue,
	&sf_table_delivery,
	&sf_table_sealed,
	&sf_table_party,
	&sf_table_entry,
	&sf_table_agreement,
};
const size_t sf_coordinator_table_count = SF_COUNT(sf_coordinator_tables);
