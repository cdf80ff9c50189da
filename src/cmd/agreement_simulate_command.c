/*
 * `stafet agreement simulate`: which deadlines of the past would have been others under the text in
 * a file. The daemon's engine folds its transitions once more, page by page (audit/simulate.h): the
 * daemon itself through its socket, or the engine alone on its store.
 */
#include <inttypes.h>
#include <sys/stat.h>

#include "cmd/agreement_file.h"
#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "cmd/store_file.h"

#define REPLY_SIZE_MAX (8 * SF_LOCAL_SIZE_MAX) /* as decoded, as a session has it */

static const char *const headings[] = {
	"CLAUSE", "OWNER", "DUE", "WOULD BE DUE", "MISSED", "TRANSITION"};

/* Where the past is: one of the two. */
struct past {
	struct sf_arguments where;  /* of the session */
	struct sf_session session;  /* without a file; its arena and reply also with one */
	struct sf_store_file *file; /* owned; NULL: through the socket */
};

struct simulation {
	bool json;
	int64_t as_of_ms;
	struct sf_table table;    /* without json */
	struct sf_json_page page; /* with json; its array is open */
	uint64_t transition_count;
	uint64_t deadline_count;
	uint64_t missed_before_count, missed_after_count;
};

static int64_t time_or_none(int64_t due_ms)
{
	return due_ms == SF_NEVER_MS ? 0 : due_ms;
}

/* "yes -> no": as it was, as it would have been. */
static void add_row(struct simulation *simulation, const struct sf_simulated_row *row)
{
	struct sf_table *table = &simulation->table;
	sf_table_cell(table, "%s", row->name[0] ? sf_show_text(row->name).text : "-");
	sf_table_cell(table, "%s", sf_role_text(row->owner));
	sf_table_cell(table, "%s", sf_show_time(time_or_none(row->due_before_ms)).text);
	sf_table_cell(table, "%s", sf_show_time(time_or_none(row->due_after_ms)).text);
	sf_table_cell(table, "%s -> %s", row->missed_before ? "yes" : "no",
		row->missed_after ? "yes" : "no");
	sf_table_cell(table, "%s", sf_show_id(row->transition).text);
}

static void add_page(struct simulation *simulation, const struct sf_reply_simulated *page)
{
	simulation->transition_count += page->transition_count;
	for (size_t i = 0; i < page->row_count; i++) {
		const struct sf_simulated_row *row = &page->rows[i];
		simulation->deadline_count++;
		simulation->missed_before_count += row->missed_before;
		simulation->missed_after_count += row->missed_after;
		if (simulation->json)
			sf_json_simulated_row(&simulation->page.writer, row);
		else
			add_row(simulation, row);
	}
}

static int ask_file(struct past *past, const struct sf_request *request)
{
	struct sf_session *session = &past->session;
	sf_arena_clear(&session->arena);
	session->reply = (struct sf_reply){.text = ""};
	enum sf_err err = sf_store_file_ask(
		past->file, request, &session->arena, &session->reply, &session->diag);
	if (!err && session->reply.err) {
		err = session->reply.err;
		sf_diag_set(&session->diag, "%s",
			session->reply.text[0] ? session->reply.text : sf_err_text(err));
	}
	return err ? sf_exit_failed(err, &session->diag) : SF_EXIT_OK;
}

static int ask(struct past *past, const struct sf_request *request)
{
	return past->file ? ask_file(past, request) : sf_session_ask(&past->session, request);
}

static int ask_all(struct past *past, struct sf_view agreement, struct simulation *simulation)
{
	const struct sf_request status = {.kind = SF_REQUEST_STATUS};
	struct sf_request request = {.kind = SF_REQUEST_SIMULATE,
		.simulate = {.agreement = agreement, .count_max = SF_LOCAL_ROWS_MAX}};
	int code = ask(past, &status);
	simulation->as_of_ms = past->session.reply.status.now_ms;
	while (!code) {
		code = ask(past, &request);
		if (code)
			break;
		const struct sf_reply_simulated *page = &past->session.reply.simulated;
		add_page(simulation, page);
		if (sf_id_is_none(page->last))
			break;
		request.simulate.after = page->last;
	}
	return code;
}

static void begin(struct simulation *simulation)
{
	if (simulation->json)
		sf_json_array(sf_json_page_begin(&simulation->page), "deadlines");
	else
		sf_table_begin(&simulation->table, headings, SF_COUNT(headings));
}

static int end_json(struct simulation *simulation)
{
	struct sf_json_writer *writer = &simulation->page.writer;
	sf_json_close(writer);
	sf_json_time(writer, "as_of", simulation->as_of_ms);
	sf_json_int(writer, "transition_count", (int64_t)simulation->transition_count);
	sf_json_int(writer, "deadline_count", (int64_t)simulation->deadline_count);
	sf_json_int(writer, "missed_count", (int64_t)simulation->missed_before_count);
	sf_json_int(writer, "would_be_missed_count", (int64_t)simulation->missed_after_count);
	return sf_json_page_end(&simulation->page);
}

static int end(struct simulation *simulation, int code)
{
	if (code) {
		sf_buf_fini(simulation->json ? &simulation->page.buf : &simulation->table.cells);
		return code;
	}
	if (simulation->json)
		return end_json(simulation);
	code = sf_table_end(&simulation->table, stdout, "no deadline would have been another");
	if (!code)
		printf("\ntransitions looked at: %" PRIu64 ", deadlines that differ: %" PRIu64
		       ", of them missed: %" PRIu64 ", would have been missed: %" PRIu64
		       ", as of %s\n",
			simulation->transition_count, simulation->deadline_count,
			simulation->missed_before_count, simulation->missed_after_count,
			sf_show_time(simulation->as_of_ms).text);
	return code;
}

/* A socket is asked; any other file that is there must be a store. */
static int open_past(const struct sf_arguments *arguments, const char *against, struct past *past)
{
	struct stat status;
	*past = (struct past){.where = *arguments};
	if (against)
		past->where.socket = against;
	if (!against || stat(against, &status) != 0 || S_ISSOCK(status.st_mode))
		return sf_session_open(&past->where, &past->session);
	sf_arena_init(&past->session.arena, REPLY_SIZE_MAX);
	enum sf_err err = sf_store_file_open(against, &past->file, &past->session.diag);
	return err ? sf_exit_failed(err, &past->session.diag) : SF_EXIT_OK;
}

int sf_command_agreement_simulate(const struct sf_arguments *arguments)
{
	struct sf_agreement_file file;
	int code = sf_agreement_file_open(arguments->items[0], &file);
	if (!code) {
		struct past past;
		struct simulation simulation = {.json = arguments->json};
		begin(&simulation);
		code = open_past(arguments, sf_arguments_value(arguments, "against"), &past);
		if (!code)
			code = ask_all(&past, sf_buf_view(&file.signed_form), &simulation);
		code = end(&simulation, code);
		sf_session_close(&past.session);
		sf_store_file_close(&past.file);
	}
	sf_agreement_file_close(&file);
	return code;
}
