#include "coordinator/state.h"

#include "coordinator/attachment.h"

#include <stdlib.h>

#include "base/time.h"

#define TURN_SIZE_MAX ((size_t)512 * 1024 * 1024) /* frames, receipts and items of one turn */
#define TURN_TAKE_SIZE (TURN_SIZE_MAX / 8) /* of what is taken; the rest is for what it asks */
#define TURN_STEP_SIZE (TURN_SIZE_MAX / 2) /* beyond it no further frame is stepped */

struct sf_coordinator_options sf_coordinator_options_default(void)
{
	return (struct sf_coordinator_options){
		.software = "stafet-coordinator",
		.epoch = 1,
		.transitions_cached = 32768,       /* about 12 KiB each */
		.redeliver_ms = 30 * SF_MINUTE_MS, /* MedCom KR7 */
		.credit_max = 2048,
		/* Some hundred times what a large hospital has, so that only a flood meets them. */
		.quota_envelopes = {4000000, 500},
		.quota_bytes = {INT64_C(1) << 34, INT64_C(1) << 23},
		.quota_questions = {16, 2},
		.attachments_party_max = INT64_C(1) << 33, /* 80 of the largest */
		.attachments_max = INT64_C(1) << 36,
		.silent_node_ms = SF_DAY_MS,
		.checkpoint_ms = SF_SECOND_MS,
	};
}

static void forget_turn(struct sf_coordinator *coordinator)
{
	sf_arena_clear(&coordinator->arena);
	coordinator->taken_first = NULL;
	coordinator->taken_last = &coordinator->taken_first;
	coordinator->recording_first = NULL;
	coordinator->recording_last = &coordinator->recording_first;
	coordinator->settled_last = &coordinator->recording_first;
	coordinator->recording_count = 0;
	coordinator->changed_first = NULL;
	coordinator->packing_first = NULL;
	coordinator->repeat_first = NULL;
	coordinator->repeat_last = &coordinator->repeat_first;
	coordinator->notice_first = NULL;
	coordinator->notice_last = &coordinator->notice_first;
	coordinator->notice_count = 0;
	coordinator->out_first = NULL;
	coordinator->out_last = &coordinator->out_first;
	coordinator->directory_changed = false;
	coordinator->book_changed = false;
}

enum sf_err sf_coordinator_open(const struct sf_coordinator_options *options,
	const struct sf_coordinator_ports *ports, struct sf_coordinator **ret_coordinator,
	struct sf_diag *diag)
{
	struct sf_coordinator *coordinator = calloc(1, sizeof(*coordinator));
	if (!coordinator)
		return SF_ERR_MEMORY;
	coordinator->options = *options;
	coordinator->ports = *ports;
	sf_arena_init(&coordinator->arena, TURN_SIZE_MAX);
	forget_turn(coordinator);
	enum sf_err err =
		sf_transition_cache_init(&coordinator->cache, options->transitions_cached);
	coordinator->started_ms = ports->env.now_ms(ports->env.self);
	if (!err)
		err = sf_feed_open(coordinator->started_ms, 0, options->party, &coordinator->feed);
	if (!err)
		err = sf_book_open(&coordinator->book);
	if (!err)
		err = sf_coordinator_keep_agreements(coordinator, diag);
	if (!err)
		err = sf_coordinator_load_agreements(coordinator, diag);
	if (!err)
		err = sf_coordinator_load(coordinator, diag);
	if (!err)
		err = sf_coordinator_await_parties(coordinator, diag);
	if (err) {
		sf_coordinator_close(&coordinator);
		return err;
	}
	*ret_coordinator = coordinator;
	return SF_OK;
}

void sf_coordinator_close(struct sf_coordinator **coordinator)
{
	struct sf_coordinator *closing = *coordinator;
	*coordinator = NULL;
	if (!closing)
		return;
	sf_transition_cache_fini(&closing->cache);
	sf_parties_fini(&closing->parties);
	sf_directory_close(&closing->directory);
	sf_feed_close(&closing->feed);
	sf_arena_fini(&closing->arena);
	sf_book_close(&closing->book);
	sf_coordinator_log_fini(&closing->log);
	free(closing);
}

