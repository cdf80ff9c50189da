/* The tables of the log and of what people may ask of it: see tables.h. */
#include "node/tables.h"

/* clang-format off */

const struct sf_table sf_node_table_proof = {
	.name = "proof",
	.row_size = sizeof(struct sf_node_row_proof),
	.column_count = 9,
	.columns = {
		SF_COLUMN(sf_node_row_proof, epoch, INTEGER),
		SF_COLUMN(sf_node_row_proof, leaf_index, INTEGER),
		SF_COLUMN(sf_node_row_proof, message_id, ID),
		SF_COLUMN(sf_node_row_proof, transition, ID),
		SF_COLUMN(sf_node_row_proof, own, INTEGER),
		SF_COLUMN(sf_node_row_proof, leaf, BYTES),
		SF_COLUMN(sf_node_row_proof, size, INTEGER),
		SF_COLUMN(sf_node_row_proof, path, BYTES),
		SF_COLUMN(sf_node_row_proof, open, INTEGER),
	},
	.index_count = 3,
	.indexes = {
		{"proof_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* epoch, leaf_index */
		{"proof_open", 1, {8}, false, 8}, /* open */
		{"proof_by_message", 3, {2, 0, 1}, false, SF_INDEX_WHOLE}, /* message_id, epoch, leaf_index */
	},
};

const struct sf_table sf_node_table_checkpoint = {
	.name = "checkpoint",
	.row_size = sizeof(struct sf_node_row_checkpoint),
	.column_count = 9,
	.columns = {
		SF_COLUMN(sf_node_row_checkpoint, epoch, INTEGER),
		SF_COLUMN(sf_node_row_checkpoint, size, INTEGER),
		SF_COLUMN(sf_node_row_checkpoint, root, DIGEST),
		SF_COLUMN(sf_node_row_checkpoint, note, BYTES),
		SF_COLUMN(sf_node_row_checkpoint, directory_version, INTEGER),
		SF_COLUMN(sf_node_row_checkpoint, directory_head, DIGEST),
		SF_COLUMN(sf_node_row_checkpoint, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_checkpoint, cosigned, INTEGER),
		SF_COLUMN(sf_node_row_checkpoint, witnessed, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"checkpoint_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* epoch, size */
	},
};

const struct sf_table sf_node_table_contradiction = {
	.name = "contradiction",
	.row_size = sizeof(struct sf_node_row_contradiction),
	.column_count = 8,
	.columns = {
		SF_COLUMN(sf_node_row_contradiction, position, INTEGER),
		SF_COLUMN(sf_node_row_contradiction, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_contradiction, kind, INTEGER),
		SF_COLUMN(sf_node_row_contradiction, epoch, INTEGER),
		SF_COLUMN(sf_node_row_contradiction, size, INTEGER),
		SF_COLUMN(sf_node_row_contradiction, note, BYTES),
		SF_COLUMN(sf_node_row_contradiction, other, BYTES),
		SF_COLUMN(sf_node_row_contradiction, party, ID),
	},
	.index_count = 1,
	.indexes = {
		{"contradiction_key", 1, {0}, true, SF_INDEX_WHOLE}, /* position */
	},
};

const struct sf_table sf_node_table_epoch = {
	.name = "epoch",
	.row_size = sizeof(struct sf_node_row_epoch),
	.column_count = 3,
	.columns = {
		SF_COLUMN(sf_node_row_epoch, epoch, INTEGER),
		SF_COLUMN(sf_node_row_epoch, common_size, INTEGER),
		SF_COLUMN(sf_node_row_epoch, record, BYTES),
	},
	.index_count = 1,
	.indexes = {
		{"epoch_key", 1, {0}, true, SF_INDEX_WHOLE}, /* epoch */
	},
};

const struct sf_table sf_node_table_void = {
	.name = "void",
	.row_size = sizeof(struct sf_node_row_void),
	.column_count = 10,
	.columns = {
		SF_COLUMN(sf_node_row_void, epoch, INTEGER),
		SF_COLUMN(sf_node_row_void, leaf_index, INTEGER),
		SF_COLUMN(sf_node_row_void, message_id, ID),
		SF_COLUMN(sf_node_row_void, transition, ID),
		SF_COLUMN(sf_node_row_void, cover, BYTES),
		SF_COLUMN(sf_node_row_void, receipt, BYTES),
		SF_COLUMN(sf_node_row_void, receipt_index, INTEGER),
		SF_COLUMN(sf_node_row_void, receipt_count, INTEGER),
		SF_COLUMN(sf_node_row_void, receipt_path, BYTES),
		SF_COLUMN(sf_node_row_void, receipt_signature, BYTES),
	},
	.index_count = 2,
	.indexes = {
		{"void_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* epoch, leaf_index */
		{"void_by_transition", 3, {3, 0, 1}, false, SF_INDEX_WHOLE}, /* transition, epoch, leaf_index */
	},
};

const struct sf_table sf_node_table_gossip = {
	.name = "gossip",
	.row_size = sizeof(struct sf_node_row_gossip),
	.column_count = 5,
	.columns = {
		SF_COLUMN(sf_node_row_gossip, epoch, INTEGER),
		SF_COLUMN(sf_node_row_gossip, size, INTEGER),
		SF_COLUMN(sf_node_row_gossip, root, DIGEST),
		SF_COLUMN(sf_node_row_gossip, party, ID),
		SF_COLUMN(sf_node_row_gossip, asked_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"gossip_key", 2, {0, 1}, true, SF_INDEX_WHOLE}, /* epoch, size */
	},
};

const struct sf_table sf_node_table_content_key = {
	.name = "content_key",
	.row_size = sizeof(struct sf_node_row_content_key),
	.column_count = 3,
	.columns = {
		SF_COLUMN(sf_node_row_content_key, transition, ID),
		SF_COLUMN(sf_node_row_content_key, sealed, BYTES),
		SF_COLUMN(sf_node_row_content_key, made_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"content_key_key", 1, {0}, true, SF_INDEX_WHOLE}, /* transition */
	},
};

const struct sf_table sf_node_table_access = {
	.name = "access",
	.row_size = sizeof(struct sf_node_row_access),
	.column_count = 8,
	.columns = {
		SF_COLUMN(sf_node_row_access, position, INTEGER),
		SF_COLUMN(sf_node_row_access, at_ms, INTEGER),
		SF_COLUMN(sf_node_row_access, account, BYTES),
		SF_COLUMN(sf_node_row_access, role, INTEGER),
		SF_COLUMN(sf_node_row_access, purpose, INTEGER),
		SF_COLUMN(sf_node_row_access, what, INTEGER),
		SF_COLUMN(sf_node_row_access, transition, ID),
		SF_COLUMN(sf_node_row_access, message, ID),
	},
	.index_count = 2,
	.indexes = {
		{"access_key", 1, {0}, true, SF_INDEX_WHOLE}, /* position */
		{"access_by_transition", 2, {6, 0}, false, SF_INDEX_WHOLE}, /* transition, position */
	},
};

const struct sf_table sf_node_table_erasure = {
	.name = "erasure",
	.row_size = sizeof(struct sf_node_row_erasure),
	.column_count = 4,
	.columns = {
		SF_COLUMN(sf_node_row_erasure, transition, ID),
		SF_COLUMN(sf_node_row_erasure, asked_ms, INTEGER),
		SF_COLUMN(sf_node_row_erasure, ground, INTEGER),
		SF_COLUMN(sf_node_row_erasure, done_ms, INTEGER),
	},
	.index_count = 1,
	.indexes = {
		{"erasure_key", 1, {0}, true, SF_INDEX_WHOLE}, /* transition */
	},
};

/* clang-format on */
