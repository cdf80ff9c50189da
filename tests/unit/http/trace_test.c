#include "http/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define TRACE "-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static bool is_read(const char *text)
{
	struct sf_view read = sf_trace_read(sf_view_text(text));
	assert_true(read.size == 0 || read.size == SF_TRACE_SIZE);
	return read.size > 0 && memcmp(read.data, text, SF_TRACE_SIZE) == 0;
}

static void test_what_the_recommendation_allows_is_read(void **state)
{
	(void)state;
	assert_true(is_read("00" TRACE));
	assert_true(is_read("00-00000000000000000000000000000001-0000000000000001-ff"));
	/* A later version is read as far as it is known. */
	assert_true(is_read("01" TRACE));
	assert_true(is_read("cc" TRACE "-what the future will be"));
	assert_true(is_read("fe" TRACE "-"));
}

static void test_all_else_is_as_if_not_sent(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "00", "0" TRACE, "ff" TRACE, "00" TRACE "-",
		"00" TRACE "-00", "00" TRACE "0", "01" TRACE "0", "01" TRACE ".x", "0g" TRACE,
		"0A" TRACE, "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0G",
		"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
		"00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
	for (size_t i = 0; i < SF_COUNT(texts); i++)
		if (is_read(texts[i]))
			fail_msg("%s was read", texts[i]);
	/* Cut anywhere, it is none; nothing is read behind its end. */
	for (size_t size = 0; size < SF_TRACE_SIZE; size++)
		assert_int_equal(sf_trace_read(sf_view_of("00" TRACE, size)).size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_recommendation_allows_is_read),
		cmocka_unit_test(test_all_else_is_as_if_not_sent),
	};
	return cmocka_run_group_tests_name("http/trace", tests, NULL, NULL);
}
