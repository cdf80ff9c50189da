#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/sqlite_schema.h"
#include "unit/store/adapter.h"
#include "unit/store/tables.h"

static const char leaf_sql[] = "CREATE TABLE leaf (\n"
			       "\tposition INTEGER NOT NULL,\n"
			       "\t\"group\" INTEGER NOT NULL,\n"
			       "\tdigest BLOB NOT NULL,\n"
			       "\tPRIMARY KEY (position)\n"
			       ") STRICT;\n"
			       "CREATE INDEX leaf_by_group\n"
			       "\tON leaf (\"group\");\n";

static void assert_text(const struct sf_table *table, const char *expected, bool whole)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_sqlite_schema_text(table, &buf), SF_OK);
	assert_int_equal(sf_buf_append_u8(&buf, 0), SF_OK);
	if (whole)
		assert_string_equal((const char *)buf.data, expected);
	else
		assert_non_null(strstr((const char *)buf.data, expected));
	sf_buf_fini(&buf);
}

/* A row without bytes of any size: it stands in the tree of its key. */
static const struct sf_table small_table = {
	.name = "small",
	.row_size = sizeof(struct leaf),
	.column_count = 2,
	.columns = {{"digest", SF_COLUMN_DIGEST, offsetof(struct leaf, digest)},
		{"position", SF_COLUMN_INTEGER, offsetof(struct leaf, position)}},
	.index_count = 2,
	.indexes = {{"small_key", 1, {0}, true, SF_INDEX_WHOLE},
		{"small_by_position", 1, {1}, false, SF_INDEX_WHOLE}},
};

static void test_schema_text_is_what_a_migration_needs(void **state)
{
	(void)state;
	assert_text(&leaf_table, leaf_sql, true);
	assert_text(&letter_table, "PRIMARY KEY (party, number)\n) STRICT;\n", false);
	assert_text(&small_table, "PRIMARY KEY (digest)\n) STRICT, WITHOUT ROWID;\n", false);
	assert_text(&small_table, "ON small (position);\n", false);
	assert_text(&letter_table, "ON letter (transition, due_ms, party, number);\n", false);
	assert_text(&letter_table,
		"CREATE UNIQUE INDEX letter_open_once\n"
		"\tON letter (transition, state) WHERE state <> 0;\n",
		false);
}

/* Each way in which a schema can differ, and what is said about it. */
static const struct {
	const char *sql;
	const char *phrase; /* NULL: no difference */
} schemas[] = {
	{leaf_sql, NULL},
	{"CREATE TABLE leaf (position INTEGER NOT NULL PRIMARY KEY, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL) STRICT; CREATE INDEX leaf_by_group ON leaf (\"group\")",
		NULL},
	{"CREATE TABLE other (a INTEGER NOT NULL PRIMARY KEY) STRICT", "lacks"},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT",
		"lacks \"index leaf_by_group: of leaf, on group\""},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT;"
	 " CREATE UNIQUE INDEX leaf_by_group ON leaf (\"group\")",
		"\"index leaf_by_group: of leaf, unique, on group\""},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\") WHERE \"group\" <> 0",
		"on group WHERE"},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\" DESC)",
		"on group DESC"},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, digest BLOB NOT NULL,"
	 " \"group\" INTEGER NOT NULL, PRIMARY KEY (position)) STRICT;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\")",
		"the database has \"column leaf number 02: digest BLOB NOT NULL\""},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\")",
		"the database has \"column leaf number 02: group INTEGER\""},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest TEXT NOT NULL, PRIMARY KEY (position)) STRICT;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\")",
		"digest TEXT"},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, more BLOB, PRIMARY KEY (position)) STRICT;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\")",
		"\"column leaf number 04: more BLOB\", which is not declared"},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position));"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\")",
		"not STRICT"},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT, WITHOUT ROWID;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\")",
		"STRICT, WITHOUT ROWID"},
	{"CREATE TABLE leaf (position INTEGER NOT NULL, \"group\" INTEGER NOT NULL,"
	 " digest BLOB NOT NULL, PRIMARY KEY (position)) STRICT;"
	 " CREATE INDEX leaf_by_group ON leaf (\"group\");"
	 " CREATE TRIGGER t AFTER INSERT ON leaf BEGIN DELETE FROM leaf; END",
		"trigger t"},
};

static void test_schema_check_says_what_differs(void **state)
{
	(void)state;
	const struct sf_table *const tables[] = {&leaf_table};
	for (size_t i = 0; i < SF_COUNT(schemas); i++) {
		sqlite3 *db = NULL;
		struct sf_diag diag = {0};
		assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, schemas[i].sql, NULL, NULL, NULL), SQLITE_OK);
		enum sf_err err = sf_sqlite_schema_check(db, tables, 1, &diag);
		bool good = schemas[i].phrase
				    ? err == SF_ERR_CORRUPT && strstr(diag.text, schemas[i].phrase)
				    : err == SF_OK;
		sqlite3_close(db);
		if (!good)
			fail_msg("schema %zu: %s: %s", i, sf_err_code(err), diag.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schema_text_is_what_a_migration_needs),
		cmocka_unit_test(test_schema_check_says_what_differs),
	};
	return cmocka_run_group_tests_name("store/sqlite_schema", tests, NULL, NULL);
}
