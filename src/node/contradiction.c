/*
 * What a person must see: two texts that cannot both be true, or one that the log's own words
 * exclude. Both are kept for ever, so that whoever is shown them can judge (WIRE.md section 4).
 *
 * After a fork or a rollback the node stops: nothing is submitted, taken or signed until an epoch
 * record explains it, or a person has looked at the row and said so (options.contradictions_seen).
 */
#include "node/state.h"

/*
 * Beyond so many rows only the alarm is left: a peer must not fill the disk. What other parties say
 * leaves room for what the coordinator does, and what stops this node is always kept: it is the
 * last thing that this node hears of the log.
 */
#define CONTRADICTION_COUNT_MAX 1024
#define SUSPICION_COUNT_MAX 512

struct search {
	const struct sf_node_row_contradiction *wanted;
	bool found;
};

static bool visit(void *context, const void *row)
{
	struct search *search = context;
	const struct sf_node_row_contradiction *kept = row, *wanted = search->wanted;
	search->found = kept->kind == wanted->kind && kept->epoch == wanted->epoch &&
			kept->size == wanted->size && sf_id_equal(kept->party, wanted->party) &&
			sf_view_equal(kept->note, wanted->note) &&
			sf_view_equal(kept->other, wanted->other);
	return !search->found;
}

static void tell(struct sf_node *node, const struct sf_node_row_contradiction *contradiction)
{
	node->counters.alarms++;
	node->counters.contradictions++;
	const struct sf_feed_row row = {.at_ms = node->now_ms,
		.what = SF_FEED_CONTRADICTION,
		.party = node->options.party,
		.peer = sf_id_is_none(contradiction->party) ? node->options.coordinator
							    : contradiction->party};
	sf_feed_add(node->feed, &row);
}

enum sf_err sf_node_contradict(struct sf_node *node,
	const struct sf_node_row_contradiction *contradiction, struct sf_diag *diag)
{
	struct sf_node_row_contradiction row = *contradiction;
	struct search search = {.wanted = &row};
	const struct sf_scan scan = {
		.table = &sf_node_table_contradiction, .count_max = CONTRADICTION_COUNT_MAX};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit, &search, diag);
	if (err || search.found)
		return err;
	tell(node, &row);
	bool stops = row.kind == SF_CONTRADICTION_FORK || row.kind == SF_CONTRADICTION_ROLLBACK;
	int64_t count_max =
		row.kind == SF_CONTRADICTION_GOSSIP ? SUSPICION_COUNT_MAX : CONTRADICTION_COUNT_MAX;
	if (stops)
		node->log.halted = true;
	else if (node->counter_values[SF_NODE_COUNTER_CONTRADICTION] >= count_max)
		return SF_OK;
	row.position = sf_node_next(node, SF_NODE_COUNTER_CONTRADICTION);
	row.at_ms = node->now_ms;
	return store->insert(store->self, &sf_node_table_contradiction, &row, diag);
}

enum sf_err sf_node_contradict_note(struct sf_node *node, enum sf_contradiction kind,
	uint64_t against, struct sf_view note, struct sf_diag *diag)
{
	const struct sf_node_log *log = &node->log;
	struct sf_node_row_checkpoint kept;
	enum sf_err err = SF_ERR_NOT_FOUND;
	if (against > 0)
		err = sf_node_checkpoint_row(node, log->newest.epoch, against, &kept, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	/* The scan for a row that is known ends what the kept note's view lives of. */
	struct sf_node_row_contradiction row = {
		.kind = (int64_t)kind, .epoch = log->epoch, .size = (int64_t)against, .note = note};
	if (!err) {
		row.other = sf_arena_copy(&node->arena, kept.note);
		if (!row.other.data)
			return SF_ERR_LIMIT;
	}
	return sf_node_contradict(node, &row, diag);
}
