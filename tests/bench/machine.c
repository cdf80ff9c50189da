#include "bench/machine.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/tables.h"
#include "crypto/secret.h"
#include "format/format.h"
#include "node/tables.h"
#include "wire/local.h"

#define CHECKPOINT_MS 50 /* as the daemons have it */
#define ROUND_MS_MAX 1000

static void check(enum sf_err err, const struct sf_diag *diag, const char *what)
{
	if (err)
		fprintf(stderr, "bench: %s: %s: %s\n", what, sf_err_code(err), diag->text);
	SF_ASSERT(!err);
}

static void open_store(
	struct sf_bench_machine *machine, const struct sf_bench_machine_options *options)
{
	bool node = machine->party->role != SF_ROLE_COORDINATOR;
	char path[512];
	snprintf(path, sizeof(path), "%s/%zu.db", options->folder, options->party);
	const struct sf_sqlite_options store = {
		.path = path,
		.name = node ? "node" : "coordinator",
		.tables = node ? sf_node_tables : sf_coordinator_tables,
		.table_count = node ? sf_node_table_count : sf_coordinator_table_count,
		.migrations = node ? sf_migrations_node : sf_migrations_coordinator,
		.checkpoint_ms = CHECKPOINT_MS,
	};
	struct sf_diag diag = {{0}};
	check(sf_sqlite_open(&store, &machine->store, &diag), &diag, "store");
}

static void open_node(struct sf_bench_machine *machine)
{
	struct sf_node_options options = sf_node_options_default();
	options.party = machine->party->id;
	options.identity_key_id = machine->party->identity_key_id;
	options.coordinator = machine->region->parties[SF_BENCH_COORDINATOR].id;
	options.registrars = machine->region->registrars;
	struct sf_node_ports ports = {.env = machine->region->env,
		.store = machine->turn.store,
		.workers = sf_worker_pool_workers(machine->workers)};
	sf_crypto_port(machine->party->keyring, &ports.crypto);
	sf_format_port(&ports.format);
	struct sf_diag diag = {{0}};
	check(sf_node_open(&options, &ports, &machine->node, &diag), &diag, "node");
	sf_node_engine(machine->node, &machine->turn.engine);
}

static void open_coordinator(struct sf_bench_machine *machine)
{
	struct sf_coordinator_options options = sf_coordinator_options_default();
	options.party = machine->party->id;
	options.identity_key_id = machine->party->identity_key_id;
	options.origin = "bench.example/log/bench/1";
	options.registrars = machine->region->registrars;
	options.agreement_count = 1;
	options.agreements[0] = sf_buf_view(&machine->region->agreement);
	struct sf_coordinator_ports ports = {.env = machine->region->env,
		.store = machine->turn.store,
		.workers = sf_worker_pool_workers(machine->workers)};
	sf_crypto_port(machine->party->keyring, &ports.crypto);
	struct sf_diag diag = {{0}};
	check(sf_coordinator_open(&options, &ports, &machine->coordinator, &diag), &diag,
		"coordinator");
	sf_coordinator_engine(machine->coordinator, &machine->turn.engine);
}

static enum sf_err receive_nothing(
	void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	(void)self;
	(void)count_max;
	(void)visitor;
	(void)context;
	return SF_OK;
}

static enum sf_err send_nothing(void *self, uint64_t route, struct sf_view frame)
{
	(void)self;
	(void)route;
	(void)frame;
	return SF_ERR_UNREACHABLE;
}

/* Approves every party; a store that was used before has them already. */
static void enrol_all(struct sf_bench_machine *machine)
{
	const struct sf_bench_region *region = machine->region;
	if (sf_directory_version(sf_coordinator_directory(machine->coordinator)) > 0)
		return;
	machine->turn.link = (struct sf_link){NULL, receive_nothing, send_nothing};
	for (size_t i = 0; i < region->party_count; i++) {
		const struct sf_request request = {.kind = SF_REQUEST_APPROVE,
			.approve = {.record = sf_buf_view(&region->parties[i].record)}};
		struct sf_arena arena;
		sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
		struct sf_reply reply;
		struct sf_call call = {.request = &request, .arena = &arena, .reply = &reply};
		sf_bench_machine_turn(machine, &call, 1);
		SF_ASSERT(call.answered && !reply.err);
		sf_arena_fini(&arena);
	}
}

static void open_router(struct sf_bench_machine *machine,
	const struct sf_bench_machine_options *options, const uint8_t *public_key,
	const uint8_t *secret_key)
{
	const struct sf_bench_region *region = machine->region;
	struct sf_diag diag = {{0}};
	check(sf_zap_open(options->context, &machine->zap, &diag), &diag, "zap");
	struct sf_allow_entry entries[SF_BENCH_PARTIES_MAX];
	for (size_t i = 0; i < region->party_count; i++) {
		memcpy(entries[i].key, region->parties[i].transport_key, SF_CURVE_KEY_SIZE);
		entries[i].party = region->parties[i].id;
	}
	SF_ASSERT(!sf_zap_allow(machine->zap, entries, region->party_count));
	const struct sf_router_options router = {
		.context = options->context,
		.zap = machine->zap,
		.endpoint = "tcp://127.0.0.1:*",
		.public_key = public_key,
		.secret_key = secret_key,
	};
	check(sf_router_open(&router, &machine->router, &diag), &diag, "router");
	machine->turn.link = sf_router_link(machine->router);
}

