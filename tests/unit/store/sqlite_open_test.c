#define _POSIX_C_SOURCE 200809L

#include <poll.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "unit/store/adapter.h"
#include "unit/store/tables.h"

static int open_sqlite(void **state)
{
	static struct adapter adapter;
	adapter_open_sqlite(&adapter);
	*state = &adapter;
	return 0;
}

static int close_sqlite(void **state)
{
	adapter_close(*state);
	return 0;
}

static struct sf_sqlite_options options_for(const struct adapter *adapter)
{
	return (struct sf_sqlite_options){
		.path = adapter->path,
		.name = "test",
		.tables = test_tables,
		.table_count = SF_COUNT(test_tables),
	};
}

/* Opening must fail with err and a text that names the file and has the phrase. */
static void assert_refused(
	const struct sf_sqlite_options *options, enum sf_err expected, const char *phrase)
{
	struct sf_sqlite *store = NULL;
	struct sf_diag diag = {0};
	enum sf_err err = sf_sqlite_open(options, &store, &diag);
	assert_null(store);
	if (err != expected || !strstr(diag.text, options->path) || !strstr(diag.text, phrase))
		fail_msg("%s: %s", sf_err_code(err), diag.text);
}

static void test_second_opening_of_a_file_is_refused(void **state)
{
	struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	assert_refused(&options, SF_ERR_AGAIN, "another process has this store open");
	adapter_reopen(adapter);
}

static void test_every_file_is_private(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
	const struct adapter *adapter = *state;
	struct word word = {.text = sf_view_text("x")};
	must_begin(adapter->store);
	must_insert(adapter->store, &word_table, &word);
	must_commit(adapter->store);
	for (size_t i = 0; i < SF_COUNT(suffixes); i++) {
		char path[128];
		struct stat status;
		snprintf(path, sizeof(path), "%s%s", adapter->path, suffixes[i]);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
	}
}

static void test_file_that_others_may_read_is_refused(void **state)
{
	struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	sf_sqlite_close(&adapter->sqlite);
	assert_int_equal(chmod(adapter->path, 0640), 0);
	assert_refused(&options, SF_ERR_AUTH, "chmod 600");
	assert_int_equal(chmod(adapter->path, 0600), 0);
	adapter_reopen(adapter);
}

static void test_store_of_something_else_is_refused(void **state)
{
	struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	sf_sqlite_close(&adapter->sqlite);
	options.name = "other";
	assert_refused(&options, SF_ERR_CONFIG, "not the store of a stafet other");
}

static void test_file_that_is_no_database_is_refused(void **state)
{
	struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	sf_sqlite_close(&adapter->sqlite);
	FILE *file = fopen(adapter->path, "wb");
	assert_non_null(file);
	for (int i = 0; i < 4096; i++)
		fputs("no database\n", file);
	fclose(file);
	assert_refused(&options, SF_ERR_CORRUPT, "not a database");
}

