#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_views_compare_by_bytes_then_size(void **state)
{
	(void)state;
	assert_true(sf_view_equal(sf_view_text("abc"), sf_view_of("abcd", 3)));
	assert_false(sf_view_equal(sf_view_text("abc"), sf_view_text("abd")));
	assert_true(sf_view_equal(sf_view_of(NULL, 0), sf_view_text("")));
	assert_true(sf_view_compare(sf_view_text("ab"), sf_view_text("abc")) < 0);
	assert_true(sf_view_compare(sf_view_text("b"), sf_view_text("abc")) > 0);
	assert_int_equal(sf_view_compare(sf_view_of(NULL, 0), sf_view_of(NULL, 0)), 0);
}

static void test_buffer_past_its_ceiling_is_unchanged(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 5);
	assert_int_equal(sf_buf_append_text(&buf, "abc"), SF_OK);
	assert_int_equal(sf_buf_append_text(&buf, "def"), SF_ERR_LIMIT);
	assert_int_equal(sf_buf_append_u32(&buf, 1), SF_ERR_LIMIT);
	assert_int_equal(sf_buf_reserve(&buf, SIZE_MAX), SF_ERR_LIMIT);
	assert_int_equal(sf_buf_printf(&buf, "%d", 1000), SF_ERR_LIMIT);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_view_text("abc")));
	assert_int_equal(sf_buf_append_u16(&buf, 0x6465), SF_OK);
	assert_true(sf_view_equal(sf_buf_view(&buf), sf_view_text("abcde")));
	sf_buf_fini(&buf);
}

static void test_buffer_grows_and_formats(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 10000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(sf_buf_printf(&buf, "%03d,", i), SF_OK);
	assert_int_equal(buf.size, 4000);
	assert_memory_equal(buf.data + 3996, "999,", 4);
	sf_buf_clear(&buf);
	assert_int_equal(buf.size, 0);
	uint8_t *place = NULL;
	assert_int_equal(sf_buf_extend(&buf, 16, &place), SF_OK);
	for (size_t i = 0; i < 16; i++)
		assert_int_equal(place[i], 0);
	sf_buf_fini(&buf);
}

/* Pointer arithmetic on NULL is undefined even when nothing is added: the sanitizer watches. */
static void test_nothing_of_nothing_is_defined(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 8);
	uint8_t byte = 0;
	uint8_t *place = &byte;
	assert_int_equal(sf_buf_extend(&buf, 0, &place), SF_OK);
	assert_int_equal(sf_buf_append(&buf, sf_view_of(NULL, 0)), SF_OK);
	assert_int_equal(buf.size, 0);
	struct sf_reader reader = {{NULL, 0}};
	struct sf_view bytes = sf_view_text("x");
	assert_int_equal(sf_reader_bytes(&reader, 0, &bytes), SF_OK);
	assert_int_equal(bytes.size, 0);
	assert_int_equal(sf_reader_u8(&reader, &byte), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
}

static void test_integers_are_big_endian_and_come_back(void **state)
{
	(void)state;
	struct sf_buf buf;
	sf_buf_init(&buf, 64);
	assert_int_equal(sf_buf_append_u8(&buf, 0xAB), SF_OK);
	assert_int_equal(sf_buf_append_u16(&buf, 0x0102), SF_OK);
	assert_int_equal(sf_buf_append_u32(&buf, 0xF1020304), SF_OK);
	assert_int_equal(sf_buf_append_u64(&buf, UINT64_C(0xF102030405060708)), SF_OK);
	static const uint8_t wanted[] = {0xAB, 1, 2, 0xF1, 2, 3, 4, 0xF1, 2, 3, 4, 5, 6, 7, 8};
	assert_int_equal(buf.size, sizeof(wanted));
	assert_memory_equal(buf.data, wanted, sizeof(wanted));
	struct sf_reader reader = {sf_buf_view(&buf)};
	uint8_t u8 = 0;
	uint16_t u16 = 0;
	uint32_t u32 = 0;
	uint64_t u64 = 0;
	assert_int_equal(sf_reader_u8(&reader, &u8), SF_OK);
	assert_int_equal(sf_reader_u16(&reader, &u16), SF_OK);
	assert_int_equal(sf_reader_u32(&reader, &u32), SF_OK);
	assert_int_equal(sf_reader_u64(&reader, &u64), SF_OK);
	assert_int_equal(u8, 0xAB);
	assert_int_equal(u16, 0x0102);
	assert_int_equal(u32, 0xF1020304);
	assert_true(u64 == UINT64_C(0xF102030405060708));
	sf_buf_fini(&buf);
}

