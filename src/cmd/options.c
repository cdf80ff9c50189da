#include "cmd/options.h"

#include <getopt.h>
#include <stdio.h>

static void print_help(FILE *out, const char *program)
{
	fprintf(out,
		"usage: %s [--check-config] CONFIG\n"
		"\n"
		"Runs until SIGTERM or SIGINT. CONFIG is explained in deploy/examples/.\n"
		"\n"
		"  --check-config  read CONFIG, say whether it is good, and end\n"
		"  --help          this text\n"
		"  --version       the version\n",
		program);
}

int sf_daemon_command_read(
	int argc, char **argv, const char *program, struct sf_daemon_command *ret_command)
{
	static const struct option options[] = {
		{"check-config", no_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	struct sf_daemon_command command = {.config = NULL};
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 'c':
			command.check_only = true;
			break;
		case 'h':
			print_help(stdout, program);
			return 0;
		case 'v':
			printf("%s %s\n", program, SF_VERSION);
			return 0;
		default:
			print_help(stderr, program);
			return 2;
		}
	}
	if (optind != argc - 1) {
		print_help(stderr, program);
		return 2;
	}
	command.config = argv[optind];
	*ret_command = command;
	return -1;
}

int sf_daemon_config_good(const char *path)
{
	printf("%s: good\n", path);
	return 0;
}

int sf_daemon_failed(const char *program, enum sf_err err, const struct sf_diag *diag)
{
	fprintf(stderr, "%s: %s\n", program, diag->text[0] ? diag->text : sf_err_text(err));
	return 1;
}

void sf_daemon_log_started(struct sf_log *log, struct sf_env env, struct sf_id party)
{
	struct sf_log_line line;
	sf_log_begin(&line, log, SF_LOG_INFO, SF_LOG_STARTED, env.now_ms(env.self));
	sf_log_id(&line, "party", party);
	sf_log_code(&line, "version", SF_VERSION);
	sf_log_end(&line);
}
