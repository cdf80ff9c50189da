#include "audit/explain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "os/agreement_text.h"
#include "os/files.h"
#include "wire/record.h"

#define EXPLANATIONS SF_TESTS_DIR "/unit/audit/explanations/"
#define EXAMPLES SF_TESTS_DIR "/../deploy/examples/"

static int begin(void **state)
{
	*state = calloc(1, sizeof(struct sf_agreement));
	return *state ? 0 : -1;
}

static int end(void **state)
{
	free(*state);
	return 0;
}

/* The agreement as it comes out of its signed form. */
static void load(const char *path, struct sf_agreement *agreement)
{
	struct sf_diag diag = {{0}};
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	if (sf_agreement_text_load(path, agreement, &diag) ||
		sf_agreement_encode(agreement, &bytes) ||
		sf_agreement_decode(sf_buf_view(&bytes), agreement, &diag))
		fail_msg("%s: %s", path, diag.text);
	sf_buf_fini(&bytes);
}

static size_t width_of(const char *line, size_t size)
{
	size_t width = 0;
	for (size_t i = 0; i < size; i++)
		width += ((unsigned char)line[i] & 0xc0) != 0x80;
	return width;
}

/* Texts that differ are told by their first line that does. */
static void assert_same_lines(const char *golden_path, const char *text, const char *golden)
{
	for (int line = 1; *text || *golden; line++) {
		size_t size = strcspn(text, "\n"), golden_size = strcspn(golden, "\n");
		if (size != golden_size || memcmp(text, golden, size) != 0)
			fail_msg("%s:%d: '%.*s', not '%.*s'", golden_path, line, (int)size, text,
				(int)golden_size, golden);
		if (width_of(text, size) > 80)
			fail_msg("%s:%d is wider than 80", golden_path, line);
		text += size + (text[size] == '\n');
		golden += golden_size + (golden[golden_size] == '\n');
	}
}

