/* `stafet status`: how the daemon is doing. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

static int print_screen(const struct sf_reply_status *status)
{
	bool node = strcmp(status->program, "node") == 0;
	printf("%s of %s (%s)\n", sf_show_text(status->software).text,
		sf_show_party(status->name, status->party).text, sf_role_text(status->role));
	printf("  %-20s %s\n", "party", sf_show_id(status->party).text);
	printf("  %-20s %s\n", "started", sf_show_time(status->started_ms).text);
	if (node) {
		bool since = status->link_since_ms != 0;
		printf("  %-20s %s%s%s\n", "coordinator", sf_show_text(status->link).text,
			since ? ", since " : "",
			since ? sf_show_time(status->link_since_ms).text : "");
	} else {
		printf("  %-20s %" PRIu32 "\n", "nodes connected", status->peer_count);
	}
	if (status->origin[0])
		printf("  %-20s %s, epoch %" PRIu32 ", %" PRIu64 " entries\n", "log",
			sf_show_text(status->origin).text, status->epoch, status->log_size);
	printf("  %-20s version %" PRIu64 "\n", "directory", status->directory_version);
	for (size_t i = 0; i < status->counter_count; i++)
		printf("  %-20s %" PRIu64 "\n", sf_show_text(status->counters[i].name).text,
			status->counters[i].value);
	return SF_EXIT_OK;
}

int sf_command_status(const struct sf_arguments *arguments)
{
	struct sf_session session;
	const struct sf_request request = {.kind = SF_REQUEST_STATUS, .status = {.counters = true}};
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = arguments->json ? sf_json_page_print(&session.reply)
				       : print_screen(&session.reply.status);
	sf_session_close(&session);
	return code;
}
