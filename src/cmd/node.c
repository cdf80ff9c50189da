/*
 * stafet-node: wiring of one organisation's node. Connects outward only.
 */
#include <stdlib.h>

#include "cmd/daemon.h"
#include "cmd/keys.h"
#include "cmd/options.h"
#include "crypto/port.h"
#include "format/format.h"
#include "node/node.h"
#include "node/tables.h"
#include "os/config.h"
#include "os/env.h"
#include "os/signals.h"
#include "store/sqlite.h"
#include "transport/dealer.h"
#include "turn/workers.h"

#define PROGRAM "stafet-node"
#define CHECKPOINT_MS 50 /* FACTS: keeps commits from waiting for the WAL */

struct program {
	struct sf_node_config config;
	struct sf_log log;
	struct sf_notify notify;
	int signal_fd;
	struct sf_env env;
	struct sf_keys keys;
	struct sf_coordinator_public coordinator;
	struct sf_sqlite *store;
	struct sf_worker_pool *workers;
	struct sf_node *node;
	struct sf_context *context;
	struct sf_dealer *dealer;
	struct sf_server *server;
	bool up; /* as last logged */
	enum sf_dealer_fault fault;
};

static struct sf_node_options node_options(const struct program *program)
{
	const struct sf_node_config *config = &program->config;
	struct sf_node_options options = sf_node_options_default();
	options.party = program->keys.party;
	options.identity_key_id = program->keys.identity_key_id;
	options.coordinator = program->coordinator.party;
	options.contact_name = config->contact_name;
	options.contact_telephone = config->contact_telephone;
	if (config->acknowledge_timeout_ms)
		options.acknowledge_timeout_ms = config->acknowledge_timeout_ms;
	if (config->retry_ms)
		options.retry_ms = config->retry_ms;
	if (config->stored_timeout_ms)
		options.stored_timeout_ms = config->stored_timeout_ms;
	if (config->expires_ms)
		options.expires_ms = config->expires_ms;
	return options;
}

static enum sf_err open_engine(struct program *program, struct sf_diag *diag)
{
	const struct sf_node_config *config = &program->config;
	struct sf_node_options options = node_options(program);
	enum sf_err err = sf_registrars_load(&config->registrars, &options.registrars, diag);
	if (!err)
		err = sf_worker_pool_open(config->worker_threads, &program->workers, diag);
	if (err)
		return err;
	struct sf_node_ports ports = {
		.env = program->env,
		.store = *sf_sqlite_port(program->store),
		.workers = sf_worker_pool_workers(program->workers),
	};
	sf_crypto_port(program->keys.keyring, &ports.crypto);
	sf_format_port(&ports.format);
	return sf_node_open(&options, &ports, &program->node, diag);
}

static enum sf_err open_store(struct program *program, struct sf_diag *diag)
{
	const struct sf_sqlite_options options = {
		.path = program->config.store,
		.name = "node",
		.tables = sf_node_tables,
		.table_count = sf_node_table_count,
		.migrations = sf_migrations_node,
		.checkpoint_ms = CHECKPOINT_MS,
	};
	return sf_sqlite_open(&options, &program->store, diag);
}

static enum sf_err open_link(struct program *program, struct sf_diag *diag)
{
	uint8_t public_key[SF_PUBLIC_KEY_SIZE], secret_key[SF_KEY_SECRET_SIZE];
	enum sf_err err = sf_keyring_transport(program->keys.keyring, public_key, secret_key);
	if (err) {
		sf_diag_set(diag, "no transport key in %s", program->config.keys);
		return err;
	}
	err = sf_context_open(&program->context, diag);
	const struct sf_dealer_options options = {
		.context = program->context,
		.env = &program->env,
		.endpoint = program->config.coordinator_endpoint,
		.public_key = public_key,
		.secret_key = secret_key,
		.server_key = program->coordinator.transport_key,
	};
	if (!err)
		err = sf_dealer_open(&options, program->env.monotonic_ms(program->env.self),
			&program->dealer, diag);
	sf_secret_wipe(secret_key, sizeof(secret_key));
	return err;
}

