/*
 * What time makes of transitions (R6, DESIGN.md section 4). The row of each transition says when
 * something is due in it; it is written in the transaction of every event, so nothing is due twice
 * and nothing is forgotten over a restart. A storm is worked in bounded batches, what moves
 * responsibility first, with messages between them.
 */
#include "coordinator/state.h"

#include "core/derived.h"

#define TIMERS_MAX ((size_t)256) /* transitions a turn: some 20 ms */
#define REARM_MAX ((size_t)4096) /* open transitions of one party that signs an agreement */
#define FACTS_MAX 512 /* of one transition at once; what is left is due in the next turn */

/*
 * DESIGN.md section 4: a clock that cannot be believed moves nothing. Neither does a store that was
 * restored, or that may have been.
 */
bool sf_coordinator_is_stopped(const struct sf_coordinator *coordinator)
{
	return coordinator->stands_still || coordinator->clock_apart ||
	       sf_coordinator_is_behind(coordinator) ||
	       sf_coordinator_waits_until_ms(coordinator) > coordinator->now_ms;
}

static void tell(struct sf_coordinator *coordinator, const struct sf_cached_transition *cached,
	const struct sf_message *message, const struct sf_row_event *event)
{
	struct sf_feed_row row = sf_feed_derived(cached->transition, event->recorded_ms, message);
	row.outcome = (enum sf_outcome)event->outcome;
	row.code = (uint32_t)event->code;
	sf_feed_add(coordinator->feed, &row);
	sf_feed_follow(coordinator->feed, cached->transition, (uint64_t)event->sequence,
		event->recorded_ms);
}

static enum sf_err record(struct sf_coordinator *coordinator, struct sf_cached_transition *cached,
	const struct sf_message *message, struct sf_row_event *row, struct sf_diag *diag)
{
	const struct sf_event event = {message, SF_CLASS_DERIVED, (uint64_t)row->sequence,
		coordinator->recorded_ms, SF_ROLE_COORDINATOR};
	struct sf_view header;
	struct sf_audience before = sf_coordinator_members(cached->transition);
	struct sf_transition_result result;
	enum sf_err err =
		sf_coordinator_write_header(coordinator, message, &header, row->envelope_id);
	if (!err)
		err = sf_transition_step(cached->transition, &event, &result);
	if (err)
		return err;
	row->outcome = (int64_t)result.outcome;
	row->code = result.code;
	struct sf_recording *recording;
	err = sf_coordinator_append(coordinator, 0, row, cached, &recording);
	if (err)
		return err;
	recording->header = header;
	tell(coordinator, cached, message, &recording->row);
	const struct sf_spread spread = {.message = message,
		.transition = cached->transition,
		.before = &before,
		.result = &result,
		.event = &recording->row};
	return sf_coordinator_spread(coordinator, &spread, diag);
}

enum sf_err sf_coordinator_record_derived(struct sf_coordinator *coordinator,
	struct sf_cached_transition *cached, const struct sf_fact *fact,
	enum sf_outcome *ret_outcome, struct sf_diag *diag)
{
	const struct sf_message message = {
		.format = 1,
		.id = sf_coordinator_new_id(coordinator),
		.transition = sf_transition_id(cached->transition),
		.author = coordinator->options.party,
		.author_sequence = (uint64_t)++coordinator->derived_count,
		.fact = *fact,
		.occurred_ms =
			fact->derived.due_ms > 0 ? fact->derived.due_ms : coordinator->recorded_ms,
		.created_ms = coordinator->recorded_ms,
	};
	struct sf_row_event row = {
		.transition = message.transition,
		.sequence = (int64_t)sf_transition_sequence(cached->transition) + 1,
		.kind_class = SF_CLASS_DERIVED,
		.kind = (int64_t)fact->kind,
		.author = message.author,
		.author_role = SF_ROLE_COORDINATOR,
		.message_id = message.id,
		.envelope_id = sf_coordinator_new_id(coordinator),
	};
	enum sf_err err = record(coordinator, cached, &message, &row, diag);
	coordinator->counters.derived++;
	if (ret_outcome)
		*ret_outcome = (enum sf_outcome)row.outcome;
	return err;
}

/* The core contradicts itself or the transition is full: no timer can mend that, a person looks. */
static void get_stuck(struct sf_coordinator *coordinator, struct sf_cached_transition *cached)
{
	const struct sf_feed_row row = {.at_ms = coordinator->recorded_ms,
		.what = SF_FEED_TROUBLE,
		.transition = sf_transition_id(cached->transition),
		.party = coordinator->options.party};
	sf_feed_add(coordinator->feed, &row);
	cached->stuck = true;
}

