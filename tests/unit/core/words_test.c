#include "core/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "core/fact.h"

static const struct sf_word_list *const all[] = {&sf_words_role, &sf_words_pathway,
	&sf_words_assessment, &sf_words_confidence, &sf_words_plan_answer, &sf_words_cannot,
	&sf_words_letter, &sf_words_mark, &sf_words_duty, &sf_words_task_action,
	&sf_words_window_action, &sf_words_dispute, &sf_words_close, &sf_words_ground,
	&sf_words_activity, &sf_words_mode};

static void test_a_word_is_its_number_and_no_other_word_is_any(void **state)
{
	(void)state;
	for (size_t i = 0; i < SF_COUNT(all); i++) {
		size_t known = 0;
		for (unsigned number = 1; number < 256; number++) {
			const char *word = all[i]->text(number);
			assert_non_null(word);
			known += all[i]->number(word) == number;
		}
		assert_true(known >= 2);
		assert_int_equal(all[i]->number(""), 0);
		assert_int_equal(all[i]->number("nonsense"), 0);
		assert_int_equal(all[i]->number(all[i]->text(0)), 0);
	}
}

static void test_roles_are_those_of_a_transition(void **state)
{
	(void)state;
	assert_int_equal(sf_words_role.number("gp"), SF_ROLE_GP);
	assert_int_equal(sf_words_role.number("coordinator"), 0);
	assert_int_equal(sf_words_role.number("auditor"), 0);
}

/* How many words there are in a list, each of which is one of them. */
static size_t count_listed(const struct sf_word_list *words, char *text)
{
	size_t count = 0;
	while (*text) {
		size_t size = strcspn(text, ",");
		bool more = text[size] == ',';
		text[size] = '\0';
		assert_true(words->number(text) > 0);
		count++;
		text += more ? size + 2 : size;
	}
	return count;
}

static void test_list_has_whole_words_alone(void **state)
{
	(void)state;
	char text[512];
	sf_word_list_text(&sf_words_confidence, text, sizeof(text));
	assert_string_equal(text, "low, medium, high");
	for (size_t size = 1; size <= 80; size++) {
		memset(text, 'x', sizeof(text));
		sf_word_list_text(&sf_words_role, text, size);
		assert_true(strlen(text) < size);
		size_t count = count_listed(&sf_words_role, text);
		assert_true(size > 4 ? count >= 1 : count == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_word_is_its_number_and_no_other_word_is_any),
		cmocka_unit_test(test_roles_are_those_of_a_transition),
		cmocka_unit_test(test_list_has_whole_words_alone),
	};
	return cmocka_run_group_tests_name("core/words", tests, NULL, NULL);
}
