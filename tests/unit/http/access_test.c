#include "http/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "exchange.h"
#include "http/routes.h"

#define TOKEN "Bearer stafet_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define OTHER "Bearer stafet_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

/* Not a hash, but another for what these tests show. */
static void mix(void *self, const char *name, struct sf_view bytes, struct sf_digest *ret_digest)
{
	(void)self;
	uint64_t state = 1469598103934665603u;
	for (const char *at = name; *at; at++)
		state = (state ^ (uint8_t)*at) * 1099511628211u;
	for (size_t i = 0; i < bytes.size; i++)
		state = (state ^ bytes.data[i]) * 1099511628211u;
	for (size_t i = 0; i < SF_DIGEST_SIZE; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		ret_digest->bytes[i] = (uint8_t)(state >> 56);
	}
}

struct door {
	struct sf_http_gate *gate;
	struct sf_http_access access;
	struct told told;
	struct sf_request request;
};

static const struct sf_route route = {.method = SF_HTTP_POST,
	.path = "/x",
	.operation = "x",
	.roles = SF_API_ROLE_BIT(SF_API_CLERK)};

static void open_door(struct door *door)
{
	const struct sf_crypto crypto = {.record_digest = mix};
	struct sf_http_gate_options options = sf_http_gate_options_default(&crypto);
	options.token_per_s = 2;
	options.token_burst = 3;
	options.guess_burst = 2;
	options.trusted_from = "127.0.0.1";
	assert_int_equal(sf_http_gate_open(&options, &door->gate), SF_OK);
	door->access = sf_http_gate_access(door->gate);
	told_init(&door->told, "/x");
	door->told.exchange.route = &route;
	door->told.request.method = SF_HTTP_POST;
	door->told.request.authorization = TOKEN;
	door->request = (struct sf_request){.kind = SF_REQUEST_STATUS};
}

static void close_door(struct door *door)
{
	told_fini(&door->told);
	sf_http_gate_close(&door->gate);
	assert_null(door->gate);
}

static bool admit(struct door *door, int64_t now_ms)
{
	return door->access.admit(door->access.self, &door->told.exchange, now_ms);
}

static bool name(struct door *door)
{
	return door->access.name(door->access.self, &door->told.exchange, &door->request) &&
	       door->access.heed(door->access.self, &door->told.exchange, &door->request);
}

static bool deny(struct door *door, enum sf_err err)
{
	const struct sf_reply reply = {.err = err, .text = "no"};
	return door->access.denied(door->access.self, &door->told.exchange, &reply);
}

static void test_without_a_token_of_ours_the_answer_is_401(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", "Bearer", "Bearer ", "Basic c3RhZmV0",
		"Bearer stafet_short", TOKEN "A", TOKEN " ", "Bearer stafet_\n",
		"Bearer Stafet_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		struct door door;
		open_door(&door);
		door.told.request.authorization = wrong[i];
		assert_false(admit(&door, 1000));
		assert_int_equal(door.told.response.status, 401);
		assert_string_equal(door.told.response.authenticate, "Bearer realm=\"stafet\"");
		close_door(&door);
	}
}

static void test_a_token_has_its_bucket(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	for (size_t i = 0; i < 3; i++)
		assert_true(admit(&door, 1000));
	assert_false(admit(&door, 1000));
	assert_int_equal(door.told.response.status, 429);
	assert_int_equal(door.told.response.retry_after_s, 1);
	/* Another token is not held up by it, and half a second is one request. */
	door.told.request.authorization = OTHER;
	assert_true(admit(&door, 1000));
	door.told.request.authorization = TOKEN;
	assert_true(admit(&door, 1500));
	assert_false(admit(&door, 1500));
	close_door(&door);
}

