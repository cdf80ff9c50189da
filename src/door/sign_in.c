/* Who signs in, by password or by a link. */
#include "audit/listing.h"
#include "door/attempt.h"
#include "door/link.h"
#include "door/password.h"
#include "door/session.h"
#include "door/user.h"

/* One sentence for a wrong name and for a wrong password. */
static enum sf_err refuse(struct sf_reply *ret_reply, struct sf_arena *arena)
{
	sf_reply_refuse(ret_reply, arena, SF_ERR_KEY_UNKNOWN,
		"name and password do not belong together here");
	return SF_OK;
}

static enum sf_err by_code(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	struct sf_door_row_user user;
	const char *name = NULL;
	enum sf_err err = sf_link_use(door, request->sign_in.code, arena, &name, diag);
	if (!err)
		err = sf_user_find(door, name, arena, &user, diag);
	if (err == SF_ERR_KEY_UNKNOWN) {
		sf_reply_refuse(ret_reply, arena, err,
			"this link was used already, or is older than ten minutes");
		return SF_OK;
	}
	return err ? err
		   : sf_door_session_begin(door, &request->asker, &user, arena, ret_reply, diag);
}

/*
 * Asked twice, without and with the hash. Whether the name waits is looked at both times, so that
 * of many passwords that are hashed at the same time no more are looked at than of those that come
 * one after the other.
 */
static enum sf_err by_password(const struct sf_door *door, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	const struct sf_request_sign_in *asked = &request->sign_in;
	struct sf_door_row_user user;
	int64_t wait_ms = 0;
	enum sf_err err = sf_attempt_wait(door, asked->user, &wait_ms, diag);
	if (!err && wait_ms > 0) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_AGAIN,
			"too many wrong passwords for this name: wait, and try again");
		return SF_OK;
	}
	if (!err)
		err = sf_user_find(door, asked->user, arena, &user, diag);
	if (err && err != SF_ERR_KEY_UNKNOWN)
		return err;
	const struct sf_door_row_user *known = err ? NULL : &user;
	if (sf_digest_is_none(&asked->hash)) {
		*ret_reply = (struct sf_reply){.kind = SF_REPLY_PASSWORD,
			.text = "",
			.password = sf_password_terms(known)};
		return SF_OK;
	}
	if (!sf_password_is(known, &asked->hash)) {
		err = sf_attempt_failed(door, asked->user, diag);
		return err ? err : refuse(ret_reply, arena);
	}
	err = sf_attempt_forget(door, asked->user, diag);
	return err ? err
		   : sf_door_session_begin(door, &request->asker, &user, arena, ret_reply, diag);
}

enum sf_err sf_door_session_serve_sign_in(const struct sf_door *door,
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply,
	struct sf_diag *diag)
{
	const struct sf_request_sign_in *asked = &request->sign_in;
	if (!request->asker.by_password || door->read_only) {
		sf_reply_refuse(ret_reply, arena, SF_ERR_AUTH,
			"nobody signs in here by password or link: the organisation's own sign-in "
			"says who comes");
		return SF_OK;
	}
	if (asked->code[0])
		return by_code(door, request, arena, ret_reply, diag);
	/* What cannot be a name or a password was not mistyped by anybody. */
	size_t size = sf_view_text(asked->password).size;
	if (!sf_user_is_name(asked->user) || size == 0 || size > SF_PASSWORD_SIZE_MAX)
		return refuse(ret_reply, arena);
	return by_password(door, request, arena, ret_reply, diag);
}
