#include "node/tables.h"

#include "door/tables.h"

/* clang-format off */

const struct sf_table sf_node_table_counter = {
	.name = "counter",
	.row_size = sizeof(struct sf_node_row_counter),
	.column_count = 2,
	.columns = {
		SF_COLUMN(sf_node_row_counter, name, INTEGER),
		SF_COLUMN(sf_node_row_counter, value, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"counter_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
	},
};

const struct sf_table sf_node_table_outbox = {
	.name = "outbox",
	.row_size = sizeof(struct sf_node_row_outbox),
	.column_count = 12,
	.columns = {
		SF_COLUMN(sf_node_row_outbox, message_id, ID),
		SF_COLUMN(sf_node_row_outbox, transition, ID),
		SF_COLUMN(sf_node_row_outbox, kind, INTEGER),
		SF_COLUMN(sf_node_row_outbox, author_sequence, INTEGER),
		SF_COLUMN(sf_node_row_outbox, content_id, DIGEST),
		SF_COLUMN(sf_node_row_outbox, message, BYTES),
		SF_COLUMN(sf_node_row_outbox, salted_body, BYTES),
		SF_COLUMN(sf_node_row_outbox, created_ms, INTEGER),
		SF_COLUMN(sf_node_row_outbox, sending, INTEGER),
		SF_COLUMN(sf_node_row_outbox, recorded_sequence, INTEGER),
		SF_COLUMN(sf_node_row_outbox, outcome, INTEGER),
		SF_COLUMN(sf_node_row_outbox, code, INTEGER),
	},
	.index_count = 3,
	.indexes = {
		{"outbox_key", 1, {0}, true, SF_INDEX_WHOLE}, /* message_id */
		{"outbox_by_created", 2, {7, 0}, false, SF_INDEX_WHOLE}, /* created_ms, message_id */
		{"outbox_by_transition", 2, {1, 0}, false, SF_INDEX_WHOLE}, /* transition, message_id */
	},
};

const struct sf_table sf_node_table_sending = {
	.name = "sending",
	.row_size = sizeof(struct sf_node_row_sending),
	.column_count = 7,
	.columns = {
		SF_COLUMN(sf_node_row_sending, envelope_id, ID),
		SF_COLUMN(sf_node_row_sending, position, INTEGER),
		SF_COLUMN(sf_node_row_sending, message_id, ID),
		SF_COLUMN(sf_node_row_sending, envelope, BYTES),
		SF_COLUMN(sf_node_row_sending, digest, DIGEST),
		SF_COLUMN(sf_node_row_sending, sent_ms, INTEGER),
		SF_COLUMN(sf_node_row_sending, open, INTEGER),
	},
	.index_count = 3,
	.indexes = {
		{"sending_key", 1, {0}, true, SF_INDEX_WHOLE}, /* envelope_id */
		{"sending_open", 1, {6}, false, 6}, /* open */
		{"sending_by_message", 2, {2, 1}, false, SF_INDEX_WHOLE}, /* message_id, position */
	},
};

const struct sf_table sf_node_table_delivery = {
	.name = "delivery",
	.row_size = sizeof(struct sf_node_row_delivery),
	.column_count = 10,
	.columns = {
		SF_COLUMN(sf_node_row_delivery, message_id, ID),
		SF_COLUMN(sf_node_row_delivery, recipient, ID),
		SF_COLUMN(sf_node_row_delivery, state, INTEGER),
		SF_COLUMN(sf_node_row_delivery, open, INTEGER),
		SF_COLUMN(sf_node_row_delivery, since_ms, INTEGER),
		SF_COLUMN(sf_node_row_delivery, due, INTEGER),
		SF_COLUMN(sf_node_row_delivery, code, INTEGER),
		SF_COLUMN(sf_node_row_delivery, acknowledged_by, ID),
		SF_COLUMN(sf_node_row_delivery, errors, BYTES),
		SF_COLUMN(sf_node_row_delivery, failed, INTEGER),
	},
	.index_count = 4,
	.indexes = {
		{"delivery_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* message_id, recipient */
		{"delivery_due", 1, {5}, false, 5}, /* due */
		{"delivery_open", 2, {3, 4}, false, 3}, /* open, since_ms */
		{"delivery_failed", 2, {9, 4}, false, 9}, /* failed, since_ms */
	},
};

const struct sf_table sf_node_table_inbox = {
	.name = "inbox",
	.row_size = sizeof(struct sf_node_row_inbox),
	.column_count = 14,
	.columns = {
		SF_COLUMN(sf_node_row_inbox, author, ID),
		SF_COLUMN(sf_node_row_inbox, message_id, ID),
		SF_COLUMN(sf_node_row_inbox, position, INTEGER),
		SF_COLUMN(sf_node_row_inbox, transition, ID),
		SF_COLUMN(sf_node_row_inbox, sequence, INTEGER),
		SF_COLUMN(sf_node_row_inbox, kind, INTEGER),
		SF_COLUMN(sf_node_row_inbox, content_id, DIGEST),
		SF_COLUMN(sf_node_row_inbox, recorded_ms, INTEGER),
		SF_COLUMN(sf_node_row_inbox, received_ms, INTEGER),
		SF_COLUMN(sf_node_row_inbox, state, INTEGER),
		SF_COLUMN(sf_node_row_inbox, code, INTEGER),
		SF_COLUMN(sf_node_row_inbox, unhandled, INTEGER),
		SF_COLUMN(sf_node_row_inbox, body, BYTES),
		SF_COLUMN(sf_node_row_inbox, acknowledgement, ID),
	},
	.index_count = 4,
	.indexes = {
		{"inbox_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* author, message_id */
		{"inbox_by_position", 1, {2}, true, SF_INDEX_WHOLE}, /* position */
		{"inbox_unhandled", 1, {11}, false, 11}, /* unhandled */
		{"inbox_by_message", 1, {1}, false, SF_INDEX_WHOLE}, /* message_id */
	},
};

const struct sf_table sf_node_table_event = {
	.name = "event",
	.row_size = sizeof(struct sf_node_row_event),
	.column_count = 17,
	.columns = {
		SF_COLUMN(sf_node_row_event, transition, ID),
		SF_COLUMN(sf_node_row_event, sequence, INTEGER),
		SF_COLUMN(sf_node_row_event, message_id, ID),
		SF_COLUMN(sf_node_row_event, author, ID),
		SF_COLUMN(sf_node_row_event, kind, INTEGER),
		SF_COLUMN(sf_node_row_event, kind_class, INTEGER),
		SF_COLUMN(sf_node_row_event, recorded_ms, INTEGER),
		SF_COLUMN(sf_node_row_event, outcome, INTEGER),
		SF_COLUMN(sf_node_row_event, code, INTEGER),
		SF_COLUMN(sf_node_row_event, head, DIGEST),
		SF_COLUMN(sf_node_row_event, cover, BYTES),
		SF_COLUMN(sf_node_row_event, receipt, BYTES),
		SF_COLUMN(sf_node_row_event, receipt_index, INTEGER),
		SF_COLUMN(sf_node_row_event, receipt_count, INTEGER),
		SF_COLUMN(sf_node_row_event, receipt_path, BYTES),
		SF_COLUMN(sf_node_row_event, receipt_signature, BYTES),
		SF_COLUMN(sf_node_row_event, received_ms, INTEGER),
	},
	.index_count = 3,
	.indexes = {
		{"event_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* transition, sequence */
		{"event_by_message", 2, {2, 1}, false, SF_INDEX_WHOLE}, /* message_id, sequence */
		{"event_by_author", 2, {3, 6}, false, SF_INDEX_WHOLE}, /* author, recorded_ms */
	},
};

const struct sf_table sf_node_table_transition = {
	.name = "transition",
	.row_size = sizeof(struct sf_node_row_transition),
	.column_count = 11,
	.columns = {
		SF_COLUMN(sf_node_row_transition, id, ID),
		SF_COLUMN(sf_node_row_transition, sequence, INTEGER),
		SF_COLUMN(sf_node_row_transition, head, DIGEST),
		SF_COLUMN(sf_node_row_transition, state, INTEGER),
		SF_COLUMN(sf_node_row_transition, stay_state, INTEGER),
		SF_COLUMN(sf_node_row_transition, opened_ms, INTEGER),
		SF_COLUMN(sf_node_row_transition, updated_ms, INTEGER),
		SF_COLUMN(sf_node_row_transition, municipality, ID),
		SF_COLUMN(sf_node_row_transition, open, INTEGER),
		SF_COLUMN(sf_node_row_transition, summary, DIGEST),
		SF_COLUMN(sf_node_row_transition, difference_ms, INTEGER),
	},
	.index_count = 3,
	.indexes = {
		{"transition_key", 1, {0}, true, SF_INDEX_WHOLE}, /* id */
		{"transition_by_updated", 2, {6, 0}, false, SF_INDEX_WHOLE}, /* updated_ms, id */
		{"transition_open", 2, {8, 0}, false, 8}, /* open, id */
	},
};

const struct sf_table sf_node_table_episode = {
	.name = "episode",
	.row_size = sizeof(struct sf_node_row_episode),
	.column_count = 2,
	.columns = {
		SF_COLUMN(sf_node_row_episode, episode, DIGEST),
		SF_COLUMN(sf_node_row_episode, transition, ID),
	},
	.index_count = 1,
	.indexes = {
		{"episode_key", 1, {0}, true, SF_INDEX_WHOLE}, /* episode */
	},
};

const struct sf_table sf_node_table_letter = {
	.name = "letter",
	.row_size = sizeof(struct sf_node_row_letter),
	.column_count = 7,
	.columns = {
		SF_COLUMN(sf_node_row_letter, message_id, ID),
		SF_COLUMN(sf_node_row_letter, transition, ID),
		SF_COLUMN(sf_node_row_letter, canonical, DIGEST),
		SF_COLUMN(sf_node_row_letter, created_ms, INTEGER),
		SF_COLUMN(sf_node_row_letter, content_type, BYTES),
		SF_COLUMN(sf_node_row_letter, content, BYTES),
		SF_COLUMN(sf_node_row_letter, acknowledgement, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"letter_key", 1, {0}, true, SF_INDEX_WHOLE}, /* message_id */
	},
};

const struct sf_table sf_node_table_quarantine = {
	.name = "quarantine",
	.row_size = sizeof(struct sf_node_row_quarantine),
	.column_count = 6,
	.columns = {
		SF_COLUMN(sf_node_row_quarantine, position, INTEGER),
		SF_COLUMN(sf_node_row_quarantine, author, ID),
		SF_COLUMN(sf_node_row_quarantine, message_id, ID),
		SF_COLUMN(sf_node_row_quarantine, code, INTEGER),
		SF_COLUMN(sf_node_row_quarantine, received_ms, INTEGER),
		SF_COLUMN(sf_node_row_quarantine, envelope, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"quarantine_key", 1, {0}, true, SF_INDEX_WHOLE}, /* position */
	},
};

const struct sf_table sf_node_table_entry = {
	.name = "entry",
	.row_size = sizeof(struct sf_node_row_entry),
	.column_count = 2,
	.columns = {
		SF_COLUMN(sf_node_row_entry, version, INTEGER),
		SF_COLUMN(sf_node_row_entry, record, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"entry_key", 1, {0}, true, SF_INDEX_WHOLE}, /* version */
	},
};

const struct sf_table sf_node_table_agreement = {
	.name = "agreement",
	.row_size = sizeof(struct sf_node_row_agreement),
	.column_count = 2,
	.columns = {
		SF_COLUMN(sf_node_row_agreement, digest, DIGEST),
		SF_COLUMN(sf_node_row_agreement, agreement, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"agreement_key", 1, {0}, true, SF_INDEX_WHOLE}, /* digest */
	},
};

const struct sf_table sf_node_table_patient = {
	.name = "patient",
	.row_size = sizeof(struct sf_node_row_patient),
	.column_count = 2,
	.columns = {
		SF_COLUMN(sf_node_row_patient, patient, DIGEST),
		SF_COLUMN(sf_node_row_patient, transition, ID),
	},
	.index_count = 1,
	.indexes = {
		{"patient_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* patient, transition */
	},
};

const struct sf_table sf_node_table_statement = {
	.name = "statement",
	.row_size = sizeof(struct sf_node_row_statement),
	.column_count = 13,
	.columns = {
		SF_COLUMN(sf_node_row_statement, author, ID),
		SF_COLUMN(sf_node_row_statement, message_id, ID),
		SF_COLUMN(sf_node_row_statement, agreement, DIGEST),
		SF_COLUMN(sf_node_row_statement, kind, INTEGER),
		SF_COLUMN(sf_node_row_statement, recorded_ms, INTEGER),
		SF_COLUMN(sf_node_row_statement, outcome, INTEGER),
		SF_COLUMN(sf_node_row_statement, code, INTEGER),
		SF_COLUMN(sf_node_row_statement, cover, BYTES),
		SF_COLUMN(sf_node_row_statement, receipt, BYTES),
		SF_COLUMN(sf_node_row_statement, receipt_index, INTEGER),
		SF_COLUMN(sf_node_row_statement, receipt_count, INTEGER),
		SF_COLUMN(sf_node_row_statement, receipt_path, BYTES),
		SF_COLUMN(sf_node_row_statement, receipt_signature, BYTES),
	},
	.index_count = 3,
	.indexes = {
		{"statement_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* author, message_id */
		{"statement_by_recorded", 1, {4}, false, SF_INDEX_WHOLE}, /* recorded_ms */
		{"statement_by_agreement", 2, {2, 4}, false, SF_INDEX_WHOLE}, /* agreement, recorded_ms */
	},
};

const struct sf_table sf_node_table_told = {
	.name = "told",
	.row_size = sizeof(struct sf_node_row_told),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_node_row_told, transition, ID),
		SF_COLUMN(sf_node_row_told, message_id, ID),
		SF_COLUMN(sf_node_row_told, acknowledgement, ID),
		SF_COLUMN(sf_node_row_told, told_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"told_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* transition, message_id */
	},
};

const struct sf_table sf_node_table_hl7 = {
	.name = "hl7",
	.row_size = sizeof(struct sf_node_row_hl7),
	.column_count = 22,
	.columns = {
		SF_COLUMN(sf_node_row_hl7, name, DIGEST),
		SF_COLUMN(sf_node_row_hl7, digest, DIGEST),
		SF_COLUMN(sf_node_row_hl7, visit, ID),
		SF_COLUMN(sf_node_row_hl7, position, INTEGER),
		SF_COLUMN(sf_node_row_hl7, transition, ID),
		SF_COLUMN(sf_node_row_hl7, message, ID),
		SF_COLUMN(sf_node_row_hl7, received_ms, INTEGER),
		SF_COLUMN(sf_node_row_hl7, event, INTEGER),
		SF_COLUMN(sf_node_row_hl7, letter, ID),
		SF_COLUMN(sf_node_row_hl7, predecessor, ID),
		SF_COLUMN(sf_node_row_hl7, receiver, ID),
		SF_COLUMN(sf_node_row_hl7, activity, INTEGER),
		SF_COLUMN(sf_node_row_hl7, mode, INTEGER),
		SF_COLUMN(sf_node_row_hl7, stay_class, INTEGER),
		SF_COLUMN(sf_node_row_hl7, current, INTEGER),
		SF_COLUMN(sf_node_row_hl7, event_ms, INTEGER),
		SF_COLUMN(sf_node_row_hl7, occurred_ms, INTEGER),
		SF_COLUMN(sf_node_row_hl7, recorded_ms, INTEGER),
		SF_COLUMN(sf_node_row_hl7, admitted_ms, INTEGER),
		SF_COLUMN(sf_node_row_hl7, department, DIGEST),
		SF_COLUMN(sf_node_row_hl7, content, BYTES),
		SF_COLUMN(sf_node_row_hl7, acknowledgement, BYTES),
	},
	.index_count = 3,
	.indexes = {
		{"hl7_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
		{"hl7_by_visit", 2, {2, 3}, false, SF_INDEX_WHOLE}, /* visit, position */
		{"hl7_by_transition", 2, {4, 3}, false, SF_INDEX_WHOLE}, /* transition, position */
	},
};

const struct sf_table sf_node_table_named = {
	.name = "named",
	.row_size = sizeof(struct sf_node_row_named),
	.column_count = 6,
	.columns = {
		SF_COLUMN(sf_node_row_named, name, DIGEST),
		SF_COLUMN(sf_node_row_named, author, ID),
		SF_COLUMN(sf_node_row_named, message_id, ID),
		SF_COLUMN(sf_node_row_named, transition, ID),
		SF_COLUMN(sf_node_row_named, verdict_ms, INTEGER),
		SF_COLUMN(sf_node_row_named, code, BYTES),
	},
	.index_count = 3,
	.indexes = {
		{"named_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
		{"named_by_message", 2, {2, 0}, false, SF_INDEX_WHOLE}, /* message_id, name */
		{"named_verdict", 2, {4, 0}, false, 4}, /* verdict_ms, name */
	},
};

/* clang-format on */

const struct sf_table *const sf_node_tables[] = {
	&sf_node_table_counter,
	&sf_node_table_outbox,
	&sf_node_table_sending,
	&sf_node_table_delivery,
	&sf_node_table_inbox,
	&sf_node_table_event,
	&sf_node_table_transition,
	&sf_node_table_episode,
	&sf_node_table_letter,
	&sf_node_table_quarantine,
	&sf_node_table_entry,
	&sf_node_table_agreement,
	&sf_node_table_patient,
	&sf_node_table_statement,
	&sf_node_table_told,
	&sf_node_table_proof,
	&sf_node_table_checkpoint,
	&sf_node_table_contradiction,
	&sf_node_table_epoch,
	&sf_node_table_void,
	&sf_node_table_gossip,
	&sf_node_table_content_key,
	&sf_node_table_access,
	&sf_node_table_erasure,
	&sf_node_table_hl7,
	&sf_node_table_named,
	&sf_door_table_token,
	&sf_door_table_user,
	&sf_door_table_session,
	&sf_door_table_link,
	&sf_door_table_attempt,
	&sf_node_table_repeat,
	&sf_node_table_feed,
	&sf_node_table_channel,
	&sf_node_table_passage,
	&sf_node_table_response,
	&sf_node_table_deletion,
	&sf_node_table_attachment,
	&sf_node_table_chunk,
	&sf_node_table_aside,
};
const size_t sf_node_table_count = SF_COUNT(sf_node_tables);
