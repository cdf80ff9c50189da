/*
 * A store that was restored from an old backup must not go on as if nothing had been: it would
 * record other events in places that nodes have proofs of. Whoever has a larger checkpoint than
 * this store, or another tree of the same size, shows it with this log's own signature.
 */
#include "coordinator/state.h"

#include <string.h>

#include "base/time.h"

/*
 * So long after a start recording, timers and signing wait for those who were connected before and
 * may know more: twice as long as a node's longest pause between two attempts (WIRE section 3).
 */
#define WAIT_MS SF_MINUTE_MS

bool sf_coordinator_is_behind(const struct sf_coordinator *coordinator)
{
	return coordinator->log.ahead_count > 0;
}

int64_t sf_coordinator_awaits_until_ms(const struct sf_coordinator *coordinator)
{
	return coordinator->log.awaited > 0 ? coordinator->started_ms + WAIT_MS : 0;
}

int64_t sf_coordinator_waits_until_ms(const struct sf_coordinator *coordinator)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	int64_t until_ms = sf_coordinator_awaits_until_ms(coordinator);
	/* What nodes send again comes before what time makes of its absence. */
	if (log->begun_ms && log->begun_ms + WAIT_MS > until_ms)
		until_ms = log->begun_ms + WAIT_MS;
	return until_ms;
}

static bool was_there(const struct sf_coordinator *coordinator, const struct sf_row_party *row)
{
	return row->seen_ms > coordinator->opened_recorded_ms - SF_DAY_MS;
}

static bool count_awaited(void *context, const void *row)
{
	struct sf_coordinator *coordinator = context;
	coordinator->log.awaited += was_there(coordinator, row);
	return true;
}

enum sf_err sf_coordinator_await_parties(struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	coordinator->opened_recorded_ms = coordinator->recorded_ms;
	coordinator->log.awaited = 0;
	if (coordinator->log.size == 0 && coordinator->log.past_count == 0)
		return SF_OK;
	const struct sf_scan scan = {.table = &sf_table_party};
	const struct sf_store *store = &coordinator->ports.store;
	return store->scan(store->self, &scan, count_awaited, coordinator, diag);
}

/* Its first hello since start. */
static void hear(struct sf_coordinator *coordinator, struct sf_party_state *party)
{
	if (party->heard)
		return;
	party->heard = true;
	if (coordinator->log.awaited > 0 && was_there(coordinator, &party->row))
		coordinator->log.awaited--;
}

/*
 * By one of the keys that this coordinator has published for its log. Who has stolen one that is
 * revoked must not stop a region with it.
 */
static bool is_signed(
	const struct sf_coordinator *coordinator, struct sf_view note, const char *origin)
{
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	const struct sf_directory_entry *own =
		sf_directory_party(coordinator->directory, coordinator->options.party);
	for (size_t i = 0; own && i < own->key_count; i++) {
		struct sf_note_key key;
		struct sf_checkpoint checkpoint;
		if (own->keys[i].use == SF_KEY_USE_LOG &&
			!sf_directory_key_revoked(&own->keys[i], coordinator->recorded_ms) &&
			!sf_note_key_make(crypto, origin, SF_NOTE_KEY_ED25519,
				own->keys[i].public_key, &key) &&
			!sf_checkpoint_open(crypto, note, &key, &checkpoint, NULL))
			return true;
	}
	return false;
}

/* What the note says, when this log said it. */
static bool read_note(const struct sf_coordinator *coordinator, struct sf_view bytes,
	struct sf_checkpoint *ret_checkpoint, uint32_t *ret_epoch)
{
	struct sf_note note;
	char log[SF_NOTE_NAME_SIZE], own[SF_NOTE_NAME_SIZE];
	uint32_t epoch;
	return bytes.size > 0 && !sf_note_parse(bytes, &note, NULL) &&
	       !sf_checkpoint_parse(note.text, ret_checkpoint, NULL) &&
	       !sf_origin_parse(ret_checkpoint->origin, log, ret_epoch) &&
	       !sf_origin_parse(coordinator->log.origin, own, &epoch) && strcmp(log, own) == 0 &&
	       is_signed(coordinator, bytes, ret_checkpoint->origin);
}

