#include "wire/api_role.h"

#include <string.h>

static const char *const texts[] = {
#define X(symbol, number, text) [symbol] = (text),
	SF_API_ROLE_LIST(X)
#undef X
};

const char *sf_api_role_text(enum sf_api_role role)
{
	return (size_t)role < SF_COUNT(texts) ? texts[role] : "unknown";
}

enum sf_err sf_api_roles_parse(const char *text, sf_api_roles *ret_roles)
{
	sf_api_roles roles = 0;
	for (const char *word = text;; word++) {
		size_t size = strcspn(word, ",");
		size_t role = 0;
		while (role < SF_COUNT(texts) &&
			(strlen(texts[role]) != size || memcmp(texts[role], word, size) != 0))
			role++;
		if (role == SF_COUNT(texts))
			return SF_ERR_USAGE;
		roles |= SF_API_ROLE_BIT(role);
		word += size;
		if (*word == '\0')
			break;
	}
	*ret_roles = roles;
	return SF_OK;
}
