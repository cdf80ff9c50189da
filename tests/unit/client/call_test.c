#include "client/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/client/daemon.h"

#define TIMEOUT_MS 10000

struct fixture {
	struct daemon daemon;
	struct sf_client *client;
	struct sf_arena arena;
};

/* Answers a directory question with the word asked for, and a message with much content. */
static void script(
	const struct sf_request *request, struct sf_arena *arena, struct sf_reply *ret_reply)
{
	if (request->kind == SF_REQUEST_MESSAGE) {
		ret_reply->kind = SF_REPLY_MESSAGE;
		void *content = sf_arena_take(arena, 5000000);
		ret_reply->message.content = sf_view_of(content, 5000000);
		return;
	}
	if (request->kind != SF_REQUEST_DIRECTORY) {
		ret_reply->err = SF_ERR_UNSUPPORTED;
		ret_reply->text = "not in the script";
		return;
	}
	struct sf_directory_row *row = sf_arena_take(arena, sizeof(*row));
	row->name = request->directory.party;
	ret_reply->kind = SF_REPLY_DIRECTORY;
	ret_reply->directory.row_count = 1;
	ret_reply->directory.rows = row;
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	daemon_start(&fixture->daemon, script);
	sf_arena_init(&fixture->arena, 4 * SF_LOCAL_SIZE_MAX);
	*state = fixture;
	return sf_client_open(fixture->daemon.path, TIMEOUT_MS, &fixture->client, NULL) == SF_OK
		       ? 0
		       : -1;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sf_client_close(&fixture->client);
	daemon_end(&fixture->daemon);
	sf_arena_fini(&fixture->arena);
	free(fixture);
	return 0;
}

static enum sf_err ask(struct fixture *fixture, const char *word, struct sf_reply *ret_reply)
{
	struct sf_request request = {.kind = SF_REQUEST_DIRECTORY};
	request.directory.party = word;
	return sf_client_call(
		fixture->client, &request, &fixture->arena, ret_reply, &(struct sf_diag){""});
}

static void test_calls_are_answered_one_after_the_other(void **state)
{
	struct fixture *fixture = *state;
	char word[24];
	for (int i = 0; i < 50; i++) {
		snprintf(word, sizeof(word), "word %d", i);
		struct sf_reply reply;
		assert_int_equal(ask(fixture, word, &reply), SF_OK);
		assert_int_equal(reply.err, SF_OK);
		assert_string_equal(reply.directory.rows[0].name, word);
	}
	assert_int_equal(fixture->daemon.answer_count, 50);
}

static void test_what_the_daemon_says_is_not_an_error_of_the_call(void **state)
{
	struct fixture *fixture = *state;
	struct sf_request request = {.kind = SF_REQUEST_RESEND};
	struct sf_reply reply;
	assert_int_equal(
		sf_client_call(fixture->client, &request, &fixture->arena, &reply, NULL), SF_OK);
	assert_int_equal(reply.err, SF_ERR_UNSUPPORTED);
	assert_string_equal(reply.text, "not in the script");
}

static void test_large_requests_and_replies_go_through(void **state)
{
	struct fixture *fixture = *state;
	struct sf_request request = {.kind = SF_REQUEST_SEND};
	uint8_t *content = calloc(1, SF_LOCAL_SIZE_MAX);
	request.send.content = sf_view_of(content, 5000000);
	struct sf_reply reply;
	assert_int_equal(
		sf_client_call(fixture->client, &request, &fixture->arena, &reply, NULL), SF_OK);
	assert_int_equal(reply.err, SF_ERR_UNSUPPORTED);
	request.send.content.size = SF_LOCAL_SIZE_MAX;
	assert_int_equal(sf_client_call(fixture->client, &request, &fixture->arena, &reply, NULL),
		SF_ERR_LIMIT);
	free(content);
	request = (struct sf_request){.kind = SF_REQUEST_MESSAGE};
	assert_int_equal(
		sf_client_call(fixture->client, &request, &fixture->arena, &reply, NULL), SF_OK);
	assert_int_equal(reply.message.content.size, 5000000);
	/* The same for an arena that has no room for it; the conversation goes on. */
	struct sf_arena small;
	sf_arena_init(&small, 65536);
	assert_int_equal(
		sf_client_call(fixture->client, &request, &small, &reply, NULL), SF_ERR_LIMIT);
	sf_arena_fini(&small);
	assert_int_equal(ask(fixture, "on", &reply), SF_OK);
}

