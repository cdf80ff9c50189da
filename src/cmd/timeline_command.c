/* `stafet timeline`. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audit/evidence_show.h"
#include "client/verifier.h"
#include "view/event_words.h"
#include "cmd/file_bytes.h"
#include "cmd/session.h"
#include "cmd/timeline_text.h"
#include "cmd/when.h"
#include "timeline/fhir.h"
#include "timeline/json.h"
#include "timeline/svg.h"

#define PICTURE_SIZE_MAX ((size_t)16 * 1024 * 1024)
#define MODEL_SIZE_MAX ((size_t)16 * 1024 * 1024)

struct telling {
	const struct sf_arguments *arguments;
	struct sf_session *session; /* NULL: told from an evidence file */
	struct sf_arena arena;      /* the reply's texts and the model: the session's is cleared */
	struct sf_reply_transition show;
	struct sf_timeline timeline;
	struct sf_shown words;
	char cpr[16]; /* "" without --patient */
};

static struct sf_civil local_parts(int64_t time_ms)
{
	struct tm parts;
	sf_when_local(time_ms, &parts);
	return (struct sf_civil){.year = parts.tm_year + 1900,
		.month = parts.tm_mon + 1,
		.day = parts.tm_mday,
		.hour = parts.tm_hour,
		.minute = parts.tm_min,
		.second = parts.tm_sec};
}

static const char *words_of(void *context, const struct sf_event_row *event)
{
	struct telling *telling = context;
	telling->words = sf_event_words(&telling->show, event);
	return telling->words.text;
}

/* Who recorded it: the author of what time gave, where there is something. */
static struct sf_timeline_fhir_options fhir_options(const struct telling *telling)
{
	struct sf_timeline_fhir_options options = {
		.coordinator_name = "coordinator", .cpr = telling->cpr[0] ? telling->cpr : NULL};
	for (size_t i = 0; i < telling->show.event_count; i++)
		if (telling->show.events[i].kind_class == SF_CLASS_DERIVED)
			options.coordinator = telling->show.events[i].author;
	return options;
}

static enum sf_err render(struct telling *telling, const char *format, struct sf_buf *buf)
{
	if (strcmp(format, "json") == 0)
		return sf_timeline_json(&telling->timeline, buf);
	if (strcmp(format, "fhir") == 0) {
		const struct sf_timeline_fhir_options options = fhir_options(telling);
		return sf_timeline_fhir(&telling->timeline, &options, buf);
	}
	const struct sf_timeline_svg_options options = {local_parts, words_of, telling};
	return sf_timeline_svg(&telling->timeline, &options, &telling->arena, buf);
}

static int write_rendered(struct telling *telling, const char *format, const char *path)
{
	struct sf_buf buf;
	sf_buf_init(&buf, PICTURE_SIZE_MAX);
	enum sf_err err = render(telling, format, &buf);
	int code = err ? sf_exit_failed(err, NULL) : SF_EXIT_OK;
	if (!code && path[0])
		code = sf_file_bytes_write(path, sf_buf_view(&buf));
	else if (!code && fwrite(buf.data, 1, buf.size, stdout) != buf.size)
		code = sf_exit_failed(SF_ERR_IO, NULL);
	if (!code && !path[0] && buf.size > 0 && buf.data[buf.size - 1] != '\n')
		putchar('\n');
	sf_buf_fini(&buf);
	return code;
}

/* The patient's number stands in this party's own letters alone. */
static int find_patient(struct telling *telling)
{
	struct sf_session *session = telling->session;
	for (size_t i = 0; i < telling->show.event_count; i++) {
		const struct sf_request request = {
			.kind = SF_REQUEST_MESSAGE, .message = {telling->show.events[i].message}};
		if (telling->show.events[i].kind_class != SF_CLASS_FACT ||
			sf_session_try(session, &request))
			continue;
		const char *cpr = session->reply.message.cpr;
		if (cpr && strlen(cpr) == 10) {
			memcpy(telling->cpr, cpr, 11);
			return SF_EXIT_OK;
		}
	}
	fprintf(stderr, "stafet: no letter here names the patient; ask the node of a party\n");
	return SF_EXIT_NOT_FOUND;
}

static int tell(struct telling *telling, const char *format)
{
	const struct sf_arguments *arguments = telling->arguments;
	const char *path = sf_arguments_text(arguments, "output");
	enum sf_err err = sf_timeline_make(
		&telling->show, telling->show.as_of_ms, &telling->arena, &telling->timeline);
	if (err)
		return sf_exit_failed(err, NULL);
	int code = SF_EXIT_OK;
	if (sf_arguments_flag(arguments, "patient"))
		code = find_patient(telling);
	if (code)
		return code;
	return strcmp(format, "text") == 0 ? sf_timeline_text_print(stdout, &telling->timeline)
					   : write_rendered(telling, format, path);
}

