#include "coordinator/attachment.h"

#include <string.h>

/* Directory frames are filled up to this, so that a frame never comes near its limit. */
#define DIRECTORY_FRAME_SIZE ((size_t)262144)

void sf_coordinator_tell(struct sf_coordinator *coordinator, enum sf_feed_what what,
	struct sf_id message, struct sf_id party, struct sf_id peer)
{
	const struct sf_feed_row row = {.at_ms = coordinator->recorded_ms,
		.what = what,
		.message = message,
		.party = party,
		.peer = peer};
	sf_feed_add(coordinator->feed, &row);
}

void sf_coordinator_tell_log(
	struct sf_coordinator *coordinator, uint32_t trouble, struct sf_id party)
{
	const struct sf_feed_row row = {.at_ms = coordinator->recorded_ms,
		.what = SF_FEED_TROUBLE,
		.party = party,
		.code = trouble};
	sf_feed_add(coordinator->feed, &row);
}

enum sf_err sf_coordinator_say(
	struct sf_coordinator *coordinator, uint64_t route, const struct sf_frame *frame)
{
	struct sf_arena *arena = &coordinator->arena;
	struct sf_frame_out *out = sf_arena_take(arena, sizeof(*out));
	if (!out)
		return SF_ERR_LIMIT;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_FRAME_SIZE_MAX);
	enum sf_err err = sf_frame_encode(frame, &bytes);
	*out = (struct sf_frame_out){route, sf_arena_copy(arena, sf_buf_view(&bytes)), NULL};
	sf_buf_fini(&bytes);
	if (err)
		return err;
	if (!out->frame.data)
		return SF_ERR_LIMIT;
	*coordinator->out_last = out;
	coordinator->out_last = &out->next;
	return SF_OK;
}

struct entry_load {
	struct sf_coordinator *coordinator;
	size_t count, size;
	bool full, short_of_memory;
	struct sf_view records[SF_FRAME_ITEM_COUNT_MAX];
};

static bool load_entry(void *context, const void *row)
{
	struct entry_load *load = context;
	const struct sf_row_entry *entry = row;
	load->full = load->count == SF_FRAME_ITEM_COUNT_MAX ||
		     (load->count > 0 && load->size + entry->record.size > DIRECTORY_FRAME_SIZE);
	if (load->full)
		return false;
	struct sf_view copy = sf_arena_copy(&load->coordinator->arena, entry->record);
	load->short_of_memory = !copy.data;
	if (!copy.data)
		return false;
	load->records[load->count++] = copy;
	load->size += copy.size;
	return true;
}

/* Entries from from_version on; as many frames as it takes. */
enum sf_err sf_coordinator_send_directory(struct sf_coordinator *coordinator, uint64_t route,
	uint64_t from_version, struct sf_diag *diag)
{
	struct entry_load *load = sf_arena_take(&coordinator->arena, sizeof(*load));
	if (!load)
		return SF_ERR_LIMIT;
	const struct sf_store *store = &coordinator->ports.store;
	uint64_t newest = sf_directory_version(coordinator->directory);
	uint64_t next = from_version > 0 ? from_version : 1;
	while (next <= newest) {
		*load = (struct entry_load){.coordinator = coordinator};
		const struct sf_row_entry key = {.version = (int64_t)next};
		const struct sf_scan scan = {
			.table = &sf_table_entry, .from = &key, .bounded = true};
		enum sf_err err = store->scan(store->self, &scan, load_entry, load, diag);
		if (!err && (load->short_of_memory || load->count == 0))
			err = load->short_of_memory ? SF_ERR_LIMIT : SF_ERR_CORRUPT;
		const struct sf_frame frame = {.kind = SF_FRAME_DIRECTORY,
			.count = load->count,
			.records = load->records,
			.directory_from = next,
			.directory_version = newest,
			.directory_head = *sf_directory_head(coordinator->directory)};
		if (!err)
			err = sf_coordinator_say(coordinator, route, &frame);
		if (err)
			return err;
		next += load->count;
	}
	return SF_OK;
}

struct notices {
	struct sf_coordinator *coordinator;
	uint64_t route;
	size_t count;
	enum sf_err err;
	struct sf_notice notices[SF_FRAME_ITEM_COUNT_MAX];
};

static void flush_notices(struct notices *notices)
{
	if (notices->count == 0 || notices->err)
		return;
	const struct sf_frame frame = {.kind = SF_FRAME_TAKEN,
		.notice_count = notices->count,
		.notices = notices->notices};
	notices->err = sf_coordinator_say(notices->coordinator, notices->route, &frame);
	notices->count = 0;
}

