/*
 * What a request shows of who sends it (src/http/credential.h): lines of Cookie, Authorization, a
 * proxy's user and roles, Origin and Host. Whatever is taken has the form of one of ours and stands
 * in what was sent.
 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "http/credential.h"

#define LINES 6
#define SIZE_MAX_HERE ((size_t)16384)

/* One text for each line; the last ones may be empty. */
static void cut(char *text, const char *lines[LINES])
{
	for (size_t i = 0; i < LINES; i++) {
		char *end = strchr(text, '\n');
		lines[i] = text;
		if (end)
			*end = '\0';
		text = end ? end + 1 : text + strlen(text);
	}
}

static void check(const struct sf_http_request *request)
{
	struct sf_credential shown = sf_credential_read(request, "stafet-8080"), asserted;
	sf_api_roles roles;
	const char *source =
		shown.kind == SF_CREDENTIAL_TOKEN ? request->authorization : request->cookie;
	SF_ASSERT(strlen(shown.text) <= SF_CREDENTIAL_SIZE_MAX);
	SF_ASSERT(shown.kind != SF_CREDENTIAL_ASSERTED);
	if (shown.kind != SF_CREDENTIAL_NONE) {
		SF_ASSERT(strlen(shown.text) == (shown.kind == SF_CREDENTIAL_TOKEN ? 50u : 43u));
		SF_ASSERT(strstr(source, shown.text));
	}
	if (sf_credential_assertion(request, "127.0.0.1", &asserted, &roles)) {
		SF_ASSERT((roles & ~SF_API_ROLES_PEOPLE) == 0);
		SF_ASSERT(asserted.kind == SF_CREDENTIAL_NONE ||
			  strcmp(asserted.text, request->asserted_user) == 0);
	}
	/* What is not believed names nobody, whatever it says. */
	if (sf_credential_assertion(request, "10.0.0.1", &asserted, &roles))
		SF_ASSERT(!request->asserted_user[0] && !roles);
	if (!sf_credential_fault(request, "CSRF"))
		SF_ASSERT(strcmp(request->csrf, "CSRF") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *lines[LINES];
	if (size > SIZE_MAX_HERE)
		return 0;
	char *text = calloc(1, size + 1);
	SF_ASSERT(text);
	if (size > 0)
		memcpy(text, data, size);
	cut(text, lines);
	const struct sf_http_request request = {.method = SF_HTTP_POST,
		.cookie = lines[0],
		.authorization = lines[1],
		.asserted_user = lines[2],
		.asserted_roles = lines[3],
		.origin = lines[4],
		.csrf = lines[5],
		.fetch_site = "",
		.host = "127.0.0.1:8080",
		.peer = "127.0.0.1"};
	check(&request);
	free(text);
	return 0;
}
