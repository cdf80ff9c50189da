/*
 * /api/v1: which deadlines of the past would have been others under another agreement. The engine
 * answers page by page, a turn each, and the answer grows with them; at the end it is asked what
 * time it is. The same JSON as `stafet agreement simulate`.
 */
#include <stdlib.h>
#include <string.h>

#include "http/answer.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "view/row.h"
#include "view/value.h"

#define AUDITOR SF_API_ROLE_BIT(SF_API_AUDITOR)
#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)

struct simulation {
	struct sf_json_writer writer; /* into the response's body, its array is open */
	int64_t transition_count, deadline_count;
	int64_t missed_before_count, missed_after_count;
};

static bool ask_simulate(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	if (strcmp(exchange->request->content_type, "application/octet-stream") != 0) {
		sf_problem(exchange, 415,
			"an agreement is simulated in its signed form: application/octet-stream");
		return false;
	}
	*ret_request = (struct sf_request){.kind = SF_REQUEST_SIMULATE,
		.simulate = {.agreement = exchange->request->body, .count_max = SF_LOCAL_ROWS_MAX}};
	return true;
}

static struct simulation *begin(struct sf_exchange *exchange)
{
	struct simulation *simulation = calloc(1, sizeof(*simulation));
	if (!simulation)
		return NULL;
	exchange->kept = simulation;
	exchange->forget = free;
	sf_answer_begin(exchange, &simulation->writer);
	sf_json_array(&simulation->writer, "deadlines");
	return simulation;
}

static void add_page(struct simulation *simulation, const struct sf_reply_simulated *page)
{
	simulation->transition_count += page->transition_count;
	for (size_t i = 0; i < page->row_count; i++) {
		simulation->deadline_count++;
		simulation->missed_before_count += page->rows[i].missed_before;
		simulation->missed_after_count += page->rows[i].missed_after;
		sf_json_simulated_row(&simulation->writer, &page->rows[i]);
	}
}

static void end(struct sf_exchange *exchange, struct simulation *simulation, int64_t as_of_ms)
{
	struct sf_json_writer *writer = &simulation->writer;
	sf_json_close(writer);
	sf_json_time(writer, "as_of", as_of_ms);
	sf_json_int(writer, "transition_count", simulation->transition_count);
	sf_json_int(writer, "deadline_count", simulation->deadline_count);
	sf_json_int(writer, "missed_count", simulation->missed_before_count);
	sf_json_int(writer, "would_be_missed_count", simulation->missed_after_count);
	sf_answer_end(exchange, writer, 200);
}

/* The next page, or after the last one the time. */
static bool ask_again(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply_simulated *page)
{
	struct sf_request *next = sf_arena_take(exchange->arena, sizeof(*next));
	if (!next)
		return false;
	*next = (struct sf_request){.kind = SF_REQUEST_STATUS};
	if (!sf_id_is_none(page->last)) {
		*next = (struct sf_request){
			.kind = SF_REQUEST_SIMULATE, .simulate = request->simulate};
		next->simulate.after = page->last;
	}
	exchange->again = next;
	return true;
}

static void respond_simulate(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct simulation *simulation = exchange->kept;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	if (!simulation)
		simulation = begin(exchange);
	if (!simulation) {
		sf_problem(exchange, 503, "there is no memory for this now");
		return;
	}
	if (reply->kind == SF_REPLY_STATUS) {
		end(exchange, simulation, reply->status.now_ms);
		return;
	}
	add_page(simulation, &reply->simulated);
	if (!ask_again(exchange, request, &reply->simulated))
		sf_problem(exchange, 413, "the past is longer than one answer holds");
}

/* clang-format off */
const struct sf_route sf_routes_simulate[SF_ROUTES_SIMULATE_COUNT] = {
	{SF_HTTP_POST, "/api/v1/agreements/simulate", "simulateAgreement",
		"Which deadlines of the past would have been others under this agreement; nothing changes.",
		AUDITOR | OPERATOR, ask_simulate, respond_simulate},
};
/* clang-format on */
