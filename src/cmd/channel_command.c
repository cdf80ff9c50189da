/* `stafet channel`, `stafet hook`, `stafet message trace` and `replay`: ways in and out. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/print.h"
#include "cmd/print_json.h"
#include "cmd/session.h"

static int refuse_events(void)
{
	char words[256] = "";
	size_t used = 0;
	for (uint32_t what = 1; what < 64 && used < sizeof(words); what++)
		if (sf_feed_is_kept((enum sf_feed_what)what))
			used += (size_t)snprintf(words + used, sizeof(words) - used, "%s%s",
				used > 0 ? ", " : "", sf_feed_text((enum sf_feed_what)what));
	return sf_exit_usage(
		"hook add: --events is one or more, separated by commas, of %s", words);
}

static int read_events(const char *words, uint64_t *ret_events)
{
	uint64_t events = 0;
	for (const char *word = words; *word;) {
		size_t size = strcspn(word, ",");
		uint64_t bit = sf_hook_event_bit(sf_view_of(word, size));
		if (!bit)
			return refuse_events();
		events |= bit;
		word += size + (word[size] == ',');
	}
	if (!events)
		return refuse_events();
	*ret_events = events;
	return SF_EXIT_OK;
}

static const char *condition(const struct sf_channel_row *row)
{
	const char *fault = sf_channel_fault_text(row->fault);
	return row->paused ? "paused" : fault[0] ? fault : "open";
}

static int print_channels(const struct sf_reply_channels *channels, bool hooks)
{
	static const char *const headings[] = {"CHANNEL", "IS", "RECEIVED", "FILTERED", "QUEUED",
		"SENT", "ERRORED", "LAST", "URL"};
	struct sf_table table;
	sf_table_begin(&table, headings, hooks ? SF_COUNT(headings) : SF_COUNT(headings) - 1);
	for (size_t i = 0; i < channels->row_count; i++) {
		const struct sf_channel_row *row = &channels->rows[i];
		if (hooks && !sf_channel_is_hook(row->kind))
			continue;
		sf_table_cell(&table, "%s", sf_show_text(row->name).text);
		sf_table_cell(&table, "%s", condition(row));
		sf_table_cell(&table, "%" PRIu64, row->received);
		sf_table_cell(&table, "%" PRIu64, row->filtered);
		sf_table_cell(&table, "%" PRIu64, row->queued);
		sf_table_cell(&table, "%" PRIu64, row->sent);
		sf_table_cell(&table, "%" PRIu64, row->errored);
		sf_table_cell(&table, "%s", sf_show_minute(row->last_ms).text);
		if (hooks)
			sf_table_cell(&table, "%s", sf_show_text(row->url).text);
	}
	return sf_table_end(&table, stdout, hooks ? "no hooks" : "nothing has come or gone yet");
}

static void print_channel(const struct sf_channel_row *row)
{
	printf("channel   %s (%s)\n", sf_show_text(row->name).text,
		sf_channel_kind_text(row->kind));
	printf("is        %s\n", condition(row));
	printf("received  %" PRIu64 "\nfiltered  %" PRIu64 "\nqueued    %" PRIu64
	       "\nsent      %" PRIu64 "\nerrored   %" PRIu64 "\n",
		row->received, row->filtered, row->queued, row->sent, row->errored);
	if (row->aside > 0)
		printf("aside     %" PRIu64 " (stafet channel aside %s)\n", row->aside,
			sf_show_text(row->name).text);
	printf("last      %s\nsince     %s\n", sf_show_minute(row->last_ms).text,
		sf_show_minute(row->created_ms).text);
	if (!sf_channel_is_hook(row->kind))
		return;
	fputs("url       ", stdout);
	sf_print_text(stdout, row->url);
	if (row->kind == SF_CHANNEL_RESPONSE) {
		putchar('\n');
		return;
	}
	fputs("\nevents    ", stdout);
	const char *comma = "";
	for (uint32_t what = 1; what < 64; what++) {
		if (!(row->events >> what & 1))
			continue;
		printf("%s%s", comma, sf_feed_text((enum sf_feed_what)what));
		comma = ",";
	}
	putchar('\n');
}

static int print_trace(const struct sf_reply_trace *trace)
{
	static const char *const headings[] = {"TIME", "STEP", "CHANNEL", "PARTY", "DETAIL"};
	printf("message     %s\ntransition  %s\n", sf_show_id(trace->message).text,
		sf_show_id(trace->transition).text);
	struct sf_table table;
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t i = 0; i < trace->row_count; i++) {
		const struct sf_step_row *row = &trace->rows[i];
		sf_table_cell(&table, "%s", sf_show_time(row->at_ms).text);
		sf_table_cell(&table, "%s", sf_show_text(row->step).text);
		sf_table_cell(&table, "%s", sf_show_text(row->channel).text);
		sf_table_cell(&table, "%s", sf_show_party(row->party_name, row->party).text);
		sf_table_cell(&table, "%s", sf_show_text(row->detail).text);
	}
	return sf_table_end(&table, stdout, "nothing");
}

static int print_aside(const struct sf_reply_aside *aside)
{
	static const char *const headings[] = {
		"CHANNEL", "MESSAGE", "ANSWER OF", "REFUSED", "LAST"};
	struct sf_table table;
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t i = 0; i < aside->row_count; i++) {
		const struct sf_aside_row *row = &aside->rows[i];
		sf_table_cell(&table, "%s", sf_show_text(row->channel).text);
		sf_table_cell(&table, "%s", sf_show_id(row->message).text);
		sf_table_cell(&table, "%s", sf_show_party(row->party_name, row->party).text);
		sf_table_cell(&table, "%" PRIu32, row->refusals);
		sf_table_cell(&table, "%s", sf_show_minute(row->at_ms).text);
	}
	return sf_table_end(&table, stdout, "nothing was put aside");
}

/* The one time that the secret is told. */
static int print_added(const struct sf_reply_hook_added *added)
{
	printf("%s\n%s\n", sf_show_text(added->name).text, added->secret);
	fputs("stafet: the secret is not shown again; who loses it removes the hook and adds "
	      "another\n",
		stderr);
	return SF_EXIT_OK;
}

