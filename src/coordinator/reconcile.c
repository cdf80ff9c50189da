/*
 * Daily reconciliation (WIRE.md section 3): a node says the hash over what it derived of its open
 * transitions; when it is not ours, its rows are asked for and compared. What differs at the same
 * sequence, or is not there although nothing is on the way, stands on the board until both agree.
 */
#include "coordinator/state.h"

/* Of one party: a node that invents transitions must not fill the store. */
#define DIFFERENCES_MAX ((size_t)256)

struct comparison {
	struct sf_coordinator *coordinator;
	struct sf_party_state *party;
	bool waits; /* something is on its way to the party: what it lacks may be that */
	const struct sf_reconcile_row *rows; /* of the frame, sorted by transition */
	size_t count;
	size_t next;        /* of rows */
	struct sf_id until; /* ours are compared up to here */
	bool last;          /* no: up to the end */
	size_t found_count;
	struct sf_reconcile_row found[SF_FRAME_ITEM_COUNT_MAX];
	struct sf_buf *bytes; /* that the digest is over */
	uint64_t own_count;
	enum sf_err err;
	struct sf_diag *diag;
};

static enum sf_err get_row(struct comparison *comparison, struct sf_id id,
	struct sf_row_transition *ret_row, bool *ret_known)
{
	const struct sf_store *store = &comparison->coordinator->ports.store;
	*ret_row = (struct sf_row_transition){.id = id};
	enum sf_err err =
		store->get(store->self, &sf_table_transition, 0, ret_row, comparison->diag);
	*ret_known = !err;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/* Open transitions of the party from its concerns, in order of id. */
static enum sf_err walk_own(
	struct comparison *comparison, const struct sf_id *after, sf_row_visitor *visitor)
{
	const struct sf_row_concern key = {.party = comparison->party->row.party,
		.transition = after ? *after : (struct sf_id){{0}}};
	const struct sf_scan scan = {.table = &sf_table_concern,
		.index = SF_CONCERN_BY_PARTY,
		.equal_count = 1,
		.from = &key,
		.bounded = after != NULL,
		.exclusive = after != NULL};
	const struct sf_store *store = &comparison->coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visitor, comparison, comparison->diag);
	return err ? err : comparison->err;
}

static bool add_bytes(void *context, const void *row)
{
	struct comparison *comparison = context;
	const struct sf_row_concern *concern = row;
	struct sf_row_transition own;
	bool known;
	comparison->err = get_row(comparison, concern->transition, &own, &known);
	if (comparison->err || !known)
		return !comparison->err;
	comparison->own_count++;
	enum sf_err err = sf_buf_append(comparison->bytes, sf_id_view(&own.id));
	if (!err)
		err = sf_buf_append_u64(comparison->bytes, (uint64_t)own.sequence);
	if (!err)
		err = sf_buf_append(comparison->bytes, sf_digest_view(&own.summary));
	comparison->err = err;
	return !err;
}

static enum sf_err digest_own(struct comparison *comparison, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/reconcile";
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_LOCAL_SIZE_MAX);
	comparison->bytes = &bytes;
	enum sf_err err = walk_own(comparison, NULL, add_bytes);
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_buf_view(&bytes)};
	const struct sf_crypto *crypto = &comparison->coordinator->ports.crypto;
	if (!err)
		crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
	sf_buf_fini(&bytes);
	return err;
}

static enum sf_err say(struct comparison *comparison, bool want_rows, const struct sf_digest *own)
{
	const struct sf_frame frame = {
		.kind = SF_FRAME_RECONCILE,
		.count = comparison->found_count,
		.reconcile_rows = comparison->found,
		.reconcile_digest = *own,
		.reconcile_count = comparison->own_count,
		.want_rows = want_rows,
	};
	return sf_coordinator_say(comparison->coordinator, comparison->party->route, &frame);
}

static bool keep_difference(void *context, const void *row)
{
	struct comparison *comparison = context;
	const struct sf_row_difference *difference = row;
	comparison->found[comparison->found_count++].transition = difference->transition;
	return comparison->found_count < SF_FRAME_ITEM_COUNT_MAX;
}

