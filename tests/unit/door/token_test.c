/* API tokens: made here, told once, and what they open: alike at a node and at the coordinator. */
#include "door/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/time.h"
#include "crypto/record.h"
#include "unit/node/region.h"

struct side {
	struct region *region;
	struct sf_sim_machine *machine; /* whose tokens they are */
};

static struct sf_reply create(const struct side *side, const char *name, sf_api_roles roles)
{
	return region_ask(side->region, side->machine,
		(struct sf_request){
			.kind = SF_REQUEST_TOKEN_CREATE, .token_create = {name, roles}});
}

static struct sf_digest digest_of(const char *secret)
{
	struct sf_digest digest;
	sf_record_digest("token", sf_view_text(secret), &digest);
	return digest;
}

static struct sf_digest make(const struct side *side, const char *name, sf_api_roles roles)
{
	struct sf_reply reply = create(side, name, roles);
	assert_int_equal(reply.kind, SF_REPLY_TOKEN_CREATED);
	return digest_of(reply.token_created.secret);
}

static struct sf_reply ask(const struct side *side, struct sf_digest token, sf_api_roles allowed)
{
	return region_ask(side->region, side->machine,
		(struct sf_request){.kind = SF_REQUEST_TRANSITIONS,
			.asker = {.over_http = true, .token = token, .allowed_roles = allowed}});
}

static const struct sf_token_row *find(const struct side *side, const char *name)
{
	struct sf_reply reply = region_get(side->region, side->machine,
		(struct sf_request){.kind = SF_REQUEST_TOKENS}, SF_REPLY_TOKENS);
	for (size_t i = 0; i < reply.tokens.row_count; i++)
		if (strcmp(reply.tokens.rows[i].name, name) == 0)
			return &reply.tokens.rows[i];
	return NULL;
}

