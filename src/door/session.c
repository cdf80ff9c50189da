#include "door/session.h"

#include "audit/listing.h"
#include "door/ended.h"
#include "door/secret.h"
#include "door/user.h"

struct found {
	int64_t now_ms;
	size_t count, valid;
	struct sf_digest digests[SF_SESSIONS_OF_USER_MAX + 1]; /* the first to begin first */
	bool live[SF_SESSIONS_OF_USER_MAX + 1];
};

/* A clock that was set back makes nobody stay longer than a whole life more. */
static bool is_live(const struct sf_door_row_session *row, int64_t now_ms)
{
	return now_ms - row->seen_ms < SF_SESSION_IDLE_MS &&
	       now_ms - row->begun_ms < SF_SESSION_LIFE_MS;
}

static bool visit(void *context, const void *row)
{
	struct found *found = context;
	const struct sf_door_row_session *session = row;
	found->live[found->count] = is_live(session, found->now_ms);
	found->valid += found->live[found->count];
	found->digests[found->count++] = session->digest;
	return found->count < SF_COUNT(found->digests);
}

static enum sf_err find_all(
	const struct sf_door *door, const char *user, struct found *found, struct sf_diag *diag)
{
	const struct sf_door_row_session key = {.user = sf_view_text(user)};
	const struct sf_scan scan = {.table = &sf_door_table_session,
		.index = SF_DOOR_SESSION_BY_USER,
		.equal_count = 1,
		.from = &key};
	*found = (struct found){.now_ms = door->now_ms};
	return door->store->scan(door->store->self, &scan, visit, found, diag);
}

static enum sf_err end(
	const struct sf_door *door, const struct sf_digest *digest, struct sf_diag *diag)
{
	const struct sf_door_row_session key = {.digest = *digest};
	if (door->read_only || sf_digest_is_none(digest))
		return SF_OK;
	enum sf_err err =
		door->store->remove(door->store->self, &sf_door_table_session, &key, diag);
	if (!err)
		sf_door_ended_note(door, digest);
	return err == SF_ERR_NOT_FOUND ? SF_OK : err;
}

enum sf_err sf_door_session_count(
	const struct sf_door *door, const char *user, uint32_t *ret_count, struct sf_diag *diag)
{
	struct found found;
	enum sf_err err = find_all(door, user, &found, diag);
	if (!err)
		*ret_count = (uint32_t)found.valid;
	return err;
}

enum sf_err sf_door_session_end_all(
	const struct sf_door *door, const char *user, struct sf_diag *diag)
{
	struct found found;
	enum sf_err err = find_all(door, user, &found, diag);
	for (size_t i = 0; i < found.count && !err; i++)
		err = end(door, &found.digests[i], diag);
	return err;
}

/* Room for one more: what is over goes, and when all are in use the oldest. */
static enum sf_err make_room(const struct sf_door *door, const char *user, struct sf_diag *diag)
{
	struct found found;
	enum sf_err err = find_all(door, user, &found, diag);
	bool full = found.valid >= SF_SESSIONS_OF_USER_MAX;
	for (size_t i = 0; i < found.count && !err; i++) {
		bool oldest = full && found.live[i];
		if (!found.live[i] || oldest)
			err = end(door, &found.digests[i], diag);
		full = full && !oldest;
	}
	return err;
}

enum sf_err sf_door_session_find(const struct sf_door *door, const struct sf_asker *asker,
	struct sf_arena *arena, struct sf_door_session_owner *ret_owner, struct sf_diag *diag)
{
	struct sf_door_row_session row = {.digest = asker->session};
	struct sf_door_row_user user;
	if (sf_digest_is_none(&asker->session))
		return SF_ERR_KEY_UNKNOWN;
	enum sf_err err =
		door->store->get(door->store->self, &sf_door_table_session, 0, &row, diag);
	if (err)
		return err == SF_ERR_NOT_FOUND ? SF_ERR_KEY_UNKNOWN : err;
	/* The row borrows from the store until the next call. */
	const char *name = sf_arena_text(arena, row.user);
	if (!name)
		return SF_ERR_LIMIT;
	row.user = sf_view_text(name);
	if (!is_live(&row, door->now_ms)) {
		err = end(door, &asker->session, diag);
		return err ? err : SF_ERR_KEY_UNKNOWN;
	}
	err = sf_user_find(door, name, arena, &user, diag);
	if (!err && !asker->background && row.seen_ms < door->now_ms && !door->read_only) {
		row.seen_ms = door->now_ms;
		err = door->store->replace(door->store->self, &sf_door_table_session, &row, diag);
	}
	if (err)
		return err;
	*ret_owner = (struct sf_door_session_owner){.user = name,
		.full_name = sf_arena_text(arena, user.full_name),
		.roles = (sf_api_roles)user.roles,
		.until_ms = row.begun_ms + SF_SESSION_LIFE_MS};
	return ret_owner->full_name ? SF_OK : SF_ERR_LIMIT;
}

