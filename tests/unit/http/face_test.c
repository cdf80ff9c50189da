#include "http/face.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "desk.h"
#include "http/problem.h"
#include "http/routes.h"

#define HOST "Host: a\r\n"

static bool ask_feed(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	uint32_t wait_ms = (uint32_t)strtoul(exchange->parameters[0], NULL, 10);
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_FEED, .feed = {.after = 0, .count_max = 1, .wait_ms = wait_ms}};
	return true;
}

static void respond_feed(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	(void)request;
	exchange->response->status = reply->err ? 500 : 200;
	exchange->response->content_type = "text/plain";
	sf_buf_init(&exchange->response->body, 100);
	assert_int_equal(sf_buf_printf(&exchange->response->body, "rows=%zu.",
				 reply->err ? 0 : reply->feed.row_count),
		SF_OK);
}

#define PAGES 3

static size_t forgotten;

static void forget(void *kept)
{
	free(kept);
	forgotten++;
}

/* Counts replies in what it keeps, until there are enough. */
static void respond_pages(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	size_t *count = exchange->kept;
	assert_int_equal(reply->err, SF_OK);
	if (!count) {
		exchange->kept = count = calloc(1, sizeof(*count));
		exchange->forget = forget;
	}
	assert_non_null(count);
	assert_int_equal(request->feed.after, *count);
	if (++*count == PAGES) {
		exchange->response->status = 200;
		exchange->response->content_type = "text/plain";
		sf_buf_init(&exchange->response->body, 100);
		assert_int_equal(
			sf_buf_printf(&exchange->response->body, "pages=%zu.", *count), SF_OK);
		return;
	}
	struct sf_request *next = sf_arena_take(exchange->arena, sizeof(*next));
	assert_non_null(next);
	*next = (struct sf_request){
		.kind = SF_REQUEST_FEED, .feed = {.after = *count, .count_max = 1}};
	exchange->again = next;
}

/* Asks for a hash, and then answers with how it begins. */
static bool ask_hash(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	*ret_request = (struct sf_request){.kind = SF_REQUEST_SIGN_IN,
		.sign_in = {.user = exchange->parameters[0], .password = "p", .code = ""}};
	return true;
}

static void respond_hash(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	assert_int_equal(reply->err, SF_OK);
	if (!sf_digest_is_none(&request->sign_in.hash)) {
		exchange->response->status = 200;
		exchange->response->content_type = "text/plain";
		sf_buf_init(&exchange->response->body, 100);
		assert_int_equal(sf_buf_printf(&exchange->response->body, "hash=%u.",
					 request->sign_in.hash.bytes[0]),
			SF_OK);
		return;
	}
	struct sf_request *next = sf_arena_take(exchange->arena, sizeof(*next));
	struct sf_password_asked *asked = sf_arena_take(exchange->arena, sizeof(*asked));
	assert_true(next && asked);
	*next = *request;
	*asked = (struct sf_password_asked){.name = request->sign_in.user,
		.password = request->sign_in.password,
		.passes = 2,
		.ret_hash = &next->sign_in.hash};
	exchange->again = next;
	exchange->password = asked;
}

static enum sf_err hash(void *self, struct sf_view password,
	const uint8_t salt[SF_PASSWORD_SALT_SIZE], uint32_t passes, uint32_t memory_kib,
	struct sf_digest *ret_hash)
{
	(void)self;
	(void)salt;
	assert_int_equal(memory_kib, 0);
	memset(ret_hash, (int)(passes + password.size), sizeof(*ret_hash));
	return SF_OK;
}

static bool ask_wrong(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	(void)ret_request;
	sf_problem_about(exchange, 422, "member", "cpr", "is missing");
	return false;
}