static void test_guessing_is_slow_and_does_not_hold_up_who_is_known(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	assert_true(admit(&door, 1000));
	door.told.request.authorization = OTHER;
	for (size_t i = 0; i < 2; i++) {
		assert_true(admit(&door, 1000));
		assert_true(deny(&door, SF_ERR_KEY_UNKNOWN));
		assert_int_equal(door.told.response.status, 401);
	}
	assert_false(admit(&door, 1000));
	assert_int_equal(door.told.response.status, 429);
	door.told.request.authorization = TOKEN;
	assert_true(admit(&door, 1000));
	/* From another address the same is only unknown. */
	door.told.request.authorization = OTHER;
	door.told.request.peer = "192.0.2.7";
	assert_true(admit(&door, 1000));
	close_door(&door);
}

static void test_a_guess_that_was_put_off_is_put_off_when_it_comes_again(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	for (size_t i = 0; i < 2; i++) {
		assert_true(admit(&door, 1000));
		assert_true(deny(&door, SF_ERR_KEY_UNKNOWN));
	}
	/* That it was shown before does not make it known: the engine has not seen it. */
	door.told.request.authorization = OTHER;
	for (size_t i = 0; i < 3; i++) {
		assert_false(admit(&door, 1000));
		assert_int_equal(door.told.response.status, 429);
	}
	close_door(&door);
}

/* Who has one address of IPv6 has as many as he likes: a network of 64 bits is one (RFC 6177). */
static void test_a_network_of_ipv6_guesses_as_one(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	static const char *const peers[] = {"2001:db8::1", "2001:db8::2:3"};
	for (size_t i = 0; i < 2; i++) {
		door.told.request.peer = peers[i];
		assert_true(admit(&door, 1000));
		assert_true(deny(&door, SF_ERR_KEY_UNKNOWN));
	}
	door.told.request.peer = "2001:db8::4";
	assert_false(admit(&door, 1000));
	assert_int_equal(door.told.response.status, 429);
	door.told.request.peer = "2001:db8:0:1::4";
	assert_true(admit(&door, 1000));
	close_door(&door);
}

static void test_many_tokens_do_not_grow_the_table(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	char text[] = TOKEN;
	for (size_t i = 0; i < 20000; i++) {
		for (size_t j = 0, rest = i; j < 4; j++, rest /= 26)
			text[sizeof(TOKEN) - 2 - j] = (char)('a' + rest % 26);
		door.told.request.authorization = text;
		assert_true(admit(&door, (int64_t)i));
	}
	close_door(&door);
}

static void test_a_request_says_who_asks_and_as_what(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	door.told.request.purpose = "audit";
	assert_true(name(&door));
	assert_true(door.request.asker.over_http);
	assert_int_equal(door.request.asker.allowed_roles, route.roles);
	assert_int_equal(door.request.asker.purpose, SF_PURPOSE_AUDIT);
	assert_false(sf_digest_is_none(&door.request.asker.token));
	assert_true(sf_digest_is_none(&door.request.repeatable.key));
	assert_false(door.request.expected.said);
	door.told.request.purpose = "curiosity";
	assert_false(name(&door));
	assert_int_equal(door.told.response.status, 400);
	close_door(&door);
}

static void test_a_key_is_of_its_bearer_and_its_body(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	door.told.request.idempotency_key = "1";
	assert_true(name(&door));
	struct sf_repeatable first = door.request.repeatable;
	assert_true(name(&door));
	assert_memory_equal(&first, &door.request.repeatable, sizeof(first));
	door.told.request.body = sf_view_text("{}");
	assert_true(name(&door));
	assert_true(sf_digest_equal(&first.key, &door.request.repeatable.key));
	assert_false(sf_digest_equal(&first.body, &door.request.repeatable.body));
	door.told.request.authorization = OTHER;
	assert_true(name(&door));
	assert_false(sf_digest_equal(&first.key, &door.request.repeatable.key));
	char long_key[300];
	memset(long_key, 'k', sizeof(long_key));
	long_key[sizeof(long_key) - 1] = '\0';
	door.told.request.idempotency_key = long_key;
	assert_false(name(&door));
	assert_int_equal(door.told.response.status, 400);
	close_door(&door);
}

