#include "bridge/drop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/outcome.h"
#include "base/limits.h"
#include "bridge/folder.h"
#include "view/row.h"
#include "wire/local.h"

/* Looked at so often where nothing tells that a file has come, and where it is told all the same: a
 * link, or another machine that shares the folder, tells nothing. */
#define SCAN_MS ((int64_t)1000)
#define NET_MS ((int64_t)30 * 1000)
#define AGAIN_MS ((int64_t)5000)
#define WATCH_MS 30000
#define NOTE_SIZE_MAX ((size_t)16 * 1024)

enum out_step { OUT_ASK = 0, OUT_FETCH, OUT_HANDLED };

struct sf_drop {
	struct sf_drop_options options;
	int in, out;     /* descriptors; -1: none */
	int changes;     /* a watch of in; -1: none */
	bool in_trouble; /* waits, whatever comes: what it writes itself would wake it */
	int64_t now_ms, in_due_ms, out_due_ms;
	uint64_t calls, in_call, out_call; /* 0: none on its way */
	char name[SF_FOLDER_NAME_SIZE];    /* of the file that is handed in */
	struct sf_folder_mark mark;        /* of it, as it was read */
	enum out_step step;
	struct sf_id message; /* being written */
	uint64_t cursor, done, seen;
	bool failed;
	bool stuck; /* what was handed in cannot be put aside, and that was told */
};

enum sf_err sf_drop_open(
	const struct sf_drop_options *options, struct sf_drop **ret_drop, struct sf_diag *diag)
{
	struct sf_drop *drop = calloc(1, sizeof(*drop));
	if (!drop)
		return SF_ERR_MEMORY;
	drop->options = *options;
	drop->in = drop->out = drop->changes = -1;
	enum sf_err err = options->in ? sf_folder_open(options->in, &drop->in, diag) : SF_OK;
	if (!err && options->in)
		drop->changes = sf_folder_watch(drop->in);
	if (!err && options->out)
		err = sf_folder_open(options->out, &drop->out, diag);
	if (err)
		sf_drop_close(&drop);
	else
		*ret_drop = drop;
	return err;
}

void sf_drop_close(struct sf_drop **drop)
{
	struct sf_drop *closing = *drop;
	*drop = NULL;
	if (!closing)
		return;
	if (closing->changes >= 0)
		close(closing->changes);
	if (closing->in >= 0)
		close(closing->in);
	if (closing->out >= 0)
		close(closing->out);
	free(closing);
}

static size_t watch_max(void *self)
{
	const struct sf_drop *drop = self;
	return drop->changes >= 0 ? 1 : 0;
}

static size_t watch(void *self, struct sf_watch *watches, size_t room)
{
	const struct sf_drop *drop = self;
	SF_ASSERT(room >= watch_max(self));
	if (drop->changes < 0)
		return 0;
	watches[0] = (struct sf_watch){.descriptor = drop->changes, .wants = SF_WATCH_READ};
	return 1;
}

static void handle(void *self, const struct sf_watch *watches, size_t count, int64_t now_ms)
{
	struct sf_drop *drop = self;
	drop->now_ms = now_ms;
	if (count > 0 && watches[0].ready && sf_folder_changed(drop->changes) && !drop->in_trouble)
		drop->in_due_ms = now_ms;
}

static void try_again(struct sf_drop *drop, int64_t after_ms)
{
	drop->in_trouble = true;
	drop->in_due_ms = drop->now_ms + after_ms;
}

static int64_t wake_ms(void *self)
{
	const struct sf_drop *drop = self;
	int64_t due_ms = INT64_MAX;
	if (drop->in >= 0 && !drop->in_call)
		due_ms = drop->in_due_ms;
	if (drop->out >= 0 && !drop->out_call && drop->out_due_ms < due_ms)
		due_ms = drop->out_due_ms;
	return due_ms;
}

