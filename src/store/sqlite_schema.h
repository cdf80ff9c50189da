/*
 * The SQL schema of declared tables: written from the declarations, and compared with what a
 * database really has. Only the SQLite adapter includes this; sf_sqlite_schema_text is public in
 * store/sqlite.h.
 */
#ifndef SF_STORE_SQLITE_SCHEMA_H
#define SF_STORE_SQLITE_SCHEMA_H

#include <sqlite3.h>

#include "port/store.h"

/* Runs the SQL of sf_sqlite_schema_text for every table, in the caller's transaction. */
SF_MUST_USE enum sf_err sf_sqlite_schema_create(sqlite3 *db, const struct sf_table *const *tables,
	size_t table_count, struct sf_diag *diag);

/*
 * SF_ERR_CORRUPT unless db has exactly the declared tables: names, order and types of columns,
 * primary keys, STRICT, WITHOUT ROWID, indexes with columns and terms, and nothing else. The diag
 * says what differs first.
 */
SF_MUST_USE enum sf_err sf_sqlite_schema_check(sqlite3 *db, const struct sf_table *const *tables,
	size_t table_count, struct sf_diag *diag);

#endif
