/*
 * Takes a database forward to the newest schema, one transaction for each number, and refuses one
 * that a newer program has written. Only the SQLite adapter includes this.
 */
#ifndef SF_STORE_SQLITE_MIGRATE_H
#define SF_STORE_SQLITE_MIGRATE_H

#include <sqlite3.h>

#include "store/sqlite.h"

SF_MUST_USE enum sf_err sf_sqlite_migrate(
	sqlite3 *db, const struct sf_sqlite_options *options, struct sf_diag *diag);

/* The first column of the first row as an integer. */
SF_MUST_USE enum sf_err sf_sqlite_integer(sqlite3 *db, const char *sql, int64_t *ret_value);

#endif
