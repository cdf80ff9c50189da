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

/* clang-format on */
