/* The tables of the log and of what people may ask of it: see tables.h. */
#include "coordinator/tables.h"

/* clang-format off */

const struct sf_table sf_table_tile = {
	.name = "tile",
	.row_size = sizeof(struct sf_row_tile),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_tile, epoch, INTEGER),
		SF_COLUMN(sf_row_tile, level, INTEGER),
		SF_COLUMN(sf_row_tile, position, INTEGER),
		SF_COLUMN(sf_row_tile, hashes, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"tile_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* epoch, level, position */
	},
};

const struct sf_table sf_table_checkpoint = {
	.name = "checkpoint",
	.row_size = sizeof(struct sf_row_checkpoint),
	.column_count = 6,
	.columns = {
		SF_COLUMN(sf_row_checkpoint, epoch, INTEGER),
		SF_COLUMN(sf_row_checkpoint, size, INTEGER),
		SF_COLUMN(sf_row_checkpoint, root, DIGEST),
		SF_COLUMN(sf_row_checkpoint, note, BYTES),
		SF_COLUMN(sf_row_checkpoint, signed_ms, INTEGER),
		SF_COLUMN(sf_row_checkpoint, quorum_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"checkpoint_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* epoch, size */
	},
};

const struct sf_table sf_table_cosignature = {
	.name = "cosignature",
	.row_size = sizeof(struct sf_row_cosignature),
	.column_count = 5,
	.columns = {
		SF_COLUMN(sf_row_cosignature, epoch, INTEGER),
		SF_COLUMN(sf_row_cosignature, size, INTEGER),
		SF_COLUMN(sf_row_cosignature, party, ID),
		SF_COLUMN(sf_row_cosignature, line, BYTES),
		SF_COLUMN(sf_row_cosignature, at_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"cosignature_key", 3, {0, 1, 2}, true, SF_INDEX_WHOLE}, /* epoch, size, party */
	},
};

const struct sf_table sf_table_epoch = {
	.name = "epoch",
	.row_size = sizeof(struct sf_row_epoch),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_epoch, epoch, INTEGER),
		SF_COLUMN(sf_row_epoch, base, INTEGER),
		SF_COLUMN(sf_row_epoch, common_size, INTEGER),
		SF_COLUMN(sf_row_epoch, record, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"epoch_key", 1, {0}, true, SF_INDEX_WHOLE}, /* epoch */
	},
};

const struct sf_table sf_table_access = {
	.name = "access",
	.row_size = sizeof(struct sf_row_access),
	.column_count = 8,
	.columns = {
		SF_COLUMN(sf_row_access, leaf_index, INTEGER),
		SF_COLUMN(sf_row_access, at_ms, INTEGER),
		SF_COLUMN(sf_row_access, account, BYTES),
		SF_COLUMN(sf_row_access, reader, ID),
		SF_COLUMN(sf_row_access, role, INTEGER),
		SF_COLUMN(sf_row_access, purpose, INTEGER),
		SF_COLUMN(sf_row_access, what, INTEGER),
		SF_COLUMN(sf_row_access, transition, ID),
	},
	.index_count = 2,
	.indexes = {
		{"access_key", 1, {0}, true, SF_INDEX_WHOLE}, /* leaf_index */
		{"access_by_transition", 2, {7, 0}, false, SF_INDEX_WHOLE}, /* transition, leaf_index */
	},
};

const struct sf_table sf_table_erasure = {
	.name = "erasure",
	.row_size = sizeof(struct sf_row_erasure),
	.column_count = 6,
	.columns = {
		SF_COLUMN(sf_row_erasure, transition, ID),
		SF_COLUMN(sf_row_erasure, at_ms, INTEGER),
		SF_COLUMN(sf_row_erasure, ground, INTEGER),
		SF_COLUMN(sf_row_erasure, leaf_index, INTEGER),
		SF_COLUMN(sf_row_erasure, until_sequence, INTEGER),
		SF_COLUMN(sf_row_erasure, head, DIGEST),
	},
	.index_count = 1,
	.indexes = {
		{"erasure_key", 1, {0}, true, SF_INDEX_WHOLE}, /* transition */
	},
};

const struct sf_table sf_table_fold = {
	.name = "fold",
	.row_size = sizeof(struct sf_row_fold),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_row_fold, transition, ID),
		SF_COLUMN(sf_row_fold, sequence, INTEGER),
		SF_COLUMN(sf_row_fold, head, DIGEST),
		SF_COLUMN(sf_row_fold, events, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"fold_key", 1, {0}, true, SF_INDEX_WHOLE}, /* transition */
	},
};

/* clang-format on */