static void read_submission(
	struct sf_coordinator *coordinator, struct sf_view bytes, struct sf_submission *submission)
{
	submission->crypto = &coordinator->ports.crypto;
	submission->framed = !sf_envelope_parse(bytes, &submission->envelope, NULL);
	if (!submission->framed)
		return;
	submission->headed =
		!sf_header_decode(submission->envelope.header, &submission->header, NULL);
	const struct sf_directory_entry *owner = NULL;
	submission->key = sf_directory_key(coordinator->directory,
		submission->envelope.author_key_id, SF_KEY_USE_IDENTITY, &owner);
	if (submission->key) {
		submission->key_owner = owner->party;
		submission->author_role = owner->role;
	}
}

static bool take(void *self, struct sf_arrival *arrival)
{
	struct sf_coordinator *coordinator = self;
	struct sf_arena *arena = &coordinator->arena;
	struct sf_taken *taken = sf_arena_take(arena, sizeof(*taken));
	/* Out of memory for this turn: the frame is lost and will come again. */
	if (taken && arrival->kind == SF_ARRIVAL_FRAME) {
		taken->route = arrival->route;
		taken->party = arrival->party;
		taken->unreadable = sf_frame_decode(sf_buf_view(&arrival->frame), arena,
					    &taken->frame, NULL) != SF_OK;
		if (!taken->unreadable && taken->frame.kind == SF_FRAME_SUBMIT) {
			taken->submissions = sf_arena_take_many(
				arena, taken->frame.count, sizeof(*taken->submissions));
			for (size_t i = 0; taken->submissions && i < taken->frame.count; i++)
				read_submission(coordinator, taken->frame.envelopes[i],
					&taken->submissions[i]);
		}
		*coordinator->taken_last = taken;
		coordinator->taken_last = &taken->next;
	}
	sf_buf_fini(&arrival->frame);
	return coordinator->arena.size < TURN_TAKE_SIZE;
}

static void verify_submission(void *context)
{
	struct sf_submission *submission = context;
	submission->verified = submission->crypto->verify(submission->crypto->self,
		&submission->envelope, submission->key->public_key, &submission->names);
}

static void check(void *self)
{
	struct sf_coordinator *coordinator = self;
	size_t count = 0;
	for (struct sf_taken *taken = coordinator->taken_first; taken; taken = taken->next)
		count += taken->submissions ? taken->frame.count : 0;
	if (count == 0)
		return;
	struct sf_job *jobs = sf_arena_take_many(&coordinator->arena, count, sizeof(*jobs));
	size_t used = 0;
	for (struct sf_taken *taken = coordinator->taken_first; taken; taken = taken->next)
		for (size_t i = 0; taken->submissions && i < taken->frame.count; i++) {
			struct sf_submission *submission = &taken->submissions[i];
			submission->verified = SF_ERR_LIMIT;
			if (jobs && submission->framed && submission->key)
				jobs[used++] = (struct sf_job){verify_submission, submission};
		}
	if (jobs)
		coordinator->ports.workers.run(coordinator->ports.workers.self, jobs, used);
}

static enum sf_err say_error(
	struct sf_coordinator *coordinator, uint64_t route, enum sf_frame_error error)
{
	coordinator->counters.dropped++;
	const struct sf_frame frame = {.kind = SF_FRAME_ERROR, .error = error};
	return sf_coordinator_say(coordinator, route, &frame);
}

static enum sf_err answer_query(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	struct sf_party_state *party, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	if (taken->frame.directory_from > 0)
		err = sf_coordinator_send_directory(
			coordinator, taken->route, taken->frame.directory_from, diag);
	if (err || !taken->frame.want_agreements)
		return err;
	sf_coordinator_forget_sent(party);
	return sf_coordinator_send_agreements(coordinator, party, diag);
}

static enum sf_err answer_ping(struct sf_coordinator *coordinator, const struct sf_taken *taken)
{
	if (taken->frame.ping_reply)
		return SF_OK;
	const struct sf_frame frame = {.kind = SF_FRAME_PING,
		.ping_number = taken->frame.ping_number,
		.ping_reply = true,
		.ping_now_ms = coordinator->recorded_ms};
	return sf_coordinator_say(coordinator, taken->route, &frame);
}

static enum sf_err record_all(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; taken->submissions && i < taken->frame.count && !err; i++)
		err = sf_coordinator_record(coordinator, taken, &taken->submissions[i], diag);
	return err;
}

static void remember(struct sf_party_state *party)
{
	party->dirty |= party->frame_ms > party->row.seen_ms;
	if (party->frame_ms > party->row.seen_ms)
		party->row.seen_ms = party->frame_ms;
}

