/* What a request shows of who sends it, and what a browser was made to send. */
#include "http/credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange.h"

#define SECRET "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define OTHER "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

static struct sf_credential read_with(const char *authorization, const char *cookie)
{
	struct told told;
	told_init(&told, "/x");
	told.request.authorization = authorization;
	told.request.cookie = cookie;
	struct sf_credential credential = sf_credential_read(&told.request, "stafet-8080");
	told_fini(&told);
	return credential;
}

static void test_a_cookie_is_found_among_others(void **state)
{
	(void)state;
	static const char *const good[] = {"stafet-8080=" SECRET, "a=b; stafet-8080=" SECRET,
		"stafet-8080=" SECRET "; a=b", "a=b;stafet-8080=" SECRET ";",
		"; ;stafet-8080=" SECRET, "stafet-80801=" OTHER "; stafet-8080=" SECRET,
		"xstafet-8080=x; stafet-8080=" SECRET};
	for (size_t i = 0; i < SF_COUNT(good); i++) {
		struct sf_credential credential = read_with("", good[i]);
		assert_int_equal(credential.kind, SF_CREDENTIAL_SESSION);
		assert_string_equal(credential.text, SECRET);
	}
}

static void test_a_cookie_that_is_none_of_ours_is_nothing(void **state)
{
	(void)state;
	static const char *const bad[] = {"", ";", "stafet-8080",
		"stafet-8080=", "stafet-8080=" SECRET "A", "stafet-8080=\"" SECRET "\"",
		"stafet-8081=" SECRET, "stafet-8080 =" SECRET, "STAFET-8080=" SECRET,
		"a=stafet-8080=" SECRET, "stafet-8080=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		/* Which of two is meant nobody knows: another host of the domain may have set one.
		 */
		"stafet-8080=" SECRET "; stafet-8080=" OTHER,
		"stafet-8080=" SECRET "; stafet-8080=x"};
	for (size_t i = 0; i < SF_COUNT(bad); i++)
		assert_int_equal(read_with("", bad[i]).kind, SF_CREDENTIAL_NONE);
}

static void test_a_token_goes_before_a_cookie(void **state)
{
	(void)state;
	struct sf_credential credential = read_with("Bearer stafet_" OTHER, "stafet-8080=" SECRET);
	assert_int_equal(credential.kind, SF_CREDENTIAL_TOKEN);
	assert_string_equal(credential.text, "stafet_" OTHER);
	/* Who shows what is no token is not let in by a cookie either. */
	assert_int_equal(read_with("Basic YTpi", "stafet-8080=" SECRET).kind, SF_CREDENTIAL_NONE);
	assert_int_equal(
		read_with("Bearer " OTHER, "stafet-8080=" SECRET).kind, SF_CREDENTIAL_NONE);
}

static bool is_own(const char *site, const char *origin, bool encrypted)
{
	struct told told;
	told_init(&told, "/x");
	told.request.fetch_site = site;
	told.request.origin = origin;
	told.request.host = "stafet.region.dk:8443";
	told.request.encrypted = encrypted;
	bool own = !sf_credential_fault(&told.request, NULL);
	told_fini(&told);
	return own;
}

static void test_only_pages_of_this_host_ask(void **state)
{
	(void)state;
	assert_true(is_own("", "", true));
	assert_true(is_own("same-origin", "https://stafet.region.dk:8443", true));
	assert_true(is_own("none", "", true));
	assert_true(is_own("same-origin", "http://stafet.region.dk:8443", false));
	/* A proxy on this machine took the TLS off. */
	assert_true(is_own("same-origin", "https://stafet.region.dk:8443", false));
	static const char *const sites[] = {"cross-site", "same-site", "Same-Origin", "x"};
	for (size_t i = 0; i < SF_COUNT(sites); i++)
		assert_false(is_own(sites[i], "", true));
	static const char *const origins[] = {"null", "http://stafet.region.dk:8443",
		"https://stafet.region.dk", "https://stafet.region.dk:8443.evil",
		"https://evil.dk/stafet.region.dk:8443", "https://a@stafet.region.dk:8443",
		"stafet.region.dk:8443", "file://"};
	for (size_t i = 0; i < SF_COUNT(origins); i++)
		assert_false(is_own("", origins[i], true));
}

static void test_unsafe_requests_show_what_the_page_was_told(void **state)
{
	(void)state;
	struct told told;
	told_init(&told, "/x");
	static const char *const wrong[] = {"", OTHER, SECRET "A", "AAAA"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		told.request.csrf = wrong[i];
		told.request.method = SF_HTTP_POST;
		assert_non_null(sf_credential_fault(&told.request, SECRET));
		assert_null(sf_credential_fault(&told.request, NULL));
		told.request.method = SF_HTTP_DELETE;
		assert_non_null(sf_credential_fault(&told.request, SECRET));
		told.request.method = SF_HTTP_GET;
		assert_null(sf_credential_fault(&told.request, SECRET));
	}
	told.request.csrf = SECRET;
	told.request.method = SF_HTTP_POST;
	assert_null(sf_credential_fault(&told.request, SECRET));
	told_fini(&told);
}

static bool assert_of(const char *peer, const char *from, const char *user, const char *words,
	struct sf_credential *ret_credential, sf_api_roles *ret_roles)
{
	struct told told;
	told_init(&told, "/x");
	told.request.peer = peer;
	told.request.asserted_user = user;
	told.request.asserted_roles = words;
	bool good = sf_credential_assertion(&told.request, from, ret_credential, ret_roles);
	told_fini(&told);
	return good;
}

static void test_a_proxy_is_believed_from_where_it_stands(void **state)
{
	(void)state;
	struct sf_credential credential;
	sf_api_roles roles;
	assert_true(assert_of("127.0.0.1", "127.0.0.1", "Anna@region.dk",
		"clerk, APP_Stafet;operator system-in boss", &credential, &roles));
	assert_int_equal(credential.kind, SF_CREDENTIAL_ASSERTED);
	assert_string_equal(credential.text, "Anna@region.dk");
	assert_int_equal(roles, SF_API_ROLE_BIT(SF_API_CLERK) | SF_API_ROLE_BIT(SF_API_OPERATOR));
	assert_true(assert_of("10.0.0.1", "127.0.0.1", "", "", &credential, &roles));
	assert_int_equal(credential.kind, SF_CREDENTIAL_NONE);
	assert_false(assert_of("10.0.0.1", "127.0.0.1", "anna", "clerk", &credential, &roles));
	assert_int_equal(credential.kind, SF_CREDENTIAL_NONE);
	assert_false(assert_of("127.0.0.1", NULL, "anna", "clerk", &credential, &roles));
	assert_false(assert_of("127.0.0.1", "certificate", "anna", "clerk", &credential, &roles));
	assert_false(assert_of("127.0.0.1", "127.0.0.1", "", "clerk", &credential, &roles));
	static const char *const names[] = {"a b", "a,b", "<b>", "\xc3\xa6", "a:b",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	for (size_t i = 0; i < SF_COUNT(names); i++)
		assert_false(assert_of(
			"127.0.0.1", "127.0.0.1", names[i], "clerk", &credential, &roles));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cookie_is_found_among_others),
		cmocka_unit_test(test_a_cookie_that_is_none_of_ours_is_nothing),
		cmocka_unit_test(test_a_token_goes_before_a_cookie),
		cmocka_unit_test(test_only_pages_of_this_host_ask),
		cmocka_unit_test(test_unsafe_requests_show_what_the_page_was_told),
		cmocka_unit_test(test_a_proxy_is_believed_from_where_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
