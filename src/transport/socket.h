/*
 * What every socket of the profile shares: settings as a table, the bounds of WIRE section 3, the
 * pollable descriptor and the errors of the library.
 *
 * This header is for this room only.
 */
#ifndef SF_TRANSPORT_SOCKET_H
#define SF_TRANSPORT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/bytes.h"

struct sf_socket_setting {
	int option;
	int value;
	const char *text; /* for the diag */
};

#define SF_ENDPOINT_SIZE 256 /* tcp://[address%scope]:port and the terminating zero */

SF_MUST_USE enum sf_err sf_socket_set(
	void *socket, const struct sf_socket_setting *settings, size_t count, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_socket_set_bytes(void *socket, int option, const void *bytes,
	size_t size, const char *text, struct sf_diag *diag);
/*
 * Heartbeats, handshake bound, linger, largest frame and queue bounds of WIRE section 3, the same
 * on both ends. IPv6 is on for literals in brackets, or when asked for (names, wildcards).
 */
SF_MUST_USE enum sf_err sf_socket_profile(
	void *socket, const char *endpoint, bool ipv6, int queue_max, struct sf_diag *diag);
/* The descriptor to poll, or -1. It is edge-triggered: see router.h. */
int sf_socket_fd(void *socket);
/* True when a message can be received now. */
bool sf_socket_pending(void *socket);
/*
 * As zmq_send with ZMQ_DONTWAIT and flags; 0 or an errno. The library learns only now and then that
 * the peer has taken frames, so "full" (EAGAIN) is believed when it is said again after it has
 * looked.
 */
int sf_socket_send(void *socket, const void *bytes, size_t size, int flags);
/* Closes and sets *socket to NULL; NULL is fine. */
void sf_socket_close(void **socket);
/* Of errno after a library call. EAGAIN and EINTR are SF_ERR_AGAIN. */
enum sf_err sf_socket_err(int error);
/*
 * Receives the rest of a message whose last part said more; gives the parts up. Never waits: the
 * parts of a message arrive together.
 */
void sf_socket_skip_parts(void *socket);

#endif
