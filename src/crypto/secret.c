#include "crypto/secret.h"

#include <string.h>

#include <sodium.h>

enum sf_err sf_secret_init(struct sf_secret *ret_secret, size_t size)
{
	SF_ASSERT(size > 0);
	if (sodium_init() < 0)
		return SF_ERR_UNSUPPORTED;
	uint8_t *bytes = sodium_malloc(size);
	if (!bytes)
		return SF_ERR_MEMORY;
	memset(bytes, 0, size);
	*ret_secret = (struct sf_secret){.bytes = bytes, .size = size};
	return SF_OK;
}

void sf_secret_fini(struct sf_secret *secret)
{
	sodium_free(secret->bytes);
	*secret = (struct sf_secret){0};
}

struct sf_view sf_secret_view(const struct sf_secret *secret)
{
	return sf_view_of(secret->bytes, secret->size);
}

bool sf_secret_equal(struct sf_view a, struct sf_view b)
{
	return a.size == b.size && (a.size == 0 || sodium_memcmp(a.data, b.data, a.size) == 0);
}

void sf_secret_wipe(void *place, size_t size)
{
	sodium_memzero(place, size);
}