static const struct sf_route feeds[] = {
	{SF_HTTP_GET, "/wrong", "wrong", "", SF_API_ROLE_BIT(SF_API_CLERK), ask_wrong,
		respond_feed},
	{SF_HTTP_GET, "/wrong-for-anybody", "wrongForAnybody", "", SF_API_ANYBODY, ask_wrong,
		respond_feed},
	{SF_HTTP_GET, "/wrong-sign-in", "wrongSignIn", "", SF_API_SIGN_IN, ask_wrong, respond_feed},
	{SF_HTTP_GET, "/hash/{name}", "hash", "", SF_API_ROLE_BIT(SF_API_CLERK), ask_hash,
		respond_hash},
	{SF_HTTP_GET, "/pages/{wait}", "pages", "", SF_API_ROLE_BIT(SF_API_CLERK), ask_feed,
		respond_pages},
	{SF_HTTP_GET, "/feed/{wait}", "feed", "", SF_API_ROLE_BIT(SF_API_CLERK), ask_feed,
		respond_feed},
	{SF_HTTP_GET, "/open/{wait}", "open", "", SF_API_ANYBODY, ask_feed, respond_feed},
};
static const struct sf_route_group groups[] = {
	{SF_COUNT(sf_routes_health), sf_routes_health, SF_AT_NODE},
	{SF_COUNT(feeds), feeds, SF_AT_NODE},
};

/* Who may ask, by a script. */
struct door {
	bool admits;
	bool heeds;
	size_t asked;
};

static bool admit(void *self, struct sf_exchange *exchange, int64_t now_ms)
{
	struct door *door = self;
	assert_int_equal(now_ms, 1000);
	door->asked++;
	if (door->admits)
		return true;
	exchange->response->authenticate = "Bearer";
	sf_problem(exchange, 401, "show a token");
	return false;
}

static bool name_asker(void *self, struct sf_exchange *exchange, struct sf_request *request)
{
	(void)self;
	(void)exchange;
	request->asker.account = "token:test";
	return true;
}

static bool heed(void *self, struct sf_exchange *exchange, struct sf_request *request)
{
	const struct door *door = self;
	assert_string_equal(request->asker.account, "token:test");
	if (!door->heeds)
		sf_problem(exchange, 400, "no purpose is called this");
	return door->heeds;
}

static bool denied(void *self, struct sf_exchange *exchange, const struct sf_reply *reply)
{
	(void)self;
	if (reply->err != SF_ERR_AUTH)
		return false;
	sf_problem(exchange, 403, reply->text);
	return true;
}