static void test_reader_past_the_end_takes_nothing(void **state)
{
	(void)state;
	static const uint8_t bytes[] = {1, 2, 3};
	struct sf_reader reader = {sf_view_of(bytes, sizeof(bytes))};
	uint32_t u32 = 7;
	uint16_t u16 = 0;
	assert_int_equal(sf_reader_u32(&reader, &u32), SF_ERR_FORMAT);
	assert_int_equal(u32, 7);
	assert_int_equal(reader.rest.size, 3);
	assert_int_equal(sf_reader_u16(&reader, &u16), SF_OK);
	assert_int_equal(u16, 0x0102);
	assert_int_equal(sf_reader_u16(&reader, &u16), SF_ERR_FORMAT);
	assert_int_equal(reader.rest.size, 1);
}

/* RFC 3629 section 4, with U+0000 refused (WIRE.md section 1). */
static void test_utf8_accepts_only_the_shortest_forms(void **state)
{
	(void)state;
	static const char *const good[] = {"", "Koebenhavn", "\xC3\xB8re", "\xE2\x82\xAC",
		"\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"};
	static const char *const bad[] = {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC3", "\xC3(",
		"\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80", "\xFF", "ok\xFE"};
	for (size_t i = 0; i < SF_COUNT(good); i++)
		assert_true(sf_utf8_valid(sf_view_text(good[i])));
	for (size_t i = 0; i < SF_COUNT(bad); i++)
		assert_false(sf_utf8_valid(sf_view_text(bad[i])));
	assert_false(sf_utf8_valid(sf_view_of("a\0b", 3)));
}

static void test_hex_of_wrong_size_or_digit_is_refused(void **state)
{
	(void)state;
	uint8_t bytes[3] = {9, 9, 9};
	assert_int_equal(sf_hex_decode("00fF", bytes, 3), SF_ERR_FORMAT);
	assert_int_equal(sf_hex_decode("00fF1g", bytes, 3), SF_ERR_FORMAT);
	assert_int_equal(sf_hex_decode("00fF1a00", bytes, 3), SF_ERR_FORMAT);
	assert_int_equal(bytes[0], 9);
	assert_int_equal(sf_hex_decode("00fF1A", bytes, 3), SF_OK);
	char text[7];
	sf_hex_encode(sf_view_of(bytes, 3), text);
	assert_string_equal(text, "00ff1a");
}

static void test_wipe_ends_where_it_is_told(void **state)
{
	(void)state;
	uint8_t bytes[4] = {1, 2, 3, 4};
	sf_bytes_wipe(bytes + 1, 2);
	const uint8_t expected[4] = {1, 0, 0, 4};
	assert_memory_equal(bytes, expected, sizeof(bytes));
	sf_bytes_wipe(bytes, 0);
	assert_int_equal(bytes[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views_compare_by_bytes_then_size),
		cmocka_unit_test(test_buffer_past_its_ceiling_is_unchanged),
		cmocka_unit_test(test_buffer_grows_and_formats),
		cmocka_unit_test(test_nothing_of_nothing_is_defined),
		cmocka_unit_test(test_integers_are_big_endian_and_come_back),
		cmocka_unit_test(test_reader_past_the_end_takes_nothing),
		cmocka_unit_test(test_utf8_accepts_only_the_shortest_forms),
		cmocka_unit_test(test_hex_of_wrong_size_or_digit_is_refused),
		cmocka_unit_test(test_wipe_ends_where_it_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
