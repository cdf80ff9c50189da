/* `stafet directory` and `stafet registry approve`. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/directory_screen.h"
#include "cmd/file_bytes.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

/* An entry with all its signatures. */
#define ENTRY_SIZE_MAX (SF_DIRECTORY_ENTRY_SIZE_MAX + 4096)

static int print(const struct sf_arguments *arguments, const struct sf_reply *reply)
{
	const struct sf_reply_directory *directory = &reply->directory;
	if (arguments->json)
		return sf_json_page_print(reply);
	if (arguments->count > 0 && directory->row_count == 1)
		return sf_party_screen_print(stdout, directory);
	return sf_directory_screen_print(stdout, directory);
}

int sf_command_directory(const struct sf_arguments *arguments)
{
	struct sf_session session;
	const struct sf_request request = {.kind = SF_REQUEST_DIRECTORY,
		.directory = {.party = arguments->count ? arguments->items[0] : ""}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = print(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

static int approve(const struct sf_arguments *arguments, struct sf_view record)
{
	struct sf_session session;
	const struct sf_request request = {
		.kind = SF_REQUEST_APPROVE, .approve = {.record = record}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	const struct sf_reply_approved *approved = &session.reply.approved;
	if (!code && arguments->json) {
		code = sf_json_page_print(&session.reply);
	} else if (!code) {
		printf("recorded: %s, directory version %" PRIu64 "\n",
			sf_show_party(approved->name, approved->party).text, approved->version);
	}
	sf_session_close(&session);
	return code;
}

int sf_command_registry_approve(const struct sf_arguments *arguments)
{
	struct sf_buf record;
	struct sf_diag diag = {.text = ""};
	sf_buf_init(&record, ENTRY_SIZE_MAX);
	enum sf_err err = sf_file_bytes_read(arguments->items[0], &record, &diag);
	int code = err ? sf_exit_failed(err, &diag) : approve(arguments, sf_buf_view(&record));
	sf_buf_fini(&record);
	return code;
}
