#include "store/sqlite_statement.h"

#include <stdlib.h>
#include <string.h>

#include "store/table.h"

/* Text of the longest statement: 32 columns, each named at most four times. */
#define SQL_SIZE_MAX ((size_t)65536)

enum sf_err sf_sqlite_err(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return SF_OK;
	case SQLITE_NOMEM:
		return SF_ERR_MEMORY;
	case SQLITE_FULL:
		return SF_ERR_DISK_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return SF_ERR_AGAIN;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return SF_ERR_CORRUPT;
	case SQLITE_TOOBIG:
		return SF_ERR_LIMIT;
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_AUTH:
		return SF_ERR_AUTH;
	case SQLITE_CONSTRAINT:
		return code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE ||
				       code == SQLITE_CONSTRAINT_ROWID
			       ? SF_ERR_EXISTS
			       : SF_ERR_USAGE;
	default:
		return SF_ERR_IO;
	}
}

enum sf_err sf_sqlite_name(struct sf_buf *buf, const char *name)
{
	bool keyword = sqlite3_keyword_check(name, (int)strlen(name)) != 0;
	return sf_buf_printf(buf, keyword ? "\"%s\"" : "%s", name);
}

/* Appends to the buffer until the first failure, which is kept. */
struct writer {
	struct sf_buf *buf; /* borrowed */
	enum sf_err err;
};

static void text(struct writer *writer, const char *piece)
{
	if (!writer->err)
		writer->err = sf_buf_append_text(writer->buf, piece);
}

static void name(struct writer *writer, const char *piece)
{
	if (!writer->err)
		writer->err = sf_sqlite_name(writer->buf, piece);
}

static void term(struct writer *writer, const struct sf_table *table, size_t column,
	const char *operator, size_t parameter)
{
	name(writer, table->columns[column].name);
	if (!writer->err)
		writer->err = sf_buf_printf(writer->buf, " %s ?%zu", operator, parameter);
}

static void columns(struct writer *writer, const struct sf_table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		text(writer, i > 0 ? ", " : "");
		name(writer, table->columns[i].name);
	}
}

static void insert_text(struct writer *writer, const struct sf_table *table)
{
	text(writer, "INSERT INTO ");
	name(writer, table->name);
	text(writer, " (");
	columns(writer, table);
	text(writer, ") VALUES (");
	for (size_t i = 0; i < table->column_count; i++)
		text(writer, i > 0 ? ", ?" : "?");
	text(writer, ")");
}

/*
 * An upsert, not SQLite's REPLACE: that would silently delete other rows that stand in the way of
 * a secondary unique index.
 */
static void replace_text(struct writer *writer, const struct sf_table *table)
{
	const struct sf_index *primary = &table->indexes[0];
	insert_text(writer, table);
	text(writer, " ON CONFLICT (");
	for (size_t i = 0; i < primary->column_count; i++) {
		text(writer, i > 0 ? ", " : "");
		name(writer, table->columns[primary->columns[i]].name);
	}
	text(writer, ") DO ");
	size_t set = 0;
	for (size_t i = 0; i < table->column_count; i++) {
		if (sf_index_has(primary, i))
			continue;
		text(writer, set++ > 0 ? ", " : "UPDATE SET ");
		name(writer, table->columns[i].name);
		text(writer, " = excluded.");
		name(writer, table->columns[i].name);
	}
	text(writer, set == 0 ? "NOTHING" : "");
}

/* WHERE with the leading columns equal, a bound on the next, and the term of a partial index. */
static void where_text(struct writer *writer, const struct sf_table *table,
	const struct sf_shape *shape, size_t equal_count)
{
	const struct sf_index *index = &table->indexes[shape->index];
	const char *joint = " WHERE ";
	for (size_t i = 0; i < equal_count; i++) {
		text(writer, joint);
		term(writer, table, index->columns[i], "=", i + 1);
		joint = " AND ";
	}
	if (shape->bounded) {
		const char *above = shape->exclusive ? ">" : ">=";
		const char *below = shape->exclusive ? "<" : "<=";
		text(writer, joint);
		term(writer, table, index->columns[equal_count], shape->descending ? below : above,
			equal_count + 1);
		joint = " AND ";
	}
	if (index->open_column != SF_INDEX_WHOLE) {
		text(writer, joint);
		name(writer, table->columns[index->open_column].name);
		text(writer, " <> 0");
	}
}