static void assert_explained(
	struct sf_agreement *agreement, enum sf_language language, const char *golden_path)
{
	struct sf_buf text, golden;
	struct sf_diag diag = {{0}};
	sf_buf_init(&text, SF_EXPLAIN_SIZE_MAX);
	sf_buf_init(&golden, SF_EXPLAIN_SIZE_MAX);
	assert_int_equal(sf_explain(agreement, language, &text), SF_OK);
	if (sf_file_read(golden_path, &golden, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(sf_buf_append_u8(&text, '\0'), SF_OK);
	assert_int_equal(sf_buf_append_u8(&golden, '\0'), SF_OK);
	assert_same_lines(golden_path, (const char *)text.data, (const char *)golden.data);
	sf_buf_fini(&golden);
	sf_buf_fini(&text);
}

static void test_every_kind_of_clause_reads_as_people_say_it(void **state)
{
	load(EXPLANATIONS "every.agreement", *state);
	assert_explained(*state, SF_LANGUAGE_DANISH, EXPLANATIONS "every.da.txt");
	assert_explained(*state, SF_LANGUAGE_ENGLISH, EXPLANATIONS "every.en.txt");
}

static void test_example_of_midtjylland_reads_as_people_say_it(void **state)
{
	load(EXAMPLES "region-midtjylland.agreement", *state);
	assert_explained(*state, SF_LANGUAGE_DANISH, EXPLANATIONS "region-midtjylland.da.txt");
	assert_explained(*state, SF_LANGUAGE_ENGLISH, EXPLANATIONS "region-midtjylland.en.txt");
}

static void test_example_of_hovedstaden_reads_as_people_say_it(void **state)
{
	load(EXAMPLES "region-hovedstaden.agreement", *state);
	assert_explained(*state, SF_LANGUAGE_DANISH, EXPLANATIONS "region-hovedstaden.da.txt");
	assert_explained(*state, SF_LANGUAGE_ENGLISH, EXPLANATIONS "region-hovedstaden.en.txt");
}

static bool contains(const struct sf_buf *text, const char *words)
{
	return strstr((const char *)text->data, words) != NULL;
}

static void test_empty_source_and_the_words_for_it_are_said_alike(void **state)
{
	struct sf_agreement *agreement = *state;
	static const char *const sources[] = {"", "source missing"};
	for (size_t i = 0; i < SF_COUNT(sources); i++) {
		struct sf_buf text;
		sf_buf_init(&text, SF_EXPLAIN_SIZE_MAX);
		memset(agreement, 0, sizeof(*agreement));
		agreement->cut_off_minute = -1;
		agreement->pathway_count = 1;
		agreement->pathways[0].pathway = SF_PATHWAY_SOMATIC;
		struct sf_receiver_clause *receiver = &agreement->pathways[0].receiver;
		receiver->role = SF_ROLE_GP;
		snprintf(
			receiver->clause.source, sizeof(receiver->clause.source), "%s", sources[i]);
		assert_int_equal(sf_explain(agreement, SF_LANGUAGE_ENGLISH, &text), SF_OK);
		assert_int_equal(sf_buf_append_u8(&text, '\0'), SF_OK);
		assert_true(contains(&text, "\n   Source missing.\n"));
		assert_false(contains(&text, "Source: "));
		sf_buf_fini(&text);
	}
}

/* Numbers that this version has no word for come from a later one's signed form. */
static void test_numbers_without_a_word_are_shown_as_such(void **state)
{
	struct sf_agreement *agreement = *state;
	memset(agreement, 0, sizeof(*agreement));
	agreement->pathway_count = 1;
	agreement->pathways[0].expectation_count = 1;
	struct sf_expectation *expectation = &agreement->pathways[0].expectations[0];
	expectation->owner = (enum sf_role)31;
	expectation->arises_on = (struct sf_trigger){SF_KIND_STAY, 99, SF_TASK_STATE_NONE};
	expectation->met_by = (struct sf_trigger){SF_KIND_OBLIGATION, 99, (enum sf_task_state)99};
	expectation->conditions.count = 1;
	expectation->conditions.items[0].code = (enum sf_condition_code)99;
	for (size_t i = SF_LANGUAGE_DANISH; i <= SF_LANGUAGE_ENGLISH; i++) {
		struct sf_buf text;
		sf_buf_init(&text, SF_EXPLAIN_SIZE_MAX);
		assert_int_equal(sf_explain(agreement, (enum sf_language)i, &text), SF_OK);
		assert_int_equal(sf_buf_append_u8(&text, '\0'), SF_OK);
		assert_true(contains(&text, " ?."));
		sf_buf_fini(&text);
	}
}

/* What the signed form may hold is more than what the text of this version can say. */
static void test_every_fact_of_a_signed_form_has_words(void **state)
{
	struct sf_agreement *agreement = *state;
	memset(agreement, 0, sizeof(*agreement));
	agreement->pathway_count = 1;
	agreement->pathways[0].expectation_count = 1;
	struct sf_expectation *expectation = &agreement->pathways[0].expectations[0];
	expectation->owner = SF_ROLE_HOSPITAL;
	for (uint32_t kind = SF_KIND_PARTIES; kind < SF_KIND_ACKNOWLEDGEMENT; kind++) {
		if (sf_kind_is_of_agreement(kind))
			continue;
		expectation->arises_on = (struct sf_trigger){kind, 0, SF_TASK_COMPLETED};
		expectation->met_by = expectation->arises_on;
		for (size_t i = SF_LANGUAGE_DANISH; i <= SF_LANGUAGE_ENGLISH; i++) {
			struct sf_buf text;
			sf_buf_init(&text, SF_EXPLAIN_SIZE_MAX);
			assert_int_equal(sf_explain(agreement, (enum sf_language)i, &text), SF_OK);
			assert_int_equal(sf_buf_append_u8(&text, '\0'), SF_OK);
			if (contains(&text, "?"))
				fail_msg("kind %u has no words in language %zu", kind, i);
			sf_buf_fini(&text);
		}
	}
}

static void test_what_does_not_fit_is_an_error(void **state)
{
	struct sf_buf text;
	load(EXAMPLES "handover.agreement", *state);
	sf_buf_init(&text, 200);
	assert_int_equal(sf_explain(*state, SF_LANGUAGE_DANISH, &text), SF_ERR_LIMIT);
	sf_buf_fini(&text);
}

static void test_languages_have_their_words(void **state)
{
	struct sf_buf text;
	assert_int_equal(sf_language_from_text("da"), SF_LANGUAGE_DANISH);
	assert_int_equal(sf_language_from_text("en"), SF_LANGUAGE_ENGLISH);
	assert_int_equal(sf_language_from_text("sv"), SF_LANGUAGE_NONE);
	sf_buf_init(&text, SF_EXPLAIN_SIZE_MAX);
	assert_int_equal(sf_explain(*state, SF_LANGUAGE_NONE, &text), SF_ERR_USAGE);
	assert_int_equal(text.size, 0);
	sf_buf_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_of_clause_reads_as_people_say_it),
		cmocka_unit_test(test_example_of_midtjylland_reads_as_people_say_it),
		cmocka_unit_test(test_example_of_hovedstaden_reads_as_people_say_it),
		cmocka_unit_test(test_empty_source_and_the_words_for_it_are_said_alike),
		cmocka_unit_test(test_numbers_without_a_word_are_shown_as_such),
		cmocka_unit_test(test_every_fact_of_a_signed_form_has_words),
		cmocka_unit_test(test_what_does_not_fit_is_an_error),
		cmocka_unit_test(test_languages_have_their_words),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
