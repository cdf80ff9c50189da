/* `stafet agreement propose`, `accept`, `end`, `list` and `show`: what is signed, and by whom. */
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/agreement_file.h"
#include "cmd/listing.h"
#include "cmd/say.h"
#include "wire/record.h"

static const char *const headings[] = {
	"NAME", "VERSION", "PROPOSED BY", "ACCEPTED", "HERE", "DIGEST"};
static const char *const acceptance_headings[] = {"ACCEPTED BY", "FROM", "UNTIL", "PARTY"};

static int print_proposed(const struct sf_arguments *arguments, struct sf_session *session,
	const struct sf_agreement *agreement)
{
	if (arguments->json) {
		struct sf_json_page page;
		struct sf_json_writer *writer = sf_json_page_begin(&page);
		sf_json_text(writer, "name", agreement->name);
		sf_json_int(writer, "version", (int64_t)agreement->version);
		sf_json_digest(writer, "digest", &agreement->digest);
		sf_json_id(writer, "message", session->reply.said.message);
		return sf_json_page_end(&page);
	}
	char digest[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&agreement->digest, digest);
	printf("agreement   %s version %" PRIu32 "\ndigest      %s\n", agreement->name,
		agreement->version, digest);
	return sf_say_print(&session->reply.said, false);
}

int sf_command_agreement_propose(const struct sf_arguments *arguments)
{
	struct sf_agreement_file file;
	int code = sf_agreement_file_open(arguments->items[0], &file);
	if (!code) {
		struct sf_session session;
		const struct sf_request request = {.kind = SF_REQUEST_PROPOSE,
			.propose = {.agreement = sf_buf_view(&file.signed_form)}};
		code = sf_session_open(arguments, &session);
		if (!code)
			code = sf_session_ask(&session, &request);
		if (!code)
			code = print_proposed(arguments, &session, file.agreement);
		sf_session_close(&session);
	}
	sf_agreement_file_close(&file);
	return code;
}

static int sign(const struct sf_arguments *arguments, bool end)
{
	struct sf_session session;
	const struct sf_request request = {.kind = SF_REQUEST_SIGN_AGREEMENT,
		.sign_agreement = {.reference = arguments->items[0],
			.end = end,
			.on_behalf = sf_arguments_text(arguments, "for")}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = sf_say_print(&session.reply.said, arguments->json);
	sf_session_close(&session);
	return code;
}

int sf_command_agreement_accept(const struct sf_arguments *arguments)
{
	return sign(arguments, false);
}

int sf_command_agreement_end(const struct sf_arguments *arguments)
{
	return sign(arguments, true);
}

static struct sf_shown show_proposer(const struct sf_agreement_row *row)
{
	return sf_id_is_none(row->proposer) ? sf_show_text("the coordinator's configuration")
					    : sf_show_party(row->proposer_name, row->proposer);
}

static void add_row(struct sf_table *table, const struct sf_agreement_row *row)
{
	char digest[SF_DIGEST_TEXT_SIZE];
	sf_digest_format(&row->digest, digest);
	sf_table_cell(table, "%s", sf_show_text(row->name).text);
	sf_table_cell(table, "%" PRIu32, row->version);
	sf_table_cell(table, "%s", show_proposer(row).text);
	sf_table_cell(table, "%" PRIu32, row->accepted_count);
	sf_table_cell(table, "%s", row->accepted_here ? "yes" : "no");
	sf_table_cell(table, "%.16s", digest);
}

int sf_command_agreement_list(const struct sf_arguments *arguments)
{
	struct sf_session session;
	struct sf_cmd_listing listing;
	const struct sf_request request = {
		.kind = SF_REQUEST_AGREEMENTS, .agreements = {.count_max = SF_LOCAL_ROWS_MAX}};
	int code = sf_session_open(arguments, &session);
	sf_cmd_listing_begin(&listing, arguments->json, "agreements", headings, SF_COUNT(headings));
	if (!code)
		code = sf_session_ask(&session, &request);
	for (size_t i = 0; !code && i < session.reply.agreements.row_count; i++) {
		const struct sf_agreement_row *row = &session.reply.agreements.rows[i];
		if (listing.json)
			sf_json_agreement_row(&listing.page.writer, row);
		else
			add_row(&listing.table, row);
	}
	code = sf_cmd_listing_end(&listing, code, "no agreements");
	sf_session_close(&session);
	return code;
}

static int print_signed(const struct sf_reply_agreement *show)
{
	char digest[SF_DIGEST_TEXT_SIZE];
	struct sf_table table;
	sf_digest_format(&show->row.digest, digest);
	printf("%s version %" PRIu32 ", proposed by %s\n%s\n\n", sf_show_text(show->row.name).text,
		show->row.version, show_proposer(&show->row).text, digest);
	sf_table_begin(&table, acceptance_headings, SF_COUNT(acceptance_headings));
	for (size_t i = 0; i < show->acceptance_count; i++) {
		const struct sf_acceptance_row *row = &show->acceptances[i];
		sf_table_cell(&table, "%s", sf_show_party(row->party_name, row->party).text);
		sf_table_cell(&table, "%s", sf_show_time(row->from_ms).text);
		sf_table_cell(&table, "%s",
			row->until_ms == INT64_MAX ? "-" : sf_show_time(row->until_ms).text);
		sf_table_cell(&table, "%s", sf_show_id(row->party).text);
	}
	return sf_table_end(&table, stdout, "accepted by nobody");
}

/* The daemon's bytes, read here as strictly as anybody's. */
static int explain(const struct sf_arguments *arguments, struct sf_view signed_form)
{
	struct sf_diag diag = {.text = ""};
	struct sf_agreement *agreement = malloc(sizeof(*agreement));
	enum sf_err err =
		agreement ? sf_agreement_decode(signed_form, agreement, &diag) : SF_ERR_MEMORY;
	int code = err ? sf_exit_failed(err, &diag) : SF_EXIT_OK;
	if (!code) {
		putchar('\n');
		code = sf_agreement_print(arguments, agreement);
	}
	free(agreement);
	return code;
}

int sf_command_agreement_show(const struct sf_arguments *arguments)
{
	struct sf_session session;
	const struct sf_request request = {
		.kind = SF_REQUEST_AGREEMENT, .agreement = {.reference = arguments->items[0]}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	const struct sf_reply_agreement *show = &session.reply.agreement;
	if (!code)
		code = arguments->json ? sf_json_page_print(&session.reply) : print_signed(show);
	if (!code && !arguments->json)
		code = explain(arguments, show->signed_form);
	sf_session_close(&session);
	return code;
}
