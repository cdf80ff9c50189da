#include "bench/stage.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "bench/region.h"
#include "crypto/secret.h"
#include "transport/dealer.h"
#include "transport/router.h"

#define FRAMES_QUEUED ((size_t)8) /* below the queue's bound */

/* One node's end and the coordinator's, in one process. */
struct wire {
	struct sf_bench_region region;
	struct sf_context *context;
	struct sf_zap *zap;
	struct sf_router *router;
	struct sf_dealer *dealer;
	size_t arrived;
	bool told; /* the dealer is up and has said so */
	size_t item_size, batch;
	uint8_t *frame; /* owned */
};

static bool count_frame(void *context, struct sf_arrival *arrival)
{
	struct wire *wire = context;
	wire->arrived += arrival->kind == SF_ARRIVAL_FRAME;
	wire->told |= arrival->kind == SF_ARRIVAL_UP;
	sf_buf_fini(&arrival->frame);
	return true;
}

static void receive(struct wire *wire, int wait_ms)
{
	struct sf_link link = sf_router_link(wire->router);
	if (!sf_router_pending(wire->router)) {
		struct pollfd fd = {.fd = sf_router_fd(wire->router), .events = POLLIN};
		poll(&fd, 1, wait_ms);
	}
	SF_ASSERT(!link.receive(link.self, FRAMES_QUEUED, count_frame, wire));
}

/* count items in frames of batch: sends and receives all of them. */
static void carry(void *context, size_t count)
{
	struct wire *wire = context;
	struct sf_link link = sf_dealer_link(wire->dealer);
	size_t frames = count / wire->batch, sent = 0;
	wire->arrived = 0;
	while (wire->arrived < frames) {
		/* The library notices room in its queue a little later: "again" is no error. */
		while (sent < frames && sent < wire->arrived + FRAMES_QUEUED &&
			!link.send(link.self, 0,
				sf_view_of(wire->frame, wire->item_size * wire->batch)))
			sent++;
		receive(wire, 10);
	}
}

static void connect_ends(struct wire *wire)
{
	struct sf_bench_party *parties = wire->region.parties;
	uint8_t public_key[SF_PUBLIC_KEY_SIZE], secret_key[SF_KEY_SECRET_SIZE];
	SF_ASSERT(!sf_context_open(&wire->context, NULL));
	SF_ASSERT(!sf_zap_open(wire->context, &wire->zap, NULL));
	struct sf_allow_entry entry = {.party = parties[SF_BENCH_HOSPITAL].id};
	memcpy(entry.key, parties[SF_BENCH_HOSPITAL].transport_key, SF_CURVE_KEY_SIZE);
	SF_ASSERT(!sf_zap_allow(wire->zap, &entry, 1));
	SF_ASSERT(!sf_keyring_transport(
		parties[SF_BENCH_COORDINATOR].keyring, public_key, secret_key));
	const struct sf_router_options router = {.context = wire->context,
		.zap = wire->zap,
		.endpoint = "tcp://127.0.0.1:*",
		.public_key = public_key,
		.secret_key = secret_key};
	SF_ASSERT(!sf_router_open(&router, &wire->router, NULL));
	SF_ASSERT(
		!sf_keyring_transport(parties[SF_BENCH_HOSPITAL].keyring, public_key, secret_key));
	const struct sf_env *env = &wire->region.env;
	const struct sf_dealer_options dealer = {.context = wire->context,
		.env = env,
		.endpoint = sf_router_endpoint(wire->router),
		.public_key = public_key,
		.secret_key = secret_key,
		.server_key = parties[SF_BENCH_COORDINATOR].transport_key};
	SF_ASSERT(!sf_dealer_open(&dealer, env->monotonic_ms(env->self), &wire->dealer, NULL));
	sf_secret_wipe(secret_key, sizeof(secret_key));
	struct sf_link link = sf_dealer_link(wire->dealer);
	while (!wire->told) {
		sf_dealer_tick(wire->dealer, env->monotonic_ms(env->self));
		SF_ASSERT(!link.receive(link.self, 1, count_frame, wire));
		receive(wire, 1);
	}
}

static double cost(struct wire *wire, size_t item_size, size_t batch)
{
	wire->item_size = item_size;
	wire->batch = batch;
	const struct sf_bench_work work = {.context = wire, .round = carry};
	return sf_bench_cost_us(&work, 4 * batch > 64 ? 4 * batch : 64 / batch * batch);
}

struct sf_bench_link_costs sf_bench_link_costs(size_t batch)
{
	struct wire *wire = calloc(1, sizeof(*wire));
	SF_ASSERT(wire);
	sf_bench_region_open(&wire->region, 1);
	wire->frame = calloc(1, SF_FRAME_SIZE_MAX);
	SF_ASSERT(wire->frame);
	connect_ends(wire);
	const struct sf_bench_link_costs costs = {
		.single_2k = cost(wire, 2048, 1),
		.item_4k = cost(wire, 4600, batch),
		.item_600 = cost(wire, 600, batch),
	};
	sf_dealer_close(&wire->dealer);
	sf_router_close(&wire->router);
	sf_zap_close(&wire->zap);
	sf_context_close(&wire->context);
	sf_bench_region_close(&wire->region);
	free(wire->frame);
	free(wire);
	return costs;
}
