#include "store/sqlite_handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_lock.h"
#include "store/sqlite_migrate.h"
#include "store/sqlite_schema.h"
#include "store/table.h"

/* "STF" and the first letter of the store's name, in the header of the file. */
#define APPLICATION_ID_BASE ((int32_t)0x53544600)

#define WAL_PAGES_ALONE 256        /* 4 MiB: a commit that checkpoints stays short */
#define WAL_PAGES_WITH_THREAD 4096 /* 64 MiB: only when the thread cannot keep up */

/* Somebody with sqlite3 on the command line may hold the file for a moment. */
#define BUSY_TIMEOUT_MS 500

/* Largest row: an envelope and what stands around it. */
#define LENT_SIZE_MAX ((size_t)64 * 1024 * 1024)

/*
 * page_size must come before anything is written. secure_delete overwrites what is erased: this
 * file holds health data. cache_size is a ceiling (negative: KiB).
 */
static const char settings[] = "PRAGMA page_size=16384;"
			       "PRAGMA cell_size_check=ON;"
			       "PRAGMA mmap_size=0;"
			       "PRAGMA foreign_keys=ON;"
			       "PRAGMA trusted_schema=OFF;"
			       "PRAGMA secure_delete=ON;"
			       "PRAGMA temp_store=MEMORY;"
			       "PRAGMA cache_size=-16384;"
			       "PRAGMA journal_size_limit=67108864;"
			       "PRAGMA synchronous=FULL;";

static enum sf_err fail(struct sf_sqlite *store, int code, const char *what, struct sf_diag *diag)
{
	sf_diag_set(diag, "%s: %s", what, sqlite3_errmsg(store->db));
	return sf_sqlite_err(code);
}

static enum sf_err execute(
	struct sf_sqlite *store, const char *sql, const char *what, struct sf_diag *diag)
{
	int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? SF_OK : fail(store, code, what, diag);
}

static enum sf_err is_not_ours(const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	sf_diag_set(diag, "this is not the store of a stafet %s", options->name);
	return SF_ERR_CONFIG;
}

/* A node's file must not be opened as a coordinator's, nor any other program's as ours. */
static enum sf_err check_application(
	struct sf_sqlite *store, const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	int64_t found = 0, things = 0;
	int64_t wanted = APPLICATION_ID_BASE | options->name[0];
	enum sf_err err = sf_sqlite_integer(store->db, "PRAGMA application_id", &found);
	if (!err)
		err = sf_sqlite_integer(store->db, "SELECT count(*) FROM sqlite_schema", &things);
	if (err) {
		sf_diag_set(diag, "reading the file: %s", sqlite3_errmsg(store->db));
		return err;
	}
	if (found == wanted)
		return SF_OK;
	if (found != 0 || things != 0 || options->read_only)
		return is_not_ours(options, diag);
	char mark[64];
	snprintf(mark, sizeof(mark), "PRAGMA application_id = %d", (int)wanted);
	return execute(store, mark, "marking the file", diag);
}

static enum sf_err use_wal(struct sf_sqlite *store, struct sf_diag *diag)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode=WAL", -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code != SQLITE_ROW) {
		enum sf_err err = fail(store, code, "switching to the write-ahead log", diag);
		sqlite3_finalize(statement);
		return err ? err : SF_ERR_IO;
	}
	bool wal = strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
	sqlite3_finalize(statement);
	if (wal)
		return SF_OK;
	sf_diag_set(diag, "the file system cannot hold a write-ahead log: use a local disk");
	return SF_ERR_UNSUPPORTED;
}

/* One read transaction until the close: what is read fits together. */
static enum sf_err configure_reading(
	struct sf_sqlite *store, const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	enum sf_err err = execute(store, "BEGIN", "beginning to read", diag);
	return err ? err : check_application(store, options, diag);
}

static enum sf_err configure_writing(
	struct sf_sqlite *store, const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	int pages = options->checkpoint_ms > 0 ? WAL_PAGES_WITH_THREAD : WAL_PAGES_ALONE;
	enum sf_err err = check_application(store, options, diag);
	if (!err)
		err = use_wal(store, diag);
	if (!err)
		sqlite3_wal_autocheckpoint(
			store->db, options->wal_pages > 0 ? options->wal_pages : pages);
	return err;
}

