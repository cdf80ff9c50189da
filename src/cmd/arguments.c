#include "cmd/arguments.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

const struct sf_option sf_common_options[] = {
	{"help", NULL, "show this text", 'h'},
	{"json", NULL, "write JSON: never localised, times in UTC", 0},
	{"socket", "PATH", "the daemon's socket; else $STAFET_SOCKET, else " SF_SOCKET_DEFAULT, 0},
	{"as", "ROLE",
		"operator, auditor, data-protection-officer, clinical or system: kept in the "
		"access log; "
		"else $STAFET_ROLE, else operator",
		0},
	{"purpose", "WORD",
		"care, operation, audit, citizen or law: kept in the access log; else "
		"$STAFET_PURPOSE, "
		"else operation",
		0},
};

size_t sf_common_option_count(const struct sf_command *command)
{
	return command->local ? 1 : SF_COUNT(sf_common_options);
}

/* Where options of getopt_long stand in its answer: own ones first, then the common ones. */
#define VALUE_BASE 1000
#define COMMON_BASE (VALUE_BASE + SF_ARGUMENTS_OPTIONS_MAX)
#define TABLE_SIZE (SF_ARGUMENTS_OPTIONS_MAX + SF_COUNT(sf_common_options) + 1)

struct option_table {
	struct option options[TABLE_SIZE];
	char letters[2 * SF_ARGUMENTS_OPTIONS_MAX + 8];
};

static void add_option(
	struct option_table *table, size_t *count, const struct sf_option *option, int value)
{
	table->options[(*count)++] = (struct option){
		option->name, option->argument ? required_argument : no_argument, NULL, value};
	if (option->letter == 0)
		return;
	size_t size = strlen(table->letters);
	table->letters[size++] = option->letter;
	if (option->argument)
		table->letters[size] = ':';
}

static void make_table(const struct sf_command *command, struct option_table *table)
{
	size_t count = 0;
	memset(table, 0, sizeof(*table));
	/* A colon first: getopt tells a missing value from an unknown option. */
	table->letters[0] = ':';
	SF_ASSERT(command->option_count <= SF_ARGUMENTS_OPTIONS_MAX);
	for (size_t i = 0; i < command->option_count; i++)
		add_option(table, &count, &command->options[i], VALUE_BASE + (int)i);
	for (size_t i = 0; i < sf_common_option_count(command); i++)
		add_option(table, &count, &sf_common_options[i], COMMON_BASE + (int)i);
}

static int value_of_letter(const struct sf_command *command, int letter)
{
	for (size_t i = 0; i < command->option_count; i++)
		if (command->options[i].letter == letter)
			return VALUE_BASE + (int)i;
	return letter == 'h' ? COMMON_BASE : letter;
}

/* -1: go on. */
static int take_role(struct sf_arguments *arguments, const char *text)
{
	arguments->role = sf_reader_role_from_text(text);
	return arguments->role != SF_READER_NONE
		       ? -1
		       : sf_exit_usage("'%s' is no role: operator, auditor, "
				       "data-protection-officer, clinical or system",
				 text);
}

static int take_purpose(struct sf_arguments *arguments, const char *text)
{
	arguments->purpose = sf_purpose_from_text(text);
	return arguments->purpose != SF_PURPOSE_NONE
		       ? -1
		       : sf_exit_usage("'%s' is no purpose: care, operation, audit, citizen or law",
				 text);
}

/* What was not said stands in the environment, so that an auditor says it once. -1: go on. */
static int complete_reader(struct sf_arguments *arguments)
{
	const char *role = getenv("STAFET_ROLE"), *purpose = getenv("STAFET_PURPOSE");
	int code = -1;
	if (arguments->role == SF_READER_NONE)
		code = take_role(arguments,
			role && role[0] ? role : sf_reader_role_text(SF_READER_OPERATOR));
	if (code < 0 && arguments->purpose == SF_PURPOSE_NONE)
		code = take_purpose(arguments,
			purpose && purpose[0] ? purpose : sf_purpose_text(SF_PURPOSE_OPERATION));
	return code;
}

/* -1: go on. */
static int take_option(struct sf_arguments *arguments, int value, char **argv)
{
	const struct sf_command *command = arguments->command;
	if (value >= VALUE_BASE && value < COMMON_BASE) {
		if (arguments->given_count == SF_COUNT(arguments->given))
			return sf_exit_usage(
				"%s: more than %d options", command->name, SF_ARGUMENTS_GIVEN_MAX);
		const struct sf_given given = {(size_t)(value - VALUE_BASE), optarg ? optarg : ""};
		arguments->given[arguments->given_count++] = given;
		arguments->values[given.option] = given.value;
		return -1;
	}
	switch (value) {
	case COMMON_BASE:
		sf_command_print_help(stdout, command);
		return SF_EXIT_OK;
	case COMMON_BASE + 1:
		arguments->json = true;
		return -1;
	case COMMON_BASE + 2:
		arguments->socket = optarg;
		return -1;
	case COMMON_BASE + 3:
		return take_role(arguments, optarg);
	case COMMON_BASE + 4:
		return take_purpose(arguments, optarg);
	case ':':
		return sf_exit_usage("%s: option %s needs a value, see: stafet help %s",
			command->name, argv[optind - 1], command->name);
	default:
		return sf_exit_usage("%s: no option %s, see: stafet help %s", command->name,
			argv[optind - 1], command->name);
	}
}

