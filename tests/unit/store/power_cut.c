/*
 * The SQLite store on a disk that fails at every point of a workload (disk.h): power cuts, a full
 * disk, failing writes and failing syncs. Whatever happens, every acknowledged commit is there, a
 * commit is there whole or not at all, and the store works again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/sqlite.h"
#include "unit/store/disk.h"
#include "unit/store/tables.h"

/* Enough to fill the WAL several times: a checkpoint comes every 12 pages. */
#define ROUNDS 10
#define WAL_PAGES 12
#define SEEDS 3
#define BODY_SIZE 9000

/* The leaf that counts the rounds stands at 0, the others at 1 and above. */
static struct leaf leaf_of(int64_t position, int64_t round)
{
	struct leaf leaf = {.position = position, .group = round};
	sf_put_u64(leaf.digest.bytes, (uint64_t)(position * 1000 + round));
	return leaf;
}

static struct letter letter_of(int64_t round, uint8_t body[BODY_SIZE])
{
	struct letter letter = {.number = round, .state = round % 2, .due_ms = round};
	letter.transition.bytes[0] = (uint8_t)round;
	sf_put_u64(letter.digest.bytes, (uint64_t)round);
	memset(body, (int)round, BODY_SIZE);
	letter.body = sf_view_of(body, BODY_SIZE);
	return letter;
}

static enum sf_err open_store(struct sf_sqlite **ret_store)
{
	struct sf_diag diag = {0};
	struct sf_sqlite_options options = {
		.path = "store.db",
		.name = "test",
		.tables = test_tables,
		.table_count = SF_COUNT(test_tables),
		.wal_pages = WAL_PAGES,
		.vfs = DISK_VFS,
	};
	return sf_sqlite_open(&options, ret_store, &diag);
}

/* One round up to the commit: rows added, replaced and removed. */
static enum sf_err write_round(const struct sf_store *store, int64_t round)
{
	static uint8_t body[BODY_SIZE];
	struct leaf count = leaf_of(0, round), leaf = leaf_of(round, round);
	struct letter letter = letter_of(round, body);
	enum sf_err err = store->replace(store->self, &leaf_table, &count, NULL);
	if (!err)
		err = store->insert(store->self, &leaf_table, &leaf, NULL);
	if (!err)
		err = store->insert(store->self, &letter_table, &letter, NULL);
	if (!err && round > 2) {
		letter = letter_of(round - 2, body);
		err = store->remove(store->self, &letter_table, &letter, NULL);
	}
	return err;
}

/* The round the store stands at; everything in it must be that round's, whole. */
static int64_t check_round(struct sf_sqlite *sqlite)
{
	static uint8_t body[BODY_SIZE];
	const struct sf_store *store = sf_sqlite_port(sqlite);
	struct sf_diag diag = {0};
	if (sf_sqlite_integrity(sqlite, &diag))
		fail_msg("%s", diag.text);
	struct leaf count = {.position = 0};
	enum sf_err err = store->get(store->self, &leaf_table, 0, &count, NULL);
	int64_t round = err == SF_ERR_NOT_FOUND ? 0 : count.group;
	assert_true(err == SF_OK || err == SF_ERR_NOT_FOUND);
	for (int64_t i = 1; i <= ROUNDS + 1; i++) {
		struct leaf leaf = {.position = i}, wanted = leaf_of(i, i);
		err = store->get(store->self, &leaf_table, 0, &leaf, NULL);
		assert_int_equal(err, i <= round ? SF_OK : SF_ERR_NOT_FOUND);
		if (!err)
			assert_memory_equal(&leaf, &wanted, sizeof(leaf));
		struct letter letter = letter_of(i, body), found = {.number = i};
		bool there = i <= round && i > round - 2;
		err = store->get(store->self, &letter_table, 0, &found, NULL);
		assert_int_equal(err, there ? SF_OK : SF_ERR_NOT_FOUND);
		if (!err)
			assert_true(sf_view_equal(found.body, letter.body));
	}
	return round;
}

/* Runs rounds until one fails. What was acknowledged, and what was under way (0: nothing). */
static void work(const struct sf_store *store, int64_t *ret_acknowledged, int64_t *ret_under_way)
{
	for (int64_t round = 1; round <= ROUNDS; round++) {
		if (store->begin(store->self, NULL))
			return;
		if (write_round(store, round)) {
			store->rollback(store->self);
			return;
		}
		*ret_under_way = round;
		if (store->commit(store->self, NULL))
			return;
		*ret_acknowledged = round;
		*ret_under_way = 0;
	}
}

