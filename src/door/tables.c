#include "door/tables.h"

/* clang-format off */

const struct sf_table sf_door_table_token = {
	.name = "token",
	.row_size = sizeof(struct sf_door_row_token),
	.column_count = 6,
	.columns = {
		SF_COLUMN(sf_door_row_token, name, BYTES),
		SF_COLUMN(sf_door_row_token, digest, DIGEST),
		SF_COLUMN(sf_door_row_token, roles, INTEGER),
		SF_COLUMN(sf_door_row_token, created_ms, INTEGER),
		SF_COLUMN(sf_door_row_token, revoked_ms, INTEGER),
		SF_COLUMN(sf_door_row_token, used_ms, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"token_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
		{"token_by_digest", 1, {1}, true, SF_INDEX_WHOLE}, /* digest */
	},
};

/* clang-format on */