static void test_a_daemon_started_anew_is_found_again(void **state)
{
	struct fixture *fixture = *state;
	struct sf_reply reply;
	assert_int_equal(ask(fixture, "before", &reply), SF_OK);
	daemon_stop(&fixture->daemon);
	struct sf_diag diag;
	struct sf_request request = {.kind = SF_REQUEST_STATUS};
	assert_int_equal(sf_client_call(fixture->client, &request, &fixture->arena, &reply, &diag),
		SF_ERR_UNREACHABLE);
	assert_non_null(strstr(diag.text, "nobody listens"));
	daemon_again(&fixture->daemon);
	assert_int_equal(ask(fixture, "after", &reply), SF_OK);
	assert_string_equal(reply.directory.rows[0].name, "after");
}

static void test_silence_ends_in_time_and_the_next_call_is_answered(void **state)
{
	struct fixture *fixture = *state;
	sf_client_close(&fixture->client);
	assert_int_equal(sf_client_open(fixture->daemon.path, 50, &fixture->client, NULL), SF_OK);
	atomic_store(&fixture->daemon.silent, true);
	struct sf_reply reply;
	struct sf_diag diag;
	struct sf_request request = {.kind = SF_REQUEST_STATUS};
	assert_int_equal(sf_client_call(fixture->client, &request, &fixture->arena, &reply, &diag),
		SF_ERR_UNREACHABLE);
	assert_non_null(strstr(diag.text, "in time"));
	sf_client_close(&fixture->client);
	assert_int_equal(
		sf_client_open(fixture->daemon.path, TIMEOUT_MS, &fixture->client, NULL), SF_OK);
	atomic_store(&fixture->daemon.silent, false);
	assert_int_equal(ask(fixture, "again", &reply), SF_OK);
	assert_string_equal(reply.directory.rows[0].name, "again");
}

static void test_garbled_replies_are_refused(void **state)
{
	struct fixture *fixture = *state;
	atomic_store(&fixture->daemon.garbled, true);
	struct sf_reply reply;
	assert_int_equal(ask(fixture, "x", &reply), SF_ERR_FORMAT);
}

static void test_nobody_there_and_unusable_paths_are_told_apart(void **state)
{
	(void)state;
	struct sf_client *client = NULL;
	struct sf_diag diag;
	assert_int_equal(sf_client_open("/tmp/stafet-nobody-listens-here", 100, &client, &diag),
		SF_ERR_UNREACHABLE);
	assert_non_null(strstr(diag.text, "nobody listens"));
	assert_int_equal(sf_client_open("", 100, &client, &diag), SF_ERR_CONFIG);
	assert_int_equal(sf_client_open("/tmp/x", 0, &client, &diag), SF_ERR_CONFIG);
	char path[200];
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(sf_client_open(path, 100, &client, &diag), SF_ERR_CONFIG);
	assert_null(client);
}

int main(void)
{
#define CALL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CALL_TEST(test_calls_are_answered_one_after_the_other),
		CALL_TEST(test_what_the_daemon_says_is_not_an_error_of_the_call),
		CALL_TEST(test_large_requests_and_replies_go_through),
		CALL_TEST(test_a_daemon_started_anew_is_found_again),
		CALL_TEST(test_silence_ends_in_time_and_the_next_call_is_answered),
		CALL_TEST(test_garbled_replies_are_refused),
		cmocka_unit_test(test_nobody_there_and_unusable_paths_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
