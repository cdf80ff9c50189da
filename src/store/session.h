/*
 * When a call on a store is allowed: one small state machine that every adapter keeps, so that a
 * wrong order of calls is refused in the same way everywhere.
 *
 *   idle --begin--> open --write failed--> doomed --commit or rollback--> idle
 *   open --commit, rollback, clean failure of commit--> idle
 *   open --commit with unknown outcome--> broken: everything is SF_ERR_STATE until reopened
 */
#ifndef SF_STORE_SESSION_H
#define SF_STORE_SESSION_H

#include "port/store.h"

/* Scans inside visitors of scans; the engines need two. */
#define SF_SESSION_DEPTH_MAX ((size_t)4)

struct sf_session {
	bool open;
	bool broken;
	enum sf_err doom; /* why the transaction can only be rolled back; SF_OK while it can not */
	size_t depth;
	const struct sf_table *scanned[SF_SESSION_DEPTH_MAX]; /* borrowed */
};

SF_MUST_USE enum sf_err sf_session_begin(struct sf_session *session, struct sf_diag *diag);
/* Answers the doom of a doomed transaction: the adapter then rolls back. */
SF_MUST_USE enum sf_err sf_session_commit(struct sf_session *session, struct sf_diag *diag);
/* Remembers a transaction's end. */
void sf_session_end(struct sf_session *session);
/* Not inside a visitor: that is a bug of the caller. */
void sf_session_rollback(struct sf_session *session);
void sf_session_break(struct sf_session *session);

SF_MUST_USE enum sf_err sf_session_read(const struct sf_session *session, struct sf_diag *diag);
/* Also SF_ERR_STATE when a scan of the table is under way. */
SF_MUST_USE enum sf_err sf_session_write(
	const struct sf_session *session, const struct sf_table *table, struct sf_diag *diag);
/* Dooms the transaction unless the error is one after which it is unchanged. Returns err. */
SF_MUST_USE enum sf_err sf_session_wrote(struct sf_session *session, enum sf_err err);

/* SF_ERR_LIMIT beyond SF_SESSION_DEPTH_MAX; otherwise leave must follow. */
SF_MUST_USE enum sf_err sf_session_enter(
	struct sf_session *session, const struct sf_table *table, struct sf_diag *diag);
void sf_session_leave(struct sf_session *session);

#endif