static enum sf_err open_program(struct program *program, struct sf_diag *diag)
{
	const struct sf_node_config *config = &program->config;
	enum sf_err err = config->log.file[0] ? sf_log_open(config->log.file, PROGRAM,
							config->log.level, &program->log, diag)
					      : SF_OK;
	if (!err)
		err = sf_signals_open(&program->signal_fd, diag);
	if (!err)
		err = sf_notify_open(&program->notify, diag);
	if (!err)
		err = sf_keys_open(config->keys,
			config->pseudonym_key[0] ? config->pseudonym_key : NULL, &program->keys,
			diag);
	if (!err)
		err = sf_coordinator_public_load(
			config->coordinator_public, &program->coordinator, diag);
	if (!err)
		err = open_store(program, diag);
	if (!err)
		err = open_engine(program, diag);
	if (!err)
		err = open_link(program, diag);
	struct sf_server_options options = sf_server_options_default(config->socket);
	options.mode = (mode_t)config->socket_mode;
	if (!err)
		err = sf_server_open(&options, &program->server, diag);
	return err;
}

static void close_program(struct program *program)
{
	sf_server_close(&program->server);
	sf_dealer_close(&program->dealer);
	sf_context_close(&program->context);
	sf_node_close(&program->node);
	sf_worker_pool_close(&program->workers);
	sf_sqlite_close(&program->store);
	sf_keys_close(&program->keys);
	sf_notify_close(&program->notify);
	sf_signals_close(&program->signal_fd);
	sf_log_close(&program->log);
}

static size_t link_fds(void *self, int *ret_fds)
{
	struct program *program = self;
	return sf_dealer_fds(program->dealer, ret_fds);
}

static bool link_pending(void *self)
{
	struct program *program = self;
	return sf_dealer_pending(program->dealer);
}

static void log_link(struct program *program)
{
	bool up = sf_dealer_up(program->dealer);
	enum sf_dealer_fault fault = up ? SF_DEALER_FAULT_NONE : sf_dealer_fault(program->dealer);
	if (up == program->up && fault == program->fault)
		return;
	program->up = up;
	program->fault = fault;
	struct sf_log_line line;
	sf_log_begin(&line, &program->log, up ? SF_LOG_INFO : SF_LOG_WARNING,
		up ? SF_LOG_LINK_UP : SF_LOG_LINK_DOWN, program->env.now_ms(program->env.self));
	if (!up)
		sf_log_code(&line, "fault", sf_dealer_fault_code(fault));
	sf_log_end(&line);
}

static void link_tick(void *self, int64_t now_ms)
{
	struct program *program = self;
	sf_dealer_tick(program->dealer, now_ms);
	log_link(program);
}

static int64_t link_wake_ms(void *self)
{
	struct program *program = self;
	return sf_dealer_wake_ms(program->dealer);
}

static enum sf_err after_turn(void *self, struct sf_diag *diag)
{
	(void)self;
	(void)diag;
	return SF_OK;
}

static int run(struct program *program)
{
	struct sf_daemon_options options = {
		.link = {program, link_fds, link_pending, link_tick, link_wake_ms, after_turn},
		.server = program->server,
		.log = &program->log,
		.notify = &program->notify,
		.signal_fd = program->signal_fd,
	};
	options.turn.store = *sf_sqlite_port(program->store);
	options.turn.link = sf_dealer_link(program->dealer);
	options.turn.env = program->env;
	sf_node_engine(program->node, &options.turn.engine);
	sf_daemon_log_started(&program->log, program->env, program->keys.party);
	return sf_daemon_run(&options);
}

int main(int argc, char **argv)
{
	struct sf_daemon_command command;
	int code = sf_daemon_command_read(argc, argv, PROGRAM, &command);
	if (code >= 0)
		return code;
	struct program *program = calloc(1, sizeof(*program));
	if (!program)
		return 1;
	program->signal_fd = program->notify.fd = -1;
	program->env = sf_os_env();
	program->log = sf_log_stderr(PROGRAM, SF_LOG_INFO);
	struct sf_diag diag = {{0}};
	enum sf_err err = sf_node_config_load(command.config, &program->config, &diag);
	if (!err && command.check_only)
		code = sf_daemon_config_good(command.config);
	else if (!err)
		err = open_program(program, &diag);
	if (err)
		code = sf_daemon_failed(PROGRAM, err, &diag);
	else if (!command.check_only)
		code = run(program);
	close_program(program);
	sf_node_config_fini(&program->config);
	free(program);
	return code;
}
