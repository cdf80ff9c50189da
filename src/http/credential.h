/*
 * What a request shows of who sends it: a bearer token (RFC 6750 section 2.1), the cookie of a
 * session, or nothing. And whether a browser may have been made to send it by another site.
 */
#ifndef SF_HTTP_CREDENTIAL_H
#define SF_HTTP_CREDENTIAL_H

#include "http/message.h"

/* "stafet_" and 43 characters of base64url, or the 43 alone. */
#define SF_CREDENTIAL_SIZE_MAX ((size_t)50)

enum sf_credential_kind { SF_CREDENTIAL_NONE = 0, SF_CREDENTIAL_TOKEN, SF_CREDENTIAL_SESSION };

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
 * NULL, or why this is not answered to a browser: it says itself that another site made it ask
 * (Fetch Metadata, Origin). csrf: what an unsafe request must show (Stafet-CSRF); NULL: nothing.
 * What sends none of these fields is no browser, or an old one, and shows csrf all the same.
 */
const char *sf_credential_fault(const struct sf_http_request *request, const char *csrf);

#endif
