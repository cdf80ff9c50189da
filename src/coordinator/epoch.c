/*
 * A new epoch of the log after a lost tail (WIRE.md sections 4 and 7.1). A store that came back
 * from an old backup says how many leaves it has, the registrars sign that these stand and no
 * others, and the log goes on from there under a new origin. What was recorded behind them is void:
 * nodes submit it again.
 */
#include "coordinator/service.h"

#include <string.h>

#include "audit/epoch.h"
#include "audit/registry.h"
#include "base/time.h"

#define GREET_AGAIN_MS (10 * SF_SECOND_MS)

struct sf_log_place sf_coordinator_log_place(
	const struct sf_coordinator *coordinator, int64_t leaf_index)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	for (size_t i = log->past_count; leaf_index < log->base && i > 0; i--)
		if (leaf_index >= log->past[i - 1].base)
			return (struct sf_log_place){log->past[i - 1].epoch,
				(uint64_t)(leaf_index - log->past[i - 1].base)};
	return (struct sf_log_place){log->epoch, (uint64_t)(leaf_index - log->base)};
}

enum sf_err sf_coordinator_log_tree(struct sf_coordinator *coordinator, uint32_t epoch,
	struct sf_tree_source *ret_source, uint64_t *ret_size, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	*ret_size = log->size;
	*ret_source = sf_tiles_source(&log->tiles);
	if (epoch == log->epoch)
		return SF_OK;
	size_t i = 0;
	while (i < log->past_count && log->past[i].epoch != epoch)
		i++;
	if (i == log->past_count)
		return SF_ERR_NOT_FOUND;
	const struct sf_log_past *past = &log->past[i];
	*ret_size = past->size;
	*ret_source = sf_tiles_source(&log->past_tiles);
	if (log->past_tiles.kept && log->past_tiles.epoch == (int64_t)epoch)
		return SF_OK;
	return sf_tiles_load(&log->past_tiles, &coordinator->ports.crypto,
		&coordinator->ports.store, epoch, past->base, past->base + (int64_t)past->size,
		diag);
}

static enum sf_err name_origin(struct sf_coordinator *coordinator)
{
	struct sf_coordinator_log *log = &coordinator->log;
	const char *first = coordinator->options.origin;
	char name[SF_NOTE_NAME_SIZE];
	uint32_t epoch;
	size_t size = strlen(first);
	if (size >= sizeof(log->origin))
		return SF_ERR_CONFIG;
	memcpy(log->origin, first, size + 1);
	/* Who only looks at a store need not know the log's name. */
	if (log->epoch == coordinator->options.epoch || size == 0)
		return SF_OK;
	enum sf_err err = sf_origin_parse(first, name, &epoch);
	return err ? err : sf_origin_format(name, log->epoch, log->origin);
}

struct load {
	struct sf_coordinator *coordinator;
	struct sf_diag *diag;
	enum sf_err err;
};

/* The entries that the epoch before had, and this store may lack still. */
static enum sf_err read_wanted(
	struct sf_coordinator_log *log, struct sf_view bytes, struct sf_diag *diag)
{
	struct sf_signed_record record;
	struct sf_epoch epoch;
	enum sf_err err = sf_signed_record_decode(bytes, &record, diag);
	if (!err)
		err = sf_epoch_decode(record.record, &epoch, diag);
	if (err)
		return err;
	log->wanted_version = epoch.directory_version;
	log->wanted_head = epoch.directory_head;
	return SF_OK;
}

/* Oldest first. */
static bool visit_epoch(void *context, const void *row)
{
	struct load *load = context;
	const struct sf_row_epoch *epoch = row;
	struct sf_coordinator_log *log = &load->coordinator->log;
	if (log->past_count == SF_EPOCH_COUNT_MAX || epoch->epoch != (int64_t)log->epoch + 1 ||
		epoch->base - log->base != epoch->common_size) {
		sf_diag_set(load->diag, "epoch %lld of the log does not follow the one before it",
			(long long)epoch->epoch);
		load->err = SF_ERR_CORRUPT;
		return false;
	}
	log->past[log->past_count++] =
		(struct sf_log_past){log->epoch, log->base, (uint64_t)epoch->common_size};
	log->epoch = (uint32_t)epoch->epoch;
	log->base = epoch->base;
	load->err = read_wanted(log, epoch->record, load->diag);
	return !load->err;
}