static void order_text(
	struct writer *writer, const struct sf_table *table, const struct sf_shape *shape)
{
	const struct sf_index *index = &table->indexes[shape->index];
	const struct sf_index *primary = &table->indexes[0];
	const char *direction = shape->descending ? " DESC" : "";
	const char *joint = " ORDER BY ";
	for (size_t i = shape->equal_count; i < index->column_count; i++) {
		text(writer, joint);
		name(writer, table->columns[index->columns[i]].name);
		text(writer, direction);
		joint = ", ";
	}
	for (size_t i = 0; i < primary->column_count; i++) {
		if (sf_index_has(index, primary->columns[i]))
			continue;
		text(writer, joint);
		name(writer, table->columns[primary->columns[i]].name);
		text(writer, direction);
		joint = ", ";
	}
}

static void select_text(
	struct writer *writer, const struct sf_table *table, const struct sf_shape *shape)
{
	text(writer, "SELECT ");
	columns(writer, table);
	text(writer, " FROM ");
	name(writer, table->name);
	if (shape->index > 0) {
		text(writer, " INDEXED BY ");
		name(writer, table->indexes[shape->index].name);
	}
}

enum sf_err sf_statement_text(
	const struct sf_table *table, const struct sf_shape *shape, struct sf_buf *buf)
{
	struct writer writer = {.buf = buf};
	switch (shape->operation) {
	case SF_OPERATION_INSERT:
		insert_text(&writer, table);
		break;
	case SF_OPERATION_REPLACE:
		replace_text(&writer, table);
		break;
	case SF_OPERATION_REMOVE:
		text(&writer, "DELETE FROM ");
		name(&writer, table->name);
		where_text(&writer, table, shape, table->indexes[0].column_count);
		break;
	case SF_OPERATION_GET:
		select_text(&writer, table, shape);
		where_text(&writer, table, shape, table->indexes[shape->index].column_count);
		break;
	case SF_OPERATION_SCAN:
		select_text(&writer, table, shape);
		where_text(&writer, table, shape, shape->equal_count);
		order_text(&writer, table, shape);
		break;
	}
	return writer.err;
}

enum sf_err sf_statements_init(struct sf_statements *statements, sqlite3 *db,
	const struct sf_table *const *tables, size_t table_count)
{
	struct sf_statement **lists = calloc(table_count + 1, sizeof(struct sf_statement *));
	if (!lists)
		return SF_ERR_MEMORY;
	*statements = (struct sf_statements){
		.db = db, .tables = tables, .table_count = table_count, .lists = lists};
	return SF_OK;
}

static void statement_free(struct sf_statement *statement)
{
	sqlite3_finalize(statement->prepared);
	free(statement->row);
	free(statement);
}

void sf_statements_fini(struct sf_statements *statements)
{
	for (size_t i = 0; statements->lists && i < statements->table_count; i++) {
		while (statements->lists[i]) {
			struct sf_statement *statement = statements->lists[i];
			statements->lists[i] = statement->next;
			statement_free(statement);
		}
	}
	free(statements->lists);
	*statements = (struct sf_statements){0};
}

static uint32_t pack(const struct sf_shape *shape)
{
	return (uint32_t)shape->operation | (uint32_t)shape->index << 4 |
	       (uint32_t)shape->equal_count << 8 | (uint32_t)shape->bounded << 12 |
	       (uint32_t)shape->exclusive << 13 | (uint32_t)shape->descending << 14 |
	       (uint32_t)shape->level << 16;
}

