/* Who hears of an event (WIRE.md section 1, cover). */
#include "coordinator/state.h"

struct late_join {
	struct sf_coordinator *coordinator;
	struct sf_id party;
	int64_t before_sequence;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool queue_earlier(void *context, const void *row)
{
	struct late_join *join = context;
	const struct sf_row_event *event = row;
	if (event->sequence >= join->before_sequence)
		return false;
	if (!sf_id_equal(event->author, join->party))
		join->err = sf_coordinator_queue(
			join->coordinator, join->party, event, false, join->diag);
	return !join->err;
}

/* A party that joins receives every earlier event's cover first (WIRE section 1). */
static enum sf_err catch_up(struct sf_coordinator *coordinator, struct sf_id party,
	const struct sf_row_event *event, struct sf_diag *diag)
{
	struct late_join join = {coordinator, party, event->sequence, SF_OK, diag};
	const struct sf_row_event key = {.transition = event->transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, queue_earlier, &join, diag);
	if (!err)
		err = join.err;
	for (struct sf_recording *recording = coordinator->recording_first; recording && !err;
		recording = recording->next)
		if (sf_id_equal(recording->row.transition, event->transition))
			queue_earlier(&join, &recording->row), err = join.err;
	return err;
}

struct sf_audience sf_coordinator_members(const struct sf_transition *transition)
{
	struct sf_audience audience = {0};
	size_t count;
	const struct sf_member *members = sf_transition_members(transition, &count);
	for (; audience.count < count; audience.count++)
		audience.parties[audience.count] = members[audience.count].party;
	return audience;
}

/* The cover, to whom neither wrote it nor gets the envelope. */
static enum sf_err tell(struct sf_coordinator *coordinator, struct sf_id party,
	const struct sf_spread *spread, struct sf_diag *diag)
{
	bool done = sf_id_equal(party, spread->message->author) ||
		    (spread->deliver && sf_message_is_to(spread->message, party));
	return done ? SF_OK : sf_coordinator_queue(coordinator, party, spread->event, false, diag);
}

/*
 * The envelope to its recipients, its cover to every other party of the transition, and to those
 * whose part in it has ended with this event: they must hear that it has.
 */
enum sf_err sf_coordinator_spread(
	struct sf_coordinator *coordinator, const struct sf_spread *spread, struct sf_diag *diag)
{
	const struct sf_message *message = spread->message;
	const struct sf_row_event *event = spread->event;
	const struct sf_transition_result *result = spread->result;
	enum sf_err err = SF_OK;
	/* Also who joins by its own word: what others said before is not in its replica. */
	for (size_t i = 0; i < result->joined_count && event->sequence > 1 && !err; i++)
		err = catch_up(coordinator, result->joined[i], event, diag);
	for (size_t i = 0; spread->deliver && i < message->recipient_count && !err; i++)
		err = sf_coordinator_queue(
			coordinator, message->recipients[i], event, spread->whole, diag);
	struct sf_audience now = {0};
	if (spread->transition)
		now = sf_coordinator_members(spread->transition);
	for (size_t i = 0; i < now.count && !err; i++)
		err = tell(coordinator, now.parties[i], spread, diag);
	for (size_t i = 0; i < spread->before->count && !err; i++)
		if (!sf_transition_is_member(spread->transition, spread->before->parties[i]))
			err = tell(coordinator, spread->before->parties[i], spread, diag);
	return err;
}