static int check_count(const struct sf_arguments *arguments)
{
	const struct sf_command *command = arguments->command;
	if (arguments->count < command->argument_min)
		return sf_exit_usage("%s: something is missing, usage: stafet %s %s", command->name,
			command->name, command->arguments);
	if (arguments->count > command->argument_max)
		return sf_exit_usage("%s: '%s' is too much, see: stafet help %s", command->name,
			arguments->items[command->argument_max], command->name);
	return -1;
}

int sf_arguments_read(
	const struct sf_command *command, int argc, char **argv, struct sf_arguments *ret_arguments)
{
	struct option_table table;
	make_table(command, &table);
	struct sf_arguments arguments = {.command = command, .socket = getenv("STAFET_SOCKET")};
	opterr = 0;
	optind = 1;
	for (int option;
		(option = getopt_long(argc, argv, table.letters, table.options, NULL)) != -1;) {
		int code = take_option(&arguments, value_of_letter(command, option), argv);
		if (code >= 0)
			return code;
	}
	if (!arguments.socket || !arguments.socket[0])
		arguments.socket = SF_SOCKET_DEFAULT;
	arguments.count = (size_t)(argc - optind);
	arguments.items = argv + optind;
	int code = check_count(&arguments);
	if (code < 0)
		code = complete_reader(&arguments);
	if (code < 0)
		*ret_arguments = arguments;
	return code;
}

static size_t place_of(const struct sf_arguments *arguments, const char *name)
{
	size_t place = 0;
	while (place < arguments->command->option_count &&
		strcmp(arguments->command->options[place].name, name) != 0)
		place++;
	SF_ASSERT(place < arguments->command->option_count);
	return place;
}

const char *sf_arguments_value(const struct sf_arguments *arguments, const char *name)
{
	return arguments->values[place_of(arguments, name)];
}

const char *sf_arguments_each(const struct sf_arguments *arguments, const char *name, size_t index)
{
	size_t place = place_of(arguments, name);
	for (size_t i = 0; i < arguments->given_count; i++)
		if (arguments->given[i].option == place && index-- == 0)
			return arguments->given[i].value;
	return NULL;
}

const char *sf_arguments_text(const struct sf_arguments *arguments, const char *name)
{
	const char *value = sf_arguments_value(arguments, name);
	return value ? value : "";
}

bool sf_arguments_flag(const struct sf_arguments *arguments, const char *name)
{
	return sf_arguments_value(arguments, name) != NULL;
}

int sf_arguments_domains(
	const struct sf_arguments *arguments, const char *name, sf_domain_set *ret_domains)
{
	const char *rest = sf_arguments_text(arguments, name);
	sf_domain_set domains = 0;
	while (*rest) {
		char word[32];
		size_t size = strcspn(rest, ",");
		enum sf_domain domain = SF_DOMAIN_COUNT;
		if (size < sizeof(word)) {
			memcpy(word, rest, size);
			word[size] = '\0';
			domain = sf_domain_from_text(word);
		}
		if (domain == SF_DOMAIN_COUNT)
			return sf_exit_usage("%s: no domain '%.*s', there are medical, care, "
					     "medication, rehabilitation and social",
				arguments->command->name, (int)size, rest);
		domains |= SF_DOMAIN_BIT(domain);
		rest += size;
		rest += *rest == ',';
	}
	if (domains == 0 && sf_arguments_flag(arguments, name))
		return sf_exit_usage("%s: --%s names no domain, leave it out for all of them",
			arguments->command->name, name);
	*ret_domains = domains;
	return SF_EXIT_OK;
}

int sf_arguments_number(const struct sf_arguments *arguments, const char *name, uint64_t absent,
	uint64_t max, uint64_t *ret_number)
{
	const char *text = sf_arguments_value(arguments, name);
	uint64_t number = 0;
	if (!text) {
		*ret_number = absent;
		return SF_EXIT_OK;
	}
	size_t digits = strspn(text, "0123456789");
	bool good = digits > 0 && text[digits] == '\0';
	for (size_t i = 0; good && i < digits; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');
		good = digit <= max && number <= (max - digit) / 10;
		number = number * 10 + digit;
	}
	if (!good)
		return sf_exit_usage("%s: --%s is not a number from 0 to %llu",
			arguments->command->name, name, (unsigned long long)max);
	*ret_number = number;
	return SF_EXIT_OK;
}

static void print_option(FILE *out, const struct sf_option *option)
{
	char text[48];
	snprintf(text, sizeof(text), "%s%c%s--%s%s%s", option->letter ? "-" : " ",
		option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
		option->argument ? " " : "", option->argument ? option->argument : "");
	fprintf(out, "  %-28s %s\n", text, option->help);
}

void sf_command_print_help(FILE *out, const struct sf_command *command)
{
	fprintf(out, "usage: stafet %s%s%s%s\n\n%s\n\n", command->name,
		command->arguments[0] ? " " : "", command->arguments,
		command->option_count ? " [OPTION]..." : "", command->help);
	for (size_t i = 0; i < command->option_count; i++)
		print_option(out, &command->options[i]);
	for (size_t i = 0; i < sf_common_option_count(command); i++)
		print_option(out, &sf_common_options[i]);
}
