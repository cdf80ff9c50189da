/* An attachment as one response, of which the engine gives a part at a time. */
#include "http/download.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "desk.h"

#define PATH "/api/v1/messages/00112233445566778899aabbccddeeff/attachments/3"
#define PART ((size_t)1000)
#define SIZE ((size_t)2500)
#define ASKED_MAX 16
#define ROUNDS_MAX 50

struct fixture {
	struct desk desk;            /* first: what the desk hands to answer is this */
	size_t size;                 /* of the attachment */
	size_t part;                 /* bytes of a part at most */
	uint64_t fails_at, grows_at; /* offsets; 0: never */
	size_t asked;
	uint64_t offsets[ASKED_MAX]; /* the first of those that were asked for */
	uint8_t bytes[SF_ATTACHMENT_PART_SIZE];
};

static bool admit(void *self, struct sf_exchange *exchange, int64_t now_ms)
{
	(void)self;
	(void)exchange;
	(void)now_ms;
	return true;
}

static bool name_asker(void *self, struct sf_exchange *exchange, struct sf_request *request)
{
	(void)self;
	(void)exchange;
	request->asker.account = "token:test";
	return true;
}

/* The byte at an offset is a letter that follows from it. */
static void give(struct desk *desk, const struct sf_request *request, struct sf_reply *ret_reply)
{
	struct fixture *fixture = (struct fixture *)desk;
	const struct sf_request_attachment *asked = &request->attachment;
	assert_int_equal(request->kind, SF_REQUEST_ATTACHMENT);
	assert_int_equal(asked->number, 3);
	assert_int_equal(asked->message.bytes[15], 0xff);
	assert_string_equal(request->asker.account, "token:test");
	if (fixture->asked < ASKED_MAX)
		fixture->offsets[fixture->asked] = asked->offset;
	fixture->asked++;
	if (fixture->fails_at > 0 && asked->offset >= fixture->fails_at) {
		*ret_reply = (struct sf_reply){.err = SF_ERR_AUTH, .text = "revoked meanwhile"};
		return;
	}
	size_t left = asked->offset < fixture->size ? fixture->size - (size_t)asked->offset : 0;
	size_t count = left < fixture->part ? left : fixture->part;
	for (size_t i = 0; i < count; i++)
		fixture->bytes[i] = (uint8_t)('a' + (asked->offset + i) % 23);
	bool grows = fixture->grows_at > 0 && asked->offset >= fixture->grows_at;
	*ret_reply = (struct sf_reply){.kind = SF_REPLY_ATTACHMENT,
		.text = "",
		.attachment = {.row = {.content_type = "image/png",
				       .size = fixture->size + (grows ? 1 : 0)},
			.offset = asked->offset,
			.content = sf_view_of(fixture->bytes, count)}};
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	desk_init(&fixture->desk);
	fixture->desk.options.access = (struct sf_http_access){.admit = admit, .name = name_asker};
	fixture->desk.answer = give;
	fixture->size = SIZE;
	fixture->part = PART;
	desk_open(&fixture->desk);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	desk_close(&fixture->desk);
	free(fixture);
	return 0;
}

static int ask(struct desk *desk, const char *query)
{
	char text[256];
	int peer = desk_dial(desk);
	desk_forget(desk);
	snprintf(text, sizeof(text),
		"GET " PATH "%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", query);
	desk_say(desk, peer, text);
	return peer;
}

/* What came behind the head. */
static const char *body_of(const struct desk *desk)
{
	const char *end = strstr(desk->text, "\r\n\r\n");
	assert_non_null(end);
	return end + 4;
}

