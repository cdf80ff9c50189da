#include "local/face.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "wire/local.h"

#define POLL_MS 20
#define ROUNDS_MAX 500 /* of POLL_MS at most: ten seconds, then the test has failed */
#define WATCHES_MAX 80

struct fixture {
	char folder[64];
	char path[96];
	struct sf_server *server;
	struct sf_local_face *opened;
	struct sf_face face;
	struct sf_arena arena;
	int peer;
};

static void account_name(uid_t user, char ret_name[SF_LOCAL_ACCOUNT_SIZE])
{
	snprintf(ret_name, SF_LOCAL_ACCOUNT_SIZE, "account %u", (unsigned)user);
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	memcpy(fixture->folder, "/tmp/stafet-face-XXXXXX", 24);
	if (!mkdtemp(fixture->folder))
		return -1;
	snprintf(fixture->path, sizeof(fixture->path), "%s/socket", fixture->folder);
	struct sf_server_options options = sf_server_options_default(fixture->path);
	if (sf_server_open(&options, &fixture->server, NULL) ||
		sf_local_face_open(fixture->server, account_name, &fixture->opened))
		return -1;
	fixture->face = sf_local_face(fixture->opened);
	sf_arena_init(&fixture->arena, SF_LOCAL_SIZE_MAX);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, fixture->path, strlen(fixture->path) + 1);
	fixture->peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*state = fixture;
	return connect(fixture->peer, (struct sockaddr *)&address, sizeof(address));
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	if (fixture->peer >= 0)
		close(fixture->peer);
	sf_arena_fini(&fixture->arena);
	sf_local_face_close(&fixture->opened);
	sf_server_close(&fixture->server);
	rmdir(fixture->folder);
	free(fixture);
	return 0;
}

/* One round of a daemon's loop: watch, poll, handle. */
static void turn(struct fixture *fixture)
{
	struct sf_watch watches[WATCHES_MAX];
	struct pollfd fds[WATCHES_MAX];
	assert_true(fixture->face.watch_max(fixture->face.self) <= WATCHES_MAX);
	size_t count = fixture->face.watch(fixture->face.self, watches, WATCHES_MAX);
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){.fd = watches[i].descriptor,
			.events = (short)((watches[i].wants & SF_WATCH_READ ? POLLIN : 0) |
					  (watches[i].wants & SF_WATCH_WRITE ? POLLOUT : 0))};
	assert_true(poll(fds, count, POLL_MS) >= 0);
	for (size_t i = 0; i < count; i++) {
		bool broken = fds[i].revents & (POLLHUP | POLLERR | POLLNVAL);
		watches[i].ready = (fds[i].revents & POLLIN || broken ? SF_WATCH_READ : 0) |
				   (fds[i].revents & POLLOUT || broken ? SF_WATCH_WRITE : 0);
	}
	fixture->face.handle(fixture->face.self, watches, count, 0);
}

static void put(struct fixture *fixture, struct sf_view bytes)
{
	uint8_t prefix[4];
	sf_put_u32(prefix, (uint32_t)bytes.size);
	assert_int_equal(send(fixture->peer, prefix, sizeof(prefix), MSG_NOSIGNAL), 4);
	assert_int_equal(send(fixture->peer, bytes.data, bytes.size, MSG_NOSIGNAL), bytes.size);
}

static uint64_t next_call(struct fixture *fixture, struct sf_request *ret_request)
{
	uint64_t call = 0;
	for (int round = 0; round < ROUNDS_MAX; round++) {
		if (fixture->face.take(fixture->face.self, &fixture->arena, &call, ret_request))
			return call;
		turn(fixture);
	}
	fail_msg("no request came");
	return 0;
}

/* The reply that stands in the socket, decoded; the face goes on meanwhile. */
static struct sf_reply next_reply(struct fixture *fixture)
{
	static uint8_t bytes[4096];
	size_t got = 0;
	for (int round = 0; round < ROUNDS_MAX; round++) {
		ssize_t size = recv(fixture->peer, bytes + got, sizeof(bytes) - got, MSG_DONTWAIT);
		got += size > 0 ? (size_t)size : 0;
		if (got >= 4 && got == 4 + (size_t)sf_get_u32(bytes))
			break;
		struct sf_request request;
		uint64_t call;
		assert_false(
			fixture->face.take(fixture->face.self, &fixture->arena, &call, &request));
		turn(fixture);
	}
	struct sf_reply reply;
	assert_int_equal(sf_local_reply_decode(
				 sf_view_of(bytes + 4, got - 4), &fixture->arena, &reply, NULL),
		SF_OK);
	return reply;
}

static void put_status(struct fixture *fixture)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_STATUS, .asker = {.account = "somebody else"}};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_LOCAL_SIZE_MAX);
	assert_int_equal(sf_local_request_encode(&request, &bytes), SF_OK);
	put(fixture, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
}

static void test_request_is_decoded_and_named_by_the_kernel(void **state)
{
	struct fixture *fixture = *state;
	put_status(fixture);
	struct sf_request request;
	uint64_t call = next_call(fixture, &request);
	assert_int_equal(request.kind, SF_REQUEST_STATUS);
	char name[SF_LOCAL_ACCOUNT_SIZE];
	account_name(getuid(), name);
	assert_string_equal(request.asker.account, name);
	assert_true(fixture->face.waits(fixture->face.self, call));
	const struct sf_reply reply = {.kind = SF_REPLY_DONE, .text = "done"};
	fixture->face.reply(fixture->face.self, call, &request, &reply);
	assert_string_equal(next_reply(fixture).text, "done");
}

static void test_nonsense_is_answered_by_the_face(void **state)
{
	struct fixture *fixture = *state;
	put(fixture, sf_view_text("\xff\xff\xff"));
	assert_true(next_reply(fixture).err != SF_OK);
	/* The connection lives on. */
	put_status(fixture);
	struct sf_request request;
	assert_true(next_call(fixture, &request) != 0);
}

static void test_reply_that_is_too_large_is_said_so(void **state)
{
	struct fixture *fixture = *state;
	put_status(fixture);
	struct sf_request request;
	uint64_t call = next_call(fixture, &request);
	uint8_t *content = calloc(1, SF_LOCAL_SIZE_MAX);
	assert_non_null(content);
	const struct sf_reply reply = {.kind = SF_REPLY_MESSAGE,
		.message = {.content = sf_view_of(content, SF_LOCAL_SIZE_MAX)}};
	fixture->face.reply(fixture->face.self, call, &request, &reply);
	free(content);
	assert_int_equal(next_reply(fixture).err, SF_ERR_LIMIT);
}

static void test_peer_that_hangs_up_is_not_waited_for(void **state)
{
	struct fixture *fixture = *state;
	put_status(fixture);
	struct sf_request request;
	uint64_t call = next_call(fixture, &request);
	close(fixture->peer);
	fixture->peer = -1;
	for (int round = 0; fixture->face.waits(fixture->face.self, call); round++) {
		assert_true(round < ROUNDS_MAX);
		turn(fixture);
	}
	const struct sf_reply reply = {.kind = SF_REPLY_DONE};
	fixture->face.reply(fixture->face.self, call, &request, &reply);
	assert_int_equal(sf_server_connection_count(fixture->server), 0);
}

int main(void)
{
#define FACE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		FACE_TEST(test_request_is_decoded_and_named_by_the_kernel),
		FACE_TEST(test_nonsense_is_answered_by_the_face),
		FACE_TEST(test_reply_that_is_too_large_is_said_so),
		FACE_TEST(test_peer_that_hangs_up_is_not_waited_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
