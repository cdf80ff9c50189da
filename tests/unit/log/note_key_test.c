#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "log/line.h"
#include "log/note.h"
#include "unit/log/golden.h"

/* The log's key, then the witnesses'. */
static const struct sf_note_key *key_of(const struct golden *golden, size_t index)
{
	return index == 0 ? &golden->log : &golden->witnesses[index - 1];
}

static void test_keys_of_another_writer_in_both_directions(void **state)
{
	struct golden *golden = *state;
	struct sf_view rest = golden_read(golden, "vkeys.txt"), line;
	size_t count = 0;
	for (; sf_line_take(&rest, &line); count++) {
		struct sf_note_key key;
		assert_int_equal(sf_note_vkey_parse(&golden->crypto, line, &key, NULL), SF_OK);
		const struct sf_note_key *expected = key_of(golden, count);
		assert_string_equal(key.name, expected->name);
		assert_int_equal(key.type, expected->type);
		assert_memory_equal(key.hash, expected->hash, 4);
		assert_memory_equal(key.public_key, expected->public_key, SF_PUBLIC_KEY_SIZE);
		char text[SF_NOTE_VKEY_SIZE];
		sf_note_vkey_format(&key, text);
		assert_true(sf_view_equal(line, sf_view_text(text)));
	}
	assert_int_equal(count, 1 + GOLDEN_WITNESSES);
}

static void test_every_bit_of_a_key_matters(void **state)
{
	struct golden *golden = *state;
	struct sf_view rest = golden_read(golden, "vkeys.txt"), line;
	assert_true(sf_line_take(&rest, &line));
	uint8_t *text = golden->text.data;
	for (size_t bit = 0; bit < 8 * line.size; bit++) {
		text[bit / 8] ^= (uint8_t)(1 << bit % 8);
		struct sf_note_key key;
		struct sf_diag diag = {{0}};
		assert_int_equal(
			sf_note_vkey_parse(&golden->crypto, line, &key, &diag), SF_ERR_FORMAT);
		assert_true(strlen(diag.text) > 0);
		text[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void test_bad_forms_are_refused(void **state)
{
	struct golden *golden = *state;
	/* Key and hash are those of "a/b" with a key from 32 zero bytes; type 4. */
	static const char good[] = "a/b+9e48e7c6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
	static const char *const wrong[] = {"", "a/b", "a/b+9e48e7c6",
		"a/b+9E48E7C6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
		"a/b+9e48e7c+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
		"a/b+9e48e7c60+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
		"a/c+9e48e7c6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
		"+9e48e7c6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
		"A+9e48e7c6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
		"a/b+9e48e7c6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWd==",
		"a/b+9e48e7c6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdopAAAA",
		"a/b+9e48e7c6+AjtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
		"a/b+9e48e7c6+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop\n"};
	struct sf_note_key key;
	assert_int_equal(
		sf_note_vkey_parse(&golden->crypto, sf_view_text(good), &key, NULL), SF_OK);
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		if (sf_note_vkey_parse(&golden->crypto, sf_view_text(wrong[i]), &key, NULL) !=
			SF_ERR_FORMAT)
			fail_msg("form %zu is taken", i);
}

static void test_name_fits_and_has_plain_letters(void **state)
{
	struct golden *golden = *state;
	char name[SF_NOTE_NAME_SIZE + 1];
	memset(name, 'z', sizeof(name));
	assert_true(sf_note_name_valid(sf_view_of(name, SF_NOTE_NAME_SIZE - 1)));
	assert_false(sf_note_name_valid(sf_view_of(name, SF_NOTE_NAME_SIZE)));
	static const char *const wrong[] = {"", "A", "a b", "a+b", "a\n", "\xc3\xa6", "a_b"};
	struct sf_note_key key;
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_false(sf_note_name_valid(sf_view_text(wrong[i])));
		assert_int_equal(sf_note_key_make(&golden->crypto, wrong[i], SF_NOTE_KEY_ED25519,
					 golden->log.public_key, &key),
			SF_ERR_FORMAT);
	}
}

/* The longest name there is, with its hash and key. */
static void test_longest_key_fits_its_size(void **state)
{
	struct golden *golden = *state;
	char name[SF_NOTE_NAME_SIZE] = {0}, text[SF_NOTE_VKEY_SIZE];
	memset(name, 'z', sizeof(name) - 1);
	struct sf_note_key key, again;
	assert_int_equal(sf_note_key_make(&golden->crypto, name, SF_NOTE_KEY_COSIGNATURE,
				 golden->log.public_key, &key),
		SF_OK);
	sf_note_vkey_format(&key, text);
	assert_int_equal(
		sf_note_vkey_parse(&golden->crypto, sf_view_text(text), &again, NULL), SF_OK);
	assert_string_equal(again.name, name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_keys_of_another_writer_in_both_directions),
		GOLDEN_TEST(test_every_bit_of_a_key_matters),
		GOLDEN_TEST(test_bad_forms_are_refused),
		GOLDEN_TEST(test_name_fits_and_has_plain_letters),
		GOLDEN_TEST(test_longest_key_fits_its_size),
	};
	return cmocka_run_group_tests_name("log/note_key", tests, NULL, NULL);
}
