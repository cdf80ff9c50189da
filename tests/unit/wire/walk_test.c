#include "wire/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static enum sf_err varint(const char *bytes, size_t size, uint64_t *ret_value, size_t *ret_rest)
{
	struct sf_view exact = raw_exact(sf_view_of(bytes, size));
	struct sf_reader reader = {.rest = exact};
	enum sf_err err = sf_walk_varint(&reader, ret_value);
	*ret_rest = reader.rest.size;
	raw_free(exact);
	return err;
}

static void test_numbers_are_read_to_their_end(void **state)
{
	(void)state;
	uint64_t value = 0;
	size_t rest = 0;
	assert_int_equal(varint("\x96\x01z", 3, &value, &rest), SF_OK);
	assert_int_equal(value, 150);
	assert_int_equal(rest, 1);
	assert_int_equal(
		varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, &value, &rest), SF_OK);
	assert_true(value == UINT64_MAX);
	assert_int_equal(rest, 0);
}

static void test_numbers_without_end_or_too_large_take_nothing(void **state)
{
	(void)state;
	uint64_t value = 7;
	size_t rest = 0;
	assert_int_equal(varint("", 0, &value, &rest), SF_ERR_FORMAT);
	assert_int_equal(varint("\x80\x80", 2, &value, &rest), SF_ERR_FORMAT);
	assert_int_equal(rest, 2);
	assert_int_equal(varint("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, &value, &rest),
		SF_ERR_FORMAT);
	assert_int_equal(varint("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11, &value, &rest),
		SF_ERR_FORMAT);
	assert_int_equal(value, 7);
}

static void test_fields_are_walked_one_by_one(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 256);
	raw_number(&buf, 3, 300);
	raw_text(&buf, 16, "text");
	struct sf_reader reader = {.rest = sf_buf_view(&buf)};
	struct sf_walk_field field;
	assert_int_equal(sf_walk_next(&reader, &field), SF_OK);
	assert_int_equal(field.number, 3);
	assert_int_equal(field.type, SF_WALK_VARINT);
	assert_int_equal(field.value, 300);
	assert_int_equal(sf_walk_next(&reader, &field), SF_OK);
	assert_int_equal(field.number, 16);
	assert_int_equal(field.type, SF_WALK_DELIMITED);
	assert_true(sf_view_equal(field.bytes, sf_view_text("text")));
	assert_int_equal(reader.rest.size, 0);
	sf_buf_fini(&buf);
}

static void assert_no_field(const char *bytes, size_t size)
{
	struct sf_view exact = raw_exact(sf_view_of(bytes, size));
	struct sf_reader reader = {.rest = exact};
	struct sf_walk_field field = {.number = 99};
	assert_int_equal(sf_walk_next(&reader, &field), SF_ERR_FORMAT);
	assert_int_equal(field.number, 99);
	raw_free(exact);
}

static void test_fields_that_cannot_be_are_refused(void **state)
{
	(void)state;
	assert_no_field("\x00\x01", 2);                     /* number 0 */
	assert_no_field("\x0b", 1);                         /* a group begins */
	assert_no_field("\x0c", 1);                         /* and ends */
	assert_no_field("\x0e\x00", 2);                     /* wire type 6 */
	assert_no_field("\x0a\x03zz", 4);                   /* longer than what is there */
	assert_no_field("\x0d\x00\x00\x00", 4);             /* three of four bytes */
	assert_no_field("\x09\x00\x00\x00\x00\x00\x00", 7); /* six of eight */
	assert_no_field("\x88\x80\x80\x80\x10\x01", 6);     /* a number of 33 bits */
	assert_no_field("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_read_to_their_end),
		cmocka_unit_test(test_numbers_without_end_or_too_large_take_nothing),
		cmocka_unit_test(test_fields_are_walked_one_by_one),
		cmocka_unit_test(test_fields_that_cannot_be_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
