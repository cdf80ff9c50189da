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

const struct sf_table sf_door_table_user = {
	.name = "user",
	.row_size = sizeof(struct sf_door_row_user),
	.column_count = 11,
	.columns = {
		SF_COLUMN(sf_door_row_user, name, BYTES),
		SF_COLUMN(sf_door_row_user, full_name, BYTES),
		SF_COLUMN(sf_door_row_user, roles, INTEGER),
		SF_COLUMN(sf_door_row_user, salt, BYTES),
		SF_COLUMN(sf_door_row_user, hash, DIGEST),
		SF_COLUMN(sf_door_row_user, passes, INTEGER),
		SF_COLUMN(sf_door_row_user, memory_kib, INTEGER),
		SF_COLUMN(sf_door_row_user, created_ms, INTEGER),
		SF_COLUMN(sf_door_row_user, changed_ms, INTEGER),
		SF_COLUMN(sf_door_row_user, revoked_ms, INTEGER),
		SF_COLUMN(sf_door_row_user, signed_in_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"user_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
	},
};

const struct sf_table sf_door_table_session = {
	.name = "session",
	.row_size = sizeof(struct sf_door_row_session),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_door_row_session, digest, DIGEST),
		SF_COLUMN(sf_door_row_session, user, BYTES),
		SF_COLUMN(sf_door_row_session, begun_ms, INTEGER),
		SF_COLUMN(sf_door_row_session, seen_ms, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"session_key", 1, {0}, true, SF_INDEX_WHOLE}, /* digest */
		{"session_by_user", 2, {1, 2}, false, SF_INDEX_WHOLE}, /* user, begun_ms */
	},
};

const struct sf_table sf_door_table_link = {
	.name = "link",
	.row_size = sizeof(struct sf_door_row_link),
	.column_count = 3,
	.columns = {
		SF_COLUMN(sf_door_row_link, digest, DIGEST),
		SF_COLUMN(sf_door_row_link, user, BYTES),
		SF_COLUMN(sf_door_row_link, until_ms, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"link_key", 1, {0}, true, SF_INDEX_WHOLE}, /* digest */
		{"link_by_user", 1, {1}, false, SF_INDEX_WHOLE}, /* user */
	},
};

const struct sf_table sf_door_table_attempt = {
	.name = "attempt",
	.row_size = sizeof(struct sf_door_row_attempt),
	.column_count = 3,
	.columns = {
		SF_COLUMN(sf_door_row_attempt, name, DIGEST),
		SF_COLUMN(sf_door_row_attempt, failures, INTEGER),
		SF_COLUMN(sf_door_row_attempt, last_ms, INTEGER),
	},
	.index_count = 2,
	.indexes = {
		{"attempt_key", 1, {0}, true, SF_INDEX_WHOLE}, /* name */
		{"attempt_by_last", 1, {2}, false, SF_INDEX_WHOLE}, /* last_ms */
	},
};

/* clang-format on */