static void test_begin_while_another_program_writes_is_to_be_tried_again(void **state)
{
	const struct adapter *adapter = *state;
	const struct sf_store *store = adapter->store;
	sqlite3 *other = NULL;
	struct word word = {.text = sf_view_text("x")};
	assert_int_equal(sqlite3_open(adapter->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(store->begin(store->self, NULL), SF_ERR_AGAIN);
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	must_begin(store);
	must_insert(store, &word_table, &word);
	must_commit(store);
	sqlite3_close(other);
}

static void test_folder_that_is_missing_is_named(void **state)
{
	const struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	options.path = "/tmp/no-such-folder/store.db";
	assert_refused(&options, SF_ERR_NOT_FOUND, "No such file");
}

static bool count_row(void *context, const void *row)
{
	(void)row;
	++*(size_t *)context;
	return true;
}

static size_t words_in(const struct sf_store *store)
{
	size_t count = 0;
	const struct sf_scan scan = {.table = &word_table};
	assert_int_equal(store->scan(store->self, &scan, count_row, &count, NULL), SF_OK);
	return count;
}

/* Beside its daemon, which goes on; what is read fits together. */
static void test_store_opened_for_reading_stands_still(void **state)
{
	struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	options.read_only = true;
	struct word word = {.text = sf_view_text("x")};
	must_begin(adapter->store);
	must_insert(adapter->store, &word_table, &word);
	must_commit(adapter->store);
	struct sf_sqlite *reading = NULL;
	assert_int_equal(sf_sqlite_open(&options, &reading, NULL), SF_OK);
	const struct sf_store *store = sf_sqlite_port(reading);
	assert_int_equal(words_in(store), 1);
	word.text = sf_view_text("y");
	must_begin(adapter->store);
	must_insert(adapter->store, &word_table, &word);
	must_commit(adapter->store);
	assert_int_equal(words_in(store), 1);
	struct sf_diag diag = {0};
	assert_int_equal(store->begin(store->self, &diag), SF_ERR_STATE);
	assert_non_null(strstr(diag.text, "reading only"));
	assert_int_equal(store->insert(store->self, &word_table, &word, NULL), SF_ERR_STATE);
	sf_sqlite_close(&reading);
	assert_int_equal(words_in(adapter->store), 2);
	/* At rest, too, and nothing of it is changed. */
	sf_sqlite_close(&adapter->sqlite);
	assert_int_equal(sf_sqlite_open(&options, &reading, NULL), SF_OK);
	assert_int_equal(words_in(sf_sqlite_port(reading)), 2);
	sf_sqlite_close(&reading);
	adapter_reopen(adapter);
	assert_int_equal(words_in(adapter->store), 2);
}

/* Nothing is created, locked or marked by who only wants to read. */
static void test_file_that_is_no_store_is_refused_for_reading(void **state)
{
	static const char *const contents[] = {"", "agreement {}\n"};
	struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	options.read_only = true;
	options.name = "other";
	assert_refused(&options, SF_ERR_CONFIG, "not the store of a stafet other");
	options.name = "test";
	char path[128];
	snprintf(path, sizeof(path), "%s/file", adapter->folder);
	options.path = path;
	struct sf_sqlite *store = NULL;
	assert_int_not_equal(sf_sqlite_open(&options, &store, NULL), SF_OK);
	assert_int_not_equal(access(path, F_OK), 0);
	for (size_t i = 0; i < SF_COUNT(contents); i++) {
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		for (int line = 0; line < 4096; line++)
			fputs(contents[i], file);
		fclose(file);
		assert_refused(&options, SF_ERR_CONFIG, "not the store of a stafet test");
	}
	unlink(path);
}

static void test_badly_declared_table_is_refused(void **state)
{
	struct adapter *adapter = *state;
	struct sf_table wrong = leaf_table;
	const struct sf_table *const tables[] = {&wrong};
	struct sf_sqlite_options options = options_for(adapter);
	struct sf_sqlite *store = NULL;
	struct sf_diag diag = {0};
	sf_sqlite_close(&adapter->sqlite);
	options.tables = tables;
	options.table_count = 1;
	wrong.columns[2].offset = sizeof(struct leaf);
	assert_int_equal(sf_sqlite_open(&options, &store, &diag), SF_ERR_USAGE);
	wrong = leaf_table;
	wrong.indexes[0].unique = false;
	assert_int_equal(sf_sqlite_open(&options, &store, &diag), SF_ERR_USAGE);
	wrong = leaf_table;
	wrong.indexes[1].open_column = 2;
	assert_int_equal(sf_sqlite_open(&options, &store, &diag), SF_ERR_USAGE);
	wrong = leaf_table;
	wrong.columns[1].name = "position";
	assert_int_equal(sf_sqlite_open(&options, &store, &diag), SF_ERR_USAGE);
	assert_non_null(strstr(diag.text, "two columns"));
}

/* Waits, with a bound, until the checkpoint thread has grown the file itself. */
static bool grows_within_seconds(const char *path, off_t from, int seconds)
{
	struct timespec start, now;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		struct stat status;
		assert_int_equal(stat(path, &status), 0);
		if (status.st_size > from)
			return true;
		poll(NULL, 0, 2);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec - start.tv_sec < seconds);
	return false;
}

static void test_checkpoint_thread_moves_the_log_into_the_file(void **state)
{
	static uint8_t body[400000];
	struct adapter *adapter = *state;
	struct sf_sqlite_options options = options_for(adapter);
	struct stat before;
	sf_sqlite_close(&adapter->sqlite);
	options.checkpoint_ms = 5;
	assert_int_equal(sf_sqlite_open(&options, &adapter->sqlite, NULL), SF_OK);
	adapter->store = sf_sqlite_port(adapter->sqlite);
	assert_int_equal(stat(adapter->path, &before), 0);
	struct word word = {.text = sf_view_of(body, sizeof(body))};
	must_begin(adapter->store);
	must_insert(adapter->store, &word_table, &word);
	must_commit(adapter->store);
	assert_true(grows_within_seconds(adapter->path, before.st_size, 20));
	adapter_reopen(adapter);
	enum sf_err err = adapter->store->get(adapter->store->self, &word_table, 0, &word, NULL);
	assert_int_equal(err, SF_OK);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, open_sqlite, close_sqlite)
	const struct CMUnitTest tests[] = {
		CASE(test_second_opening_of_a_file_is_refused),
		CASE(test_every_file_is_private),
		CASE(test_file_that_others_may_read_is_refused),
		CASE(test_store_of_something_else_is_refused),
		CASE(test_file_that_is_no_database_is_refused),
		CASE(test_begin_while_another_program_writes_is_to_be_tried_again),
		CASE(test_folder_that_is_missing_is_named),
		CASE(test_store_opened_for_reading_stands_still),
		CASE(test_file_that_is_no_store_is_refused_for_reading),
		CASE(test_badly_declared_table_is_refused),
		CASE(test_checkpoint_thread_moves_the_log_into_the_file),
	};
	return cmocka_run_group_tests_name("store/sqlite_open", tests, NULL, NULL);
}
