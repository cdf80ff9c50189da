/*
 * What a person typed after the name of a command, read by getopt_long against the command's row of
 * the table. Every command that talks to a daemon has --socket and --json besides its own options.
 */
#ifndef SF_CMD_ARGUMENTS_H
#define SF_CMD_ARGUMENTS_H

#include <stdint.h>
#include <stdio.h>

#include "cmd/commands.h"
#include "core/fact.h"

#define SF_ARGUMENTS_OPTIONS_MAX 16
#define SF_ARGUMENTS_GIVEN_MAX 64 /* options with a value, each time that one is given */
#define SF_SOCKET_DEFAULT "/run/stafet/node.sock"

/* --help, --json, --socket, --as, --purpose: of every command, after its own. */
extern const struct sf_option sf_common_options[];
/* How many of them the command has. */
size_t sf_common_option_count(const struct sf_command *command);

struct sf_given {
	size_t option; /* in command->options */
	const char *value;
};

struct sf_arguments {
	const struct sf_command *command;
	const char *values[SF_ARGUMENTS_OPTIONS_MAX]; /* of command->options; NULL: not given */
	size_t given_count;
	struct sf_given given[SF_ARGUMENTS_GIVEN_MAX]; /* in the order typed */
	size_t count;
	char *const *items;       /* what is no option; borrowed from argv */
	enum sf_reader_role role; /* --as, else $STAFET_ROLE, else operator */
	enum sf_purpose purpose;  /* --purpose, else $STAFET_PURPOSE, else operation */
	const char *socket;       /* --socket, else $STAFET_SOCKET, else SF_SOCKET_DEFAULT */
	bool json;
};

/* argv[0] is the command's name. -1: go on; else the exit code, after help or a complaint. */
int sf_arguments_read(const struct sf_command *command, int argc, char **argv,
	struct sf_arguments *ret_arguments);
/* Value of an option of the command's table; "" for a flag; NULL when it was not given. */
const char *sf_arguments_value(const struct sf_arguments *arguments, const char *name);
/* The same, "" when it was not given. */
const char *sf_arguments_text(const struct sf_arguments *arguments, const char *name);
/*
 * For an option that may be given more than once: its value number index from 0; NULL past the
 * last. The functions above see the last one alone.
 */
const char *sf_arguments_each(const struct sf_arguments *arguments, const char *name, size_t index);
bool sf_arguments_flag(const struct sf_arguments *arguments, const char *name);
/* "care,medication" of an option; 0 when it was not given. SF_EXIT_OK, or complains. */
int sf_arguments_domains(
	const struct sf_arguments *arguments, const char *name, sf_domain_set *ret_domains);
/* A number of an option, absent when it was not given. SF_EXIT_OK, or complains. */
int sf_arguments_number(const struct sf_arguments *arguments, const char *name, uint64_t absent,
	uint64_t max, uint64_t *ret_number);

/* The usage line and every option. */
void sf_command_print_help(FILE *out, const struct sf_command *command);

#endif
