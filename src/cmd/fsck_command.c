/* `stafet log fsck`: a coordinator's store, checked without its daemon. */
#include <stdlib.h>

#include "cmd/arguments.h"
#include "cmd/file_bytes.h"
#include "cmd/fsck_screen.h"
#include "coordinator/tables.h"
#include "crypto/port.h"
#include "log/policy.h"
#include "os/env.h"
#include "os/zones.h"
#include "store/sqlite.h"

/* What stands behind a check; all owned. */
struct bench {
	struct sf_sqlite *store;
	struct sf_zones *zones;
	struct sf_keyring *keys; /* empty: nothing is signed or opened */
	struct sf_buf note, policy_text;
	struct sf_policy *policy;
	struct sf_registrars registrars;
	struct sf_fsck_options options;
	struct sf_diag diag;
};

static enum sf_err open_store(struct bench *bench, const char *path)
{
	const struct sf_sqlite_options options = {.path = path,
		.name = "coordinator",
		.tables = sf_coordinator_tables,
		.table_count = sf_coordinator_table_count,
		.migrations = sf_migrations_coordinator,
		.read_only = true};
	enum sf_err err = sf_sqlite_open(&options, &bench->store, &bench->diag);
	/* Before what the pages hold is believed. */
	return err ? err : sf_sqlite_integrity(bench->store, &bench->diag);
}

static enum sf_err open_policy(struct bench *bench, const char *path)
{
	enum sf_err err = sf_file_bytes_read(path, &bench->policy_text, &bench->diag);
	if (!err)
		err = sf_policy_parse(&bench->options.crypto, sf_buf_view(&bench->policy_text),
			&bench->policy, &bench->diag);
	if (err)
		return err;
	struct sf_registrars *registrars = &bench->registrars;
	registrars->count =
		sf_policy_registrars(bench->policy, registrars->keys, &registrars->threshold);
	bench->options.registrars = registrars;
	if (registrars->count > 0)
		return SF_OK;
	sf_diag_set(&bench->diag, "%s: it names no registrar", path);
	return SF_ERR_CONFIG;
}

static enum sf_err open_bench(struct bench *bench, const struct sf_arguments *arguments)
{
	const char *note = sf_arguments_value(arguments, "against");
	const char *policy = sf_arguments_value(arguments, "policy");
	sf_buf_init(&bench->note, SF_NOTE_SIZE_MAX);
	sf_buf_init(&bench->policy_text, SF_POLICY_SIZE_MAX);
	enum sf_err err = open_store(bench, arguments->items[0]);
	if (!err)
		err = sf_zones_open(SF_ZONE_FOLDER, &bench->zones, &bench->diag);
	if (!err)
		err = sf_keyring_open(&bench->keys);
	if (err)
		return err;
	bench->options.store = sf_sqlite_port(bench->store);
	bench->options.env = sf_os_env_zones(bench->zones);
	sf_crypto_port(bench->keys, &bench->options.crypto);
	if (policy)
		err = open_policy(bench, policy);
	if (!err && note)
		err = sf_file_bytes_read(note, &bench->note, &bench->diag);
	if (!err && note && bench->note.size == 0) {
		sf_diag_set(&bench->diag, "%s: the note is empty", note);
		err = SF_ERR_FORMAT;
	}
	bench->options.against = sf_buf_view(&bench->note);
	return err;
}

static void close_bench(struct bench *bench)
{
	sf_policy_close(&bench->policy);
	sf_keyring_close(&bench->keys);
	sf_zones_close(&bench->zones);
	sf_sqlite_close(&bench->store);
	sf_buf_fini(&bench->note);
	sf_buf_fini(&bench->policy_text);
	free(bench);
}

static int check(struct bench *bench, bool json)
{
	struct sf_fsck_screen screen = {.json = json, .registrars = bench->options.registrars};
	struct sf_fsck_report report;
	sf_fsck_screen_begin(&screen);
	bench->options.found = sf_fsck_screen_fault;
	bench->options.context = &screen;
	enum sf_err err = sf_fsck_run(&bench->options, &report, &bench->diag);
	int code = sf_fsck_screen_end(&screen, err ? NULL : &report, sf_buf_view(&bench->note));
	if (err)
		code = sf_exit_failed(err, &bench->diag);
	else if (!code && report.faults > 0)
		code = SF_EXIT_INTEGRITY;
	sf_fsck_report_fini(&report);
	return code;
}

int sf_command_log_fsck(const struct sf_arguments *arguments)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	if (!bench)
		return sf_exit_failed(SF_ERR_MEMORY, NULL);
	enum sf_err err = open_bench(bench, arguments);
	int code = err ? sf_exit_failed(err, &bench->diag)
		       : check(bench, sf_arguments_flag(arguments, "json"));
	close_bench(bench);
	return code;
}
