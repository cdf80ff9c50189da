/*
 * stafet-coordinator: wiring of the blind coordinator. It routes, tracks and records; it holds no
 * key that opens a letter.
 */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "cmd/http_face.h"
#include "coordinator/coordinator.h"
#include "coordinator/tables.h"
#include "crypto/port.h"
#include "http/access.h"
#include "http/routes.h"
#include "os/agreement_text.h"
#include "transport/router.h"
#include "wire/record.h"

#define PROGRAM "stafet-coordinator"
#define ALLOW_MS SF_MINUTE_MS /* a transport key is believed so much longer at most */
#define CHECKPOINT_MS 50      /* FACTS: keeps commits from waiting for the WAL */

struct program {
	struct sf_coordinator_config config;
	struct sf_process process;
	struct sf_buf agreements[SF_CONFIG_AGREEMENTS_MAX];
	char origin[SF_CONFIG_ORIGIN_SIZE];
	struct sf_coordinator *coordinator;
	struct sf_zap *zap;
	struct sf_router *router;
	struct sf_route_group groups[SF_ROUTE_GROUPS_MAX];
	struct sf_http_gate *gate;
	struct sf_http_face *http; /* NULL: it has none */
	uint64_t allowed_version;  /* of the directory that the allow list was made from */
	bool allow_again;          /* keys begin and end by themselves: make it anew */
	int64_t allow_again_ms;    /* when to, by the monotonic clock */
};

static enum sf_err load_agreements(
	struct program *program, struct sf_coordinator_options *options, struct sf_diag *diag)
{
	/* Too large for a stack. */
	struct sf_agreement *agreement = malloc(sizeof(*agreement));
	enum sf_err err = agreement ? SF_OK : SF_ERR_MEMORY;
	for (size_t i = 0; !err && i < program->config.agreement_count; i++) {
		struct sf_buf *bytes = &program->agreements[i];
		sf_buf_init(bytes, SF_AGREEMENT_SIZE_MAX);
		err = sf_agreement_text_load(program->config.agreements[i], agreement, diag);
		if (!err)
			err = sf_agreement_encode(agreement, bytes);
		if (!err)
			options->agreements[options->agreement_count++] = sf_buf_view(bytes);
	}
	free(agreement);
	return err;
}

static enum sf_err open_engine(struct program *program, struct sf_diag *diag)
{
	const struct sf_coordinator_config *config = &program->config;
	struct sf_coordinator_options options = sf_coordinator_options_default();
	options.party = program->process.keys.party;
	options.identity_key_id = program->process.keys.identity_key_id;
	sf_coordinator_config_origin(config, program->origin);
	options.log_key_id = program->process.keys.log_key_id;
	options.origin = program->origin;
	options.software = PROGRAM " " SF_VERSION;
	options.epoch = config->epoch;
	if (config->redeliver_ms)
		options.redeliver_ms = config->redeliver_ms;
	if (config->credit)
		options.credit_max = config->credit;
	if (config->silent_node_ms)
		options.silent_node_ms = config->silent_node_ms;
	if (config->checkpoint_ms)
		options.checkpoint_ms = config->checkpoint_ms;
	options.retention_ms = config->retention_ms;
	options.quorum_hospitals = config->quorum_hospitals;
	options.quorum_municipalities = config->quorum_municipalities;
	enum sf_err err = sf_registrars_load(&config->registrars, &options.registrars, diag);
	if (!err)
		err = load_agreements(program, &options, diag);
	if (err)
		return err;
	struct sf_coordinator_ports ports = {
		.env = program->process.env,
		.store = *sf_sqlite_port(program->process.store),
		.workers = sf_worker_pool_workers(program->process.workers),
	};
	sf_crypto_port(program->process.keys.keyring, &ports.crypto);
	return sf_coordinator_open(&options, &ports, &program->coordinator, diag);
}

static size_t add_keys(const struct sf_directory_entry *party, int64_t now_ms,
	struct sf_allow_entry *entries, size_t count)
{
	for (size_t i = 0; i < party->key_count && count < SF_ALLOW_COUNT_MAX; i++) {
		const struct sf_directory_key *key = &party->keys[i];
		if (key->use != SF_KEY_USE_TRANSPORT ||
			!sf_directory_key_valid(key, now_ms, now_ms))
			continue;
		memcpy(entries[count].key, key->public_key, SF_CURVE_KEY_SIZE);
		entries[count++].party = party->party;
	}
	return count;
}

