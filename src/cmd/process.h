/*
 * What both daemons are made of besides engine and link: log, signals, service manager, clock,
 * keys, store, workers, ZeroMQ context, the local socket and other faces; and the way from the
 * command line to the loop.
 */
#ifndef SF_CMD_PROCESS_H
#define SF_CMD_PROCESS_H

#include "cmd/daemon.h"
#include "cmd/keys.h"
#include "local/face.h"
#include "os/config.h"
#include "store/sqlite.h"
#include "transport/context.h"
#include "turn/aside.h"
#include "turn/workers.h"

struct sf_zones;

/* Zeroed by the caller, opened once, closed in every case. */
struct sf_process {
	bool begun; /* there is something to close */
	struct sf_log log;
	struct sf_notify notify;
	int signal_fd;
	struct sf_zones *zones; /* owned */
	struct sf_env env;
	struct sf_keys keys;
	struct sf_sqlite *store;
	struct sf_worker_pool *workers;
	struct sf_aside_thread *aside; /* NULL: nobody wanted it */
	struct sf_context *context;
	struct sf_server *server;
	struct sf_local_face *local;
	struct sf_face faces[SF_DAEMON_FACES_MAX]; /* the local socket is the first */
	size_t face_count;
};

/* Borrowed during sf_process_open. */
struct sf_process_parts {
	const char *program; /* literal, as in the log */
	const struct sf_config_log *log;
	const char *keys;
	const char *pseudonym; /* path or NULL */
	struct sf_sqlite_options store;
	uint32_t worker_threads;
	const char *socket;
	uint32_t socket_mode;
};

/* Signals are blocked before any thread starts. diag says what cannot be opened and what to do. */
SF_MUST_USE enum sf_err sf_process_open(
	const struct sf_process_parts *parts, struct sf_process *ret_process, struct sf_diag *diag);
void sf_process_close(struct sf_process *process);

/* One more face for the loop; borrowed until it ends. */
void sf_process_face(struct sf_process *process, const struct sf_face *face);

/* For what would hold up the loop; its thread begins with this, and ends with the process. */
SF_MUST_USE enum sf_err sf_process_aside(
	struct sf_process *process, struct sf_aside *ret_aside, struct sf_diag *diag);

/* Runs the loop until told to stop; the exit code. engine and link are the daemon's own. */
int sf_process_run(struct sf_process *process, const struct sf_engine *engine,
	const struct sf_link *link, const struct sf_daemon_link *daemon_link,
	const struct sf_feed *feed);

/* What main() of a daemon differs in; self is its state, everything of which fini gives back. */
struct sf_process_main {
	const char *program;
	void *self;
	enum sf_err (*load)(void *self, const char *config, struct sf_diag *diag);
	enum sf_err (*open)(void *self, struct sf_diag *diag);
	int (*run)(void *self);
	void (*fini)(void *self);
};

/* --help, --version, --check-config, or the daemon's life; the exit code. */
int sf_process_main(int argc, char **argv, const struct sf_process_main *parts);

#endif
