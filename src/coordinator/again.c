/*
 * What comes again after the tail of the log was lost (WIRE.md section 7.1): from everybody at
 * once, and not in the order in which it was recorded first.
 */
#include "coordinator/state.h"

static enum sf_err is_unknown(struct sf_coordinator *coordinator, struct sf_id author,
	struct sf_id message_id, bool *ret_unknown, struct sf_diag *diag)
{
	struct sf_row_message row = {.author = author, .message_id = message_id};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_message, 0, &row, diag);
	*ret_unknown = err == SF_ERR_NOT_FOUND;
	return *ret_unknown ? SF_OK : err;
}

/*
 * When an epoch has begun, what was lost with the tail comes again from everybody at once. What its
 * author wrote after events that are not here yet waits for them, and so does what was written in
 * the new epoch: an acceptance does not come before its offer again.
 */
static enum sf_err comes_too_soon(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, bool *ret_soon, struct sf_diag *diag)
{
	const struct sf_message *message = &submission->header.message;
	struct sf_cached_transition *cached;
	*ret_soon = submission->headed && submission->header.seen_epoch >= coordinator->log.epoch;
	if (*ret_soon || !submission->headed || sf_id_is_none(message->transition))
		return SF_OK;
	enum sf_err err = SF_OK;
	if (message->fact.kind == SF_KIND_ACKNOWLEDGEMENT && message->recipient_count > 0)
		err = is_unknown(coordinator, message->recipients[0],
			message->fact.acknowledgement.message_id, ret_soon, diag);
	if (err || *ret_soon || message->seen_sequence == 0)
		return err;
	err = sf_coordinator_transition(coordinator, message->transition, &cached, diag);
	if (!err)
		*ret_soon = sf_transition_sequence(cached->transition) < message->seen_sequence;
	return err;
}

/* This store may lack what others know: nothing is recorded before they were heard. */
enum sf_err sf_coordinator_may_record(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, bool *ret_may, struct sf_diag *diag)
{
	bool soon = false;
	enum sf_err err = SF_OK;
	*ret_may = sf_coordinator_awaits_until_ms(coordinator) <= coordinator->now_ms &&
		   !sf_coordinator_wants_entries(coordinator);
	if (*ret_may && sf_coordinator_waits_until_ms(coordinator) > coordinator->now_ms)
		err = comes_too_soon(coordinator, submission, &soon, diag);
	*ret_may = *ret_may && !soon;
	return err;
}

struct earlier {
	struct sf_coordinator *coordinator;
	const struct sf_message *message;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool count_earlier(void *context, const void *row)
{
	struct earlier *earlier = context;
	const struct sf_row_event *event = row;
	struct sf_cover cover;
	struct sf_header header;
	if (event->kind != SF_KIND_ACKNOWLEDGEMENT || event->outcome == SF_OUTCOME_REFUSED ||
		event->cover.size == 0 || sf_cover_parse(event->cover, &cover, NULL) ||
		sf_header_decode(cover.header, &header, NULL) ||
		!sf_id_equal(header.message.fact.acknowledgement.message_id, earlier->message->id))
		return true;
	earlier->err =
		sf_coordinator_acknowledged(earlier->coordinator, &header.message, earlier->diag);
	return !earlier->err;
}

/*
 * After a lost tail a recipient's acknowledgement may have come again before the letter; it is not
 * said a third time (simulation, seed 637).
 */
enum sf_err sf_coordinator_count_acknowledgements(
	struct sf_coordinator *coordinator, const struct sf_message *message, struct sf_diag *diag)
{
	if (coordinator->log.past_count == 0 || message->recipient_count == 0 ||
		sf_id_is_none(message->transition))
		return SF_OK;
	struct earlier earlier = {coordinator, message, SF_OK, diag};
	const struct sf_row_event key = {.transition = message->transition};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, count_earlier, &earlier, diag);
	if (!err)
		err = earlier.err;
	for (const struct sf_recording *at = coordinator->recording_first; at && !err;
		at = at->next) {
		if (sf_id_equal(at->row.transition, message->transition))
			(void)count_earlier(&earlier, &at->row);
		err = earlier.err;
	}
	return err;
}