/* Both are of one view: what differed before does no more. */
static enum sf_err forget(struct comparison *comparison)
{
	const struct sf_store *store = &comparison->coordinator->ports.store;
	struct sf_row_difference key = {.party = comparison->party->row.party};
	const struct sf_scan scan = {.table = &sf_table_difference, .equal_count = 1, .from = &key};
	enum sf_err err;
	do {
		comparison->found_count = 0;
		err = store->scan(
			store->self, &scan, keep_difference, comparison, comparison->diag);
		for (size_t i = 0; i < comparison->found_count && !err; i++) {
			key.transition = comparison->found[i].transition;
			err = store->remove(
				store->self, &sf_table_difference, &key, comparison->diag);
		}
	} while (!err && comparison->found_count > 0);
	return err;
}

static enum sf_err compare_digest(
	struct comparison *comparison, const struct sf_frame *frame, bool *ret_rows_wanted)
{
	struct sf_party_state *party = comparison->party;
	struct sf_digest own;
	enum sf_err err = digest_own(comparison, &own);
	if (err)
		return err;
	bool same = sf_digest_equal(&own, &frame->reconcile_digest) &&
		    comparison->own_count == frame->reconcile_count;
	party->row.reconciled_ms = comparison->coordinator->recorded_ms;
	party->dirty = true;
	party->rows_asked = !same;
	party->rows_seen = 0;
	party->rows_after = (struct sf_id){{0}};
	*ret_rows_wanted = !same;
	/* A node without any has no rows to say: ours alone are to be compared. */
	if (!same && frame->reconcile_count == 0)
		return SF_OK;
	if (same)
		err = forget(comparison);
	comparison->found_count = 0;
	return err ? err : say(comparison, !same, &own);
}

/* In order, as a frame has its rows: theirs are found before ours that they lack. */
static void add_found(struct comparison *comparison, const struct sf_reconcile_row *row)
{
	if (comparison->found_count == SF_FRAME_ITEM_COUNT_MAX)
		return;
	size_t place = comparison->found_count++;
	for (; place > 0 &&
		sf_id_compare(comparison->found[place - 1].transition, row->transition) > 0;
		place--)
		comparison->found[place] = comparison->found[place - 1];
	comparison->found[place] = *row;
}

static void differ(struct comparison *comparison, struct sf_id transition, int64_t sequence,
	const struct sf_digest *summary)
{
	struct sf_coordinator *coordinator = comparison->coordinator;
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_difference row = {
		comparison->party->row.party, transition, sequence, coordinator->recorded_ms};
	if (comparison->party->difference_count >= DIFFERENCES_MAX)
		return;
	comparison->err = store->insert(store->self, &sf_table_difference, &row, comparison->diag);
	bool known = comparison->err == SF_ERR_EXISTS;
	if (known)
		comparison->err = SF_OK;
	const struct sf_reconcile_row found = {transition, (uint64_t)sequence, *summary};
	add_found(comparison, &found);
	if (known)
		return;
	coordinator->counters.differences++;
	comparison->party->difference_count++;
	const struct sf_feed_row told = {.at_ms = coordinator->recorded_ms,
		.what = SF_FEED_TROUBLE,
		.transition = transition,
		.party = coordinator->options.party,
		.peer = comparison->party->row.party};
	sf_feed_add(coordinator->feed, &told);
}

static void agree(struct comparison *comparison, struct sf_id transition)
{
	const struct sf_store *store = &comparison->coordinator->ports.store;
	const struct sf_row_difference row = {
		.party = comparison->party->row.party, .transition = transition};
	comparison->err = store->remove(store->self, &sf_table_difference, &row, comparison->diag);
	if (comparison->err == SF_ERR_NOT_FOUND)
		comparison->err = SF_OK;
}

static void compare(struct comparison *comparison, const struct sf_reconcile_row *theirs)
{
	struct sf_row_transition own;
	bool known;
	comparison->err = get_row(comparison, theirs->transition, &own, &known);
	if (comparison->err || sf_digest_is_none(&own.summary) != !known)
		return; /* of an earlier program, not read by this one yet */
	uint64_t sequence = (uint64_t)own.sequence;
	if (theirs->sequence == sequence && sf_digest_equal(&theirs->summary, &own.summary))
		agree(comparison, own.id);
	else if (theirs->sequence >= sequence || !comparison->waits)
		differ(comparison, own.id, own.sequence, &own.summary);
}

