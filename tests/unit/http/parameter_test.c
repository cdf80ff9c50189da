#include "http/parameter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_text(struct sf_view view, const char *text)
{
	assert_true(sf_view_equal(view, sf_view_text(text)));
}

static void test_parts_are_cut_at_marks_and_trimmed(void **state)
{
	(void)state;
	struct sf_view rest = sf_view_text(" text/html ;\tq = 0.5 ; ;charset=utf-8");
	assert_text(sf_parameter_cut(&rest, ';'), "text/html");
	struct sf_view second = sf_parameter_cut(&rest, ';');
	assert_text(sf_parameter_cut(&second, '='), "q");
	assert_text(sf_parameter_trim(second), "0.5");
	assert_text(sf_parameter_cut(&rest, ';'), "");
	struct sf_view last = sf_parameter_cut(&rest, ';');
	assert_int_equal(rest.size, 0);
	assert_text(sf_parameter_cut(&last, '='), "charset");
	assert_text(last, "utf-8");
}

static void test_without_a_mark_all_of_it_is_the_part(void **state)
{
	(void)state;
	struct sf_view rest = sf_view_text("\t gzip");
	assert_text(sf_parameter_cut(&rest, ','), "gzip");
	assert_int_equal(rest.size, 0);
	rest = sf_view_of(NULL, 0);
	assert_int_equal(sf_parameter_cut(&rest, ',').size, 0);
	rest = sf_view_text(",");
	assert_int_equal(sf_parameter_cut(&rest, ',').size, 0);
	assert_int_equal(rest.size, 0);
	assert_text(sf_parameter_trim(sf_view_text(" \t ")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_are_cut_at_marks_and_trimmed),
		cmocka_unit_test(test_without_a_mark_all_of_it_is_the_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
