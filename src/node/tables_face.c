/* Tables of what faces of the network need to be durable. */
#include "node/tables.h"

/* clang-format off */

const struct sf_table sf_node_table_repeat = {
	.name = "repeat",
	.row_size = sizeof(struct sf_node_row_repeat),
	.column_count = 7,
	.columns = {
		SF_COLUMN(sf_node_row_repeat, key, DIGEST),
		SF_COLUMN(sf_node_row_repeat, body, DIGEST),
		SF_COLUMN(sf_node_row_repeat, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_repeat, reply, INTEGER),
		SF_COLUMN(sf_node_row_repeat, message, ID),
		SF_COLUMN(sf_node_row_repeat, transition, ID),
		SF_COLUMN(sf_node_row_repeat, domains, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"repeat_key", 1, {0}, true, SF_INDEX_WHOLE}, /* key */
		{"repeat_by_age", 1, {2}, false, SF_INDEX_WHOLE}, /* at_ms */
	},
};

/* clang-format on */
