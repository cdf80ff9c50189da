#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/line.h"

static void test_lines_are_taken_until_one_has_no_newline(void **state)
{
	(void)state;
	struct sf_view rest = sf_view_text("one\n\ntwo"), line = sf_view_text("untouched");
	assert_true(sf_line_take(&rest, &line));
	assert_true(sf_view_equal(line, sf_view_text("one")));
	assert_true(sf_line_take(&rest, &line));
	assert_int_equal(line.size, 0);
	assert_false(sf_line_take(&rest, &line));
	assert_true(sf_view_equal(rest, sf_view_text("two")));
	rest = sf_view_of(NULL, 0);
	assert_false(sf_line_take(&rest, &line));
}

static void test_words_and_prefixes_are_taken_off_the_front(void **state)
{
	(void)state;
	struct sf_view line = sf_view_text("index 7 rest"), part;
	assert_false(sf_line_skip(&line, "extra "));
	assert_false(sf_line_skip(&line, "index 7 rest and more"));
	assert_true(sf_line_skip(&line, "index "));
	assert_true(sf_line_until(&line, ' ', &part));
	assert_true(sf_view_equal(part, sf_view_text("7")));
	assert_false(sf_line_until(&line, ' ', &part));
	assert_true(sf_view_equal(line, sf_view_text("rest")));
}

static void test_numbers_have_one_text(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t number;
	} good[] = {{"0", 0}, {"9", 9}, {"10", 10}, {"9223372036854775807", INT64_MAX}};
	static const char *const wrong[] = {"", "00", "01", "+1", "-1", " 1", "1 ", "1\n", "0x1",
		"1a", "9223372036854775808", "18446744073709551616", "99999999999999999999999"};
	uint64_t number = 99;
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_int_equal(
			sf_decimal_parse(sf_view_text(wrong[i]), SF_LOG_NUMBER_MAX, &number),
			SF_ERR_FORMAT);
	assert_int_equal(number, 99);
	for (size_t i = 0; i < SF_COUNT(good); i++) {
		assert_int_equal(
			sf_decimal_parse(sf_view_text(good[i].text), SF_LOG_NUMBER_MAX, &number),
			SF_OK);
		assert_true(number == good[i].number);
	}
}

static void test_number_at_its_ceiling_and_above(void **state)
{
	(void)state;
	static const uint64_t ceilings[] = {0, 3, 8, 9, 10, 19, 99, 100};
	for (size_t i = 0; i < SF_COUNT(ceilings); i++)
		for (unsigned value = 0; value < 120; value++) {
			struct sf_buf buf;
			sf_buf_init(&buf, 16);
			assert_int_equal(sf_buf_printf(&buf, "%u", value), SF_OK);
			uint64_t number = 0;
			enum sf_err err = sf_decimal_parse(sf_buf_view(&buf), ceilings[i], &number);
			assert_int_equal(err, value <= ceilings[i] ? SF_OK : SF_ERR_FORMAT);
			sf_buf_fini(&buf);
		}
}

static void test_hashes_are_32_bytes(void **state)
{
	(void)state;
	static const char good[] = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
	static const char *const wrong[] = {"", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw==",
		"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH",
		"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd=",
		"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
		"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"};
	struct sf_digest hash;
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		assert_int_equal(sf_hash_parse(sf_view_text(wrong[i]), &hash), SF_ERR_FORMAT);
	assert_int_equal(sf_hash_parse(sf_view_text(good), &hash), SF_OK);
	for (size_t i = 0; i < SF_DIGEST_SIZE; i++)
		assert_int_equal(hash.bytes[i], 7);
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	assert_int_equal(sf_hash_append(&buf, &hash), SF_OK);
	assert_int_equal(buf.size, sizeof(good));
	assert_memory_equal(buf.data, good, sizeof(good) - 1);
	assert_int_equal(buf.data[buf.size - 1], '\n');
	sf_buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_taken_until_one_has_no_newline),
		cmocka_unit_test(test_words_and_prefixes_are_taken_off_the_front),
		cmocka_unit_test(test_numbers_have_one_text),
		cmocka_unit_test(test_number_at_its_ceiling_and_above),
		cmocka_unit_test(test_hashes_are_32_bytes),
	};
	return cmocka_run_group_tests_name("log/line", tests, NULL, NULL);
}
