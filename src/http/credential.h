/*
 * What a request shows of who sends it: a bearer token (RFC 6750 section 2.1), the cookie of a
 * session, or nothing. And whether a browser may have been made to send it by another site.
 */
#ifndef SF_HTTP_CREDENTIAL_H
#define SF_HTTP_CREDENTIAL_H

#include "http/message.h"
#include "wire/local.h"

/* "stafet_" and 43 characters of base64url, the 43 alone, or a name. */
#define SF_CREDENTIAL_SIZE_MAX SF_ASSERTED_NAME_MAX

enum sf_credential_kind {
	SF_CREDENTIAL_NONE = 0,
	SF_CREDENTIAL_TOKEN,
	SF_CREDENTIAL_SESSION,
	SF_CREDENTIAL_ASSERTED, /* text is the name that a proxy says */
};

struct sf_credential {
	enum sf_credential_kind kind;
	char text[SF_CREDENTIAL_SIZE_MAX + 1];
};

/*
 * A token goes before a cookie: it was shown on purpose. What has not the form of one of ours is
 * none, and so is a cookie that stands twice.
 */
struct sf_credential sf_credential_read(const struct sf_http_request *request, const char *cookie);

/*
 * Whom a proxy names, and as what: words of roles between commas, semicolons and spaces, those that
 * people have; words of others are passed over. from: whose word is taken, an address or
 * "certificate"; NULL: nobody's. False: somebody is named by who is not believed, or is no name; a
 * request is not answered then, whatever else it shows.
 */
bool sf_credential_assertion(const struct sf_http_request *request, const char *from,
	struct sf_credential *ret_credential, sf_api_roles *ret_roles);

/*
 * NULL, or why this is not answered to a browser: it says itself that another site made it ask
 * (Fetch Metadata, Origin). csrf: what an unsafe request must show (Stafet-CSRF); NULL: nothing.
 * What sends none of these fields is no browser, or an old one, and shows csrf all the same.
 */
const char *sf_credential_fault(const struct sf_http_request *request, const char *csrf);

#endif
