#include "coordinator/fsck_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define X(name, word, what, advice) {word, what, advice},
static const struct {
	const char *word, *what, *advice;
} kinds[] = {SF_FSCK_LIST(X)};
#undef X

const char *sf_fsck_word(enum sf_fsck_kind kind)
{
	return kinds[kind].word;
}

const char *sf_fsck_what(enum sf_fsck_kind kind)
{
	return kinds[kind].what;
}

const char *sf_fsck_advice(enum sf_fsck_kind kind)
{
	return kinds[kind].advice;
}

void sf_fsck_find(
	struct sf_fsck *fsck, enum sf_fsck_kind kind, const char *where, const char *format, ...)
{
	char detail[SF_DIAG_SIZE] = "";
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(detail, sizeof(detail), format, arguments);
	va_end(arguments);
	const struct sf_fsck_fault fault = {kind, where, detail};
	fsck->report->faults++;
	fsck->options->found(fsck->options->context, &fault);
}

struct sf_fsck_place sf_fsck_leaf(int64_t leaf_index)
{
	struct sf_fsck_place place;
	snprintf(place.text, sizeof(place.text), "leaf %" PRId64, leaf_index);
	return place;
}

struct sf_fsck_place sf_fsck_event(struct sf_id transition, int64_t sequence)
{
	struct sf_fsck_place place;
	char id[SF_ID_TEXT_SIZE];
	sf_id_format(transition, id);
	snprintf(place.text, sizeof(place.text), "transition %s, event %" PRId64, id, sequence);
	return place;
}

enum sf_err sf_fsck_grow(void **items, size_t count, size_t *capacity, size_t item_size)
{
	if (count < *capacity)
		return SF_OK;
	size_t more = *capacity ? 2 * *capacity : 64;
	void *grown = realloc(*items, more * item_size);
	if (!grown)
		return SF_ERR_MEMORY;
	*items = grown;
	*capacity = more;
	return SF_OK;
}

enum sf_err sf_fsck_scan(
	struct sf_fsck *fsck, const struct sf_table *table, size_t index, sf_row_visitor *visitor)
{
	const struct sf_store *store = fsck->options->store;
	const struct sf_scan scan = {.table = table, .index = index};
	enum sf_err err = store->scan(store->self, &scan, visitor, fsck, fsck->diag);
	return err ? err : fsck->err;
}

static enum sf_err compare_counter(struct sf_fsck *fsck, enum sf_coordinator_counter name,
	const char *word, uint64_t least, uint64_t most)
{
	const struct sf_store *store = fsck->options->store;
	struct sf_row_counter row = {.name = name};
	enum sf_err err = store->get(store->self, &sf_table_counter, 0, &row, fsck->diag);
	if (err && err != SF_ERR_NOT_FOUND)
		return err;
	char where[SF_FSCK_PLACE_SIZE];
	snprintf(where, sizeof(where), "counter %s", word);
	/* A store in which nothing was recorded has none. */
	bool none = err == SF_ERR_NOT_FOUND;
	if (none && fsck->report->leaves > 0)
		sf_fsck_find(fsck, SF_FSCK_COUNTER, where, "it is missing");
	else if (!none && ((uint64_t)row.value < least || (uint64_t)row.value > most))
		sf_fsck_find(fsck, SF_FSCK_COUNTER, where,
			"it is %" PRId64 ", the rows give %" PRIu64, row.value, least);
	return SF_OK;
}

static enum sf_err compare_counters(struct sf_fsck *fsck)
{
	uint64_t leaves = (uint64_t)fsck->next_leaf;
	enum sf_err err = compare_counter(fsck, SF_COUNTER_LEAF, "leaf", leaves, leaves);
	if (!err)
		err = compare_counter(fsck, SF_COUNTER_RECORDED, "recorded",
			(uint64_t)fsck->last_recorded_ms, INT64_MAX);
	/* Numbers of what was erased are gone with it. */
	if (!err)
		err = compare_counter(
			fsck, SF_COUNTER_DERIVED, "derived", fsck->author_sequence, INT64_MAX);
	uint32_t epoch = fsck->base->log.epoch;
	return err ? err : compare_counter(fsck, SF_COUNTER_EPOCH, "epoch", epoch, epoch);
}

