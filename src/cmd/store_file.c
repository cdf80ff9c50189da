#include "cmd/store_file.h"

#include <stdlib.h>

#include "coordinator/coordinator.h"
#include "coordinator/tables.h"
#include "crypto/port.h"
#include "node/node.h"
#include "node/tables.h"
#include "os/env.h"
#include "os/zones.h"
#include "store/sqlite.h"

#define TRANSITIONS_CACHED 64 /* each is looked at once */

struct sf_store_file {
	struct sf_sqlite *store;            /* owned */
	struct sf_zones *zones;             /* owned */
	struct sf_keyring *keys;            /* owned; empty: for what needs none */
	struct sf_coordinator *coordinator; /* owned; NULL when it is a node's */
	struct sf_node *node;               /* owned; NULL when it is a coordinator's */
	struct sf_engine engine;
};

static void run_jobs(void *self, const struct sf_job *jobs, size_t count)
{
	(void)self;
	for (size_t i = 0; i < count; i++)
		jobs[i].run(jobs[i].context);
}

/* Entries were judged by the pinned registrars when they were stored: none is asked again. */
static enum sf_err open_coordinator(
	struct sf_store_file *file, const struct sf_env *env, struct sf_diag *diag)
{
	struct sf_coordinator_options options = sf_coordinator_options_default();
	options.origin = "";
	options.read_only = true;
	options.transitions_cached = TRANSITIONS_CACHED;
	struct sf_coordinator_ports ports = {
		.env = *env, .store = *sf_sqlite_port(file->store), .workers = {NULL, run_jobs}};
	sf_crypto_port(file->keys, &ports.crypto);
	enum sf_err err = sf_coordinator_open(&options, &ports, &file->coordinator, diag);
	if (!err)
		sf_coordinator_engine(file->coordinator, &file->engine);
	return err;
}

static enum sf_err open_node(
	struct sf_store_file *file, const struct sf_env *env, struct sf_diag *diag)
{
	struct sf_node_options options = sf_node_options_default();
	options.read_only = true;
	options.transitions_cached = TRANSITIONS_CACHED;
	struct sf_node_ports ports = {
		.env = *env, .store = *sf_sqlite_port(file->store), .workers = {NULL, run_jobs}};
	sf_crypto_port(file->keys, &ports.crypto);
	enum sf_err err = sf_node_open(&options, &ports, &file->node, diag);
	if (!err)
		sf_node_engine(file->node, &file->engine);
	return err;
}

static enum sf_err open_store(
	struct sf_store_file *file, const char *path, bool *ret_is_node, struct sf_diag *diag)
{
	const struct sf_sqlite_options of_coordinator = {.path = path,
		.name = "coordinator",
		.tables = sf_coordinator_tables,
		.table_count = sf_coordinator_table_count,
		.migrations = sf_migrations_coordinator,
		.read_only = true};
	const struct sf_sqlite_options of_node = {.path = path,
		.name = "node",
		.tables = sf_node_tables,
		.table_count = sf_node_table_count,
		.migrations = sf_migrations_node,
		.read_only = true};
	enum sf_err err = sf_sqlite_open(&of_coordinator, &file->store, diag);
	*ret_is_node = err == SF_ERR_CONFIG;
	if (*ret_is_node)
		err = sf_sqlite_open(&of_node, &file->store, diag);
	if (err == SF_ERR_CONFIG)
		sf_diag_set(
			diag, "%s: this is the store of neither a coordinator nor a node", path);
	return err;
}

enum sf_err sf_store_file_open(
	const char *path, struct sf_store_file **ret_file, struct sf_diag *diag)
{
	struct sf_store_file *file = calloc(1, sizeof(*file));
	bool is_node = false;
	if (!file)
		return SF_ERR_MEMORY;
	enum sf_err err = open_store(file, path, &is_node, diag);
	if (!err)
		err = sf_zones_open(SF_ZONE_FOLDER, &file->zones, diag);
	if (!err)
		err = sf_keyring_open(&file->keys);
	const struct sf_env env = sf_os_env_zones(file->zones);
	if (!err)
		err = is_node ? open_node(file, &env, diag) : open_coordinator(file, &env, diag);
	if (err)
		sf_store_file_close(&file);
	else
		*ret_file = file;
	return err;
}

void sf_store_file_close(struct sf_store_file **file)
{
	struct sf_store_file *closing = *file;
	*file = NULL;
	if (!closing)
		return;
	sf_coordinator_close(&closing->coordinator);
	sf_node_close(&closing->node);
	sf_keyring_close(&closing->keys);
	sf_zones_close(&closing->zones);
	sf_sqlite_close(&closing->store);
	free(closing);
}

enum sf_err sf_store_file_ask(struct sf_store_file *file, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	return file->engine.serve(file->engine.self, request, arena, ret_reply, diag);
}
