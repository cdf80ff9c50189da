#include "cmd/process.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "os/account.h"
#include "os/env.h"
#include "os/files.h"
#include "os/signals.h"
#include "os/zones.h"

#define FILES_WANTED (SF_ROUTE_COUNT_MAX + 1024) /* one each connection; store, log, locals */
#define MODE_OF_GROUP 0060

_Static_assert(SF_ACCOUNT_NAME_SIZE <= SF_LOCAL_ACCOUNT_SIZE, "an account's name has room");

static enum sf_err open_local(
	const struct sf_process_parts *parts, struct sf_process *process, struct sf_diag *diag)
{
	struct sf_server_options options = sf_server_options_default(parts->socket);
	options.mode = (mode_t)parts->socket_mode;
	/* A socket that the daemon's group can open is there for that group to speak through. */
	if (parts->socket_mode & MODE_OF_GROUP)
		options.allow.groups[options.allow.group_count++] = getegid();
	enum sf_err err = sf_server_open(&options, &process->server, diag);
	if (!err)
		err = sf_local_face_open(process->server, sf_account_name, &process->local);
	if (err)
		return err;
	const struct sf_face face = sf_local_face(process->local);
	sf_process_face(process, &face);
	return SF_OK;
}

void sf_process_face(struct sf_process *process, const struct sf_face *face)
{
	SF_ASSERT(process->face_count < SF_DAEMON_FACES_MAX);
	process->faces[process->face_count++] = *face;
}

enum sf_err sf_process_aside(
	struct sf_process *process, struct sf_aside *ret_aside, struct sf_diag *diag)
{
	enum sf_err err = process->aside ? SF_OK : sf_aside_thread_open(&process->aside, diag);
	if (!err)
		*ret_aside = sf_aside_thread_port(process->aside);
	return err;
}

enum sf_err sf_process_open(
	const struct sf_process_parts *parts, struct sf_process *ret_process, struct sf_diag *diag)
{
	struct sf_process *process = ret_process;
	process->begun = true;
	process->signal_fd = process->notify.fd = -1;
	enum sf_err err = sf_zones_open(SF_ZONE_FOLDER, &process->zones, diag);
	process->env = sf_os_env_zones(process->zones);
	process->log = sf_log_stderr(parts->program, parts->log->level);
	sf_file_limit_raise(FILES_WANTED);
	if (!err && parts->log->file[0])
		err = sf_log_open(
			parts->log->file, parts->program, parts->log->level, &process->log, diag);
	if (!err)
		err = sf_signals_open(&process->signal_fd, diag);
	if (!err)
		err = sf_notify_open(&process->notify, diag);
	if (!err)
		err = sf_keys_open(parts->keys, parts->pseudonym, &process->keys, diag);
	if (!err)
		err = sf_sqlite_open(&parts->store, &process->store, diag);
	if (!err)
		err = sf_worker_pool_open(parts->worker_threads, &process->workers, diag);
	if (!err)
		err = sf_context_open(&process->context, diag);
	return err ? err : open_local(parts, process, diag);
}

void sf_process_close(struct sf_process *process)
{
	if (!process->begun)
		return;
	sf_local_face_close(&process->local);
	sf_server_close(&process->server);
	sf_context_close(&process->context);
	sf_aside_thread_close(&process->aside);
	sf_worker_pool_close(&process->workers);
	sf_sqlite_close(&process->store);
	sf_keys_close(&process->keys);
	sf_notify_close(&process->notify);
	sf_signals_close(&process->signal_fd);
	sf_log_close(&process->log);
	sf_zones_close(&process->zones);
}

static void log_life(struct sf_process *process, enum sf_log_event event)
{
	struct sf_log_line line;
	sf_log_begin(
		&line, &process->log, SF_LOG_INFO, event, process->env.now_ms(process->env.self));
	sf_log_id(&line, "party", process->keys.party);
	sf_log_code(&line, "version", SF_VERSION);
	sf_log_end(&line);
}

int sf_process_run(struct sf_process *process, const struct sf_engine *engine,
	const struct sf_link *link, const struct sf_daemon_link *daemon_link,
	const struct sf_feed *feed)
{
	struct sf_daemon_options options = {
		.turn = {.engine = *engine,
			.store = *sf_sqlite_port(process->store),
			.link = *link,
			.env = process->env},
		.link = *daemon_link,
		.face_count = process->face_count,
		.log = &process->log,
		.feed = feed,
		.notify = &process->notify,
		.signal_fd = process->signal_fd,
	};
	memcpy(options.faces, process->faces, sizeof(options.faces));
	log_life(process, SF_LOG_STARTED);
	int code = sf_daemon_run(&options);
	log_life(process, SF_LOG_STOPPED);
	return code;
}

static void print_help(FILE *out, const char *program)
{
	fprintf(out,
		"usage: %s [--check-config] CONFIG\n"
		"\n"
		"Runs until SIGTERM or SIGINT. CONFIG is explained in deploy/examples/.\n"
		"\n"
		"  --check-config  read CONFIG, say whether it is good, and end\n"
		"  --help          this text\n"
		"  --version       the version\n",
		program);
}

/* -1: go on with *ret_config; otherwise the exit code (0 after --help or --version, 2 usage). */
static int read_command(
	int argc, char **argv, const char *program, const char **ret_config, bool *ret_check_only)
{
	static const struct option options[] = {
		{"check-config", no_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	bool check_only = false;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 'c':
			check_only = true;
			break;
		case 'h':
			print_help(stdout, program);
			return 0;
		case 'v':
			printf("%s %s\n", program, SF_VERSION);
			return 0;
		default:
			print_help(stderr, program);
			return 2;
		}
	}
	if (optind != argc - 1) {
		print_help(stderr, program);
		return 2;
	}
	*ret_config = argv[optind];
	*ret_check_only = check_only;
	return -1;
}

static int live(const struct sf_process_main *parts, const char *config, bool check_only)
{
	struct sf_diag diag = {{0}};
	enum sf_err err = parts->load(parts->self, config, &diag);
	if (!err && check_only) {
		printf("%s: good\n", config);
		return 0;
	}
	if (!err)
		err = parts->open(parts->self, &diag);
	if (!err)
		return parts->run(parts->self);
	fprintf(stderr, "%s: %s\n", parts->program, diag.text[0] ? diag.text : sf_err_text(err));
	return 1;
}

int sf_process_main(int argc, char **argv, const struct sf_process_main *parts)
{
	const char *config;
	bool check_only;
	int code = read_command(argc, argv, parts->program, &config, &check_only);
	if (code < 0)
		code = live(parts, config, check_only);
	parts->fini(parts->self);
	return code;
}
