#include "node/token.h"

#include <stdio.h>
#include <string.h>

#include "audit/listing.h"
#include "base/base64.h"
#include "base/time.h"

#define SECRET_CHANCE 32
#define SECRET_PREFIX "stafet_"

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

/* Once a day, so that reading does not write. */
static enum sf_err note_use(
	struct sf_node *node, struct sf_node_row_token *row, struct sf_diag *diag)
{
	int64_t day_ms = node->now_ms - node->now_ms % SF_DAY_MS;
	if (row->used_ms >= day_ms || node->options.read_only)
		return SF_OK;
	const struct sf_store *store = sf_node_store(node);
	row->used_ms = day_ms;
	return store->replace(store->self, &sf_node_table_token, row, diag);
}

enum sf_err sf_node_admit(struct sf_node *node, struct sf_asker *asker, struct sf_arena *arena,
	struct sf_reply *ret_reply, bool *ret_answered, struct sf_diag *diag)
{
	*ret_answered = false;
	if (!asker->over_http || (asker->allowed_roles & SF_API_ANYBODY))
		return SF_OK;
	const struct sf_store *store = sf_node_store(node);
	struct sf_node_row_token row = {.digest = asker->token};
	enum sf_err err = SF_ERR_NOT_FOUND;
	if (!sf_digest_is_none(&asker->token))
		err = store->get(
			store->self, &sf_node_table_token, SF_NODE_TOKEN_BY_DIGEST, &row, diag);
	if (err == SF_ERR_NOT_FOUND || (!err && row.revoked_ms != 0)) {
		refuse(ret_reply, arena, SF_ERR_KEY_UNKNOWN,
			"a token is needed that is valid at this node", ret_answered);
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
	struct sf_view name = sf_view_text(asker->account + sizeof("token:") - 1);
	row.name = name;
	return note_use(node, &row, diag);
}

static bool is_name(const char *name)
{
	size_t size = strlen(name);
	return size > 0 && size <= SF_TOKEN_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == size;
}

/* A bearer must not make others: what it lost could never be closed. */
static bool refuse_bearer(
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	if (request->asker.over_http)
		sf_reply_refuse(ret_reply, arena, SF_ERR_AUTH,
			"tokens are made and revoked at the node itself");
	return request->asker.over_http;
}

struct listing {
	struct sf_listing listing;
	struct sf_listing_rows rows;
	bool only_valid;
	size_t count;
};

static bool visit(void *context, const void *row)
{
	struct listing *listing = context;
	const struct sf_node_row_token *token = row;
	listing->count++;
	if (listing->only_valid && token->revoked_ms != 0)
		return true;
	struct sf_token_row *listed = sf_listing_add(&listing->listing, &listing->rows);
	if (!listed)
		return false;
	*listed = (struct sf_token_row){
		.name = sf_arena_text(listing->listing.arena, token->name),
		.roles = (uint32_t)token->roles,
		.created_ms = token->created_ms,
		.revoked_ms = token->revoked_ms,
		.used_ms = token->used_ms,
	};
	listing->listing.full = listing->listing.full || !listed->name;
	return !listing->listing.full;
}

static enum sf_err list(struct sf_node *node, struct listing *listing, struct sf_diag *diag)
{
	const struct sf_store *store = sf_node_store(node);
	const struct sf_scan scan = {.table = &sf_node_table_token};
	listing->rows.item_size = sizeof(struct sf_token_row);
	return store->scan(store->self, &scan, visit, listing, diag);
}

enum sf_err sf_node_serve_tokens(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	if (refuse_bearer(request, arena, ret_reply))
		return SF_OK;
	struct listing listing = {.listing = {node->directory, arena, false},
		.only_valid = request->tokens.only_valid};
	enum sf_err err = list(node, &listing, diag);
	if (!err && listing.listing.full)
		err = SF_ERR_LIMIT;
	if (!err)
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_TOKENS,
			.text = "",
			.tokens = {listing.rows.count, listing.rows.items}};
	return err;
}

/* RFC 4648 section 5, without padding. */
static void write_secret(const uint8_t chance[SECRET_CHANCE], char *ret_text)
{
	memcpy(ret_text, SECRET_PREFIX, sizeof(SECRET_PREFIX) - 1);
	char *text = ret_text + sizeof(SECRET_PREFIX) - 1;
	sf_base64_write(sf_view_of(chance, SECRET_CHANCE), text);
	for (; *text != '='; text++) {
		if (*text == '+')
			*text = '-';
		else if (*text == '/')
			*text = '_';
	}
	*text = '\0';
}

static enum sf_err create(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_token_create *asked = &request->token_create;
	const struct sf_store *store = sf_node_store(node);
	uint8_t chance[SECRET_CHANCE];
	char secret[sizeof(SECRET_PREFIX) + 64] = "";
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	write_secret(chance, secret);
	struct sf_node_row_token row = {.name = sf_view_text(asked->name),
		.roles = asked->roles,
		.created_ms = node->now_ms};
	node->ports.crypto.record_digest(
		node->ports.crypto.self, "token", sf_view_text(secret), &row.digest);
	enum sf_err err = store->insert(store->self, &sf_node_table_token, &row, diag);
	if (err == SF_ERR_EXISTS) {
		/* Its name stands in the access log: it stays one bearer's for ever. */
		sf_reply_refuse(ret_reply, arena, err,
			"a token of that name exists, or has existed; choose another");
		return SF_OK;
	}
	const struct sf_reply_token_created created = {sf_arena_text(arena, row.name),
		sf_arena_text(arena, sf_view_text(secret)), asked->roles};
	if (!err && (!created.name || !created.secret))
		err = SF_ERR_LIMIT;
	if (!err)
		*ret_reply = (struct sf_reply){
			.kind = SF_REPLY_TOKEN_CREATED, .text = "", .token_created = created};
	return err;
}

enum sf_err sf_node_serve_token_create(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_token_create *asked = &request->token_create;
	if (refuse_bearer(request, arena, ret_reply))
		return SF_OK;
	if (!asked->name || !is_name(asked->name)) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE,
			"the name of a token is 1 to 40 of a-z, 0-9, '.' and '-'");
		return SF_OK;
	}
	if (asked->roles == 0 || (asked->roles & ~SF_API_ROLES_ALL)) {
		sf_reply_refuse(
			ret_reply, arena, SF_ERR_USAGE, "a token needs roles that are known here");
		return SF_OK;
	}
	struct listing listing = {.listing = {node->directory, arena, false}};
	enum sf_err err = list(node, &listing, diag);
	if (!err && listing.count >= SF_TOKENS_MAX) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_LIMIT, "there are too many tokens here");
		return SF_OK;
	}
	return err ? err : create(node, request, arena, ret_reply, diag);
}

enum sf_err sf_node_serve_token_revoke(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	if (refuse_bearer(request, arena, ret_reply))
		return SF_OK;
	const struct sf_store *store = sf_node_store(node);
	const char *name = request->token_revoke.name ? request->token_revoke.name : "";
	struct sf_node_row_token row = {.name = sf_view_text(name)};
	enum sf_err err = store->get(store->self, &sf_node_table_token, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "there is no token of that name");
		return SF_OK;
	}
	sf_reply_done(ret_reply);
	if (err || row.revoked_ms != 0)
		return err;
	row.name = sf_view_text(name);
	row.revoked_ms = node->now_ms;
	return store->replace(store->self, &sf_node_table_token, &row, diag);
}
