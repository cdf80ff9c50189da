#include "store/sqlite_handle.h"

#include <string.h>

#include "store/table.h"

const struct sf_store *sf_sqlite_port(struct sf_sqlite *store)
{
	return &store->port;
}

static enum sf_err step_failed(struct sf_sqlite *store, int code, const char *action,
	const struct sf_table *table, struct sf_diag *diag)
{
	sf_diag_set(diag, "%s %s: %s", action, table->name, sqlite3_errmsg(store->db));
	return sf_sqlite_err(code);
}

/* Steps a statement that returns no rows; its result code. */
static int run(sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code;
}

static enum sf_err begin(void *self, struct sf_diag *diag)
{
	struct sf_sqlite *store = self;
	if (store->read_only) {
		sf_diag_set(diag, "the store is open for reading only");
		return SF_ERR_STATE;
	}
	enum sf_err err = sf_session_begin(&store->session, diag);
	if (err)
		return err;
	int code = run(store->begin);
	if (code == SQLITE_DONE)
		return SF_OK;
	sf_session_end(&store->session);
	sf_diag_set(diag, "beginning: %s", sqlite3_errmsg(store->db));
	return sf_sqlite_err(code);
}

static void rollback(void *self)
{
	struct sf_sqlite *store = self;
	sf_session_rollback(&store->session);
	/* After some errors SQLite has rolled back by itself (sqlite.org/lang_transaction.html). */
	if (!sqlite3_get_autocommit(store->db))
		run(store->rollback);
	SF_ASSERT(sqlite3_get_autocommit(store->db));
}

/*
 * SQLITE_FULL means that a frame could not be written whole: recovery will not find it, so the
 * transaction is gone for certain. SQLITE_BUSY comes before anything is written. After anything
 * else, a failed sync above all, the frames may or may not be on disk.
 */
static enum sf_err commit(void *self, struct sf_diag *diag)
{
	struct sf_sqlite *store = self;
	enum sf_err err = sf_session_commit(&store->session, diag);
	if (err) {
		if (store->session.doom && store->session.depth == 0)
			rollback(store);
		return err;
	}
	int code = run(store->commit);
	if (code == SQLITE_DONE) {
		sf_session_end(&store->session);
		return SF_OK;
	}
	err = sf_sqlite_err(code);
	sf_diag_set(diag, "committing: %s", sqlite3_errmsg(store->db));
	rollback(store);
	if (err == SF_ERR_DISK_FULL || err == SF_ERR_AGAIN)
		return err;
	sf_diag_prefix(diag, "the outcome is unknown");
	sf_session_break(&store->session);
	return SF_ERR_IO;
}

/* One of the three writes; the row's bytes are read while the statement runs. */
static enum sf_err write_row(struct sf_sqlite *store, const struct sf_table *table,
	enum sf_operation operation, const void *row, struct sf_diag *diag)
{
	enum sf_err err = sf_session_write(&store->session, table, diag);
	if (err)
		return err;
	struct sf_shape shape = {.operation = operation};
	struct sf_statement *statement = NULL;
	err = sf_statements_find(&store->statements, table, &shape, &statement, diag);
	if (err)
		return err;
	if (operation == SF_OPERATION_REMOVE)
		err = sf_statement_bind_key(statement, table, &table->indexes[0],
			table->indexes[0].column_count, row, false);
	else
		err = sf_statement_bind_row(statement, table, row);
	if (!err) {
		int code = sqlite3_step(statement->prepared);
		if (code != SQLITE_DONE)
			err = step_failed(store, code, "writing", table, diag);
		else if (operation == SF_OPERATION_REMOVE && sqlite3_changes(store->db) == 0)
			err = SF_ERR_NOT_FOUND;
	}
	sf_statement_reset(statement);
	return sf_session_wrote(&store->session, err);
}

static enum sf_err insert(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	return write_row(self, table, SF_OPERATION_INSERT, row, diag);
}

static enum sf_err replace(
	void *self, const struct sf_table *table, const void *row, struct sf_diag *diag)
{
	return write_row(self, table, SF_OPERATION_REPLACE, row, diag);
}

static enum sf_err remove_row(
	void *self, const struct sf_table *table, const void *key, struct sf_diag *diag)
{
	return write_row(self, table, SF_OPERATION_REMOVE, key, diag);
}

/* Moves the bytes of a row that was read into store->lent, so that the statement can be reset. */
static enum sf_err lend(struct sf_sqlite *store, const struct sf_table *table, void *row)
{
	size_t size = 0;
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].type == SF_COLUMN_BYTES)
			size += sf_row_bytes(&table->columns[i], row).size;
	sf_buf_clear(&store->lent);
	enum sf_err err = sf_buf_reserve(&store->lent, size);
	for (size_t i = 0; i < table->column_count && !err; i++) {
		const struct sf_column *column = &table->columns[i];
		if (column->type != SF_COLUMN_BYTES)
			continue;
		struct sf_view bytes = sf_row_bytes(column, row);
		const uint8_t *place = bytes.size > 0 ? store->lent.data + store->lent.size : NULL;
		err = sf_buf_append(&store->lent, bytes);
		if (!err)
			err = sf_row_set_bytes(column, row, sf_view_of(place, bytes.size));
	}
	return err;
}

