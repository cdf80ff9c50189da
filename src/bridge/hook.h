/*
 * Webhooks as a face (port/face.h): asks the engine which hooks there are and what each has to hand
 * out, posts it as JSON, and says what was taken. One post of a hook is on its way at a time, so
 * its order is kept; the engine moves the hook's cursor in the turn in which it hears of a 2xx, and
 * the next row is the answer of that turn. After a crash between the two the same row is posted
 * again under the same webhook-id: at least once.
 *
 * A post is the row of the feed as `stafet watch --json` prints it, with the headers of Standard
 * Webhooks: webhook-id (evt_<party>_<cursor>), webhook-timestamp (seconds), webhook-signature
 * ("v1," and base64 of HMAC-SHA256 over id.timestamp.body).
 */
#ifndef SF_BRIDGE_HOOK_H
#define SF_BRIDGE_HOOK_H

#include "base/id.h"
#include "port/env.h"
#include "port/face.h"

/* HMAC-SHA256 of the parts in order. */
typedef void sf_hook_sign(struct sf_view key, const struct sf_view *parts, size_t count,
	struct sf_digest *ret_signature);

struct sf_hooks; /* opaque */

struct sf_hooks_options {
	const struct sf_env *env; /* borrowed until close */
	sf_hook_sign *sign;
	const char *authority; /* PEM file; NULL: who the system trusts */
	int64_t timeout_ms;    /* of a post */
};

/* SF_ERR_MEMORY, SF_ERR_IO. */
SF_MUST_USE enum sf_err sf_hooks_open(
	const struct sf_hooks_options *options, struct sf_hooks **ret_hooks);
void sf_hooks_close(struct sf_hooks **hooks);
/* Borrows hooks. */
struct sf_face sf_hooks_face(struct sf_hooks *hooks);

#endif
