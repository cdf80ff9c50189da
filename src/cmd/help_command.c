/* `stafet help` and `stafet version`, and how a command is found in the table. */
#include <stdio.h>
#include <string.h>

#include "cmd/arguments.h"
#include "cmd/stafet.h"

const struct sf_command *sf_command_find(int argc, char *const *argv, int *ret_word_count)
{
	const struct sf_command *shorter = NULL; /* "message ID", unless "message trace" is meant */
	for (size_t i = 0; argc > 0 && i < sf_command_count; i++) {
		const char *name = sf_commands[i].name;
		size_t first = strcspn(name, " ");
		if (strlen(argv[0]) != first || strncmp(argv[0], name, first) != 0)
			continue;
		if (name[first] == '\0') {
			*ret_word_count = 1;
			shorter = &sf_commands[i];
			continue;
		}
		if (argc > 1 && strcmp(argv[1], name + first + 1) == 0) {
			*ret_word_count = 2;
			return &sf_commands[i];
		}
	}
	return shorter;
}

void sf_command_print_overview(FILE *out)
{
	fputs("usage: stafet COMMAND [ARGUMENT]...\n\n"
	      "Asks the Stafet daemon on this machine, or makes keys for one.\n\n",
		out);
	for (size_t i = 0; i < sf_command_count; i++) {
		char usage[64];
		snprintf(usage, sizeof(usage), "%s %s", sf_commands[i].name,
			sf_commands[i].arguments);
		fprintf(out, "  %-28s %s\n", usage, sf_commands[i].help);
	}
	fputs("\nstafet help COMMAND, or stafet COMMAND --help, shows the options.\n"
	      "Exit: 0 done, 1 failed, 2 usage, 3 not found, 4 refused, 5 conflict,\n"
	      "6 unreachable, 7 integrity.\n",
		out);
}

bool sf_command_print_family(FILE *out, const char *word)
{
	bool found = false;
	for (size_t i = 0; i < sf_command_count; i++) {
		const struct sf_command *command = &sf_commands[i];
		size_t first = strcspn(command->name, " ");
		if (command->name[first] == '\0' || strlen(word) != first ||
			strncmp(word, command->name, first) != 0)
			continue;
		fprintf(out, "%s stafet %s%s%s\n", found ? "      " : "usage:", command->name,
			command->arguments[0] ? " " : "", command->arguments);
		found = true;
	}
	return found;
}

/* For completion: a word that may come next on each line. */
static void print_names(const struct sf_command *command)
{
	for (size_t i = 0; !command && i < sf_command_count; i++)
		printf("%s\n", sf_commands[i].name);
	for (size_t i = 0; command && i < command->option_count; i++)
		printf("--%s\n", command->options[i].name);
	for (size_t i = 0; command && i < sf_common_option_count(command); i++)
		printf("--%s\n", sf_common_options[i].name);
}

int sf_command_help(const struct sf_arguments *arguments)
{
	const struct sf_command *command = NULL;
	int words = 0;
	if (arguments->count > 0) {
		command = sf_command_find((int)arguments->count, arguments->items, &words);
		if (!command && arguments->count == 1 &&
			sf_command_print_family(stdout, arguments->items[0]))
			return SF_EXIT_OK;
		if (!command || (size_t)words != arguments->count)
			return sf_exit_usage("no command '%s%s%s', see: stafet help",
				arguments->items[0], arguments->count > 1 ? " " : "",
				arguments->count > 1 ? arguments->items[1] : "");
	}
	if (sf_arguments_flag(arguments, "names")) {
		print_names(command);
		return SF_EXIT_OK;
	}
	if (command && command->own) {
		char family[32], option[] = "--help";
		snprintf(family, sizeof(family), "%s", command->name);
		char *argv[] = {family, option, NULL};
		return command->own(2, argv);
	}
	if (command)
		sf_command_print_help(stdout, command);
	else
		sf_command_print_overview(stdout);
	return SF_EXIT_OK;
}

int sf_command_version(const struct sf_arguments *arguments)
{
	(void)arguments;
	printf("stafet %s\n", SF_VERSION);
	return SF_EXIT_OK;
}
