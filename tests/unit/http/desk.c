#include "desk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/limits.h"

#define TURN_MS 5
#define TURNS_MAX 2000 /* of TURN_MS at most: ten seconds, then the test has failed */
#define ROWS_MAX 256

void desk_init(struct desk *desk)
{
	desk->options = sf_http_face_options_default("127.0.0.1:0");
	desk->places = DESK_CALLS_MAX;
	desk->now_ms = 1000;
}

void desk_open(struct desk *desk)
{
	struct sf_diag diag = {{0}};
	if (sf_http_face_open(&desk->options, &desk->opened, &diag))
		fail_msg("%s", diag.text);
	desk->face = sf_http_face(desk->opened);
}

void desk_close(struct desk *desk)
{
	for (size_t i = 0; i < DESK_CALLS_MAX; i++)
		if (desk->calls[i].call)
			sf_arena_fini(&desk->calls[i].arena);
	sf_http_face_close(&desk->opened);
}

void desk_tell(struct desk *desk, uint64_t newest)
{
	desk->newest = newest;
	if (desk->oldest == 0)
		desk->oldest = 1;
}

void desk_end(struct desk *desk, const struct sf_digest *digest)
{
	desk->ended++;
	desk->all_ended = !digest;
	if (digest)
		desk->ended_last = *digest;
}

static void end(struct desk *desk, struct desk_call *call, const struct sf_reply *reply)
{
	desk->face.reply(desk->face.self, call->call, &call->request, reply);
	sf_arena_fini(&call->arena);
	*call = (struct desk_call){.call = 0};
}

/* As the daemon does: rows behind the cursor, or nothing; a long poll waits while it is nothing. */
static void serve_feed(struct desk *desk, struct desk_call *call)
{
	static struct sf_feed_row rows[ROWS_MAX];
	const struct sf_request_feed *feed = &call->request.feed;
	size_t count = 0;
	uint64_t first = feed->after + 1;
	if (first < desk->oldest || first > desk->newest + 1)
		first = desk->oldest;
	for (uint64_t at = first; desk->newest && at <= desk->newest; at++) {
		if (count == feed->count_max || count == ROWS_MAX)
			break;
		rows[count++] = (struct sf_feed_row){
			.cursor = at, .at_ms = (int64_t)at, .what = SF_FEED_RECEIVED};
	}
	if (count == 0 && feed->wait_ms > 0 && desk->face.waits(desk->face.self, call->call))
		return;
	const struct sf_reply reply = {.kind = SF_REPLY_FEED,
		.text = "",
		.feed = {.cursor = desk->newest, .row_count = count, .rows = rows}};
	end(desk, call, &reply);
}

/* Waits while there is nothing to tell, as the daemon has it. */
static void serve_ended(struct desk *desk, struct desk_call *call)
{
	bool news = desk->ended > call->request.ended.after;
	assert_true(call->request.ended.wait_ms > 0);
	if (!news && desk->face.waits(desk->face.self, call->call))
		return;
	const struct sf_reply reply = {.kind = SF_REPLY_ENDED,
		.text = "",
		.ended = {.newest = desk->ended,
			.all = desk->all_ended,
			.digests = sf_view_of(desk->ended_last.bytes, news ? SF_DIGEST_SIZE : 0)}};
	end(desk, call, &reply);
}

static void serve_by_test(struct desk *desk, struct desk_call *call)
{
	struct sf_reply reply = {.text = ""};
	desk->answer(desk, &call->request, &reply);
	end(desk, call, &reply);
}

static void serve(struct desk *desk, struct desk_call *call)
{
	const struct sf_reply denied = {.err = SF_ERR_AUTH, .text = "not for this token"};
	const struct sf_reply status = {.kind = SF_REPLY_STATUS,
		.text = "",
		.status = {.program = "node", .software = "stafet-node", .link = "connected"}};
	if (desk->denies)
		end(desk, call, &denied);
	else if (call->request.kind == SF_REQUEST_FEED)
		serve_feed(desk, call);
	else if (call->request.kind == SF_REQUEST_ENDED)
		serve_ended(desk, call);
	else if (desk->answer && call->request.kind != SF_REQUEST_STATUS)
		serve_by_test(desk, call);
	else
		end(desk, call, &status);
}

