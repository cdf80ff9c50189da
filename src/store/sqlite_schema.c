#include "store/sqlite_schema.h"

#include <stdlib.h>
#include <string.h>

#include "store/sqlite.h"
#include "store/sqlite_statement.h"
#include "store/table.h"

#define SCHEMA_SIZE_MAX ((size_t)262144)

/*
 * One line of text for each thing in a schema, "kind name: properties", sorted. Two schemas are the
 * same when their lines are.
 */
static const char lines_sql[] =
	"WITH tables AS (SELECT name, wr, strict FROM pragma_table_list"
	"  WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\')"
	" SELECT 'table ' || name || ': ' || CASE strict WHEN 1 THEN 'STRICT' ELSE 'not STRICT' END"
	"  || CASE wr WHEN 1 THEN ', WITHOUT ROWID' ELSE ', with rowid' END AS line FROM tables"
	" UNION ALL"
	" SELECT 'column ' || t.name || ' number ' || printf('%02d', c.cid + 1) || ': ' || c.name"
	"  || ' ' || c.type || CASE c.\"notnull\" WHEN 1 THEN ' NOT NULL' ELSE '' END"
	"  || CASE WHEN c.pk > 0 THEN ', number ' || c.pk || ' of the primary key' ELSE '' END"
	"  || CASE WHEN c.dflt_value IS NULL THEN '' ELSE ', with a default' END"
	"  || CASE c.hidden WHEN 0 THEN '' ELSE ', generated' END"
	"  FROM tables t, pragma_table_xinfo(t.name) c"
	" UNION ALL"
	" SELECT 'index ' || i.name || ': of ' || t.name"
	"  || CASE i.\"unique\" WHEN 1 THEN ', unique, on ' ELSE ', on ' END"
	"  || (SELECT group_concat(name || CASE \"desc\" WHEN 1 THEN ' DESC' ELSE '' END, ', ')"
	"   FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key = 1 ORDER BY seqno))"
	"  || CASE i.partial WHEN 1 THEN substr(s.flat, instr(s.flat, ' WHERE ')) ELSE '' END"
	"  FROM tables t, pragma_index_list(t.name) i LEFT JOIN (SELECT name,"
	"   replace(replace(sql, char(10), ' '), char(9), '') AS flat FROM sqlite_schema) s"
	"  ON s.name = i.name"
	"  WHERE i.origin <> 'pk'"
	" UNION ALL"
	" SELECT type || ' ' || name || ': of ' || tbl_name FROM sqlite_schema"
	"  WHERE type NOT IN ('table', 'index')"
	" ORDER BY line";

static const char *column_type(enum sf_column_type type)
{
	return type == SF_COLUMN_INTEGER ? "INTEGER" : "BLOB";
}

/* A single integer is SQLite's own rowid. */
static bool key_is_rowid(const struct sf_table *table)
{
	const struct sf_index *primary = &table->indexes[0];
	return primary->column_count == 1 &&
	       table->columns[primary->columns[0]].type == SF_COLUMN_INTEGER;
}

/*
 * Small rows stand in the tree of their key. A tree of keys moves what is longer than a quarter of
 * a page to a page of its own, and writes a whole page for each row that a random key puts
 * somewhere: rows with bytes of any size are appended by rowid, and their key is an index.
 */
static bool has_rowid(const struct sf_table *table)
{
	bool bytes = false;
	for (size_t i = 0; i < table->column_count; i++)
		bytes |= table->columns[i].type == SF_COLUMN_BYTES;
	return bytes || key_is_rowid(table);
}

/* The port's order within equals is that of the primary key; without a rowid it comes by itself. */
static enum sf_err ties_text(
	const struct sf_table *table, const struct sf_index *index, struct sf_buf *buf)
{
	const struct sf_index *primary = &table->indexes[0];
	bool needed = has_rowid(table) && !key_is_rowid(table) && !index->unique;
	enum sf_err err = SF_OK;
	for (size_t i = 0; needed && i < primary->column_count && !err; i++) {
		if (sf_index_has(index, primary->columns[i]))
			continue;
		err = sf_buf_append_text(buf, ", ");
		if (!err)
			err = sf_sqlite_name(buf, table->columns[primary->columns[i]].name);
	}
	return err;
}

static enum sf_err names_text(
	const struct sf_table *table, const struct sf_index *index, struct sf_buf *buf)
{
	for (size_t i = 0; i < index->column_count; i++) {
		enum sf_err err = sf_buf_append_text(buf, i > 0 ? ", " : "");
		if (!err)
			err = sf_sqlite_name(buf, table->columns[index->columns[i]].name);
		if (err)
			return err;
	}
	return SF_OK;
}

static enum sf_err table_text(const struct sf_table *table, struct sf_buf *buf)
{
	enum sf_err err = sf_buf_append_text(buf, "CREATE TABLE ");
	if (!err)
		err = sf_sqlite_name(buf, table->name);
	if (!err)
		err = sf_buf_append_text(buf, " (\n");
	for (size_t i = 0; i < table->column_count && !err; i++) {
		err = sf_buf_append_text(buf, "\t");
		if (!err)
			err = sf_sqlite_name(buf, table->columns[i].name);
		if (!err)
			err = sf_buf_printf(
				buf, " %s NOT NULL,\n", column_type(table->columns[i].type));
	}
	if (!err)
		err = sf_buf_append_text(buf, "\tPRIMARY KEY (");
	if (!err)
		err = names_text(table, &table->indexes[0], buf);
	if (!err)
		err = sf_buf_append_text(
			buf, has_rowid(table) ? ")\n) STRICT;\n" : ")\n) STRICT, WITHOUT ROWID;\n");
	return err;
}

