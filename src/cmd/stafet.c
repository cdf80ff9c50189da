/*
 * stafet: the command line for people. Finds the command in the table of commands.c and runs it.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/arguments.h"
#include "cmd/stafet.h"

static int run_command(const struct sf_command *command, int argc, char **argv)
{
	if (command->own)
		return command->own(argc, argv);
	struct sf_arguments arguments;
	int code = sf_arguments_read(command, argc, argv, &arguments);
	return code >= 0 ? code : command->run(&arguments);
}

int main(int argc, char **argv)
{
	/* Characters and messages only: numbers and times of machine output have no locale. */
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	/* Denmark's clock on the wall, also on a machine that runs in UTC. */
	setenv("TZ", "Europe/Copenhagen", 0);
	tzset();
	if (argc < 2) {
		sf_command_print_overview(stderr);
		return SF_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		sf_command_print_overview(stdout);
		return SF_EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("stafet %s\n", SF_VERSION);
		return SF_EXIT_OK;
	}
	int words = 0;
	const struct sf_command *command = sf_command_find(argc - 1, argv + 1, &words);
	bool asks = argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0);
	if (!command && (argc == 2 || asks) &&
		sf_command_print_family(asks ? stdout : stderr, argv[1]))
		return asks ? SF_EXIT_OK : SF_EXIT_USAGE;
	if (!command)
		return sf_exit_usage("no command '%s%s%s', see: stafet help", argv[1],
			argc > 2 && argv[2][0] != '-' ? " " : "",
			argc > 2 && argv[2][0] != '-' ? argv[2] : "");
	int code = run_command(command, argc - words, argv + words);
	/* A result that could not be written is no result: a full disk, a reader that went. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("stafet: standard output cannot be written\n", stderr);
		return code ? code : SF_EXIT_FAILED;
	}
	return code;
}