static int print_reply(const struct sf_arguments *arguments, const struct sf_reply *reply)
{
	if (arguments->json)
		return sf_json_page_print(reply);
	switch ((int)reply->kind) {
	case SF_REPLY_CHANNELS:
		if (arguments->count == 0)
			return print_channels(&reply->channels,
				strncmp(arguments->command->name, "hook", 4) == 0);
		print_channel(&reply->channels.rows[0]);
		return SF_EXIT_OK;
	case SF_REPLY_ASIDE:
		return print_aside(&reply->aside);
	case SF_REPLY_HOOK_ADDED:
		return print_added(&reply->hook_added);
	case SF_REPLY_TRACE:
		return print_trace(&reply->trace);
	case SF_REPLY_REPLAYED:
		puts(reply->replayed.resent ? "sent again, to who has not answered"
					    : "handed out again, to hooks and folder");
		return SF_EXIT_OK;
	default:
		puts("done");
		return SF_EXIT_OK;
	}
}

static int ask(const struct sf_arguments *arguments, const struct sf_request *request)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_ask(&session, request);
	if (!code)
		code = print_reply(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

int sf_command_channels(const struct sf_arguments *arguments)
{
	const struct sf_request request = {.kind = SF_REQUEST_CHANNELS,
		.channels = {arguments->count > 0 ? arguments->items[0] : ""}};
	return ask(arguments, &request);
}

int sf_command_channel_pause(const struct sf_arguments *arguments)
{
	const struct sf_request request = {.kind = SF_REQUEST_CHANNEL_PAUSE,
		.channel_pause = {.name = arguments->items[0], .paused = true}};
	return ask(arguments, &request);
}

int sf_command_channel_resume(const struct sf_arguments *arguments)
{
	const struct sf_request request = {.kind = SF_REQUEST_CHANNEL_PAUSE,
		.channel_pause = {.name = arguments->items[0], .paused = false}};
	return ask(arguments, &request);
}

int sf_command_channel_aside(const struct sf_arguments *arguments)
{
	const struct sf_request request = {.kind = SF_REQUEST_ASIDE,
		.aside = {.channel = arguments->count > 0 ? arguments->items[0] : ""}};
	return ask(arguments, &request);
}

int sf_command_channel_again(const struct sf_arguments *arguments)
{
	struct sf_request request = {
		.kind = SF_REQUEST_ASIDE_AGAIN, .aside_again = {.channel = arguments->items[0]}};
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code && arguments->count > 1)
		code = sf_session_id(&session, arguments->items[1], SF_SESSION_MESSAGES,
			&request.aside_again.message);
	if (!code)
		code = sf_session_ask(&session, &request);
	if (!code)
		code = print_reply(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

int sf_command_hook_add(const struct sf_arguments *arguments)
{
	struct sf_request request = {
		.kind = SF_REQUEST_HOOK_ADD, .hook_add = {.url = arguments->items[0]}};
	request.hook_add.responses = sf_arguments_flag(arguments, "responses");
	const char *events = sf_arguments_text(arguments, "events");
	int code = SF_EXIT_OK;
	if (!request.hook_add.responses || events[0])
		code = read_events(events, &request.hook_add.events);
	return code ? code : ask(arguments, &request);
}

int sf_command_hook_remove(const struct sf_arguments *arguments)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_HOOK_REMOVE, .hook_remove = {arguments->items[0]}};
	return ask(arguments, &request);
}

static int ask_about(
	const struct sf_arguments *arguments, struct sf_request *request, struct sf_id *ret_message)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(
			&session, arguments->items[0], SF_SESSION_MESSAGES, ret_message);
	if (!code)
		code = sf_session_ask(&session, request);
	if (!code)
		code = print_reply(arguments, &session.reply);
	sf_session_close(&session);
	return code;
}

int sf_command_message_trace(const struct sf_arguments *arguments)
{
	struct sf_request request = {.kind = SF_REQUEST_TRACE};
	return ask_about(arguments, &request, &request.trace.message);
}

int sf_command_message_replay(const struct sf_arguments *arguments)
{
	struct sf_request request = {.kind = SF_REQUEST_REPLAY};
	return ask_about(arguments, &request, &request.replay.message);
}
