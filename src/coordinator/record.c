#include "coordinator/attachment.h"

#include "audit/replay.h"
#include "base/time.h"

#define FUTURE_MS_MAX (5 * SF_MINUTE_MS) /* WIRE section 1: sent later than this is retry-later */
#define HOLD_MS SF_SECOND_MS             /* of a party over its quota */

static enum sf_err complain(struct sf_coordinator *coordinator, uint64_t route,
	const struct sf_submission *submission, enum sf_frame_error error)
{
	coordinator->counters.dropped++;
	sf_coordinator_tell(coordinator, SF_FEED_DROPPED, (struct sf_id){{0}},
		submission->key_owner, (struct sf_id){{0}});
	struct sf_frame frame = {.kind = SF_FRAME_ERROR, .error = error};
	if (submission->framed)
		frame.error_digest = submission->names.digest;
	if (submission->headed)
		frame.error_envelope_id = submission->header.envelope_id;
	return sf_coordinator_say(coordinator, route, &frame);
}

static enum sf_err ask_later(struct sf_coordinator *coordinator, uint64_t route,
	const struct sf_submission *submission, enum sf_retry_code code, int64_t after_ms)
{
	struct sf_frame frame = {.kind = SF_FRAME_RETRY_LATER,
		.count = 1,
		.envelope_ids = &submission->header.envelope_id,
		.retry_code = code,
		.retry_after_ms = after_ms};
	return sf_coordinator_say(coordinator, route, &frame);
}

static struct sf_recording *find_recording(struct sf_coordinator *coordinator, int64_t leaf_index)
{
	for (struct sf_recording *recording = coordinator->recording_first; recording;
		recording = recording->next)
		if (recording->row.leaf_index == leaf_index)
			return recording;
	return NULL;
}

enum sf_err sf_coordinator_keep_event(struct sf_coordinator *coordinator, struct sf_row_event *row)
{
	struct sf_view *views[] = {&row->leaf, &row->cover, &row->receipt, &row->receipt_path,
		&row->receipt_signature};
	for (size_t i = 0; i < SF_COUNT(views); i++) {
		*views[i] = sf_arena_copy(&coordinator->arena, *views[i]);
		if (!views[i]->data)
			return SF_ERR_LIMIT;
	}
	return SF_OK;
}

/* WIRE section 3: without a new leaf, because its author answers a duplicate with it. */
static enum sf_err pass_on(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, const struct sf_row_event *event,
	struct sf_diag *diag)
{
	const struct sf_message *message = &submission->header.message;
	enum sf_err err = SF_OK;
	if (message->fact.kind != SF_KIND_ACKNOWLEDGEMENT)
		return SF_OK;
	/* It may have been recorded before its message, after a lost tail. */
	err = sf_coordinator_acknowledged(coordinator, message, diag);
	for (size_t i = 0; i < message->recipient_count && !err; i++)
		err = sf_coordinator_queue(coordinator, message->recipients[i], event,
			submission->envelope.slot_count > 0, diag);
	return err;
}

/* A byte-identical envelope: the stored receipt again; an acknowledgement is passed on again. */
static enum sf_err repeat(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	const struct sf_submission *submission, int64_t leaf_index, struct sf_diag *diag)
{
	coordinator->counters.repeated++;
	const struct sf_message *message = &submission->header.message;
	sf_coordinator_tell(
		coordinator, SF_FEED_DUPLICATE, message->id, message->author, (struct sf_id){{0}});
	struct sf_recording *recording = find_recording(coordinator, leaf_index);
	if (recording) {
		recording->route = taken->route;
		return pass_on(coordinator, submission, &recording->row, diag);
	}
	struct sf_repeat *again = sf_arena_take(&coordinator->arena, sizeof(*again));
	if (!again)
		return SF_ERR_LIMIT;
	*again = (struct sf_repeat){.route = taken->route, .row.leaf_index = leaf_index};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_event, 0, &again->row, diag);
	if (!err)
		err = sf_coordinator_keep_event(coordinator, &again->row);
	if (err)
		return err;
	*coordinator->repeat_last = again;
	coordinator->repeat_last = &again->next;
	return pass_on(coordinator, submission, &again->row, diag);
}

