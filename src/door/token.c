#include "door/token.h"

#include <string.h>

#include "audit/listing.h"
#include "base/time.h"
#include "door/ended.h"
#include "door/secret.h"

enum sf_err sf_token_find(const struct sf_door *door, const struct sf_digest *digest,
	struct sf_door_row_token *ret_row, struct sf_diag *diag)
{
	struct sf_door_row_token row = {.digest = *digest};
	enum sf_err err = SF_ERR_NOT_FOUND;
	if (!sf_digest_is_none(digest))
		err = door->store->get(door->store->self, &sf_door_table_token,
			SF_DOOR_TOKEN_BY_DIGEST, &row, diag);
	if (err == SF_ERR_NOT_FOUND || (!err && row.revoked_ms != 0))
		return SF_ERR_KEY_UNKNOWN;
	if (!err)
		*ret_row = row;
	return err;
}

enum sf_err sf_token_note_use(
	const struct sf_door *door, struct sf_door_row_token *row, struct sf_diag *diag)
{
	int64_t day_ms = door->now_ms - door->now_ms % SF_DAY_MS;
	if (row->used_ms >= day_ms || door->read_only)
		return SF_OK;
	row->used_ms = day_ms;
	return door->store->replace(door->store->self, &sf_door_table_token, row, diag);
}

static bool is_name(const char *name)
{
	size_t size = strlen(name);
	return size > 0 && size <= SF_TOKEN_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == size;
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
	const struct sf_door_row_token *token = row;
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

static enum sf_err list(const struct sf_door *door, struct listing *listing, struct sf_diag *diag)
{
	const struct sf_scan scan = {.table = &sf_door_table_token};
	listing->rows.item_size = sizeof(struct sf_token_row);
	return door->store->scan(door->store->self, &scan, visit, listing, diag);
}

enum sf_err sf_token_serve_list(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct listing listing = {
		.listing = {NULL, arena, false}, .only_valid = request->tokens.only_valid};
	enum sf_err err = list(door, &listing, diag);
	if (!err && listing.listing.full)
		err = SF_ERR_LIMIT;
	if (!err)
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_TOKENS,
			.text = "",
			.tokens = {listing.rows.count, listing.rows.items}};
	return err;
}

static enum sf_err create(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_token_create *asked = &request->token_create;
	char secret[sizeof(SF_TOKEN_PREFIX) - 1 + SF_DOOR_SECRET_SIZE] = SF_TOKEN_PREFIX;
	sf_door_secret(door, secret + sizeof(SF_TOKEN_PREFIX) - 1);
	struct sf_door_row_token row = {.name = sf_view_text(asked->name),
		.digest = sf_door_digest(door, "token", secret),
		.roles = asked->roles,
		.created_ms = door->now_ms};
	enum sf_err err = door->store->insert(door->store->self, &sf_door_table_token, &row, diag);
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

enum sf_err sf_token_serve_create(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_token_create *asked = &request->token_create;
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
	struct listing listing = {.listing = {NULL, arena, false}};
	enum sf_err err = list(door, &listing, diag);
	if (!err && listing.count >= SF_TOKENS_MAX) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_LIMIT, "there are too many tokens here");
		return SF_OK;
	}
	return err ? err : create(door, request, arena, ret_reply, diag);
}

enum sf_err sf_token_serve_revoke(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const char *name = request->token_revoke.name ? request->token_revoke.name : "";
	struct sf_door_row_token row = {.name = sf_view_text(name)};
	enum sf_err err = door->store->get(door->store->self, &sf_door_table_token, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "there is no token of that name");
		return SF_OK;
	}
	sf_reply_done(ret_reply);
	if (err || row.revoked_ms != 0)
		return err;
	row.name = sf_view_text(name);
	row.revoked_ms = door->now_ms;
	err = door->store->replace(door->store->self, &sf_door_table_token, &row, diag);
	if (!err)
		sf_door_ended_note(door, &row.digest);
	return err;
}
