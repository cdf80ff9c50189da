#include "door/door.h"

#include <stdio.h>

#include "audit/listing.h"
#include "door/ended.h"
#include "door/link.h"
#include "door/session.h"
#include "door/token.h"
#include "door/user.h"

/* Who asks these is settled by what is asked, not here. */
#define OPEN (SF_API_ANYBODY | SF_API_BROWSER | SF_API_SIGN_IN)
/* "token:" and a name; whom a proxy names may have the longest. */
#define ACCOUNT_SIZE (sizeof("token:") + SF_ASSERTED_NAME_MAX)

/* As what and what for a bearer reads, when it has several roles the one nearest to the patient. */
static const struct {
	enum sf_api_role role;
	enum sf_reader_role reader;
	enum sf_purpose purpose; /* unless the bearer says another */
} readers[] = {
	{SF_API_CLINICIAN, SF_READER_CLINICAL, SF_PURPOSE_CARE},
	{SF_API_CLERK, SF_READER_CLINICAL, SF_PURPOSE_CARE},
	{SF_API_SYSTEM_OUT, SF_READER_SYSTEM, SF_PURPOSE_CARE},
	{SF_API_SYSTEM_IN, SF_READER_SYSTEM, SF_PURPOSE_CARE},
	{SF_API_AUDITOR, SF_READER_AUDITOR, SF_PURPOSE_AUDIT},
	{SF_API_OPERATOR, SF_READER_OPERATOR, SF_PURPOSE_OPERATION},
};

static void name_reader(struct sf_asker *asker, sf_api_roles roles)
{
	for (size_t i = 0; i < SF_COUNT(readers); i++) {
		if (!(roles & SF_API_ROLE_BIT(readers[i].role)))
			continue;
		asker->role = readers[i].reader;
		if (asker->purpose == SF_PURPOSE_NONE)
			asker->purpose = readers[i].purpose;
		return;
	}
}

/* "token:eoj", "user:anna"; NULL when the arena is full. */
static const char *account_of(struct sf_arena *arena, const char *what, struct sf_view name)
{
	char account[ACCOUNT_SIZE];
	snprintf(
		account, sizeof(account), "%s:%.*s", what, (int)name.size, (const char *)name.data);
	return sf_arena_text(arena, sf_view_text(account));
}

/* What one that has these roles is admitted as. */
static enum sf_err let_in(struct sf_asker *asker, sf_api_roles roles, const char *account)
{
	sf_api_roles used = roles & asker->allowed_roles;
	if (used == 0)
		return SF_ERR_AUTH;
	if (!account)
		return SF_ERR_LIMIT;
	asker->account = account;
	name_reader(asker, used);
	return SF_OK;
}

static enum sf_err admit_token(const struct sf_door *door, struct sf_asker *asker,
	struct sf_arena *arena, struct sf_diag *diag)
{
	struct sf_door_row_token row;
	enum sf_err err = sf_token_find(door, &asker->token, &row, diag);
	if (!err)
		err = let_in(asker, (sf_api_roles)row.roles, account_of(arena, "token", row.name));
	if (err)
		return err;
	/* The row borrows from the store until the next call: its name goes with it. */
	row.name = sf_view_text(asker->account + sizeof("token:") - 1);
	return sf_token_note_use(door, &row, diag);
}

static enum sf_err admit_person(const struct sf_door *door, struct sf_asker *asker,
	struct sf_arena *arena, struct sf_diag *diag)
{
	struct sf_door_session_owner owner;
	enum sf_err err = sf_door_session_find(door, asker, arena, &owner, diag);
	return err ? err
		   : let_in(asker, owner.roles,
			     account_of(arena, "user", sf_view_text(owner.user)));
}

enum sf_err sf_door_admit(const struct sf_door *door, struct sf_asker *asker,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag)
{
	*ret_answered = false;
	if (!asker->over_http || (asker->allowed_roles & OPEN))
		return SF_OK;
	enum sf_err err;
	if (asker->asserted_user)
		err = let_in(asker, asker->asserted_roles & SF_API_ROLES_PEOPLE,
			account_of(arena, "sso", sf_view_text(asker->asserted_user)));
	else if (sf_digest_is_none(&asker->session))
		err = admit_token(door, asker, arena, diag);
	else
		err = admit_person(door, asker, arena, diag);
	*ret_answered = err == SF_ERR_KEY_UNKNOWN || err == SF_ERR_AUTH;
	if (!*ret_answered)
		return err;
	sf_reply_refuse(ret_reply, arena, err,
		err == SF_ERR_AUTH ? "none of your roles may ask that"
				   : "a token or a session is needed that is valid here");
	return SF_OK;
}

typedef enum sf_err service(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

/*
 * What reads may answer that it is too large; what writes ends the turn then. What opens is made on
 * this machine: a bearer must not make others, for what it lost could never be closed. Sessions are
 * of browsers alone.
 */
static const struct {
	enum sf_request_kind kind;
	service *serve;
	bool writes, over_http;
} services[] = {
	{SF_REQUEST_TOKENS, sf_token_serve_list, false, false},
	{SF_REQUEST_TOKEN_CREATE, sf_token_serve_create, true, false},
	{SF_REQUEST_TOKEN_REVOKE, sf_token_serve_revoke, true, false},
	{SF_REQUEST_USERS, sf_user_serve_list, false, false},
	{SF_REQUEST_USER_CREATE, sf_user_serve_create, true, false},
	{SF_REQUEST_USER_PASSWORD, sf_user_serve_password, true, false},
	{SF_REQUEST_USER_REVOKE, sf_user_serve_revoke, true, false},
	{SF_REQUEST_USER_LINK, sf_link_serve, true, false},
	{SF_REQUEST_SIGN_IN, sf_door_session_serve_sign_in, true, true},
	{SF_REQUEST_SESSION, sf_door_session_serve, true, true},
	{SF_REQUEST_ENDED, sf_door_ended_serve, false, false},
};

enum sf_err sf_door_serve(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_served, struct sf_diag *diag)
{
	size_t i = 0;
	while (i < SF_COUNT(services) && services[i].kind != request->kind)
		i++;
	*ret_served = i < SF_COUNT(services);
	if (!*ret_served)
		return SF_OK;
	if (services[i].over_http != request->asker.over_http) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_AUTH,
			services[i].over_http
				? "people sign in with a browser"
				: "who may ask is settled on the daemon's own machine");
		return SF_OK;
	}
	enum sf_err err = services[i].serve(door, request, arena, ret_reply, diag);
	if (err != SF_ERR_LIMIT || services[i].writes)
		return err;
	sf_reply_refuse(ret_reply, arena, err, "the answer is larger than one reply");
	return SF_OK;
}
