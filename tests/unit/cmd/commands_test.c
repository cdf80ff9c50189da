/* The table of commands: it can be read, and the man page says the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/arguments.h"
#include "cmd/stafet.h"

#define PAGE_SIZE_MAX 65536

static char *read_page(void)
{
	FILE *file = fopen(SF_TESTS_DIR "/../deploy/man/stafet.1.scd", "r");
	assert_non_null(file);
	char *page = calloc(1, PAGE_SIZE_MAX);
	assert_non_null(page);
	size_t size = fread(page, 1, PAGE_SIZE_MAX - 1, file);
	assert_in_range(size, 1, PAGE_SIZE_MAX - 2);
	fclose(file);
	return page;
}

static void test_every_command_and_option_stands_in_the_man_page(void **state)
{
	(void)state;
	char *page = read_page();
	for (size_t i = 0; i < sf_command_count; i++) {
		const struct sf_command *command = &sf_commands[i];
		char text[64];
		snprintf(text, sizeof(text), "\n*stafet %s*", command->name);
		if (!strstr(page, text))
			fail_msg("stafet.1.scd does not have %s", text + 1);
		/* The demo's options are told by its own help. */
		bool own_help = strcmp(command->name, "demo") == 0;
		for (size_t j = 0; j < command->option_count && !own_help; j++) {
			snprintf(text, sizeof(text), "*--%s*", command->options[j].name);
			if (!strstr(page, text))
				fail_msg("stafet.1.scd does not have %s", text);
		}
	}
	free(page);
}

static void test_every_row_of_the_table_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sf_command_count; i++) {
		const struct sf_command *command = &sf_commands[i];
		assert_true((command->run == NULL) != (command->own == NULL));
		assert_true(command->argument_min <= command->argument_max);
		assert_true(command->option_count <= SF_ARGUMENTS_OPTIONS_MAX);
		assert_true(command->help[0] != '\0');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(command->name, sf_commands[j].name);
		for (size_t j = 0; j < command->option_count; j++)
			for (size_t k = 0; k < sf_common_option_count(command); k++)
				assert_string_not_equal(
					command->options[j].name, sf_common_options[k].name);
	}
}

static void test_find_takes_one_word_or_two(void **state)
{
	(void)state;
	char transition[] = "transition", show[] = "show", hide[] = "hide", send[] = "send";
	char *two[] = {transition, show}, *wrong[] = {transition, hide}, *one[] = {send, show};
	int words = 0;
	assert_string_equal(sf_command_find(2, two, &words)->name, "transition show");
	assert_int_equal(words, 2);
	assert_string_equal(sf_command_find(2, one, &words)->name, "send");
	assert_int_equal(words, 1);
	assert_null(sf_command_find(2, wrong, &words));
	assert_null(sf_command_find(1, two, &words));
	assert_null(sf_command_find(0, two, &words));
}

static void test_family_is_shown_by_its_commands(void **state)
{
	(void)state;
	FILE *out = tmpfile();
	assert_non_null(out);
	assert_false(sf_command_print_family(out, "send"));
	assert_false(sf_command_print_family(out, "transi"));
	assert_true(sf_command_print_family(out, "transition"));
	rewind(out);
	char text[256] = "";
	text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
	fclose(out);
	assert_string_equal(text, "usage: stafet transition list\n       stafet transition find\n"
				  "       stafet transition show ID\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_command_and_option_stands_in_the_man_page),
		cmocka_unit_test(test_every_row_of_the_table_is_whole),
		cmocka_unit_test(test_find_takes_one_word_or_two),
		cmocka_unit_test(test_family_is_shown_by_its_commands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
