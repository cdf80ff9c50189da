#include "bridge/stream.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tls/terms.h"

struct sf_tls {
	gnutls_certificate_credentials_t credentials; /* owned */
	gnutls_priority_t priority;                   /* owned */
};

static enum sf_err wrong(struct sf_diag *diag, const char *what, const char *path, int code)
{
	sf_diag_set(diag, "%s %s: %s", what, path, gnutls_strerror(code));
	return SF_ERR_CONFIG;
}

static enum sf_err load(struct sf_tls *tls, const char *certificate, const char *key,
	const char *client_authority, struct sf_diag *diag)
{
	int code = gnutls_certificate_set_x509_key_file(
		tls->credentials, certificate, key, GNUTLS_X509_FMT_PEM);
	if (code < 0)
		return wrong(diag, "certificate and key", certificate, code);
	/* The number of authorities that were read. */
	code = gnutls_certificate_set_x509_trust_file(
		tls->credentials, client_authority, GNUTLS_X509_FMT_PEM);
	if (code <= 0)
		return wrong(diag, "client authority", client_authority, code);
	return SF_OK;
}

enum sf_err sf_tls_open(const char *certificate, const char *key, const char *client_authority,
	struct sf_tls **ret_tls, struct sf_diag *diag)
{
	struct sf_tls *tls = calloc(1, sizeof(*tls));
	if (!tls)
		return SF_ERR_MEMORY;
	enum sf_err err = SF_OK;
	if (gnutls_certificate_allocate_credentials(&tls->credentials) < 0 ||
		gnutls_priority_init(&tls->priority, SF_TLS_PRIORITIES, NULL) < 0)
		err = SF_ERR_MEMORY;
	if (!err)
		err = load(tls, certificate, key, client_authority, diag);
	if (err)
		sf_tls_close(&tls);
	else
		*ret_tls = tls;
	return err;
}

void sf_tls_close(struct sf_tls **tls)
{
	if (*tls && (*tls)->credentials)
		gnutls_certificate_free_credentials((*tls)->credentials);
	if (*tls && (*tls)->priority)
		gnutls_priority_deinit((*tls)->priority);
	free(*tls);
	*tls = NULL;
}

/* name: of who is called; NULL: somebody calls. */
static bool open_session(const struct sf_tls *tls, const char *name, struct sf_stream *stream)
{
	gnutls_session_t session = NULL;
	unsigned side = name ? GNUTLS_CLIENT : GNUTLS_SERVER;
	if (gnutls_init(&session, side | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return false;
	stream->tls = session;
	if (gnutls_priority_set(session, tls->priority) < 0 ||
		gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, tls->credentials) < 0)
		return false;
	if (name)
		gnutls_session_set_verify_cert(session, name, 0);
	else
		sf_tls_require_client(session);
	gnutls_transport_set_int(session, stream->descriptor);
	return true;
}

static enum sf_err open_side(
	const struct sf_tls *tls, int descriptor, const char *name, struct sf_stream *ret_stream)
{
	*ret_stream = (struct sf_stream){.descriptor = descriptor, .greeted = !tls};
	if (!tls || open_session(tls, name, ret_stream))
		return SF_OK;
	sf_stream_close(ret_stream);
	return SF_ERR_MEMORY;
}

enum sf_err sf_stream_open(const struct sf_tls *tls, int descriptor, struct sf_stream *ret_stream)
{
	return open_side(tls, descriptor, NULL, ret_stream);
}

enum sf_err sf_stream_dial(
	const struct sf_tls *tls, int descriptor, const char *name, struct sf_stream *ret_stream)
{
	return open_side(tls, descriptor, name, ret_stream);
}

void sf_stream_close(struct sf_stream *stream)
{
	if (stream->tls)
		gnutls_deinit(stream->tls);
	if (stream->descriptor >= 0)
		close(stream->descriptor);
	*stream = (struct sf_stream){.descriptor = -1};
}

/* SF_ERR_AGAIN until it is done. */
static enum sf_err greet(struct sf_stream *stream)
{
	if (stream->greeted)
		return SF_OK;
	int code = gnutls_handshake(stream->tls);
	stream->greeted = code == GNUTLS_E_SUCCESS;
	stream->wants_write = !stream->greeted && gnutls_record_get_direction(stream->tls) == 1;
	if (stream->greeted)
		return SF_OK;
	return gnutls_error_is_fatal(code) ? SF_ERR_AUTH : SF_ERR_AGAIN;
}

static enum sf_err tls_result(ssize_t size, size_t *ret_size)
{
	if (size == GNUTLS_E_AGAIN || size == GNUTLS_E_INTERRUPTED)
		return SF_ERR_AGAIN;
	if (size == 0 || size == GNUTLS_E_PREMATURE_TERMINATION)
		return SF_ERR_NOT_FOUND;
	if (size < 0)
		return gnutls_error_is_fatal((int)size) ? SF_ERR_IO : SF_ERR_AGAIN;
	*ret_size = (size_t)size;
	return SF_OK;
}

static enum sf_err plain_result(ssize_t size, size_t *ret_size)
{
	if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return SF_ERR_AGAIN;
	if (size == 0)
		return SF_ERR_NOT_FOUND;
	if (size < 0)
		return SF_ERR_IO;
	*ret_size = (size_t)size;
	return SF_OK;
}

enum sf_err sf_stream_read(struct sf_stream *stream, uint8_t *place, size_t room, size_t *ret_size)
{
	enum sf_err err = greet(stream);
	if (err)
		return err;
	if (stream->tls)
		return tls_result(gnutls_record_recv(stream->tls, place, room), ret_size);
	return plain_result(recv(stream->descriptor, place, room, 0), ret_size);
}

enum sf_err sf_stream_write(struct sf_stream *stream, struct sf_view bytes, size_t *ret_size)
{
	enum sf_err err = greet(stream);
	if (err)
		return err;
	if (stream->tls)
		return tls_result(
			gnutls_record_send(stream->tls, bytes.data, bytes.size), ret_size);
	return plain_result(
		send(stream->descriptor, bytes.data, bytes.size, MSG_NOSIGNAL), ret_size);
}

bool sf_stream_has_more(const struct sf_stream *stream)
{
	return stream->tls && stream->greeted && gnutls_record_check_pending(stream->tls) > 0;
}
