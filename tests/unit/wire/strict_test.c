#include "wire/strict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory.pb-c.h"
#include "unit/wire/raw.h"

static const struct sf_strict strict = {.count_max = 4};

static enum sf_err check(const struct sf_buf *buf)
{
	struct sf_view exact = raw_exact(sf_buf_view(buf));
	enum sf_err err = sf_strict_check(&strict, &stafet__v1__entry__descriptor, exact, NULL);
	raw_free(exact);
	return err;
}

static void assert_bytes(const char *bytes, size_t size, enum sf_err expected)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 256);
	assert_int_equal(sf_buf_append(&buf, sf_view_of(bytes, size)), SF_OK);
	assert_int_equal(check(&buf), expected);
	sf_buf_fini(&buf);
}

static void test_tags_and_numbers_must_be_well_formed(void **state)
{
	(void)state;
	assert_bytes("", 0, SF_OK);
	assert_bytes("\x18\x01", 2, SF_OK);             /* role 1 */
	assert_bytes("\x18", 1, SF_ERR_FORMAT);         /* no value */
	assert_bytes("\x98", 1, SF_ERR_FORMAT);         /* tag without end */
	assert_bytes("\x00\x01", 2, SF_ERR_FORMAT);     /* field 0 */
	assert_bytes("\x1b", 1, SF_ERR_FORMAT);         /* a group */
	assert_bytes("\x1f\x00", 2, SF_ERR_FORMAT);     /* wire type 7 */
	assert_bytes("\x1d\0\0\0\0", 5, SF_ERR_FORMAT); /* fixed 32 for a varint */
	assert_bytes("\x1a\x01\x01", 3, SF_ERR_FORMAT); /* bytes for a number */
	assert_bytes("\x08\x01", 2, SF_ERR_FORMAT);     /* a number for bytes */
	assert_bytes("\x0a\x05zz", 4, SF_ERR_FORMAT);   /* longer than what is there */
}

static void test_numbers_must_fit_their_type(void **state)
{
	(void)state;
	assert_bytes("\x18\xff\xff\xff\xff\x0f", 6, SF_OK);
	assert_bytes("\x18\xff\xff\xff\xff\x1f", 6, SF_ERR_FORMAT);
	/* version is 64 bits wide, and no wider. */
	assert_bytes("\x58\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11, SF_OK);
	assert_bytes("\x58\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, SF_ERR_FORMAT);
	assert_bytes("\x58\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12, SF_ERR_FORMAT);
}

static void test_repeated_numbers_are_counted_packed_or_not(void **state)
{
	(void)state;
	assert_bytes("\x3a\x04\x01\x01\x01\x01", 6, SF_OK);
	assert_bytes("\x3a\x05\x01\x01\x01\x01\x01", 7, SF_ERR_FORMAT);
	assert_bytes("\x3a\x03\x01\x01\x01\x38\x01", 7, SF_OK);
	assert_bytes("\x3a\x03\x01\x01\x01\x38\x01\x38\x01", 9, SF_ERR_FORMAT);
	assert_bytes("\x3a\x02\x01\x81", 4, SF_ERR_FORMAT);
}

static void test_nested_messages_are_read_as_strictly(void **state)
{
	(void)state;
	assert_bytes("\x32\x02\x08\x01", 4, SF_OK);                 /* a key with a use */
	assert_bytes("\x32\x04\x08\x01\x08\x01", 6, SF_ERR_FORMAT); /* twice */
	assert_bytes("\x32\x02\x38\x01", 4, SF_ERR_FORMAT);         /* unknown */
}

static void test_strings_must_be_utf8_without_zero(void **state)
{
	(void)state;
	assert_bytes("\x12\x02\xc3\xa5", 4, SF_OK);
	assert_bytes("\x12\x01\xc3", 3, SF_ERR_FORMAT);
	assert_bytes("\x12\x02g\0", 4, SF_ERR_FORMAT);
	assert_bytes("\x12\x03\xed\xa0\x80", 5, SF_ERR_FORMAT);
}

static void test_diag_names_message_and_field(void **state)
{
	(void)state;
	struct sf_diag diag;
	const char twice[] = "\x32\x04\x08\x01\x08\x01";
	assert_int_equal(sf_strict_check(&strict, &stafet__v1__entry__descriptor,
				 sf_view_of(twice, sizeof(twice) - 1), &diag),
		SF_ERR_FORMAT);
	assert_string_equal(diag.text, "keys: use: more than 1");
}

static void test_find_lends_the_value_in_place(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 256);
	raw_number(&buf, 3, 7);
	raw_text(&buf, 2, "name");
	struct sf_view found = sf_strict_find(sf_buf_view(&buf), 2);
	assert_true(sf_view_equal(found, sf_view_text("name")));
	assert_ptr_equal(found.data, buf.data + buf.size - 4);
	assert_int_equal(sf_strict_find(sf_buf_view(&buf), 3).size, 0);
	assert_int_equal(sf_strict_find(sf_buf_view(&buf), 9).size, 0);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags_and_numbers_must_be_well_formed),
		cmocka_unit_test(test_numbers_must_fit_their_type),
		cmocka_unit_test(test_repeated_numbers_are_counted_packed_or_not),
		cmocka_unit_test(test_nested_messages_are_read_as_strictly),
		cmocka_unit_test(test_strings_must_be_utf8_without_zero),
		cmocka_unit_test(test_diag_names_message_and_field),
		cmocka_unit_test(test_find_lends_the_value_in_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