/* Whether this store's tree had that root when it was so large. Damaged tiles tell nothing. */
static enum sf_err has_tree(struct sf_coordinator *coordinator, uint64_t size,
	const struct sf_digest *root, bool *ret_has, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	*ret_has = false;
	if (size > log->size)
		return SF_OK;
	struct sf_tree_source source = sf_tiles_source(&log->tiles);
	struct sf_digest own;
	enum sf_err err = sf_tree_root(&coordinator->ports.crypto, &source, size, &own, diag);
	*ret_has = err == SF_ERR_CORRUPT || (!err && sf_digest_equal(&own, root));
	return err == SF_ERR_CORRUPT ? SF_OK : err;
}

static bool shows_less(const struct sf_log_ahead *ahead, uint32_t epoch, uint64_t size)
{
	return ahead->epoch < epoch || (ahead->epoch == epoch && ahead->size < size);
}

/* The place of the party, or a new one at the end; NULL when it has shown more, or all are taken.
 */
static struct sf_log_ahead *find_place(
	struct sf_coordinator_log *log, struct sf_id party, uint32_t epoch, uint64_t size)
{
	size_t i = 0;
	while (i < log->ahead_count && !sf_id_equal(log->ahead[i].party, party))
		i++;
	if (i < log->ahead_count)
		return shows_less(&log->ahead[i], epoch, size) ? &log->ahead[i] : NULL;
	if (i == SF_LOG_AHEAD_MAX)
		return shows_less(&log->ahead[i - 1], epoch, size) ? &log->ahead[i - 1] : NULL;
	sf_buf_init(&log->ahead[i].note, SF_NOTE_SIZE_MAX);
	log->ahead_count++;
	return &log->ahead[i];
}

static enum sf_err stop(struct sf_coordinator *coordinator, const struct sf_taken *taken,
	const struct sf_checkpoint *checkpoint, uint32_t epoch)
{
	struct sf_coordinator_log *log = &coordinator->log;
	bool more = epoch > coordinator->log.epoch || checkpoint->size > log->size;
	enum sf_contradiction kind = more ? SF_CONTRADICTION_ROLLBACK : SF_CONTRADICTION_FORK;
	sf_coordinator_tell_log(coordinator, kind, taken->party);
	struct sf_log_ahead *place = find_place(log, taken->party, epoch, checkpoint->size);
	if (!place)
		return SF_OK;
	struct sf_log_ahead ahead = {.kind = kind,
		.party = taken->party,
		.at_ms = coordinator->recorded_ms,
		.epoch = epoch,
		.size = checkpoint->size,
		.directory_version = checkpoint->directory_version,
		.directory_head = checkpoint->directory_head,
		.note = place->note};
	sf_buf_clear(&ahead.note);
	enum sf_err err = sf_buf_append(&ahead.note, taken->frame.hello.log_note);
	for (; place > log->ahead && shows_less(place - 1, epoch, checkpoint->size); place--)
		*place = place[-1];
	*place = ahead;
	return err;
}

enum sf_err sf_coordinator_compare_log(struct sf_coordinator *coordinator,
	const struct sf_taken *taken, struct sf_party_state *party, struct sf_diag *diag)
{
	const struct sf_hello *hello = &taken->frame.hello;
	struct sf_checkpoint shown = {.size = hello->log_size, .root = hello->log_root};
	uint32_t epoch = coordinator->log.epoch;
	bool has = hello->log_size == 0;
	enum sf_err err = SF_OK;
	party->log_hello = 0;
	if (!has)
		err = has_tree(coordinator, shown.size, &shown.root, &has, diag);
	if (err)
		return err;
	if (!has && !read_note(coordinator, hello->log_note, &shown, &epoch)) {
		/* Somebody's word must not stop a region. */
		sf_coordinator_tell_log(coordinator, SF_CONTRADICTION_SIGNATURE, taken->party);
		return SF_OK;
	}
	bool same = epoch == coordinator->log.epoch;
	if (!has && same)
		err = has_tree(coordinator, shown.size, &shown.root, &has, diag);
	if (err)
		return err;
	if (!has && epoch >= coordinator->log.epoch)
		return stop(coordinator, taken, &shown, epoch);
	party->log_hello = same ? shown.size : 0;
	hear(coordinator, party);
	return SF_OK;
}
