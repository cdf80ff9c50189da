#include "cmd/arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cmd/stafet.h"

#define WORDS_MAX 8
#define WORD_SIZE 32

/* getopt moves the words around, so each test has its own. */
struct typed {
	char text[WORDS_MAX][WORD_SIZE];
	char *argv[WORDS_MAX + 1];
	int argc;
	struct sf_arguments arguments;
};

/* words: separated by one blank, the command first. */
static int read_words(struct typed *typed, const char *words)
{
	*typed = (struct typed){.argc = 0};
	while (*words) {
		size_t size = strcspn(words, " ");
		assert_in_range(size, 1, WORD_SIZE - 1);
		assert_in_range(typed->argc, 0, WORDS_MAX - 1);
		memcpy(typed->text[typed->argc], words, size);
		typed->argv[typed->argc] = typed->text[typed->argc];
		typed->argc++;
		words += size + (words[size] == ' ');
	}
	int count = 0;
	const struct sf_command *command = sf_command_find(typed->argc, typed->argv, &count);
	assert_non_null(command);
	return sf_arguments_read(
		command, typed->argc - count + 1, typed->argv + count - 1, &typed->arguments);
}

static void test_options_stand_before_and_after_arguments(void **state)
{
	(void)state;
	struct typed typed;
	assert_int_equal(read_words(&typed, "send --gp 5790 file --json -w 7"), -1);
	assert_string_equal(sf_arguments_value(&typed.arguments, "gp"), "5790");
	assert_string_equal(sf_arguments_value(&typed.arguments, "wait"), "7");
	assert_null(sf_arguments_value(&typed.arguments, "to"));
	assert_string_equal(sf_arguments_text(&typed.arguments, "to"), "");
	assert_true(typed.arguments.json);
	assert_int_equal(typed.arguments.count, 1);
	assert_string_equal(typed.arguments.items[0], "file");
}

static void test_wrong_words_are_usage(void **state)
{
	(void)state;
	static const char *const wrong[] = {"send", "send a b", "send a --nope", "send a --gp",
		"send a -x", "inbox a", "transition show", "status --all", "version --json"};
	struct typed typed;
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		if (read_words(&typed, wrong[i]) != SF_EXIT_USAGE)
			fail_msg("'%s' is taken", wrong[i]);
}

static void test_socket_comes_from_option_environment_or_default(void **state)
{
	(void)state;
	struct typed typed;
	assert_int_equal(unsetenv("STAFET_SOCKET"), 0);
	assert_int_equal(read_words(&typed, "status"), -1);
	assert_string_equal(typed.arguments.socket, SF_SOCKET_DEFAULT);
	assert_int_equal(setenv("STAFET_SOCKET", "from-environment", 1), 0);
	assert_int_equal(read_words(&typed, "status"), -1);
	assert_string_equal(typed.arguments.socket, "from-environment");
	assert_int_equal(read_words(&typed, "status --socket given"), -1);
	assert_string_equal(typed.arguments.socket, "given");
	assert_int_equal(unsetenv("STAFET_SOCKET"), 0);
}

static void test_domains_are_read_and_others_complained_of(void **state)
{
	(void)state;
	struct typed typed;
	sf_domain_set domains = 0;
	assert_int_equal(read_words(&typed, "accept x --domains care,medication"), -1);
	assert_int_equal(sf_arguments_domains(&typed.arguments, "domains", &domains), SF_EXIT_OK);
	assert_int_equal(
		domains, SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION));
	assert_int_equal(read_words(&typed, "accept x"), -1);
	assert_int_equal(sf_arguments_domains(&typed.arguments, "domains", &domains), SF_EXIT_OK);
	assert_int_equal(domains, 0);
	static const char *const wrong[] = {"accept x --domains car", "accept x --domains ,",
		"accept x --domains care,,social", "accept x --domains Care"};
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_int_equal(read_words(&typed, wrong[i]), -1);
		if (sf_arguments_domains(&typed.arguments, "domains", &domains) != SF_EXIT_USAGE)
			fail_msg("'%s' is taken", wrong[i]);
	}
}

static void test_numbers_have_digits_and_a_bound(void **state)
{
	(void)state;
	static const char *const wrong[] = {"send x --wait 5s", "send x --wait -1",
		"send x --wait 61", "send x --wait 99999999999999999999999"};
	struct typed typed;
	uint64_t number = 0;
	assert_int_equal(read_words(&typed, "send x --wait 60"), -1);
	assert_int_equal(sf_arguments_number(&typed.arguments, "wait", 3, 60, &number), SF_EXIT_OK);
	assert_int_equal(number, 60);
	assert_int_equal(read_words(&typed, "send x"), -1);
	assert_int_equal(sf_arguments_number(&typed.arguments, "wait", 3, 60, &number), SF_EXIT_OK);
	assert_int_equal(number, 3);
	for (size_t i = 0; i < SF_COUNT(wrong); i++) {
		assert_int_equal(read_words(&typed, wrong[i]), -1);
		if (sf_arguments_number(&typed.arguments, "wait", 3, 60, &number) != SF_EXIT_USAGE)
			fail_msg("'%s' is taken", wrong[i]);
	}
	/* A bound below 9: a digit alone may be too much. */
	static const char *const small[] = {"0", "7", "8", "9", "70", "77", "99"};
	for (size_t i = 0; i < SF_COUNT(small); i++) {
		char words[32];
		snprintf(words, sizeof(words), "send x --wait %s", small[i]);
		assert_int_equal(read_words(&typed, words), -1);
		assert_int_equal(sf_arguments_number(&typed.arguments, "wait", 3, 7, &number),
			i < 2 ? SF_EXIT_OK : SF_EXIT_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options_stand_before_and_after_arguments),
		cmocka_unit_test(test_wrong_words_are_usage),
		cmocka_unit_test(test_socket_comes_from_option_environment_or_default),
		cmocka_unit_test(test_domains_are_read_and_others_complained_of),
		cmocka_unit_test(test_numbers_have_digits_and_a_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