static void settle(struct sf_drop *drop, const char *ending, const struct sf_reply *reply)
{
	struct sf_buf note;
	struct sf_json_writer writer;
	sf_buf_init(&note, NOTE_SIZE_MAX);
	sf_json_writer_begin(&writer, &note);
	sf_json_object(&writer, NULL);
	/* Codes and elements of what is wrong: nothing that the letter says. */
	if (reply->err)
		sf_json_text(&writer, "error", sf_err_text(reply->err));
	else
		sf_json_text(&writer, "answer", sf_send_answer_text(reply->sent.answer));
	char id[SF_ID_TEXT_SIZE] = "";
	if (!reply->err && !sf_id_is_none(reply->sent.message))
		sf_id_format(reply->sent.message, id);
	sf_json_text(&writer, "message", id);
	sf_json_array(&writer, "issues");
	for (size_t i = 0; !reply->err && i < reply->sent.issue_count; i++) {
		sf_json_object(&writer, NULL);
		sf_json_text(&writer, "code", reply->sent.issues[i].code);
		sf_json_text(&writer, "element", reply->sent.issues[i].expression);
		sf_json_close(&writer);
	}
	sf_json_close(&writer);
	sf_json_close(&writer);
	enum sf_err err = sf_json_writer_end(&writer);
	if (!err)
		err = sf_buf_append_text(&note, "\n");
	if (!err)
		err = sf_folder_settle(
			drop->in, drop->name, &drop->mark, ending, sf_buf_view(&note));
	/* One that was changed since it was read is taken as it is then. */
	bool stuck = err && err != SF_ERR_CONFLICT;
	if (err)
		try_again(drop, stuck ? AGAIN_MS : SCAN_MS);
	if (stuck && !drop->stuck)
		drop->options.tell(drop->options.self);
	drop->stuck = stuck;
	sf_buf_fini(&note);
}

static bool take_in(struct sf_drop *drop, struct sf_arena *arena, struct sf_request *ret_request)
{
	if (drop->in < 0 || drop->in_call || drop->in_due_ms > drop->now_ms)
		return false;
	drop->in_trouble = false;
	drop->in_due_ms = drop->now_ms + (drop->changes >= 0 ? NET_MS : SCAN_MS);
	if (!sf_folder_first(drop->in, drop->name))
		return false;
	/* Gone by now, or no memory for it: there may be others. */
	drop->in_due_ms = drop->now_ms + SCAN_MS;
	struct sf_buf content;
	sf_buf_init(&content, SF_CLINICAL_SIZE_MAX);
	enum sf_err err = sf_folder_read(drop->in, drop->name, &content, &drop->mark);
	struct sf_view bytes = sf_arena_copy(arena, sf_buf_view(&content));
	sf_buf_fini(&content);
	if (err == SF_ERR_LIMIT || err == SF_ERR_IO)
		settle(drop, ".err", &(struct sf_reply){.err = err});
	if (err || !bytes.data)
		return false;
	const char *type = drop->options.guess(bytes);
	*ret_request = (struct sf_request){.kind = SF_REQUEST_SEND,
		.asker = {.account = "channel:drop-in"},
		.send = {.content_type = type ? type : "application/octet-stream",
			.content = bytes,
			.gp = "",
			.municipality = ""}};
	return true;
}

static bool take_out(struct sf_drop *drop, struct sf_request *ret_request)
{
	if (drop->out < 0 || drop->out_call || drop->out_due_ms > drop->now_ms)
		return false;
	struct sf_request request = {.kind = SF_REQUEST_HANDOUT,
		.handout = {.channel = "drop-out",
			.done = drop->done,
			.failed = drop->failed,
			.fault = drop->failed ? SF_CHANNEL_FAULT_FOLDER : SF_CHANNEL_FAULT_NONE,
			.seen = drop->seen,
			.wait_ms = WATCH_MS}};
	if (drop->step == OUT_FETCH)
		request = (struct sf_request){
			.kind = SF_REQUEST_MESSAGE, .message = {.message = drop->message}};
	else if (drop->step == OUT_HANDLED)
		request = (struct sf_request){
			.kind = SF_REQUEST_HANDLED, .handled = {.message = drop->message}};
	request.asker = (struct sf_asker){.account = "channel:drop-out",
		.role = SF_READER_SYSTEM,
		.purpose = SF_PURPOSE_CARE};
	*ret_request = request;
	return true;
}

static bool take(
	void *self, struct sf_arena *arena, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct sf_drop *drop = self;
	if (take_in(drop, arena, ret_request)) {
		drop->in_call = *ret_call = ++drop->calls;
		return true;
	}
	if (!take_out(drop, ret_request))
		return false;
	drop->out_call = *ret_call = ++drop->calls;
	return true;
}