static enum sf_err configure(
	struct sf_sqlite *store, const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	enum sf_err err = execute(store, settings, "applying the settings", diag);
	if (!err)
		err = options->read_only ? configure_reading(store, options, diag)
					 : configure_writing(store, options, diag);
	/* Whoever names a file by hand may name a wrong one; a daemon's own file is damaged. */
	bool is_database = (sqlite3_errcode(store->db) & 0xff) != SQLITE_NOTADB;
	return err && options->read_only && !is_database ? is_not_ours(options, diag) : err;
}

static enum sf_err prepare_transaction(struct sf_sqlite *store, struct sf_diag *diag)
{
	int code = sqlite3_prepare_v3(
		store->db, "BEGIN IMMEDIATE", -1, SQLITE_PREPARE_PERSISTENT, &store->begin, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v3(
			store->db, "COMMIT", -1, SQLITE_PREPARE_PERSISTENT, &store->commit, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v3(store->db, "ROLLBACK", -1, SQLITE_PREPARE_PERSISTENT,
			&store->rollback, NULL);
	return code == SQLITE_OK ? SF_OK : fail(store, code, "preparing", diag);
}

static enum sf_err open_database(
	struct sf_sqlite *store, const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	flags |= options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	if (options->vfs && !options->read_only)
		flags |= SQLITE_OPEN_CREATE;
	int code = sqlite3_open_v2(options->path, &store->db, flags, options->vfs);
	if (code != SQLITE_OK)
		return store->db ? fail(store, code, "opening", diag) : SF_ERR_MEMORY;
	enum sf_err err = configure(store, options, diag);
	if (!err)
		err = sf_sqlite_migrate(store->db, options, diag);
	if (!err)
		err = sf_sqlite_schema_check(
			store->db, options->tables, options->table_count, diag);
	if (!err)
		err = sf_statements_init(
			&store->statements, store->db, options->tables, options->table_count);
	if (!err)
		err = prepare_transaction(store, diag);
	if (!err && options->checkpoint_ms > 0 && !options->read_only)
		err = sf_sqlite_checkpoint_open(options->path, options->vfs, options->checkpoint_ms,
			&store->checkpoint, diag);
	return err;
}

static enum sf_err open_files(
	struct sf_sqlite *store, const struct sf_sqlite_options *options, struct sf_diag *diag)
{
	for (size_t i = 0; i < options->table_count; i++) {
		enum sf_err err = sf_table_check(options->tables[i], diag);
		if (err)
			return err;
	}
	if (!options->vfs && !options->read_only) {
		enum sf_err err = sf_sqlite_lock_take(options->path, &store->lock, diag);
		if (!err)
			err = sf_sqlite_file_prepare(options->path, diag);
		if (err)
			return err;
	}
	enum sf_err err = open_database(store, options, diag);
	if (err)
		sf_diag_prefix(diag, "store %s", options->path);
	return err;
}

enum sf_err sf_sqlite_open(
	const struct sf_sqlite_options *options, struct sf_sqlite **ret_store, struct sf_diag *diag)
{
	struct sf_sqlite *store = calloc(1, sizeof(*store));
	if (!store)
		return SF_ERR_MEMORY;
	store->lock = -1;
	store->read_only = options->read_only;
	sf_buf_init(&store->lent, LENT_SIZE_MAX);
	sf_sqlite_port_init(store);
	enum sf_err err = open_files(store, options, diag);
	if (err)
		sf_sqlite_close(&store);
	else
		*ret_store = store;
	return err;
}

void sf_sqlite_close(struct sf_sqlite **store)
{
	struct sf_sqlite *closing = *store;
	if (!closing)
		return;
	sf_sqlite_checkpoint_close(&closing->checkpoint);
	if (closing->rollback)
		closing->port.rollback(closing);
	sf_statements_fini(&closing->statements);
	sqlite3_finalize(closing->begin);
	sqlite3_finalize(closing->commit);
	sqlite3_finalize(closing->rollback);
	/* Nothing is left prepared, so this cannot be refused. */
	sqlite3_close(closing->db);
	if (closing->lock >= 0)
		sf_sqlite_lock_release(closing->lock);
	sf_buf_fini(&closing->lent);
	free(closing);
	*store = NULL;
}
