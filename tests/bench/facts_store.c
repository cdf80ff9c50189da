#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/time.h"
#include "bench/facts.h"
#include "bench/measure.h"
#include "coordinator/pack.h"
#include "store/sqlite.h"
#include "wire/envelope.h"
#include "wire/header.h"

#define STEPS ((size_t)1024) /* in a window */
#define COMMIT_EVERY ((size_t)128)
#define FILL_EVERY ((size_t)8192)
#define PAGE ((size_t)16384)
#define CACHE_PAGES ((size_t)1024)
/* What an event takes in event_by_sequence, with the room that a tree leaves. */
#define INDEX_ENTRY_SIZE ((size_t)45)

struct sf_bench_facts_store {
	const struct sf_bench_terms *terms; /* borrowed */
	char path[512];
	struct sf_sqlite *sqlite; /* owned while it is open */
	const struct sf_store *port;
	struct sf_buf bytes, cover; /* owned: of the event that is written */
	struct sf_buf pack;         /* owned: of the fold that is read or written */
	int64_t leaf_count;
	size_t count;
	uint32_t *rounds; /* owned */
	uint8_t *lengths; /* owned */
};

static void open_store(struct sf_bench_facts_store *store)
{
	struct sf_diag diag = {""};
	const struct sf_sqlite_options options = {.path = store->path,
		.name = "coordinator",
		.tables = sf_coordinator_tables,
		.table_count = sf_coordinator_table_count};
	SF_ASSERT(!sf_sqlite_open(&options, &store->sqlite, &diag));
	store->port = sf_sqlite_port(store->sqlite);
	SF_ASSERT(!store->port->begin(store->port->self, &diag));
}

static void close_store(struct sf_bench_facts_store *store)
{
	struct sf_diag diag;
	SF_ASSERT(!store->port->commit(store->port->self, &diag));
	sf_sqlite_close(&store->sqlite);
}

static void commit(struct sf_bench_facts_store *store)
{
	struct sf_diag diag;
	SF_ASSERT(!store->port->commit(store->port->self, &diag));
	SF_ASSERT(!store->port->begin(store->port->self, &diag));
}

struct sf_bench_facts_store *sf_bench_facts_store_open(
	const struct sf_bench_terms *terms, const char *folder, size_t count_max)
{
	struct sf_bench_facts_store *store = calloc(1, sizeof(*store));
	SF_ASSERT(store);
	store->terms = terms;
	store->rounds = calloc(count_max + 1, sizeof(*store->rounds));
	store->lengths = calloc(count_max + 1, sizeof(*store->lengths));
	SF_ASSERT(store->rounds && store->lengths);
	snprintf(store->path, sizeof(store->path), "%s/bench-facts-%ld.db", folder, (long)getpid());
	sf_buf_init(&store->bytes, SF_HEADER_SIZE_MAX);
	sf_buf_init(&store->cover, SF_COVER_SIZE_MAX);
	sf_buf_init(&store->pack, SF_PACK_SIZE_MAX);
	return store;
}

void sf_bench_facts_store_close(struct sf_bench_facts_store **store)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock", ".floor"};
	for (size_t i = 0; i < SF_COUNT(ends); i++) {
		char file[600];
		snprintf(file, sizeof(file), "%s%s", (*store)->path, ends[i]);
		remove(file);
	}
	sf_buf_fini(&(*store)->bytes);
	sf_buf_fini(&(*store)->cover);
	sf_buf_fini(&(*store)->pack);
	free((*store)->rounds);
	free((*store)->lengths);
	free(*store);
	*store = NULL;
}