enum sf_err sf_coordinator_derive_due(struct sf_coordinator *coordinator,
	struct sf_cached_transition *cached, struct sf_diag *diag)
{
	struct sf_fact fact;
	enum sf_err err = SF_OK;
	for (int count = 0; count < FACTS_MAX && !err && !cached->stuck &&
			    !sf_coordinator_is_stopped(coordinator);
		count++) {
		if (!sf_transition_derive(cached->transition, coordinator->recorded_ms, &fact))
			break;
		enum sf_outcome outcome = SF_OUTCOME_APPLIED;
		err = sf_coordinator_record_derived(coordinator, cached, &fact, &outcome, diag);
		if (!err && outcome == SF_OUTCOME_REFUSED)
			get_stuck(coordinator, cached);
	}
	return err;
}

struct due {
	int64_t until_ms;
	size_t count;
	struct sf_id transitions[TIMERS_MAX];
};

static bool keep_due(void *context, const void *row)
{
	struct due *due = context;
	const struct sf_row_transition *transition = row;
	if (transition->due_ms > due->until_ms || due->count == TIMERS_MAX)
		return false;
	due->transitions[due->count++] = transition->id;
	return true;
}

static enum sf_err scan_urgency(struct sf_coordinator *coordinator, int64_t urgency,
	sf_row_visitor *visitor, void *context, struct sf_diag *diag)
{
	const struct sf_row_transition key = {.urgency = urgency};
	const struct sf_scan scan = {.table = &sf_table_transition,
		.index = SF_TRANSITION_BY_DUE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	return store->scan(store->self, &scan, visitor, context, diag);
}

enum sf_err sf_coordinator_work_timers(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	if (sf_coordinator_is_stopped(coordinator) ||
		coordinator->timer_ms > coordinator->recorded_ms)
		return SF_OK;
	struct due *due = sf_arena_take(&coordinator->arena, sizeof(*due));
	if (!due)
		return SF_ERR_LIMIT;
	due->until_ms = coordinator->recorded_ms;
	enum sf_err err = SF_OK;
	for (int64_t urgency = SF_URGENCY_MOVES; urgency <= SF_URGENCY_RECORD && !err; urgency++)
		err = scan_urgency(coordinator, urgency, keep_due, due, diag);
	for (size_t i = 0; i < due->count && !err; i++) {
		struct sf_cached_transition *cached;
		err = sf_coordinator_transition(coordinator, due->transitions[i], &cached, diag);
		if (err)
			break;
		uint64_t sequence = sf_transition_sequence(cached->transition);
		err = sf_coordinator_derive_due(coordinator, cached, diag);
		/* A timer without a fact is set anew; one that stays due would never end. */
		if (!err && sf_transition_sequence(cached->transition) == sequence &&
			sf_transition_next_due_ms(cached->transition, &(enum sf_urgency){0}) <=
				coordinator->recorded_ms)
			get_stuck(coordinator, cached);
		if (!err)
			err = sf_coordinator_touch(coordinator, cached);
	}
	return err;
}

struct awaiting {
	size_t count;
	struct sf_id transitions[REARM_MAX];
};

static bool keep_awaiting(void *context, const void *row)
{
	struct awaiting *awaiting = context;
	const struct sf_row_concern *concern = row;
	awaiting->transitions[awaiting->count++] = concern->transition;
	return awaiting->count < REARM_MAX;
}

enum sf_err sf_coordinator_rearm(
	struct sf_coordinator *coordinator, struct sf_id party, struct sf_diag *diag)
{
	struct awaiting *awaiting = sf_arena_take(&coordinator->arena, sizeof(*awaiting));
	if (!awaiting)
		return SF_ERR_LIMIT;
	const struct sf_row_concern key = {.party = party};
	const struct sf_scan scan = {.table = &sf_table_concern,
		.index = SF_CONCERN_BY_PARTY,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, keep_awaiting, awaiting, diag);
	/* A fact about an agreement counts from the millisecond after it is recorded. */
	int64_t from_ms = coordinator->recorded_ms + 1;
	for (size_t i = 0; i < awaiting->count && !err; i++) {
		struct sf_row_transition row = {.id = awaiting->transitions[i]};
		err = store->get(store->self, &sf_table_transition, 0, &row, diag);
		if (err || (row.timed && row.due_ms <= from_ms))
			continue;
		row.timed = 1;
		row.urgency = SF_URGENCY_RECORD;
		row.due_ms = from_ms;
		err = store->replace(store->self, &sf_table_transition, &row, diag);
	}
	return err;
}

static bool keep_first(void *context, const void *row)
{
	int64_t *first_ms = context;
	const struct sf_row_transition *transition = row;
	if (transition->due_ms < *first_ms)
		*first_ms = transition->due_ms;
	return false;
}

enum sf_err sf_coordinator_next_timer(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	int64_t first_ms = INT64_MAX;
	enum sf_err err = SF_OK;
	for (int64_t urgency = SF_URGENCY_MOVES; urgency <= SF_URGENCY_RECORD && !err; urgency++)
		err = scan_urgency(coordinator, urgency, keep_first, &first_ms, diag);
	coordinator->timer_ms = first_ms;
	return err;
}
