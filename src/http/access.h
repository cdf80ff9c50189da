/*
 * Who may ask over HTTP: a bearer token or a session's cookie is shown with every request
 * (credential.h), hashed here and judged by the engine (door/door.h), which alone knows whose it
 * is. Deny by default: only routes for anybody are asked without one. With a cookie the request
 * must come from a page of this very host, and an unsafe one must show the session's CSRF text.
 *
 * How often: a bucket of requests for each token, and one for each address whose tokens are not
 * known (of IPv6 its network of 64 bits), so that guessing is slow. A token that was not refused
 * does not wait for its address.
 * Buckets are in memory, so many and no more; when they run out the one that was used least goes.
 */
#ifndef SF_HTTP_ACCESS_H
#define SF_HTTP_ACCESS_H

#include "http/face.h"
#include "port/crypto.h"

struct sf_http_gate; /* opaque */

struct sf_http_gate_options {
	struct sf_crypto crypto;
	uint32_t token_per_s; /* requests of one token, lasting */
	uint32_t token_burst; /* and at once */
	uint32_t guess_per_s; /* tokens that are not known, of one address */
	uint32_t guess_burst;
	uint32_t visit_per_s; /* of pages, by who is not signed in, of one address */
	uint32_t visit_burst;
	uint32_t sign_in_per_s; /* with passwords, of one address */
	uint32_t sign_in_burst;
	const char *cookie; /* name of the cookie of sessions; copied */
	bool by_password;   /* people sign in here, by password or link */
	/* Whose word on who asks is taken (credential.h), copied; NULL: nobody's. */
	const char *trusted_from;
	struct sf_digest csrf_key; /* by chance, where there is trusted_from */
};

/* 500 and 1,000 of a token or session; 1 and 20 guesses; 20 and 200 visits; 4 and 8 passwords;
 * "stafet"; true. */
struct sf_http_gate_options sf_http_gate_options_default(const struct sf_crypto *crypto);

/* SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_http_gate_open(
	const struct sf_http_gate_options *options, struct sf_http_gate **ret_gate);
void sf_http_gate_close(struct sf_http_gate **gate);

/*
 * For the face; borrows gate. `heed` writes what the caller wants to be sure of: Idempotency-Key
 * and If-Match (wire/local_request.h), and what for it is asked; it refuses what Stafet-Purpose
 * names when it is no purpose.
 */
struct sf_http_access sf_http_gate_access(struct sf_http_gate *gate);

#endif
