/* The directory's heads, one a version: what a checkpoint's line about it must be (WIRE section 2).
 */
#include "node/state.h"

#include <stdlib.h>

enum sf_err sf_node_note_head(struct sf_node *node)
{
	struct sf_node_log *log = &node->log;
	size_t version = (size_t)sf_directory_version(node->directory);
	if (version >= log->head_capacity) {
		size_t capacity = log->head_capacity ? 2 * log->head_capacity : 64;
		while (capacity <= version)
			capacity *= 2;
		struct sf_digest *grown = realloc(log->heads, capacity * sizeof(*grown));
		if (!grown)
			return SF_ERR_MEMORY;
		log->heads = grown;
		log->head_capacity = capacity;
	}
	log->heads[version] = *sf_directory_head(node->directory);
	return SF_OK;
}

bool sf_node_head_at(const struct sf_node *node, uint64_t version, struct sf_digest *ret_head)
{
	if (version > sf_directory_version(node->directory))
		return false;
	*ret_head = node->log.heads[version];
	return true;
}
