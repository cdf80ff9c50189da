/*
 * Daily reconciliation: both sides hash what they derived of the open transitions of this party
 * (sf_transition_summary) and compare. One hash a day when all is well; rows when it differs; a row
 * that differs at the same sequence is an alarm for people, and stands on the board until the two
 * agree again.
 */
#include "node/state.h"

#include "base/time.h"
#include "node/erase.h"

#define SETTLE_MS SF_MINUTE_MS   /* after a hello: what waited is delivered first */
#define REFRESH_MAX ((size_t)64) /* transitions of an older program, a turn */

enum sf_err sf_node_summarize(const struct sf_node *node, const struct sf_transition *transition,
	struct sf_node_row_transition *row)
{
	static const char label[] = "stafet/v1/summary";
	enum sf_transition_state state = sf_transition_state(transition);
	row->state = (int64_t)state;
	row->stay_state = (int64_t)sf_transition_stay(transition)->state;
	row->open = state != SF_TRANSITION_CLOSED && state != SF_TRANSITION_EMPTY &&
		    sf_transition_is_member(transition, node->options.party);
	struct sf_buf buf;
	sf_buf_init(&buf, SF_CLINICAL_SIZE_MAX);
	enum sf_err err = sf_transition_summary(transition, &buf);
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_buf_view(&buf)};
	const struct sf_crypto *crypto = &node->ports.crypto;
	if (!err)
		crypto->hash(
			crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), &row->summary);
	sf_buf_fini(&buf);
	return err;
}

/* All open rows, in order of id; in the arena of the turn. */
struct reconciling {
	struct sf_node *node;
	size_t count, capacity;
	struct sf_reconcile_row *rows;
	size_t stale_count; /* without a summary */
	struct sf_id stale[REFRESH_MAX];
	size_t differing_count;
	struct sf_id differing[REFRESH_MAX];
	bool full;
	enum sf_err err;
};

static bool add_row(struct reconciling *reconciling, const struct sf_reconcile_row *row)
{
	if (reconciling->count == reconciling->capacity) {
		size_t capacity = reconciling->capacity ? 2 * reconciling->capacity : 64;
		struct sf_reconcile_row *grown =
			sf_arena_take_many(&reconciling->node->arena, capacity, sizeof(*grown));
		reconciling->full = !grown;
		if (!grown)
			return false;
		for (size_t i = 0; i < reconciling->count; i++)
			grown[i] = reconciling->rows[i];
		reconciling->rows = grown;
		reconciling->capacity = capacity;
	}
	reconciling->rows[reconciling->count++] = *row;
	return true;
}

static bool visit_open(void *context, const void *row)
{
	struct reconciling *reconciling = context;
	const struct sf_node_row_transition *found = row;
	bool asked;
	reconciling->err = sf_node_is_asked(reconciling->node, found->id, &asked, NULL);
	if (reconciling->err || asked)
		return !reconciling->err;
	if (sf_digest_is_none(&found->summary)) {
		reconciling->stale[reconciling->stale_count++] = found->id;
		return reconciling->stale_count < REFRESH_MAX;
	}
	if (found->difference_ms != 0 && reconciling->differing_count < REFRESH_MAX)
		reconciling->differing[reconciling->differing_count++] = found->id;
	const struct sf_reconcile_row added = {
		found->id, (uint64_t)found->sequence, found->summary};
	return add_row(reconciling, &added);
}

static enum sf_err collect(
	struct sf_node *node, struct reconciling *ret_reconciling, struct sf_diag *diag)
{
	*ret_reconciling = (struct reconciling){.node = node};
	const struct sf_scan scan = {
		.table = &sf_node_table_transition, .index = SF_NODE_TRANSITION_OPEN};
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = store->scan(store->self, &scan, visit_open, ret_reconciling, diag);
	if (!err)
		err = ret_reconciling->err;
	return !err && ret_reconciling->full ? SF_ERR_LIMIT : err;
}

/* digest = BLAKE2b-256("stafet/v1/reconcile\0" || rows as id[16] || sequence[8] || summary[32]). */
static enum sf_err digest_rows(const struct reconciling *reconciling, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/reconcile";
	struct sf_buf buf;
	sf_buf_init(&buf, reconciling->count * 56 + 1);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < reconciling->count && !err; i++) {
		const struct sf_reconcile_row *row = &reconciling->rows[i];
		err = sf_buf_append(&buf, sf_id_view(&row->transition));
		if (!err)
			err = sf_buf_append_u64(&buf, row->sequence);
		if (!err)
			err = sf_buf_append(&buf, sf_digest_view(&row->summary));
	}
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_buf_view(&buf)};
	const struct sf_crypto *crypto = &reconciling->node->ports.crypto;
	if (!err)
		crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
	sf_buf_fini(&buf);
	return err;
}

