/*
 * A connection of the world outside: plain, or TLS 1.3 on the terms of tls/terms.h, whose client
 * has shown a certificate of the authority that is configured. Never blocks. One thread.
 */
#ifndef SF_BRIDGE_STREAM_H
#define SF_BRIDGE_STREAM_H

#include "base/bytes.h"

struct sf_tls;             /* opaque: what is shown and whom one believes */
struct gnutls_session_int; /* GnuTLS's own */

/* PEM files, read now. SF_ERR_CONFIG says which is not readable or does not fit. */
SF_MUST_USE enum sf_err sf_tls_open(const char *certificate, const char *key,
	const char *client_authority, struct sf_tls **ret_tls, struct sf_diag *diag);
void sf_tls_close(struct sf_tls **tls);

struct sf_stream {
	int descriptor;                 /* owned; -1: closed */
	struct gnutls_session_int *tls; /* owned; NULL: plain */
	bool greeted;                   /* the handshake is done; true for plain */
	bool wants_write;               /* what the handshake waits for */
};

/* Takes the descriptor in any case. tls NULL: plain; else it outlives the stream. */
SF_MUST_USE enum sf_err sf_stream_open(
	const struct sf_tls *tls, int descriptor, struct sf_stream *ret_stream);
/*
 * The same from the other side: who is called must show a certificate of the authority, for name
 * (outlives the stream).
 */
SF_MUST_USE enum sf_err sf_stream_dial(
	const struct sf_tls *tls, int descriptor, const char *name, struct sf_stream *ret_stream);
void sf_stream_close(struct sf_stream *stream);

/*
 * SF_OK with 1 to room bytes; SF_ERR_AGAIN: nothing now; SF_ERR_NOT_FOUND: the peer has ended;
 * SF_ERR_AUTH: the handshake failed; SF_ERR_IO: broken.
 */
SF_MUST_USE enum sf_err sf_stream_read(
	struct sf_stream *stream, uint8_t *place, size_t room, size_t *ret_size);
SF_MUST_USE enum sf_err sf_stream_write(
	struct sf_stream *stream, struct sf_view bytes, size_t *ret_size);
/* Bytes were decrypted and not read: no descriptor will tell. */
bool sf_stream_has_more(const struct sf_stream *stream);

#endif