/* A cover with this message in its header; nobody looks at its signature here. */
static void write_cover(struct sf_bench_facts_store *store, const struct sf_message *message)
{
	static const uint8_t zeros[SF_SIGNATURE_SIZE];
	struct sf_header header = {.sent_ms = message->created_ms, .envelope_id = message->id};
	struct sf_buf text;
	sf_buf_init(&text, SF_HEADER_SIZE_MAX);
	sf_buf_clear(&store->bytes);
	sf_buf_clear(&store->cover);
	SF_ASSERT(!sf_message_encode(message, &store->bytes));
	header.message_bytes = sf_buf_view(&store->bytes);
	SF_ASSERT(!sf_header_encode(&header, &text));
	SF_ASSERT(!sf_envelope_write_header(
		(struct sf_id){{5}}, 0, sf_buf_view(&text), &store->cover));
	SF_ASSERT(!sf_buf_append(&store->cover, sf_view_of(zeros, SF_DIGEST_SIZE)));
	SF_ASSERT(!sf_envelope_write_proof(
		0, 0, 1, sf_view_of(NULL, 0), sf_view_of(zeros, sizeof(zeros)), &store->cover));
	sf_buf_fini(&text);
}

static void insert_event(
	struct sf_bench_facts_store *store, const struct sf_message *message, size_t index)
{
	struct sf_diag diag;
	write_cover(store, message);
	const struct sf_row_event row = {.leaf_index = store->leaf_count++,
		.transition = message->transition,
		.sequence = (int64_t)index + 1,
		.kind_class = SF_CLASS_FACT,
		.kind = (int64_t)message->fact.kind,
		.author = message->author,
		.message_id = message->id,
		.envelope_id = message->id,
		.recorded_ms = SF_BENCH_PLANS_START_MS + (int64_t)index * SF_MINUTE_MS,
		.outcome = SF_OUTCOME_APPLIED,
		.leaf = sf_buf_view(&store->bytes),
		.cover = sf_buf_view(&store->cover),
		.receipt = sf_buf_view(&store->bytes),
		.receipt_path = sf_view_of(store->cover.data, 0),
		.receipt_signature = sf_view_of(store->cover.data, SF_SIGNATURE_SIZE)};
	SF_ASSERT(!store->port->insert(store->port->self, &sf_table_event, &row, &diag));
}

static void write_event(struct sf_bench_facts_store *store, size_t place)
{
	struct sf_message message;
	sf_bench_event(store->terms, sf_bench_transition_id(place, store->rounds[place]),
		store->lengths[place], &message);
	insert_event(store, &message, store->lengths[place]);
	store->lengths[place]++;
}

static struct sf_recorded recorded_as(size_t index)
{
	return (struct sf_recorded){SF_CLASS_FACT, SF_OUTCOME_APPLIED, 0, index + 1,
		SF_BENCH_PLANS_START_MS + (int64_t)index * SF_MINUTE_MS, SF_ROLE_HOSPITAL};
}

/* What is packed, which is of so many events. */
static void write_fold(struct sf_bench_facts_store *store, struct sf_id id, size_t count)
{
	struct sf_diag diag;
	const struct sf_row_fold row = {
		.transition = id, .sequence = (int64_t)count, .events = sf_buf_view(&store->pack)};
	SF_ASSERT(!store->port->replace(store->port->self, &sf_table_fold, &row, &diag));
}

static void pack(struct sf_bench_facts_store *store, size_t index, struct sf_view message)
{
	const struct sf_recorded recorded = recorded_as(index);
	SF_ASSERT(!sf_pack_event(&recorded, message, &store->pack));
}

/* As the coordinator does when the event that follows finds the transition lost from its cache. */
static void fold_first(struct sf_bench_facts_store *store, size_t place, size_t count)
{
	struct sf_id id = sf_bench_transition_id(place, store->rounds[place]);
	sf_buf_clear(&store->pack);
	for (size_t i = 0; i < count; i++) {
		struct sf_message message;
		sf_bench_event(store->terms, id, i, &message);
		sf_buf_clear(&store->bytes);
		SF_ASSERT(!sf_message_encode(&message, &store->bytes));
		pack(store, i, sf_buf_view(&store->bytes));
	}
	write_fold(store, id, count);
}

/*
 * Event by event over all that are new, as days do it: those of one transition lie far apart, and
 * each finds its transition lost from the cache.
 */