/* Its first leaf says when it began; while that is being recorded, it is now. */
static enum sf_err read_beginning(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct sf_row_event row = {.leaf_index = coordinator->log.base};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->get(store->self, &sf_table_event, 0, &row, diag);
	coordinator->log.begun_ms = err ? coordinator->recorded_ms : row.recorded_ms;
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_coordinator_load_epochs(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	log->epoch = coordinator->options.epoch;
	log->base = 0;
	log->past_count = 0;
	log->wanted_version = 0;
	log->begun_ms = 0;
	sf_tiles_fini(&log->past_tiles);
	struct load load = {.coordinator = coordinator, .diag = diag};
	const struct sf_scan scan = {.table = &sf_table_epoch};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, visit_epoch, &load, diag);
	if (!err)
		err = load.err;
	if (!err && log->past_count > 0)
		err = read_beginning(coordinator, diag);
	return err ? err : name_origin(coordinator);
}

struct listing {
	struct sf_arena *arena;
	size_t count;
	struct sf_view records[SF_EPOCH_COUNT_MAX];
	bool full;
};

static bool list_epoch(void *context, const void *row)
{
	struct listing *listing = context;
	const struct sf_row_epoch *epoch = row;
	struct sf_view *place = &listing->records[listing->count];
	*place = sf_arena_copy(listing->arena, epoch->record);
	listing->full = !place->data;
	listing->count++;
	return !listing->full && listing->count < SF_EPOCH_COUNT_MAX;
}

enum sf_err sf_coordinator_list_epochs(struct sf_coordinator *coordinator, uint32_t after,
	size_t *ret_count, const struct sf_view **ret_records, struct sf_diag *diag)
{
	*ret_count = 0;
	*ret_records = NULL;
	if (coordinator->log.past_count == 0)
		return SF_OK;
	struct listing *listing = sf_arena_take(&coordinator->arena, sizeof(*listing));
	if (!listing)
		return SF_ERR_LIMIT;
	*listing = (struct listing){.arena = &coordinator->arena};
	const struct sf_row_epoch key = {.epoch = (int64_t)after + 1};
	const struct sf_scan scan = {.table = &sf_table_epoch, .from = &key, .bounded = true};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, list_epoch, listing, diag);
	*ret_count = listing->count;
	*ret_records = listing->records;
	return !err && listing->full ? SF_ERR_LIMIT : err;
}

bool sf_coordinator_wants_entries(const struct sf_coordinator *coordinator)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	uint64_t version = sf_directory_version(coordinator->directory);
	return version < log->wanted_version ||
	       (version == log->wanted_version &&
		       !sf_digest_equal(
			       sf_directory_head(coordinator->directory), &log->wanted_head));
}

/*
 * What it is sent of the new epoch it could not judge: it would take a checkpoint for a forged one,
 * and events for what it has. So it is asked for a hello until it says one; a frame may be lost.
 */
enum sf_err sf_coordinator_greet_again(
	struct sf_coordinator *coordinator, struct sf_party_state *party)
{
	const struct sf_frame frame = {.kind = SF_FRAME_ERROR, .error = SF_FRAME_ERROR_HELLO};
	if (coordinator->now_ms < party->log_again_ms)
		return SF_OK;
	party->log_again_ms = coordinator->now_ms + GREET_AGAIN_MS;
	return sf_coordinator_say(coordinator, party->route, &frame);
}

/* Every node that is connected learns by the answer to a hello what has become of the log. */
static void greet_anew(struct sf_coordinator *coordinator)
{
	for (size_t i = 0; i < coordinator->parties.slot_count; i++) {
		struct sf_party_state *party = coordinator->parties.slots[i];
		if (!party || !party->route)
			continue;
		party->must_greet = party->must_learn = true;
		party->log_hello = 0;
		sf_coordinator_forget_checkpoint(party);
		party->log_again_ms = coordinator->now_ms;
	}
}

