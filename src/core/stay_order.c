#include "core/stay_order.h"

#include <stdlib.h>

#define NO_EDGE ((size_t)-1)

/* One fact while it waits for its predecessors. Named by its rank in order of its own key. */
struct node {
	const struct sf_stay_entry *entry; /* borrowed */
	size_t named[2];                   /* ranks of supersedes and in_reply_to, or as above */
	size_t waiting;                    /* predecessors without a place */
	size_t edge_first;                 /* successors: edge 2 * rank + which of its two names */
	size_t place;
	bool placed;
};

struct sorter {
	struct node *nodes;               /* owned, by rank */
	const struct sf_stay_entry **ids; /* owned, by message id */
	size_t *edge_next;                /* owned, two per node */
	size_t *heap;                     /* owned, ranks that wait for nothing, smallest first */
	size_t *ranks;                    /* owned, rank by position in ids */
	size_t heap_count;
	size_t count;
};

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_unsigned(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_keys(const struct sf_stay_entry *a, const struct sf_stay_entry *b)
{
	int order = compare_numbers(a->created_ms, b->created_ms);
	if (order == 0)
		order = compare_unsigned(a->author_sequence, b->author_sequence);
	return order != 0 ? order : sf_id_compare(a->message_id, b->message_id);
}

/* Everything else an entry says: decides between two facts that bear one message id. */
static int compare_contents(const struct sf_stay_entry *a, const struct sf_stay_entry *b)
{
	int order = sf_id_compare(a->author, b->author);
	if (order == 0)
		order = sf_id_compare(a->supersedes, b->supersedes);
	if (order == 0)
		order = sf_id_compare(a->in_reply_to, b->in_reply_to);
	if (order == 0)
		order = compare_numbers(a->fact.activity, b->fact.activity);
	if (order == 0)
		order = compare_numbers(a->fact.mode, b->fact.mode);
	if (order == 0)
		order = compare_numbers(a->fact.stay_class, b->fact.stay_class);
	if (order == 0)
		order = compare_numbers(a->fact.event_ms, b->fact.event_ms);
	return order != 0 ? order : a->fact.report_requested - b->fact.report_requested;
}

static int by_id(const void *left, const void *right)
{
	const struct sf_stay_entry *a = *(const struct sf_stay_entry *const *)left;
	const struct sf_stay_entry *b = *(const struct sf_stay_entry *const *)right;
	int order = sf_id_compare(a->message_id, b->message_id);
	if (order == 0)
		order = compare_keys(a, b);
	return order != 0 ? order : compare_contents(a, b);
}

static int by_key(const void *left, const void *right)
{
	return compare_keys(
		((const struct node *)left)->entry, ((const struct node *)right)->entry);
}

static void heap_push(struct sorter *sorter, size_t rank)
{
	size_t at = sorter->heap_count++;
	while (at > 0 && sorter->heap[(at - 1) / 2] > rank) {
		sorter->heap[at] = sorter->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	sorter->heap[at] = rank;
}

static size_t heap_pop(struct sorter *sorter)
{
	size_t least = sorter->heap[0];
	size_t moved = sorter->heap[--sorter->heap_count];
	size_t at = 0;
	for (size_t child = 1; child < sorter->heap_count; child = 2 * at + 1) {
		if (child + 1 < sorter->heap_count && sorter->heap[child + 1] < sorter->heap[child])
			child++;
		if (sorter->heap[child] >= moved)
			break;
		sorter->heap[at] = sorter->heap[child];
		at = child;
	}
	sorter->heap[at] = moved;
	return least;
}

/* Position in ids, or NO_EDGE. */
static size_t find_id(const struct sorter *sorter, struct sf_id id)
{
	size_t low = 0;
	size_t high = sorter->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = sf_id_compare(sorter->ids[middle]->message_id, id);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NO_EDGE;
}

static void sort_unique(struct sorter *sorter, const struct sf_stay_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sorter->ids[i] = &entries[i];
	qsort(sorter->ids, count, sizeof(sorter->ids[0]), by_id);
	for (size_t i = 0; i < count; i++)
		if (sorter->count == 0 || !sf_id_equal(sorter->ids[sorter->count - 1]->message_id,
						  sorter->ids[i]->message_id))
			sorter->ids[sorter->count++] = sorter->ids[i];
	for (size_t i = 0; i < sorter->count; i++)
		sorter->nodes[i] = (struct node){.entry = sorter->ids[i], .edge_first = NO_EDGE};
	qsort(sorter->nodes, sorter->count, sizeof(sorter->nodes[0]), by_key);
	for (size_t rank = 0; rank < sorter->count; rank++)
		sorter->ranks[find_id(sorter, sorter->nodes[rank].entry->message_id)] = rank;
}

static void add_edge(struct sorter *sorter, size_t rank, size_t which, struct sf_id named)
{
	struct node *node = &sorter->nodes[rank];
	node->named[which] = SF_STAY_UNNAMED;
	if (sf_id_is_none(named) || sf_id_equal(named, node->entry->message_id))
		return;
	size_t found = find_id(sorter, named);
	if (found == NO_EDGE) {
		node->named[which] = SF_STAY_DANGLING;
		return;
	}
	node->named[which] = sorter->ranks[found];
	struct node *before = &sorter->nodes[sorter->ranks[found]];
	sorter->edge_next[2 * rank + which] = before->edge_first;
	before->edge_first = 2 * rank + which;
	node->waiting++;
}

static size_t place_of(const struct sorter *sorter, size_t named)
{
	if (named == SF_STAY_UNNAMED || named == SF_STAY_DANGLING)
		return named;
	const struct node *before = &sorter->nodes[named];
	return before->placed ? before->place : SF_STAY_DANGLING;
}

static void put_in_place(
	struct sorter *sorter, size_t rank, size_t place, struct sf_stay_place *ret_place)
{
	struct node *node = &sorter->nodes[rank];
	*ret_place = (struct sf_stay_place){
		.entry = node->entry,
		.supersedes = place_of(sorter, node->named[0]),
		.in_reply_to = place_of(sorter, node->named[1]),
	};
	node->place = place;
	node->placed = true;
	for (size_t edge = node->edge_first; edge != NO_EDGE; edge = sorter->edge_next[edge]) {
		struct node *after = &sorter->nodes[edge / 2];
		after->waiting--;
		if (after->waiting == 0 && !after->placed)
			heap_push(sorter, edge / 2);
	}
}

static void place_all(struct sorter *sorter, struct sf_stay_place *ret_places)
{
	for (size_t rank = 0; rank < sorter->count; rank++) {
		add_edge(sorter, rank, 0, sorter->nodes[rank].entry->supersedes);
		add_edge(sorter, rank, 1, sorter->nodes[rank].entry->in_reply_to);
	}
	for (size_t rank = 0; rank < sorter->count; rank++)
		if (sorter->nodes[rank].waiting == 0)
			heap_push(sorter, rank);
	size_t cut = 0; /* every rank below it has a place */
	for (size_t place = 0; place < sorter->count; place++) {
		if (sorter->heap_count > 0) {
			put_in_place(sorter, heap_pop(sorter), place, &ret_places[place]);
			continue;
		}
		while (sorter->nodes[cut].placed)
			cut++;
		put_in_place(sorter, cut, place, &ret_places[place]);
	}
}

enum sf_err sf_stay_order(const struct sf_stay_entry *entries, size_t count,
	struct sf_stay_place *ret_places, size_t *ret_count)
{
	if (count == 0) {
		*ret_count = 0;
		return SF_OK;
	}
	struct sorter sorter = {
		.nodes = calloc(count, sizeof(*sorter.nodes)),
		.ids = calloc(count, sizeof(*sorter.ids)),
		.edge_next = calloc(count, 2 * sizeof(*sorter.edge_next)),
		.heap = calloc(count, sizeof(*sorter.heap)),
		.ranks = calloc(count, sizeof(*sorter.ranks)),
	};
	enum sf_err err = SF_ERR_MEMORY;
	if (sorter.nodes && sorter.ids && sorter.edge_next && sorter.heap && sorter.ranks) {
		sort_unique(&sorter, entries, count);
		place_all(&sorter, ret_places);
		*ret_count = sorter.count;
		err = SF_OK;
	}
	free(sorter.nodes);
	free(sorter.ids);
	free(sorter.edge_next);
	free(sorter.heap);
	free(sorter.ranks);
	return err;
}