/* Whose daemon this is; nobody is signed in yet. */
static struct sf_reply_session describe(const struct sf_door *door, struct sf_arena *arena)
{
	struct sf_listing listing = {door->directory, arena, false};
	const struct sf_directory_entry *entry = sf_directory_party(door->directory, door->party);
	return (struct sf_reply_session){
		.program = door->program,
		.user = "",
		.full_name = "",
		.party = door->party,
		.party_name = sf_listing_name(&listing, door->party),
		.party_role = entry ? (uint32_t)entry->role : 0,
		.secret = "",
		.csrf = "",
		.idle_ms = (uint32_t)SF_SESSION_IDLE_MS,
	};
}

static void reply_with(struct sf_reply *ret_reply, const struct sf_reply_session *session)
{
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_SESSION, .text = "", .session = *session};
}

static void own(struct sf_reply_session *session, const struct sf_door_session_owner *owner)
{
	session->user = owner->user;
	session->full_name = owner->full_name;
	session->roles = owner->roles;
	session->until_ms = owner->until_ms;
}

enum sf_err sf_door_session_begin(const struct sf_door *door, const struct sf_asker *asker,
	struct sf_door_row_user *user, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	char secret[SF_DOOR_SECRET_SIZE], csrf[SF_DOOR_SECRET_SIZE];
	struct sf_reply_session session = describe(door, arena);
	sf_door_secret(door, secret);
	sf_door_csrf(door->crypto, secret, csrf);
	const struct sf_door_row_session row = {.digest = sf_door_digest(door, "session", secret),
		.user = user->name,
		.begun_ms = door->now_ms,
		.seen_ms = door->now_ms};
	const struct sf_door_session_owner owner = {sf_arena_text(arena, user->name),
		sf_arena_text(arena, user->full_name), (sf_api_roles)user->roles,
		door->now_ms + SF_SESSION_LIFE_MS};
	own(&session, &owner);
	session.secret = sf_arena_text(arena, sf_view_text(secret));
	session.csrf = sf_arena_text(arena, sf_view_text(csrf));
	sf_bytes_wipe(secret, sizeof(secret));
	if (!session.secret || !session.csrf || !session.user || !session.full_name)
		return SF_ERR_LIMIT;
	enum sf_err err = end(door, &asker->session, diag);
	if (!err)
		err = make_room(door, session.user, diag);
	if (!err)
		err = door->store->insert(door->store->self, &sf_door_table_session, &row, diag);
	user->signed_in_ms = door->now_ms;
	if (!err)
		err = door->store->replace(door->store->self, &sf_door_table_user, user, diag);
	if (!err)
		reply_with(ret_reply, &session);
	return err;
}

/* Whom a proxy names has no session here, and none that ends here. */
static bool is_asserted(const struct sf_asker *asker, struct sf_reply_session *session)
{
	if (!asker->asserted_user)
		return false;
	session->user = asker->asserted_user;
	session->full_name = asker->asserted_user;
	session->roles = asker->asserted_roles;
	return true;
}

enum sf_err sf_door_session_serve(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_reply_session session = describe(door, arena);
	struct sf_door_session_owner owner;
	struct sf_asker asker = request->asker;
	if (request->session.act == SF_SESSION_END) {
		sf_reply_done(ret_reply);
		return end(door, &asker.session, diag);
	}
	asker.background = asker.background && request->session.act != SF_SESSION_RENEW;
	bool asserted = is_asserted(&asker, &session);
	enum sf_err err =
		asserted ? SF_OK : sf_door_session_find(door, &asker, arena, &owner, diag);
	if (err && err != SF_ERR_KEY_UNKNOWN)
		return err;
	if (!err && !asserted)
		own(&session, &owner);
	if (!err)
		session.csrf = asker.csrf ? asker.csrf : "";
	reply_with(ret_reply, &session);
	return SF_OK;
}