static bool add_notice(void *context, const void *row)
{
	struct notices *notices = context;
	const struct sf_row_delivery *delivery = row;
	if (delivery->open == 0 || delivery->state != SF_DELIVERY_TAKEN)
		return true;
	notices->notices[notices->count++] =
		(struct sf_notice){delivery->message_id, delivery->recipient};
	if (notices->count == SF_FRAME_ITEM_COUNT_MAX)
		flush_notices(notices);
	return !notices->err;
}

/* What was taken while the author was away. Acknowledged ones come as events of their own. */
static enum sf_err send_notices(struct sf_coordinator *coordinator, struct sf_id author,
	uint64_t route, struct sf_diag *diag)
{
	struct notices *notices = sf_arena_take(&coordinator->arena, sizeof(*notices));
	if (!notices)
		return SF_ERR_LIMIT;
	notices->coordinator = coordinator;
	notices->route = route;
	const struct sf_row_delivery key = {.author = author, .open = 1};
	const struct sf_scan scan = {.table = &sf_table_delivery,
		.index = SF_DELIVERY_OPEN_BY_AUTHOR,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, add_notice, notices, diag);
	if (err)
		return err;
	flush_notices(notices);
	return notices->err;
}

/* A hello may cost megabytes of directory and queue. */
bool sf_coordinator_may_ask(struct sf_coordinator *coordinator, struct sf_party_state *party)
{
	bool may = sf_quota_take(
		&party->questions, &coordinator->options.quota_questions, coordinator->now_ms, 1);
	coordinator->counters.dropped += !may;
	return may;
}

/*
 * A hello binds the party to the route it came on, and starts its queue over from the first item it
 * has not taken: after a reconnect, and whenever the node asks for it by saying hello again.
 */
enum sf_err sf_coordinator_greet(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag)
{
	const struct sf_hello *hello = &taken->frame.hello;
	struct sf_party_state *party;
	enum sf_err err = sf_coordinator_party(coordinator, taken->party, &party, diag);
	if (err)
		return err;
	/* A hello of an earlier connection that was still on its way: nobody reads its answer. */
	if (taken->route < party->route || !sf_coordinator_may_ask(coordinator, party))
		return SF_OK;
	/* Also when that connection's route has been lost meanwhile (simulation, seed 1586). */
	if (taken->route < party->newest_route)
		return SF_OK;
	party->newest_route = taken->route;
	if (party->route != taken->route)
		sf_coordinator_tell(coordinator, SF_FEED_CONNECTED, (struct sf_id){{0}},
			taken->party, (struct sf_id){{0}});
	party->route = taken->route;
	party->must_greet = party->must_learn = false;
	sf_coordinator_compare_clock(coordinator, party, hello);
	party->credit = 0;
	err = sf_coordinator_compare_log(coordinator, taken, party, diag);
	if (err)
		return err;
	sf_coordinator_forget_checkpoint(party);
	size_t epoch_count;
	const struct sf_view *epochs;
	err = sf_coordinator_list_epochs(coordinator, hello->epoch, &epoch_count, &epochs, diag);
	if (!err)
		err = sf_coordinator_know_node(coordinator, party, hello, diag);
	if (err)
		return err;
	sf_coordinator_start_queue(coordinator, party);
	const struct sf_frame answer = {.kind = SF_FRAME_HELLO,
		.hello = {
			.version = 1,
			.software = coordinator->options.software,
			.directory_version = sf_directory_version(coordinator->directory),
			.directory_head = *sf_directory_head(coordinator->directory),
			.origin = coordinator->log.origin,
			.epoch = coordinator->log.epoch,
			.coordinator = coordinator->options.party,
			.author_sequence = (uint64_t)party->row.author_sequence,
			.now_ms = coordinator->recorded_ms,
			.log_size = coordinator->log.size,
			.log_root = coordinator->log.root,
			.epoch_count = epoch_count,
			.epochs = epochs,
		}};
	err = sf_coordinator_say(coordinator, taken->route, &answer);
	/* From this the node sees that the log went back; it gets nothing else. */
	if (sf_coordinator_is_behind(coordinator))
		return err;
	/* After a lost tail a node may have entries that this store has not. */
	const struct sf_frame query = {.kind = SF_FRAME_QUERY,
		.directory_from = sf_directory_version(coordinator->directory) + 1};
	if (!err && coordinator->log.past_count > 0 &&
		hello->directory_version >= query.directory_from)
		return sf_coordinator_say(coordinator, taken->route, &query);
	if (!err)
		err = sf_coordinator_send_directory(
			coordinator, taken->route, hello->directory_version + 1, diag);
	sf_coordinator_forget_sent(party);
	if (!err)
		err = sf_coordinator_send_agreements(coordinator, party, diag);
	if (!err)
		err = send_notices(coordinator, taken->party, taken->route, diag);
	if (!err)
		err = sf_coordinator_invite_chunks(coordinator, taken->party, taken->route, diag);
	return err;
}