enum sf_err sf_coordinator_take_entries(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag)
{
	const struct sf_frame *frame = &taken->frame;
	uint64_t next = sf_directory_version(coordinator->directory) + 1;
	if (coordinator->log.past_count == 0 || frame->directory_from > next) {
		coordinator->counters.dropped++;
		return SF_OK;
	}
	for (size_t i = (size_t)(next - frame->directory_from); i < frame->count; i++) {
		struct sf_digest digest;
		/*
		 * The wait of those that the epoch's record speaks for was judged when they were
		 * recorded first. That one behind them was recorded is this party's word alone.
		 */
		int64_t recorded_ms =
			sf_coordinator_wants_entries(coordinator) ? 0 : coordinator->recorded_ms;
		enum sf_err err = sf_registry_add(coordinator->directory,
			&coordinator->ports.crypto, &coordinator->options.registrars,
			frame->records[i], recorded_ms, &digest, NULL);
		if (err == SF_ERR_AUTH || err == SF_ERR_FORMAT || err == SF_ERR_CONFLICT) {
			sf_coordinator_tell_log(
				coordinator, SF_CONTRADICTION_DIRECTORY, taken->party);
			return SF_OK;
		}
		if (!err)
			err = sf_coordinator_record_entry(
				coordinator, &digest, frame->records[i], diag);
		if (err)
			return err;
	}
	uint64_t version = sf_directory_version(coordinator->directory);
	const struct sf_frame query = {.kind = SF_FRAME_QUERY, .directory_from = version + 1};
	if (frame->directory_version > version && version >= next)
		return sf_coordinator_say(coordinator, taken->route, &query);
	/* Also who was refused for a directory behind its own. */
	if (version >= next)
		greet_anew(coordinator);
	return SF_OK;
}

static const struct sf_directory_key *log_key(const struct sf_coordinator *coordinator)
{
	const struct sf_directory_entry *owner = NULL;
	const struct sf_directory_key *key = sf_directory_key(
		coordinator->directory, coordinator->options.log_key_id, SF_KEY_USE_LOG, &owner);
	return key && sf_id_equal(owner->party, coordinator->options.party) ? key : NULL;
}

/* Why no epoch can be asked for; NULL when one can. */
static const char *why_not(const struct sf_coordinator *coordinator)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	if (log->ahead_count == 0)
		return "no node has shown more of the log than this store has: there is nothing to "
		       "declare";
	for (size_t i = 0; i < log->ahead_count; i++)
		if (log->ahead[i].epoch != log->epoch ||
			log->ahead[i].kind != SF_CONTRADICTION_ROLLBACK)
			return "this store has recorded since it was restored, and a node shows "
			       "another history of the same length: restore the backup again";
	if (!log_key(coordinator))
		return "there is no log key that the directory lists for this coordinator";
	if (log->past_count == SF_EPOCH_COUNT_MAX)
		return "the log has had as many epochs as it can have";
	return NULL;
}

/* The most that a checkpoint of the lost tail says of the directory. */
static void read_ahead(const struct sf_coordinator *coordinator, struct sf_epoch *epoch,
	uint64_t *ret_largest_size)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	epoch->directory_version = sf_directory_version(coordinator->directory);
	epoch->directory_head = *sf_directory_head(coordinator->directory);
	*ret_largest_size = 0;
	for (size_t i = 0; i < log->ahead_count; i++) {
		const struct sf_log_ahead *ahead = &log->ahead[i];
		if (ahead->size > *ret_largest_size)
			*ret_largest_size = ahead->size;
		if (ahead->directory_version <= epoch->directory_version)
			continue;
		epoch->directory_version = ahead->directory_version;
		epoch->directory_head = ahead->directory_head;
	}
}

/* What the registrars would sign. All leaves there are stand, so they are signed first. */
static enum sf_err ask(struct sf_coordinator *coordinator, struct sf_arena *arena,
	struct sf_reply_epoch *reply, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	char name[SF_NOTE_NAME_SIZE], origin[SF_NOTE_NAME_SIZE];
	uint32_t epoch;
	enum sf_err err = SF_OK;
	if (sf_tiles_size(&log->tiles) != log->size)
		err = sf_coordinator_sign_checkpoint(coordinator, diag);
	if (!err)
		err = sf_origin_parse(log->origin, name, &epoch);
	if (!err)
		err = sf_origin_format(name, epoch + 1, origin);
	if (err)
		return err;
	struct sf_epoch record = {.old_origin = sf_view_text(log->origin),
		.old_note = sf_buf_view(&log->note),
		.common_size = log->size,
		.origin = sf_view_text(origin),
		.made_ms = coordinator->recorded_ms};
	memcpy(record.log_key, log_key(coordinator)->public_key, sizeof(record.log_key));
	*reply = (struct sf_reply_epoch){.epoch = epoch + 1, .common_size = log->size};
	read_ahead(coordinator, &record, &reply->largest_size);
	reply->directory_version = record.directory_version;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_EPOCH_SIZE_MAX);
	err = sf_epoch_encode(&record, &bytes);
	if (!err) {
		reply->record = sf_arena_copy(arena, sf_buf_view(&bytes));
		err = reply->record.data ? SF_OK : SF_ERR_LIMIT;
	}
	sf_buf_fini(&bytes);
	return err;
}

