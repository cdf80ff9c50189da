#include "cmd/daemon.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "cmd/calls.h"
#include "cmd/feed_log.h"
#include "os/signals.h"

#define ROUND_MS_MAX ((int64_t)1000) /* sockets report what happened at least this often */
#define TROUBLE_MS ((int64_t)1000)   /* pause after a turn that could not be */

struct daemon {
	const struct sf_daemon_options *options;
	struct sf_turn turn;
	struct sf_calls calls;
	struct sf_gathered gathered; /* of the turn that runs */
	struct sf_watch *watches;    /* owned: room for what all faces watch */
	struct pollfd *fds;          /* owned: the same, the link's and the signals' */
	size_t watch_max;
	int64_t now_ms; /* monotonic, read once a round */
	uint64_t told;  /* rows of the feed up to here are in the log */
	int64_t quiet_until_ms;
	bool clock_alarm;
};

static void log_trouble(
	struct daemon *daemon, enum sf_log_event event, enum sf_err err, const struct sf_diag *diag)
{
	struct sf_log_line line;
	sf_log_begin(&line, daemon->options->log, SF_LOG_ERROR, event, daemon->turn.now_ms);
	sf_log_diag(&line, err, diag);
	sf_log_end(&line);
}

/* The machine itself: what the store holds is not known here. */
static bool is_grave(enum sf_err err)
{
	return err == SF_ERR_IO || err == SF_ERR_CORRUPT || err == SF_ERR_STATE ||
	       err == SF_ERR_MEMORY;
}

/* A call whose error has ended the turn is told so; the others are asked again in the next. */
static bool refuse_failed(struct daemon *daemon)
{
	const struct sf_gathered *gathered = &daemon->gathered;
	for (size_t i = 0; i < gathered->count; i++) {
		enum sf_err failed = gathered->calls[i].failed;
		if (!failed || is_grave(failed))
			continue;
		sf_calls_refuse(&daemon->calls, gathered->places[i], failed);
		return true;
	}
	return false;
}

/* One turn with the calls that are ready. SF_OK also after a turn that could not be but may later.
 */
static enum sf_err run_turn(struct daemon *daemon, bool *ret_busy)
{
	struct sf_gathered *gathered = &daemon->gathered;
	sf_calls_gather(&daemon->calls, daemon->now_ms, gathered);
	struct sf_diag diag = {{0}};
	uint64_t turns = daemon->turn.turns;
	enum sf_err err =
		sf_turn_run(&daemon->turn, gathered->calls, gathered->count, ret_busy, &diag);
	if (!err && turns != daemon->turn.turns)
		err = daemon->options->link.after_turn(daemon->options->link.self, &diag);
	/* What a turn did can be read after it, also by a long poll that took part in it; a turn
	 * with nothing but long polls in it must not wake them again. */
	if (!err && turns != daemon->turn.turns && (gathered->has_new || daemon->turn.moved))
		daemon->calls.change++;
	if (err)
		log_trouble(daemon, SF_LOG_TURN_FAILED, err, &diag);
	if (err && !is_grave(err) && refuse_failed(daemon)) {
		*ret_busy = true;
		return SF_OK;
	}
	for (size_t i = 0; i < gathered->count; i++) {
		if (gathered->calls[i].answered)
			sf_calls_settle(&daemon->calls, gathered->places[i], daemon->now_ms);
		else
			sf_calls_refuse(
				&daemon->calls, gathered->places[i], err ? err : SF_ERR_AGAIN);
	}
	if (err != SF_ERR_DISK_FULL && err != SF_ERR_AGAIN && err != SF_ERR_LIMIT)
		return err;
	daemon->quiet_until_ms = daemon->now_ms + TROUBLE_MS;
	*ret_busy = false;
	return SF_OK;
}

static int64_t earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Milliseconds to wait at most before the next round. */
static int wait_ms(struct daemon *daemon)
{
	const struct sf_daemon_options *options = daemon->options;
	bool quiet = daemon->quiet_until_ms > daemon->now_ms;
	int64_t wake_ms = options->link.wake_ms(options->link.self);
	for (size_t i = 0; i < options->face_count; i++)
		wake_ms = earliest(wake_ms, options->faces[i].wake_ms(options->faces[i].self));
	if (!quiet)
		wake_ms = earliest(wake_ms, sf_calls_wake_ms(&daemon->calls));
	int64_t wait = ROUND_MS_MAX;
	int64_t due_ms = daemon->turn.engine.next_due_ms(daemon->turn.engine.self);
	if (quiet)
		wait = daemon->quiet_until_ms - daemon->now_ms;
	else if (due_ms < INT64_MAX)
		wait = earliest(wait, due_ms - daemon->turn.now_ms);
	if (wake_ms < INT64_MAX)
		wait = earliest(wait, wake_ms - daemon->now_ms);
	return wait < 0 ? 0 : (int)wait;
}

static struct pollfd to_poll(const struct sf_watch *watch)
{
	return (struct pollfd){.fd = watch->descriptor,
		.events = (short)((watch->wants & SF_WATCH_READ ? POLLIN : 0) |
				  (watch->wants & SF_WATCH_WRITE ? POLLOUT : 0))};
}