static bool take_one(struct desk *desk, struct desk_call *place)
{
	sf_arena_init(&place->arena, SF_LOCAL_SIZE_MAX);
	if (!desk->face.take(desk->face.self, &place->arena, &place->call, &place->request)) {
		sf_arena_fini(&place->arena);
		*place = (struct desk_call){.call = 0};
		return false;
	}
	if (place->request.kind == SF_REQUEST_FEED) {
		desk->asked++;
		desk->last_wait_ms = place->request.feed.wait_ms;
	}
	desk->asked_status += place->request.kind == SF_REQUEST_STATUS;
	desk->last_asker = place->request.asker;
	return true;
}

static void take_all(struct desk *desk)
{
	bool taken = !desk->stalls;
	for (size_t i = 0; taken && i < desk->places; i++)
		if (desk->calls[i].call == 0)
			taken = take_one(desk, &desk->calls[i]);
}

void desk_turn(struct desk *desk)
{
	struct sf_watch watches[2];
	struct pollfd fds[2];
	assert_int_equal(desk->face.watch_max(desk->face.self), 2);
	size_t count = desk->face.watch(desk->face.self, watches, 2);
	assert_int_equal(count, desk->options.aside.start ? 2 : 1);
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){.fd = watches[i].descriptor, .events = POLLIN};
	int64_t wake_ms = desk->face.wake_ms(desk->face.self);
	poll(fds, (nfds_t)count, wake_ms <= desk->now_ms ? 0 : TURN_MS);
	desk->face.handle(desk->face.self, watches, count, desk->now_ms);
	take_all(desk);
	for (size_t i = 0; i < DESK_CALLS_MAX; i++)
		if (desk->calls[i].call)
			serve(desk, &desk->calls[i]);
}

size_t desk_pending(const struct desk *desk)
{
	size_t count = 0;
	for (size_t i = 0; i < DESK_CALLS_MAX; i++)
		count += desk->calls[i].call != 0;
	return count;
}

int desk_dial(const struct desk *desk)
{
	uint16_t port = sf_http_server_port(sf_http_face_server(desk->opened));
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(peer >= 0);
	assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof(address)), 0);
	return peer;
}

void desk_say(struct desk *desk, int peer, const char *text)
{
	assert_int_equal(send(peer, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	desk_turn(desk);
}

void desk_forget(struct desk *desk)
{
	desk->text_size = 0;
	desk->text[0] = '\0';
}

/* False when the connection ended. */
static bool receive(struct desk *desk, int peer)
{
	ssize_t size = recv(peer, desk->text + desk->text_size,
		DESK_TEXT_SIZE - 1 - desk->text_size, MSG_DONTWAIT);
	desk->text_size += size > 0 ? (size_t)size : 0;
	desk->text[desk->text_size] = '\0';
	return size > 0 || (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

void desk_hear(struct desk *desk, int peer, const char *part)
{
	for (int turn = 0; turn < TURNS_MAX; turn++) {
		desk_turn(desk);
		bool goes = receive(desk, peer);
		if (strstr(desk->text, part))
			return;
		if (!goes)
			break;
	}
	fail_msg("never came: %s in %s", part, desk->text);
}

void desk_idle(struct desk *desk)
{
	for (int turn = 0; turn < 20; turn++)
		desk_turn(desk);
}

bool desk_hears(struct desk *desk, int peer, const char *part)
{
	desk_idle(desk);
	receive(desk, peer);
	return strstr(desk->text, part) != NULL;
}

void desk_hear_end(struct desk *desk, int peer)
{
	for (int turn = 0; turn < TURNS_MAX; turn++) {
		desk_turn(desk);
		if (!receive(desk, peer))
			return;
	}
	fail_msg("the connection did not end: %s", desk->text);
}
