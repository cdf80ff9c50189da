#include "unit/store/tables.h"

#include <stddef.h>

/* clang-format off */
const struct sf_table letter_table = {
	.name = "letter",
	.row_size = sizeof(struct letter),
	.column_count = 7,
	.columns = {
		{"party", SF_COLUMN_ID, offsetof(struct letter, party)},
		{"number", SF_COLUMN_INTEGER, offsetof(struct letter, number)},
		{"transition", SF_COLUMN_ID, offsetof(struct letter, transition)},
		{"state", SF_COLUMN_INTEGER, offsetof(struct letter, state)},
		{"due_ms", SF_COLUMN_INTEGER, offsetof(struct letter, due_ms)},
		{"digest", SF_COLUMN_DIGEST, offsetof(struct letter, digest)},
		{"body", SF_COLUMN_BYTES, offsetof(struct letter, body)},
	},
	.index_count = 5,
	.indexes = {
		{"primary", 2, {0, 1}, true, SF_INDEX_WHOLE},
		{"letter_by_digest", 1, {5}, true, SF_INDEX_WHOLE},
		{"letter_open_by_due", 2, {3, 4}, false, 3},
		{"letter_by_transition", 2, {2, 4}, false, SF_INDEX_WHOLE},
		{"letter_open_once", 2, {2, 3}, true, 3},
	},
};

const struct sf_table leaf_table = {
	.name = "leaf",
	.row_size = sizeof(struct leaf),
	.column_count = 3,
	.columns = {
		{"position", SF_COLUMN_INTEGER, offsetof(struct leaf, position)},
		{"group", SF_COLUMN_INTEGER, offsetof(struct leaf, group)},
		{"digest", SF_COLUMN_DIGEST, offsetof(struct leaf, digest)},
	},
	.index_count = 2,
	.indexes = {
		{"primary", 1, {0}, true, SF_INDEX_WHOLE},
		{"leaf_by_group", 1, {1}, false, SF_INDEX_WHOLE},
	},
};

const struct sf_table word_table = {
	.name = "word",
	.row_size = sizeof(struct word),
	.column_count = 2,
	.columns = {
		{"text", SF_COLUMN_BYTES, offsetof(struct word, text)},
		{"number", SF_COLUMN_INTEGER, offsetof(struct word, number)},
	},
	.index_count = 1,
	.indexes = {{"primary", 2, {0, 1}, true, SF_INDEX_WHOLE}},
};
/* clang-format on */

const struct sf_table *const test_tables[3] = {&letter_table, &leaf_table, &word_table};
