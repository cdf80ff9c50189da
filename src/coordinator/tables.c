#include "coordinator/tables.h"

#include "door/tables.h"

/* clang-format off */

const struct sf_table sf_table_counter = {
	.name = "counter",
	.row_size = sizeof(struct sf_row_counter),
	.column_count = 2,
	.columns = {
		SF_COLUMN(sf_row_counter, name, INTEGER),
		SF_COLUMN(sf_row_counter, value, INTEGER),
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
		SF_COLUMN(sf_row_event, leaf_index, INTEGER),
		SF_COLUMN(sf_row_event, transition, ID),
		SF_COLUMN(sf_row_event, sequence, INTEGER),
		SF_COLUMN(sf_row_event, kind_class, INTEGER),
		SF_COLUMN(sf_row_event, kind, INTEGER),
		SF_COLUMN(sf_row_event, author, ID),
		SF_COLUMN(sf_row_event, author_role, INTEGER),
		SF_COLUMN(sf_row_event, message_id, ID),
		SF_COLUMN(sf_row_event, envelope_id, ID),
		SF_COLUMN(sf_row_event, digest, DIGEST),
		SF_COLUMN(sf_row_event, recorded_ms, INTEGER),
		SF_COLUMN(sf_row_event, outcome, INTEGER),
		SF_COLUMN(sf_row_event, code, INTEGER),
		SF_COLUMN(sf_row_event, r, DIGEST),
		SF_COLUMN(sf_row_event, previous_head, DIGEST),
		SF_COLUMN(sf_row_event, head, DIGEST),
		SF_COLUMN(sf_row_event, leaf, BYTES),
		SF_COLUMN(sf_row_event, cover, BYTES),
		SF_COLUMN(sf_row_event, receipt, BYTES),
		SF_COLUMN(sf_row_event, receipt_index, INTEGER),
		SF_COLUMN(sf_row_event, receipt_count, INTEGER),
		SF_COLUMN(sf_row_event, receipt_path, BYTES),
		SF_COLUMN(sf_row_event, receipt_signature, BYTES),
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
		SF_COLUMN(sf_row_message, author, ID),
		SF_COLUMN(sf_row_message, message_id, ID),
		SF_COLUMN(sf_row_message, content_id, DIGEST),
		SF_COLUMN(sf_row_message, transition, ID),
		SF_COLUMN(sf_row_message, leaf_index, INTEGER),
		SF_COLUMN(sf_row_message, outcome, INTEGER),
		SF_COLUMN(sf_row_message, code, INTEGER),
		SF_COLUMN(sf_row_message, kind, INTEGER),
		SF_COLUMN(sf_row_message, author_sequence, INTEGER),
		SF_COLUMN(sf_row_message, numbered, INTEGER),
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
		SF_COLUMN(sf_row_envelope, envelope_id, ID),
		SF_COLUMN(sf_row_envelope, digest, DIGEST),
		SF_COLUMN(sf_row_envelope, leaf_index, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"envelope_key", 1, {0}, true, SF_INDEX_WHOLE}, /* envelope_id */
	},
};

const struct sf_table sf_table_transition = {
	.name = "transition",
	.row_size = sizeof(struct sf_row_transition),
	.column_count = 11,
	.columns = {
		SF_COLUMN(sf_row_transition, id, ID),
		SF_COLUMN(sf_row_transition, sequence, INTEGER),
		SF_COLUMN(sf_row_transition, head, DIGEST),
		SF_COLUMN(sf_row_transition, state, INTEGER),
		SF_COLUMN(sf_row_transition, stay_state, INTEGER),
		SF_COLUMN(sf_row_transition, opened_ms, INTEGER),
		SF_COLUMN(sf_row_transition, updated_ms, INTEGER),
		SF_COLUMN(sf_row_transition, timed, INTEGER),
		SF_COLUMN(sf_row_transition, urgency, INTEGER),
		SF_COLUMN(sf_row_transition, due_ms, INTEGER),
		SF_COLUMN(sf_row_transition, summary, DIGEST),
	},
	.index_count = 3,
	.indexes = {
		{"transition_key", 1, {0}, true, SF_INDEX_WHOLE}, /* id */
		{"transition_by_updated", 2, {6, 0}, false, SF_INDEX_WHOLE}, /* updated_ms, id */
		{"transition_by_due", 3, {8, 9, 0}, false, 7}, /* urgency, due_ms, id */
	},
};

