#include "cmd/session.h"

#include <string.h>

#define TIMEOUT_MS 10000
/* A decoded reply is larger than its bytes: many small rows with texts. */
#define REPLY_SIZE_MAX (8 * SF_LOCAL_SIZE_MAX)
#define PREFIX_DIGITS_MIN 6

int sf_session_open(const struct sf_arguments *arguments, struct sf_session *ret_session)
{
	*ret_session = (struct sf_session){.arguments = arguments};
	sf_arena_init(&ret_session->arena, REPLY_SIZE_MAX);
	enum sf_err err = sf_client_open(
		arguments->socket, TIMEOUT_MS, &ret_session->client, &ret_session->diag);
	return err ? sf_exit_failed(err, &ret_session->diag) : SF_EXIT_OK;
}

void sf_session_close(struct sf_session *session)
{
	sf_client_close(&session->client);
	sf_arena_fini(&session->arena);
}

enum sf_err sf_session_try(struct sf_session *session, const struct sf_request *request)
{
	sf_arena_clear(&session->arena);
	session->reply = (struct sf_reply){.text = ""};
	session->diag.text[0] = '\0';
	struct sf_request asked = *request;
	asked.asker.role = session->arguments->role;
	asked.asker.purpose = session->arguments->purpose;
	enum sf_err err = sf_client_call(
		session->client, &asked, &session->arena, &session->reply, &session->diag);
	if (err)
		return err;
	if (session->reply.err)
		sf_diag_set(&session->diag, "%s",
			session->reply.text && session->reply.text[0]
				? session->reply.text
				: sf_err_text(session->reply.err));
	return session->reply.err;
}

int sf_session_ask(struct sf_session *session, const struct sf_request *request)
{
	enum sf_err err = sf_session_try(session, request);
	return err ? sf_exit_failed(err, &session->diag) : SF_EXIT_OK;
}

/* The beginning of an id, and what was found that begins so. */
struct prefix {
	char digits[SF_ID_TEXT_SIZE];
	size_t size;
	struct sf_id found;
	bool several;
};

static bool read_prefix(const char *text, struct prefix *ret_prefix)
{
	struct prefix prefix = {.size = 0};
	for (; *text; text++) {
		if (*text == '-')
			continue;
		bool upper = *text >= 'A' && *text <= 'F';
		bool digit =
			(*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'f') || upper;
		if (!digit || prefix.size == SF_ID_TEXT_SIZE - 1)
			return false;
		prefix.digits[prefix.size++] = upper ? (char)(*text - 'A' + 'a') : *text;
	}
	*ret_prefix = prefix;
	return prefix.size >= PREFIX_DIGITS_MIN;
}

static void match(struct prefix *prefix, struct sf_id id)
{
	char text[SF_ID_TEXT_SIZE];
	sf_id_format(id, text);
	if (sf_id_is_none(id) || memcmp(text, prefix->digits, prefix->size) != 0)
		return;
	prefix->several = prefix->several ||
			  (!sf_id_is_none(prefix->found) && !sf_id_equal(prefix->found, id));
	prefix->found = id;
}

/* A coordinator has no inbox: a listing that a daemon does not have holds nothing. */
static enum sf_err list(struct sf_session *session, const struct sf_request *request)
{
	enum sf_err err = sf_session_try(session, request);
	if (err != SF_ERR_UNSUPPORTED)
		return err;
	session->reply = (struct sf_reply){.text = ""};
	return SF_OK;
}

static enum sf_err match_transitions(struct sf_session *session, struct prefix *prefix)
{
	struct sf_request request = {.kind = SF_REQUEST_TRANSITIONS};
	for (;;) {
		enum sf_err err = list(session, &request);
		const struct sf_reply_transitions *page = &session->reply.transitions;
		size_t count = session->reply.kind == SF_REPLY_TRANSITIONS ? page->row_count : 0;
		for (size_t i = 0; !err && i < count; i++)
			match(prefix, page->rows[i].transition);
		if (err || count == 0 || sf_id_is_none(page->next))
			return err;
		request.transitions.after = page->next;
	}
}

static enum sf_err match_inbox(struct sf_session *session, struct prefix *prefix)
{
	struct sf_request request = {.kind = SF_REQUEST_INBOX};
	for (;;) {
		enum sf_err err = list(session, &request);
		const struct sf_reply_inbox *page = &session->reply.inbox;
		size_t count = session->reply.kind == SF_REPLY_INBOX ? page->row_count : 0;
		if (err || count == 0)
			return err;
		for (size_t i = 0; i < count; i++)
			match(prefix, page->rows[i].message);
		request.inbox.after = page->rows[count - 1].cursor;
	}
}

static enum sf_err match_outbox(struct sf_session *session, struct prefix *prefix)
{
	struct sf_request request = {.kind = SF_REQUEST_OUTBOX};
	for (;;) {
		enum sf_err err = list(session, &request);
		const struct sf_reply_outbox *page = &session->reply.outbox;
		size_t count = session->reply.kind == SF_REPLY_OUTBOX ? page->row_count : 0;
		if (err || count == 0)
			return err;
		for (size_t i = 0; i < count; i++)
			match(prefix, page->rows[i].message);
		/* A coordinator's deliveries have no cursor: it gives one page. */
		if (page->rows[count - 1].cursor <= request.outbox.after)
			return SF_OK;
		request.outbox.after = page->rows[count - 1].cursor;
	}
}

/* What is owed may be about a message without a letter, which is in no inbox: a question. */
static enum sf_err match_board(struct sf_session *session, struct prefix *prefix)
{
	const struct sf_request request = {.kind = SF_REQUEST_BOARD, .board = {.party = ""}};
	enum sf_err err = list(session, &request);
	const struct sf_reply_board *board = &session->reply.board;
	size_t count = !err && session->reply.kind == SF_REPLY_BOARD ? board->row_count : 0;
	for (size_t i = 0; i < count; i++)
		match(prefix, board->rows[i].subject);
	return err;
}

int sf_session_id(struct sf_session *session, const char *text, unsigned what, struct sf_id *ret_id)
{
	struct prefix prefix;
	if (sf_id_parse(text, ret_id) == SF_OK)
		return SF_EXIT_OK;
	if (!read_prefix(text, &prefix))
		return sf_exit_usage("'%s' is no id: give 32 hexadecimal digits, or at least %d of "
				     "its first ones",
			text, PREFIX_DIGITS_MIN);
	enum sf_err err = SF_OK;
	if (what & SF_SESSION_TRANSITIONS)
		err = match_transitions(session, &prefix);
	if (!err && (what & SF_SESSION_MESSAGES))
		err = match_inbox(session, &prefix);
	if (!err && (what & SF_SESSION_MESSAGES))
		err = match_outbox(session, &prefix);
	if (!err && (what & SF_SESSION_MESSAGES))
		err = match_board(session, &prefix);
	if (!err && sf_id_is_none(prefix.found)) {
		err = SF_ERR_NOT_FOUND;
		sf_diag_set(&session->diag, "nothing here begins with %s", prefix.digits);
	}
	if (!err && prefix.several) {
		err = SF_ERR_CONFLICT;
		sf_diag_set(&session->diag, "several ids begin with %s: give more digits",
			prefix.digits);
	}
	if (err)
		return sf_exit_failed(err, &session->diag);
	*ret_id = prefix.found;
	return SF_EXIT_OK;
}