/* Each of them is asked for: another telephone in a letter is another letter. */
static void test_a_key_stands_for_everything_that_was_asked(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	door.told.request.idempotency_key = "1";
	door.told.request.method = SF_HTTP_POST;
	assert_true(name(&door));
	const struct sf_repeatable first = door.request.repeatable;
	const struct sf_http_request asked = door.told.request;
	struct sf_http_request others[7];
	for (size_t i = 0; i < SF_COUNT(others); i++)
		others[i] = asked;
	others[0].method = SF_HTTP_PUT;
	others[1].contact_name = "Vagten";
	others[2].contact_telephone = "00000002";
	others[3].path = "/api/v1/other";
	others[4].query = "letter=correspondence";
	others[5].content_type = "application/pdf";
	others[6].charset = "iso-8859-1";
	for (size_t i = 0; i < SF_COUNT(others); i++) {
		door.told.request = others[i];
		assert_true(name(&door));
		assert_true(sf_digest_equal(&first.key, &door.request.repeatable.key));
		if (sf_digest_equal(&first.body, &door.request.repeatable.body))
			fail_msg("%zu was taken for the first", i);
	}
	close_door(&door);
}

static void test_if_match_names_a_state(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	door.told.request.if_match =
		"\"12-00000000000000000000000000000000000000000000000000000000000000ff\"";
	assert_true(name(&door));
	assert_true(door.request.expected.said);
	assert_int_equal(door.request.expected.sequence, 12);
	assert_int_equal(door.request.expected.head.bytes[SF_DIGEST_SIZE - 1], 0xff);
	static const char *const wrong[] = {"\"12\"", "12-ff", "\"-1\"", "\"x-00\"",
		"\"12-00000000000000000000000000000000000000000000000000000000000000fg\"",
		"\"12-00000000000000000000000000000000000000000000000000000000000000ff\", \"a\""};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		door.told.request.if_match = wrong[i];
		assert_false(name(&door));
		assert_int_equal(door.told.response.status, 412);
	}
	close_door(&door);
}

static void test_no_role_is_403_and_other_errors_are_the_routes(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	assert_true(deny(&door, SF_ERR_AUTH));
	assert_int_equal(door.told.response.status, 403);
	assert_false(deny(&door, SF_ERR_NOT_FOUND));
	close_door(&door);
}

/* A cookie, or the word of a proxy, comes by itself: what is unsafe shows what the page was told.
 */