static void fill(struct sf_bench_facts_store *store, size_t count)
{
	size_t written = 0;
	uint64_t packed = 0;
	for (size_t j = 0; j + 1 < SF_BENCH_EVENTS_MAX; j++) {
		bool worth = sf_pack_is_worth(packed, j - packed);
		for (size_t i = store->count; i < count; i++) {
			if (sf_bench_first_length(i) <= j)
				continue;
			if (worth)
				fold_first(store, i, j);
			write_event(store, i);
			if (++written % FILL_EVERY == 0)
				commit(store);
		}
		packed = worth ? j : packed;
	}
	store->count = count;
}

struct replay {
	struct sf_bench_facts_store *store;
	struct sf_transition *transition;
	size_t count;
};

static bool replay_event(void *context, const void *row)
{
	struct replay *replay = context;
	const struct sf_row_event *event = row;
	struct sf_cover cover;
	struct sf_header header;
	SF_ASSERT(!sf_cover_parse(event->cover, &cover, NULL));
	SF_ASSERT(!sf_header_decode(cover.header, &header, NULL));
	pack(replay->store, replay->count, header.message_bytes);
	sf_bench_step(replay->transition, &header.message, replay->count++);
	return true;
}

/* How many events came out of the row; 0 when there is none. */
static size_t replay_packed(struct replay *replay, struct sf_id id)
{
	struct sf_bench_facts_store *store = replay->store;
	struct sf_diag diag;
	struct sf_row_fold row = {.transition = id};
	sf_buf_clear(&store->pack);
	if (store->port->get(store->port->self, &sf_table_fold, 0, &row, &diag))
		return 0;
	SF_ASSERT(!sf_buf_append(&store->pack, row.events));
	struct sf_reader reader = {sf_buf_view(&store->pack)};
	while (reader.rest.size > 0) {
		struct sf_packed_event event;
		struct sf_message message;
		SF_ASSERT(!sf_pack_next(&reader, replay->count + 1, &event));
		SF_ASSERT(!sf_message_decode(event.message, &message, NULL));
		sf_bench_step(replay->transition, &message, replay->count++);
	}
	SF_ASSERT(replay->count == (size_t)row.sequence);
	return replay->count;
}

/* Reads and folds the transition as the coordinator does, steps one more fact, writes its event. */
static void step_at(struct sf_bench_facts_store *store, size_t place)
{
	struct sf_diag diag;
	struct replay replay = {.store = store};
	if (store->lengths[place] == SF_BENCH_EVENTS_MAX) {
		store->rounds[place]++;
		store->lengths[place] = 0;
	}
	struct sf_id id = sf_bench_transition_id(place, store->rounds[place]);
	SF_ASSERT(!sf_transition_open(id, &store->terms->book, &replay.transition));
	size_t packed = replay_packed(&replay, id);
	const struct sf_row_event key = {.transition = id, .sequence = (int64_t)packed};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.bounded = true,
		.exclusive = true,
		.from = &key};
	SF_ASSERT(!store->port->scan(store->port->self, &scan, replay_event, &replay, &diag));
	SF_ASSERT(replay.count == store->lengths[place]);
	if (sf_pack_is_worth(packed, replay.count - packed))
		write_fold(store, id, replay.count);
	struct sf_message message;
	sf_bench_event(store->terms, id, replay.count, &message);
	sf_bench_step(replay.transition, &message, replay.count);
	sf_transition_close(&replay.transition);
	write_event(store, place);
}

static double window_us(struct sf_bench_facts_store *store, uint64_t *chance)
{
	int64_t begun_ns = sf_bench_cpu_ns(0);
	for (size_t i = 1; i <= STEPS; i++) {
		step_at(store, sf_bench_draw(chance, store->count));
		if (i % COMMIT_EVERY == 0)
			commit(store);
	}
	return (double)(sf_bench_cpu_ns(0) - begun_ns) / 1000.0 / (double)STEPS;
}

/*
 * What pages cost without SQLite: each step reads as many pages at random as it has rows to read,
 * unless they are among as many as the store keeps in memory; and one of as many as the index has.
 * That one is written to a log, synced with each batch, and then written back where it was.
 */
struct floor {
	int file, log;
	size_t page_count, index_page_count;
	uint64_t chance;
	uint8_t kept[CACHE_PAGES][PAGE];
	size_t kept_numbers[CACHE_PAGES]; /* 1 more than the page's, 0 none */
	uint8_t pages[COMMIT_EVERY][PAGE];
	size_t numbers[COMMIT_EVERY];
};

