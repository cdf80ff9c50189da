#include "door/user.h"

#include <string.h>

#include "audit/listing.h"
#include "base/printable.h"
#include "door/attempt.h"
#include "door/link.h"
#include "door/password.h"
#include "door/session.h"

bool sf_user_is_name(const char *name)
{
	size_t size = strlen(name);
	return size > 0 && size <= SF_USER_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == size;
}

static bool is_full_name(const char *name)
{
	return strlen(name) <= SF_USER_FULL_NAME_MAX && sf_printable(name);
}

/* Views that the store lent go with its next call. */
static enum sf_err keep(struct sf_arena *arena, struct sf_door_row_user *row)
{
	struct sf_view *const views[] = {&row->name, &row->full_name, &row->salt};
	for (size_t i = 0; i < SF_COUNT(views); i++) {
		*views[i] = sf_arena_copy(arena, *views[i]);
		if (!views[i]->data)
			return SF_ERR_LIMIT;
	}
	return SF_OK;
}

/* SF_ERR_NOT_FOUND: nobody, ever. */
static enum sf_err read(const struct sf_door *door, const char *name, struct sf_arena *arena,
	struct sf_door_row_user *ret_row, struct sf_diag *diag)
{
	struct sf_door_row_user row = {.name = sf_view_text(name)};
	enum sf_err err = door->store->get(door->store->self, &sf_door_table_user, 0, &row, diag);
	if (!err)
		err = keep(arena, &row);
	if (!err)
		*ret_row = row;
	return err;
}

enum sf_err sf_user_find(const struct sf_door *door, const char *name, struct sf_arena *arena,
	struct sf_door_row_user *ret_row, struct sf_diag *diag)
{
	struct sf_door_row_user row;
	enum sf_err err = read(door, name, arena, &row, diag);
	if (err == SF_ERR_NOT_FOUND || (!err && row.revoked_ms != 0))
		return SF_ERR_KEY_UNKNOWN;
	if (!err)
		*ret_row = row;
	return err;
}

struct listing {
	const struct sf_door *door;
	struct sf_listing listing;
	struct sf_listing_rows rows;
	bool only_valid;
	enum sf_err err;
	struct sf_diag *diag;
};

static bool visit(void *context, const void *row)
{
	struct listing *listing = context;
	const struct sf_door_row_user *user = row;
	if (listing->only_valid && user->revoked_ms != 0)
		return true;
	struct sf_user_row *listed = sf_listing_add(&listing->listing, &listing->rows);
	if (!listed)
		return false;
	*listed = (struct sf_user_row){
		.name = sf_arena_text(listing->listing.arena, user->name),
		.full_name = sf_arena_text(listing->listing.arena, user->full_name),
		.roles = (uint32_t)user->roles,
		.has_password = user->salt.size > 0,
		.created_ms = user->created_ms,
		.revoked_ms = user->revoked_ms,
		.signed_in_ms = user->signed_in_ms,
	};
	listing->listing.full |= !listed->name || !listed->full_name;
	if (listing->listing.full)
		return false;
	listing->err = sf_door_session_count(
		listing->door, listed->name, &listed->sessions, listing->diag);
	return !listing->err;
}

enum sf_err sf_user_serve_list(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct listing listing = {.door = door,
		.listing = {door->directory, arena, false},
		.rows = {.item_size = sizeof(struct sf_user_row)},
		.only_valid = request->users.only_valid,
		.diag = diag};
	const struct sf_scan scan = {.table = &sf_door_table_user};
	enum sf_err err = door->store->scan(door->store->self, &scan, visit, &listing, diag);
	if (!err)
		err = listing.err;
	if (!err && listing.listing.full)
		err = SF_ERR_LIMIT;
	if (!err)
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_USERS,
			.text = "",
			.users = {listing.rows.count, listing.rows.items}};
	return err;
}

