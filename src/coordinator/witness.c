/*
 * Cosignatures (c2sp.org/tlog-cosignature): nodes say that they saw a checkpoint and that it grew
 * from what they saw before. With enough of them it has its quorum (WIRE.md section 4).
 */
#include "coordinator/state.h"

#include "audit/policy.h"
#include "base/time.h"

/* A witness may be slower than the log; of those without a quorum so many are kept. */
#define KEPT_MAX 256
#define KEPT_MIN 16 /* for cosignatures that are on their way */
#define LATE_COSIGNERS_MS (15 * SF_MINUTE_MS)

bool sf_coordinator_wants_quorum(const struct sf_coordinator *coordinator)
{
	return coordinator->options.quorum_hospitals > 0 ||
	       coordinator->options.quorum_municipalities > 0;
}

bool sf_coordinator_is_witness(const struct sf_directory_entry *entry)
{
	for (size_t i = 0; i < entry->key_count; i++)
		if (entry->keys[i].use == SF_KEY_USE_WITNESS)
			return true;
	return false;
}

int64_t sf_coordinator_quorum_due_ms(const struct sf_coordinator *coordinator)
{
	const struct sf_coordinator_log *log = &coordinator->log;
	return log->unwitnessed_ms && !log->no_quorum_told ? log->unwitnessed_ms + LATE_COSIGNERS_MS
							   : INT64_MAX;
}

void sf_coordinator_watch_quorum(struct sf_coordinator *coordinator)
{
	if (sf_coordinator_quorum_due_ms(coordinator) > coordinator->recorded_ms)
		return;
	coordinator->log.no_quorum_told = true;
	sf_coordinator_tell_log(coordinator, SF_TROUBLE_NO_QUORUM, coordinator->options.party);
}

struct lines {
	struct sf_buf *buf;
	enum sf_err err;
};

static bool append_line(void *context, const void *row)
{
	struct lines *lines = context;
	const struct sf_row_cosignature *cosignature = row;
	lines->err = sf_buf_append(lines->buf, cosignature->line);
	return !lines->err;
}

static enum sf_err scan_cosignatures(struct sf_coordinator *coordinator,
	const struct sf_row_checkpoint *checkpoint, sf_row_visitor *visitor, void *context,
	struct sf_diag *diag)
{
	const struct sf_row_cosignature key = {
		.epoch = checkpoint->epoch, .size = checkpoint->size};
	const struct sf_scan scan = {
		.table = &sf_table_cosignature, .equal_count = 2, .from = &key};
	const struct sf_store *store = &coordinator->ports.store;
	return store->scan(store->self, &scan, visitor, context, diag);
}

enum sf_err sf_coordinator_cosigned_note(struct sf_coordinator *coordinator,
	const struct sf_row_checkpoint *checkpoint, struct sf_buf *buf, struct sf_diag *diag)
{
	struct lines lines = {buf, sf_buf_append(buf, checkpoint->note)};
	if (lines.err)
		return lines.err;
	enum sf_err err = scan_cosignatures(coordinator, checkpoint, append_line, &lines, diag);
	return err ? err : lines.err;
}

/* One of the party's witness keys made this line. */
static bool is_cosigned(const struct sf_coordinator *coordinator, struct sf_id party,
	struct sf_view text, struct sf_view line)
{
	const struct sf_crypto *crypto = &coordinator->ports.crypto;
	const struct sf_directory_entry *entry = sf_directory_party(coordinator->directory, party);
	char name[SF_WITNESS_NAME_SIZE];
	sf_witness_name(party, name);
	for (size_t i = 0; entry && i < entry->key_count; i++) {
		const struct sf_directory_key *key = &entry->keys[i];
		struct sf_note_key witness;
		if (key->use == SF_KEY_USE_WITNESS &&
			sf_directory_key_valid(
				key, coordinator->recorded_ms, coordinator->recorded_ms) &&
			!sf_note_key_make(
				crypto, name, SF_NOTE_KEY_COSIGNATURE, key->public_key, &witness) &&
			!sf_note_line_check(crypto, text, line, &witness, NULL))
			return true;
	}
	return false;
}

