#include "door/link.h"

#include <string.h>

#include "audit/listing.h"
#include "door/secret.h"
#include "door/user.h"

#define LINKS_MAX ((size_t)8) /* of one person at a time */

struct found {
	size_t count;
	struct sf_digest digests[LINKS_MAX];
};

static bool visit(void *context, const void *row)
{
	struct found *found = context;
	const struct sf_door_row_link *link = row;
	found->digests[found->count++] = link->digest;
	return found->count < LINKS_MAX;
}

enum sf_err sf_link_end_all(const struct sf_door *door, const char *user, struct sf_diag *diag)
{
	struct found found = {.count = 0};
	const struct sf_door_row_link key = {.user = sf_view_text(user)};
	const struct sf_scan scan = {.table = &sf_door_table_link,
		.index = SF_DOOR_LINK_BY_USER,
		.equal_count = 1,
		.from = &key};
	enum sf_err err = door->store->scan(door->store->self, &scan, visit, &found, diag);
	for (size_t i = 0; i < found.count && !err; i++) {
		const struct sf_door_row_link gone = {.digest = found.digests[i]};
		err = door->store->remove(door->store->self, &sf_door_table_link, &gone, diag);
	}
	return err;
}

/* A new link takes the place of those before it: one person has one at a time. */
enum sf_err sf_link_serve(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const char *name = request->user_link.name;
	struct sf_door_row_user user;
	char code[SF_DOOR_SECRET_SIZE];
	enum sf_err err = sf_user_find(door, name, arena, &user, diag);
	if (err == SF_ERR_KEY_UNKNOWN) {
		sf_reply_refuse(
			ret_reply, arena, SF_ERR_NOT_FOUND, "there is no user of that name");
		return SF_OK;
	}
	if (!err)
		err = sf_link_end_all(door, name, diag);
	sf_door_secret(door, code);
	const struct sf_door_row_link row = {.digest = sf_door_digest(door, "link", code),
		.user = user.name,
		.until_ms = door->now_ms + SF_USER_LINK_MS};
	if (!err)
		err = door->store->insert(door->store->self, &sf_door_table_link, &row, diag);
	const struct sf_reply_user_linked linked = {sf_arena_text(arena, sf_view_text(name)),
		sf_arena_text(arena, sf_view_text(code)), row.until_ms};
	if (!err && (!linked.name || !linked.code))
		err = SF_ERR_LIMIT;
	if (!err)
		*ret_reply = (struct sf_reply){
			.kind = SF_REPLY_USER_LINKED, .text = "", .user_linked = linked};
	return err;
}

enum sf_err sf_link_use(const struct sf_door *door, const char *code, struct sf_arena *arena,
	const char **ret_user, struct sf_diag *diag)
{
	struct sf_door_row_link row = {.digest = sf_door_digest(door, "link", code)};
	enum sf_err err = door->store->get(door->store->self, &sf_door_table_link, 0, &row, diag);
	if (err == SF_ERR_NOT_FOUND)
		return SF_ERR_KEY_UNKNOWN;
	const char *user = err ? NULL : sf_arena_text(arena, row.user);
	if (!err && !user)
		err = SF_ERR_LIMIT;
	if (!err)
		err = door->store->remove(door->store->self, &sf_door_table_link, &row, diag);
	if (!err && door->now_ms >= row.until_ms)
		return SF_ERR_KEY_UNKNOWN;
	if (!err)
		*ret_user = user;
	return err;
}
