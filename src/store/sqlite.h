/*
 * The store on SQLite (port/store.h): one file, one writer, WAL with synchronous=FULL, so that a
 * commit that returned SF_OK survives power loss (FACTS: NORMAL does not).
 *
 * The file is 0600 and belongs to one process at a time: "<path>.lock" is held as long as the store
 * is open. Errors of SQLite become SF_ERR_DISK_FULL, SF_ERR_IO, SF_ERR_CORRUPT, SF_ERR_AGAIN (the
 * file is busy), SF_ERR_EXISTS. A commit that fails with SF_ERR_DISK_FULL or SF_ERR_AGAIN has been
 * rolled back and the store goes on working; any other failure of a commit leaves its outcome
 * unknown, returns SF_ERR_IO, and everything after it is SF_ERR_STATE until close and open.
 *
 * Threads: as the port says, the engine thread; the checkpoint thread is the adapter's own.
 */
#ifndef SF_STORE_SQLITE_H
#define SF_STORE_SQLITE_H

#include "port/store.h"
#include "store/migrations.h"

struct sf_sqlite; /* opaque */

struct sf_sqlite_options {
	const char *path;
	const char *name; /* "node", "coordinator": a file of another name is refused */
	const struct sf_table *const *tables; /* borrowed while the store is open */
	size_t table_count;
	/* NULL, in tests only: a new file gets its schema straight from the declarations. */
	const struct sf_migration *migrations;
	/*
	 * Above 0: a second connection moves the WAL into the file this often (50 is measured in
	 * FACTS), so that commits rarely have to. 0: commits do, every wal_pages.
	 */
	int64_t checkpoint_ms;
	/* WAL pages of 16 KiB at which a commit checkpoints; 0 for 256, or 4096 with the thread. */
	int wal_pages;
	/* Tests: a VFS registered with SQLite. It owns the files: no lock, no file mode. */
	const char *vfs;
	/*
	 * For who looks at a store beside its daemon: the file as it was at the open, whatever is
	 * written meanwhile. No lock is taken, nothing is migrated, begin is SF_ERR_STATE. While it
	 * is open the WAL cannot start over, so not for long.
	 */
	bool read_only;
};

/*
 * Opens or creates, migrates forward, checks every table against its declaration. The diag names
 * the file. SF_ERR_AGAIN: another process has it. SF_ERR_UNSUPPORTED: a newer program wrote it.
 * SF_ERR_CONFIG: it is the store of something else. SF_ERR_AUTH: others may read it.
 * SF_ERR_CORRUPT: damaged, or its schema is not what is declared. read_only: a file of an older
 * program is SF_ERR_UNSUPPORTED, too, and one that is no database SF_ERR_CONFIG.
 */
SF_MUST_USE enum sf_err sf_sqlite_open(const struct sf_sqlite_options *options,
	struct sf_sqlite **ret_store, struct sf_diag *diag);
/* Rolls back what is open. *store may be NULL; becomes NULL. */
void sf_sqlite_close(struct sf_sqlite **store);
/* Lives as long as the store. */
const struct sf_store *sf_sqlite_port(struct sf_sqlite *store);

/* Reads every page and index; SF_ERR_CORRUPT says what is damaged. Slow on a large file. */
SF_MUST_USE enum sf_err sf_sqlite_integrity(struct sf_sqlite *store, struct sf_diag *diag);

/* Appends the SQL that a migration needs to create the table and its indexes. */
SF_MUST_USE enum sf_err sf_sqlite_schema_text(const struct sf_table *table, struct sf_buf *buf);

/*
 * How SQLite would run a scan, one line of EXPLAIN QUERY PLAN each, for the test that no scan
 * sorts or reads a whole table.
 */
SF_MUST_USE enum sf_err sf_sqlite_explain(struct sf_sqlite *store, const struct sf_scan *scan,
	struct sf_buf *buf, struct sf_diag *diag);

#endif
