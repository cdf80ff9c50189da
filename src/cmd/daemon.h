/*
 * What both daemons share: one thread, one poll loop around the turn (DESIGN.md section 4), the
 * faces, signals, the service manager and the log.
 */
#ifndef SF_CMD_DAEMON_H
#define SF_CMD_DAEMON_H

#include "audit/feed.h"
#include "os/log.h"
#include "os/notify.h"
#include "port/face.h"
#include "turn/turn.h"

#define SF_DAEMON_LINK_FDS_MAX 4
#define SF_DAEMON_FACES_MAX 6 /* the local socket, HTTP, MLLP in and out, a folder, webhooks */

/* The daemon's side of its link adapter: what the loop must know beyond struct sf_link. */
struct sf_daemon_link {
	void *self; /* borrowed */
	/* Descriptors to wait on; ret_fds has room for SF_DAEMON_LINK_FDS_MAX. */
	size_t (*fds)(void *self, int *ret_fds);
	/* The last thing before poll: true when there is something to do without waiting. */
	bool (*pending)(void *self);
	/* At the start of each round; monotonic time. */
	void (*tick)(void *self, int64_t now_ms);
	/* Monotonic time of its next own business; INT64_MAX when none. */
	int64_t (*wake_ms)(void *self);
	/* After each turn that committed, e.g. to follow the directory. SF_OK to go on. */
	enum sf_err (*after_turn)(void *self, struct sf_diag *diag);
};

struct sf_daemon_options {
	struct sf_turn turn; /* engine, store, link and env filled in */
	struct sf_daemon_link link;
	struct sf_face faces[SF_DAEMON_FACES_MAX];
	size_t face_count;
	struct sf_log *log;         /* borrowed */
	const struct sf_feed *feed; /* borrowed: what the engine tells, for the log */
	struct sf_notify *notify;   /* borrowed */
	int signal_fd;
};

/* Runs until SIGTERM or SIGINT (0) or an error that only a restart mends (1): the exit code. */
int sf_daemon_run(const struct sf_daemon_options *options);

#endif
