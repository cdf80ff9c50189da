/* The tables of what is told to systems outside: see tables.h. */
#include "node/tables.h"

/* clang-format off */

const struct sf_table sf_node_table_feed = {
	.name = "feed",
	.row_size = sizeof(struct sf_node_row_feed),
	.column_count = 15,
	.columns = {
		SF_COLUMN(sf_node_row_feed, cursor, INTEGER),
		SF_COLUMN(sf_node_row_feed, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_feed, what, INTEGER),
		SF_COLUMN(sf_node_row_feed, message, ID),
		SF_COLUMN(sf_node_row_feed, transition, ID),
		SF_COLUMN(sf_node_row_feed, party, ID),
		SF_COLUMN(sf_node_row_feed, peer, ID),
		SF_COLUMN(sf_node_row_feed, kind, INTEGER),
		SF_COLUMN(sf_node_row_feed, activity, INTEGER),
		SF_COLUMN(sf_node_row_feed, mode, INTEGER),
		SF_COLUMN(sf_node_row_feed, domains, INTEGER),
		SF_COLUMN(sf_node_row_feed, outcome, INTEGER),
		SF_COLUMN(sf_node_row_feed, ack, INTEGER),
		SF_COLUMN(sf_node_row_feed, code, INTEGER),
		SF_COLUMN(sf_node_row_feed, attempts, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"feed_key", 1, {0}, true, SF_INDEX_WHOLE}, /* cursor */
	},
};

const struct sf_table sf_node_table_channel = {
	.name = "channel",
	.row_size = sizeof(struct sf_node_row_channel),
	.column_count = 14,
	.columns = {
		SF_COLUMN(sf_node_row_channel, name, BYTES),
		SF_COLUMN(sf_node_row_channel, kind, INTEGER),
		SF_COLUMN(sf_node_row_channel, paused, INTEGER),
		SF_COLUMN(sf_node_row_channel, received, INTEGER),
		SF_COLUMN(sf_node_row_channel, filtered, INTEGER),
		SF_COLUMN(sf_node_row_channel, sent, INTEGER),
		SF_COLUMN(sf_node_row_channel, errored, INTEGER),
		SF_COLUMN(sf_node_row_channel, last_ms, INTEGER),
		SF_COLUMN(sf_node_row_channel, fault, INTEGER),
		SF_COLUMN(sf_node_row_channel, cursor, INTEGER),
		SF_COLUMN(sf_node_row_channel, url, BYTES),
		SF_COLUMN(sf_node_row_channel, events, INTEGER),
		SF_COLUMN(sf_node_row_channel, secret, BYTES),
		SF_COLUMN(sf_node_row_channel, created_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"channel_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
	},
};

const struct sf_table sf_node_table_passage = {
	.name = "passage",
	.row_size = sizeof(struct sf_node_row_passage),
	.column_count = 5,
	.columns = {
		SF_COLUMN(sf_node_row_passage, position, INTEGER),
		SF_COLUMN(sf_node_row_passage, message_id, ID),
		SF_COLUMN(sf_node_row_passage, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_passage, channel, BYTES),
		SF_COLUMN(sf_node_row_passage, out, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"passage_key", 1, {0}, true, SF_INDEX_WHOLE}, /* position */
		{"passage_by_message", 2, {1, 0}, false, SF_INDEX_WHOLE}, /* message_id, position */
	},
};

const struct sf_table sf_node_table_response = {
	.name = "response",
	.row_size = sizeof(struct sf_node_row_response),
	.column_count = 9,
	.columns = {
		SF_COLUMN(sf_node_row_response, message_id, ID),
		SF_COLUMN(sf_node_row_response, way, INTEGER),
		SF_COLUMN(sf_node_row_response, transition, ID),
		SF_COLUMN(sf_node_row_response, channel, BYTES),
		SF_COLUMN(sf_node_row_response, url, BYTES),
		SF_COLUMN(sf_node_row_response, content_type, BYTES),
		SF_COLUMN(sf_node_row_response, heading, BYTES),
		SF_COLUMN(sf_node_row_response, created_ms, INTEGER),
		SF_COLUMN(sf_node_row_response, answered, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"response_key", 1, {0}, true, SF_INDEX_WHOLE}, /* message_id */
		{"response_by_transition", 2, {2, 0}, false, SF_INDEX_WHOLE}, /* transition, message_id */
	},
};

const struct sf_table sf_node_table_aside = {
	.name = "aside",
	.row_size = sizeof(struct sf_node_row_aside),
	.column_count = 10,
	.columns = {
		SF_COLUMN(sf_node_row_aside, cursor, INTEGER),
		SF_COLUMN(sf_node_row_aside, channel, BYTES),
		SF_COLUMN(sf_node_row_aside, message_id, ID),
		SF_COLUMN(sf_node_row_aside, transition, ID),
		SF_COLUMN(sf_node_row_aside, party, ID),
		SF_COLUMN(sf_node_row_aside, ack, INTEGER),
		SF_COLUMN(sf_node_row_aside, code, INTEGER),
		SF_COLUMN(sf_node_row_aside, refusals, INTEGER),
		SF_COLUMN(sf_node_row_aside, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_aside, aside, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"aside_key", 1, {0}, true, SF_INDEX_WHOLE}, /* cursor */
		{"aside_by_transition", 2, {3, 0}, false, SF_INDEX_WHOLE}, /* transition, cursor */
	},
};

const struct sf_table sf_node_table_deletion = {
	.name = "deletion",
	.row_size = sizeof(struct sf_node_row_deletion),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_node_row_deletion, message_id, ID),
		SF_COLUMN(sf_node_row_deletion, author, ID),
		SF_COLUMN(sf_node_row_deletion, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_deletion, unanswered, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"deletion_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* message_id, author */
	},
};

/* clang-format on */