/* The session's memory is for its next answer: what is told is decoded once more into ours. */
static enum sf_err keep_reply(struct telling *telling)
{
	struct sf_buf bytes;
	struct sf_reply reply;
	sf_buf_init(&bytes, SF_LOCAL_SIZE_MAX);
	enum sf_err err = sf_local_reply_encode(&telling->session->reply, &bytes);
	if (!err)
		err = sf_local_reply_decode(
			sf_buf_view(&bytes), &telling->arena, &reply, &telling->session->diag);
	if (!err)
		telling->show = reply.transition;
	sf_buf_fini(&bytes);
	return err;
}

static int ask(struct telling *telling, struct sf_request *request, const char *format)
{
	struct sf_session *session = telling->session;
	int code = sf_session_id(session, session->arguments->items[0],
		SF_SESSION_TRANSITIONS | SF_SESSION_MESSAGES, &request->transition.transition);
	if (!code)
		code = sf_session_ask(session, request);
	if (code)
		return code;
	enum sf_err err = keep_reply(telling);
	return err ? sf_exit_failed(err, &session->diag) : tell(telling, format);
}

/* From a file that somebody handed over: verified first, as `stafet evidence verify` does. */
static int tell_file(struct telling *telling, const char *path, int64_t at_ms, const char *format)
{
	struct sf_diag diag = {""};
	struct sf_buf bytes;
	struct sf_verifier *verifier = NULL;
	struct sf_evidence_report *report = NULL;
	sf_buf_init(&bytes, SF_EVIDENCE_SIZE_MAX);
	enum sf_err err = sf_file_bytes_read(path, &bytes, &diag);
	if (!err)
		err = sf_verifier_open(NULL, sf_view_of(NULL, 0), &verifier, &diag);
	const struct sf_verifier_question question = {
		.evidence = sf_buf_view(&bytes), .at_ms = at_ms};
	if (!err)
		err = sf_verifier_check(verifier, &question, &report, &diag);
	if (!err)
		err = sf_evidence_show(report, at_ms ? at_ms : report->evidence.made_ms,
			&telling->arena, &telling->show);
	int code = err ? sf_exit_failed(err, &diag) : tell(telling, format);
	if (!code && !report->verified) {
		fprintf(stderr, "stafet: %s does not hold, see: stafet evidence verify\n", path);
		code = SF_EXIT_INTEGRITY;
	}
	sf_evidence_report_close(&report);
	sf_verifier_close(&verifier);
	sf_buf_fini(&bytes);
	return code;
}

static bool is_format(const char *format)
{
	static const char *const formats[] = {"text", "json", "fhir", "svg"};
	for (size_t i = 0; i < SF_COUNT(formats); i++)
		if (strcmp(format, formats[i]) == 0)
			return true;
	return false;
}

static int tell_asked(struct telling *telling, struct sf_request *request, const char *format)
{
	struct sf_session session;
	telling->session = &session;
	int code = sf_session_open(telling->arguments, &session);
	if (!code)
		code = ask(telling, request, format);
	sf_session_close(&session);
	return code;
}

int sf_command_timeline(const struct sf_arguments *arguments)
{
	const char *format = sf_arguments_text(arguments, "format");
	if (!format[0])
		format = arguments->json ? "json" : "text";
	if (!is_format(format))
		return sf_exit_usage("--format is text, json, fhir or svg");
	if (sf_arguments_flag(arguments, "patient") &&
		(strcmp(format, "fhir") != 0 || sf_arguments_flag(arguments, "evidence")))
		return sf_exit_usage("--patient goes with --format fhir, at a party's own node");
	if (strcmp(format, "text") == 0 && sf_arguments_flag(arguments, "output"))
		return sf_exit_usage("--output goes with --format json, fhir or svg");
	struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.known_by = sf_arguments_text(arguments, "known-by")}};
	int code = sf_when_option(arguments, "at", 0, &request.transition.at_ms);
	if (code)
		return code;
	const char *path = sf_arguments_text(arguments, "evidence");
	if ((path[0] != '\0') == (arguments->count == 1))
		return sf_exit_usage("timeline: say which transition, or --evidence FILE");
	struct telling telling = {.arguments = arguments};
	sf_arena_init(&telling.arena, MODEL_SIZE_MAX);
	code = path[0] ? tell_file(&telling, path, request.transition.at_ms, format)
		       : tell_asked(&telling, &request, format);
	sf_arena_fini(&telling.arena);
	return code;
}
