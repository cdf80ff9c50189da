#include "cmd/daemon.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/limits.h"
#include "cmd/feed_log.h"
#include "os/account.h"
#include "os/signals.h"
#include "wire/local.h"

#define CALLS_MAX ((size_t)64)
#define CALL_ARENA_SIZE_MAX                                                                        \
	(4 * SF_LOCAL_SIZE_MAX)      /* a request, its reply, and rows on the way                  \
				      */
#define ROUND_MS_MAX ((int64_t)1000) /* sockets report what happened at least this often */
#define TROUBLE_MS ((int64_t)1000)   /* pause after a turn that could not be */

/* One request of a local program, from taking it to its reply. */
struct pending_call {
	uint64_t connection;   /* 0: this place is free */
	struct sf_arena arena; /* of the request */
	struct sf_request request;
	struct sf_arena reply_arena; /* emptied when a long poll is asked again */
	struct sf_reply reply;
	int64_t deadline_ms; /* of a long poll, monotonic; 0: not waiting */
	uint64_t change;     /* what it had seen when it was asked last */
};

struct daemon {
	const struct sf_daemon_options *options;
	struct sf_turn turn;
	struct pending_call calls[CALLS_MAX];
	int64_t now_ms;  /* monotonic, read once a round */
	uint64_t told;   /* rows of the feed up to here are in the log */
	uint64_t change; /* turns after which a long poll may have something to tell */
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

static void end_call(struct pending_call *call)
{
	sf_arena_fini(&call->arena);
	sf_arena_fini(&call->reply_arena);
	*call = (struct pending_call){.connection = 0};
}

static void reply_and_end(struct daemon *daemon, struct pending_call *call)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_LOCAL_SIZE_MAX);
	if (sf_local_reply_encode(&call->reply, &bytes)) {
		const struct sf_reply too_large = {
			.err = SF_ERR_LIMIT, .text = "the reply is too large; ask for fewer rows"};
		sf_buf_clear(&bytes);
		sf_ignore(sf_local_reply_encode(&too_large, &bytes));
	}
	sf_server_reply(daemon->options->server, call->connection, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	end_call(call);
}

static struct pending_call *free_place(struct daemon *daemon)
{
	for (size_t i = 0; i < CALLS_MAX; i++)
		if (daemon->calls[i].connection == 0)
			return &daemon->calls[i];
	return NULL;
}

static enum sf_err name_asker(struct pending_call *call, uid_t peer)
{
	char account[SF_ACCOUNT_NAME_SIZE];
	sf_account_name(peer, account);
	call->request.asker.account = sf_arena_text(&call->arena, sf_view_text(account));
	return call->request.asker.account ? SF_OK : SF_ERR_LIMIT;
}

/* What local programs have asked since the last round. */
static void take_calls(struct daemon *daemon)
{
	struct sf_server_call asked;
	struct pending_call *call;
	while ((call = free_place(daemon)) && sf_server_take(daemon->options->server, &asked)) {
		struct sf_diag diag = {{0}};
		call->connection = asked.connection;
		sf_arena_init(&call->arena, CALL_ARENA_SIZE_MAX);
		sf_arena_init(&call->reply_arena, CALL_ARENA_SIZE_MAX);
		enum sf_err err =
			sf_local_request_decode(asked.request, &call->arena, &call->request, &diag);
		if (!err)
			err = name_asker(call, asked.peer);
		if (!err)
			continue;
		call->reply = (struct sf_reply){.err = err, .text = diag.text};
		reply_and_end(daemon, call);
	}
}

/* A long poll is asked again after a turn that changed something, and at its deadline. */
static bool is_ready(const struct daemon *daemon, const struct pending_call *call)
{
	if (call->connection == 0)
		return false;
	return call->deadline_ms == 0 || call->change != daemon->change ||
	       call->deadline_ms <= daemon->now_ms ||
	       !sf_server_connected(daemon->options->server, call->connection);
}

static void settle_call(struct daemon *daemon, struct pending_call *call)
{
	uint32_t wait_ms = 0;
	bool waits = sf_local_request_waits(&call->request, &call->reply, &wait_ms);
	if (waits && call->deadline_ms == 0)
		call->deadline_ms = daemon->now_ms + wait_ms;
	if (waits && call->deadline_ms > daemon->now_ms &&
		sf_server_connected(daemon->options->server, call->connection))
		return;
	reply_and_end(daemon, call);
}

static void refuse_call(struct daemon *daemon, struct pending_call *call, enum sf_err err)
{
	call->reply = (struct sf_reply){.err = err,
		.text = err == SF_ERR_DISK_FULL
				? "the disk is full: nothing was accepted; make room and try again"
			: err == SF_ERR_AGAIN
				? "the store cannot take it now: nothing was accepted; try again"
				: "this request cannot be done: nothing was accepted"};
	reply_and_end(daemon, call);
}

/* The calls that are ready, at most CALLS_MAX; whether one of them is not a waiting long poll. */
static size_t gather_calls(
	struct daemon *daemon, struct sf_call *calls, struct pending_call **places, bool *ret_new)
{
	size_t count = 0;
	bool new_call = false;
	for (size_t i = 0; i < CALLS_MAX; i++) {
		struct pending_call *call = &daemon->calls[i];
		if (!is_ready(daemon, call))
			continue;
		new_call = new_call || call->deadline_ms == 0;
		call->change = daemon->change;
		sf_arena_clear(&call->reply_arena);
		places[count] = call;
		calls[count++] = (struct sf_call){.request = &call->request,
			.arena = &call->reply_arena,
			.reply = &call->reply};
	}
	*ret_new = new_call;
	return count;
}

