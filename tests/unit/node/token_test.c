/* API tokens: made here, told once, and what they open. */
#include "node/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/time.h"
#include "crypto/record.h"
#include "unit/node/region.h"

static struct sf_reply create(struct region *region, const char *name, sf_api_roles roles)
{
	return region_ask(region, region->municipality,
		(struct sf_request){
			.kind = SF_REQUEST_TOKEN_CREATE, .token_create = {name, roles}});
}

static struct sf_digest digest_of(const char *secret)
{
	struct sf_digest digest;
	sf_record_digest("token", sf_view_text(secret), &digest);
	return digest;
}

static struct sf_digest make(struct region *region, const char *name, sf_api_roles roles)
{
	struct sf_reply reply = create(region, name, roles);
	assert_int_equal(reply.kind, SF_REPLY_TOKEN_CREATED);
	return digest_of(reply.token_created.secret);
}

static struct sf_reply ask(struct region *region, struct sf_digest token, sf_api_roles allowed)
{
	return region_ask(region, region->municipality,
		(struct sf_request){.kind = SF_REQUEST_INBOX,
			.asker = {.over_http = true, .token = token, .allowed_roles = allowed}});
}

static const struct sf_token_row *find(struct region *region, const char *name)
{
	struct sf_reply reply = region_get(region, region->municipality,
		(struct sf_request){.kind = SF_REQUEST_TOKENS}, SF_REPLY_TOKENS);
	for (size_t i = 0; i < reply.tokens.row_count; i++)
		if (strcmp(reply.tokens.rows[i].name, name) == 0)
			return &reply.tokens.rows[i];
	return NULL;
}

static void test_secret_is_43_characters_that_are_never_twice(void **state)
{
	struct region *region = *state;
	const char *first =
		create(region, "eoj", SF_API_ROLE_BIT(SF_API_CLERK)).token_created.secret;
	const char *second =
		create(region, "eoj-2", SF_API_ROLE_BIT(SF_API_CLERK)).token_created.secret;
	assert_int_equal(strlen(first), strlen("stafet_") + 43);
	assert_int_equal(strncmp(first, "stafet_", 7), 0);
	assert_int_equal(strspn(first + 7, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-_"),
		43);
	assert_string_not_equal(first, second);
}

static void test_a_name_is_one_bearers_for_ever(void **state)
{
	struct region *region = *state;
	make(region, "eoj", SF_API_ROLE_BIT(SF_API_CLERK));
	assert_int_equal(create(region, "eoj", SF_API_ROLE_BIT(SF_API_CLERK)).err, SF_ERR_EXISTS);
	region_get(region, region->municipality,
		(struct sf_request){.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {"eoj"}},
		SF_REPLY_DONE);
	assert_int_equal(create(region, "eoj", SF_API_ROLE_BIT(SF_API_CLERK)).err, SF_ERR_EXISTS);
	assert_true(find(region, "eoj")->revoked_ms > 0);
}

static void test_unusable_tokens_are_not_made(void **state)
{
	struct region *region = *state;
	static const char *const names[] = {
		"", "Eoj", "a b", "eoj/1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		assert_int_equal(create(region, names[i], 1).err, SF_ERR_USAGE);
	assert_int_equal(create(region, "eoj", 0).err, SF_ERR_USAGE);
	assert_int_equal(create(region, "eoj", SF_API_ANYBODY | 1).err, SF_ERR_USAGE);
	assert_int_equal(
		create(region, "eoj", SF_API_ROLE_BIT(SF_API_ROLE_COUNT)).err, SF_ERR_USAGE);
	assert_null(find(region, "eoj"));
}

static void test_a_token_opens_what_its_roles_may(void **state)
{
	struct region *region = *state;
	const sf_api_roles clerk = SF_API_ROLE_BIT(SF_API_CLERK),
			   auditor = SF_API_ROLE_BIT(SF_API_AUDITOR);
	struct sf_digest token = make(region, "eoj", clerk);
	assert_int_equal(ask(region, token, clerk | auditor).err, SF_OK);
	assert_int_equal(ask(region, token, auditor).err, SF_ERR_AUTH);
	assert_int_equal(ask(region, token, 0).err, SF_ERR_AUTH);
}

static void test_without_a_valid_token_nothing_opens(void **state)
{
	struct region *region = *state;
	struct sf_digest token = make(region, "eoj", SF_API_ROLES_ALL);
	assert_int_equal(
		ask(region, (struct sf_digest){{0}}, SF_API_ROLES_ALL).err, SF_ERR_KEY_UNKNOWN);
	assert_int_equal(
		ask(region, digest_of("stafet_guess"), SF_API_ROLES_ALL).err, SF_ERR_KEY_UNKNOWN);
	region_get(region, region->municipality,
		(struct sf_request){.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {"eoj"}},
		SF_REPLY_DONE);
	assert_int_equal(ask(region, token, SF_API_ROLES_ALL).err, SF_ERR_KEY_UNKNOWN);
	/* Of what anybody may ask no token is needed. */
	assert_int_equal(ask(region, (struct sf_digest){{0}}, SF_API_ANYBODY).err, SF_OK);
}

static void test_a_bearer_makes_no_tokens(void **state)
{
	struct region *region = *state;
	struct sf_digest token = make(region, "eoj", SF_API_ROLES_ALL);
	const struct sf_request requests[] = {
		{.kind = SF_REQUEST_TOKENS},
		{.kind = SF_REQUEST_TOKEN_CREATE, .token_create = {"other", 1}},
		{.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {"eoj"}},
	};
	for (size_t i = 0; i < SF_COUNT(requests); i++) {
		struct sf_request request = requests[i];
		request.asker = (struct sf_asker){
			.over_http = true, .token = token, .allowed_roles = SF_API_ROLES_ALL};
		assert_int_equal(
			region_ask(region, region->municipality, request).err, SF_ERR_AUTH);
	}
	assert_null(find(region, "other"));
	assert_int_equal(find(region, "eoj")->revoked_ms, 0);
}

static void test_the_access_log_names_the_token(void **state)
{
	struct region *region = *state;
	region_discharge(region);
	struct sf_digest token = make(region, "eoj", SF_API_ROLE_BIT(SF_API_SYSTEM_OUT));
	assert_int_equal(ask(region, token, SF_API_ROLES_ALL).err, SF_OK);
	struct sf_reply_access_log log = region_get(region, region->municipality,
		(struct sf_request){.kind = SF_REQUEST_ACCESS_LOG}, SF_REPLY_ACCESS_LOG)
						 .access_log;
	const struct sf_access_row *row = &log.rows[log.row_count - 1];
	assert_string_equal(row->account, "token:eoj");
	assert_int_equal(row->role, SF_READER_SYSTEM);
	assert_int_equal(row->purpose, SF_PURPOSE_CARE);
	assert_true(find(region, "eoj")->used_ms > 0);
	assert_int_equal(find(region, "eoj")->used_ms % SF_DAY_MS, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)
		TEST(test_secret_is_43_characters_that_are_never_twice),
		TEST(test_a_name_is_one_bearers_for_ever),
		TEST(test_unusable_tokens_are_not_made),
		TEST(test_a_token_opens_what_its_roles_may),
		TEST(test_without_a_valid_token_nothing_opens),
		TEST(test_a_bearer_makes_no_tokens),
		TEST(test_the_access_log_names_the_token),
#undef TEST
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
