/* What opens: 32 bytes by chance, written so that people can paste it and cookies can carry it. */
#ifndef SF_DOOR_SECRET_H
#define SF_DOOR_SECRET_H

#include "door/door.h"

/* 43 characters of base64url (RFC 4648 section 5) without padding, and the end of the text. */
#define SF_DOOR_SECRET_SIZE 44

void sf_door_secret(const struct sf_door *door, char ret_text[SF_DOOR_SECRET_SIZE]);
/* What unsafe requests of a session show beside its cookie: only a page that was told it can. */
void sf_door_csrf(
	const struct sf_crypto *crypto, const char *secret, char ret_text[SF_DOOR_SECRET_SIZE]);
/* How it is kept: name is what it opens, "token" or "session". */
struct sf_digest sf_door_digest(const struct sf_door *door, const char *name, const char *secret);

#endif
