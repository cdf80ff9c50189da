/*
 * SQL for declared tables: the text of each statement, prepared once per (table, operation, index,
 * shape of scan, nesting level), and the way of rows in and out of it. Only the SQLite adapter
 * includes this.
 *
 * Every select names its index with INDEXED BY and repeats the term of a partial index: SQLite
 * then uses that index or refuses to prepare, it never falls back to a full scan.
 */
#ifndef SF_STORE_SQLITE_STATEMENT_H
#define SF_STORE_SQLITE_STATEMENT_H

#include <sqlite3.h>

#include "port/store.h"

enum sf_operation {
	SF_OPERATION_INSERT = 1,
	SF_OPERATION_REPLACE,
	SF_OPERATION_REMOVE,
	SF_OPERATION_GET,
	SF_OPERATION_SCAN,
};

/* What tells one statement of a table from another. */
struct sf_shape {
	enum sf_operation operation;
	size_t index;       /* get and scan */
	size_t equal_count; /* scan */
	bool bounded, exclusive, descending;
	size_t level; /* of nested scans, which need a statement each */
};

struct sf_statement {
	struct sf_statement *next; /* owned */
	sqlite3_stmt *prepared;    /* owned */
	uint32_t shape;
	void *row; /* owned: the row that is read */
};

struct sf_statements {
	sqlite3 *db;                          /* borrowed */
	const struct sf_table *const *tables; /* borrowed */
	size_t table_count;
	struct sf_statement **lists; /* owned: one list for each table */
};

SF_MUST_USE enum sf_err sf_statements_init(struct sf_statements *statements, sqlite3 *db,
	const struct sf_table *const *tables, size_t table_count);
void sf_statements_fini(struct sf_statements *statements);

/* Finds or prepares. SF_ERR_USAGE for a table that was not declared at open. */
SF_MUST_USE enum sf_err sf_statements_find(struct sf_statements *statements,
	const struct sf_table *table, const struct sf_shape *shape,
	struct sf_statement **ret_statement, struct sf_diag *diag);

/* The SQL of a statement, as it is prepared. */
SF_MUST_USE enum sf_err sf_statement_text(
	const struct sf_table *table, const struct sf_shape *shape, struct sf_buf *buf);

/* Binds every column of the row; its bytes must live until the statement is reset. */
SF_MUST_USE enum sf_err sf_statement_bind_row(
	struct sf_statement *statement, const struct sf_table *table, const void *row);
/* Binds the first count columns of an index; with copy, their bytes may change afterwards. */
SF_MUST_USE enum sf_err sf_statement_bind_key(struct sf_statement *statement,
	const struct sf_table *table, const struct sf_index *index, size_t count, const void *row,
	bool copy);
/* Fills statement->row; its views are valid until the next step. */
SF_MUST_USE enum sf_err sf_statement_read(
	struct sf_statement *statement, const struct sf_table *table);
void sf_statement_reset(struct sf_statement *statement);

/* The error of the house for a result code of SQLite. */
enum sf_err sf_sqlite_err(int code);

/* Appends an identifier, in quotes when it is a keyword of SQL. */
SF_MUST_USE enum sf_err sf_sqlite_name(struct sf_buf *buf, const char *name);

#endif
