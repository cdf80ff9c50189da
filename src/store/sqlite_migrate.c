#include "store/sqlite_migrate.h"

#include <stdio.h>

#include "store/sqlite_schema.h"
#include "store/sqlite_statement.h"

enum sf_err sf_sqlite_integer(sqlite3 *db, const char *sql, int64_t *ret_value)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	enum sf_err err = sf_sqlite_err(code);
	if (code == SQLITE_ROW)
		*ret_value = sqlite3_column_int64(statement, 0);
	else if (!err)
		err = SF_ERR_NOT_FOUND;
	sqlite3_finalize(statement);
	return err;
}

static enum sf_err execute(sqlite3 *db, const char *sql)
{
	return sf_sqlite_err(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

/* One step; migration NULL creates everything from the declarations. */
static enum sf_err step(sqlite3 *db, const struct sf_sqlite_options *options,
	const struct sf_migration *migration, struct sf_diag *diag)
{
	int version = migration ? migration->version : 1;
	char mark[64];
	snprintf(mark, sizeof(mark), "PRAGMA user_version = %d", version);
	enum sf_err err = execute(db, "BEGIN IMMEDIATE");
	if (!err && migration)
		err = execute(db, migration->sql);
	else if (!err)
		err = sf_sqlite_schema_create(db, options->tables, options->table_count, diag);
	if (!err)
		err = execute(db, mark);
	if (!err)
		err = execute(db, "COMMIT");
	if (!err)
		return SF_OK;
	sf_diag_set(diag, "migration %d: %s", version, sqlite3_errmsg(db));
	/* A failing COMMIT may have rolled back already. */
	if (!sqlite3_get_autocommit(db))
		sf_ignore(execute(db, "ROLLBACK"));
	/* A broken migration is a fault of the program, not of what is stored. */
	return err == SF_ERR_EXISTS ? SF_ERR_USAGE : err;
}

/* The number of the last migration. */
static int newest(const struct sf_migration *migrations)
{
	int version = 0;
	if (!migrations)
		return 1;
	for (const struct sf_migration *each = migrations; each->sql; each++) {
		SF_ASSERT(each->version == version + 1);
		version = each->version;
	}
	return version;
}

enum sf_err sf_sqlite_migrate(
	sqlite3 *db, const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	int64_t version = 0;
	enum sf_err err = sf_sqlite_integer(db, "PRAGMA user_version", &version);
	if (err) {
		sf_diag_set(diag, "reading the schema version: %s", sqlite3_errmsg(db));
		return err;
	}
	int target = newest(options->migrations);
	if (version > target || version < 0) {
		sf_diag_set(diag,
			"schema version %lld was written by a newer program, this one knows up to "
			"%d: install the newer program again",
			(long long)version, target);
		return SF_ERR_UNSUPPORTED;
	}
	if (version < target && options->read_only) {
		sf_diag_set(diag,
			"schema version %lld was written by an older program, this one reads %d: "
			"its daemon takes it forward when it starts",
			(long long)version, target);
		return SF_ERR_UNSUPPORTED;
	}
	while (version < target && !err) {
		const struct sf_migration *migration =
			options->migrations ? &options->migrations[version] : NULL;
		err = step(db, options, migration, diag);
		version++;
	}
	return err;
}