static void test_what_comes_by_itself_shows_its_csrf(void **state)
{
	(void)state;
	static const struct {
		const char *cookie, *user;
	} cases[] = {{"stafet=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""}, {"", "anna"}};
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		struct door door;
		open_door(&door);
		door.told.request.authorization = "";
		door.told.request.cookie = cases[i].cookie;
		door.told.request.asserted_user = cases[i].user;
		assert_false(admit(&door, 1000));
		assert_int_equal(door.told.response.status, 403);
		sf_buf_fini(&door.told.response.body);
		/* Reading is safe, and says what must be shown. */
		door.told.request.method = SF_HTTP_GET;
		assert_true(admit(&door, 1000));
		assert_true(name(&door));
		assert_int_equal(strlen(door.request.asker.csrf), 43);
		assert_true(sf_digest_is_none(&door.request.asker.token));
		assert_false(sf_digest_is_none(&door.request.asker.session));
		assert_int_equal(!door.request.asker.asserted_user, !cases[i].user[0]);
		door.told.request.method = SF_HTTP_POST;
		door.told.request.csrf = door.request.asker.csrf;
		assert_true(admit(&door, 1000));
		/* From a page of another site not even that. */
		door.told.request.fetch_site = "cross-site";
		assert_false(admit(&door, 1000));
		assert_int_equal(door.told.response.status, 403);
		close_door(&door);
	}
}

static void test_who_is_named_from_elsewhere_is_refused_with_a_token_too(void **state)
{
	(void)state;
	struct door door;
	open_door(&door);
	assert_true(admit(&door, 1000));
	door.told.request.asserted_user = "anna";
	assert_true(admit(&door, 1000));
	door.told.request.peer = "192.0.2.1";
	assert_false(admit(&door, 1000));
	assert_int_equal(door.told.response.status, 403);
	close_door(&door);
}

static void test_passwords_are_let_through_a_few_a_second(void **state)
{
	(void)state;
	static const struct sf_route enter = {.method = SF_HTTP_POST,
		.path = "/x",
		.operation = "signIn",
		.roles = SF_API_SIGN_IN};
	struct door door;
	open_door(&door);
	door.told.exchange.route = &enter;
	door.told.request.authorization = "";
	door.request = (struct sf_request){.kind = SF_REQUEST_SIGN_IN,
		.sign_in = {.user = "anna", .password = "password", .code = ""}};
	for (size_t i = 0; i < 8; i++) {
		assert_true(admit(&door, 1000));
		assert_true(name(&door));
	}
	assert_false(name(&door));
	assert_int_equal(door.told.response.status, 429);
	sf_buf_fini(&door.told.response.body);
	/* A link costs nothing, and after a second four more are let through. */
	door.request.sign_in.code = "code";
	assert_true(name(&door));
	door.request.sign_in.code = "";
	for (size_t i = 0; i < 4; i++) {
		assert_true(admit(&door, 2000));
		assert_true(name(&door));
	}
	assert_false(name(&door));
	sf_buf_fini(&door.told.response.body);
	/* Who comes from elsewhere is not held up by that, and is told apart by it. */
	struct sf_digest origin = door.told.exchange.origin;
	door.told.request.peer = "192.0.2.1";
	assert_true(admit(&door, 2000));
	assert_true(name(&door));
	assert_false(sf_digest_equal(&origin, &door.told.exchange.origin));
	/* The second question about the same password is none of its own. */
	door.told.request.peer = "127.0.0.1";
	door.request.sign_in.hash.bytes[0] = 1;
	assert_true(name(&door));
	close_door(&door);
}

/* Who shows nothing at a page's door, or what is nobody's, costs turns as anybody. */
static void test_who_is_nobody_visits_so_often(void **state)
{
	(void)state;
	static const struct sf_route read = {.method = SF_HTTP_GET,
		.path = "/x",
		.operation = "readSession",
		.roles = SF_API_BROWSER};
	static const struct sf_reply nobody = {
		.kind = SF_REPLY_SESSION, .text = "", .session = {.user = ""}};
	static const struct sf_reply anna = {
		.kind = SF_REPLY_SESSION, .text = "", .session = {.user = "anna"}};
	char cookie[] = "stafet=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	struct door door;
	open_door(&door);
	door.told.exchange.route = &read;
	door.told.request.method = SF_HTTP_GET;
	door.told.request.authorization = "";
	door.told.request.cookie = cookie;
	/* Anna comes first, and is known from then on. */
	assert_true(admit(&door, 1000));
	assert_false(door.access.denied(door.access.self, &door.told.exchange, &anna));
	door.told.request.cookie = "";
	for (size_t i = 0; i < 100; i++)
		assert_true(admit(&door, 1000));
	/* Each cookie of chance is another visitor, and so is the first when it comes again. */
	door.told.request.cookie = cookie;
	for (size_t i = 0; i < 99; i++) {
		cookie[7] = (char)('B' + i % 7);
		cookie[8] = (char)('B' + i % 14 / 7 + i / 14 % 7 * 2);
		assert_true(admit(&door, 1000));
		assert_false(door.access.denied(door.access.self, &door.told.exchange, &nobody));
	}
	assert_false(admit(&door, 1000));
	assert_int_equal(door.told.response.status, 429);
	sf_buf_fini(&door.told.response.body);
	/* Who is known goes past them. */
	cookie[7] = cookie[8] = 'A';
	assert_true(admit(&door, 1000));
	/* A second later twenty more are let in; and who comes from elsewhere is at once. */
	door.told.request.cookie = "";
	for (size_t i = 0; i < 20; i++)
		assert_true(admit(&door, 2000));
	assert_false(admit(&door, 2000));
	sf_buf_fini(&door.told.response.body);
	door.told.request.peer = "192.0.2.1";
	assert_true(admit(&door, 2000));
	close_door(&door);
}

/* Every route of the table for every role: who may is what the matrix of README.md says. */
static void test_routes_are_open_to_who_needs_them(void **state)
{
	(void)state;
	static const struct {
		const char *operation;
		sf_api_roles roles;
	} sensitive[] = {
		{"readMessage", 1 << SF_API_SYSTEM_OUT | 1 << SF_API_CLINICIAN},
		{"readContent", 1 << SF_API_SYSTEM_OUT | 1 << SF_API_CLINICIAN},
		{"handInMessage", 1 << SF_API_SYSTEM_IN | 1 << SF_API_CLINICIAN},
		{"acceptOffer", 1 << SF_API_CLERK | 1 << SF_API_CLINICIAN},
		{"eraseTransition", 1 << SF_API_OPERATOR},
		{"listAccesses", 1 << SF_API_AUDITOR},
		{"listQuarantine", 1 << SF_API_OPERATOR},
	};
	size_t found = 0;
	for (size_t i = 0; i < sf_route_group_count; i++) {
		for (size_t j = 0; j < sf_route_groups[i].count; j++) {
			const struct sf_route *one = &sf_route_groups[i].routes[j];
			assert_non_null(one->path);
			bool api = strncmp(one->path, "/api/", 5) == 0;
			/* Nobody is let in by forgetting to say who; what is about patients asks.
			 */
			assert_true(one->roles != 0);
			const sf_api_roles open = SF_API_ANYBODY | SF_API_BROWSER | SF_API_SIGN_IN;
			assert_int_equal(one->roles & ~(SF_API_ROLES_ALL | open), 0);
			assert_false(api && (one->roles & open));
			/* Who hands in reads no letter; the auditor changes nothing: an agreement
			 * that is tried on the past is posted, and is only read. */
			if (one->method == SF_HTTP_POST &&
				strcmp(one->operation, "simulateAgreement") != 0)
				assert_false(one->roles & SF_API_ROLE_BIT(SF_API_AUDITOR));
			for (size_t k = 0; k < SF_COUNT(sensitive); k++) {
				if (strcmp(one->operation, sensitive[k].operation) != 0)
					continue;
				assert_int_equal(one->roles, sensitive[k].roles);
				found++;
			}
		}
	}
	assert_int_equal(found, SF_COUNT(sensitive));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_token_of_ours_the_answer_is_401),
		cmocka_unit_test(test_a_token_has_its_bucket),
		cmocka_unit_test(test_guessing_is_slow_and_does_not_hold_up_who_is_known),
		cmocka_unit_test(test_a_guess_that_was_put_off_is_put_off_when_it_comes_again),
		cmocka_unit_test(test_a_network_of_ipv6_guesses_as_one),
		cmocka_unit_test(test_many_tokens_do_not_grow_the_table),
		cmocka_unit_test(test_a_request_says_who_asks_and_as_what),
		cmocka_unit_test(test_a_key_is_of_its_bearer_and_its_body),
		cmocka_unit_test(test_a_key_stands_for_everything_that_was_asked),
		cmocka_unit_test(test_if_match_names_a_state),
		cmocka_unit_test(test_no_role_is_403_and_other_errors_are_the_routes),
		cmocka_unit_test(test_what_comes_by_itself_shows_its_csrf),
		cmocka_unit_test(test_who_is_named_from_elsewhere_is_refused_with_a_token_too),
		cmocka_unit_test(test_passwords_are_let_through_a_few_a_second),
		cmocka_unit_test(test_who_is_nobody_visits_so_often),
		cmocka_unit_test(test_routes_are_open_to_who_needs_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