static enum sf_err prepare(struct sf_statements *statements, const struct sf_table *table,
	const struct sf_shape *shape, struct sf_statement *statement)
{
	struct sf_buf sql;
	sf_buf_init(&sql, SQL_SIZE_MAX);
	enum sf_err err = sf_statement_text(table, shape, &sql);
	if (!err) {
		int code = sqlite3_prepare_v3(statements->db, (const char *)sql.data, (int)sql.size,
			SQLITE_PREPARE_PERSISTENT, &statement->prepared, NULL);
		err = sf_sqlite_err(code);
	}
	sf_buf_fini(&sql);
	if (err)
		return err;
	statement->row = calloc(1, table->row_size);
	return statement->row ? SF_OK : SF_ERR_MEMORY;
}

enum sf_err sf_statements_find(struct sf_statements *statements, const struct sf_table *table,
	const struct sf_shape *shape, struct sf_statement **ret_statement, struct sf_diag *diag)
{
	size_t position = 0;
	while (position < statements->table_count && statements->tables[position] != table)
		position++;
	if (position == statements->table_count) {
		sf_diag_set(
			diag, "table %s was not declared when the store was opened", table->name);
		return SF_ERR_USAGE;
	}
	uint32_t packed = pack(shape);
	struct sf_statement *found = statements->lists[position];
	while (found && found->shape != packed)
		found = found->next;
	if (!found) {
		found = calloc(1, sizeof(*found));
		if (!found)
			return SF_ERR_MEMORY;
		found->shape = packed;
		enum sf_err err = prepare(statements, table, shape, found);
		if (err) {
			sf_diag_set(
				diag, "table %s: %s", table->name, sqlite3_errmsg(statements->db));
			statement_free(found);
			return err;
		}
		found->next = statements->lists[position];
		statements->lists[position] = found;
	}
	*ret_statement = found;
	return SF_OK;
}

static int bind_column(sqlite3_stmt *prepared, int position, const struct sf_column *column,
	const void *row, bool copy)
{
	if (column->type == SF_COLUMN_INTEGER)
		return sqlite3_bind_int64(prepared, position, sf_row_integer(column, row));
	struct sf_view bytes = sf_row_bytes(column, row);
	/* A NULL pointer would be bound as NULL, which is not the empty value. */
	if (bytes.size == 0)
		return sqlite3_bind_zeroblob(prepared, position, 0);
	return sqlite3_bind_blob64(prepared, position, bytes.data, bytes.size,
		copy ? SQLITE_TRANSIENT : SQLITE_STATIC);
}

enum sf_err sf_statement_bind_row(
	struct sf_statement *statement, const struct sf_table *table, const void *row)
{
	int code = SQLITE_OK;
	for (size_t i = 0; i < table->column_count && code == SQLITE_OK; i++)
		code = bind_column(statement->prepared, (int)i + 1, &table->columns[i], row, false);
	return sf_sqlite_err(code);
}

enum sf_err sf_statement_bind_key(struct sf_statement *statement, const struct sf_table *table,
	const struct sf_index *index, size_t count, const void *row, bool copy)
{
	int code = SQLITE_OK;
	for (size_t i = 0; i < count && code == SQLITE_OK; i++)
		code = bind_column(statement->prepared, (int)i + 1,
			&table->columns[index->columns[i]], row, copy);
	return sf_sqlite_err(code);
}

enum sf_err sf_statement_read(struct sf_statement *statement, const struct sf_table *table)
{
	sqlite3_stmt *prepared = statement->prepared;
	for (size_t i = 0; i < table->column_count; i++) {
		const struct sf_column *column = &table->columns[i];
		if (column->type == SF_COLUMN_INTEGER) {
			int64_t value = sqlite3_column_int64(prepared, (int)i);
			sf_row_set_integer(column, statement->row, value);
			continue;
		}
		const void *bytes = sqlite3_column_blob(prepared, (int)i);
		int size = sqlite3_column_bytes(prepared, (int)i);
		if (!bytes && size > 0)
			return SF_ERR_MEMORY;
		enum sf_err err =
			sf_row_set_bytes(column, statement->row, sf_view_of(bytes, (size_t)size));
		if (err)
			return err;
	}
	return SF_OK;
}

void sf_statement_reset(struct sf_statement *statement)
{
	/* The error of the last step is repeated here; it was handled where it happened. */
	sqlite3_reset(statement->prepared);
}