/* One life: work until power goes at the point, restart, look. False when it never went. */
static bool cut_at(uint64_t seed, size_t point)
{
	int64_t acknowledged = 0, under_way = 0;
	struct sf_sqlite *sqlite = NULL;
	disk_init(seed * 1000003 + point);
	disk_arm(DISK_FAULT_CUT, point);
	if (open_store(&sqlite) == SF_OK)
		work(sf_sqlite_port(sqlite), &acknowledged, &under_way);
	sf_sqlite_close(&sqlite);
	bool struck = disk_has_struck();
	if (!struck)
		assert_int_equal(acknowledged, ROUNDS);
	disk_restart();
	assert_int_equal(open_store(&sqlite), SF_OK);
	int64_t found = check_round(sqlite);
	if (found != acknowledged && (under_way == 0 || found != under_way))
		fail_msg("seed %llu point %zu: acknowledged %lld, under way %lld, found %lld",
			(unsigned long long)seed, point, (long long)acknowledged,
			(long long)under_way, (long long)found);
	const struct sf_store *store = sf_sqlite_port(sqlite);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	assert_int_equal(write_round(store, found + 1), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	sf_sqlite_close(&sqlite);
	disk_fini();
	return struck;
}

static void test_power_cut_at_every_point_loses_nothing_acknowledged(void **state)
{
	(void)state;
	size_t lives = 0;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		/* The first seed at every point, the others at every third. */
		size_t step = seed == 1 ? 1 : SEEDS;
		size_t point = (size_t)seed;
		while (cut_at(seed, point)) {
			point += step;
			lives++;
		}
		assert_true(point > 100);
	}
	print_message("%zu power cuts\n", lives);
}

/* The errors that were seen while a fault was armed. */
struct seen {
	size_t full, io;
	bool unknown; /* a commit of unknown outcome */
};

/*
 * One round with what an owner does about errors: roll back and do it again when the store goes
 * on, reopen and look when the outcome is unknown. True when the round is in.
 */
static bool try_round(struct sf_sqlite **sqlite, int64_t round, struct seen *seen)
{
	const struct sf_store *store = sf_sqlite_port(*sqlite);
	enum sf_err err = store->begin(store->self, NULL);
	if (!err) {
		err = write_round(store, round);
		if (err)
			store->rollback(store->self);
		else
			err = store->commit(store->self, NULL);
	}
	if (!err)
		return true;
	seen->full += err == SF_ERR_DISK_FULL;
	seen->io += err == SF_ERR_IO;
	disk_heal();
	if (err != SF_ERR_IO) {
		assert_int_equal(err, SF_ERR_DISK_FULL);
		assert_int_equal(check_round(*sqlite), round - 1);
		return false;
	}
	seen->unknown = true;
	assert_int_equal(store->begin(store->self, NULL), SF_ERR_STATE);
	sf_sqlite_close(sqlite);
	assert_int_equal(open_store(sqlite), SF_OK);
	int64_t found = check_round(*sqlite);
	assert_true(found == round || found == round - 1);
	return found == round;
}

/* False when the workload ended before the point. */
static bool fail_at(enum disk_fault fault, size_t point, struct seen *seen)
{
	struct sf_sqlite *sqlite = NULL;
	disk_init(point);
	assert_int_equal(open_store(&sqlite), SF_OK);
	disk_arm(fault, point);
	for (int64_t round = 1; round <= ROUNDS;)
		round += try_round(&sqlite, round, seen) ? 1 : 0;
	bool struck = disk_has_struck();
	disk_heal();
	assert_int_equal(check_round(sqlite), ROUNDS);
	/* And power goes: what was acknowledged is on disk, not only in memory. */
	disk_arm(DISK_FAULT_CUT, 1);
	sf_sqlite_close(&sqlite);
	disk_restart();
	assert_int_equal(open_store(&sqlite), SF_OK);
	assert_int_equal(check_round(sqlite), ROUNDS);
	sf_sqlite_close(&sqlite);
	disk_fini();
	return struck;
}

static struct seen fail_everywhere(enum disk_fault fault)
{
	struct seen seen = {0};
	size_t point = 1;
	while (fail_at(fault, point, &seen))
		point++;
	assert_true(point > 20);
	return seen;
}

static void test_full_disk_at_every_write_is_told_and_survived(void **state)
{
	(void)state;
	struct seen seen = fail_everywhere(DISK_FAULT_FULL);
	assert_true(seen.full > 20);
	assert_int_equal(seen.io, 0);
}

static void test_failing_write_at_every_point_is_told_and_survived(void **state)
{
	(void)state;
	struct seen seen = fail_everywhere(DISK_FAULT_WRITE);
	assert_true(seen.io > 20);
	assert_int_equal(seen.full, 0);
}

