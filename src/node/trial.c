#include "node/trial.h"

#include "audit/listing.h"

struct replay {
	struct sf_node *node;
	struct sf_transition *transition;
	int64_t until_ms;
	uint64_t sequence_max;
	struct sf_digest head;
	int64_t opened_ms;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool replay_event(void *context, const void *row)
{
	struct replay *replay = context;
	const struct sf_node_row_event *event = row;
	uint64_t next = sf_transition_sequence(replay->transition) + 1;
	if ((uint64_t)event->sequence != next || next > replay->sequence_max ||
		event->recorded_ms > replay->until_ms || sf_digest_is_none(&event->head))
		return false;
	replay->err = sf_node_replay_event(replay->node, replay->transition, event, replay->diag);
	/* The replica has raised the alarm when it came. */
	if (replay->err == SF_ERR_INTEGRITY)
		replay->err = SF_OK;
	replay->head = event->head;
	if (replay->opened_ms == 0)
		replay->opened_ms = event->recorded_ms;
	return !replay->err;
}

static enum sf_err open_replay(struct replay *replay, struct sf_id id)
{
	enum sf_err err =
		sf_transition_open(id, sf_book_view(replay->node->book), &replay->transition);
	if (err)
		return err;
	const struct sf_node_row_event key = {.transition = id};
	const struct sf_scan scan = {.table = &sf_node_table_event, .equal_count = 1, .from = &key};
	const struct sf_store *store = sf_node_store(replay->node);
	err = store->scan(store->self, &scan, replay_event, replay, replay->diag);
	if (!err)
		err = replay->err;
	if (err)
		sf_transition_close(&replay->transition);
	return err;
}

struct pending {
	struct sf_node *node;
	struct sf_transition *trial;
	size_t seen;
	enum sf_err err;
	struct sf_diag *diag;
};

enum sf_err sf_node_trial_step(struct sf_node *node, struct sf_transition *trial,
	const struct sf_message *message, struct sf_transition_result *ret_result)
{
	const struct sf_directory_entry *own =
		sf_directory_party(node->directory, node->options.party);
	const struct sf_event event = {
		.message = message,
		.kind_class = message->fact.kind == SF_KIND_ACKNOWLEDGEMENT
				      ? SF_CLASS_ACKNOWLEDGEMENT
				      : SF_CLASS_FACT,
		.sequence = sf_transition_sequence(trial) + 1,
		.recorded_ms = node->now_ms,
		.author_role = own ? own->role : SF_ROLE_NONE,
	};
	return sf_transition_step(trial, &event, ret_result);
}

static enum sf_err step_pending(struct pending *pending, struct sf_view bytes)
{
	struct sf_message message;
	enum sf_err err = sf_message_decode(bytes, &message, pending->diag);
	if (err || !sf_id_equal(message.transition, sf_transition_id(pending->trial)))
		return err;
	struct sf_transition_result result;
	return sf_node_trial_step(pending->node, pending->trial, &message, &result);
}

static bool visit_sending(void *context, const void *row)
{
	struct pending *pending = context;
	const struct sf_node_row_sending *sending = row;
	const struct sf_store *store = sf_node_store(pending->node);
	struct sf_node_row_outbox outbox = {.message_id = sending->message_id};
	enum sf_err err = store->get(store->self, &sf_node_table_outbox, 0, &outbox, pending->diag);
	bool waits = !err && outbox.outcome == 0 &&
		     sf_id_equal(outbox.transition, sf_transition_id(pending->trial));
	if (waits)
		err = step_pending(pending, outbox.message);
	pending->err = err == SF_ERR_NOT_FOUND ? SF_OK : err;
	return !pending->err && ++pending->seen < SF_LISTING_WALK_MAX;
}

/* In the order in which it will be recorded, unless others come between. */
static enum sf_err step_all_pending(struct pending *pending)
{
	const struct sf_scan scan = {
		.table = &sf_node_table_sending, .index = SF_NODE_SENDING_OPEN};
	const struct sf_store *store = sf_node_store(pending->node);
	enum sf_err err = store->scan(store->self, &scan, visit_sending, pending, pending->diag);
	if (!err)
		err = pending->err;
	for (const struct sf_outgoing *outgoing = pending->node->outgoing_first; outgoing && !err;
		outgoing = outgoing->next)
		err = step_pending(pending, outgoing->message);
	return err;
}

enum sf_err sf_node_trial_open(struct sf_node *node, struct sf_id transition,
	struct sf_transition **ret_trial, struct sf_diag *diag)
{
	struct replay replay = {
		.node = node, .until_ms = INT64_MAX, .sequence_max = UINT64_MAX, .diag = diag};
	enum sf_err err = open_replay(&replay, transition);
	if (err)
		return err;
	struct pending pending = {.node = node, .trial = replay.transition, .diag = diag};
	err = step_all_pending(&pending);
	if (!err && sf_transition_sequence(replay.transition) == 0)
		err = SF_ERR_NOT_FOUND;
	if (err)
		sf_transition_close(&replay.transition);
	else
		*ret_trial = replay.transition;
	return err;
}

enum sf_err sf_node_past_open(struct sf_node *node, struct sf_id transition, int64_t at_ms,
	uint64_t known_sequence, struct sf_cached_transition *ret_past, struct sf_diag *diag)
{
	struct replay replay = {
		.node = node, .until_ms = at_ms, .sequence_max = known_sequence, .diag = diag};
	enum sf_err err = open_replay(&replay, transition);
	if (!err)
		*ret_past = (struct sf_cached_transition){.transition = replay.transition,
			.head = replay.head,
			.opened_ms = replay.opened_ms};
	return err;
}
