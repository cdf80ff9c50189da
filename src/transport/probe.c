#include "transport/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zmq.h>

#include "transport/socket.h"

/* The server gives a handshake five seconds; one event follows the other much sooner. */
#define EVENT_WAIT_MS 10000
/* A dial makes about five events; more means that it is going round. */
#define EVENT_COUNT_MAX 32

/* A socket bound to every address is reached on loopback. */
static void dialled(const char *endpoint, char ret_endpoint[SF_ENDPOINT_SIZE])
{
	static const char any4[] = "tcp://0.0.0.0:";
	static const char any6[] = "tcp://[::]:";
	if (strncmp(endpoint, any4, strlen(any4)) == 0)
		snprintf(ret_endpoint, SF_ENDPOINT_SIZE, "tcp://127.0.0.1:%s",
			endpoint + strlen(any4));
	else if (strncmp(endpoint, any6, strlen(any6)) == 0)
		snprintf(ret_endpoint, SF_ENDPOINT_SIZE, "tcp://[::1]:%s", endpoint + strlen(any6));
	else
		snprintf(ret_endpoint, SF_ENDPOINT_SIZE, "%s", endpoint);
}

enum outcome { OUTCOME_NONE, OUTCOME_REFUSED, OUTCOME_LET_IN, OUTCOME_BROKEN };

static enum outcome read_dialler(struct sf_monitor *monitor)
{
	struct sf_monitor_event event;
	if (sf_monitor_next(monitor, &event))
		return OUTCOME_NONE;
	switch (event.event) {
	case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
		return OUTCOME_LET_IN;
	case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
	case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
		return OUTCOME_REFUSED;
	case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
		return OUTCOME_BROKEN;
	default:
		return OUTCOME_NONE;
	}
}

/* Strangers may be refused at the same time: it counts when our handler saw our key. */
static enum outcome read_server(const struct sf_probe_server *server)
{
	struct sf_monitor_event event;
	if (sf_monitor_next(server->monitor, &event))
		return OUTCOME_NONE;
	bool ours = event.event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH &&
		    sf_zap_watched_refused(server->zap);
	return ours ? OUTCOME_REFUSED : OUTCOME_NONE;
}

static enum outcome await_outcome(struct sf_monitor *monitor, const struct sf_probe_server *server)
{
	enum outcome outcome = OUTCOME_NONE;
	for (int i = 0; i < EVENT_COUNT_MAX && outcome == OUTCOME_NONE; i++) {
		zmq_pollitem_t items[2] = {{.socket = monitor->reader, .events = ZMQ_POLLIN}};
		if (server)
			items[1] = (zmq_pollitem_t){
				.socket = server->monitor->reader, .events = ZMQ_POLLIN};
		if (zmq_poll(items, server ? 2 : 1, EVENT_WAIT_MS) == 0)
			break;
		outcome = read_dialler(monitor);
		if (outcome == OUTCOME_NONE && server)
			outcome = read_server(server);
	}
	return outcome;
}

static enum sf_err await_refusal(
	struct sf_monitor *monitor, const struct sf_probe_server *server, struct sf_diag *diag)
{
	switch (await_outcome(monitor, server)) {
	case OUTCOME_REFUSED:
		if (!server || sf_zap_watched_refused(server->zap))
			return SF_OK;
		sf_diag_set(diag, "self-test: refused, but not by our zap handler");
		return SF_ERR_AUTH;
	case OUTCOME_LET_IN:
		sf_diag_set(diag, "self-test: a random key was let in, not starting");
		return SF_ERR_AUTH;
	case OUTCOME_BROKEN:
		sf_diag_set(diag, "self-test: the server's own handshake is broken");
		return SF_ERR_IO;
	case OUTCOME_NONE:
		break;
	}
	sf_diag_set(diag, "self-test: own endpoint does not answer a dial");
	return SF_ERR_IO;
}

static enum sf_err dial(const struct sf_context *context, void *socket, const char *endpoint,
	const uint8_t server_key[SF_CURVE_KEY_SIZE], const struct sf_probe_server *server,
	struct sf_diag *diag)
{
	char target[SF_ENDPOINT_SIZE];
	dialled(endpoint, target);
	uint8_t public_key[SF_CURVE_KEY_SIZE];
	uint8_t secret_key[SF_CURVE_KEY_SIZE];
	enum sf_err err = sf_curve_pair_make(public_key, secret_key, diag);
	if (!err)
		err = sf_socket_profile(socket, target, false, 1, diag);
	if (!err)
		err = sf_curve_dial(socket, public_key, secret_key, server_key, diag);
	explicit_bzero(secret_key, sizeof(secret_key));
	if (server)
		sf_zap_watch(server->zap, public_key);
	struct sf_monitor monitor = {0};
	if (!err)
		err = sf_monitor_open(&monitor, context, socket, ZMQ_EVENT_ALL, diag);
	if (!err && zmq_connect(socket, target) != 0) {
		sf_diag_set(diag, "self-test: dialling: %s", zmq_strerror(errno));
		err = sf_socket_err(errno);
	}
	if (!err)
		err = await_refusal(&monitor, server, diag);
	sf_monitor_close(&monitor);
	return err;
}

enum sf_err sf_probe_refused(const struct sf_context *context, const char *endpoint,
	const uint8_t server_key[SF_CURVE_KEY_SIZE], const struct sf_probe_server *server,
	struct sf_diag *diag)
{
	void *socket = zmq_socket(sf_context_zmq(context), ZMQ_DEALER);
	if (!socket) {
		sf_diag_set(diag, "self-test: opening a socket: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	enum sf_err err = dial(context, socket, endpoint, server_key, server, diag);
	sf_socket_close(&socket);
	return err;
}