static void test_failing_sync_leaves_outcome_unknown(void **state)
{
	(void)state;
	struct seen seen = fail_everywhere(DISK_FAULT_SYNC);
	assert_true(seen.io >= ROUNDS);
	assert_true(seen.unknown);
}

static void test_failing_read_at_every_point_is_told_and_survived(void **state)
{
	(void)state;
	size_t refused = 0;
	bool struck = true;
	for (size_t point = 1; struck; point++) {
		int64_t acknowledged = 0, under_way = 0;
		struct sf_sqlite *sqlite = NULL;
		disk_init(point);
		assert_int_equal(open_store(&sqlite), SF_OK);
		work(sf_sqlite_port(sqlite), &acknowledged, &under_way);
		sf_sqlite_close(&sqlite);
		disk_arm(DISK_FAULT_READ, point);
		enum sf_err err = open_store(&sqlite);
		struct leaf leaf = {.position = ROUNDS};
		if (!err) {
			const struct sf_store *store = sf_sqlite_port(sqlite);
			err = store->get(store->self, &leaf_table, 0, &leaf, NULL);
		}
		struck = disk_has_struck();
		/* SQLite reads a file's header once more, without being asked, and can do without.
		 */
		assert_true(err == SF_OK || (err == SF_ERR_IO && struck));
		refused += err != SF_OK;
		sf_sqlite_close(&sqlite);
		disk_heal();
		assert_int_equal(open_store(&sqlite), SF_OK);
		assert_int_equal(check_round(sqlite), ROUNDS);
		sf_sqlite_close(&sqlite);
		disk_fini();
	}
	assert_true(refused > 3);
}

/* More than the page cache holds, so that pages go to the log before the commit. */
static void test_large_transaction_on_full_disk_is_doomed_and_rolled_back(void **state)
{
	(void)state;
	static uint8_t body[1048576];
	struct sf_sqlite *sqlite = NULL;
	disk_init(1);
	assert_int_equal(open_store(&sqlite), SF_OK);
	const struct sf_store *store = sf_sqlite_port(sqlite);
	for (size_t attempt = 0; attempt < 2; attempt++) {
		enum sf_err err = store->begin(store->self, NULL);
		disk_arm(attempt == 0 ? DISK_FAULT_FULL : DISK_FAULT_NONE, 400);
		for (int64_t i = 0; i < 24 && !err; i++) {
			struct letter letter = letter_of(i, body);
			letter.body = sf_view_of(body, sizeof(body));
			err = store->insert(store->self, &letter_table, &letter, NULL);
		}
		assert_int_equal(err, attempt == 0 ? SF_ERR_DISK_FULL : SF_OK);
		struct leaf leaf = leaf_of(1, 1);
		err = store->insert(store->self, &leaf_table, &leaf, NULL);
		assert_int_equal(err, attempt == 0 ? SF_ERR_STATE : SF_OK);
		err = store->commit(store->self, NULL);
		assert_int_equal(err, attempt == 0 ? SF_ERR_DISK_FULL : SF_OK);
		disk_heal();
		err = store->get(store->self, &leaf_table, 0, &leaf, NULL);
		assert_int_equal(err, attempt == 0 ? SF_ERR_NOT_FOUND : SF_OK);
		assert_int_equal(sf_sqlite_integrity(sqlite, NULL), SF_OK);
	}
	sf_sqlite_close(&sqlite);
	disk_fini();
}

static void test_rot_is_reported_as_damage(void **state)
{
	(void)state;
	struct sf_sqlite *sqlite = NULL;
	int64_t acknowledged = 0, under_way = 0;
	disk_init(1);
	assert_int_equal(open_store(&sqlite), SF_OK);
	work(sf_sqlite_port(sqlite), &acknowledged, &under_way);
	sf_sqlite_close(&sqlite);
	assert_true(disk_rot("store.db", 0));
	assert_int_equal(open_store(&sqlite), SF_ERR_CORRUPT);
	assert_null(sqlite);
	disk_fini();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_cut_at_every_point_loses_nothing_acknowledged),
		cmocka_unit_test(test_full_disk_at_every_write_is_told_and_survived),
		cmocka_unit_test(test_failing_write_at_every_point_is_told_and_survived),
		cmocka_unit_test(test_failing_sync_leaves_outcome_unknown),
		cmocka_unit_test(test_failing_read_at_every_point_is_told_and_survived),
		cmocka_unit_test(test_large_transaction_on_full_disk_is_doomed_and_rolled_back),
		cmocka_unit_test(test_rot_is_reported_as_damage),
	};
	return cmocka_run_group_tests_name("store/power_cut", tests, NULL, NULL);
}