struct quorum {
	const struct sf_coordinator *coordinator;
	uint32_t hospitals, municipalities;
};

static bool count_cosigner(void *context, const void *row)
{
	struct quorum *quorum = context;
	const struct sf_row_cosignature *cosignature = row;
	const struct sf_directory_entry *entry =
		sf_directory_party(quorum->coordinator->directory, cosignature->party);
	enum sf_role role = entry ? entry->role : SF_ROLE_NONE;
	quorum->hospitals += sf_role_cosigns_as_hospital(role);
	quorum->municipalities += sf_role_cosigns_as_municipality(role);
	return true;
}

/* The checkpoint has as many as the policy wants: everybody is told. */
static enum sf_err reach_quorum(struct sf_coordinator *coordinator,
	struct sf_row_checkpoint *checkpoint, struct sf_diag *diag)
{
	struct sf_coordinator_log *log = &coordinator->log;
	const struct sf_store *store = &coordinator->ports.store;
	checkpoint->quorum_ms = coordinator->recorded_ms;
	enum sf_err err = store->replace(store->self, &sf_table_checkpoint, checkpoint, diag);
	bool past = checkpoint->epoch != (int64_t)log->epoch;
	if (err || past || (uint64_t)checkpoint->size <= log->witnessed_size)
		return err;
	log->witnessed_size = (uint64_t)checkpoint->size;
	log->witnessed_ms = checkpoint->quorum_ms;
	log->unwitnessed_ms = log->witnessed_size == log->size ? 0 : coordinator->recorded_ms;
	log->no_quorum_told = false;
	sf_buf_clear(&log->witnessed);
	err = sf_coordinator_cosigned_note(coordinator, checkpoint, &log->witnessed, diag);
	return err ? err : sf_coordinator_prune_checkpoints(coordinator, diag);
}

static enum sf_err judge_quorum(struct sf_coordinator *coordinator,
	struct sf_row_checkpoint *checkpoint, struct sf_diag *diag)
{
	const struct sf_coordinator_options *options = &coordinator->options;
	if (checkpoint->quorum_ms)
		return SF_OK;
	struct quorum quorum = {.coordinator = coordinator};
	enum sf_err err = scan_cosignatures(coordinator, checkpoint, count_cosigner, &quorum, diag);
	bool reached = quorum.hospitals >= options->quorum_hospitals &&
		       quorum.municipalities >= options->quorum_municipalities;
	return err || !reached ? err : reach_quorum(coordinator, checkpoint, diag);
}

/* The text that was signed, in the turn's memory. */
static struct sf_view signed_text(struct sf_coordinator *coordinator, struct sf_view bytes)
{
	struct sf_note *note = sf_arena_take(&coordinator->arena, sizeof(*note));
	return note && !sf_note_parse(bytes, note, NULL) ? note->text : sf_view_of(NULL, 0);
}

