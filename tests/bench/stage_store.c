#include "bench/stage.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "bench/measure.h"
#include "os/env.h"
#include "store/sqlite.h"

/* A row as the engines' larger ones are: a key in order of time, a random index, bytes. */
struct row {
	struct sf_id key;
	struct sf_id transition;
	struct sf_digest digest;
	int64_t state;
	int64_t open;
	int64_t at_ms;
	struct sf_view bytes;
};

/* clang-format off */
static const struct sf_table row_table = {
	.name = "row",
	.row_size = sizeof(struct row),
	.column_count = 7,
	.columns = {
		{"key", SF_COLUMN_ID, offsetof(struct row, key)},
		{"transition", SF_COLUMN_ID, offsetof(struct row, transition)},
		{"digest", SF_COLUMN_DIGEST, offsetof(struct row, digest)},
		{"state", SF_COLUMN_INTEGER, offsetof(struct row, state)},
		{"open", SF_COLUMN_INTEGER, offsetof(struct row, open)},
		{"at_ms", SF_COLUMN_INTEGER, offsetof(struct row, at_ms)},
		{"bytes", SF_COLUMN_BYTES, offsetof(struct row, bytes)},
	},
	.index_count = 2,
	.indexes = {
		{"row_key", 1, {0}, true, SF_INDEX_WHOLE},
		{"row_open", 1, {4}, false, 4},
	},
};
/* clang-format on */

struct rows {
	struct sf_env env;
	struct sf_sqlite *sqlite;
	const struct sf_store *store;
	int file;
	size_t size;
	size_t next; /* key of the next row */
	uint8_t bytes[8192];
};

static struct row make_row(const struct rows *rows, size_t number, bool open)
{
	struct row row = {.state = 1,
		.open = open ? (int64_t)number + 1 : 0,
		.bytes = sf_view_of(rows->bytes, rows->size)};
	sf_put_u64(row.key.bytes, number + 1);
	return row;
}

static void insert(void *context, size_t count)
{
	struct rows *rows = context;
	const struct sf_store *store = rows->store;
	SF_ASSERT(!store->begin(store->self, NULL));
	for (size_t i = 0; i < count; i++) {
		struct row row = make_row(rows, rows->next++, true);
		rows->env.random(rows->env.self, row.transition.bytes, SF_ID_SIZE);
		SF_ASSERT(!store->insert(store->self, &row_table, &row, NULL));
	}
	SF_ASSERT(!store->commit(store->self, NULL));
}

/* The rows that insert made last: open becomes 0, as when an answer comes. */
static void update(void *context, size_t count)
{
	struct rows *rows = context;
	const struct sf_store *store = rows->store;
	SF_ASSERT(!store->begin(store->self, NULL));
	for (size_t i = 0; i < count; i++) {
		struct row row = make_row(rows, rows->next - count + i, false);
		SF_ASSERT(!store->replace(store->self, &row_table, &row, NULL));
	}
	SF_ASSERT(!store->commit(store->self, NULL));
}

static void sync_file(void *context, size_t count)
{
	struct rows *rows = context;
	for (size_t i = 0; i < count; i++) {
		SF_ASSERT(write(rows->file, rows->bytes, 4096) == 4096);
		SF_ASSERT(!fdatasync(rows->file));
	}
}

static double cost(struct rows *rows, void (*prepare)(void *, size_t),
	void (*round)(void *, size_t), size_t size, size_t batch)
{
	rows->size = size;
	const struct sf_bench_work work = {.context = rows, .prepare = prepare, .round = round};
	return sf_bench_cost_us(&work, batch);
}

static double wall_us(struct rows *rows, void (*round)(void *, size_t))
{
	double walls[200];
	for (size_t i = 0; i < SF_COUNT(walls); i++) {
		int64_t begun_ns = sf_bench_now_ns();
		round(rows, 1);
		walls[i] = (double)(sf_bench_now_ns() - begun_ns) / 1000;
	}
	return sf_bench_quantile(walls, SF_COUNT(walls), 0.5);
}

static void remove_files(const char *path)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	char name[512];
	for (size_t i = 0; i < SF_COUNT(endings); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

struct sf_bench_store_costs sf_bench_store_costs(const char *folder, size_t batch)
{
	struct rows *rows = calloc(1, sizeof(*rows));
	SF_ASSERT(rows);
	rows->env = sf_os_env();
	rows->env.random(rows->env.self, rows->bytes, sizeof(rows->bytes));
	char path[400], plain[400];
	snprintf(path, sizeof(path), "%s/stages-%d.db", folder, (int)getpid());
	snprintf(plain, sizeof(plain), "%s/stages-%d.sync", folder, (int)getpid());
	const struct sf_table *const tables[] = {&row_table};
	const struct sf_sqlite_options options = {.path = path,
		.name = "bench",
		.tables = tables,
		.table_count = 1,
		.checkpoint_ms = 50};
	SF_ASSERT(!sf_sqlite_open(&options, &rows->sqlite, NULL));
	rows->store = sf_sqlite_port(rows->sqlite);
	rows->file = open(plain, O_CREAT | O_WRONLY | O_APPEND, 0600);
	SF_ASSERT(rows->file >= 0);
	struct sf_bench_store_costs costs = {
		.insert_4k = cost(rows, NULL, insert, 4600, batch),
		.insert_2k = cost(rows, NULL, insert, 2150, batch),
		.insert_600 = cost(rows, NULL, insert, 600, batch),
		.update_100 = cost(rows, insert, update, 100, batch),
		.commit = cost(rows, NULL, insert, 100, 1),
	};
	costs.commit_wall = wall_us(rows, insert);
	costs.sync = cost(rows, NULL, sync_file, 0, 1);
	costs.sync_wall = wall_us(rows, sync_file);
	close(rows->file);
	sf_sqlite_close(&rows->sqlite);
	remove_files(path);
	unlink(plain);
	free(rows);
	return costs;
}