const struct sf_table sf_table_queue = {
	.name = "queue",
	.row_size = sizeof(struct sf_row_queue),
	.column_count = 7,
	.columns = {
		SF_COLUMN(sf_row_queue, recipient, ID),
		SF_COLUMN(sf_row_queue, position, INTEGER),
		SF_COLUMN(sf_row_queue, leaf_index, INTEGER),
		SF_COLUMN(sf_row_queue, whole, INTEGER),
		SF_COLUMN(sf_row_queue, since_ms, INTEGER),
		SF_COLUMN(sf_row_queue, transition, ID),
		SF_COLUMN(sf_row_queue, sequence, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"queue_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* recipient, position */
	},
};

const struct sf_table sf_table_delivery = {
	.name = "delivery",
	.row_size = sizeof(struct sf_row_delivery),
	.column_count = 8,
	.columns = {
		SF_COLUMN(sf_row_delivery, author, ID),
		SF_COLUMN(sf_row_delivery, message_id, ID),
		SF_COLUMN(sf_row_delivery, recipient, ID),
		SF_COLUMN(sf_row_delivery, state, INTEGER),
		SF_COLUMN(sf_row_delivery, open, INTEGER),
		SF_COLUMN(sf_row_delivery, since_ms, INTEGER),
		SF_COLUMN(sf_row_delivery, transition, ID),
		SF_COLUMN(sf_row_delivery, failed, INTEGER),
	},
	.index_count = 4,
	.indexes = {
		{"delivery_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* author, message_id, recipient */
		{"delivery_open", 1, {4}, false, 4}, /* open */
		{"delivery_open_by_author", 2, {0, 4}, false, 4}, /* author, open */
		{"delivery_failed", 1, {7}, false, 7}, /* failed */
	},
};

const struct sf_table sf_table_sealed = {
	.name = "sealed",
	.row_size = sizeof(struct sf_row_sealed),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_sealed, author, ID),
		SF_COLUMN(sf_row_sealed, message_id, ID),
		SF_COLUMN(sf_row_sealed, envelope_id, ID),
		SF_COLUMN(sf_row_sealed, envelope, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"sealed_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* author, message_id */
	},
};

const struct sf_table sf_table_party = {
	.name = "party",
	.row_size = sizeof(struct sf_row_party),
	.column_count = 5,
	.columns = {
		SF_COLUMN(sf_row_party, party, ID),
		SF_COLUMN(sf_row_party, position, INTEGER),
		SF_COLUMN(sf_row_party, author_sequence, INTEGER),
		SF_COLUMN(sf_row_party, seen_ms, INTEGER),
		SF_COLUMN(sf_row_party, reconciled_ms, INTEGER),
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
		SF_COLUMN(sf_row_entry, version, INTEGER),
		SF_COLUMN(sf_row_entry, record, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"entry_key", 1, {0}, true, SF_INDEX_WHOLE}, /* version */
	},
};

const struct sf_table sf_table_agreement = {
	.name = "agreement",
	.row_size = sizeof(struct sf_row_agreement),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_agreement, digest, DIGEST),
		SF_COLUMN(sf_row_agreement, agreement, BYTES),
		SF_COLUMN(sf_row_agreement, party, ID),
		SF_COLUMN(sf_row_agreement, origin, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"agreement_key", 1, {0}, true, SF_INDEX_WHOLE}, /* digest */
	},
};

const struct sf_table sf_table_statement = {
	.name = "statement",
	.row_size = sizeof(struct sf_row_statement),
	.column_count = 2,
	.columns = {
		SF_COLUMN(sf_row_statement, leaf_index, INTEGER),
		SF_COLUMN(sf_row_statement, agreement, DIGEST),
	},
	.index_count = 1,
	.indexes = {
		{"statement_key", 1, {0}, true, SF_INDEX_WHOLE}, /* leaf_index */
	},
};

const struct sf_table sf_table_concern = {
	.name = "concern",
	.row_size = sizeof(struct sf_row_concern),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_concern, transition, ID),
		SF_COLUMN(sf_row_concern, party, ID),
		SF_COLUMN(sf_row_concern, member, INTEGER),
		SF_COLUMN(sf_row_concern, due_ms, INTEGER),
	},
	.index_count = 3,
	.indexes = {
		{"concern_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* transition, party */
		{"concern_by_party", 2, {1, 0}, false, 2}, /* party, transition */
		{"concern_by_due", 3, {1, 3, 0}, false, 3}, /* party, due_ms, transition */
	},
};

const struct sf_table sf_table_person = {
	.name = "person",
	.row_size = sizeof(struct sf_row_person),
	.column_count = 3,
	.columns = {
		SF_COLUMN(sf_row_person, person, ID),
		SF_COLUMN(sf_row_person, opened_ms, INTEGER),
		SF_COLUMN(sf_row_person, transition, ID),
	},
	.index_count = 1,
	.indexes = {
		{"person_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* person, opened_ms, transition */
	},
};

const struct sf_table sf_table_knowledge = {
	.name = "knowledge",
	.row_size = sizeof(struct sf_row_knowledge),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_knowledge, transition, ID),
		SF_COLUMN(sf_row_knowledge, party, ID),
		SF_COLUMN(sf_row_knowledge, sequence, INTEGER),
		SF_COLUMN(sf_row_knowledge, taken_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"knowledge_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* transition, party, sequence */
	},
};

const struct sf_table sf_table_difference = {
	.name = "difference",
	.row_size = sizeof(struct sf_row_difference),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_difference, party, ID),
		SF_COLUMN(sf_row_difference, transition, ID),
		SF_COLUMN(sf_row_difference, sequence, INTEGER),
		SF_COLUMN(sf_row_difference, found_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"difference_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* party, transition */
	},
};

const struct sf_table sf_table_node = {
	.name = "node",
	.row_size = sizeof(struct sf_row_node),
	.column_count = 3,
	.columns = {
		SF_COLUMN(sf_row_node, party, ID),
		SF_COLUMN(sf_row_node, software, BYTES),
		SF_COLUMN(sf_row_node, hello_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"node_key", 1, {0}, true, SF_INDEX_WHOLE}, /* party */
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
	&sf_table_statement,
	&sf_table_concern,
	&sf_table_person,
	&sf_table_knowledge,
	&sf_table_difference,
	&sf_table_tile,
	&sf_table_checkpoint,
	&sf_table_cosignature,
	&sf_table_epoch,
	&sf_table_access,
	&sf_table_erasure,
	&sf_table_fold,
	&sf_door_table_token,
	&sf_door_table_user,
	&sf_door_table_session,
	&sf_door_table_link,
	&sf_door_table_attempt,
	&sf_table_attachment,
	&sf_table_chunk,
	&sf_table_node,
};
const size_t sf_coordinator_table_count = SF_COUNT(sf_coordinator_tables);
