/*
 * HL7 application acknowledgements (MSH-16) as a face (port/face.h): asks the engine what there is
 * to hand out by the channel "mllp-out", connects to where the senders listen, writes it as an
 * MLLP message of its own and waits for its accept acknowledgement. Only that moves the channel's
 * cursor, in the turn that hears of it; until then the same bytes come again. One message is on its
 * way at a time. Plain to loopback addresses alone; elsewhere TLS 1.3 with certificates.
 */
#ifndef SF_BRIDGE_MLLP_REPLY_H
#define SF_BRIDGE_MLLP_REPLY_H

#include "base/bytes.h"
#include "port/env.h"
#include "port/face.h"

struct sf_mllp_reply; /* opaque */

/* Whether answer takes message; a bridge reads no HL7. */
typedef bool sf_mllp_takes(void *self, struct sf_view message, struct sf_view answer);

struct sf_mllp_reply_options {
	const struct sf_env *env; /* borrowed until close */
	const char *to;           /* "127.0.0.1:2576" */
	const char *name;         /* in the certificate there; "": the address itself */
	const char *
		certificate; /* PEM files: what is shown, its key, and who signs theirs; "" plain */
	const char *key;
	const char *authority;
	int64_t timeout_ms; /* of one attempt */
	sf_mllp_takes *takes;
	void *self; /* of takes */
};

/* Texts are copied. SF_ERR_CONFIG: the address or what TLS needs; SF_ERR_MEMORY. */
SF_MUST_USE enum sf_err sf_mllp_reply_open(const struct sf_mllp_reply_options *options,
	struct sf_mllp_reply **ret_reply, struct sf_diag *diag);
void sf_mllp_reply_close(struct sf_mllp_reply **reply);
/* Borrows reply. */
struct sf_face sf_mllp_reply_face(struct sf_mllp_reply *reply);

#endif
