/* The stream of events: asked for once as a question about the feed, then events.h takes over. */
#include <stdlib.h>
#include <string.h>

#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"

#define ROWS_MAX 100 /* what a stream begins with; the rest follows */

static bool ask_events(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	const char *id = exchange->request->last_event_id;
	size_t size = strlen(id);
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	/* 19 digits fit a cursor whatever they are. */
	if (size > 19 || strspn(id, "0123456789") != size) {
		sf_problem(exchange, 400, "Last-Event-ID must be the id of an event");
		return false;
	}
	/* Without an id nothing of the past is wanted, and the newest cursor alone is read. */
	*ret_request = (struct sf_request){.kind = SF_REQUEST_FEED,
		.feed = {.after = strtoull(id, NULL, 10), .count_max = size > 0 ? ROWS_MAX : 1}};
	return true;
}

static void respond_events(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	(void)request;
	if (reply->err) {
		exchange->response->retry_after_s = 1;
		sf_problem(exchange, 503, reply->text);
		return;
	}
	exchange->response->status = 200;
	exchange->response->content_type = "text/event-stream";
}

/* clang-format off */
const struct sf_route sf_routes_events[SF_ROUTES_EVENTS_COUNT] = {
	{SF_HTTP_GET, "/api/v1/events", "streamEvents",
		"What happens here, as Server-Sent Events, from Last-Event-ID on.",
		SF_API_ROLE_BIT(SF_API_SYSTEM_IN) | SF_API_ROLE_BIT(SF_API_SYSTEM_OUT) |
			SF_API_ROLE_BIT(SF_API_CLERK) | SF_API_ROLE_BIT(SF_API_CLINICIAN) |
			SF_API_ROLE_BIT(SF_API_AUDITOR) | SF_API_ROLE_BIT(SF_API_OPERATOR),
		ask_events, respond_events},
};
/* clang-format on */