struct fixture {
	struct desk desk;
	struct door door;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	if (!fixture)
		return -1;
	desk_init(&fixture->desk);
	fixture->desk.options.groups = groups;
	fixture->desk.options.group_count = SF_COUNT(groups);
	fixture->desk.options.access = (struct sf_http_access){.self = &fixture->door,
		.admit = admit,
		.name = name_asker,
		.heed = heed,
		.denied = denied};
	fixture->door = (struct door){.admits = true, .heeds = true};
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

static int ask(struct desk *desk, const char *target)
{
	char text[256];
	int peer = desk_dial(desk);
	desk_forget(desk);
	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n" HOST "\r\n", target);
	desk_say(desk, peer, text);
	return peer;
}

static void expect(struct desk *desk, const char *target, const char *status, const char *part)
{
	int peer = ask(desk, target);
	desk_hear(desk, peer, part);
	if (strncmp(desk->text + strlen("HTTP/1.1 "), status, 3) != 0)
		fail_msg("%s: %s", target, desk->text);
	close(peer);
}

static void test_routes_are_found_asked_and_answered(void **state)
{
	struct fixture *fixture = *state;
	desk_open(&fixture->desk);
	expect(&fixture->desk, "/healthz", "200", "{\"alive\":true}");
	expect(&fixture->desk, "/readyz", "200", "\"ready\":true");
	assert_string_equal(fixture->desk.last_asker.account, "http");
	assert_int_equal(fixture->door.asked, 0);
	desk_tell(&fixture->desk, 5);
	expect(&fixture->desk, "/feed/0", "200", "rows=1.");
	assert_string_equal(fixture->desk.last_asker.account, "token:test");
	assert_int_equal(fixture->door.asked, 1);
	expect(&fixture->desk, "/nothing", "404", "problem+json");
	int peer = desk_dial(&fixture->desk);
	desk_forget(&fixture->desk);
	desk_say(&fixture->desk, peer, "PUT /healthz HTTP/1.1\r\n" HOST "\r\n");
	desk_hear(&fixture->desk, peer, "Allow: GET, HEAD\r\n");
	assert_non_null(strstr(fixture->desk.text, "HTTP/1.1 405"));
	desk_hear(&fixture->desk, peer, "this is asked with GET, HEAD\"");
	close(peer);
}

static void test_exchange_asks_again_until_it_has_all(void **state)
{
	struct fixture *fixture = *state;
	desk_open(&fixture->desk);
	desk_tell(&fixture->desk, 5);
	forgotten = 0;
	size_t before = fixture->desk.asked;
	expect(&fixture->desk, "/pages/0", "200", "pages=3.");
	assert_int_equal(fixture->desk.asked - before, PAGES);
	assert_string_equal(fixture->desk.last_asker.account, "token:test");
	expect(&fixture->desk, "/pages/0", "200", "pages=3.");
	desk_close(&fixture->desk);
	assert_int_equal(forgotten, 2);
}

static void test_whoever_asks_whether_it_is_ready_costs_a_turn_a_second(void **state)
{
	struct fixture *fixture = *state;
	desk_open(&fixture->desk);
	for (size_t i = 0; i < 10; i++) {
		expect(&fixture->desk, "/readyz", "200", "\"link\":\"connected\"");
		expect(&fixture->desk, "/version", "200", "\"program\":\"node\"");
	}
	assert_int_equal(fixture->desk.asked_status, 1);
	fixture->desk.now_ms += 1000;
	expect(&fixture->desk, "/readyz", "200", "\"ready\":true");
	assert_int_equal(fixture->desk.asked_status, 2);
	/* Trouble is heard of as well. */
	fixture->desk.denies = true;
	fixture->desk.now_ms += 1000;
	expect(&fixture->desk, "/readyz", "503", "not for this token");
	expect(&fixture->desk, "/readyz", "503", "not for this token");
	assert_int_equal(fixture->desk.asked_status, 3);
}

static void test_passwords_are_hashed_between_two_questions(void **state)
{
	struct fixture *fixture = *state;
	fixture->desk.options.crypto.password_hash = hash;
	desk_open(&fixture->desk);
	expect(&fixture->desk, "/hash/anna", "200", "hash=3.");
}

/* A thread that never comes to an end: who comes sixth for one name is sent away. */
static void start_never(void *self, const struct sf_job *job)
{
	(void)job;
	++*(size_t *)self;
}

static bool never_ended(void *self)
{
	(void)self;
	return false;
}

static void wait_never(void *self)
{
	(void)self;
}

static void test_who_finds_no_place_in_the_line_comes_again(void **state)
{
	struct fixture *fixture = *state;
	int peers[6];
	size_t started = 0;
	int descriptors[2];
	assert_int_equal(pipe(descriptors), 0);
	fixture->desk.options.crypto.password_hash = hash;
	fixture->desk.options.aside =
		(struct sf_aside){&started, descriptors[0], start_never, never_ended, wait_never};
	desk_open(&fixture->desk);
	for (size_t i = 0; i < SF_COUNT(peers); i++) {
		peers[i] = ask(&fixture->desk, "/hash/anna");
		if (i < 5)
			desk_idle(&fixture->desk);
	}
	desk_hear(&fixture->desk, peers[5], "too many sign in at once");
	assert_non_null(strstr(fixture->desk.text, "HTTP/1.1 429"));
	assert_non_null(strstr(fixture->desk.text, "Retry-After: 1\r\n"));
	assert_int_equal(started, 1);
	/* Meanwhile everything else is answered. */
	expect(&fixture->desk, "/healthz", "200", "{\"alive\":true}");
	expect(&fixture->desk, "/feed/0", "200", "rows=0.");
	for (size_t i = 0; i < SF_COUNT(peers); i++)
		close(peers[i]);
	close(descriptors[0]);
	close(descriptors[1]);
}

static void test_who_may_not_ask_is_told(void **state)
{
	struct fixture *fixture = *state;
	desk_open(&fixture->desk);
	fixture->door.admits = false;
	expect(&fixture->desk, "/feed/0", "401", "WWW-Authenticate: Bearer\r\n");
	expect(&fixture->desk, "/healthz", "200", "alive");
	fixture->door.admits = true;
	fixture->desk.denies = true;
	expect(&fixture->desk, "/feed/0", "403", "not for this token");
}

/* What is wrong with a request tells what there is: only who may ask for it hears of it. */
static void test_who_may_not_ask_hears_nothing_of_what_is_wrong(void **state)
{
	struct fixture *fixture = *state;
	static const char wrong[] = "member 'cpr' is missing";
	desk_open(&fixture->desk);
	expect(&fixture->desk, "/wrong", "422", wrong);
	assert_string_equal(fixture->desk.last_asker.account, "token:test");
	assert_int_equal(fixture->desk.asked_status, 1);
	fixture->door.heeds = false;
	expect(&fixture->desk, "/feed/0", "400", "no purpose");
	assert_int_equal(fixture->desk.asked, 0);
	fixture->desk.denies = true;
	expect(&fixture->desk, "/feed/0", "403", "not for this token");
	expect(&fixture->desk, "/wrong", "403", "not for this token");
	assert_null(strstr(fixture->desk.text, wrong));
	fixture->door.admits = false;
	expect(&fixture->desk, "/wrong", "401", "show a token");
	/* Anybody may ask this, and whoever signs in is nobody yet. */
	size_t before = fixture->desk.asked_status;
	expect(&fixture->desk, "/wrong-for-anybody", "422", wrong);
	fixture->door.admits = true;
	expect(&fixture->desk, "/wrong-sign-in", "422", wrong);
	assert_int_equal(fixture->desk.asked_status, before);
}

static void test_without_tokens_nobody_may_ask(void **state)
{
	struct fixture *fixture = *state;
	fixture->desk.options.access = (struct sf_http_access){.self = NULL};
	desk_open(&fixture->desk);
	expect(&fixture->desk, "/feed/0", "403", "nobody may ask");
	expect(&fixture->desk, "/metrics", "403", "nobody may ask");
	expect(&fixture->desk, "/version", "200", "stafet-node");
	assert_int_equal(fixture->desk.asked, 0);
}

static void test_waiting_clients_leave_places_for_others(void **state)
{
	struct fixture *fixture = *state;
	int peers[20];
	desk_open(&fixture->desk);
	for (size_t i = 0; i < SF_COUNT(peers); i++) {
		peers[i] = ask(&fixture->desk, "/open/60000");
		desk_idle(&fixture->desk);
	}
	/* Those that came too late were answered at once, with nothing. */
	assert_int_equal(desk_pending(&fixture->desk), 16);
	assert_true(desk_hears(&fixture->desk, peers[19], "rows=0."));
	/* Who hangs up gives its place back. */
	close(peers[0]);
	desk_idle(&fixture->desk);
	assert_int_equal(desk_pending(&fixture->desk), 15);
	int another = ask(&fixture->desk, "/open/60000");
	desk_idle(&fixture->desk);
	assert_int_equal(desk_pending(&fixture->desk), 16);
	desk_tell(&fixture->desk, 1);
	desk_hear(&fixture->desk, another, "rows=1.");
	assert_int_equal(desk_pending(&fixture->desk), 0);
	close(another);
	for (size_t i = 1; i < SF_COUNT(peers); i++)
		close(peers[i]);
}

static void test_request_without_a_place_is_sent_away_in_time(void **state)
{
	struct fixture *fixture = *state;
	fixture->desk.stalls = true;
	desk_open(&fixture->desk);
	int peer = ask(&fixture->desk, "/open/0");
	assert_false(desk_hears(&fixture->desk, peer, "HTTP"));
	fixture->desk.now_ms += 4999;
	assert_false(desk_hears(&fixture->desk, peer, "HTTP"));
	fixture->desk.now_ms += 1;
	desk_hear(&fixture->desk, peer, "nothing was accepted");
	assert_non_null(strstr(fixture->desk.text, "HTTP/1.1 503"));
	assert_non_null(strstr(fixture->desk.text, "Retry-After: 1\r\n"));
	close(peer);
}

int main(void)
{
#define FACE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		FACE_TEST(test_routes_are_found_asked_and_answered),
		FACE_TEST(test_exchange_asks_again_until_it_has_all),
		FACE_TEST(test_whoever_asks_whether_it_is_ready_costs_a_turn_a_second),
		FACE_TEST(test_passwords_are_hashed_between_two_questions),
		FACE_TEST(test_who_finds_no_place_in_the_line_comes_again),
		FACE_TEST(test_who_may_not_ask_is_told),
		FACE_TEST(test_who_may_not_ask_hears_nothing_of_what_is_wrong),
		FACE_TEST(test_without_tokens_nobody_may_ask),
		FACE_TEST(test_waiting_clients_leave_places_for_others),
		FACE_TEST(test_request_without_a_place_is_sent_away_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
