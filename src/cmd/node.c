/*
 * stafet-node: wiring of one organisation's node. Connects outward only.
 */
#include <stdlib.h>

#include "bridge/drop.h"
#include "bridge/hook.h"
#include "cmd/fhir_refusal.h"
#include "cmd/http_face.h"
#include "cmd/mllp_face.h"
#include "crypto/hash.h"
#include "crypto/port.h"
#include "http/access.h"
#include "http/routes.h"
#include "format/format.h"
#include "node/node.h"
#include "node/tables.h"
#include "transport/dealer.h"

#define PROGRAM "stafet-node"
#define HOOK_TIMEOUT_MS 15000 /* of one post; a receiver stores it and answers */
#define CHECKPOINT_MS 50      /* FACTS: keeps commits from waiting for the WAL */

struct program {
	struct sf_node_config config;
	struct sf_process process;
	struct sf_coordinator_public coordinator;
	struct sf_node *node;
	struct sf_dealer *dealer;
	struct sf_route_group groups[SF_ROUTE_GROUPS_MAX];
	struct sf_http_gate *gate;
	struct sf_http_face *http; /* NULL: it has none */
	struct sf_mllp_program mllp;
	struct sf_hooks *hooks;
	struct sf_drop *drop; /* NULL: it has no folders */
	bool up;              /* as last logged */
	enum sf_dealer_fault fault;
};

static struct sf_node_options node_options(const struct program *program)
{
	const struct sf_node_config *config = &program->config;
	struct sf_node_options options = sf_node_options_default();
	options.party = program->process.keys.party;
	options.identity_key_id = program->process.keys.identity_key_id;
	options.witness_key_id = program->process.keys.witness_key_id;
	options.contradictions_seen = config->contradictions_seen;
	options.coordinator = program->coordinator.party;
	options.software = PROGRAM " " SF_VERSION;
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
	options.retention_ms = config->retention_ms;
	options.unanswered_ms = config->unanswered_ms;
	return options;
}

static enum sf_err open_engine(struct program *program, struct sf_diag *diag)
{
	const struct sf_node_config *config = &program->config;
	struct sf_node_options options = node_options(program);
	enum sf_err err = sf_registrars_load(&config->registrars, &options.registrars, diag);
	if (err)
		return err;
	struct sf_node_ports ports = {
		.env = program->process.env,
		.store = *sf_sqlite_port(program->process.store),
		.workers = sf_worker_pool_workers(program->process.workers),
	};
	sf_crypto_port(program->process.keys.keyring, &ports.crypto);
	sf_format_port(&ports.format);
	return sf_node_open(&options, &ports, &program->node, diag);
}

static enum sf_err open_link(struct program *program, struct sf_diag *diag)
{
	uint8_t public_key[SF_PUBLIC_KEY_SIZE], secret_key[SF_KEY_SECRET_SIZE];
	enum sf_err err =
		sf_keyring_transport(program->process.keys.keyring, public_key, secret_key);
	if (err) {
		sf_diag_set(diag, "no transport key in %s", program->config.keys);
		return err;
	}
	const struct sf_dealer_options options = {
		.context = program->process.context,
		.env = &program->process.env,
		.endpoint = program->config.coordinator_endpoint,
		.public_key = public_key,
		.secret_key = secret_key,
		.server_key = program->coordinator.transport_key,
	};
	err = sf_dealer_open(&options, program->process.env.monotonic_ms(program->process.env.self),
		&program->dealer, diag);
	sf_secret_wipe(secret_key, sizeof(secret_key));
	return err;
}

static enum sf_err open_http(struct program *program, struct sf_diag *diag)
{
	struct sf_crypto crypto;
	sf_crypto_port(program->process.keys.keyring, &crypto);
	enum sf_err err = sf_http_gate_load(
		&program->config.http, &program->process.env, &crypto, &program->gate);
	if (err)
		return err;
	const struct sf_http_face_parts parts = {.config = &program->config.http,
		.groups = program->groups,
		.group_count = sf_route_groups_at(SF_AT_NODE, program->groups),
		.access = sf_http_gate_access(program->gate),
		.refusal = sf_fhir_refusal(&program->process),
		.crypto = crypto};
	return sf_http_face_load(&parts, &program->process, &program->http, diag);
}

static enum sf_err load_program(void *self, const char *config, struct sf_diag *diag)
{
	struct program *program = self;
	return sf_node_config_load(config, &program->config, diag);
}

