#include "transport/router.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "base/limits.h"
#include "transport/monitor.h"
#include "transport/probe.h"
#include "transport/route.h"
#include "transport/socket.h"

/*
 * ZMQ_ZAP_ENFORCE_DOMAIN, which the stock header hides among the drafts. Without it a server whose
 * ZAP handler is gone lets unknown keys in, even with a ZAP domain set.
 */
#define OPTION_ZAP_ENFORCE_DOMAIN 93

#define MONITORED                                                                                  \
	(ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |              \
		ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_ACCEPT_FAILED)

struct sf_router {
	struct sf_zap *zap; /* borrowed */
	void *socket;       /* owned */
	int fd;             /* borrowed: the socket's */
	struct sf_monitor monitor;
	struct sf_routes routes;
	struct sf_router_counters counters;
	char endpoint[SF_ENDPOINT_SIZE];
};

static void drain_monitor(struct sf_router *router)
{
	struct sf_monitor_event event;
	while (!sf_monitor_next(&router->monitor, &event)) {
		if (event.event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
			router->counters.handshake_refused++;
		else if (event.event == ZMQ_EVENT_ACCEPT_FAILED)
			router->counters.accept_failed++;
		else
			router->counters.handshake_failed++;
	}
}

/* The party that this very message is from, or why it is not taken (NULL: taken). */
static uint64_t *judge(struct sf_router *router, zmq_msg_t *peer, zmq_msg_t *body,
	struct sf_allow_entry *ret_entry)
{
	struct sf_router_counters *counters = &router->counters;
	/* Automatic ids are a zero and four bytes; others were chosen by the peer. */
	const uint8_t *id = zmq_msg_data(peer);
	if (zmq_msg_size(peer) != SF_PEER_SIZE || id[0] != 0)
		return &counters->dropped_named;
	if (sf_user_id_parse(zmq_msg_gets(body, "User-Id"), ret_entry))
		return &counters->dropped_anonymous;
	struct sf_id party;
	if (sf_zap_find(router->zap, ret_entry->key, &party) ||
		!sf_id_equal(party, ret_entry->party))
		return &counters->dropped_revoked;
	if (zmq_msg_size(body) > SF_FRAME_SIZE_MAX)
		return &counters->dropped_oversize;
	return NULL;
}

static enum sf_err give(struct sf_router *router, zmq_msg_t *peer, zmq_msg_t *body,
	const struct sf_allow_entry *entry, sf_arrival_visitor *visitor, void *context,
	bool *ret_go_on)
{
	struct sf_arrival arrival = {
		.kind = SF_ARRIVAL_FRAME,
		.route = sf_routes_learn(&router->routes, zmq_msg_data(peer), entry),
		.party = entry->party,
	};
	sf_buf_init(&arrival.frame, SF_FRAME_SIZE_MAX);
	enum sf_err err =
		sf_buf_append(&arrival.frame, sf_view_of(zmq_msg_data(body), zmq_msg_size(body)));
	if (!err) {
		router->counters.received++;
		*ret_go_on = visitor(context, &arrival);
	}
	sf_buf_fini(&arrival.frame);
	return err;
}

/* One message: its routing id is received already. */
static enum sf_err take(struct sf_router *router, zmq_msg_t *peer, sf_arrival_visitor *visitor,
	void *context, bool *ret_go_on)
{
	zmq_msg_t body;
	zmq_msg_init(&body);
	enum sf_err err = SF_OK;
	struct sf_allow_entry entry;
	if (!zmq_msg_more(peer)) {
		router->counters.dropped_multipart++;
	} else if (zmq_msg_recv(&body, router->socket, ZMQ_DONTWAIT) < 0) {
		err = SF_ERR_IO;
	} else if (zmq_msg_more(&body)) {
		sf_socket_skip_parts(router->socket);
		router->counters.dropped_multipart++;
	} else {
		uint64_t *dropped = judge(router, peer, &body, &entry);
		if (dropped)
			++*dropped;
		else
			err = give(router, peer, &body, &entry, visitor, context, ret_go_on);
	}
	zmq_msg_close(&body);
	return err;
}

static enum sf_err router_receive(
	void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	struct sf_router *router = self;
	drain_monitor(router);
	enum sf_err err = SF_OK;
	bool go_on = true;
	/* Dropped messages count too: a flood of them must not hold the loop. */
	for (size_t i = 0; i < count_max && go_on && !err; i++) {
		zmq_msg_t peer;
		zmq_msg_init(&peer);
		if (zmq_msg_recv(&peer, router->socket, ZMQ_DONTWAIT) >= 0) {
			err = take(router, &peer, visitor, context, &go_on);
		} else {
			go_on = false;
			if (errno != EAGAIN && errno != EINTR)
				err = sf_socket_err(errno);
		}
		zmq_msg_close(&peer);
	}
	return err;
}

/* False when the key of the route's session was revoked meanwhile. */
static bool still_allowed(struct sf_router *router, const struct sf_route *route)
{
	struct sf_id party;
	return !sf_zap_find(router->zap, route->entry.key, &party) &&
	       sf_id_equal(party, route->entry.party);
}

/*
 * With ROUTER_MANDATORY the routing id is where a full queue (EAGAIN) and a missing peer
 * (EHOSTUNREACH) show; what follows it is then taken whole, so that nothing is half sent.
 */
static enum sf_err send_parts(void *socket, const struct sf_route *route, zmq_msg_t *body)
{
	int error = sf_socket_send(socket, route->peer, SF_PEER_SIZE, ZMQ_SNDMORE);
	if (error)
		return sf_socket_err(error);
	if (zmq_msg_send(body, socket, ZMQ_DONTWAIT) < 0)
		return sf_socket_err(errno);
	return SF_OK;
}

static enum sf_err router_send(void *self, uint64_t number, struct sf_view frame)
{
	struct sf_router *router = self;
	if (frame.size > SF_FRAME_SIZE_MAX)
		return SF_ERR_LIMIT;
	const struct sf_route *route = sf_routes_find(&router->routes, number);
	if (!route || !still_allowed(router, route)) {
		router->counters.send_unreachable++;
		return SF_ERR_UNREACHABLE;
	}
	zmq_msg_t body;
	if (zmq_msg_init_size(&body, frame.size) != 0)
		return SF_ERR_MEMORY;
	if (frame.size > 0)
		memcpy(zmq_msg_data(&body), frame.data, frame.size);
	enum sf_err err = send_parts(router->socket, route, &body);
	zmq_msg_close(&body);
	if (!err) {
		router->counters.sent++;
	} else if (err == SF_ERR_AGAIN) {
		router->counters.send_again++;
	} else if (err == SF_ERR_UNREACHABLE) {
		router->counters.send_unreachable++;
		sf_routes_forget(&router->routes, number);
	}
	return err;
}

static enum sf_err configure(
	void *socket, const struct sf_router_options *options, struct sf_diag *diag)
{
	static const struct sf_socket_setting settings[] = {
		{OPTION_ZAP_ENFORCE_DOMAIN, 1, "enforced zap domain"},
		{ZMQ_ROUTER_MANDATORY, 1, "mandatory routing"},
		/* With handover a peer could take another's routing id, and its answers. */
		{ZMQ_ROUTER_HANDOVER, 0, "handover"},
	};
	int queue_max = options->queue_max > 0 ? options->queue_max : SF_LINK_QUEUE_MAX;
	enum sf_err err = sf_curve_pair_check(options->public_key, options->secret_key, diag);
	if (!err)
		err = sf_socket_profile(socket, options->endpoint, options->ipv6, queue_max, diag);
	if (!err)
		err = sf_socket_set_bytes(socket, ZMQ_ZAP_DOMAIN, SF_ZAP_DOMAIN,
			strlen(SF_ZAP_DOMAIN), "zap domain", diag);
	if (!err)
		err = sf_socket_set(socket, settings, SF_COUNT(settings), diag);
	if (!err)
		err = sf_curve_serve(socket, options->secret_key, diag);
	return err;
}

static enum sf_err bind_endpoint(
	struct sf_router *router, const char *endpoint, struct sf_diag *diag)
{
	if (zmq_bind(router->socket, endpoint) != 0) {
		int error = errno;
		sf_diag_set(diag, "binding %s: %s", endpoint, zmq_strerror(error));
		return sf_socket_err(error);
	}
	size_t size = sizeof(router->endpoint);
	if (zmq_getsockopt(router->socket, ZMQ_LAST_ENDPOINT, router->endpoint, &size) != 0) {
		sf_diag_set(diag, "reading the bound endpoint: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	return SF_OK;
}

static enum sf_err open_socket(
	struct sf_router *router, const struct sf_router_options *options, struct sf_diag *diag)
{
	router->socket = zmq_socket(sf_context_zmq(options->context), ZMQ_ROUTER);
	if (!router->socket) {
		sf_diag_set(diag, "opening a router: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	enum sf_err err = configure(router->socket, options, diag);
	if (!err)
		err = sf_monitor_open(
			&router->monitor, options->context, router->socket, MONITORED, diag);
	if (!err)
		err = bind_endpoint(router, options->endpoint, diag);
	const struct sf_probe_server server = {options->zap, &router->monitor};
	if (!err)
		err = sf_probe_refused(
			options->context, router->endpoint, options->public_key, &server, diag);
	router->fd = sf_socket_fd(router->socket);
	return err;
}

enum sf_err sf_router_open(const struct sf_router_options *options, struct sf_router **ret_router,
	struct sf_diag *diag)
{
	struct sf_router *router = calloc(1, sizeof(*router));
	if (!router)
		return SF_ERR_MEMORY;
	router->zap = options->zap;
	enum sf_err err = sf_routes_init(&router->routes, SF_ROUTE_COUNT_MAX);
	if (!err)
		err = open_socket(router, options, diag);
	if (err) {
		sf_router_close(&router);
		return err;
	}
	/* What the self-test left behind is not the world's doing. */
	drain_monitor(router);
	router->counters = (struct sf_router_counters){0};
	*ret_router = router;
	return SF_OK;
}

void sf_router_close(struct sf_router **router)
{
	if (!*router)
		return;
	sf_monitor_close(&(*router)->monitor);
	sf_socket_close(&(*router)->socket);
	sf_routes_fini(&(*router)->routes);
	free(*router);
	*router = NULL;
}

struct sf_link sf_router_link(struct sf_router *router)
{
	return (struct sf_link){.self = router, .receive = router_receive, .send = router_send};
}

int sf_router_fd(const struct sf_router *router)
{
	return router->fd;
}

bool sf_router_pending(struct sf_router *router)
{
	return sf_socket_pending(router->socket);
}

const char *sf_router_endpoint(const struct sf_router *router)
{
	return router->endpoint;
}

void sf_router_counters(const struct sf_router *router, struct sf_router_counters *ret_counters)
{
	*ret_counters = router->counters;
	ret_counters->routes = router->routes.count;
	ret_counters->routes_evicted = router->routes.evicted;
}
