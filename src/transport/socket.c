#include "transport/socket.h"

#include <errno.h>
#include <string.h>

#include <zmq.h>

#include "base/limits.h"

/*
 * Largest frame on the wire: the frame itself and room for CURVE's box and what a later version
 * adds. The library default has no bound at all, and peers that are not yet authenticated could
 * take gigabytes with it (measured: 20 peers, 1.26 GB).
 */
#define MESSAGE_SIZE_MAX ((int64_t)SF_FRAME_SIZE_MAX + 65536)

enum sf_err sf_socket_set(
	void *socket, const struct sf_socket_setting *settings, size_t count, struct sf_diag *diag)
{
	for (size_t i = 0; i < count; i++) {
		enum sf_err err = sf_socket_set_bytes(socket, settings[i].option,
			&settings[i].value, sizeof(settings[i].value), settings[i].text, diag);
		if (err)
			return err;
	}
	return SF_OK;
}

enum sf_err sf_socket_set_bytes(void *socket, int option, const void *bytes, size_t size,
	const char *text, struct sf_diag *diag)
{
	if (zmq_setsockopt(socket, option, bytes, size) == 0)
		return SF_OK;
	sf_diag_set(diag, "setting %s of a socket: %s", text, zmq_strerror(errno));
	return sf_socket_err(errno);
}

enum sf_err sf_socket_profile(
	void *socket, const char *endpoint, bool ipv6, int queue_max, struct sf_diag *diag)
{
	const struct sf_socket_setting settings[] = {
		{ZMQ_LINGER, 0, "linger"},
		{ZMQ_HANDSHAKE_IVL, 5000, "handshake interval"},
		{ZMQ_HEARTBEAT_IVL, 5000, "heartbeat interval"},
		{ZMQ_HEARTBEAT_TIMEOUT, 15000, "heartbeat timeout"},
		{ZMQ_HEARTBEAT_TTL, 30000, "heartbeat time to live"},
		{ZMQ_SNDHWM, queue_max, "send queue"},
		{ZMQ_RCVHWM, queue_max, "receive queue"},
		{ZMQ_IPV6, ipv6 || strchr(endpoint, '['), "ipv6"},
	};
	enum sf_err err = sf_socket_set(socket, settings, SF_COUNT(settings), diag);
	if (err)
		return err;
	int64_t size_max = MESSAGE_SIZE_MAX;
	return sf_socket_set_bytes(
		socket, ZMQ_MAXMSGSIZE, &size_max, sizeof(size_max), "largest message", diag);
}

int sf_socket_fd(void *socket)
{
	int fd = -1;
	size_t size = sizeof(fd);
	if (zmq_getsockopt(socket, ZMQ_FD, &fd, &size) != 0)
		return -1;
	return fd;
}

bool sf_socket_pending(void *socket)
{
	int events = 0;
	size_t size = sizeof(events);
	if (zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) != 0)
		return false;
	return (events & ZMQ_POLLIN) != 0;
}

int sf_socket_send(void *socket, const void *bytes, size_t size, int flags)
{
	if (zmq_send(socket, bytes, size, flags | ZMQ_DONTWAIT) >= 0)
		return 0;
	if (errno != EAGAIN)
		return errno;
	/* Reading the events handles what the peer has reported meanwhile. */
	sf_ignore(sf_socket_pending(socket));
	return zmq_send(socket, bytes, size, flags | ZMQ_DONTWAIT) >= 0 ? 0 : errno;
}

void sf_socket_close(void **socket)
{
	if (*socket)
		zmq_close(*socket);
	*socket = NULL;
}

enum sf_err sf_socket_err(int error)
{
	switch (error) {
	case 0:
		return SF_OK;
	case EAGAIN:
	case EINTR:
		return SF_ERR_AGAIN;
	case EHOSTUNREACH:
		return SF_ERR_UNREACHABLE;
	case ENOMEM:
		return SF_ERR_MEMORY;
	case EMFILE:
	case ENFILE:
		return SF_ERR_LIMIT;
	case EADDRINUSE:
		return SF_ERR_EXISTS;
	case EINVAL:
	case EPROTONOSUPPORT:
	case ENOCOMPATPROTO:
	case ENODEV:
	case EADDRNOTAVAIL:
		return SF_ERR_CONFIG;
	case ETERM:
	case ENOTSOCK:
		return SF_ERR_STATE;
	default:
		return SF_ERR_IO;
	}
}

void sf_socket_skip_parts(void *socket)
{
	bool more = true;
	while (more) {
		zmq_msg_t part;
		zmq_msg_init(&part);
		more = zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&part);
		zmq_msg_close(&part);
	}
}