static enum sf_err fetch(struct sf_sqlite *store, const struct sf_table *table,
	struct sf_statement *statement, struct sf_diag *diag)
{
	int code = sqlite3_step(statement->prepared);
	if (code == SQLITE_DONE)
		return SF_ERR_NOT_FOUND;
	if (code != SQLITE_ROW)
		return step_failed(store, code, "reading", table, diag);
	enum sf_err err = sf_statement_read(statement, table);
	if (!err)
		err = lend(store, table, statement->row);
	if (err)
		sf_diag_set(diag, "reading %s: %s", table->name, sf_err_text(err));
	return err;
}

static enum sf_err get(
	void *self, const struct sf_table *table, size_t index, void *row, struct sf_diag *diag)
{
	struct sf_sqlite *store = self;
	enum sf_err err = sf_session_read(&store->session, diag);
	if (!err)
		err = sf_unique_check(table, index, diag);
	if (err)
		return err;
	struct sf_shape shape = {.operation = SF_OPERATION_GET, .index = index};
	struct sf_statement *statement = NULL;
	err = sf_statements_find(&store->statements, table, &shape, &statement, diag);
	if (err)
		return err;
	/* The key may be bytes that the previous get lent: they are bound, and read, before. */
	err = sf_statement_bind_key(statement, table, &table->indexes[index],
		table->indexes[index].column_count, row, false);
	if (!err)
		err = fetch(store, table, statement, diag);
	if (!err)
		memcpy(row, statement->row, table->row_size);
	sf_statement_reset(statement);
	return err;
}

static enum sf_err visit(struct sf_sqlite *store, const struct sf_scan *scan,
	struct sf_statement *statement, sf_row_visitor *visitor, void *context,
	struct sf_diag *diag)
{
	for (size_t count = 0; scan->count_max == 0 || count < scan->count_max; count++) {
		int code = sqlite3_step(statement->prepared);
		if (code == SQLITE_DONE)
			return SF_OK;
		if (code != SQLITE_ROW)
			return step_failed(store, code, "reading", scan->table, diag);
		enum sf_err err = sf_statement_read(statement, scan->table);
		if (err) {
			sf_diag_set(diag, "reading %s: %s", scan->table->name, sf_err_text(err));
			return err;
		}
		if (!visitor(context, statement->row))
			return SF_OK;
	}
	return SF_OK;
}

static struct sf_shape scan_shape(const struct sf_scan *scan, size_t level)
{
	return (struct sf_shape){
		.operation = SF_OPERATION_SCAN,
		.index = scan->index,
		.equal_count = scan->equal_count,
		.bounded = scan->bounded,
		.exclusive = scan->exclusive,
		.descending = scan->descending,
		.level = level,
	};
}

static enum sf_err scan_rows(void *self, const struct sf_scan *scan, sf_row_visitor *visitor,
	void *context, struct sf_diag *diag)
{
	struct sf_sqlite *store = self;
	enum sf_err err = sf_scan_check(scan, diag);
	if (!err)
		err = sf_session_enter(&store->session, scan->table, diag);
	if (err)
		return err;
	struct sf_shape shape = scan_shape(scan, store->session.depth);
	struct sf_statement *statement = NULL;
	err = sf_statements_find(&store->statements, scan->table, &shape, &statement, diag);
	if (!err) {
		/* Copied: the visitor may make the bytes of *from invalid by another get. */
		err = sf_statement_bind_key(statement, scan->table,
			&scan->table->indexes[scan->index],
			scan->equal_count + (scan->bounded ? 1 : 0), scan->from, true);
		if (!err)
			err = visit(store, scan, statement, visitor, context, diag);
		sf_statement_reset(statement);
	}
	sf_session_leave(&store->session);
	return err;
}

void sf_sqlite_port_init(struct sf_sqlite *store)
{
	store->port = (struct sf_store){
		.self = store,
		.begin = begin,
		.commit = commit,
		.rollback = rollback,
		.insert = insert,
		.replace = replace,
		.remove = remove_row,
		.get = get,
		.scan = scan_rows,
	};
}

enum sf_err sf_sqlite_integrity(struct sf_sqlite *store, struct sf_diag *diag)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	enum sf_err err = sf_sqlite_err(code);
	const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0)
					      : sqlite3_errmsg(store->db);
	if (!err && (!text || strcmp(text, "ok") != 0))
		err = SF_ERR_CORRUPT;
	if (err)
		sf_diag_set(diag, "integrity check: %s", text ? text : "no answer");
	sqlite3_finalize(statement);
	return err;
}

enum sf_err sf_sqlite_explain(struct sf_sqlite *store, const struct sf_scan *scan,
	struct sf_buf *buf, struct sf_diag *diag)
{
	enum sf_err err = sf_scan_check(scan, diag);
	if (err)
		return err;
	struct sf_shape shape = scan_shape(scan, 0);
	struct sf_buf sql;
	sf_buf_init(&sql, (size_t)65536);
	err = sf_buf_append_text(&sql, "EXPLAIN QUERY PLAN ");
	if (!err)
		err = sf_statement_text(scan->table, &shape, &sql);
	sqlite3_stmt *statement = NULL;
	if (!err)
		err = sf_sqlite_err(sqlite3_prepare_v2(
			store->db, (const char *)sql.data, (int)sql.size, &statement, NULL));
	while (!err && sqlite3_step(statement) == SQLITE_ROW)
		err = sf_buf_printf(buf, "%s\n", (const char *)sqlite3_column_text(statement, 3));
	sqlite3_finalize(statement);
	sf_buf_fini(&sql);
	return err;
}
