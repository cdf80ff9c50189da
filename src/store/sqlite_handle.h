/* What an open SQLite store consists of; shared by sqlite_open.c and sqlite.c only. */
#ifndef SF_STORE_SQLITE_HANDLE_H
#define SF_STORE_SQLITE_HANDLE_H

#include "store/session.h"
#include "store/sqlite.h"
#include "store/sqlite_checkpoint.h"
#include "store/sqlite_statement.h"

struct sf_sqlite {
	struct sf_store port;
	sqlite3 *db; /* owned */
	int lock;    /* descriptor, owned; -1 under a test's VFS */
	bool read_only;
	struct sf_sqlite_checkpoint *checkpoint; /* owned; NULL without a thread */
	struct sf_statements statements;
	sqlite3_stmt *begin, *commit, *rollback; /* owned */
	struct sf_session session;
	struct sf_buf lent; /* bytes of the row that get returned last */
};

/* Fills in the functions of the port. */
void sf_sqlite_port_init(struct sf_sqlite *store);

#endif
