/* `stafet log`: the region's log as this daemon has it, and what contradicts it. */
#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "cmd/file_bytes.h"
#include "cmd/log_screen.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "os/env.h"
#include "view/members.h"

#define WATCH_SECONDS_MAX 31536000

/* Whoever asks by a program must not need to read what is printed. */
static int judge(const struct sf_reply_log *log)
{
	bool sound = !sf_log_contradicted(log) && !log->behind && !log->fault[0];
	return sound ? SF_EXIT_OK : SF_EXIT_INTEGRITY;
}

static int ask_log(struct sf_session *session, const struct sf_request_log *asked)
{
	const struct sf_request request = {.kind = SF_REQUEST_LOG, .log = *asked};
	return sf_session_ask(session, &request);
}

static int show(const struct sf_arguments *arguments, bool verify)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = ask_log(&session, &(struct sf_request_log){.verify = verify});
	const struct sf_reply_log *log = &session.reply.log;
	if (!code && arguments->json)
		code = sf_json_page_print(&session.reply);
	else if (!code)
		sf_log_screen_print(stdout, log);
	if (!code)
		code = judge(log);
	if (code == SF_EXIT_INTEGRITY && log->fault && log->fault[0])
		fprintf(stderr, "stafet: the log does not hold: %s\n", log->fault);
	else if (code == SF_EXIT_INTEGRITY)
		fputs("stafet: signed texts contradict each other: keep both, and call who runs "
		      "the log\n",
			stderr);
	sf_session_close(&session);
	return code;
}

/* The newest signed checkpoint alone, for whoever compares. */
static int show_note(const struct sf_arguments *arguments)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = ask_log(&session, &(struct sf_request_log){.verify = false});
	struct sf_view note = code ? sf_view_of(NULL, 0) : session.reply.log.note;
	if (!code && note.size == 0) {
		fputs("stafet: there is no checkpoint yet\n", stderr);
		code = SF_EXIT_NOT_FOUND;
	} else if (!code && fwrite(note.data, 1, note.size, stdout) != note.size) {
		code = SF_EXIT_FAILED;
	}
	sf_session_close(&session);
	return code;
}

int sf_command_log_status(const struct sf_arguments *arguments)
{
	return sf_arguments_flag(arguments, "note") ? show_note(arguments) : show(arguments, false);
}

int sf_command_log_verify(const struct sf_arguments *arguments)
{
	return show(arguments, true);
}

static int print_proof(const struct sf_arguments *arguments, const struct sf_reply *reply)
{
	const struct sf_reply_proof *proof = &reply->proof;
	const char *path = sf_arguments_value(arguments, "output");
	if (arguments->json) {
		return sf_json_page_print(reply);
	}
	if (proof->pending) {
		fprintf(stderr,
			"stafet: entry %" PRIu64 " of the log is not under a checkpoint yet: ask "
			"again in a while\n",
			proof->index);
		return SF_EXIT_UNREACHABLE;
	}
	if (path)
		return sf_file_bytes_write(path, proof->proof);
	return fwrite(proof->proof.data, 1, proof->proof.size, stdout) == proof->proof.size
		       ? SF_EXIT_OK
		       : SF_EXIT_FAILED;
}

int sf_command_log_proof(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_PROOF};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(
			&session, arguments->items[0], SF_SESSION_MESSAGES, &request.proof.message);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = print_proof(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

static int watch(struct sf_session *session, uint64_t seconds)
{
	const struct sf_env env = sf_os_env();
	int64_t until_ms = env.monotonic_ms(env.self) + (int64_t)seconds * SF_SECOND_MS;
	uint64_t size = 0;
	for (;;) {
		int64_t left_ms = until_ms - env.monotonic_ms(env.self);
		if (left_ms <= 0)
			return SF_EXIT_OK;
		uint32_t wait_ms =
			left_ms < SF_LOCAL_WAIT_MS_MAX ? (uint32_t)left_ms : SF_LOCAL_WAIT_MS_MAX;
		int code = ask_log(
			session, &(struct sf_request_log){.after_size = size, .wait_ms = wait_ms});
		if (code)
			return code;
		const struct sf_reply_log *log = &session->reply.log;
		bool news = log->size > size;
		size = log->size;
		if (news && session->arguments->json)
			code = sf_json_page_print(&session->reply);
		else if (news)
			sf_log_screen_line(stdout, log);
		if (!code && fflush(stdout) != 0)
			code = SF_EXIT_FAILED;
		if (!code)
			code = judge(log);
		if (code == SF_EXIT_INTEGRITY)
			fputs("stafet: the log is contradicted: see stafet log status\n", stderr);
		if (code)
			return code;
	}
}

int sf_command_log_watch(const struct sf_arguments *arguments)
{
	uint64_t seconds;
	int code = sf_arguments_number(
		arguments, "for", WATCH_SECONDS_MAX, WATCH_SECONDS_MAX, &seconds);
	if (code)
		return code;
	struct sf_session session;
	code = sf_session_open(arguments, &session);
	if (!code)
		code = watch(&session, seconds);
	sf_session_close(&session);
	return code;
}

int sf_command_log_policy(const struct sf_arguments *arguments)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = ask_log(&session, &(struct sf_request_log){.verify = false});
	const char *policy = code ? "" : session.reply.log.policy;
	if (!code && !policy[0]) {
		fputs("stafet: there is no policy: the log has no key in the directory, or fewer "
		      "witnesses than its quorum\n",
			stderr);
		code = SF_EXIT_NOT_FOUND;
	} else if (!code && arguments->json) {
		struct sf_json_page page;
		sf_json_text(sf_json_page_begin(&page), "policy", policy);
		code = sf_json_page_end(&page);
	} else if (!code) {
		fputs(policy, stdout);
	}
	sf_session_close(&session);
	return code;
}