static void check_secret_is_43_characters_that_are_never_twice(const struct side *side)
{
	const char *first = create(side, "eoj", SF_API_ROLE_BIT(SF_API_CLERK)).token_created.secret;
	const char *second =
		create(side, "eoj-2", SF_API_ROLE_BIT(SF_API_CLERK)).token_created.secret;
	assert_int_equal(strlen(first), strlen("stafet_") + 43);
	assert_int_equal(strncmp(first, "stafet_", 7), 0);
	assert_int_equal(strspn(first + 7, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789-_"),
		43);
	assert_string_not_equal(first, second);
}

static void check_a_name_is_one_bearers_for_ever(const struct side *side)
{
	make(side, "eoj", SF_API_ROLE_BIT(SF_API_CLERK));
	assert_int_equal(create(side, "eoj", SF_API_ROLE_BIT(SF_API_CLERK)).err, SF_ERR_EXISTS);
	region_get(side->region, side->machine,
		(struct sf_request){.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {"eoj"}},
		SF_REPLY_DONE);
	assert_int_equal(create(side, "eoj", SF_API_ROLE_BIT(SF_API_CLERK)).err, SF_ERR_EXISTS);
	assert_true(find(side, "eoj")->revoked_ms > 0);
}

static void check_unusable_tokens_are_not_made(const struct side *side)
{
	static const char *const names[] = {
		"", "Eoj", "a b", "eoj/1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		assert_int_equal(create(side, names[i], 1).err, SF_ERR_USAGE);
	assert_int_equal(create(side, "eoj", 0).err, SF_ERR_USAGE);
	assert_int_equal(create(side, "eoj", SF_API_ANYBODY | 1).err, SF_ERR_USAGE);
	assert_int_equal(create(side, "eoj", SF_API_ROLE_BIT(SF_API_ROLE_COUNT)).err, SF_ERR_USAGE);
	assert_null(find(side, "eoj"));
}

static void check_a_token_opens_what_its_roles_may(const struct side *side)
{
	const sf_api_roles clerk = SF_API_ROLE_BIT(SF_API_CLERK),
			   auditor = SF_API_ROLE_BIT(SF_API_AUDITOR);
	struct sf_digest token = make(side, "eoj", clerk);
	assert_int_equal(ask(side, token, clerk | auditor).err, SF_OK);
	assert_int_equal(ask(side, token, auditor).err, SF_ERR_AUTH);
	assert_int_equal(ask(side, token, 0).err, SF_ERR_AUTH);
}

static void check_without_a_valid_token_nothing_opens(const struct side *side)
{
	struct sf_digest token = make(side, "eoj", SF_API_ROLES_ALL);
	assert_int_equal(
		ask(side, (struct sf_digest){{0}}, SF_API_ROLES_ALL).err, SF_ERR_KEY_UNKNOWN);
	assert_int_equal(
		ask(side, digest_of("stafet_guess"), SF_API_ROLES_ALL).err, SF_ERR_KEY_UNKNOWN);
	region_get(side->region, side->machine,
		(struct sf_request){.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {"eoj"}},
		SF_REPLY_DONE);
	assert_int_equal(ask(side, token, SF_API_ROLES_ALL).err, SF_ERR_KEY_UNKNOWN);
	/* Of what anybody may ask no token is needed. */
	assert_int_equal(ask(side, (struct sf_digest){{0}}, SF_API_ANYBODY).err, SF_OK);
}

static void check_a_bearer_makes_no_tokens(const struct side *side)
{
	struct sf_digest token = make(side, "eoj", SF_API_ROLES_ALL);
	const struct sf_request requests[] = {
		{.kind = SF_REQUEST_TOKENS},
		{.kind = SF_REQUEST_TOKEN_CREATE, .token_create = {"other", 1}},
		{.kind = SF_REQUEST_TOKEN_REVOKE, .token_revoke = {"eoj"}},
	};
	for (size_t i = 0; i < SF_COUNT(requests); i++) {
		struct sf_request request = requests[i];
		request.asker = (struct sf_asker){
			.over_http = true, .token = token, .allowed_roles = SF_API_ROLES_ALL};
		assert_int_equal(region_ask(side->region, side->machine, request).err, SF_ERR_AUTH);
	}
	assert_null(find(side, "other"));
	assert_int_equal(find(side, "eoj")->revoked_ms, 0);
}

static void check_the_access_log_names_the_token(const struct side *side)
{
	if (side->machine == side->region->municipality)
		region_discharge(side->region);
	struct sf_digest token = make(side, "eoj", SF_API_ROLE_BIT(SF_API_SYSTEM_OUT));
	assert_int_equal(ask(side, token, SF_API_ROLES_ALL).err, SF_OK);
	struct sf_reply_access_log log = region_get(side->region, side->machine,
		(struct sf_request){.kind = SF_REQUEST_ACCESS_LOG}, SF_REPLY_ACCESS_LOG)
						 .access_log;
	const struct sf_access_row *row = &log.rows[log.row_count - 1];
	assert_string_equal(row->account, "token:eoj");
	assert_int_equal(row->role, SF_READER_SYSTEM);
	assert_int_equal(row->purpose, SF_PURPOSE_CARE);
	assert_true(find(side, "eoj")->used_ms > 0);
	assert_int_equal(find(side, "eoj")->used_ms % SF_DAY_MS, 0);
}

static void at_both(void **state, void (*check)(const struct side *side))
{
	struct region *region = *state;
	check(&(struct side){region, region->municipality});
	check(&(struct side){region, region->coordinator});
}

/* clang-format off */
#define TEST_LIST(X) \
	X(secret_is_43_characters_that_are_never_twice) \
	X(a_name_is_one_bearers_for_ever) \
	X(unusable_tokens_are_not_made) \
	X(a_token_opens_what_its_roles_may) \
	X(without_a_valid_token_nothing_opens) \
	X(a_bearer_makes_no_tokens) \
	X(the_access_log_names_the_token)
/* clang-format on */
#define X(name)                                                                                    \
	static void test_##name(void **state)                                                      \
	{                                                                                          \
		at_both(state, check_##name);                                                      \
	}
TEST_LIST(X)
#undef X

int main(void)
{
	const struct CMUnitTest tests[] = {
#define X(name) cmocka_unit_test_setup_teardown(test_##name, region_open, region_close),
		TEST_LIST(X)
#undef X
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