/* Rows that an older program wrote: their summaries are made before the first comparison. */
static enum sf_err refresh(
	struct sf_node *node, const struct reconciling *reconciling, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < reconciling->stale_count && !err; i++) {
		struct sf_cached_transition *cached;
		err = sf_node_transition(node, reconciling->stale[i], &cached, diag);
		struct sf_node_row_transition row = {.id = reconciling->stale[i]};
		if (!err)
			err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
		if (!err)
			err = sf_node_summarize(node, cached->transition, &row);
		if (!err)
			err = store->replace(store->self, &sf_node_table_transition, &row, diag);
	}
	return err;
}

int64_t sf_node_reconcile_due_ms(const struct sf_node *node)
{
	int64_t last_ms = node->counter_values[SF_NODE_COUNTER_RECONCILED];
	int64_t daily_ms = last_ms == 0 ? 0 : last_ms + SF_DAY_MS;
	int64_t settled_ms = node->link_since_ms + SETTLE_MS;
	return daily_ms > settled_ms ? daily_ms : settled_ms;
}

static enum sf_err say_digest(struct sf_node *node, const struct reconciling *reconciling)
{
	struct sf_frame frame = {.kind = SF_FRAME_RECONCILE, .reconcile_count = reconciling->count};
	enum sf_err err = digest_rows(reconciling, &frame.reconcile_digest);
	return err ? err : sf_node_say(node, &frame);
}

enum sf_err sf_node_reconcile_due(struct sf_node *node, struct sf_diag *diag)
{
	if (!node->greeted || node->now_ms < sf_node_reconcile_due_ms(node))
		return SF_OK;
	struct reconciling reconciling;
	enum sf_err err = collect(node, &reconciling, diag);
	if (err || reconciling.stale_count > 0)
		return err ? err : refresh(node, &reconciling, diag);
	node->counter_values[SF_NODE_COUNTER_RECONCILED] = node->now_ms;
	node->counters_dirty = true;
	return say_digest(node, &reconciling);
}

static enum sf_err say_rows(struct sf_node *node, const struct reconciling *reconciling)
{
	struct sf_frame frame = {.kind = SF_FRAME_RECONCILE, .reconcile_count = reconciling->count};
	enum sf_err err = digest_rows(reconciling, &frame.reconcile_digest);
	for (size_t done = 0; done < reconciling->count && !err; done += frame.count) {
		size_t left = reconciling->count - done;
		frame.count = left < SF_FRAME_ITEM_COUNT_MAX ? left : SF_FRAME_ITEM_COUNT_MAX;
		frame.reconcile_rows = reconciling->rows + done;
		err = sf_node_say(node, &frame);
	}
	return err;
}

/*
 * Their row left after everything that had been sent to us, so whatever still differs now is not on
 * its way. A transition that is not known here at all has no row to mark: the alarm is all.
 */
static enum sf_err compare(
	struct sf_node *node, const struct sf_reconcile_row *theirs, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_transition row = {.id = theirs->transition};
	enum sf_err err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
	bool known = !err;
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	if (known && (uint64_t)row.sequence == theirs->sequence &&
		sf_digest_equal(&row.summary, &theirs->summary))
		return SF_OK;
	bool erased;
	err = sf_node_is_erased(node, theirs->transition, &erased, diag);
	if (err || erased)
		return err; /* by this party alone; the coordinator may have it */
	row.difference_ms = node->now_ms;
	const struct sf_feed_row happened = {.at_ms = node->now_ms,
		.what = SF_FEED_TROUBLE,
		.transition = row.id,
		.party = node->options.party,
		.peer = node->options.coordinator};
	node->counters.alarms++;
	sf_feed_add(node->feed, &happened);
	return known ? store->replace(store->self, &sf_node_table_transition, &row, diag) : SF_OK;
}

/* Both sides are of one view again. */
static enum sf_err forget_differences(
	struct sf_node *node, const struct reconciling *reconciling, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < reconciling->differing_count && !err; i++) {
		struct sf_node_row_transition row = {.id = reconciling->differing[i]};
		err = store->get(store->self, &sf_node_table_transition, 0, &row, diag);
		row.difference_ms = 0;
		if (!err)
			err = store->replace(store->self, &sf_node_table_transition, &row, diag);
	}
	return err;
}

enum sf_err sf_node_reconcile(
	struct sf_node *node, const struct sf_frame *frame, struct sf_diag *diag)
{
	struct reconciling reconciling;
	enum sf_err err = collect(node, &reconciling, diag);
	if (err)
		return err;
	if (frame->want_rows)
		return say_rows(node, &reconciling);
	for (size_t i = 0; i < frame->count && !err; i++)
		err = compare(node, &frame->reconcile_rows[i], diag);
	struct sf_digest own;
	if (!err)
		err = digest_rows(&reconciling, &own);
	bool agreed = !err && frame->count == 0 && sf_digest_equal(&own, &frame->reconcile_digest);
	return agreed ? forget_differences(node, &reconciling, diag) : err;
}