static enum sf_err open_hooks(struct program *program, struct sf_diag *diag)
{
	const char *authority = program->config.hook_authority;
	const struct sf_hooks_options options = {.env = &program->process.env,
		.sign = sf_hash_hmac_sha256,
		.authority = authority[0] ? authority : NULL,
		.timeout_ms = HOOK_TIMEOUT_MS};
	enum sf_err err = sf_hooks_open(&options, &program->hooks);
	if (err) {
		sf_diag_set(diag, "webhooks cannot be posted here");
		return err;
	}
	const struct sf_face face = sf_hooks_face(program->hooks);
	sf_process_face(&program->process, &face);
	return SF_OK;
}

/* Those that are dropped wait until somebody has made room, or let this user write there. */
static void tell_stuck(void *self)
{
	const struct program *program = self;
	const struct sf_env *env = &program->process.env;
	struct sf_log_line line;
	sf_log_begin(&line, &program->process.log, SF_LOG_WARNING, SF_LOG_TROUBLE,
		env->now_ms(env->self));
	sf_log_code(&line, "fault", "drop-in-folder");
	sf_log_end(&line);
}

static enum sf_err open_drop(struct program *program, struct sf_diag *diag)
{
	const struct sf_node_config *config = &program->config;
	const struct sf_drop_options options = {.in = config->drop_in[0] ? config->drop_in : NULL,
		.out = config->drop_out[0] ? config->drop_out : NULL,
		.mark_handled = config->drop_handled != 0,
		.guess = sf_content_type_guess,
		.tell = tell_stuck,
		.self = program};
	if (!options.in && !options.out)
		return SF_OK;
	enum sf_err err = sf_drop_open(&options, &program->drop, diag);
	if (err)
		return err;
	const struct sf_face face = sf_drop_face(program->drop);
	sf_process_face(&program->process, &face);
	return SF_OK;
}

static enum sf_err open_program(void *self, struct sf_diag *diag)
{
	struct program *program = self;
	const struct sf_node_config *config = &program->config;
	const struct sf_process_parts parts = {
		.program = PROGRAM,
		.log = &config->log,
		.keys = config->keys,
		.pseudonym = config->pseudonym_key[0] ? config->pseudonym_key : NULL,
		.store = {.path = config->store,
			.name = "node",
			.tables = sf_node_tables,
			.table_count = sf_node_table_count,
			.migrations = sf_migrations_node,
			.checkpoint_ms = CHECKPOINT_MS},
		.worker_threads = config->worker_threads,
		.socket = config->socket,
		.socket_mode = config->socket_mode,
	};
	enum sf_err err =
		sf_coordinator_public_load(config->coordinator_public, &program->coordinator, diag);
	if (!err)
		err = sf_process_open(&parts, &program->process, diag);
	if (!err)
		err = open_engine(program, diag);
	if (!err)
		err = open_link(program, diag);
	if (!err)
		err = open_http(program, diag);
	if (!err)
		err = sf_mllp_program_open(&config->mllp, &program->process, &program->mllp, diag);
	if (!err)
		err = open_hooks(program, diag);
	return err ? err : open_drop(program, diag);
}

static void close_program(void *self)
{
	struct program *program = self;
	sf_drop_close(&program->drop);
	sf_hooks_close(&program->hooks);
	sf_mllp_program_close(&program->mllp);
	sf_http_face_close(&program->http);
	sf_http_gate_close(&program->gate);
	sf_dealer_close(&program->dealer);
	sf_node_close(&program->node);
	sf_process_close(&program->process);
	sf_node_config_fini(&program->config);
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
	sf_log_begin(&line, &program->process.log, up ? SF_LOG_INFO : SF_LOG_WARNING,
		up ? SF_LOG_LINK_UP : SF_LOG_LINK_DOWN,
		program->process.env.now_ms(program->process.env.self));
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

static int run(void *self)
{
	struct program *program = self;
	const struct sf_daemon_link daemon_link = {
		program, link_fds, link_pending, link_tick, link_wake_ms, after_turn};
	const struct sf_link link = sf_dealer_link(program->dealer);
	struct sf_engine engine;
	sf_node_engine(program->node, &engine);
	return sf_process_run(
		&program->process, &engine, &link, &daemon_link, sf_node_feed(program->node));
}

int main(int argc, char **argv)
{
	struct program *program = calloc(1, sizeof(*program));
	if (!program)
		return 1;
	const struct sf_process_main parts = {
		PROGRAM, program, load_program, open_program, run, close_program};
	int code = sf_process_main(argc, argv, &parts);
	free(program);
	return code;
}