static const char *fault_of(const struct sf_request_user_create *asked)
{
	if (!sf_user_is_name(asked->name))
		return "the name of a user is 1 to 40 of a-z, 0-9, '.', '-' and '_'";
	if (!is_full_name(asked->full_name))
		return "the person's own name is 120 bytes at most, without control characters";
	if (asked->roles == 0 || (asked->roles & ~SF_API_ROLES_PEOPLE))
		return "a person is clerk, clinician, auditor or operator";
	return asked->password[0] ? sf_password_fault(asked->name, asked->password) : NULL;
}

static bool count(void *context, const void *row)
{
	size_t *counted = context;
	(void)row;
	return ++*counted < SF_USERS_MAX;
}

enum sf_err sf_user_serve_create(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_user_create *asked = &request->user_create;
	const char *fault = fault_of(asked);
	if (fault) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE, fault);
		return SF_OK;
	}
	size_t counted = 0;
	const struct sf_scan scan = {.table = &sf_door_table_user};
	enum sf_err err = door->store->scan(door->store->self, &scan, count, &counted, diag);
	if (!err && counted >= SF_USERS_MAX) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_LIMIT, "there are too many users here");
		return SF_OK;
	}
	struct sf_door_row_user row = {.name = sf_view_text(asked->name),
		.full_name = sf_view_text(asked->full_name),
		.salt = sf_view_text(""),
		.roles = asked->roles,
		.created_ms = door->now_ms,
		.changed_ms = door->now_ms};
	if (!err && asked->password[0])
		err = sf_password_set(door, asked->password, arena, &row);
	if (!err)
		err = door->store->insert(door->store->self, &sf_door_table_user, &row, diag);
	if (err == SF_ERR_EXISTS) {
		sf_reply_refuse(ret_reply, arena, err,
			"a user of that name exists, or has existed; choose another");
		return SF_OK;
	}
	if (!err)
		sf_reply_done(ret_reply);
	return err;
}

static enum sf_err end_everything(
	const struct sf_door *door, const char *user, struct sf_diag *diag)
{
	enum sf_err err = sf_door_session_end_all(door, user, diag);
	return err ? err : sf_link_end_all(door, user, diag);
}

enum sf_err sf_user_serve_password(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_user_password *asked = &request->user_password;
	const char *fault = sf_password_fault(asked->name, asked->password);
	struct sf_door_row_user row;
	enum sf_err err = sf_user_find(door, asked->name, arena, &row, diag);
	if (err == SF_ERR_KEY_UNKNOWN)
		sf_reply_refuse(
			ret_reply, arena, SF_ERR_NOT_FOUND, "there is no user of that name");
	else if (!err && fault)
		sf_reply_refuse(ret_reply, arena, SF_ERR_USAGE, fault);
	if (err == SF_ERR_KEY_UNKNOWN || (!err && fault))
		return SF_OK;
	if (!err)
		err = sf_password_set(door, asked->password, arena, &row);
	row.changed_ms = door->now_ms;
	if (!err)
		err = door->store->replace(door->store->self, &sf_door_table_user, &row, diag);
	if (!err)
		err = end_everything(door, asked->name, diag);
	if (!err)
		err = sf_attempt_forget(door, asked->name, diag);
	if (!err)
		sf_reply_done(ret_reply);
	return err;
}

enum sf_err sf_user_serve_revoke(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_door_row_user row;
	enum sf_err err = read(door, request->user_revoke.name, arena, &row, diag);
	if (err == SF_ERR_NOT_FOUND) {
		sf_reply_refuse(ret_reply, arena, err, "there is no user of that name");
		return SF_OK;
	}
	sf_reply_done(ret_reply);
	if (err || row.revoked_ms != 0)
		return err;
	/* The name stays; what it opened goes. */
	row.revoked_ms = door->now_ms;
	row.salt = sf_view_text("");
	row.hash = (struct sf_digest){{0}};
	err = door->store->replace(door->store->self, &sf_door_table_user, &row, diag);
	return err ? err : end_everything(door, request->user_revoke.name, diag);
}
