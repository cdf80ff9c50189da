/*
 * One HTTP exchange as values: what came in, whole and checked for form, and what goes out. Nothing
 * here knows a socket; the server (server.h) makes requests and sends responses.
 */
#ifndef SF_HTTP_MESSAGE_H
#define SF_HTTP_MESSAGE_H

#include "base/bytes.h"

enum sf_http_method {
	SF_HTTP_GET = 1, /* HEAD is served as GET; the server leaves the body out */
	SF_HTTP_POST,
	SF_HTTP_PUT,
	SF_HTTP_DELETE,
};

/* Texts are UTF-8, borrowed while the exchange lives, "" when the header was not sent. */
struct sf_http_request {
	enum sf_http_method method;
	const char *path;  /* percent-decoded, begins with '/', no "//", no dot segments */
	const char *query; /* as sent, without '?' */
	struct sf_view body;
	const char *content_type; /* media type alone, lower case */
	const char *charset;      /* parameter of it, lower case */
	const char *accept;
	const char *accept_encoding;
	const char *authorization;
	const char *idempotency_key;
	const char *if_match;
	const char *if_none_match;
	const char *last_event_id;
	const char *traceparent; /* trace.h; "" too when it was none */
	const char *purpose;     /* Stafet-Purpose: what a reader reads for */
	const char *cookie;
	const char *origin;
	const char *fetch_site; /* Sec-Fetch-Site */
	const char *csrf;       /* Stafet-CSRF: of a page's session */
	const char *background; /* Stafet-Background: "1" when a page asks by itself */
	const char *host;
	/* Stafet-Contact-Name and -Telephone: whom to call about a letter. Never in a target:
	 * targets are written into logs on the way. */
	const char *contact_name;
	const char *contact_telephone;
	/* What a proxy says of who asks, in the fields of server.h; "" when it says nothing. */
	const char *asserted_user;
	const char *asserted_roles;
	bool encrypted;              /* it came over TLS */
	const char *peer;            /* numeric address of who asks */
	bool has_client_certificate; /* TLS, and it was verified */
};

struct sf_http_header {
	const char *name;
	const char *value;
};

struct sf_http_response {
	unsigned status;
	const char
		*content_type; /* static or owned by the arena of the exchange; "" without a body */
	struct sf_buf body;    /* owned */
	const char *location;  /* as content_type, "" or NULL: not sent */
	const char *etag;      /* with its quotes */
	const char *allow;     /* of 405 */
	const char *authenticate; /* of 401 */
	uint32_t retry_after_s;   /* 0: not sent */
	const char *content_encoding;
	const char *cache_control; /* NULL: no-store */
	/* More of them, borrowed. */
	const struct sf_http_header *headers;
	size_t header_count;
};

#endif
