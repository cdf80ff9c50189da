#include "transport/dealer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "base/limits.h"
#include "transport/curve.h"
#include "transport/monitor.h"
#include "transport/router.h"
#include "transport/socket.h"
#include "transport/supervise.h"

#define MONITORED                                                                                  \
	(ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |                                  \
		ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |       \
		ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

struct sf_dealer {
	const struct sf_context *context; /* borrowed */
	const struct sf_env *env;         /* borrowed */
	void *socket;                     /* owned; NULL while waiting */
	struct sf_monitor monitor;
	int fds[SF_DEALER_FD_COUNT_MAX]; /* borrowed: of socket and monitor */
	struct sf_supervisor supervisor;
	int64_t now_ms;        /* of the last tick */
	uint64_t session;      /* counts sockets made and closed */
	uint64_t told_session; /* the visitor knows this one to be up; 0: none */
	enum sf_dealer_fault fault;
	struct sf_dealer_counters counters;
	int queue_max;
	bool ipv6;
	uint8_t public_key[SF_CURVE_KEY_SIZE];
	uint8_t server_key[SF_CURVE_KEY_SIZE];
	uint8_t secret_key[SF_CURVE_KEY_SIZE]; /* wiped at close */
	char endpoint[SF_ENDPOINT_SIZE];
};

static void close_socket(struct sf_dealer *dealer)
{
	sf_monitor_close(&dealer->monitor);
	sf_socket_close(&dealer->socket);
	dealer->session++;
}

static enum sf_err configure(struct sf_dealer *dealer, struct sf_diag *diag)
{
	static const struct sf_socket_setting settings[] = {
		/* Nothing is queued for a connection that is not there. */
		{ZMQ_IMMEDIATE, 1, "immediate"},
		{ZMQ_RECONNECT_IVL, 200, "least reconnect interval"},
		{ZMQ_RECONNECT_IVL_MAX, 30000, "largest reconnect interval"},
		{ZMQ_CONNECT_TIMEOUT, 10000, "connect timeout"},
	};
	enum sf_err err = sf_socket_profile(
		dealer->socket, dealer->endpoint, dealer->ipv6, dealer->queue_max, diag);
	if (!err)
		err = sf_socket_set(dealer->socket, settings, SF_COUNT(settings), diag);
	if (!err)
		err = sf_curve_dial(dealer->socket, dealer->public_key, dealer->secret_key,
			dealer->server_key, diag);
	return err;
}

static enum sf_err make_socket(struct sf_dealer *dealer, struct sf_diag *diag)
{
	dealer->session++;
	dealer->socket = zmq_socket(sf_context_zmq(dealer->context), ZMQ_DEALER);
	if (!dealer->socket) {
		sf_diag_set(diag, "opening a dealer: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	enum sf_err err = configure(dealer, diag);
	if (!err)
		err = sf_monitor_open(
			&dealer->monitor, dealer->context, dealer->socket, MONITORED, diag);
	if (!err && zmq_connect(dealer->socket, dealer->endpoint) != 0) {
		int error = errno;
		sf_diag_set(diag, "connecting to %s: %s", dealer->endpoint, zmq_strerror(error));
		err = sf_socket_err(error);
	}
	if (err) {
		close_socket(dealer);
		return err;
	}
	dealer->fds[0] = sf_socket_fd(dealer->socket);
	dealer->fds[1] = sf_socket_fd(dealer->monitor.reader);
	dealer->counters.sockets++;
	return SF_OK;
}

static void end_session(struct sf_dealer *dealer, enum sf_dealer_fault fault)
{
	uint8_t chance;
	dealer->env->random(dealer->env->self, &chance, sizeof(chance));
	sf_supervisor_ended(&dealer->supervisor, dealer->now_ms, chance);
	dealer->fault = fault;
	if (dealer->socket)
		close_socket(dealer);
}

static enum sf_dealer_fault fault_of(const struct sf_dealer *dealer, int event)
{
	switch (event) {
	case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
		return SF_DEALER_FAULT_PROTOCOL;
	case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
	case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
		return SF_DEALER_FAULT_REFUSED;
	default:
		return dealer->supervisor.state == SF_SESSION_UP ? SF_DEALER_FAULT_CLOSED
								 : SF_DEALER_FAULT_REFUSED;
	}
}

static void drain_monitor(struct sf_dealer *dealer)
{
	struct sf_monitor_event event;
	while (dealer->socket && !sf_monitor_next(&dealer->monitor, &event)) {
		if (event.event != ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
			end_session(dealer, fault_of(dealer, event.event));
		} else if (dealer->supervisor.state == SF_SESSION_CONNECTING) {
			sf_supervisor_up(&dealer->supervisor, dealer->now_ms);
			dealer->counters.ups++;
		}
	}
}

static void act_when_due(struct sf_dealer *dealer)
{
	if (!sf_supervisor_due(&dealer->supervisor, dealer->now_ms))
		return;
	switch (dealer->supervisor.state) {
	case SF_SESSION_CONNECTING:
		end_session(dealer, SF_DEALER_FAULT_CONNECT);
		break;
	case SF_SESSION_UP:
		end_session(dealer, SF_DEALER_FAULT_SILENCE);
		break;
	case SF_SESSION_WAITING:
		if (make_socket(dealer, NULL))
			end_session(dealer, SF_DEALER_FAULT_SOCKET);
		else
			sf_supervisor_made(&dealer->supervisor, dealer->now_ms);
		break;
	}
}

void sf_dealer_tick(struct sf_dealer *dealer, int64_t now_ms)
{
	dealer->now_ms = now_ms;
	drain_monitor(dealer);
	act_when_due(dealer);
}

/* Tells the visitor what it does not know yet about the session. False: it wants no more. */
static bool tell(struct sf_dealer *dealer, sf_arrival_visitor *visitor, void *context)
{
	uint64_t up_session = sf_dealer_up(dealer) ? dealer->session : 0;
	if (dealer->told_session != 0 && dealer->told_session != up_session) {
		dealer->told_session = 0;
		struct sf_arrival down = {.kind = SF_ARRIVAL_DOWN};
		if (!visitor(context, &down))
			return false;
	}
	if (dealer->told_session != up_session) {
		dealer->told_session = up_session;
		struct sf_arrival up = {.kind = SF_ARRIVAL_UP};
		return visitor(context, &up);
	}
	return true;
}

static enum sf_err give(struct sf_dealer *dealer, zmq_msg_t *body, sf_arrival_visitor *visitor,
	void *context, bool *ret_go_on)
{
	struct sf_arrival arrival = {.kind = SF_ARRIVAL_FRAME};
	sf_buf_init(&arrival.frame, SF_FRAME_SIZE_MAX);
	enum sf_err err =
		sf_buf_append(&arrival.frame, sf_view_of(zmq_msg_data(body), zmq_msg_size(body)));
	if (!err) {
		dealer->counters.received++;
		*ret_go_on = visitor(context, &arrival);
	}
	sf_buf_fini(&arrival.frame);
	return err;
}

static enum sf_err take(struct sf_dealer *dealer, zmq_msg_t *body, sf_arrival_visitor *visitor,
	void *context, bool *ret_go_on)
{
	if (zmq_msg_more(body)) {
		sf_socket_skip_parts(dealer->socket);
		dealer->counters.dropped_multipart++;
		return SF_OK;
	}
	if (zmq_msg_size(body) > SF_FRAME_SIZE_MAX) {
		dealer->counters.dropped_oversize++;
		return SF_OK;
	}
	/* The library reports the handshake before it gives frames, but on another queue. */
	if (!sf_dealer_up(dealer))
		drain_monitor(dealer);
	*ret_go_on = tell(dealer, visitor, context);
	if (!sf_dealer_up(dealer))
		return SF_OK;
	sf_supervisor_heard(&dealer->supervisor, dealer->now_ms);
	bool go_on = *ret_go_on;
	enum sf_err err = give(dealer, body, visitor, context, ret_go_on);
	*ret_go_on = *ret_go_on && go_on;
	return err;
}

static enum sf_err dealer_receive(
	void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	struct sf_dealer *dealer = self;
	drain_monitor(dealer);
	enum sf_err err = SF_OK;
	bool go_on = tell(dealer, visitor, context);
	for (size_t i = 0; i < count_max && go_on && !err && dealer->socket; i++) {
		zmq_msg_t body;
		zmq_msg_init(&body);
		if (zmq_msg_recv(&body, dealer->socket, ZMQ_DONTWAIT) >= 0) {
			err = take(dealer, &body, visitor, context, &go_on);
		} else {
			go_on = false;
			if (errno != EAGAIN && errno != EINTR)
				err = sf_socket_err(errno);
		}
		zmq_msg_close(&body);
	}
	return err;
}

static enum sf_err dealer_send(void *self, uint64_t route, struct sf_view frame)
{
	struct sf_dealer *dealer = self;
	(void)route;
	if (frame.size > SF_FRAME_SIZE_MAX)
		return SF_ERR_LIMIT;
	if (!sf_dealer_up(dealer)) {
		dealer->counters.send_unreachable++;
		return SF_ERR_UNREACHABLE;
	}
	enum sf_err err = sf_socket_err(sf_socket_send(dealer->socket, frame.data, frame.size, 0));
	dealer->counters.sent += err == SF_OK;
	dealer->counters.send_again += err == SF_ERR_AGAIN;
	return err;
}

static enum sf_err prepare(struct sf_dealer *dealer, const struct sf_dealer_options *options,
	int64_t now_ms, struct sf_diag *diag)
{
	static const int64_t second_ms = 1000;
	const struct sf_supervisor_limits limits = {
		.backoff_ms_min = 200,
		.backoff_ms_max = 30 * second_ms,
		.connect_ms_max = 90 * second_ms,
		.silence_ms_max = options->silence_ms_max,
		.stable_ms = 10 * second_ms,
	};
	if (strlen(options->endpoint) >= sizeof(dealer->endpoint)) {
		sf_diag_set(diag, "the coordinator's endpoint is too long");
		return SF_ERR_CONFIG;
	}
	memcpy(dealer->endpoint, options->endpoint, strlen(options->endpoint) + 1);
	memcpy(dealer->public_key, options->public_key, SF_CURVE_KEY_SIZE);
	memcpy(dealer->secret_key, options->secret_key, SF_CURVE_KEY_SIZE);
	memcpy(dealer->server_key, options->server_key, SF_CURVE_KEY_SIZE);
	dealer->context = options->context;
	dealer->env = options->env;
	dealer->ipv6 = options->ipv6;
	dealer->queue_max = options->queue_max > 0 ? options->queue_max : SF_LINK_QUEUE_MAX;
	dealer->now_ms = now_ms;
	sf_supervisor_init(&dealer->supervisor, &limits, now_ms);
	return sf_curve_pair_check(options->public_key, options->secret_key, diag);
}

enum sf_err sf_dealer_open(const struct sf_dealer_options *options, int64_t now_ms,
	struct sf_dealer **ret_dealer, struct sf_diag *diag)
{
	struct sf_dealer *dealer = calloc(1, sizeof(*dealer));
	if (!dealer)
		return SF_ERR_MEMORY;
	enum sf_err err = prepare(dealer, options, now_ms, diag);
	if (!err)
		err = make_socket(dealer, diag);
	if (err) {
		sf_dealer_close(&dealer);
		return err;
	}
	sf_supervisor_made(&dealer->supervisor, now_ms);
	*ret_dealer = dealer;
	return SF_OK;
}

void sf_dealer_close(struct sf_dealer **dealer)
{
	if (!*dealer)
		return;
	if ((*dealer)->socket)
		close_socket(*dealer);
	explicit_bzero(*dealer, sizeof(**dealer));
	free(*dealer);
	*dealer = NULL;
}

struct sf_link sf_dealer_link(struct sf_dealer *dealer)
{
	return (struct sf_link){.self = dealer, .receive = dealer_receive, .send = dealer_send};
}

int64_t sf_dealer_wake_ms(const struct sf_dealer *dealer)
{
	return dealer->supervisor.due_ms;
}

size_t sf_dealer_fds(const struct sf_dealer *dealer, int ret_fds[SF_DEALER_FD_COUNT_MAX])
{
	if (!dealer->socket)
		return 0;
	memcpy(ret_fds, dealer->fds, sizeof(dealer->fds));
	return SF_DEALER_FD_COUNT_MAX;
}

uint64_t sf_dealer_session(const struct sf_dealer *dealer)
{
	return dealer->session;
}

bool sf_dealer_pending(struct sf_dealer *dealer)
{
	uint64_t up_session = sf_dealer_up(dealer) ? dealer->session : 0;
	if (dealer->told_session != up_session)
		return true;
	return dealer->socket &&
	       (sf_socket_pending(dealer->socket) || sf_socket_pending(dealer->monitor.reader));
}

bool sf_dealer_up(const struct sf_dealer *dealer)
{
	return dealer->supervisor.state == SF_SESSION_UP;
}

enum sf_dealer_fault sf_dealer_fault(const struct sf_dealer *dealer)
{
	return dealer->fault;
}

const char *sf_dealer_fault_code(enum sf_dealer_fault fault)
{
	switch (fault) {
	case SF_DEALER_FAULT_NONE:
		return "none";
	case SF_DEALER_FAULT_CLOSED:
		return "closed";
	case SF_DEALER_FAULT_REFUSED:
		return "refused";
	case SF_DEALER_FAULT_PROTOCOL:
		return "protocol";
	case SF_DEALER_FAULT_CONNECT:
		return "connect";
	case SF_DEALER_FAULT_SILENCE:
		return "silence";
	case SF_DEALER_FAULT_SOCKET:
		return "socket";
	}
	return "unknown";
}

void sf_dealer_counters(const struct sf_dealer *dealer, struct sf_dealer_counters *ret_counters)
{
	*ret_counters = dealer->counters;
}
