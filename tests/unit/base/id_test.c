#include "base/id.h"

#include <string.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_text_and_uuid_parse_to_the_same_id(void **state)
{
	(void)state;
	struct sf_id a, b;
	assert_int_equal(sf_id_parse("0123456789abcdef0011223344556677", &a), SF_OK);
	assert_int_equal(sf_id_parse("01234567-89AB-CDEF-0011-223344556677", &b), SF_OK);
	assert_true(sf_id_equal(a, b));
	assert_int_equal(sf_id_compare(a, b), 0);
	char text[SF_ID_TEXT_SIZE];
	sf_id_format(a, text);
	assert_string_equal(text, "0123456789abcdef0011223344556677");
}

static void test_malformed_ids_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "01", "0123456789abcdef001122334455667",
		"0123456789abcdef00112233445566778", "0123456789abcdef001122334455667g",
		"01234567-89AB-CDEF-0011-22334455667", "01234567-89AB-CDEF-00112-23344556677",
		"0123456--89AB-CDEF-0011-223344556677", "01234567089AB0CDEF000110223344556677"};
	struct sf_id id = {{1}};
	for (size_t i = 0; i < SF_COUNT(bad); i++)
		assert_int_equal(sf_id_parse(bad[i], &id), SF_ERR_FORMAT);
	assert_int_equal(sf_id_from_view(sf_view_text("fifteen bytes.."), &id), SF_ERR_FORMAT);
	assert_int_equal(sf_id_from_view(sf_view_of(NULL, 0), &id), SF_ERR_FORMAT);
	assert_int_equal(id.bytes[0], 1);
}

static void test_none_is_all_zero(void **state)
{
	(void)state;
	struct sf_id id = {{0}};
	struct sf_digest digest = {{0}};
	assert_true(sf_id_is_none(id));
	assert_true(sf_digest_is_none(&digest));
	id.bytes[15] = 1;
	digest.bytes[31] = 1;
	assert_false(sf_id_is_none(id));
	assert_false(sf_digest_is_none(&digest));
}

/* RFC 9562 section 5.7. */
static void test_timed_ids_sort_by_time_and_are_version_7(void **state)
{
	(void)state;
	uint8_t high[10], low[10];
	memset(high, 0xFF, sizeof(high));
	memset(low, 0, sizeof(low));
	struct sf_id earlier = sf_id_timed(1700000000000, high);
	struct sf_id later = sf_id_timed(1700000000001, low);
	assert_true(sf_id_compare(earlier, later) < 0);
	static const uint8_t wanted[] = {0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x00, 0x7f, 0xff, 0xbf, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	assert_memory_equal(earlier.bytes, wanted, sizeof(wanted));
	assert_int_equal(later.bytes[6] >> 4, 7);
	assert_int_equal(later.bytes[8] >> 6, 2);
}

static void test_digest_from_exactly_32_bytes(void **state)
{
	(void)state;
	struct sf_digest a = {{0}}, b;
	a.bytes[0] = 0xAB;
	assert_int_equal(sf_digest_from_view(sf_digest_view(&a), &b), SF_OK);
	assert_true(sf_digest_equal(&a, &b));
	assert_int_equal(sf_digest_from_view(sf_view_of(a.bytes, 31), &b), SF_ERR_FORMAT);
	char text[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&a, text);
	assert_int_equal(strlen(text), 64);
	assert_memory_equal(text, "ab00", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_uuid_parse_to_the_same_id),
		cmocka_unit_test(test_malformed_ids_are_refused),
		cmocka_unit_test(test_none_is_all_zero),
		cmocka_unit_test(test_timed_ids_sort_by_time_and_are_version_7),
		cmocka_unit_test(test_digest_from_exactly_32_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