/* Whether the record is about this store as it is; NULL when it is. */
static const char *why_not_this(
	const struct sf_coordinator *coordinator, const struct sf_declared_epoch *declared)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	const struct sf_directory_key *key = log_key(coordinator);
	if (strcmp(declared->stands.origin, log->origin) != 0)
		return "the record does not follow the epoch of this log";
	if (declared->stands.size != sf_tiles_size(&log->tiles) ||
		declared->stands.size != log->size ||
		!sf_digest_equal(&declared->stands.root, &log->root))
		return "the record says that other leaves stand than this store has: ask for it "
		       "again";
	if (!key || memcmp(key->public_key, declared->record.log_key, SF_PUBLIC_KEY_SIZE) != 0)
		return "the record names another log key than this coordinator's";
	return NULL;
}

static enum sf_err save(struct sf_coordinator *coordinator,
	const struct sf_declared_epoch *declared, struct sf_view bytes, struct sf_diag *diag)
{
	const struct sf_row_epoch row = {.epoch = declared->epoch,
		.base = coordinator->leaf_count,
		.common_size = (int64_t)declared->record.common_size,
		.record = bytes};
	const struct sf_store *store = &coordinator->ports.store;
	return store->insert(store->self, &sf_table_epoch, &row, diag);
}

static enum sf_err append_record(struct sf_coordinator *coordinator,
	const struct sf_declared_epoch *declared, struct sf_view bytes)
{
	const struct sf_row_event row = {
		.kind_class = SF_CLASS_EPOCH,
		.author = coordinator->options.party,
		.author_role = SF_ROLE_COORDINATOR,
		.digest = declared->digest,
		.outcome = SF_OUTCOME_APPLIED,
		.cover = sf_arena_copy(&coordinator->arena, bytes),
	};
	struct sf_recording *recording;
	return row.cover.data ? sf_coordinator_append(coordinator, 0, &row, NULL, &recording)
			      : SF_ERR_LIMIT;
}

/* From here on the log is the new one; it has no leaf yet. */
static enum sf_err begin(struct sf_coordinator *coordinator,
	const struct sf_declared_epoch *declared, struct sf_view bytes, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	enum sf_err err = save(coordinator, declared, bytes, diag);
	if (err)
		return err;
	for (size_t i = 0; i < log->ahead_count; i++)
		sf_buf_fini(&log->ahead[i].note);
	log->ahead_count = 0;
	err = sf_coordinator_load_log(coordinator, diag);
	if (!err)
		err = append_record(coordinator, declared, bytes);
	greet_anew(coordinator);
	return err;
}

static enum sf_err serve_begin(struct sf_coordinator *coordinator, struct sf_view bytes,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_declared_epoch *declared = sf_arena_take(&coordinator->arena, sizeof(*declared));
	struct sf_diag why = {.text = ""};
	if (!declared)
		return SF_ERR_LIMIT;
	enum sf_err err = sf_epoch_open(&coordinator->ports.crypto,
		&coordinator->options.registrars, bytes, declared, &why);
	if (err) {
		sf_reply_refuse(ret_reply, arena, err, why.text[0] ? why.text : sf_err_text(err));
		return SF_OK;
	}
	const char *reason = why_not_this(coordinator, declared);
	if (reason || coordinator->recording_count > 0) {
		sf_reply_refuse(ret_reply, arena, reason ? SF_ERR_CONFLICT : SF_ERR_AGAIN,
			reason ? reason : "something is being recorded: try again");
		return SF_OK;
	}
	err = begin(coordinator, declared, bytes, diag);
	if (err)
		return err;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_EPOCH,
		.text = "",
		.epoch = {.begun = true,
			.epoch = declared->epoch,
			.common_size = declared->record.common_size,
			.directory_version = declared->record.directory_version}};
	return SF_OK;
}

enum sf_err sf_coordinator_serve_epoch(struct sf_coordinator *coordinator,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	if (request->epoch.record.size > 0)
		return serve_begin(coordinator, request->epoch.record, arena, ret_reply, diag);
	const char *reason = why_not(coordinator);
	if (reason) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_STATE, reason);
		return SF_OK;
	}
	struct sf_reply reply = {.kind = SF_REPLY_EPOCH, .text = ""};
	enum sf_err err = ask(coordinator, arena, &reply.epoch, diag);
	if (!err)
		*ret_reply = reply;
	return err;
}