/* The machine itself: what the store holds is not known here. */
static bool is_grave(enum sf_err err)
{
	return err == SF_ERR_IO || err == SF_ERR_CORRUPT || err == SF_ERR_STATE ||
	       err == SF_ERR_MEMORY;
}

/* A call whose error has ended the turn is told so; the others are asked again in the next. */
static bool refuse_failed(
	struct daemon *daemon, struct sf_call *calls, struct pending_call **places, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!calls[i].failed || is_grave(calls[i].failed))
			continue;
		refuse_call(daemon, places[i], calls[i].failed);
		return true;
	}
	return false;
}

/* One turn with the calls that are ready. SF_OK also after a turn that could not be but may later.
 */
static enum sf_err run_turn(struct daemon *daemon, bool *ret_busy)
{
	struct sf_call calls[CALLS_MAX];
	struct pending_call *places[CALLS_MAX];
	bool new_call;
	size_t count = gather_calls(daemon, calls, places, &new_call);
	struct sf_diag diag = {{0}};
	uint64_t turns = daemon->turn.turns;
	enum sf_err err = sf_turn_run(&daemon->turn, calls, count, ret_busy, &diag);
	if (!err && turns != daemon->turn.turns)
		err = daemon->options->link.after_turn(daemon->options->link.self, &diag);
	/* What a turn did can be read after it, also by a long poll that took part in it; a turn
	 * with nothing but long polls in it must not wake them again. */
	if (!err && turns != daemon->turn.turns && (new_call || daemon->turn.moved))
		daemon->change++;
	if (err)
		log_trouble(daemon, SF_LOG_TURN_FAILED, err, &diag);
	if (err && !is_grave(err) && refuse_failed(daemon, calls, places, count)) {
		*ret_busy = true;
		return SF_OK;
	}
	for (size_t i = 0; i < count; i++) {
		if (calls[i].answered)
			settle_call(daemon, places[i]);
		else
			refuse_call(daemon, places[i], err ? err : SF_ERR_AGAIN);
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
	int64_t wait = ROUND_MS_MAX;
	int64_t due_ms = daemon->turn.engine.next_due_ms(daemon->turn.engine.self);
	if (due_ms < INT64_MAX)
		wait = earliest(wait, due_ms - daemon->turn.now_ms);
	if (daemon->quiet_until_ms > daemon->now_ms)
		wait = daemon->quiet_until_ms - daemon->now_ms;
	int64_t wake_ms = daemon->options->link.wake_ms(daemon->options->link.self);
	if (wake_ms < INT64_MAX)
		wait = earliest(wait, wake_ms - daemon->now_ms);
	bool quiet = daemon->quiet_until_ms > daemon->now_ms;
	for (size_t i = 0; i < CALLS_MAX && !quiet; i++) {
		const struct pending_call *call = &daemon->calls[i];
		if (call->deadline_ms > 0 && call->change != daemon->change)
			return 0;
		if (call->deadline_ms > 0)
			wait = earliest(wait, call->deadline_ms - daemon->now_ms);
	}
	return wait < 0 ? 0 : (int)wait;
}

/* Waits for the link, local programs and signals, and handles what the latter two bring. */
static void wait_for_work(struct daemon *daemon, bool busy)
{
	const struct sf_daemon_options *options = daemon->options;
	struct pollfd fds[2 * CALLS_MAX + SF_DAEMON_LINK_FDS_MAX];
	size_t server_count =
		sf_server_poll(options->server, fds, SF_COUNT(fds) - SF_DAEMON_LINK_FDS_MAX - 1);
	size_t count = server_count;
	fds[count++] = (struct pollfd){.fd = options->signal_fd, .events = POLLIN};
	int link_fds[SF_DAEMON_LINK_FDS_MAX];
	size_t link_count = options->link.fds(options->link.self, link_fds);
	for (size_t i = 0; i < link_count; i++)
		fds[count++] = (struct pollfd){.fd = link_fds[i], .events = POLLIN};
	bool quiet = daemon->quiet_until_ms > daemon->now_ms;
	int wait =
		busy || (!quiet && options->link.pending(options->link.self)) ? 0 : wait_ms(daemon);
	if (poll(fds, (nfds_t)count, wait) < 0 && errno != EINTR) {
		log_trouble(daemon, SF_LOG_TURN_FAILED, SF_ERR_IO, NULL);
		return;
	}
	daemon->now_ms = daemon->turn.env.monotonic_ms(daemon->turn.env.self);
	sf_server_handle(options->server, fds, server_count, daemon->now_ms);
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

int sf_daemon_run(const struct sf_daemon_options *options)
{
	struct daemon *daemon = calloc(1, sizeof(*daemon));
	if (!daemon)
		return 1;
	daemon->options = options;
	daemon->turn = options->turn;
	daemon->told = sf_feed_cursor(options->feed);
	enum sf_err err = SF_OK;
	sf_notify_ready(options->notify);
	while (!err && !stop_asked(daemon)) {
		bool busy = false;
		daemon->now_ms = daemon->turn.env.monotonic_ms(daemon->turn.env.self);
		options->link.tick(options->link.self, daemon->now_ms);
		take_calls(daemon);
		if (daemon->quiet_until_ms <= daemon->now_ms)
			err = run_turn(daemon, &busy);
		watch_clock(daemon);
		sf_feed_log_write(options->log, options->feed, &daemon->told);
		sf_notify_alive(options->notify);
		if (!err)
			wait_for_work(daemon, busy);
	}
	sf_notify_stopping(options->notify);
	for (size_t i = 0; i < CALLS_MAX; i++)
		if (daemon->calls[i].connection)
			end_call(&daemon->calls[i]);
	free(daemon);
	return err ? 1 : 0;
}
