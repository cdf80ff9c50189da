#include "wire/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static ProtobufCBinaryData bytes_of(uint8_t value, size_t size)
{
	static uint8_t place[64];
	memset(place, value, sizeof(place));
	return (ProtobufCBinaryData){.len = size, .data = place};
}

static void test_ids_have_sixteen_bytes_and_are_not_all_zero(void **state)
{
	(void)state;
	struct sf_id id = raw_id(9);
	struct sf_diag diag;
	assert_int_equal(sf_field_id(bytes_of(1, 16), "x", &id, &diag), SF_OK);
	assert_true(sf_id_equal(id, raw_id(1)));
	assert_int_equal(sf_field_id(bytes_of(1, 15), "x", &id, &diag), SF_ERR_FORMAT);
	assert_int_equal(sf_field_id(bytes_of(1, 17), "x", &id, &diag), SF_ERR_FORMAT);
	assert_int_equal(sf_field_id(bytes_of(0, 16), "x", &id, &diag), SF_ERR_FORMAT);
	assert_int_equal(sf_field_id(bytes_of(0, 0), "x", &id, &diag), SF_ERR_FORMAT);
	assert_string_equal(diag.text, "x is missing");
	assert_true(sf_id_equal(id, raw_id(1)));
	assert_int_equal(sf_field_id_or_none(bytes_of(0, 16), "x", &id, &diag), SF_ERR_FORMAT);
	assert_int_equal(sf_field_id_or_none(bytes_of(0, 0), "x", &id, &diag), SF_OK);
	assert_true(sf_id_is_none(id));
}

static void test_digests_have_thirty_two_bytes(void **state)
{
	(void)state;
	struct sf_digest digest = raw_digest(9);
	assert_int_equal(sf_field_digest(bytes_of(0, 32), "x", &digest, NULL), SF_OK);
	assert_true(sf_digest_is_none(&digest));
	assert_int_equal(sf_field_digest(bytes_of(1, 31), "x", &digest, NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_digest(bytes_of(1, 0), "x", &digest, NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_digest_or_none(bytes_of(1, 0), "x", &digest, NULL), SF_OK);
	assert_int_equal(
		sf_field_digest_or_none(bytes_of(1, 33), "x", &digest, NULL), SF_ERR_FORMAT);
}

static void test_texts_fit_their_place_with_the_zero(void **state)
{
	(void)state;
	char place[4] = "old";
	assert_int_equal(sf_field_text("four", "x", place, sizeof(place), NULL), SF_ERR_FORMAT);
	assert_string_equal(place, "old");
	assert_int_equal(sf_field_text("new", "x", place, sizeof(place), NULL), SF_OK);
	assert_string_equal(place, "new");
}

static void test_times_and_codes_have_bounds(void **state)
{
	(void)state;
	assert_int_equal(sf_field_time(0, "x", NULL), SF_OK);
	assert_int_equal(sf_field_time(SF_FIELD_TIME_MS_MAX, "x", NULL), SF_OK);
	assert_int_equal(sf_field_time_said(1, "x", NULL), SF_OK);
	assert_int_equal(sf_field_time_said(0, "x", NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_time_said(-1, "x", NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_time_said(SF_FIELD_TIME_MS_MAX + 1, "x", NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_time(SF_FIELD_TIME_MS_MAX + 1, "x", NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_time(-1, "x", NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_range(1, 1, 3, "x", NULL), SF_OK);
	assert_int_equal(sf_field_range(3, 1, 3, "x", NULL), SF_OK);
	assert_int_equal(sf_field_range(0, 1, 3, "x", NULL), SF_ERR_FORMAT);
	assert_int_equal(sf_field_range(4, 1, 3, "x", NULL), SF_ERR_FORMAT);
}

static void test_none_is_left_out_when_written(void **state)
{
	(void)state;
	struct sf_id id = {0};
	struct sf_digest digest = {0};
	assert_int_equal(sf_field_of_id(&id).len, 0);
	assert_int_equal(sf_field_of_digest(&digest).len, 0);
	assert_int_equal(sf_field_of_whole_digest(&digest).len, 32);
	id = raw_id(1);
	assert_int_equal(sf_field_of_id(&id).len, 16);
	assert_string_equal(sf_field_of_text(NULL), "");
	assert_string_equal(sf_field_of_text("text"), "text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_have_sixteen_bytes_and_are_not_all_zero),
		cmocka_unit_test(test_digests_have_thirty_two_bytes),
		cmocka_unit_test(test_texts_fit_their_place_with_the_zero),
		cmocka_unit_test(test_times_and_codes_have_bounds),
		cmocka_unit_test(test_none_is_left_out_when_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