/* Written once an hour, and when it goes: what a board asks is whether it was seen today. */
static void see(const struct sf_coordinator *coordinator, struct sf_party_state *party)
{
	party->frame_ms = coordinator->recorded_ms;
	if (coordinator->recorded_ms - party->row.seen_ms >= SF_HOUR_MS)
		remember(party);
}

static enum sf_err step_frame(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag)
{
	if (taken->unreadable)
		return say_error(coordinator, taken->route, SF_FRAME_ERROR_FRAME);
	if (taken->frame.kind == SF_FRAME_HELLO)
		return sf_coordinator_greet(coordinator, taken, diag);
	struct sf_party_state *party = sf_parties_find(&coordinator->parties, taken->party);
	if (!party || party->route != taken->route)
		return say_error(coordinator, taken->route, SF_FRAME_ERROR_HELLO);
	if (sf_coordinator_is_behind(coordinator) && taken->frame.kind != SF_FRAME_PING) {
		coordinator->counters.dropped++;
		return SF_OK;
	}
	see(coordinator, party);
	switch (taken->frame.kind) {
	case SF_FRAME_DIRECTORY:
		return sf_coordinator_take_entries(coordinator, taken, diag);
	case SF_FRAME_SUBMIT:
		return party->must_greet
			       ? say_error(coordinator, taken->route, SF_FRAME_ERROR_HELLO)
			       : record_all(coordinator, taken, diag);
	case SF_FRAME_TAKEN:
		return sf_coordinator_taken(coordinator, taken->party, &taken->frame, diag);
	case SF_FRAME_QUERY:
		if (sf_coordinator_may_ask(coordinator, party))
			return answer_query(coordinator, taken, party, diag);
		break;
	case SF_FRAME_AGREEMENTS:
		return sf_coordinator_take_agreements(coordinator, taken, party, diag);
	case SF_FRAME_RECONCILE:
		return sf_coordinator_reconcile(coordinator, taken, party, diag);
	case SF_FRAME_PING:
		return answer_ping(coordinator, taken);
	case SF_FRAME_CREDIT:
		party->credit = taken->frame.credit > 0 ? taken->frame.credit : 1;
		return SF_OK;
	case SF_FRAME_COSIGN:
		return sf_coordinator_take_cosignature(coordinator, taken, diag);
	case SF_FRAME_PROOF:
		return sf_coordinator_answer_proof(coordinator, taken, diag);
	case SF_FRAME_CONSISTENCY:
		return sf_coordinator_answer_consistency(coordinator, taken, diag);
	case SF_FRAME_CHUNK:
		return sf_coordinator_take_chunk(coordinator, taken, party, diag);
	case SF_FRAME_CHUNKS:
		return sf_coordinator_give_chunks(coordinator, taken, party, diag);
	case SF_FRAME_NONE:
	case SF_FRAME_HELLO:
	case SF_FRAME_STORED:
	case SF_FRAME_DELIVER:
	case SF_FRAME_RETRY_LATER:
	case SF_FRAME_ERROR:
	case SF_FRAME_CHECKPOINT:
		break;
	}
	coordinator->counters.dropped++; /* not for a coordinator, or of a later version */
	return SF_OK;
}

static enum sf_err step(void *self, int64_t now_ms, struct sf_diag *diag)
{
	struct sf_coordinator *coordinator = self;
	/* After a start with a clock that is behind, recorded time stands still until it is back.
	 */
	coordinator->now_ms = now_ms;
	coordinator->stands_still = now_ms < coordinator->recorded_ms;
	if (now_ms > coordinator->recorded_ms)
		coordinator->recorded_ms = now_ms;
	/* Waits are of a minute by the clock, which may have been put right since they began, and
	 * which recorded time may be days ahead of. */
	if (coordinator->started_ms > now_ms)
		coordinator->started_ms = now_ms;
	if (coordinator->log.begun_ms > now_ms)
		coordinator->log.begun_ms = now_ms;
	/* Whoever said another time may be gone. */
	if (coordinator->clock_apart)
		sf_coordinator_judge_clock(coordinator);
	sf_coordinator_watch_quorum(coordinator);
	enum sf_err err = sf_coordinator_work_checkpoint(coordinator, diag);
	if (!err)
		err = sf_coordinator_work_timers(coordinator, diag);
	for (struct sf_taken *taken = coordinator->taken_first; taken && !err;
		taken = taken->next) {
		/* As a frame that the network lost: whoever said it says it again. */
		if (coordinator->arena.size > TURN_STEP_SIZE)
			coordinator->counters.dropped++;
		else
			err = step_frame(coordinator, taken, diag);
	}
	if (!err)
		err = sf_coordinator_settle(coordinator, diag);
	return err ? err : sf_coordinator_retain(coordinator, diag);
}

