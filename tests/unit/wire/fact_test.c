#include "wire/fact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static void test_unknown_fields_are_refused_in_what_is_read_alone(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 256);
	raw_number(&buf, 100, 1);
	struct sf_fact back;
	struct sf_diag diag = {""};
	assert_int_equal(
		sf_fact_decode(SF_KIND_WITHDRAW, sf_buf_view(&buf), &back, &diag), SF_ERR_FORMAT);
	assert_non_null(strstr(diag.text, "Withdraw"));
	assert_int_equal(sf_fact_decode(29, sf_buf_view(&buf), &back, NULL), SF_OK);
	assert_int_equal(back.kind, 29);
	sf_buf_fini(&buf);
}

/* core says which kinds are read; the codecs here must be of exactly those. */
static void test_the_kinds_that_core_reads_have_a_codec(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	raw_number(&buf, 100, 1);
	for (uint32_t kind = 1; kind <= 80; kind++) {
		struct sf_fact back;
		enum sf_err err = sf_fact_decode(kind, sf_buf_view(&buf), &back, NULL);
		assert_int_equal(err, sf_kind_is_read(kind) ? SF_ERR_FORMAT : SF_OK);
	}
	sf_buf_fini(&buf);
}

/* Derived facts are compared whole, so nothing may be left over from another kind. */
static void test_what_is_read_is_zero_where_nothing_is_said(void **state)
{
	(void)state;
	struct sf_fact back;
	struct sf_fact expected;
	memset(&back, 0xff, sizeof(back));
	memset(&expected, 0, sizeof(expected));
	expected.kind = SF_KIND_SILENT;
	assert_int_equal(sf_fact_decode(SF_KIND_SILENT, sf_view_of(NULL, 0), &back, NULL), SF_OK);
	assert_memory_equal(&back.derived, &expected.derived, sizeof(back.derived));
}

/* Of a kind with empty bytes: read where nothing must be said. */
static void test_kinds_that_must_say_something_are_not_read_empty(void **state)
{
	(void)state;
	for (uint32_t kind = 1; kind <= SF_KIND_LINKED; kind++) {
		struct sf_fact back;
		bool empty = kind == SF_KIND_READY_WITHDRAWN || kind == SF_KIND_ACCEPT ||
			     kind == SF_KIND_REFUSE || kind == SF_KIND_WITHDRAW ||
			     kind == SF_KIND_ANSWER || kind == SF_KIND_RESOLVE ||
			     kind == SF_KIND_REOPEN || !sf_kind_is_read(kind) ||
			     (sf_kind_is_derived(kind) && kind != SF_KIND_LINKED);
		assert_int_equal(sf_fact_decode(kind, sf_view_of(NULL, 0), &back, NULL),
			empty ? SF_OK : SF_ERR_FORMAT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_fields_are_refused_in_what_is_read_alone),
		cmocka_unit_test(test_the_kinds_that_core_reads_have_a_codec),
		cmocka_unit_test(test_what_is_read_is_zero_where_nothing_is_said),
		cmocka_unit_test(test_kinds_that_must_say_something_are_not_read_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