static enum sf_err open_base(struct sf_fsck *fsck)
{
	fsck->base = calloc(1, sizeof(*fsck->base));
	fsck->levels = calloc(SF_TILE_LEVELS_MAX, sizeof(*fsck->levels));
	if (!fsck->base || !fsck->levels)
		return SF_ERR_MEMORY;
	fsck->base->ports = (struct sf_coordinator_ports){.env = fsck->options->env,
		.store = *fsck->options->store,
		.crypto = fsck->options->crypto};
	enum sf_err err = sf_directory_open(&fsck->base->directory);
	if (!err)
		err = sf_book_open(&fsck->base->book);
	fsck->base->options.epoch = 1;
	fsck->base->options.origin = "";
	fsck->epoch = 1;
	return err ? err : sf_feed_open(0, 0, (struct sf_id){{0}}, &fsck->base->feed);
}

static void close_base(struct sf_fsck *fsck)
{
	if (fsck->base) {
		sf_directory_close(&fsck->base->directory);
		sf_book_close(&fsck->base->book);
		sf_feed_close(&fsck->base->feed);
		sf_tiles_fini(&fsck->base->log.past_tiles);
	}
	free(fsck->base);
	free(fsck->levels);
	free(fsck->keys);
	free(fsck->heads);
	free(fsck->marks);
}

static enum sf_err open_book(struct sf_fsck *fsck)
{
	struct sf_diag diag = {""};
	enum sf_err err = sf_coordinator_load_agreements(fsck->base, &diag);
	fsck->foldable = !err;
	if (!err || err == SF_ERR_MEMORY || err == SF_ERR_IO)
		return err;
	sf_fsck_find(fsck, SF_FSCK_AGREEMENTS, "agreements", "%s", diag.text);
	return SF_OK;
}

/* Where each epoch of the log begins; without that the first has all leaves. */
static enum sf_err open_epochs(struct sf_fsck *fsck)
{
	struct sf_diag diag = {""};
	enum sf_err err = sf_coordinator_load_epochs(fsck->base, &diag);
	fsck->report->epochs = (uint32_t)fsck->base->log.past_count + 1;
	if (err != SF_ERR_CORRUPT && err != SF_ERR_FORMAT)
		return err;
	sf_fsck_find(fsck, SF_FSCK_EPOCH, "epochs", "%s", diag.text);
	return SF_OK;
}

static enum sf_err check_all(struct sf_fsck *fsck)
{
	enum sf_err err = open_base(fsck);
	if (!err)
		err = open_epochs(fsck);
	if (!err)
		err = sf_fsck_directory(fsck);
	if (!err)
		err = sf_fsck_checkpoints(fsck);
	if (!err)
		err = sf_fsck_open_note(fsck);
	if (!err)
		err = sf_fsck_events(fsck);
	if (!err)
		err = sf_fsck_tree(fsck);
	if (!err)
		err = open_book(fsck);
	if (!err)
		err = sf_fsck_transitions(fsck);
	if (!err)
		err = sf_fsck_folds(fsck);
	return err ? err : compare_counters(fsck);
}

enum sf_err sf_fsck_run(const struct sf_fsck_options *options, struct sf_fsck_report *ret_report,
	struct sf_diag *diag)
{
	struct sf_fsck fsck = {.options = options, .report = ret_report, .diag = diag};
	*ret_report = (struct sf_fsck_report){.leaves = 0};
	sf_buf_init(&ret_report->note, SF_NOTE_SIZE_MAX);
	enum sf_err err = check_all(&fsck);
	close_base(&fsck);
	return err;
}

void sf_fsck_report_fini(struct sf_fsck_report *report)
{
	sf_buf_fini(&report->note);
}
