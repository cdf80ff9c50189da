#include "transport/monitor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zmq.h>

#include "transport/socket.h"

/*
 * The I/O thread writes events with a waiting send while it holds the socket's monitor lock. A full
 * queue would stop all traffic, and closing would then wait for ever: no bound here. What fills it
 * is bounded by the rate of handshakes, and it is emptied at every turn.
 */
static const struct sf_socket_setting reader_settings[] = {
	{ZMQ_RCVHWM, 0, "monitor queue"},
	{ZMQ_LINGER, 0, "monitor linger"},
};

static enum sf_err reader_open(
	struct sf_monitor *monitor, void *zmq, const char *name, struct sf_diag *diag)
{
	monitor->reader = zmq_socket(zmq, ZMQ_PAIR);
	if (!monitor->reader) {
		sf_diag_set(diag, "opening a monitor: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	enum sf_err err =
		sf_socket_set(monitor->reader, reader_settings, SF_COUNT(reader_settings), diag);
	if (!err && zmq_connect(monitor->reader, name) != 0) {
		sf_diag_set(diag, "connecting a monitor: %s", zmq_strerror(errno));
		err = sf_socket_err(errno);
	}
	return err;
}

enum sf_err sf_monitor_open(struct sf_monitor *ret_monitor, const struct sf_context *context,
	void *socket, int events, struct sf_diag *diag)
{
	struct sf_monitor monitor = {.watched = socket};
	/* Sockets that live at the same time have different addresses. */
	char name[64];
	snprintf(name, sizeof(name), "inproc://stafet/monitor/%p", socket);
	if (zmq_socket_monitor(socket, name, events) != 0) {
		sf_diag_set(diag, "watching a socket: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	enum sf_err err = reader_open(&monitor, sf_context_zmq(context), name, diag);
	if (err) {
		sf_monitor_close(&monitor);
		return err;
	}
	*ret_monitor = monitor;
	return SF_OK;
}

void sf_monitor_close(struct sf_monitor *monitor)
{
	if (monitor->watched)
		zmq_socket_monitor(monitor->watched, NULL, 0);
	monitor->watched = NULL;
	sf_socket_close(&monitor->reader);
}

enum sf_err sf_monitor_next(struct sf_monitor *monitor, struct sf_monitor_event *ret_event)
{
	/* Two parts: event (2 bytes) and value (4), in this machine's order; then the endpoint. */
	uint8_t head[6];
	int size = zmq_recv(monitor->reader, head, sizeof(head), ZMQ_DONTWAIT);
	if (size < 0)
		return SF_ERR_AGAIN;
	sf_socket_skip_parts(monitor->reader);
	if (size != (int)sizeof(head))
		return SF_ERR_AGAIN;
	uint16_t event;
	memcpy(&event, head, sizeof(event));
	memcpy(&ret_event->value, head + sizeof(event), sizeof(ret_event->value));
	ret_event->event = event;
	return SF_OK;
}
