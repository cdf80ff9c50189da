/* `stafet status`: how the daemon is doing. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

static int print_json(const struct sf_reply_status *status)
{
	struct sf_json_page page;
	struct sf_json_writer *writer = sf_json_page_begin(&page);
	sf_json_text(writer, "program", status->program);
	sf_json_text(writer, "software", status->software);
	sf_json_party(writer, "party", status->party, status->name);
	sf_json_word(writer, "role", sf_role_text(status->role));
	sf_json_bool(writer, "connected", status->connected);
	sf_json_text(writer, "link", status->link);
	sf_json_time(writer, "link_since", status->link_since_ms);
	sf_json_id(writer, "peer", status->peer);
	sf_json_int(writer, "peer_count", (int64_t)status->peer_count);
	sf_json_text(writer, "origin", status->origin);
	sf_json_int(writer, "epoch", (int64_t)status->epoch);
	sf_json_int(writer, "log_size", (int64_t)status->log_size);
	sf_json_int(writer, "directory_version", (int64_t)status->directory_version);
	sf_json_digest(writer, "directory_head", &status->directory_head);
	sf_json_time(writer, "now", status->now_ms);
	sf_json_time(writer, "started", status->started_ms);
	sf_json_object(writer, "counters");
	for (size_t i = 0; i < status->counter_count; i++) {
		/* "queue-late" of the daemon is queue_late here: names of members have no dash. */
		char name[64];
		snprintf(name, sizeof(name), "%s", status->counters[i].name);
		for (char *dash = name; (dash = strchr(dash, '-'));)
			*dash = '_';
		sf_json_int(writer, name, (int64_t)status->counters[i].value);
	}
	sf_json_close(writer);
	return sf_json_page_end(&page);
}

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
		code = arguments->json ? print_json(&session.reply.status)
				       : print_screen(&session.reply.status);
	sf_session_close(&session);
	return code;
}