/* Of a transition of this length: its fold, when it has one, and the events behind it. */
static size_t rows_of(size_t length)
{
	size_t packed = 0;
	for (size_t j = 0; j < length; j++)
		if (sf_pack_is_worth(packed, j - packed))
			packed = j;
	return (packed > 0 ? 1 : 0) + length - packed;
}

/* Lent until the next call. */
static const uint8_t *read_page(struct floor *floor, size_t number)
{
	size_t slot = number % CACHE_PAGES;
	if (floor->kept_numbers[slot] != number + 1)
		SF_ASSERT(pread(floor->file, floor->kept[slot], PAGE, (off_t)(number * PAGE)) ==
			  (ssize_t)PAGE);
	floor->kept_numbers[slot] = number + 1;
	return floor->kept[slot];
}

static void write_page(int file, size_t number, const uint8_t *page)
{
	SF_ASSERT(pwrite(file, page, PAGE, (off_t)(number * PAGE)) == (ssize_t)PAGE);
}

static void floor_batch(struct floor *floor)
{
	size_t count = 0;
	for (size_t i = 0; i < COMMIT_EVERY; i++) {
		size_t rows = rows_of(sf_bench_draw(&floor->chance, SF_BENCH_EVENTS_MAX));
		for (size_t j = 0; j < rows; j++)
			read_page(floor, sf_bench_draw(&floor->chance, floor->page_count));
		size_t number = sf_bench_draw(&floor->chance, floor->index_page_count), known = 0;
		while (known < count && floor->numbers[known] != number)
			known++;
		if (known < count)
			continue;
		memcpy(floor->pages[count], read_page(floor, number), PAGE);
		floor->numbers[count++] = number;
	}
	for (size_t i = 0; i < count; i++)
		write_page(floor->log, i, floor->pages[i]);
	SF_ASSERT(!fdatasync(floor->log));
	for (size_t i = 0; i < count; i++)
		write_page(floor->file, floor->numbers[i], floor->pages[i]);
}

/* On the store's own file, which is closed; its pages are written as they were. */
static double floor_us(const struct sf_bench_facts_store *store)
{
	struct floor *floor = calloc(1, sizeof(*floor));
	SF_ASSERT(floor);
	char path[600];
	snprintf(path, sizeof(path), "%s.floor", store->path);
	floor->file = open(store->path, O_RDWR | O_CLOEXEC);
	floor->log = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct stat status;
	SF_ASSERT(floor->file >= 0 && floor->log >= 0 && !fstat(floor->file, &status));
	floor->page_count = (size_t)status.st_size / PAGE;
	floor->index_page_count = 1 + (size_t)store->leaf_count * INDEX_ENTRY_SIZE / PAGE;
	SF_ASSERT(floor->index_page_count < floor->page_count);
	double least = 0;
	for (size_t window = 0; window < SF_BENCH_WINDOWS; window++) {
		int64_t begun_ns = sf_bench_cpu_ns(0);
		for (size_t i = 0; i < STEPS; i += COMMIT_EVERY)
			floor_batch(floor);
		double cost = (double)(sf_bench_cpu_ns(0) - begun_ns) / 1000.0 / (double)STEPS;
		least = window == 0 || cost < least ? cost : least;
	}
	close(floor->file);
	close(floor->log);
	free(floor);
	return least;
}

struct sf_bench_facts sf_bench_facts_store(struct sf_bench_facts_store *store, size_t count)
{
	struct sf_bench_facts facts = {0};
	struct stat status;
	open_store(store);
	fill(store, count);
	commit(store);
	uint64_t chance = 1;
	for (size_t window = 0; window < SF_BENCH_WINDOWS; window++) {
		double cost = window_us(store, &chance);
		facts.fact_us = window == 0 || cost < facts.fact_us ? cost : facts.fact_us;
	}
	close_store(store);
	facts.floor_us = floor_us(store);
	SF_ASSERT(!stat(store->path, &status));
	facts.transition_size = (double)status.st_size / (double)count;
	return facts;
}