/* Steps the transition, or only counts, and completes verdict and row. */
static enum sf_err step_transition(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, struct sf_cached_transition *cached,
	struct sf_verdict *verdict, struct sf_row_event *row,
	struct sf_transition_result *ret_result)
{
	struct sf_transition *transition = cached->transition;
	row->sequence = (int64_t)sf_transition_sequence(transition) + 1;
	cached->stuck = false;
	const struct sf_recorded recorded = {verdict->kind_class, verdict->outcome, verdict->code,
		(uint64_t)row->sequence, coordinator->recorded_ms, submission->author_role};
	if (sf_recorded_is_number_only(&recorded)) {
		*ret_result = (struct sf_transition_result){
			.outcome = verdict->outcome, .code = verdict->code};
		return sf_transition_skip(transition, (uint64_t)row->sequence);
	}
	const struct sf_event event = {&submission->header.message, verdict->kind_class,
		(uint64_t)row->sequence, coordinator->recorded_ms, submission->author_role};
	enum sf_err err = sf_transition_step(transition, &event, ret_result);
	if (err)
		return err;
	verdict->outcome = ret_result->outcome;
	verdict->code = ret_result->code;
	if (verdict->equivocates && verdict->outcome == SF_OUTCOME_APPLIED) {
		verdict->outcome = SF_OUTCOME_DEVIATION;
		verdict->code = SF_DEVIATION_EQUIVOCATION;
	}
	return SF_OK;
}

/* One row per recipient of a body; the sealed bytes stay until all are final. */
static enum sf_err open_deliveries(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, struct sf_diag *diag)
{
	const struct sf_header *header = &submission->header;
	const struct sf_store *store = &coordinator->ports.store;
	if (submission->envelope.slot_count == 0)
		return SF_OK;
	const struct sf_row_sealed sealed = {header->message.author, header->message.id,
		header->envelope_id, submission->envelope.whole};
	enum sf_err err = SF_OK;
	bool open = false;
	for (size_t i = 0; i < header->message.recipient_count && !err; i++) {
		struct sf_row_delivery row = {.author = header->message.author,
			.message_id = header->message.id,
			.recipient = header->message.recipients[i]};
		err = store->get(store->self, &sf_table_delivery, 0, &row, diag);
		bool final = !err && row.open == 0;
		if (err && err != SF_ERR_NOT_FOUND)
			return err;
		err = SF_OK;
		if (final)
			continue;
		row.state = SF_DELIVERY_QUEUED;
		row.since_ms = coordinator->recorded_ms;
		/* Another sending does not make the message younger: late counts from the first. */
		row.open = row.open ? row.open : coordinator->recorded_ms;
		row.transition = header->message.transition;
		err = store->replace(store->self, &sf_table_delivery, &row, diag);
		open = true;
	}
	/* A resend that crossed the last answer leaves nothing behind. */
	if (!err && open)
		err = store->replace(store->self, &sf_table_sealed, &sealed, diag);
	if (!err && open)
		err = sf_coordinator_expect_attachments(coordinator, &header->message, diag);
	return err;
}

static enum sf_err save_message(struct sf_coordinator *coordinator,
	const struct sf_submission *submission, const struct sf_digest *content,
	const struct sf_row_event *event, struct sf_diag *diag)
{
	const struct sf_message *message = &submission->header.message;
	bool counts = event->outcome != SF_OUTCOME_REFUSED;
	const struct sf_row_message row = {
		.author = message->author,
		.message_id = message->id,
		.content_id = *content,
		.transition = message->transition,
		.leaf_index = event->leaf_index,
		.outcome = event->outcome,
		.code = event->code,
		.kind = (int64_t)message->fact.kind,
		.author_sequence = (int64_t)message->author_sequence,
		.numbered = counts ? (int64_t)message->author_sequence : 0,
	};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->replace(store->self, &sf_table_message, &row, diag);
	struct sf_party_state *party = sf_parties_find(&coordinator->parties, message->author);
	if (!err && party && row.numbered > party->row.author_sequence) {
		party->row.author_sequence = row.numbered;
		party->dirty = true;
	}
	return err;
}