enum sf_err sf_coordinator_take_cosignature(
	struct sf_coordinator *coordinator, const struct sf_taken *taken, struct sf_diag *diag)
{
	const struct sf_frame_log *said = &taken->frame.log;
	const struct sf_store *store = &coordinator->ports.store;
	struct sf_row_checkpoint checkpoint = {
		.epoch = (int64_t)said->epoch, .size = (int64_t)said->size};
	enum sf_err err = SF_ERR_NOT_FOUND;
	/* Of an epoch that is over its last one may still be cosigned: what it commits to stands.
	 */
	if (said->epoch <= coordinator->log.epoch)
		err = store->get(store->self, &sf_table_checkpoint, 0, &checkpoint, diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	checkpoint.note = sf_arena_copy(&coordinator->arena, checkpoint.note);
	struct sf_view text = err ? sf_view_of(NULL, 0) : signed_text(coordinator, checkpoint.note);
	/* Of one that is no longer kept, or not what it says: as if it had not been said. */
	if (err || !is_cosigned(coordinator, taken->party, text, said->line)) {
		coordinator->counters.dropped++;
		return SF_OK;
	}
	struct sf_party_state *party = sf_parties_find(&coordinator->parties, taken->party);
	if (party && said->epoch == coordinator->log.epoch && said->size == coordinator->log.size)
		party->log_again_ms = 0;
	const struct sf_row_cosignature row = {.epoch = checkpoint.epoch,
		.size = checkpoint.size,
		.party = taken->party,
		.line = said->line,
		.at_ms = coordinator->recorded_ms};
	err = store->insert(store->self, &sf_table_cosignature, &row, diag);
	if (err)
		return err == SF_ERR_EXISTS ? SF_OK : err;
	coordinator->counters.cosigned++;
	return judge_quorum(coordinator, &checkpoint, diag);
}

struct pruning {
	const struct sf_coordinator *coordinator;
	size_t seen, count;
	int64_t sizes[KEPT_MAX];
};

static bool is_needed(const struct pruning *pruning, const struct sf_row_checkpoint *checkpoint)
{
	const struct sf_coordinator_log *log = &pruning->coordinator->log;
	uint64_t size = (uint64_t)checkpoint->size;
	return size == log->size || size == log->witnessed_size || pruning->seen <= KEPT_MIN ||
	       (size > log->witnessed_size && pruning->seen <= KEPT_MAX);
}

/* Newest first. */
static bool keep_needless(void *context, const void *row)
{
	struct pruning *pruning = context;
	const struct sf_row_checkpoint *checkpoint = row;
	pruning->seen++;
	if (!is_needed(pruning, checkpoint))
		pruning->sizes[pruning->count++] = checkpoint->size;
	return pruning->count < KEPT_MAX;
}

struct cosigners {
	struct sf_arena *arena;
	size_t count, capacity;
	struct sf_id *parties;
};

static bool keep_cosigner(void *context, const void *row)
{
	struct cosigners *cosigners = context;
	const struct sf_row_cosignature *cosignature = row;
	if (cosigners->count == cosigners->capacity)
		return false;
	cosigners->parties[cosigners->count++] = cosignature->party;
	return true;
}

#define COSIGNERS_MAX ((size_t)4096) /* of one checkpoint: every party of a region */

static enum sf_err forget(struct sf_coordinator *coordinator, int64_t size, struct sf_diag *diag)
{
	const struct sf_store *store = &coordinator->ports.store;
	struct cosigners cosigners = {.capacity = COSIGNERS_MAX,
		.parties = sf_arena_take_many(
			&coordinator->arena, COSIGNERS_MAX, sizeof(struct sf_id))};
	if (!cosigners.parties)
		return SF_ERR_LIMIT;
	const struct sf_row_checkpoint forgotten = {.epoch = coordinator->log.epoch, .size = size};
	enum sf_err err =
		scan_cosignatures(coordinator, &forgotten, keep_cosigner, &cosigners, diag);
	for (size_t i = 0; i < cosigners.count && !err; i++) {
		const struct sf_row_cosignature key = {.epoch = coordinator->log.epoch,
			.size = size,
			.party = cosigners.parties[i]};
		err = store->remove(store->self, &sf_table_cosignature, &key, diag);
	}
	return err ? err : store->remove(store->self, &sf_table_checkpoint, &forgotten, diag);
}

enum sf_err sf_coordinator_prune_checkpoints(
	struct sf_coordinator *coordinator, struct sf_diag *diag)
{
	struct pruning *pruning = sf_arena_take(&coordinator->arena, sizeof(*pruning));
	if (!pruning)
		return SF_ERR_LIMIT;
	pruning->coordinator = coordinator;
	const struct sf_row_checkpoint key = {.epoch = coordinator->log.epoch};
	const struct sf_scan scan = {
		.table = &sf_table_checkpoint, .equal_count = 1, .from = &key, .descending = true};
	const struct sf_store *store = &coordinator->ports.store;
	enum sf_err err = store->scan(store->self, &scan, keep_needless, pruning, diag);
	for (size_t i = 0; i < pruning->count && !err; i++)
		err = forget(coordinator, pruning->sizes[i], diag);
	return err;
}
