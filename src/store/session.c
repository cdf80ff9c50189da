#include "store/session.h"

static enum sf_err refuse(struct sf_diag *diag, const char *text)
{
	sf_diag_set(diag, "%s", text);
	return SF_ERR_STATE;
}

enum sf_err sf_session_read(const struct sf_session *session, struct sf_diag *diag)
{
	if (session->broken)
		return refuse(diag, "the outcome of a commit is unknown: reopen the store");
	if (session->doom)
		return refuse(diag, "the transaction has failed: roll it back");
	return SF_OK;
}

enum sf_err sf_session_begin(struct sf_session *session, struct sf_diag *diag)
{
	enum sf_err err = sf_session_read(session, diag);
	if (err)
		return err;
	if (session->open)
		return refuse(diag, "a transaction is open already");
	if (session->depth > 0)
		return refuse(diag, "a transaction cannot begin inside a scan");
	session->open = true;
	return SF_OK;
}

enum sf_err sf_session_commit(struct sf_session *session, struct sf_diag *diag)
{
	if (session->broken)
		return sf_session_read(session, diag);
	if (!session->open)
		return refuse(diag, "no transaction is open");
	if (session->depth > 0)
		return refuse(diag, "a transaction cannot end inside a scan");
	if (session->doom)
		sf_diag_set(diag, "an earlier write of the transaction failed");
	return session->doom;
}

void sf_session_end(struct sf_session *session)
{
	session->open = false;
	session->doom = SF_OK;
}

void sf_session_rollback(struct sf_session *session)
{
	SF_ASSERT(session->depth == 0);
	sf_session_end(session);
}

void sf_session_break(struct sf_session *session)
{
	sf_session_end(session);
	session->broken = true;
}

enum sf_err sf_session_write(
	const struct sf_session *session, const struct sf_table *table, struct sf_diag *diag)
{
	enum sf_err err = sf_session_read(session, diag);
	if (err)
		return err;
	if (!session->open)
		return refuse(diag, "no transaction is open");
	for (size_t i = 0; i < session->depth; i++)
		if (session->scanned[i] == table)
			return refuse(diag, "a table cannot change while it is scanned");
	return SF_OK;
}

enum sf_err sf_session_wrote(struct sf_session *session, enum sf_err err)
{
	if (err != SF_OK && err != SF_ERR_EXISTS && err != SF_ERR_NOT_FOUND && err != SF_ERR_USAGE)
		session->doom = err;
	return err;
}

enum sf_err sf_session_enter(
	struct sf_session *session, const struct sf_table *table, struct sf_diag *diag)
{
	enum sf_err err = sf_session_read(session, diag);
	if (err)
		return err;
	if (session->depth == SF_SESSION_DEPTH_MAX) {
		sf_diag_set(diag, "scan of %s: scans are nested too deeply", table->name);
		return SF_ERR_LIMIT;
	}
	session->scanned[session->depth++] = table;
	return SF_OK;
}

void sf_session_leave(struct sf_session *session)
{
	session->depth--;
}
