/* The cookie of a session, and who is told to be signed in. */
#include "http/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exchange.h"

static const struct sf_route *find(const char *operation)
{
	for (size_t i = 0; i < SF_COUNT(sf_routes_session); i++)
		if (strcmp(sf_routes_session[i].operation, operation) == 0)
			return &sf_routes_session[i];
	fail();
	return NULL;
}

static void open_exchange(struct told *told, const char *operation, const char *cookie)
{
	told_init(told, "/console/session");
	told->exchange.route = find(operation);
	told->exchange.cookie = cookie;
}

static const struct sf_reply signed_in = {.kind = SF_REPLY_SESSION,
	.text = "",
	.session = {.program = "node",
		.user = "anna",
		.full_name = "Anna Hansen",
		.roles = 1u << SF_API_CLERK,
		.party_name = "",
		.secret = "SECRET",
		.csrf = "CSRF",
		.idle_ms = 900000}};

static const char *set_cookie_of(const struct told *told)
{
	for (size_t i = 0; i < told->response.header_count; i++)
		if (strcmp(told->response.headers[i].name, "Set-Cookie") == 0)
			return told->response.headers[i].value;
	return NULL;
}

static void test_the_secret_goes_into_the_cookie_alone(void **state)
{
	(void)state;
	static const struct {
		const char *cookie, *expected;
	} cases[] = {
		{"stafet-8080", "stafet-8080=SECRET; Path=/; HttpOnly; SameSite=Strict"},
		{"__Host-stafet-443",
			"__Host-stafet-443=SECRET; Path=/; HttpOnly; SameSite=Strict; Secure"},
	};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct told told;
		open_exchange(&told, "signIn", cases[i].cookie);
		told.exchange.route->respond(&told.exchange, NULL, &signed_in);
		assert_int_equal(told.response.status, 200);
		assert_string_equal(set_cookie_of(&told), cases[i].expected);
		assert_false(told_has(&told, "SECRET"));
		assert_true(told_has(&told, "\"csrf\":\"CSRF\""));
		assert_true(told_has(&told, "\"daemon\":\"node\""));
		assert_true(told_has(&told, "\"party\":null"));
		told_fini(&told);
	}
}

static void test_reading_sets_no_cookie(void **state)
{
	(void)state;
	struct told told;
	struct sf_reply reply = signed_in;
	reply.session.secret = "";
	open_exchange(&told, "readSession", "stafet-8080");
	told.exchange.route->respond(&told.exchange, NULL, &reply);
	assert_int_equal(told.response.status, 200);
	assert_null(set_cookie_of(&told));
	assert_true(told_has(&told, "\"idle_s\":900"));
	told_fini(&told);
}

static void test_nobody_is_told_whose_door_it_is(void **state)
{
	(void)state;
	struct told told;
	struct sf_reply reply = signed_in;
	reply.session.user = reply.session.secret = "";
	const struct sf_request asked = {.asker = {.by_password = true}};
	open_exchange(&told, "readSession", "stafet-8080");
	told.exchange.route->respond(&told.exchange, &asked, &reply);
	assert_int_equal(told.response.status, 401);
	assert_string_equal(told.response.content_type, "application/problem+json");
	assert_non_null(told.response.authenticate);
	assert_true(told_has(&told, "\"daemon\":\"node\""));
	assert_true(told_has(&told, "\"passwords\":true"));
	assert_false(told_has(&told, "Anna"));
	told_fini(&told);
}

static void test_signing_out_takes_the_cookie_away(void **state)
{
	(void)state;
	struct told told;
	const struct sf_reply done = {.text = ""};
	open_exchange(&told, "signOut", "stafet-8080");
	told.exchange.route->respond(&told.exchange, NULL, &done);
	assert_int_equal(told.response.status, 204);
	assert_string_equal(
		set_cookie_of(&told), "stafet-8080=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
	told_fini(&told);
}

static bool ask(struct told *told, const char *body, struct sf_request *ret_request)
{
	open_exchange(told, "signIn", "stafet-8080");
	told->request.method = SF_HTTP_POST;
	told->request.content_type = "application/json";
	told->request.body = sf_view_text(body);
	return told->exchange.route->ask(&told->exchange, ret_request);
}

static void test_sign_in_takes_a_name_with_its_password_or_a_code(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	assert_true(ask(&told, "{\"user\":\"anna\",\"password\":\"p\"}", &request));
	assert_int_equal(request.kind, SF_REQUEST_SIGN_IN);
	assert_string_equal(request.sign_in.user, "anna");
	assert_string_equal(request.sign_in.password, "p");
	told_fini(&told);
	assert_true(ask(&told, "{\"code\":\"c\"}", &request));
	assert_string_equal(request.sign_in.code, "c");
	told_fini(&told);
	static const char *const wrong[] = {"{}", "{\"user\":\"anna\"}", "{\"password\":\"p\"}",
		"{\"user\":\"anna\",\"password\":\"p\",\"more\":1}", "{\"code\":1}", "[]",
		"user=anna"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_false(ask(&told, wrong[i], &request));
		assert_true(told.response.status == 400 || told.response.status == 422);
		told_fini(&told);
	}
}

static void test_a_password_is_hashed_on_the_terms_of_the_engine(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	uint8_t salt[SF_PASSWORD_SALT_SIZE] = {1, 2, 3};
	assert_true(ask(&told, "{\"user\":\"anna\",\"password\":\"p\"}", &request));
	assert_true(sf_digest_is_none(&request.sign_in.hash));
	const struct sf_reply terms = {.kind = SF_REPLY_PASSWORD,
		.text = "",
		.password = {sf_view_of(salt, sizeof(salt)), 3, 4096}};
	told.exchange.route->respond(&told.exchange, &request, &terms);
	assert_int_equal(told.response.status, 0);
	const struct sf_password_asked *asked = told.exchange.password;
	assert_non_null(asked);
	assert_string_equal(asked->name, "anna");
	assert_string_equal(asked->password, "p");
	assert_memory_equal(asked->salt, salt, sizeof(salt));
	assert_int_equal(asked->passes, 3);
	assert_int_equal(asked->memory_kib, 4096);
	/* What is asked next is the same with the hash. */
	asked->ret_hash->bytes[0] = 7;
	assert_int_equal(told.exchange.again->kind, SF_REQUEST_SIGN_IN);
	assert_string_equal(told.exchange.again->sign_in.user, "anna");
	assert_int_equal(told.exchange.again->sign_in.hash.bytes[0], 7);
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_password_is_hashed_on_the_terms_of_the_engine),
		cmocka_unit_test(test_the_secret_goes_into_the_cookie_alone),
		cmocka_unit_test(test_reading_sets_no_cookie),
		cmocka_unit_test(test_nobody_is_told_whose_door_it_is),
		cmocka_unit_test(test_signing_out_takes_the_cookie_away),
		cmocka_unit_test(test_sign_in_takes_a_name_with_its_password_or_a_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