/* Who may connect is what the directory says; revocation acts on the next message. */
static enum sf_err follow_directory(void *self, struct sf_diag *diag)
{
	struct program *program = self;
	const struct sf_directory *directory = sf_coordinator_directory(program->coordinator);
	if (sf_directory_version(directory) == program->allowed_version && !program->allow_again)
		return SF_OK;
	struct sf_allow_entry *entries =
		calloc(SF_PARTY_KEYS_MAX * (sf_directory_count(directory) + 1), sizeof(*entries));
	if (!entries)
		return SF_ERR_MEMORY;
	int64_t now_ms = program->process.env.now_ms(program->process.env.self);
	size_t count = 0;
	for (size_t i = 0; i < sf_directory_count(directory); i++)
		count = add_keys(sf_directory_at(directory, i), now_ms, entries, count);
	enum sf_err err = sf_zap_allow(program->zap, entries, count);
	free(entries);
	if (err) {
		sf_diag_set(diag, "the allow list cannot be made from the directory");
		return err;
	}
	program->allowed_version = sf_directory_version(directory);
	program->allow_again = false;
	return SF_OK;
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
	err = sf_zap_open(program->process.context, &program->zap, diag);
	if (!err)
		err = follow_directory(program, diag);
	const struct sf_router_options options = {
		.context = program->process.context,
		.zap = program->zap,
		.endpoint = program->config.listen,
		.public_key = public_key,
		.secret_key = secret_key,
	};
	if (!err)
		err = sf_router_open(&options, &program->router, diag);
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
		.group_count = sf_route_groups_at(SF_AT_COORDINATOR, program->groups),
		.access = sf_http_gate_access(program->gate),
		.crypto = crypto};
	return sf_http_face_load(&parts, &program->process, &program->http, diag);
}

static enum sf_err load_program(void *self, const char *config, struct sf_diag *diag)
{
	struct program *program = self;
	return sf_coordinator_config_load(config, &program->config, diag);
}

static enum sf_err open_program(void *self, struct sf_diag *diag)
{
	struct program *program = self;
	const struct sf_coordinator_config *config = &program->config;
	const struct sf_process_parts parts = {
		.program = PROGRAM,
		.log = &config->log,
		.keys = config->keys,
		.store = {.path = config->store,
			.name = "coordinator",
			.tables = sf_coordinator_tables,
			.table_count = sf_coordinator_table_count,
			.migrations = sf_migrations_coordinator,
			.checkpoint_ms = CHECKPOINT_MS},
		.worker_threads = config->worker_threads,
		.socket = config->socket,
		.socket_mode = config->socket_mode,
	};
	enum sf_err err = sf_process_open(&parts, &program->process, diag);
	if (!err)
		err = open_engine(program, diag);
	if (!err)
		err = open_link(program, diag);
	return err ? err : open_http(program, diag);
}

static void close_program(void *self)
{
	struct program *program = self;
	sf_http_face_close(&program->http);
	sf_http_gate_close(&program->gate);
	sf_router_close(&program->router);
	sf_zap_close(&program->zap);
	sf_coordinator_close(&program->coordinator);
	sf_process_close(&program->process);
	for (size_t i = 0; i < SF_COUNT(program->agreements); i++)
		sf_buf_fini(&program->agreements[i]);
	sf_coordinator_config_fini(&program->config);
}

static size_t link_fds(void *self, int *ret_fds)
{
	struct program *program = self;
	ret_fds[0] = sf_router_fd(program->router);
	return 1;
}

static bool link_pending(void *self)
{
	struct program *program = self;
	return sf_router_pending(program->router);
}

/* A list that cannot be made now is the last one for another minute. */
static void link_tick(void *self, int64_t now_ms)
{
	struct program *program = self;
	if (now_ms < program->allow_again_ms)
		return;
	program->allow_again_ms = now_ms + ALLOW_MS;
	program->allow_again = true;
	sf_ignore(follow_directory(program, NULL));
}

static int64_t link_wake_ms(void *self)
{
	(void)self;
	return INT64_MAX;
}

static int run(void *self)
{
	struct program *program = self;
	const struct sf_daemon_link daemon_link = {
		program, link_fds, link_pending, link_tick, link_wake_ms, follow_directory};
	const struct sf_link link = sf_router_link(program->router);
	struct sf_engine engine;
	sf_coordinator_engine(program->coordinator, &engine);
	return sf_process_run(&program->process, &engine, &link, &daemon_link,
		sf_coordinator_feed(program->coordinator));
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