static enum sf_err index_text(
	const struct sf_table *table, const struct sf_index *index, struct sf_buf *buf)
{
	enum sf_err err =
		sf_buf_append_text(buf, index->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
	if (!err)
		err = sf_sqlite_name(buf, index->name);
	if (!err)
		err = sf_buf_append_text(buf, "\n\tON ");
	if (!err)
		err = sf_sqlite_name(buf, table->name);
	if (!err)
		err = sf_buf_append_text(buf, " (");
	if (!err)
		err = names_text(table, index, buf);
	if (!err)
		err = ties_text(table, index, buf);
	if (!err)
		err = sf_buf_append_text(buf, ")");
	if (!err && index->open_column != SF_INDEX_WHOLE) {
		err = sf_buf_append_text(buf, " WHERE ");
		if (!err)
			err = sf_sqlite_name(buf, table->columns[index->open_column].name);
		if (!err)
			err = sf_buf_append_text(buf, " <> 0");
	}
	return err ? err : sf_buf_append_text(buf, ";\n");
}

enum sf_err sf_sqlite_schema_text(const struct sf_table *table, struct sf_buf *buf)
{
	enum sf_err err = table_text(table, buf);
	for (size_t i = 1; i < table->index_count && !err; i++)
		err = index_text(table, &table->indexes[i], buf);
	return err;
}

enum sf_err sf_sqlite_schema_create(
	sqlite3 *db, const struct sf_table *const *tables, size_t table_count, struct sf_diag *diag)
{
	struct sf_buf sql;
	sf_buf_init(&sql, SCHEMA_SIZE_MAX);
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < table_count && !err; i++)
		err = sf_sqlite_schema_text(tables[i], &sql);
	if (!err)
		err = sf_buf_append_u8(&sql, 0);
	if (!err) {
		err = sf_sqlite_err(sqlite3_exec(db, (const char *)sql.data, NULL, NULL, NULL));
		if (err)
			sf_diag_set(diag, "creating the schema: %s", sqlite3_errmsg(db));
	}
	sf_buf_fini(&sql);
	return err;
}

/* The declared and the found schema, walked line by line. */
struct comparison {
	sqlite3 *db;
	sqlite3_stmt *lines;
	const char *line; /* borrowed from lines; NULL at the end */
};

static enum sf_err next_line(struct comparison *side)
{
	int code = sqlite3_step(side->lines);
	side->line = NULL;
	if (code == SQLITE_DONE)
		return SF_OK;
	if (code != SQLITE_ROW)
		return sf_sqlite_err(code);
	side->line = (const char *)sqlite3_column_text(side->lines, 0);
	return side->line ? SF_OK : SF_ERR_MEMORY;
}

static enum sf_err first_line(struct comparison *side)
{
	int code = sqlite3_prepare_v2(side->db, lines_sql, -1, &side->lines, NULL);
	return code == SQLITE_OK ? next_line(side) : sf_sqlite_err(code);
}

static void say_difference(const char *declared, const char *found, struct sf_diag *diag)
{
	size_t key_size = declared ? strcspn(declared, ":") : 0;
	if (declared && found && strncmp(declared, found, key_size + 1) == 0) {
		sf_diag_set(diag, "declared is \"%s\", the database has \"%s\"", declared, found);
	} else if (declared && (!found || strcmp(declared, found) < 0)) {
		sf_diag_set(diag, "the database lacks \"%s\"", declared);
	} else {
		sf_diag_set(diag, "the database has \"%s\", which is not declared", found);
	}
}

static enum sf_err compare(
	struct comparison *declared, struct comparison *found, struct sf_diag *diag)
{
	enum sf_err err = first_line(declared);
	if (!err)
		err = first_line(found);
	while (!err && (declared->line || found->line)) {
		if (!declared->line || !found->line || strcmp(declared->line, found->line) != 0) {
			say_difference(declared->line, found->line, diag);
			return SF_ERR_CORRUPT;
		}
		err = next_line(declared);
		if (!err)
			err = next_line(found);
	}
	if (err)
		sf_diag_set(diag, "reading the schema: %s", sqlite3_errmsg(found->db));
	return err;
}

enum sf_err sf_sqlite_schema_check(
	sqlite3 *db, const struct sf_table *const *tables, size_t table_count, struct sf_diag *diag)
{
	struct comparison declared = {0}, found = {.db = db};
	enum sf_err err = sf_sqlite_err(sqlite3_open_v2(":memory:", &declared.db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL));
	if (!err)
		err = sf_sqlite_schema_create(declared.db, tables, table_count, diag);
	if (!err)
		err = compare(&declared, &found, diag);
	sqlite3_finalize(declared.lines);
	sqlite3_finalize(found.lines);
	sqlite3_close(declared.db);
	return err;
}
