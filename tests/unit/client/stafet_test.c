#include "stafet/stafet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_ids_are_written_and_read(void **state)
{
	(void)state;
	struct stafet_id id;
	char text[STAFET_ID_TEXT_SIZE];
	assert_int_equal(stafet_id_parse("000102030405060708090a0b0c0d0e0F", &id), STAFET_OK);
	assert_int_equal(id.bytes[15], 15);
	stafet_id_format(&id, text);
	assert_string_equal(text, "000102030405060708090a0b0c0d0e0f");
	assert_int_equal(stafet_id_parse("00010203-0405-0607-0809-0a0b0c0d0e0f", &id), STAFET_OK);
	assert_false(stafet_id_is_none(&id));
	struct stafet_id before = id;
	assert_int_equal(stafet_id_parse("0001", &id), STAFET_ERR_FORMAT);
	assert_memory_equal(&before, &id, sizeof(id));
	memset(&id, 0, sizeof(id));
	assert_true(stafet_id_is_none(&id));
}

static void test_every_error_has_a_text_and_a_code(void **state)
{
	(void)state;
	for (int error = STAFET_ERR_USAGE; error < STAFET_OK; error++) {
		assert_string_not_equal(stafet_error_text(error), "unknown error");
		assert_string_not_equal(stafet_error_code(error), stafet_error_code(-1000));
	}
	assert_string_equal(stafet_error_code(STAFET_ERR_NOT_FOUND), "not-found");
	assert_string_equal(stafet_error_text(STAFET_ERR_USAGE - 1), "unknown error");
}

static void test_header_and_library_have_one_version(void **state)
{
	(void)state;
	char text[32];
	snprintf(text, sizeof(text), "%d.%d.%d", STAFET_VERSION_MAJOR, STAFET_VERSION_MINOR,
		STAFET_VERSION_PATCH);
	assert_string_equal(stafet_version(), text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_are_written_and_read),
		cmocka_unit_test(test_every_error_has_a_text_and_a_code),
		cmocka_unit_test(test_header_and_library_have_one_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