static void expect_bytes(const char *body, size_t from, size_t count)
{
	assert_int_equal(strlen(body), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(body[i], 'a' + (from + i) % 23);
}

static void test_parts_become_one_response(void **state)
{
	struct fixture *fixture = *state;
	int peer = ask(&fixture->desk, "");
	desk_hear_end(&fixture->desk, peer);
	assert_non_null(strstr(fixture->desk.text, "HTTP/1.1 200"));
	assert_non_null(strstr(fixture->desk.text, "Content-Length: 2500\r\n"));
	assert_non_null(strstr(fixture->desk.text, "Content-Type: image/png\r\n"));
	expect_bytes(body_of(&fixture->desk), 0, SIZE);
	/* Each part once, in order, and none behind the last. */
	assert_int_equal(fixture->asked, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(fixture->offsets[i], i * PART);
	close(peer);
}

static void test_who_was_cut_off_goes_on_where_it_was(void **state)
{
	struct fixture *fixture = *state;
	int peer = ask(&fixture->desk, "?offset=1800");
	desk_hear_end(&fixture->desk, peer);
	assert_non_null(strstr(fixture->desk.text, "Content-Length: 700\r\n"));
	expect_bytes(body_of(&fixture->desk), 1800, 700);
	close(peer);
	peer = ask(&fixture->desk, "?offset=2500");
	desk_hear(&fixture->desk, peer, "ends before this offset");
	assert_non_null(strstr(fixture->desk.text, "HTTP/1.1 416"));
	close(peer);
}

/* What cannot be had ends the connection before its length: it never looks whole. */
static void test_what_is_cut_off_never_looks_whole(void **state)
{
	struct fixture *fixture = *state;
	fixture->fails_at = PART;
	int peer = ask(&fixture->desk, "");
	desk_hear_end(&fixture->desk, peer);
	assert_non_null(strstr(fixture->desk.text, "Content-Length: 2500\r\n"));
	expect_bytes(body_of(&fixture->desk), 0, PART);
	assert_null(strstr(fixture->desk.text, "revoked"));
	close(peer);
	/* The same when it is not the attachment any more that it was. */
	fixture->fails_at = 0;
	fixture->grows_at = 2 * PART;
	peer = ask(&fixture->desk, "");
	desk_hear_end(&fixture->desk, peer);
	expect_bytes(body_of(&fixture->desk), 0, 2 * PART);
	close(peer);
}

/* So many at a time; who goes away makes room, and is asked for nothing any more. */
static void test_so_many_are_read_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct desk *desk = &fixture->desk;
	int peers[SF_DOWNLOADS_MAX];
	/* More than sockets hold: whoever does not read keeps its place. */
	fixture->size = (size_t)64 * 1024 * 1024;
	fixture->part = SF_ATTACHMENT_PART_SIZE;
	for (size_t i = 0; i < SF_DOWNLOADS_MAX; i++) {
		peers[i] = ask(desk, "");
		desk_idle(desk);
	}
	/* Until the sockets are full nothing is said of them. */
	size_t asked = 0;
	for (size_t round = 0; round < ROUNDS_MAX && asked != fixture->asked; round++) {
		asked = fixture->asked;
		for (size_t i = 0; i < 5; i++)
			desk_idle(desk);
	}
	assert_int_equal(fixture->asked, asked);
	assert_true(asked < SF_DOWNLOADS_MAX * fixture->size / fixture->part);
	int another = ask(desk, "");
	desk_hear(desk, another, "too many attachments are read at once");
	assert_non_null(strstr(desk->text, "HTTP/1.1 503"));
	assert_non_null(strstr(desk->text, "Retry-After: "));
	assert_int_equal(fixture->asked, asked);
	close(another);
	close(peers[0]);
	desk_idle(desk);
	another = ask(desk, "");
	desk_hear(desk, another, "abcdefgh");
	close(another);
	for (size_t i = 1; i < SF_DOWNLOADS_MAX; i++)
		close(peers[i]);
	desk_idle(desk);
	assert_int_equal(desk_pending(desk), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_parts_become_one_response),
		TEST(test_who_was_cut_off_goes_on_where_it_was),
		TEST(test_what_is_cut_off_never_looks_whole),
		TEST(test_so_many_are_read_at_once),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
