/* Tables of what is on its way beside envelopes. */
#include "coordinator/tables.h"

/* clang-format off */

const struct sf_table sf_table_attachment = {
	.name = "attachment",
	.row_size = sizeof(struct sf_row_attachment),
	.column_count = 9,
	.columns = {
		SF_COLUMN(sf_row_attachment, author, ID),
		SF_COLUMN(sf_row_attachment, message_id, ID),
		SF_COLUMN(sf_row_attachment, number, INTEGER),
		SF_COLUMN(sf_row_attachment, object, INTEGER),
		SF_COLUMN(sf_row_attachment, digest, DIGEST),
		SF_COLUMN(sf_row_attachment, size, INTEGER),
		SF_COLUMN(sf_row_attachment, have, INTEGER),
		SF_COLUMN(sf_row_attachment, link, DIGEST),
		SF_COLUMN(sf_row_attachment, open, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"attachment_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* author, message_id, number */
		{"attachment_open_by_author", 2, {0, 8}, false, 8}, /* author, open */
	},
};

const struct sf_table sf_table_chunk = {
	.name = "chunk",
	.row_size = sizeof(struct sf_row_chunk),
	.column_count = 3,
	.columns = {
		SF_COLUMN(sf_row_chunk, object, INTEGER),
		SF_COLUMN(sf_row_chunk, number, INTEGER),
		SF_COLUMN(sf_row_chunk, bytes, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"chunk_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* object, number */
	},
};

/* clang-format on */
