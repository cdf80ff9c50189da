#include "door/door.h"

#include <stdio.h>

#include "audit/listing.h"
#include "door/token.h"

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

static const char *account_of(struct sf_arena *arena, struct sf_view name)
{
	char account[sizeof("token:") + SF_TOKEN_NAME_MAX];
	snprintf(account, sizeof(account), "token:%.*s", (int)name.size, (const char *)name.data);
	return sf_arena_text(arena, sf_view_text(account));
}

static void refuse(struct sf_reply *ret_reply, struct sf_arena *arena, enum sf_err err,
	const char *text, bool *ret_answered)
{
	sf_reply_refuse(ret_reply, arena, err, text);
	*ret_answered = true;
}

enum sf_err sf_door_admit(const struct sf_door *door, struct sf_asker *asker,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_answered,
	struct sf_diag *diag)
{
	*ret_answered = false;
	if (!asker->over_http || (asker->allowed_roles & SF_API_ANYBODY))
		return SF_OK;
	struct sf_door_row_token row;
	enum sf_err err = sf_token_find(door, &asker->token, &row, diag);
	if (err == SF_ERR_KEY_UNKNOWN) {
		refuse(ret_reply, arena, SF_ERR_KEY_UNKNOWN, "a token is needed that is valid here",
			ret_answered);
		return SF_OK;
	}
	if (err)
		return err;
	sf_api_roles used = (sf_api_roles)row.roles & asker->allowed_roles;
	if (used == 0) {
		refuse(ret_reply, arena, SF_ERR_AUTH, "no role of this token may ask that",
			ret_answered);
		return SF_OK;
	}
	asker->account = account_of(arena, row.name);
	if (!asker->account)
		return SF_ERR_LIMIT;
	name_reader(asker, used);
	/* The row borrows from the store until the next call: its name goes with it. */
	row.name = sf_view_text(asker->account + sizeof("token:") - 1);
	return sf_token_note_use(door, &row, diag);
}

typedef enum sf_err service(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag);

/* What reads may answer that it is too large; what writes ends the turn then. */
static const struct {
	enum sf_request_kind kind;
	service *serve;
	bool writes;
} services[] = {
	{SF_REQUEST_TOKENS, sf_token_serve_list, false},
	{SF_REQUEST_TOKEN_CREATE, sf_token_serve_create, true},
	{SF_REQUEST_TOKEN_REVOKE, sf_token_serve_revoke, true},
};

/* A bearer must not make others: what it lost could never be closed. */
static bool refuse_bearer(
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	if (request->asker.over_http)
		sf_reply_refuse(ret_reply, arena, SF_ERR_AUTH,
			"who may ask is settled on the daemon's own machine");
	return request->asker.over_http;
}

enum sf_err sf_door_serve(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, bool *ret_served, struct sf_diag *diag)
{
	size_t i = 0;
	while (i < SF_COUNT(services) && services[i].kind != request->kind)
		i++;
	*ret_served = i < SF_COUNT(services);
	if (!*ret_served || refuse_bearer(request, arena, ret_reply))
		return SF_OK;
	enum sf_err err = services[i].serve(door, request, arena, ret_reply, diag);
	if (err != SF_ERR_LIMIT || services[i].writes)
		return err;
	sf_reply_refuse(ret_reply, arena, err, "the answer is larger than one reply");
	return SF_OK;
}
