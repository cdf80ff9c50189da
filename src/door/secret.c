#include "door/secret.h"

#include <string.h>

#include "base/base64.h"

static void write_text(const uint8_t bytes[SF_DIGEST_SIZE], char ret_text[SF_DOOR_SECRET_SIZE])
{
	char padded[SF_DOOR_SECRET_SIZE + 4];
	sf_base64_write(sf_view_of(bytes, SF_DIGEST_SIZE), padded);
	for (size_t i = 0; i < SF_DOOR_SECRET_SIZE - 1; i++)
		ret_text[i] = padded[i] == '+' ? '-' : padded[i] == '/' ? '_' : padded[i];
	ret_text[SF_DOOR_SECRET_SIZE - 1] = '\0';
}

void sf_door_secret(const struct sf_door *door, char ret_text[SF_DOOR_SECRET_SIZE])
{
	uint8_t chance[SF_DIGEST_SIZE];
	door->env->random(door->env->self, chance, sizeof(chance));
	write_text(chance, ret_text);
	sf_bytes_wipe(chance, sizeof(chance));
}

void sf_door_csrf(
	const struct sf_crypto *crypto, const char *secret, char ret_text[SF_DOOR_SECRET_SIZE])
{
	struct sf_digest digest;
	crypto->record_digest(crypto->self, "csrf", sf_view_text(secret), &digest);
	write_text(digest.bytes, ret_text);
}

struct sf_digest sf_door_digest(const struct sf_door *door, const char *name, const char *secret)
{
	struct sf_digest digest;
	door->crypto->record_digest(door->crypto->self, name, sf_view_text(secret), &digest);
	return digest;
}
