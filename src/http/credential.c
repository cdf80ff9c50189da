#include "http/credential.h"

#include <string.h>

#define TOKEN_PREFIX "stafet_"
#define PREFIX_SIZE (sizeof(TOKEN_PREFIX) - 1)
#define SECRET_SIZE ((size_t)43)
#define ALPHABET "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

_Static_assert(SF_CREDENTIAL_SIZE_MAX >= PREFIX_SIZE + SECRET_SIZE, "a token has room");

static bool is_secret(struct sf_view text)
{
	if (text.size != SECRET_SIZE)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (!text.data[i] || !strchr(ALPHABET, text.data[i]))
			return false;
	return true;
}

static bool has_prefix(struct sf_view text, const char *prefix)
{
	size_t size = strlen(prefix);
	return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

static void take(
	struct sf_credential *credential, enum sf_credential_kind kind, struct sf_view text)
{
	credential->kind = kind;
	memcpy(credential->text, text.data, text.size);
	credential->text[text.size] = '\0';
}

static void read_token(const char *authorization, struct sf_credential *credential)
{
	struct sf_view text = sf_view_text(authorization);
	if (!has_prefix(text, "Bearer ") && !has_prefix(text, "bearer "))
		return;
	const char *token = authorization + 7 + strspn(authorization + 7, " ");
	text = sf_view_text(token);
	if (has_prefix(text, TOKEN_PREFIX) &&
		is_secret(sf_view_of(text.data + PREFIX_SIZE, text.size - PREFIX_SIZE)))
		take(credential, SF_CREDENTIAL_TOKEN, text);
}

/* RFC 6265 section 4.2.1: pairs between "; "; a browser may have cookies of others beside it. */
static void read_cookie(const char *cookies, const char *name, struct sf_credential *credential)
{
	size_t name_size = strlen(name), found = 0;
	for (const char *at = cookies; *at;) {
		at += strspn(at, "; ");
		size_t size = strcspn(at, ";");
		if (size > name_size && strncmp(at, name, name_size) == 0 && at[name_size] == '=') {
			struct sf_view value = sf_view_of(at + name_size + 1, size - name_size - 1);
			found++;
			if (is_secret(value))
				take(credential, SF_CREDENTIAL_SESSION, value);
		}
		at += size;
	}
	if (found > 1)
		*credential = (struct sf_credential){.kind = SF_CREDENTIAL_NONE};
}

struct sf_credential sf_credential_read(const struct sf_http_request *request, const char *cookie)
{
	struct sf_credential credential = {.kind = SF_CREDENTIAL_NONE};
	if (request->authorization[0])
		read_token(request->authorization, &credential);
	else
		read_cookie(request->cookie, cookie, &credential);
	return credential;
}

static bool is_believed(const struct sf_http_request *request, const char *from)
{
	if (!from)
		return false;
	return strcmp(from, "certificate") == 0 ? request->has_client_certificate
						: strcmp(from, request->peer) == 0;
}

static sf_api_roles read_roles(const char *words)
{
	sf_api_roles roles = 0;
	while (*words) {
		words += strspn(words, ",; ");
		size_t size = strcspn(words, ",; ");
		for (size_t i = 0; i < SF_API_ROLE_COUNT; i++)
			if (sf_view_equal(sf_view_of(words, size),
				    sf_view_text(sf_api_role_text((enum sf_api_role)i))))
				roles |= SF_API_ROLE_BIT(i);
		words += size;
	}
	return roles & SF_API_ROLES_PEOPLE;
}

bool sf_credential_assertion(const struct sf_http_request *request, const char *from,
	struct sf_credential *ret_credential, sf_api_roles *ret_roles)
{
	const char *name = request->asserted_user;
	*ret_credential = (struct sf_credential){.kind = SF_CREDENTIAL_NONE};
	*ret_roles = 0;
	if (!name[0] && !request->asserted_roles[0])
		return true;
	size_t size = strlen(name);
	if (!is_believed(request, from) || size == 0 || size > SF_ASSERTED_NAME_MAX ||
		strspn(name, ALPHABET ".@") != size)
		return false;
	take(ret_credential, SF_CREDENTIAL_ASSERTED, sf_view_text(name));
	*ret_roles = read_roles(request->asserted_roles);
	return true;
}

/*
 * "https://host:port" of this very host; over TLS no page that came without it. Behind a proxy on
 * this machine the browser's own way is TLS, and the proxy passes Host on as it came.
 */
static bool is_own_origin(const struct sf_http_request *request)
{
	const char *origin = request->origin;
	if (strncmp(origin, "https://", 8) == 0)
		origin += 8;
	else if (strncmp(origin, "http://", 7) == 0 && !request->encrypted)
		origin += 7;
	else
		return false;
	return strcmp(origin, request->host) == 0;
}

/* Takes as long for one that differs at the first character as at the last. */
static bool same(const char *shown, const char *csrf)
{
	size_t size = strlen(csrf);
	unsigned difference = 0;
	if (strlen(shown) != size)
		return false;
	for (size_t i = 0; i < size; i++)
		difference |= (unsigned char)(shown[i] ^ csrf[i]);
	return difference == 0;
}

const char *sf_credential_fault(const struct sf_http_request *request, const char *csrf)
{
	const char *site = request->fetch_site;
	if (site[0] && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return "another site made the browser ask for this";
	if (request->origin[0] && !is_own_origin(request))
		return "this was asked from a page of another site";
	if (csrf && request->method != SF_HTTP_GET && !same(request->csrf, csrf))
		return "Stafet-CSRF is missing, or is not of this session";
	return NULL;
}
