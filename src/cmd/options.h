/*
 * The command line of the daemons, and what they say when they start or cannot.
 */
#ifndef SF_CMD_OPTIONS_H
#define SF_CMD_OPTIONS_H

#include <stdbool.h>

#include "os/log.h"
#include "port/env.h"

struct sf_daemon_command {
	const char *config; /* path; borrowed from argv */
	bool check_only;    /* --check-config */
};

/* -1: go on with *ret_command; otherwise the exit code (0 after --help or --version, 2 usage). */
int sf_daemon_command_read(
	int argc, char **argv, const char *program, struct sf_daemon_command *ret_command);
/* Says that the file is good; 0. */
int sf_daemon_config_good(const char *path);
/* Says on standard error why the program cannot start; 1. */
int sf_daemon_failed(const char *program, enum sf_err err, const struct sf_diag *diag);
void sf_daemon_log_started(struct sf_log *log, struct sf_env env, struct sf_id party);

#endif