static void tell_recorded(struct sf_coordinator *coordinator, const struct sf_message *message,
	const struct sf_row_event *event, const struct sf_transition *transition)
{
	enum sf_feed_what what = event->kind_class == SF_CLASS_RESEND ? SF_FEED_RESENT
				 : event->kind_class == SF_CLASS_ACKNOWLEDGEMENT
					 ? SF_FEED_ACKNOWLEDGED
					 : SF_FEED_RECORDED;
	struct sf_feed_row row = sf_feed_message(what, event->recorded_ms, message);
	row.outcome = (enum sf_outcome)event->outcome;
	if (event->code)
		row.code = (uint32_t)event->code;
	sf_feed_add(coordinator->feed, &row);
	if (transition)
		sf_feed_follow(coordinator->feed, transition, (uint64_t)event->sequence,
			event->recorded_ms);
}

/* An acknowledgement that came before its message, after a lost tail, counts when said again. */
static bool counts(const struct sf_verdict *verdict, const struct sf_message *message)
{
	bool acknowledges = message->fact.kind == SF_KIND_ACKNOWLEDGEMENT;
	return (verdict->first || acknowledges) && verdict->outcome != SF_OUTCOME_REFUSED;
}

/* What a fact that counts brings about beyond its own transition. */
static enum sf_err follow_up(struct sf_coordinator *coordinator,
	struct sf_cached_transition *cached, const struct sf_message *message,
	const struct sf_row_event *event, struct sf_diag *diag)
{
	if (message->fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		return sf_coordinator_acknowledged(coordinator, message, diag);
	if (cached)
		return sf_coordinator_link(coordinator, cached, message, diag);
	if (sf_kind_is_of_agreement(message->fact.kind))
		return sf_coordinator_follow_agreement(coordinator, message, event, diag);
	return SF_OK;
}

static enum sf_err record_whole(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	const struct sf_submission *submission, const struct sf_digest *content,
	struct sf_verdict *verdict, struct sf_diag *diag)
{
	const struct sf_header *header = &submission->header;
	struct sf_row_event row = {
		.transition = header->message.transition,
		.kind = (int64_t)header->message.fact.kind,
		.author = header->message.author,
		.author_role = (int64_t)submission->author_role,
		.message_id = header->message.id,
		.envelope_id = header->envelope_id,
		.digest = submission->names.digest,
	};
	struct sf_cached_transition *cached = NULL;
	struct sf_transition_result result = {.outcome = verdict->outcome, .code = verdict->code};
	struct sf_audience before = {0};
	enum sf_err err = SF_OK;
	if (!sf_id_is_none(row.transition)) {
		err = sf_coordinator_transition(coordinator, row.transition, &cached, diag);
		/* A late answer never overtakes its own missed deadline. */
		if (!err)
			err = sf_coordinator_derive_due(coordinator, cached, diag);
		if (!err)
			before = sf_coordinator_members(cached->transition);
		if (!err)
			err = step_transition(
				coordinator, submission, cached, verdict, &row, &result);
		if (err)
			return err;
	}
	row.kind_class = (int64_t)verdict->kind_class;
	row.outcome = (int64_t)verdict->outcome;
	row.code = verdict->code;
	struct sf_buf cover;
	sf_buf_init(&cover, SF_COVER_SIZE_MAX);
	err = sf_cover_write(&submission->envelope, &submission->names.sealed, &cover);
	row.cover = sf_arena_copy(&coordinator->arena, sf_buf_view(&cover));
	sf_buf_fini(&cover);
	if (err || !row.cover.data)
		return err ? err : SF_ERR_LIMIT;
	struct sf_recording *recording;
	err = sf_coordinator_append(coordinator, taken->route, &row, cached, &recording);
	if (err)
		return err;
	tell_recorded(
		coordinator, &header->message, &recording->row, cached ? cached->transition : NULL);
	const struct sf_row_envelope envelope = {
		header->envelope_id, submission->names.digest, recording->row.leaf_index};
	const struct sf_store *store = &coordinator->ports.store;
	if (row.code != SF_REFUSAL_ENVELOPE_REUSED)
		err = store->insert(store->self, &sf_table_envelope, &envelope, diag);
	if (!err && verdict->first)
		err = save_message(coordinator, submission, content, &recording->row, diag);
	if (!err && verdict->deliver)
		err = open_deliveries(coordinator, submission, diag);
	if (!err && verdict->deliver && verdict->first)
		err = sf_coordinator_count_acknowledgements(coordinator, &header->message, diag);
	const struct sf_spread spread = {
		.message = &header->message,
		.deliver = verdict->deliver,
		.whole = verdict->deliver && submission->envelope.slot_count > 0,
		.transition = cached ? cached->transition : NULL,
		.before = &before,
		.result = &result,
		.event = &recording->row,
	};
	if (!err)
		err = sf_coordinator_spread(coordinator, &spread, diag);
	if (!err && counts(verdict, &header->message))
		err = follow_up(coordinator, cached, &header->message, &recording->row, diag);
	return err;
}

/* WIRE section 7.6: authentic, but its header does not parse. Recorded, without a transition. */
static enum sf_err record_headless(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	const struct sf_submission *submission)
{
	struct sf_row_event row = {
		.kind_class = SF_CLASS_FACT,
		.author = submission->key_owner,
		.author_role = (int64_t)submission->author_role,
		.digest = submission->names.digest,
		.outcome = SF_OUTCOME_REFUSED,
		.code = SF_REFUSAL_HEADER,
	};
	struct sf_recording *recording;
	return sf_coordinator_append(coordinator, taken->route, &row, NULL, &recording);
}

static enum sf_err get_erasure(struct sf_coordinator *coordinator, struct sf_id transition,
	struct sf_row_erasure *ret_row, bool *ret_erased, struct sf_diag *diag)
{
	*ret_row = (struct sf_row_erasure){.transition = transition};
	*ret_erased = false;
	if (sf_id_is_none(transition))
		return SF_OK;
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_erasure, 0, ret_row, diag);
	*ret_erased = !err;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

/*
 * WIRE section 4: a replay from a backup, after the erasure, is answered and dropped. The signed
 * statement goes with the answer: a node believes nothing less, and one that was restored, or was
 * no member then, has not seen it.
 */
static enum sf_err refuse_erased(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	const struct sf_submission *submission, const struct sf_row_erasure *erasure,
	struct sf_diag *diag)
{
	const struct sf_row_event statement = {.leaf_index = erasure->leaf_index};
	enum sf_err err = sf_coordinator_queue(coordinator, taken->party, &statement, false, diag);
	return err ? err : complain(coordinator, taken->route, submission, SF_FRAME_ERROR_ERASED);
}

static enum sf_err record_authentic(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, const struct sf_submission *submission, struct sf_diag *diag)
{
	const struct sf_header *header = &submission->header;
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_envelope seen = {.envelope_id = header->envelope_id};
	enum sf_err err = store->get(store->self, &sf_table_envelope, 0, &seen, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	bool reused = !err;
	bool erased = false;
	struct sf_row_erasure erasure;
	err = get_erasure(coordinator, header->message.transition, &erasure, &erased, diag);
	if (err || erased)
		return err ? err : refuse_erased(coordinator, taken, submission, &erasure, diag);
	if (reused && sf_digest_equal(&seen.digest, &submission->names.digest))
		return repeat(coordinator, taken, submission, seen.leaf_index, diag);
	/*
	 * A clock jump stops timers, not messages: one that is behind cannot judge this. What was
	 * recorded in such a time has its receipt above, or its author would never learn of it.
	 */
	if (!coordinator->stands_still &&
		header->sent_ms > coordinator->recorded_ms + FUTURE_MS_MAX)
		return ask_later(coordinator, taken->route, submission, SF_RETRY_FUTURE,
			header->sent_ms - coordinator->recorded_ms - FUTURE_MS_MAX);

	struct sf_row_message known = {
		.author = header->message.author, .message_id = header->message.id};
	err = store->get(store->self, &sf_table_message, 0, &known, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	bool is_known = !err;
	struct sf_digest content;
	sf_coordinator_content_id(coordinator, header, &content);
	struct sf_verdict verdict;
	err = sf_coordinator_judge(coordinator, &header->message, is_known ? &known : NULL,
		&content, reused, &verdict, diag);
	if (err)
		return err;
	coordinator->counters.resent += verdict.kind_class == SF_CLASS_RESEND;
	return record_whole(coordinator, taken, submission, &content, &verdict, diag);
}

/* WIRE section 1, receive order: what the coordinator has of it. */
static enum sf_err record_judged(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	const struct sf_submission *submission, struct sf_diag *diag)
{
	if (!submission->framed)
		return complain(coordinator, taken->route, submission, SF_FRAME_ERROR_FRAMING);
	if (!submission->key)
		return complain(coordinator, taken->route, submission, SF_FRAME_ERROR_KEY_UNKNOWN);
	if (submission->verified)
		return complain(coordinator, taken->route, submission, SF_FRAME_ERROR_SIGNATURE);
	bool own_link = sf_id_equal(submission->key_owner, taken->party);
	bool revoked = sf_directory_key_revoked(submission->key, coordinator->recorded_ms);
	if (!submission->headed)
		return own_link && !revoked ? record_headless(coordinator, taken, submission)
					    : complain(coordinator, taken->route, submission,
						      SF_FRAME_ERROR_FORGED_AUTHOR);
	const struct sf_header *header = &submission->header;
	if (!own_link || !sf_id_equal(header->message.author, submission->key_owner) ||
		sf_id_equal(submission->key_owner, coordinator->options.party)) {
		coordinator->counters.forged++;
		return complain(
			coordinator, taken->route, submission, SF_FRAME_ERROR_FORGED_AUTHOR);
	}
	if (!sf_directory_key_valid(submission->key, header->sent_ms, coordinator->recorded_ms))
		return complain(coordinator, taken->route, submission, SF_FRAME_ERROR_KEY_UNKNOWN);
	return record_authentic(coordinator, taken, submission, diag);
}

/* While it is held everything of a party waits, so that its messages keep their order. */
static bool is_within_quota(struct sf_coordinator *coordinator, struct sf_party_state *party,
	const struct sf_submission *submission)
{
	const struct sf_coordinator_options *options = &coordinator->options;
	int64_t now_ms = coordinator->now_ms, size = (int64_t)submission->envelope.whole.size;
	return now_ms >= party->held_until_ms &&
	       sf_quota_take(&party->envelopes, &options->quota_envelopes, now_ms, 1) &&
	       sf_quota_take(&party->bytes, &options->quota_bytes, now_ms, size);
}

/* WIRE section 3: over quota is retry-later, once a turn and for everything. */
static enum sf_err hold(struct sf_coordinator *coordinator, struct sf_party_state *party,
	uint64_t route, enum sf_retry_code code)
{
	if (coordinator->now_ms >= party->held_until_ms)
		party->held_until_ms = coordinator->now_ms + HOLD_MS;
	if (party->told_ms == coordinator->now_ms)
		return SF_OK;
	party->told_ms = coordinator->now_ms;
	const struct sf_frame frame = {.kind = SF_FRAME_RETRY_LATER,
		.retry_code = code,
		.retry_after_ms = party->held_until_ms - coordinator->now_ms};
	return sf_coordinator_say(coordinator, route, &frame);
}

enum sf_err sf_coordinator_record(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	struct sf_submission *submission, struct sf_diag *diag)
{
	struct sf_party_state *party = sf_parties_find(&coordinator->parties, taken->party);
	bool may = true;
	/* While it is held everything of a party waits: see is_within_quota. */
	if (party && coordinator->now_ms >= party->held_until_ms) {
		enum sf_err err = sf_coordinator_may_record(coordinator, submission, &may, diag);
		if (err)
			return err;
	}
	if (!may)
		return hold(coordinator, party, taken->route, SF_RETRY_TROUBLE);
	if (party && !is_within_quota(coordinator, party, submission))
		return hold(coordinator, party, taken->route, SF_RETRY_QUOTA);
	return record_judged(coordinator, taken, submission, diag);
}

enum sf_err sf_coordinator_record_entry(struct sf_coordinator *coordinator,
	const struct sf_digest *digest, struct sf_view signed_record, struct sf_diag *diag)
{
	struct sf_row_event row = {
		.kind_class = SF_CLASS_DIRECTORY,
		.author = coordinator->options.party,
		.author_role = SF_ROLE_COORDINATOR,
		.digest = *digest,
		.outcome = SF_OUTCOME_APPLIED,
		.cover = sf_arena_copy(&coordinator->arena, signed_record),
	};
	struct sf_recording *recording;
	enum sf_err err = row.cover.data
				  ? sf_coordinator_append(coordinator, 0, &row, NULL, &recording)
				  : SF_ERR_LIMIT;
	if (err)
		return err;
	const struct sf_row_entry entry = {
		(int64_t)sf_directory_version(coordinator->directory), recording->row.cover};
	const struct sf_store *store = &coordinator->ports.store;
	coordinator->directory_changed = true;
	return store->insert(store->self, &sf_table_entry, &entry, diag);
}