static void open_dealer(struct sf_bench_machine *machine,
	const struct sf_bench_machine_options *options, const uint8_t *public_key,
	const uint8_t *secret_key)
{
	const struct sf_bench_region *region = machine->region;
	const struct sf_dealer_options dealer = {
		.context = options->context,
		.env = &region->env,
		.endpoint = options->endpoint,
		.public_key = public_key,
		.secret_key = secret_key,
		.server_key = region->parties[SF_BENCH_COORDINATOR].transport_key,
	};
	struct sf_diag diag = {{0}};
	int64_t now_ms = region->env.monotonic_ms(region->env.self);
	check(sf_dealer_open(&dealer, now_ms, &machine->dealer, &diag), &diag, "dealer");
	machine->turn.link = sf_dealer_link(machine->dealer);
}

void sf_bench_machine_open(
	struct sf_bench_machine *machine, const struct sf_bench_machine_options *options)
{
	*machine = (struct sf_bench_machine){
		.region = options->region, .party = &options->region->parties[options->party]};
	bool node = machine->party->role != SF_ROLE_COORDINATOR;
	struct sf_diag diag = {{0}};
	check(sf_worker_pool_open(options->worker_count, &machine->workers, &diag), &diag,
		"workers");
	open_store(machine, options);
	machine->turn.env = options->region->env;
	machine->turn.store =
		sf_bench_watch_store(&machine->watch, *sf_sqlite_port(machine->store));
	uint8_t public_key[SF_PUBLIC_KEY_SIZE], secret_key[SF_KEY_SECRET_SIZE];
	SF_ASSERT(!sf_keyring_transport(machine->party->keyring, public_key, secret_key));
	if (node) {
		open_node(machine);
		open_dealer(machine, options, public_key, secret_key);
	} else {
		open_coordinator(machine);
		enrol_all(machine);
		open_router(machine, options, public_key, secret_key);
	}
	sf_secret_wipe(secret_key, sizeof(secret_key));
}

void sf_bench_machine_close(struct sf_bench_machine *machine)
{
	sf_dealer_close(&machine->dealer);
	sf_router_close(&machine->router);
	sf_zap_close(&machine->zap);
	sf_node_close(&machine->node);
	sf_coordinator_close(&machine->coordinator);
	sf_worker_pool_close(&machine->workers);
	sf_sqlite_close(&machine->store);
}

bool sf_bench_machine_turn(
	struct sf_bench_machine *machine, struct sf_call *calls, size_t call_count)
{
	if (machine->dealer)
		sf_dealer_tick(machine->dealer, machine->turn.env.monotonic_ms(NULL));
	struct sf_diag diag = {{0}};
	bool busy = false;
	check(sf_turn_run(&machine->turn, calls, call_count, &busy, &diag), &diag, "turn");
	return busy;
}

static bool is_pending(struct sf_bench_machine *machine)
{
	return machine->dealer ? sf_dealer_pending(machine->dealer)
			       : sf_router_pending(machine->router);
}

static int64_t due_in_ms(struct sf_bench_machine *machine)
{
	const struct sf_engine *engine = &machine->turn.engine;
	int64_t due_ms = engine->next_due_ms(engine->self);
	int64_t wait_ms = due_ms < INT64_MAX ? due_ms - machine->turn.now_ms : ROUND_MS_MAX;
	if (machine->dealer) {
		int64_t wake_ms = sf_dealer_wake_ms(machine->dealer);
		int64_t now_ms = machine->turn.env.monotonic_ms(NULL);
		if (wake_ms < INT64_MAX && wake_ms - now_ms < wait_ms)
			wait_ms = wake_ms - now_ms;
	}
	return wait_ms;
}

void sf_bench_machines_wait(struct sf_bench_machine *machines, size_t count, int wait_ms)
{
	struct pollfd fds[SF_BENCH_PARTIES_MAX * SF_DEALER_FD_COUNT_MAX];
	size_t used = 0;
	int64_t wait = wait_ms;
	for (size_t i = 0; i < count; i++) {
		int link_fds[SF_DEALER_FD_COUNT_MAX] = {0};
		size_t link_count = 1;
		if (machines[i].dealer)
			link_count = sf_dealer_fds(machines[i].dealer, link_fds);
		else
			link_fds[0] = sf_router_fd(machines[i].router);
		for (size_t j = 0; j < link_count; j++)
			fds[used++] = (struct pollfd){.fd = link_fds[j], .events = POLLIN};
		int64_t due = due_in_ms(&machines[i]);
		wait = due < wait ? due : wait;
	}
	/* As router.h says: the very last thing before poll. */
	for (size_t i = 0; i < count && wait > 0; i++)
		if (is_pending(&machines[i]))
			wait = 0;
	poll(fds, (nfds_t)used, wait < 0 ? 0 : (int)wait);
}

void sf_bench_machine_run(struct sf_bench_machine *machine, struct sf_bench_tally *tally)
{
	while (!atomic_load(&tally->stop)) {
		bool busy = sf_bench_machine_turn(machine, NULL, 0);
		atomic_store(&tally->turns, machine->turn.turns);
		tally->statements = machine->watch.statements;
		if (!busy)
			sf_bench_machines_wait(machine, 1, 100);
	}
}
