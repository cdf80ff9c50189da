/* Bytes that others wrote, and what they call them. */
#include "http/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "exchange.h"

static void assert_type(const char *said, const char *expected)
{
	struct told told;
	told_init(&told, "/api/v1/messages/1/content");
	sf_answer_bytes(&told.exchange, said, sf_view_text("bytes"));
	assert_int_equal(told.response.status, 200);
	assert_string_equal(told.response.content_type, expected);
	assert_true(told_is(&told, "bytes"));
	/* A browser keeps it, and does not show it under our name. */
	assert_int_equal(told.response.header_count, 1);
	assert_string_equal(told.response.headers[0].name, "Content-Disposition");
	assert_string_equal(told.response.headers[0].value, "attachment");
	told_fini(&told);
}

static void test_a_media_type_is_given_as_it_was_said(void **state)
{
	(void)state;
	static const char *const types[] = {"application/fhir+json", "text/plain",
		"text/plain; charset=utf-8", "text/plain;charset=\"utf-8\"",
		"application/vnd.oasis.opendocument.text"};
	for (size_t i = 0; i < SF_COUNT(types); i++)
		assert_type(types[i], types[i]);
}

/* It comes from another party, and goes into a header here. */
static void test_what_is_no_media_type_is_not_repeated(void **state)
{
	(void)state;
	char long_type[400] = "text/";
	memset(long_type + 5, 'x', sizeof(long_type) - 6);
	const char *const types[] = {"", "text", "text/", "/plain", "text/plain\r\nSet-Cookie: a=b",
		"text/plain;\ta=b", "text/pl\xc3\xa6n", "text/plain, text/html", "a b/c",
		long_type};
	for (size_t i = 0; i < SF_COUNT(types); i++)
		assert_type(types[i], "application/octet-stream");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_media_type_is_given_as_it_was_said),
		cmocka_unit_test(test_what_is_no_media_type_is_not_repeated),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
