#include "http/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "exchange.h"
#include "http/console_assets.h"

static const struct sf_route *route_of(const char *path)
{
	for (size_t i = 0; i < SF_COUNT(sf_routes_console); i++)
		if (strcmp(sf_routes_console[i].path, path) == 0)
			return &sf_routes_console[i];
	fail_msg("no route %s", path);
	return NULL;
}

/* Asks for a file of the console as a browser that takes these codings. */
static void ask_asset(struct told *told, const char *name, const char *codings, const char *known)
{
	struct sf_request request;
	told_init(told, "/console/assets/x");
	told->request.accept_encoding = codings;
	told->request.if_none_match = known;
	told->exchange.parameters[0] = name;
	assert_false(route_of("/console/assets/{file}")->ask(&told->exchange, &request));
}

static const char *header(const struct told *told, const char *name)
{
	for (size_t i = 0; i < told->response.header_count; i++)
		if (strcmp(told->response.headers[i].name, name) == 0)
			return told->response.headers[i].value;
	return "";
}

static void test_every_file_is_carried_plain_and_packed(void **state)
{
	(void)state;
	struct told told;
	assert_true(sf_console_asset_count >= 4);
	for (size_t i = 0; i < sf_console_asset_count; i++) {
		const struct sf_console_asset *asset = &sf_console_assets[i];
		ask_asset(&told, asset->name, "", "");
		assert_int_equal(told.response.status, 200);
		assert_true(sf_view_equal(sf_buf_view(&told.response.body), asset->bytes));
		assert_null(told.response.content_encoding);
		assert_string_equal(told.response.etag, asset->etag);
		told_fini(&told);
		ask_asset(&told, asset->name, "br, gzip", "");
		assert_true(sf_view_equal(sf_buf_view(&told.response.body), asset->gzip));
		assert_string_equal(told.response.content_encoding, "gzip");
		assert_string_equal(told.response.etag, asset->gzip_etag);
		assert_string_equal(header(&told, "Vary"), "Accept-Encoding");
		/* RFC 1952: the magic number, and no time of packing. */
		assert_memory_equal(asset->gzip.data, "\x1f\x8b\x08\x00\x00\x00\x00\x00", 8);
		told_fini(&told);
	}
}

static void test_what_the_browser_has_is_not_sent_again(void **state)
{
	(void)state;
	struct told told;
	const struct sf_console_asset *asset = &sf_console_assets[0];
	ask_asset(&told, asset->name, "gzip", asset->gzip_etag);
	assert_int_equal(told.response.status, 304);
	assert_int_equal(told.response.body.size, 0);
	told_fini(&told);
	/* What is packed is another representation, with a tag of its own. */
	ask_asset(&told, asset->name, "gzip", asset->etag);
	assert_int_equal(told.response.status, 200);
	told_fini(&told);
	ask_asset(&told, asset->name, "", "\"something-else\"");
	assert_int_equal(told.response.status, 200);
	told_fini(&told);
}

static void test_gzip_that_is_refused_is_not_sent(void **state)
{
	(void)state;
	static const struct {
		const char *codings;
		bool packed;
	} cases[] = {{"gzip", true}, {"gzip;q=1.0", true}, {"gzip; q=0.5, br", true},
		{"gzip;q=0.001", true}, {"gzip;q=0", false}, {"gzip;q=0.000", false},
		{"br, deflate", false}, {"identity", false}};
	struct told told;
	for (size_t i = 0; i < SF_COUNT(cases); i++) {
		ask_asset(&told, "app.js", cases[i].codings, "");
		assert_int_equal(told.response.content_encoding != NULL, cases[i].packed);
		told_fini(&told);
	}
}

static void test_a_page_is_held_to_its_own_script(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	static const char *const pages[] = {"/console/", "/console/{page}", "/console/{page}/{of}"};
	for (size_t i = 0; i < SF_COUNT(pages); i++) {
		told_init(&told, pages[i]);
		assert_false(route_of(pages[i])->ask(&told.exchange, &request));
		assert_int_equal(told.response.status, 200);
		assert_string_equal(told.response.content_type, "text/html; charset=utf-8");
		const char *policy = header(&told, "Content-Security-Policy");
		assert_ptr_equal(strstr(policy, "default-src 'none';"), policy);
		assert_non_null(strstr(policy, "require-trusted-types-for 'script'"));
		assert_non_null(strstr(policy, "frame-ancestors 'none'"));
		assert_null(strstr(policy, "unsafe"));
		told_fini(&told);
	}
}

static void test_no_other_file_is_found(void **state)
{
	(void)state;
	static const char *const names[] = {"", "app.js.gz", "..", "App.js", "package.json"};
	struct told told;
	for (size_t i = 0; i < SF_COUNT(names); i++) {
		ask_asset(&told, names[i], "gzip", "");
		assert_int_equal(told.response.status, 404);
		told_fini(&told);
	}
}

static void test_the_root_leads_to_the_console(void **state)
{
	(void)state;
	struct told told;
	struct sf_request request;
	told_init(&told, "/");
	assert_false(route_of("/")->ask(&told.exchange, &request));
	assert_int_equal(told.response.status, 303);
	assert_string_equal(told.response.location, "/console/");
	told_fini(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_file_is_carried_plain_and_packed),
		cmocka_unit_test(test_what_the_browser_has_is_not_sent_again),
		cmocka_unit_test(test_gzip_that_is_refused_is_not_sent),
		cmocka_unit_test(test_a_page_is_held_to_its_own_script),
		cmocka_unit_test(test_no_other_file_is_found),
		cmocka_unit_test(test_the_root_leads_to_the_console),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
