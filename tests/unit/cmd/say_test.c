/*
 * Commands that say a fact: what cannot be meant is told before anybody is asked. Nobody listens at
 * the socket, so words that belong together end with "unreachable".
 */
#include "cmd/say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cmd/stafet.h"

#define WORDS_MAX 16

/* Cuts text at its spaces; how many words there are. */
static int cut(char *text, char *ret_words[WORDS_MAX + 1])
{
	int count = 0;
	while (*text && count < WORDS_MAX) {
		ret_words[count++] = text;
		text += strcspn(text, " ");
		if (*text)
			*text++ = '\0';
	}
	return count;
}

static int run(const char *line)
{
	char text[512];
	char *words[WORDS_MAX + 1] = {NULL};
	int taken = 0;
	snprintf(text, sizeof(text), "%s --socket /nonexistent/stafet.sock", line);
	int count = cut(text, words);
	const struct sf_command *command = sf_command_find(count, words, &taken);
	assert_non_null(command);
	struct sf_arguments arguments;
	int code = sf_arguments_read(command, count - taken + 1, words + taken - 1, &arguments);
	return code >= 0 ? code : command->run(&arguments);
}

#define ID "0123456789abcdef0123456789abcdef"

static void check(const char *line, int code)
{
	int found = run(line);
	if (found != code)
		fail_msg("'%s' ends with %d, not with %d", line, found, code);
}

static void test_words_that_belong_together_are_said(void **state)
{
	(void)state;
	static const char *const good[] = {
		"plan " ID " --ready 2026-11-19/2026-11-20 --discharge +1d/+2d --confidence low",
		"answer " ID " accept --ready-from +1d",
		"answer " ID " cannot --reason no-capacity --refer-to hospital",
		"answer " ID " not-ours --refer-to Somewhere",
		"answer " ID " no-case",
		"ready " ID,
		"ready " ID " --at -1h --duties-open",
		"ready " ID " --withdraw",
		"agree " ID " 2026-11-20T14:00",
		"intent " ID " +2h",
		"arrived " ID,
		"assess " ID " declined",
		"letter " ID
		" discharge-letter --mark red --to gp,municipality --file " SF_TESTS_DIR
		"/samples/stafet-xdis/discharge_letter.xml",
		"duty request " ID " home-care --owner municipality --due +1d --payer hospital",
		"duty see-alarm " ID " care-plan",
		"duty hold " ID " transport --until +1d",
		"ask " ID " hospital --answer-by +2h --contact Vagten --telephone 12345678",
		"reply " ID " --by-system",
		"window " ID " extend --until +1d",
		"window " ID " suspend",
		"dispute " ID " residence",
		"resolve " ID,
		"call " ID " gp --at -1h",
		"close " ID " end-never-came",
		"reopen " ID,
		"bind " ID " gp unknown",
		"bind " ID " --pathway psychiatric",
		"board --region",
		"overdue --party Nordby",
		"indicators --from 2026-11-01 --to 2026-11-30 --by pathway --csv",
		"transition show " ID " --at now --known-by Nordby --all",
	};
	for (size_t i = 0; i < SF_COUNT(good); i++)
		check(good[i], SF_EXIT_UNREACHABLE);
}

static void test_words_that_do_not_are_refused_before_anybody_is_asked(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"plan " ID " --ready +1d/+2d",
		"plan " ID " --ready +2d/+1d --discharge +1d",
		"plan " ID " --ready +1d --discharge +1d --confidence sure",
		"answer " ID " maybe",
		"answer " ID " accept",
		"answer " ID " later --refer-to gp --ready-from +1d",
		"answer " ID " cannot --refer-to hospital",
		"answer " ID " cannot --reason no-capacity",
		"answer " ID " cannot --reason weather --refer-to hospital",
		"answer " ID " not-ours",
		"answer " ID " no-case --ready-from +1d",
		"answer " ID " accept --ready-from soon",
		"ready " ID " --withdraw --at now",
		"agree " ID,
		"agree " ID " 2026-11-20",
		"assess " ID " perhaps",
		"letter " ID " poem",
		"letter " ID " discharge-letter --mark red",
		"ask " ID " auditor",
		"letter " ID " discharge-letter --mark blue",
		"letter " ID " discharge-letter --content-type application/pdf",
		"duty request " ID " home-care",
		"duty invent " ID " home-care",
		"duty complete " ID " home-care --due +1d",
		"duty reject " ID " home-care",
		"duty hold " ID " transport",
		"ask " ID " baker",
		"window " ID " extend",
		"window " ID " end --until +1d",
		"dispute " ID " weather",
		"call " ID " baker",
		"close " ID " bored",
		"bind " ID,
		"bind " ID " gp",
		"bind " ID " baker Nordby",
		"bind " ID " --pathway dental",
		"board --party Nordby --region",
		"indicators --from 2026-11-01",
		"indicators --from 2026-11-30 --to 2026-11-01",
		"indicators --from 2026-11-01 --to 2026-11-30 --by weather",
		"indicators --from 2026-11-01 --to 2026-11-30 --csv --json",
		"transition show " ID " --at yesterday",
	};
	for (size_t i = 0; i < SF_COUNT(wrong); i++)
		check(wrong[i], SF_EXIT_USAGE);
}

static void test_letter_that_is_not_there_or_shows_nothing_is_told(void **state)
{
	(void)state;
	check("letter " ID " care-plan --file /nonexistent/letter.xml", SF_EXIT_NOT_FOUND);
	check("letter " ID " care-plan --file " SF_TESTS_DIR "/e2e/README.md", SF_EXIT_USAGE);
	check("letter " ID " care-plan --content-type text/plain --file " SF_TESTS_DIR
	      "/e2e/README.md",
		SF_EXIT_UNREACHABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_that_belong_together_are_said),
		cmocka_unit_test(test_words_that_do_not_are_refused_before_anybody_is_asked),
		cmocka_unit_test(test_letter_that_is_not_there_or_shows_nothing_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