static unsigned ready_of(const struct pollfd *fd)
{
	if (fd->revents & (POLLERR | POLLHUP | POLLNVAL))
		return SF_WATCH_READ | SF_WATCH_WRITE;
	return (fd->revents & POLLIN ? SF_WATCH_READ : 0) |
	       (fd->revents & POLLOUT ? SF_WATCH_WRITE : 0);
}

/* Waits for the link, faces and signals, and lets the faces handle what is there. */
static void wait_for_work(struct daemon *daemon, bool busy)
{
	const struct sf_daemon_options *options = daemon->options;
	size_t counts[SF_DAEMON_FACES_MAX];
	size_t count = 0;
	for (size_t i = 0; i < options->face_count; i++) {
		counts[i] = options->faces[i].watch(
			options->faces[i].self, daemon->watches + count, daemon->watch_max - count);
		count += counts[i];
	}
	for (size_t i = 0; i < count; i++)
		daemon->fds[i] = to_poll(&daemon->watches[i]);
	size_t fd_count = count;
	daemon->fds[fd_count++] = (struct pollfd){.fd = options->signal_fd, .events = POLLIN};
	int link_fds[SF_DAEMON_LINK_FDS_MAX];
	size_t link_count = options->link.fds(options->link.self, link_fds);
	for (size_t i = 0; i < link_count; i++)
		daemon->fds[fd_count++] = (struct pollfd){.fd = link_fds[i], .events = POLLIN};
	bool quiet = daemon->quiet_until_ms > daemon->now_ms;
	int wait =
		busy || (!quiet && options->link.pending(options->link.self)) ? 0 : wait_ms(daemon);
	if (poll(daemon->fds, (nfds_t)fd_count, wait) < 0 && errno != EINTR) {
		log_trouble(daemon, SF_LOG_TURN_FAILED, SF_ERR_IO, NULL);
		return;
	}
	for (size_t i = 0; i < count; i++)
		daemon->watches[i].ready = ready_of(&daemon->fds[i]);
	daemon->now_ms = daemon->turn.env.monotonic_ms(daemon->turn.env.self);
	const struct sf_watch *watches = daemon->watches;
	for (size_t i = 0; i < options->face_count; i++) {
		options->faces[i].handle(
			options->faces[i].self, watches, counts[i], daemon->now_ms);
		watches += counts[i];
	}
}

static bool stop_asked(const struct daemon *daemon)
{
	enum sf_signal signal;
	bool stop = false;
	while (!sf_signals_next(daemon->options->signal_fd, &signal))
		stop |= signal == SF_SIGNAL_STOP;
	return stop;
}

static void watch_clock(struct daemon *daemon)
{
	if (daemon->turn.clock.jumped == daemon->clock_alarm)
		return;
	daemon->clock_alarm = daemon->turn.clock.jumped;
	struct sf_log_line line;
	sf_log_begin(
		&line, daemon->options->log, SF_LOG_ERROR, SF_LOG_CLOCK_JUMP, daemon->turn.now_ms);
	sf_log_bool(&line, "jumped", daemon->clock_alarm);
	sf_log_end(&line);
}

static void close_daemon(struct daemon *daemon)
{
	sf_calls_fini(&daemon->calls);
	free(daemon->watches);
	free(daemon->fds);
	free(daemon);
}

/* NULL when memory is out. */
static struct daemon *open_daemon(const struct sf_daemon_options *options)
{
	struct daemon *daemon = calloc(1, sizeof(*daemon));
	if (!daemon)
		return NULL;
	daemon->options = options;
	daemon->turn = options->turn;
	daemon->told = sf_feed_cursor(options->feed);
	sf_calls_init(&daemon->calls, options->faces, options->face_count);
	for (size_t i = 0; i < options->face_count; i++)
		daemon->watch_max += options->faces[i].watch_max(options->faces[i].self);
	daemon->watches = calloc(daemon->watch_max + 1, sizeof(*daemon->watches));
	daemon->fds = calloc(daemon->watch_max + 1 + SF_DAEMON_LINK_FDS_MAX, sizeof(*daemon->fds));
	if (daemon->watches && daemon->fds)
		return daemon;
	close_daemon(daemon);
	return NULL;
}

int sf_daemon_run(const struct sf_daemon_options *options)
{
	struct daemon *daemon = open_daemon(options);
	if (!daemon)
		return 1;
	enum sf_err err = SF_OK;
	sf_notify_ready(options->notify);
	while (!err && !stop_asked(daemon)) {
		bool busy = false;
		daemon->now_ms = daemon->turn.env.monotonic_ms(daemon->turn.env.self);
		options->link.tick(options->link.self, daemon->now_ms);
		sf_calls_take(&daemon->calls);
		if (daemon->quiet_until_ms <= daemon->now_ms)
			err = run_turn(daemon, &busy);
		watch_clock(daemon);
		sf_feed_log_write(options->log, options->feed, &daemon->told);
		sf_notify_alive(options->notify);
		if (!err)
			wait_for_work(daemon, busy);
	}
	sf_notify_stopping(options->notify);
	close_daemon(daemon);
	return err ? 1 : 0;
}
