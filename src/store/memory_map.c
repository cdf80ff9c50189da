#include "store/memory_map.h"

#include <stdlib.h>

#include "store/table.h"

static struct sf_memory_link *link_new(size_t level_count)
{
	struct sf_memory_link *link =
		calloc(1, sizeof(*link) + level_count * sizeof(struct sf_memory_link *));
	if (link)
		link->level_count = level_count;
	return link;
}

enum sf_err sf_memory_map_init(
	struct sf_memory_map *map, const struct sf_table *table, const struct sf_index *index)
{
	struct sf_memory_link *head = link_new(SF_MEMORY_MAP_LEVEL_MAX);
	if (!head)
		return SF_ERR_MEMORY;
	*map = (struct sf_memory_map){.table = table, .index = index, .head = head, .last = head};
	return SF_OK;
}

void sf_memory_map_fini(struct sf_memory_map *map)
{
	while (map->head) {
		struct sf_memory_link *link = map->head;
		map->head = link->next[0];
		free(link);
	}
}

/* splitmix64 of a counter: every level half as often as the one below. */
static size_t next_level_count(struct sf_memory_map *map)
{
	uint64_t mixed = ++map->counter * UINT64_C(0x9E3779B97F4A7C15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
	mixed ^= mixed >> 31;
	size_t count = 1;
	while (count < SF_MEMORY_MAP_LEVEL_MAX && (mixed & 1) != 0) {
		mixed >>= 1;
		count++;
	}
	return count;
}

/* Order of the map: the index, then the primary key, so that no two rows are equal. */
static int order(const struct sf_memory_map *map, const void *a, const void *b)
{
	int by_index = sf_row_compare(map->table, map->index, map->index->column_count, a, b);
	if (by_index != 0)
		return by_index;
	const struct sf_index *primary = &map->table->indexes[0];
	return sf_row_compare(map->table, primary, primary->column_count, a, b);
}

/* The last link of each level that stands before row. */
static void find_before(const struct sf_memory_map *map, const void *row,
	struct sf_memory_link *ret_before[SF_MEMORY_MAP_LEVEL_MAX])
{
	struct sf_memory_link *link = map->head;
	for (size_t level = SF_MEMORY_MAP_LEVEL_MAX; level-- > 0;) {
		while (link->next[level] && order(map, link->next[level]->row, row) < 0)
			link = link->next[level];
		ret_before[level] = link;
	}
}

enum sf_err sf_memory_map_insert(struct sf_memory_map *map, const void *row)
{
	struct sf_memory_link *before[SF_MEMORY_MAP_LEVEL_MAX];
	find_before(map, row, before);
	struct sf_memory_link *link = link_new(next_level_count(map));
	if (!link)
		return SF_ERR_MEMORY;
	link->row = row;
	for (size_t level = 0; level < link->level_count; level++) {
		link->next[level] = before[level]->next[level];
		before[level]->next[level] = link;
	}
	link->previous = before[0];
	if (link->next[0])
		link->next[0]->previous = link;
	else
		map->last = link;
	return SF_OK;
}

void sf_memory_map_remove(struct sf_memory_map *map, const void *row)
{
	struct sf_memory_link *before[SF_MEMORY_MAP_LEVEL_MAX];
	find_before(map, row, before);
	struct sf_memory_link *link = before[0]->next[0];
	SF_ASSERT(link && link->row == row);
	for (size_t level = 0; level < link->level_count; level++)
		before[level]->next[level] = link->next[level];
	if (link->next[0])
		link->next[0]->previous = link->previous;
	else
		map->last = link->previous;
	free(link);
}

struct sf_memory_link *sf_memory_map_find(
	const struct sf_memory_map *map, const void *key, size_t count, bool after)
{
	struct sf_memory_link *link = map->head;
	for (size_t level = SF_MEMORY_MAP_LEVEL_MAX; level-- > 0;) {
		while (link->next[level]) {
			int position = count == 0 ? 0
						  : sf_row_compare(map->table, map->index, count,
							    link->next[level]->row, key);
			if (position > 0 || (position == 0 && !after))
				break;
			link = link->next[level];
		}
	}
	return link->next[0];
}

struct sf_memory_link *sf_memory_map_before(
	const struct sf_memory_map *map, const struct sf_memory_link *link)
{
	struct sf_memory_link *before = link ? link->previous : map->last;
	return before == map->head ? NULL : before;
}
