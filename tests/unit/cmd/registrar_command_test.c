/* `stafet keys` and `stafet registrar` as they are typed: what each answers, and that it did it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/commands.h"
#include "unit/cmd/epoch_record.h"
#include "unit/cmd/folder.h"

#define WORDS_MAX 24

/* Splits line at blanks and runs its family in the folder. */
static int run(const char *line)
{
	char text[512], *words[WORDS_MAX + 1];
	int count = 0;
	assert_true(strlen(line) < sizeof(text));
	memcpy(text, line, strlen(line) + 1);
	for (char *word = text; word; count++) {
		assert_true(count < WORDS_MAX);
		words[count] = word;
		word = strchr(word, ' ');
		if (word)
			*word++ = '\0';
	}
	words[count] = NULL;
	return strcmp(words[0], "keys") == 0 ? sf_command_keys(count, words)
					     : sf_command_registrar(count, words);
}

static int setup(void **state)
{
	folder_setup(state);
	struct folder *folder = *state;
	assert_int_equal(chdir(folder->path), 0);
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(chdir("/"), 0);
	return folder_teardown(state);
}

static void test_each_step_answers_its_exit_code(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int code;
	} steps[] = {
		{"keys --help", SF_EXIT_OK},
		{"registrar --help", SF_EXIT_OK},
		{"keys", SF_EXIT_USAGE},
		{"registrar", SF_EXIT_USAGE},
		{"keys fly k", SF_EXIT_USAGE},
		{"registrar fly r", SF_EXIT_USAGE},
		{"keys init k --name A", SF_EXIT_USAGE},
		{"keys init k --name A --role baker", SF_EXIT_USAGE},
		{"keys init k --name A --role gp --party 12", SF_EXIT_USAGE},
		{"keys init --name A --role gp", SF_EXIT_USAGE},
		{"keys init k --name A --role gp --gln 5790000000000", SF_EXIT_FAILED},
		{"keys show k", SF_EXIT_NOT_FOUND},
		{"keys init k --name A --role gp --party 00112233445566778899aabbccddeeff",
			SF_EXIT_OK},
		{"keys init k --name A --role gp", SF_EXIT_CONFLICT},
		{"keys show k", SF_EXIT_OK},
		{"keys show k --json", SF_EXIT_OK},
		{"keys activate k", SF_EXIT_NOT_FOUND},
		{"registrar init r", SF_EXIT_OK},
		{"registrar init r", SF_EXIT_CONFLICT},
		{"registrar show k/request.sfr --json", SF_EXIT_OK},
		{"registrar show r/registrar.pub", SF_EXIT_FAILED},
		{"registrar sign r k/request.sfr --yes", SF_EXIT_USAGE},
		{"registrar sign r --yes -o e", SF_EXIT_USAGE},
		{"registrar sign r nowhere --yes -o e", SF_EXIT_NOT_FOUND},
		{"registrar sign k k/request.sfr --yes -o e", SF_EXIT_NOT_FOUND},
		{"registrar sign r k/request.sfr --yes -o e", SF_EXIT_OK},
		{"registrar show e", SF_EXIT_OK},
		{"registrar cosign r e -o f --yes", SF_EXIT_CONFLICT},
		{"registrar revoke r e -o f", SF_EXIT_USAGE},
		{"registrar revoke r e -o f --compromised-since yesterday", SF_EXIT_USAGE},
		{"registrar revoke r e -o f --key 00000000000000000000000000000009",
			SF_EXIT_NOT_FOUND},
		{"registrar revoke r e -o f --all", SF_EXIT_OK},
		{"registrar sign r k/request.sfr --previous f --yes -o g", SF_EXIT_REFUSED},
		{"keys pseudonym p", SF_EXIT_OK},
		{"keys pseudonym p", SF_EXIT_CONFLICT},
	};
	for (size_t i = 0; i < SF_COUNT(steps); i++) {
		int code = run(steps[i].line);
		if (code != steps[i].code)
			fail_msg("'%s' answers %d", steps[i].line, code);
	}
	assert_int_equal(access("g", F_OK), -1);
}

