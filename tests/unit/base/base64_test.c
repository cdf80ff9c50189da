#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"

/* RFC 4648 section 10, and bytes that need the last two digits of the alphabet. */
static const struct {
	const char *bytes, *text;
} examples[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "+/8="},
	{"\xff\xff\xff", "////"}};

static void test_examples_of_the_rfc_in_both_directions(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_COUNT(examples); i++) {
		struct sf_buf buf;
		sf_buf_init(&buf, 64);
		assert_int_equal(sf_base64_append(&buf, sf_view_text(examples[i].bytes)), SF_OK);
		assert_true(sf_view_equal(sf_buf_view(&buf), sf_view_text(examples[i].text)));
		uint8_t place[8] = {0};
		size_t size = 99;
		assert_int_equal(
			sf_base64_parse(sf_buf_view(&buf), place, sizeof(place), &size), SF_OK);
		assert_true(
			sf_view_equal(sf_view_of(place, size), sf_view_text(examples[i].bytes)));
		sf_buf_fini(&buf);
	}
}

static void test_every_size_comes_back(void **state)
{
	(void)state;
	uint8_t bytes[200], place[200];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + 3);
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		struct sf_buf buf;
		sf_buf_init(&buf, 300);
		assert_int_equal(sf_base64_append(&buf, sf_view_of(bytes, size)), SF_OK);
		assert_int_equal(buf.size, sf_base64_size(size));
		size_t read = 0;
		assert_int_equal(
			sf_base64_parse(sf_buf_view(&buf), place, sizeof(place), &read), SF_OK);
		assert_true(sf_view_equal(sf_view_of(place, read), sf_view_of(bytes, size)));
		sf_buf_fini(&buf);
	}
}

static void test_anything_but_the_one_text_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"Z", "Zg", "Zg=", "Zg===", "Zg==\n",
		" Zg==", "Zg==Zg==", "Z===", "====", "=", "==", "Zm9=v", "Zm=v",
		"Zm9v=", "Zm9v====", "Zh==", "Zm9=", "Zm9", "-_8=", "Zm 9v", "Zm9v\n", "Zm9\xc3",
		"=m9v"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		uint8_t place[16];
		size_t size = 99;
		assert_int_equal(
			sf_base64_parse(sf_view_text(wrong[i]), place, sizeof(place), &size),
			SF_ERR_FORMAT);
		assert_int_equal(size, 99);
	}
}

/* Of the 256 last digits before padding, each value of the last byte has exactly one. */
static void test_bits_behind_the_end_are_refused(void **state)
{
	(void)state;
	size_t good[2] = {0, 0};
	for (unsigned digit = 0; digit < 256; digit++) {
		const uint8_t one[] = {'Z', (uint8_t)digit, '=', '='};
		const uint8_t two[] = {'Z', 'm', (uint8_t)digit, '='};
		uint8_t place[3];
		size_t size;
		good[0] += sf_base64_parse(sf_view_of(one, 4), place, 3, &size) == SF_OK;
		good[1] += sf_base64_parse(sf_view_of(two, 4), place, 3, &size) == SF_OK;
	}
	/* 'Z' is 25: six bits; two more are free in one byte, four in the second of two. */
	assert_int_equal(good[0], 4);
	assert_int_equal(good[1], 16);
}

static void test_more_than_fits_is_refused(void **state)
{
	(void)state;
	uint8_t place[3] = {7, 7, 7};
	size_t size = 99;
	assert_int_equal(sf_base64_parse(sf_view_text("Zm9v"), place, 2, &size), SF_ERR_LIMIT);
	assert_int_equal(place[0], 7);
	assert_int_equal(sf_base64_parse(sf_view_text("Zm9v"), place, 3, &size), SF_OK);
	struct sf_buf buf;
	sf_buf_init(&buf, 3);
	assert_int_equal(sf_base64_append(&buf, sf_view_text("f")), SF_ERR_LIMIT);
	assert_int_equal(sf_base64_append(&buf, sf_view_of(place, SIZE_MAX)), SF_ERR_LIMIT);
	assert_int_equal(buf.size, 0);
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples_of_the_rfc_in_both_directions),
		cmocka_unit_test(test_every_size_comes_back),
		cmocka_unit_test(test_anything_but_the_one_text_is_refused),
		cmocka_unit_test(test_bits_behind_the_end_are_refused),
		cmocka_unit_test(test_more_than_fits_is_refused),
	};
	return cmocka_run_group_tests_name("base/base64", tests, NULL, NULL);
}
