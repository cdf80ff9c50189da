#include "door/password.h"

#include <string.h>

const char *sf_password_fault(const char *user, const char *password)
{
	size_t size = strlen(password);
	if (size < SF_PASSWORD_SIZE_MIN)
		return "a password has 12 characters at least";
	if (size > SF_PASSWORD_SIZE_MAX)
		return "a password has 256 bytes at most";
	if (strcmp(user, password) == 0)
		return "a name is no password";
	/* One that is a few characters again and again is guessed first. */
	bool seen[256] = {false};
	size_t kinds = 0;
	for (const char *at = password; *at; at++) {
		kinds += !seen[(unsigned char)*at];
		seen[(unsigned char)*at] = true;
	}
	return kinds < 4 ? "a password has more than three different characters" : NULL;
}

enum sf_err sf_password_set(const struct sf_door *door, const char *password,
	struct sf_arena *arena, struct sf_door_row_user *row)
{
	uint8_t salt[SF_PASSWORD_SALT_SIZE];
	door->env->random(door->env->self, salt, sizeof(salt));
	row->salt = sf_arena_copy(arena, sf_view_of(salt, sizeof(salt)));
	row->passes = SF_PASSWORD_PASSES;
	row->memory_kib = SF_PASSWORD_MEMORY_KIB;
	if (!row->salt.data)
		return SF_ERR_LIMIT;
	return door->crypto->password_hash(door->crypto->self, sf_view_text(password), salt,
		SF_PASSWORD_PASSES, SF_PASSWORD_MEMORY_KIB, &row->hash);
}

/* Takes as long for one that differs in the first byte as in the last. */
static bool same(const struct sf_digest *a, const struct sf_digest *b)
{
	unsigned difference = 0;
	for (size_t i = 0; i < SF_DIGEST_SIZE; i++)
		difference |= (unsigned)(a->bytes[i] ^ b->bytes[i]);
	return difference == 0;
}

static bool has_password(const struct sf_door_row_user *row)
{
	return row && row->salt.size == SF_PASSWORD_SALT_SIZE;
}

struct sf_reply_password sf_password_terms(const struct sf_door_row_user *row)
{
	static const uint8_t nobodys_salt[SF_PASSWORD_SALT_SIZE];
	/* As slow for a name that nobody has. */
	if (!has_password(row))
		return (struct sf_reply_password){sf_view_of(nobodys_salt, sizeof(nobodys_salt)),
			SF_PASSWORD_PASSES, SF_PASSWORD_MEMORY_KIB};
	return (struct sf_reply_password){
		row->salt, (uint32_t)row->passes, (uint32_t)row->memory_kib};
}

bool sf_password_is(const struct sf_door_row_user *row, const struct sf_digest *hash)
{
	return has_password(row) && same(hash, &row->hash);
}
