/* `stafet transition list`, `stafet transition find` and `stafet transition show`. */
#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "cmd/listing.h"
#include "cmd/session.h"
#include "cmd/transition_screen.h"
#include "cmd/typed.h"
#include "cmd/when.h"

static const char *const headings[] = {
	"CHANGED", "HOSPITAL", "MUNICIPALITY", "STATE", "STAY", "HOLDERS", "OFFERS", "LATE", "ID"};

/* "Nordby Sygehus: medical; Nordby Kommune: care, medication". */
static struct sf_shown show_holders(const struct sf_transition_row *row)
{
	struct sf_shown shown = {"-"};
	size_t used = 0;
	for (size_t i = 0; i < row->holder_count; i++) {
		sf_domain_set domains = 0;
		bool first = true;
		for (size_t j = 0; j < row->holder_count; j++) {
			if (!sf_id_equal(row->holders[j].party, row->holders[i].party))
				continue;
			first = first && j >= i;
			domains |= SF_DOMAIN_BIT(row->holders[j].domain);
		}
		if (!first || used >= sizeof(shown.text))
			continue;
		int size = snprintf(shown.text + used, sizeof(shown.text) - used, "%s%s: %s",
			used ? "; " : "",
			sf_show_party(row->holders[i].name, row->holders[i].party).text,
			sf_show_domains(domains).text);
		used += (size_t)size;
	}
	return shown;
}

static void add_row(struct sf_table *table, const struct sf_transition_row *row)
{
	sf_table_cell(table, "%s", sf_show_time(row->changed_ms).text);
	sf_table_cell(table, "%s", sf_show_party(row->hospital_name, row->hospital).text);
	sf_table_cell(table, "%s", sf_show_party(row->municipality_name, row->municipality).text);
	sf_table_cell(table, "%s%s", sf_transition_state_text(row->state),
		row->frozen ? " (frozen)" : "");
	sf_table_cell(table, "%s", sf_stay_state_text(row->stay));
	sf_table_cell(table, "%s", show_holders(row).text);
	sf_table_cell(table, "%" PRIu32, row->open_offer_count);
	sf_table_cell(table, "%" PRIu32, row->late_count);
	sf_table_cell(table, "%s", sf_show_id(row->transition).text);
}

static void add_page(struct sf_cmd_listing *listing, const struct sf_reply_transitions *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		if (listing->json)
			sf_json_transition_row(&listing->page.writer, &page->rows[i]);
		else
			add_row(&listing->table, &page->rows[i]);
	}
}

/* The listing, page by page. */
static int list(struct sf_session *session, struct sf_request *request)
{
	struct sf_cmd_listing listing;
	int code;
	sf_cmd_listing_begin(
		&listing, session->arguments->json, "transitions", headings, SF_COUNT(headings));
	while (!(code = sf_session_ask(session, request))) {
		const struct sf_reply_transitions *page = &session->reply.transitions;
		add_page(&listing, page);
		/* A page may end early, where many are passed over. */
		if (sf_id_is_none(page->next))
			break;
		request->transitions.after = page->next;
	}
	return sf_cmd_listing_end(&listing, code, "no transitions");
}

int sf_command_transition_list(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_TRANSITIONS,
		.transitions = {.only_open = sf_arguments_flag(arguments, "open")}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = list(&session, &request);
	sf_session_close(&session);
	return code;
}

static int find(struct sf_session *session, const char *cpr)
{
	const struct sf_request request = {.kind = SF_REQUEST_FIND, .find = {cpr}};
	struct sf_cmd_listing listing;
	sf_cmd_listing_begin(
		&listing, session->arguments->json, "transitions", headings, SF_COUNT(headings));
	int code = sf_session_ask(session, &request);
	if (!code)
		add_page(&listing, &session->reply.transitions);
	return sf_cmd_listing_end(&listing, code, "no transitions of this citizen");
}

int sf_command_transition_find(const struct sf_arguments *arguments)
{
	struct sf_session session;
	char cpr[16];
	bool typed = sf_typed_line("CPR number: ", cpr, sizeof(cpr));
	int code = sf_session_open(arguments, &session);
	if (!code && !typed)
		code = sf_exit_usage("transition find: standard input must have a CPR number");
	if (!code)
		code = find(&session, cpr);
	sf_bytes_wipe(cpr, sizeof(cpr));
	sf_session_close(&session);
	return code;
}

static int show(struct sf_session *session, struct sf_request *request)
{
	const struct sf_arguments *arguments = session->arguments;
	struct sf_screen_wishes wishes = {
		.all = sf_arguments_flag(arguments, "all"),
		.at = sf_arguments_flag(arguments, "at"),
		.known_by = sf_arguments_text(arguments, "known-by"),
	};
	int code = sf_session_id(session, arguments->items[0],
		SF_SESSION_TRANSITIONS | SF_SESSION_MESSAGES, &request->transition.transition);
	if (!code)
		code = sf_session_ask(session, request);
	if (code)
		return code;
	if (arguments->json)
		return sf_json_page_print(&session->reply);
	wishes.note = session->reply.text;
	return sf_transition_screen_print(stdout, &session->reply.transition, &wishes);
}

int sf_command_transition_show(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_request request = {.kind = SF_REQUEST_TRANSITION,
		.transition = {.known_by = sf_arguments_text(arguments, "known-by")}};
	int code = sf_when_option(arguments, "at", 0, &request.transition.at_ms);
	if (code)
		return code;
	code = sf_session_open(arguments, &session);
	if (!code)
		code = show(&session, &request);
	sf_session_close(&session);
	return code;
}
