#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/words.h"

static void check_words(struct sf_view bytes, const char *expected)
{
	char text[SF_WORDS_TEXT_SIZE(32)];
	sf_words_format(bytes, text);
	assert_string_equal(text, expected);
	assert_true(strlen(text) + 1 <= SF_WORDS_TEXT_SIZE(bytes.size));
}

static void test_words_are_consonants_and_vowels_in_turn(void **state)
{
	(void)state;
	static const uint8_t bytes[] = {0x00, 0x00, 0xFF, 0xFF, 0x12, 0x34};
	check_words(sf_view_of(bytes, 2), "babab");
	check_words(sf_view_of(bytes, 4), "babab-xuxux");
	/* 0001 00 1000 11 0100: d a m u h */
	check_words(sf_view_of(bytes, 6), "babab-xuxux-damuh");
}

static void test_every_number_is_one_word_and_back(void **state)
{
	(void)state;
	for (unsigned number = 0; number < 65536; number++) {
		uint8_t bytes[2], back[2];
		sf_put_u16(bytes, (uint16_t)number);
		char text[SF_WORDS_TEXT_SIZE(2)];
		sf_words_format(sf_view_of(bytes, 2), text);
		assert_int_equal(sf_words_parse(text, back, 2), SF_OK);
		assert_memory_equal(bytes, back, 2);
	}
}

static void test_words_as_people_type_them_parse(void **state)
{
	(void)state;
	static const uint8_t expected[] = {0x00, 0x00, 0xFF, 0xFF};
	static const char *const texts[] = {
		"babab-xuxux", "BABAB XUXUX", "  babab - Xuxux\n", "bababxuxux"};
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		uint8_t back[4];
		assert_int_equal(sf_words_parse(texts[i], back, 4), SF_OK);
		assert_memory_equal(back, expected, 4);
	}
}

static void test_other_texts_are_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "babab", "babab-xuxu", "babab-xuxux-babab",
		"babac-xuxux", "ababa-xuxux", "babab-xuxux.", "ba-bab-xuxux"};
	for (size_t i = 0; i < SF_COUNT(texts); i++) {
		uint8_t back[4];
		assert_int_equal(sf_words_parse(texts[i], back, 4), SF_ERR_FORMAT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_are_consonants_and_vowels_in_turn),
		cmocka_unit_test(test_every_number_is_one_word_and_back),
		cmocka_unit_test(test_words_as_people_type_them_parse),
		cmocka_unit_test(test_other_texts_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
