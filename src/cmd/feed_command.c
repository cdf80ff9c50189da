/* `stafet watch`: what happens, as it happens. */
#include <stdio.h>

#include "base/time.h"
#include "cmd/feed_line.h"
#include "cmd/print_json.h"
#include "cmd/session.h"
#include "os/env.h"

#define WATCH_SECONDS_MAX 31536000

static int print_rows(const struct sf_reply_feed *feed, bool json)
{
	int code = SF_EXIT_OK;
	for (size_t i = 0; i < feed->row_count && !code; i++) {
		if (json) {
			struct sf_json_page page;
			sf_json_feed_members(sf_json_page_begin(&page), &feed->rows[i]);
			code = sf_json_page_end(&page);
		} else {
			sf_feed_line_print(stdout, &feed->rows[i]);
		}
	}
	return !code && fflush(stdout) != 0 ? SF_EXIT_FAILED : code;
}

/* Where new rows begin: the cursor of the newest one there is. */
static int find_end(struct sf_session *session, uint64_t *ret_cursor)
{
	const struct sf_request request = {.kind = SF_REQUEST_FEED, .feed = {.count_max = 1}};
	int code = sf_session_ask(session, &request);
	if (!code)
		*ret_cursor = session->reply.feed.cursor;
	return code;
}

static int watch(struct sf_session *session, uint64_t cursor, uint64_t seconds)
{
	const struct sf_env env = sf_os_env();
	int64_t until_ms = env.monotonic_ms(env.self) + (int64_t)seconds * SF_SECOND_MS;
	for (;;) {
		int64_t left_ms = until_ms - env.monotonic_ms(env.self);
		if (left_ms <= 0)
			return SF_EXIT_OK;
		const struct sf_request request = {.kind = SF_REQUEST_FEED,
			.feed = {.after = cursor,
				.wait_ms = left_ms < SF_LOCAL_WAIT_MS_MAX ? (uint32_t)left_ms
									  : SF_LOCAL_WAIT_MS_MAX}};
		int code = sf_session_ask(session, &request);
		const struct sf_reply_feed *feed = &session->reply.feed;
		if (!code)
			code = print_rows(feed, session->arguments->json);
		if (code)
			return code;
		if (feed->row_count > 0)
			cursor = feed->rows[feed->row_count - 1].cursor;
	}
}

int sf_command_watch(const struct sf_arguments *arguments)
{
	uint64_t cursor, seconds;
	int code = sf_arguments_number(arguments, "since", 0, INT64_MAX, &cursor);
	if (!code)
		code = sf_arguments_number(
			arguments, "for", WATCH_SECONDS_MAX, WATCH_SECONDS_MAX, &seconds);
	if (code)
		return code;
	struct sf_session session;
	code = sf_session_open(arguments, &session);
	if (!code && !sf_arguments_flag(arguments, "since"))
		code = find_end(&session, &cursor);
	if (!code)
		code = watch(&session, cursor, seconds);
	sf_session_close(&session);
	return code;
}