static enum sf_err save_counters(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	const struct sf_row_counter rows[] = {
		{SF_COUNTER_LEAF, coordinator->leaf_count},
		{SF_COUNTER_RECORDED, coordinator->recorded_ms},
		{SF_COUNTER_EPOCH, coordinator->log.epoch},
		{SF_COUNTER_DERIVED, coordinator->derived_count},
	};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < SF_COUNT(rows) && !err; i++)
		err = store->replace(store->self, &sf_table_counter, &rows[i], diag);
	return err;
}

/* Everyone who is connected follows the directory as it grows. */
static enum sf_err broadcast_directory(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < coordinator->parties.slot_count && !err; i++) {
		const struct sf_party_state *party = coordinator->parties.slots[i];
		if (party && party->route)
			err = sf_coordinator_send_directory(coordinator, party->route,
				sf_directory_version(coordinator->directory), diag);
	}
	return err;
}

static enum sf_err finish(void *self, struct sf_diag *diag)
{
	struct sf_coordinator *coordinator = self;
	bool recorded = coordinator->recording_count > 0;
	enum sf_err err = sf_coordinator_seal_recordings(coordinator, diag);
	if (!err)
		err = sf_coordinator_say_notices(coordinator);
	if (!err && coordinator->directory_changed)
		err = broadcast_directory(coordinator, diag);
	if (!err)
		err = sf_coordinator_pump(coordinator, diag);
	if (!err && recorded)
		err = save_counters(coordinator, diag);
	return err ? err : sf_coordinator_next_timer(coordinator, diag);
}

/* The route is gone or full: its items come again after the next hello. */
static void lose_route(struct sf_coordinator *coordinator, uint64_t route, enum sf_err err)
{
	for (size_t i = 0; i < coordinator->parties.slot_count; i++) {
		struct sf_party_state *party = coordinator->parties.slots[i];
		if (!party || party->route != route)
			continue;
		if (err == SF_ERR_UNREACHABLE) {
			party->route = 0;
			remember(party);
			sf_coordinator_tell(coordinator, SF_FEED_DISCONNECTED, (struct sf_id){{0}},
				party->row.party, (struct sf_id){{0}});
		}
		sf_coordinator_start_queue(coordinator, party);
		sf_coordinator_forget_sent(party);
		sf_coordinator_forget_checkpoint(party);
		/* A peer that does not read must not keep the turn busy. */
		if (err == SF_ERR_AGAIN)
			party->quiet_until_ms = coordinator->now_ms + SF_SECOND_MS;
	}
}

static void committed(void *self, const struct sf_link *link)
{
	struct sf_coordinator *coordinator = self;
	for (struct sf_frame_out *out = coordinator->out_first; out; out = out->next) {
		enum sf_err err = link->send(link->self, out->route, out->frame);
		if (err)
			lose_route(coordinator, out->route, err);
	}
	sf_transition_cache_settle(&coordinator->cache);
	sf_feed_settle(coordinator->feed);
	forget_turn(coordinator);
}

/*
 * What was submitted is lost and comes again only after a hello. Until then nothing of its author
 * is recorded, so that what is recorded keeps the order in which it was sent.
 */
static void wait_for_hello(struct sf_coordinator *coordinator)
{
	for (const struct sf_taken *taken = coordinator->taken_first; taken; taken = taken->next) {
		struct sf_party_state *party = sf_parties_find(&coordinator->parties, taken->party);
		if (party && taken->submissions && party->route == taken->route)
			party->must_greet = true;
	}
}

