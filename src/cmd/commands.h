/*
 * The commands of `stafet`: one table, from which the help, the completion and the test of the man
 * page are made. A command is a word or two ("transition show"), its options and a function.
 *
 * Exit codes are those of enum sf_exit everywhere. What went wrong stands on standard error as
 * "stafet: what, where, what to do"; standard output holds results alone.
 */
#ifndef SF_CMD_COMMANDS_H
#define SF_CMD_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum sf_exit {
	SF_EXIT_OK = 0,
	SF_EXIT_FAILED = 1,
	SF_EXIT_USAGE = 2,
	SF_EXIT_NOT_FOUND = 3,
	SF_EXIT_REFUSED = 4,
	SF_EXIT_CONFLICT = 5,
	SF_EXIT_UNREACHABLE = 6,
	SF_EXIT_INTEGRITY = 7,
};

/* The one place where errors become exit codes. */
int sf_exit_code(enum sf_err err);
/* Prints "stafet: <diag, or the error's sentence>" to standard error; the exit code. */
int sf_exit_failed(enum sf_err err, const struct sf_diag *diag);
/* Prints "stafet: <text>" to standard error; SF_EXIT_USAGE. */
int sf_exit_usage(const char *format, ...) SF_PRINTF(1, 2);

struct sf_option {
	const char *name;     /* without the dashes */
	const char *argument; /* what its value is called; NULL: a flag */
	const char *help;
	char letter; /* a short spelling, 0: none */
};

struct sf_arguments;

struct sf_command {
	const char *name;
	const char *arguments; /* as in the usage line, "" when there are none */
	const char *help;      /* one line */
	const struct sf_option *options;
	size_t option_count;
	size_t argument_min, argument_max;
	bool local; /* talks to no daemon: --socket and --json mean nothing */
	int (*run)(const struct sf_arguments *arguments);
	/* A family that reads its own words; argv[0] is its name. Then run is NULL. */
	int (*own)(int argc, char **argv);
};

extern const struct sf_command sf_commands[];
extern const size_t sf_command_count;

/* Families. Each answers an exit code. */
int sf_command_send(const struct sf_arguments *arguments);
int sf_command_notify(const struct sf_arguments *arguments);
int sf_command_inbox(const struct sf_arguments *arguments);
int sf_command_message(const struct sf_arguments *arguments);
int sf_command_handled(const struct sf_arguments *arguments);
int sf_command_accept(const struct sf_arguments *arguments);
int sf_command_refuse(const struct sf_arguments *arguments);
int sf_command_offer(const struct sf_arguments *arguments);
int sf_command_withdraw(const struct sf_arguments *arguments);
int sf_command_transition_find(const struct sf_arguments *arguments);
int sf_command_transition_list(const struct sf_arguments *arguments);
int sf_command_transition_show(const struct sf_arguments *arguments);
int sf_command_erase(const struct sf_arguments *arguments);
int sf_command_access_log(const struct sf_arguments *arguments);
int sf_command_evidence_export(const struct sf_arguments *arguments);
int sf_command_evidence_verify(const struct sf_arguments *arguments);
int sf_command_timeline(const struct sf_arguments *arguments);
int sf_command_outbox(const struct sf_arguments *arguments);
int sf_command_acknowledgement(const struct sf_arguments *arguments);
int sf_command_resend(const struct sf_arguments *arguments);
int sf_command_quarantine(const struct sf_arguments *arguments);
int sf_command_directory(const struct sf_arguments *arguments);
int sf_command_registry_approve(const struct sf_arguments *arguments);
int sf_command_channels(const struct sf_arguments *arguments);
int sf_command_channel_pause(const struct sf_arguments *arguments);
int sf_command_channel_resume(const struct sf_arguments *arguments);
int sf_command_channel_aside(const struct sf_arguments *arguments);
int sf_command_channel_again(const struct sf_arguments *arguments);
int sf_command_hook_add(const struct sf_arguments *arguments);
int sf_command_hook_remove(const struct sf_arguments *arguments);
int sf_command_message_trace(const struct sf_arguments *arguments);
int sf_command_message_replay(const struct sf_arguments *arguments);
int sf_command_token_create(const struct sf_arguments *arguments);
int sf_command_token_list(const struct sf_arguments *arguments);
int sf_command_token_revoke(const struct sf_arguments *arguments);
int sf_command_user_create(const struct sf_arguments *arguments);
int sf_command_user_list(const struct sf_arguments *arguments);
int sf_command_user_password(const struct sf_arguments *arguments);
int sf_command_user_revoke(const struct sf_arguments *arguments);
int sf_command_user_link(const struct sf_arguments *arguments);
int sf_command_status(const struct sf_arguments *arguments);
int sf_command_watch(const struct sf_arguments *arguments);
int sf_command_plan(const struct sf_arguments *arguments);
int sf_command_answer(const struct sf_arguments *arguments);
int sf_command_ready(const struct sf_arguments *arguments);
int sf_command_agree(const struct sf_arguments *arguments);
int sf_command_arrived(const struct sf_arguments *arguments);
int sf_command_intent(const struct sf_arguments *arguments);
int sf_command_assess(const struct sf_arguments *arguments);
int sf_command_attachment(const struct sf_arguments *arguments);
int sf_command_letter(const struct sf_arguments *arguments);
int sf_command_duty(const struct sf_arguments *arguments);
int sf_command_ask(const struct sf_arguments *arguments);
int sf_command_reply(const struct sf_arguments *arguments);
int sf_command_window(const struct sf_arguments *arguments);
int sf_command_dispute(const struct sf_arguments *arguments);
int sf_command_resolve(const struct sf_arguments *arguments);
int sf_command_call(const struct sf_arguments *arguments);
int sf_command_close(const struct sf_arguments *arguments);
int sf_command_reopen(const struct sf_arguments *arguments);
int sf_command_bind(const struct sf_arguments *arguments);
int sf_command_board(const struct sf_arguments *arguments);
int sf_command_overdue(const struct sf_arguments *arguments);
int sf_command_indicators(const struct sf_arguments *arguments);
int sf_command_agreement_check(const struct sf_arguments *arguments);
int sf_command_agreement_explain(const struct sf_arguments *arguments);
int sf_command_agreement_propose(const struct sf_arguments *arguments);
int sf_command_agreement_accept(const struct sf_arguments *arguments);
int sf_command_agreement_end(const struct sf_arguments *arguments);
int sf_command_agreement_list(const struct sf_arguments *arguments);
int sf_command_agreement_show(const struct sf_arguments *arguments);
int sf_command_agreement_simulate(const struct sf_arguments *arguments);
int sf_command_log_status(const struct sf_arguments *arguments);
int sf_command_log_verify(const struct sf_arguments *arguments);
int sf_command_log_proof(const struct sf_arguments *arguments);
int sf_command_log_watch(const struct sf_arguments *arguments);
int sf_command_log_epoch(const struct sf_arguments *arguments);
int sf_command_log_begin_epoch(const struct sf_arguments *arguments);
int sf_command_log_fsck(const struct sf_arguments *arguments);
int sf_command_log_policy(const struct sf_arguments *arguments);
int sf_command_demo(const struct sf_arguments *arguments);
int sf_command_version(const struct sf_arguments *arguments);
int sf_command_help(const struct sf_arguments *arguments);
/* argv[0] is the family's name; neither needs a daemon. */
int sf_command_keys(int argc, char **argv);
int sf_command_registrar(int argc, char **argv);

#endif
