#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "unit/store/adapter.h"
#include "unit/store/tables.h"

static const struct sf_table *const tables[] = {&leaf_table};

#define FIRST                                                                                      \
	"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"                \
	" digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT;"
#define SECOND "CREATE INDEX leaf_by_group ON leaf (\"group\");"
#define WRONG "CREATE TABLE half (a INTEGER PRIMARY KEY) STRICT; CREATE TABLE leaf (a);"

static const struct sf_migration only_first[] = {{1, FIRST}, {0, NULL}};
static const struct sf_migration both[] = {{1, FIRST}, {2, SECOND}, {0, NULL}};
static const struct sf_migration wrong[] = {{1, FIRST}, {2, SECOND}, {3, WRONG}, {0, NULL}};

/* A folder with a path, and no file yet. */
static int prepare(void **state)
{
	static struct adapter adapter;
	adapter_open_sqlite(&adapter);
	sf_sqlite_close(&adapter.sqlite);
	assert_int_equal(remove(adapter.path), 0);
	*state = &adapter;
	return 0;
}

static int clean(void **state)
{
	adapter_close(*state);
	return 0;
}

static enum sf_err open_with(
	struct adapter *adapter, const struct sf_migration *migrations, struct sf_diag *diag)
{
	struct sf_sqlite_options options = {
		.path = adapter->path,
		.name = "test",
		.tables = tables,
		.table_count = SF_COUNT(tables),
		.migrations = migrations,
	};
	sf_sqlite_close(&adapter->sqlite);
	return sf_sqlite_open(&options, &adapter->sqlite, diag);
}

static void test_migrations_take_a_database_forward(void **state)
{
	struct adapter *adapter = *state;
	struct sf_diag diag = {0};
	/* The first alone lacks an index that is declared. */
	assert_int_equal(open_with(adapter, only_first, &diag), SF_ERR_CORRUPT);
	assert_non_null(strstr(diag.text, "leaf_by_group"));
	assert_int_equal(open_with(adapter, both, &diag), SF_OK);
	const struct sf_store *store = sf_sqlite_port(adapter->sqlite);
	struct leaf leaf = {.position = 1};
	must_begin(store);
	must_insert(store, &leaf_table, &leaf);
	must_commit(store);
	assert_int_equal(open_with(adapter, both, &diag), SF_OK);
	store = sf_sqlite_port(adapter->sqlite);
	assert_int_equal(store->get(store->self, &leaf_table, 0, &leaf, NULL), SF_OK);
}

static void test_database_of_a_newer_program_is_refused(void **state)
{
	struct adapter *adapter = *state;
	struct sf_diag diag = {0};
	assert_int_equal(open_with(adapter, both, &diag), SF_OK);
	assert_int_equal(open_with(adapter, only_first, &diag), SF_ERR_UNSUPPORTED);
	assert_non_null(strstr(diag.text, "schema version 2"));
	assert_non_null(strstr(diag.text, adapter->path));
}

/* Who only reads takes nothing forward: that is the daemon's to do. */
static void test_database_of_another_program_is_not_read(void **state)
{
	struct adapter *adapter = *state;
	struct sf_diag diag = {0};
	struct sf_sqlite_options options = {
		.path = adapter->path,
		.name = "test",
		.tables = tables,
		.table_count = SF_COUNT(tables),
		.migrations = wrong,
		.read_only = true,
	};
	assert_int_equal(open_with(adapter, both, &diag), SF_OK);
	struct sf_sqlite *reading = NULL;
	assert_int_equal(sf_sqlite_open(&options, &reading, &diag), SF_ERR_UNSUPPORTED);
	assert_non_null(strstr(diag.text, "schema version 2 was written by an older program"));
	options.migrations = only_first;
	assert_int_equal(sf_sqlite_open(&options, &reading, &diag), SF_ERR_UNSUPPORTED);
	assert_non_null(strstr(diag.text, "schema version 2 was written by a newer program"));
	options.migrations = both;
	assert_int_equal(sf_sqlite_open(&options, &reading, &diag), SF_OK);
	sf_sqlite_close(&reading);
}

static void test_migration_that_fails_leaves_nothing_behind(void **state)
{
	struct adapter *adapter = *state;
	struct sf_diag diag = {0};
	assert_int_equal(open_with(adapter, both, &diag), SF_OK);
	assert_int_not_equal(open_with(adapter, wrong, &diag), SF_OK);
	assert_non_null(strstr(diag.text, "migration 3"));
	/* The table "half" of the failed one would be a difference. */
	assert_int_equal(open_with(adapter, both, &diag), SF_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_migrations_take_a_database_forward, prepare, clean),
		cmocka_unit_test_setup_teardown(
			test_database_of_a_newer_program_is_refused, prepare, clean),
		cmocka_unit_test_setup_teardown(
			test_database_of_another_program_is_not_read, prepare, clean),
		cmocka_unit_test_setup_teardown(
			test_migration_that_fails_leaves_nothing_behind, prepare, clean),
	};
	return cmocka_run_group_tests_name("store/sqlite_migrate", tests, NULL, NULL);
}