/* Memory went ahead of the store: connections and queues are learnt anew. */
static enum sf_err rolled_back(void *self, struct sf_diag *diag)
{
	struct sf_coordinator *coordinator = self;
	sf_transition_cache_drop_touched(&coordinator->cache);
	sf_feed_drop(coordinator->feed);
	coordinator->followers = (struct sf_access_followers){.next = 0};
	for (size_t i = 0; i < coordinator->parties.slot_count; i++) {
		struct sf_party_state *party = coordinator->parties.slots[i];
		if (!party)
			continue;
		struct sf_row_party row = {.party = party->row.party};
		const struct sf_store *store = &coordinator->ports.store;
		enum sf_err err = store->get(store->self, &sf_table_party, 0, &row, diag);
		if (err && err != SF_ERR_NOT_FOUND)
			return err;
		*party = (struct sf_party_state){.row = row,
			.route = party->route,
			.heard = party->heard,
			.log_hello = party->log_hello,
			.credit = party->credit,
			.must_greet = party->must_greet,
			.must_learn = party->must_learn};
		sf_coordinator_start_queue(coordinator, party);
		sf_coordinator_forget_sent(party);
		sf_coordinator_forget_checkpoint(party);
	}
	wait_for_hello(coordinator);
	enum sf_err err = coordinator->book_changed
				  ? sf_coordinator_load_agreements(coordinator, diag)
				  : SF_OK;
	forget_turn(coordinator);
	return err ? err : sf_coordinator_load(coordinator, diag);
}

/*
 * When what time does by itself is next due. While recorded time stands still that is when the
 * clock has caught up.
 */
static int64_t timed_due_ms(const struct sf_coordinator *coordinator, int64_t due_ms)
{
	if (coordinator->clock_apart || due_ms == INT64_MAX ||
		sf_coordinator_is_behind(coordinator))
		return INT64_MAX;
	int64_t waits_ms = sf_coordinator_waits_until_ms(coordinator);
	if (due_ms < waits_ms)
		due_ms = waits_ms;
	bool later = coordinator->stands_still && due_ms < coordinator->recorded_ms;
	return later ? coordinator->recorded_ms : due_ms;
}

static int64_t next_due_ms(void *self)
{
	const struct sf_coordinator *coordinator = self;
	int64_t due_ms = timed_due_ms(coordinator, coordinator->timer_ms);
	int64_t retention_ms =
		timed_due_ms(coordinator, sf_coordinator_retention_due_ms(coordinator));
	due_ms = retention_ms < due_ms ? retention_ms : due_ms;
	int64_t checkpoint_ms = sf_coordinator_checkpoint_due_ms(coordinator);
	int64_t quorum_ms = sf_coordinator_quorum_due_ms(coordinator);
	due_ms = checkpoint_ms < due_ms ? checkpoint_ms : due_ms;
	due_ms = quorum_ms < due_ms ? quorum_ms : due_ms;
	/* A store that is behind delivers nothing, whatever stands in its queues. */
	size_t slots = sf_coordinator_is_behind(coordinator) ? 0 : coordinator->parties.slot_count;
	for (size_t i = 0; i < slots; i++) {
		const struct sf_party_state *party = coordinator->parties.slots[i];
		if (!party || !party->route)
			continue;
		bool ready = party->more &&
			     party->on_the_way < sf_coordinator_credit(coordinator, party);
		int64_t at_ms = ready                   ? party->quiet_until_ms
				: party->on_the_way > 0 ? party->look_ms
							: INT64_MAX;
		int64_t again_ms = sf_coordinator_checkpoint_again_ms(coordinator, party);
		at_ms = again_ms < at_ms ? again_ms : at_ms;
		due_ms = at_ms < due_ms ? at_ms : due_ms;
	}
	return due_ms;
}

static enum sf_err serve(void *self, const struct sf_request *request, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag)
{
	return sf_coordinator_serve(self, request, arena, ret_reply, diag);
}

void sf_coordinator_engine(struct sf_coordinator *coordinator, struct sf_engine *ret_engine)
{
	*ret_engine = (struct sf_engine){
		.self = coordinator,
		.take = take,
		.check = check,
		.step = step,
		.serve = serve,
		.finish = finish,
		.committed = committed,
		.rolled_back = rolled_back,
		.next_due_ms = next_due_ms,
	};
}

const struct sf_directory *sf_coordinator_directory(const struct sf_coordinator *coordinator)
{
	return coordinator->directory;
}

struct sf_coordinator_counters sf_coordinator_counters(const struct sf_coordinator *coordinator)
{
	return coordinator->counters;
}

const struct sf_feed *sf_coordinator_feed(const struct sf_coordinator *coordinator)
{
	return coordinator->feed;
}
