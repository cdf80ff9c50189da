/* Tables of attachments. */
#include "node/tables.h"

/* clang-format off */

const struct sf_table sf_node_table_attachment = {
	.name = "attachment",
	.row_size = sizeof(struct sf_node_row_attachment),
	.column_count = 16,
	.columns = {
		SF_COLUMN(sf_node_row_attachment, author, ID),
		SF_COLUMN(sf_node_row_attachment, message_id, ID),
		SF_COLUMN(sf_node_row_attachment, number, INTEGER),
		SF_COLUMN(sf_node_row_attachment, object, INTEGER),
		SF_COLUMN(sf_node_row_attachment, transition, ID),
		SF_COLUMN(sf_node_row_attachment, state, INTEGER),
		SF_COLUMN(sf_node_row_attachment, open, INTEGER),
		SF_COLUMN(sf_node_row_attachment, unused_ms, INTEGER),
		SF_COLUMN(sf_node_row_attachment, due_ms, INTEGER),
		SF_COLUMN(sf_node_row_attachment, digest, DIGEST),
		SF_COLUMN(sf_node_row_attachment, link, DIGEST),
		SF_COLUMN(sf_node_row_attachment, size, INTEGER),
		SF_COLUMN(sf_node_row_attachment, have, INTEGER),
		SF_COLUMN(sf_node_row_attachment, sent, INTEGER),
		SF_COLUMN(sf_node_row_attachment, trail, INTEGER),
		SF_COLUMN(sf_node_row_attachment, enclosure, BYTES),
	},
	.index_count = 5,
	.indexes = {
		{"attachment_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* author, message_id, number */
		{"attachment_by_object", 1, {3}, true, SF_INDEX_WHOLE}, /* object */
		{"attachment_open", 1, {6}, false, 6}, /* open */
		{"attachment_unused", 1, {7}, false, 7}, /* unused_ms */
		{"attachment_by_transition", 2, {4, 3}, false, SF_INDEX_WHOLE}, /* transition, object */
	},
};

const struct sf_table sf_node_table_chunk = {
	.name = "chunk",
	.row_size = sizeof(struct sf_node_row_chunk),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_node_row_chunk, object, INTEGER),
		SF_COLUMN(sf_node_row_chunk, number, INTEGER),
		SF_COLUMN(sf_node_row_chunk, trail, INTEGER),
		SF_COLUMN(sf_node_row_chunk, bytes, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"chunk_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* object, number */
	},
};

/* clang-format on */
