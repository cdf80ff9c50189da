/*
 * One process for one store file: a lock on "<path>.lock" that dies with its holder.
 *
 * It is a file of its own because closing any descriptor of the database itself would drop the
 * POSIX locks that SQLite holds on it (sqlite.org/howtocorrupt.html, 2.2).
 */
#ifndef SF_STORE_SQLITE_LOCK_H
#define SF_STORE_SQLITE_LOCK_H

#include "base/err.h"

/* *ret_lock is a descriptor for release. SF_ERR_AGAIN when another process (or this) has it. */
SF_MUST_USE enum sf_err sf_sqlite_lock_take(const char *path, int *ret_lock, struct sf_diag *diag);
void sf_sqlite_lock_release(int lock);

/* Creates the file 0600 when there is none; SF_ERR_AUTH when others may read or write it. */
SF_MUST_USE enum sf_err sf_sqlite_file_prepare(const char *path, struct sf_diag *diag);

#endif