static bool waits(void *self, uint64_t call)
{
	const struct sf_drop *drop = self;
	return call == drop->in_call || call == drop->out_call;
}

static void reply_in(struct sf_drop *drop, const struct sf_reply *reply)
{
	enum sf_handin_outcome outcome = sf_handin_outcome_of(reply);
	if (outcome == SF_HANDIN_TEMPORARY) {
		try_again(drop, AGAIN_MS);
		return;
	}
	bool taken = outcome == SF_HANDIN_STORED || outcome == SF_HANDIN_ACKNOWLEDGED ||
		     outcome == SF_HANDIN_DUPLICATE;
	drop->in_due_ms = 0; /* there may be more */
	settle(drop, taken ? ".done" : ".err", reply);
}

static const char *ending_of(const char *content_type)
{
	return strstr(content_type, "fhir+json")  ? ".fhir.json"
	       : strstr(content_type, "fhir+xml") ? ".fhir.xml"
	       : strstr(content_type, "pdf")      ? ".pdf"
	       : strstr(content_type, "xml")      ? ".xml"
	       : strstr(content_type, "text/")    ? ".txt"
						  : ".bin";
}

/* The .json comes last: who sees it can take both. */
static enum sf_err write_message(struct sf_drop *drop, const struct sf_reply_message *message)
{
	char id[SF_ID_TEXT_SIZE], name[SF_FOLDER_NAME_SIZE];
	struct sf_buf about;
	struct sf_json_writer writer;
	sf_id_format(drop->message, id);
	snprintf(name, sizeof(name), "%" PRIu64 "-%s%s", drop->cursor, id,
		ending_of(message->row.content_type));
	enum sf_err err = sf_folder_write(drop->out, name, message->content);
	sf_buf_init(&about, NOTE_SIZE_MAX);
	sf_json_writer_begin(&writer, &about);
	sf_json_object(&writer, NULL);
	sf_json_inbox_members(&writer, &message->row);
	sf_json_close(&writer);
	snprintf(name, sizeof(name), "%" PRIu64 "-%s.json", drop->cursor, id);
	if (!err)
		err = sf_json_writer_end(&writer);
	if (!err)
		err = sf_folder_write(drop->out, name, sf_buf_view(&about));
	sf_buf_fini(&about);
	return err;
}

static void finish(struct sf_drop *drop)
{
	drop->done = drop->cursor;
	drop->step = OUT_ASK;
}

static void reply_out(struct sf_drop *drop, const struct sf_reply *reply)
{
	bool gone = reply->err == SF_ERR_NOT_FOUND && drop->step != OUT_ASK; /* erased since */
	if (gone) {
		finish(drop);
	} else if (reply->err) {
		drop->out_due_ms = drop->now_ms + AGAIN_MS;
	} else if (drop->step == OUT_ASK) {
		drop->failed = false;
		drop->seen = reply->handout.version;
		if (reply->handout.row_count == 0)
			return;
		drop->cursor = reply->handout.rows[0].cursor;
		drop->message = reply->handout.rows[0].message;
		drop->step = OUT_FETCH;
	} else if (drop->step == OUT_HANDLED) {
		finish(drop);
	} else if (write_message(drop, &reply->message)) {
		drop->failed = true;
		drop->step = OUT_ASK;
		drop->out_due_ms = drop->now_ms + AGAIN_MS;
	} else if (drop->options.mark_handled && reply->message.row.attachments == 0) {
		drop->step = OUT_HANDLED;
	} else {
		finish(drop);
	}
}

static void reply(
	void *self, uint64_t call, const struct sf_request *request, const struct sf_reply *answer)
{
	struct sf_drop *drop = self;
	(void)request;
	if (call == drop->in_call) {
		drop->in_call = 0;
		reply_in(drop, answer);
	} else {
		drop->out_call = 0;
		reply_out(drop, answer);
	}
}

struct sf_face sf_drop_face(struct sf_drop *drop)
{
	return (struct sf_face){
		.self = drop,
		.watch_max = watch_max,
		.watch = watch,
		.handle = handle,
		.wake_ms = wake_ms,
		.take = take,
		.waits = waits,
		.reply = reply,
	};
}
