/*
 * HL7 v2 over MLLP, as a face of the daemon: messages become SF_REQUEST_SEND with the content type
 * application/hl7-v2, the acknowledgement that the engine gives goes back in the frame. Plain on
 * loopback addresses alone; elsewhere TLS 1.3 with client certificates.
 */
#ifndef SF_BRIDGE_MLLP_SERVER_H
#define SF_BRIDGE_MLLP_SERVER_H

#include "bridge/mllp_connection.h"
#include "port/face.h"

struct sf_mllp_server; /* opaque */

/*
 * What is said when the turn could not be: nothing was taken and the sender may try again. Appends
 * the acknowledgement of message; a bridge reads no HL7.
 */
typedef enum sf_err sf_mllp_refusal(
	void *self, struct sf_view message, enum sf_err err, struct sf_buf *buf);

struct sf_mllp_options {
	const char *listen;      /* "127.0.0.1:2575", "[::1]:2575"; port 0: any */
	const char *certificate; /* PEM files; "" on loopback */
	const char *key;
	const char *client_authority;
	const char *municipality; /* of the channel: party reference or "" */
	size_t connection_max;
	struct sf_mllp_terms terms;
	sf_mllp_refusal *refusal;
	void *self; /* of refusal */
};

/* 32 connections, messages of 256 KiB, 30 s. The rest is the caller's. */
struct sf_mllp_options sf_mllp_options_default(const char *listen);

/* Texts are copied. SF_ERR_CONFIG: the address or what TLS needs; SF_ERR_IO: cannot listen. */
SF_MUST_USE enum sf_err sf_mllp_server_open(const struct sf_mllp_options *options,
	struct sf_mllp_server **ret_server, struct sf_diag *diag);
void sf_mllp_server_close(struct sf_mllp_server **server);
/* The port it listens on, for who asked for any. */
unsigned sf_mllp_server_port(const struct sf_mllp_server *server);

struct sf_face sf_mllp_face(struct sf_mllp_server *server);

#endif