/* Ours that stand before the next of theirs: the node does not have them, or not as open. */
static bool compare_own(void *context, const void *row)
{
	struct comparison *comparison = context;
	const struct sf_row_concern *concern = row;
	if (!comparison->last && sf_id_compare(concern->transition, comparison->until) > 0)
		return false;
	while (comparison->next < comparison->count &&
		sf_id_compare(comparison->rows[comparison->next].transition, concern->transition) <
			0)
		comparison->next++;
	if (comparison->next < comparison->count &&
		sf_id_equal(comparison->rows[comparison->next].transition, concern->transition))
		return true;
	struct sf_row_transition own;
	bool known;
	comparison->err = get_row(comparison, concern->transition, &own, &known);
	if (!comparison->err && known && !comparison->waits && !sf_digest_is_none(&own.summary))
		differ(comparison, own.id, own.sequence, &own.summary);
	return !comparison->err;
}

static bool find_one(void *context, const void *row)
{
	(void)row;
	*(bool *)context = true;
	return false;
}

static bool count_one(void *context, const void *row)
{
	(void)row;
	return ++*(size_t *)context < DIFFERENCES_MAX;
}

static enum sf_err look_at_store(struct comparison *comparison)
{
	const struct sf_store *store = &comparison->coordinator->ports.store;
	struct sf_party_state *party = comparison->party;
	const struct sf_row_queue queue = {.recipient = party->row.party};
	const struct sf_scan queued = {.table = &sf_table_queue, .equal_count = 1, .from = &queue};
	enum sf_err err =
		store->scan(store->self, &queued, find_one, &comparison->waits, comparison->diag);
	const struct sf_row_difference key = {.party = party->row.party};
	const struct sf_scan found = {
		.table = &sf_table_difference, .equal_count = 1, .from = &key};
	party->difference_count = 0;
	return err ? err
		   : store->scan(store->self, &found, count_one, &party->difference_count,
			     comparison->diag);
}

static enum sf_err compare_rows(struct comparison *comparison, const struct sf_frame *frame)
{
	struct sf_party_state *party = comparison->party;
	comparison->rows = frame->reconcile_rows;
	comparison->count = frame->count;
	party->rows_seen += frame->count;
	comparison->last = party->rows_seen >= frame->reconcile_count;
	enum sf_err err = look_at_store(comparison);
	for (size_t i = 0; i < frame->count && !err; i++) {
		compare(comparison, &frame->reconcile_rows[i]);
		err = comparison->err;
	}
	if (frame->count > 0)
		comparison->until = frame->reconcile_rows[frame->count - 1].transition;
	struct sf_id after = party->rows_after;
	if (!err)
		err = walk_own(comparison, &after, compare_own);
	party->rows_after = comparison->until;
	party->rows_asked = !comparison->last;
	struct sf_digest own;
	comparison->own_count = 0;
	if (!err)
		err = digest_own(comparison, &own);
	return err ? err : say(comparison, false, &own);
}

enum sf_err sf_coordinator_reconcile(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag)
{
	const struct sf_frame *frame = &taken->frame;
	struct comparison *comparison = sf_arena_take(&coordinator->arena, sizeof(*comparison));
	if (!comparison)
		return SF_ERR_LIMIT;
	comparison->coordinator = coordinator;
	comparison->party = party;
	comparison->diag = diag;
	if (party->rows_asked && frame->count > 0)
		return compare_rows(comparison, frame);
	if (frame->count > 0 || !sf_coordinator_may_ask(coordinator, party))
		return SF_OK; /* rows that nobody asked for, or too many questions */
	bool rows_wanted;
	enum sf_err err = compare_digest(comparison, frame, &rows_wanted);
	return !err && rows_wanted && frame->reconcile_count == 0 ? compare_rows(comparison, frame)
								  : err;
}