static void test_nothing_is_signed_without_the_word_yes(void **state)
{
	(void)state;
	assert_int_equal(run("keys init k --name A --role gp"), SF_EXIT_OK);
	assert_int_equal(run("registrar init r"), SF_EXIT_OK);
	assert_non_null(freopen("/dev/null", "r", stdin));
	assert_int_equal(run("registrar sign r k/request.sfr -o e"), SF_EXIT_REFUSED);
	assert_int_equal(access("e", F_OK), -1);
}

static void write_epoch(const char *path)
{
	struct sf_buf record;
	sf_buf_init(&record, 65536);
	epoch_record_make(&record, true);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(record.data, 1, record.size, file), record.size);
	assert_int_equal(fclose(file), 0);
	sf_buf_fini(&record);
}

static void test_new_epoch_is_signed_by_one_and_then_by_another(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		int code;
	} steps[] = {
		{"registrar init r", SF_EXIT_OK},
		{"registrar init q", SF_EXIT_OK},
		{"registrar show x", SF_EXIT_OK},
		{"registrar show x --json", SF_EXIT_OK},
		{"registrar epoch r x --yes", SF_EXIT_USAGE},
		{"registrar epoch r --yes -o y", SF_EXIT_USAGE},
		{"registrar epoch r nowhere --yes -o y", SF_EXIT_NOT_FOUND},
		{"registrar epoch r r/registrar.pub --yes -o y", SF_EXIT_FAILED},
		{"registrar sign r x --yes -o y", SF_EXIT_FAILED},
		{"registrar revoke r x --all -o y", SF_EXIT_FAILED},
		{"registrar cosign r x --yes -o y", SF_EXIT_CONFLICT},
		{"registrar epoch r x --yes -o y", SF_EXIT_OK},
		{"registrar show y", SF_EXIT_OK},
		{"registrar show y --json", SF_EXIT_OK},
		{"registrar epoch q y --yes -o z", SF_EXIT_CONFLICT},
		{"registrar cosign r y --yes -o z", SF_EXIT_CONFLICT},
		{"registrar cosign q y --yes -o y", SF_EXIT_OK},
		{"registrar cosign q y --yes -o y", SF_EXIT_CONFLICT},
	};
	write_epoch("x");
	for (size_t i = 0; i < SF_COUNT(steps); i++) {
		int code = run(steps[i].line);
		if (code != steps[i].code)
			fail_msg("'%s' answers %d", steps[i].line, code);
	}
	assert_int_equal(access("z", F_OK), -1);
	assert_non_null(freopen("/dev/null", "r", stdin));
	assert_int_equal(run("registrar epoch r x -o z"), SF_EXIT_REFUSED);
	assert_int_equal(access("z", F_OK), -1);
}

static void test_changed_request_is_an_integrity_failure(void **state)
{
	(void)state;
	assert_int_equal(run("keys init k --name Sund --role gp"), SF_EXIT_OK);
	FILE *file = fopen("k/request.sfr", "rb+");
	assert_non_null(file);
	uint8_t bytes[1024];
	size_t size = fread(bytes, 1, sizeof(bytes), file);
	size_t at = 0;
	while (at + 4 < size && memcmp(bytes + at, "Sund", 4) != 0)
		at++;
	assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
	assert_int_equal(fputc('H', file), 'H');
	assert_int_equal(fclose(file), 0);
	assert_int_equal(run("keys show k"), SF_EXIT_INTEGRITY);
	assert_int_equal(run("registrar show k/request.sfr"), SF_EXIT_INTEGRITY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_step_answers_its_exit_code),
		TEST(test_nothing_is_signed_without_the_word_yes),
		TEST(test_new_epoch_is_signed_by_one_and_then_by_another),
		TEST(test_changed_request_is_an_integrity_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
