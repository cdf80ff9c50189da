/* `stafet evidence`. */
#include <stdlib.h>
#include <string.h>

#include "cmd/evidence_screen.h"
#include "cmd/file_bytes.h"
#include "cmd/session.h"
#include "cmd/when.h"

#define RECEIPTS_MAX ((size_t)SF_ARGUMENTS_GIVEN_MAX)
#define SHOW_SIZE_MAX ((size_t)64 * 1024 * 1024)

static int export_one(struct sf_session *session, const char *path)
{
	struct sf_request request = {.kind = SF_REQUEST_EVIDENCE};
	int code = sf_session_id(session, session->arguments->items[0],
		SF_SESSION_TRANSITIONS | SF_SESSION_MESSAGES, &request.evidence.transition);
	if (!code)
		code = sf_session_ask(session, &request);
	if (!code)
		code = sf_file_bytes_write(path, session->reply.evidence.evidence);
	return code;
}

int sf_command_evidence_export(const struct sf_arguments *arguments)
{
	const char *path = sf_arguments_text(arguments, "output");
	if (!path[0])
		return sf_exit_usage("evidence export: say where to with -o FILE");
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = export_one(&session, path);
	sf_session_close(&session);
	return code;
}

/* The files that a person named: the evidence, the policy, and what to compare with. */
struct files {
	struct sf_buf evidence;
	struct sf_buf policy;
	size_t receipt_count;
	struct sf_buf receipts[RECEIPTS_MAX];
	struct sf_view views[RECEIPTS_MAX];
};

static int read_one(const char *path, struct sf_buf *buf)
{
	struct sf_diag diag = {""};
	enum sf_err err = sf_file_bytes_read(path, buf, &diag);
	return err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
}

static int read_files(const struct sf_arguments *arguments, struct files *files)
{
	sf_buf_init(&files->evidence, SF_EVIDENCE_SIZE_MAX);
	sf_buf_init(&files->policy, SF_POLICY_SIZE_MAX);
	int code = read_one(arguments->items[0], &files->evidence);
	const char *policy = sf_arguments_value(arguments, "policy");
	if (!code && policy)
		code = read_one(policy, &files->policy);
	if (!code && policy && files->policy.size == 0)
		code = sf_exit_failed(SF_ERR_FORMAT,
			&(struct sf_diag){"the policy is empty: it would trust nobody"});
	for (const char *path; !code && (path = sf_arguments_each(arguments, "receipt",
						 files->receipt_count)) != NULL;) {
		struct sf_buf *buf = &files->receipts[files->receipt_count];
		sf_buf_init(buf, SF_EVIDENCE_SIZE_MAX);
		code = read_one(path, buf);
		files->views[files->receipt_count++] = sf_buf_view(buf);
	}
	return code;
}

static void free_files(struct files *files)
{
	sf_buf_fini(&files->evidence);
	sf_buf_fini(&files->policy);
	for (size_t i = 0; i < files->receipt_count; i++)
		sf_buf_fini(&files->receipts[i]);
	free(files);
}

static int print(const struct sf_arguments *arguments, const struct sf_verifier *verifier,
	const struct sf_evidence_report *report, int64_t at_ms)
{
	struct sf_arena arena;
	struct sf_reply_transition show;
	sf_arena_init(&arena, SHOW_SIZE_MAX);
	enum sf_err err =
		sf_evidence_show(report, at_ms ? at_ms : report->evidence.made_ms, &arena, &show);
	int code = err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
	const struct sf_evidence_screen screen = {verifier, report, &show};
	if (!code && sf_arguments_flag(arguments, "json"))
		code = sf_evidence_screen_json(&screen);
	else if (!code)
		sf_evidence_screen_print(stdout, &screen);
	sf_arena_fini(&arena);
	return code;
}

static int verify(const struct sf_arguments *arguments, const struct files *files,
	struct sf_verifier *verifier)
{
	struct sf_verifier_question question = {
		.evidence = sf_buf_view(&files->evidence),
		.receipt_count = files->receipt_count,
		.receipts = files->views,
		.require_proof = sf_arguments_flag(arguments, "require-proof"),
	};
	int code = sf_when_option(arguments, "at", 0, &question.at_ms);
	if (code)
		return code;
	struct sf_evidence_report *report = NULL;
	struct sf_diag diag = {""};
	enum sf_err err = sf_verifier_check(verifier, &question, &report, &diag);
	/* Bytes that are no evidence may have been: somebody changed or cut them. */
	if (err == SF_ERR_FORMAT || err == SF_ERR_LIMIT) {
		sf_diag_prefix(&diag, "%.200s cannot be read: damaged, or no evidence",
			arguments->items[0]);
		err = SF_ERR_INTEGRITY;
	}
	if (err)
		return sf_exit_failed(err, &diag);
	code = print(arguments, verifier, report, question.at_ms);
	if (!code && !report->verified)
		code = SF_EXIT_INTEGRITY;
	sf_evidence_report_close(&report);
	return code;
}

int sf_command_evidence_verify(const struct sf_arguments *arguments)
{
	struct files *files = calloc(1, sizeof(*files));
	struct sf_verifier *verifier = NULL;
	struct sf_diag diag = {""};
	if (!files)
		return sf_exit_failed(SF_ERR_MEMORY, NULL);
	int code = read_files(arguments, files);
	if (!code) {
		enum sf_err err =
			sf_verifier_open(NULL, sf_buf_view(&files->policy), &verifier, &diag);
		if (err)
			sf_diag_prefix(&diag, "policy");
		code = err ? sf_exit_failed(err, &diag) : verify(arguments, files, verifier);
	}
	sf_verifier_close(&verifier);
	free_files(files);
	return code;
}
