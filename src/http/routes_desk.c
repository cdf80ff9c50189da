/*
 * /api/v1: what needs a person, the figures, agreements, the directory, the log, who read what, and
 * how the node is doing.
 */
#include <stdlib.h>

#include "audit/explain.h"
#include "http/answer.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"
#include "view/figures.h"
#include "view/month.h"
#include "view/reply.h"
#include "wire/record.h"

#define IN SF_API_ROLE_BIT(SF_API_SYSTEM_IN)
#define OUT SF_API_ROLE_BIT(SF_API_SYSTEM_OUT)
#define CLERK SF_API_ROLE_BIT(SF_API_CLERK)
#define CLINICIAN SF_API_ROLE_BIT(SF_API_CLINICIAN)
#define AUDITOR SF_API_ROLE_BIT(SF_API_AUDITOR)
#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)

static bool ask_rows(struct sf_exchange *exchange, bool overdue, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_BOARD, .board = {.only_overdue = overdue}};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_query_count(&query, &request.board.count_max))
		return false;
	request.board.party = sf_query_text(&query, "party");
	*ret_request = request;
	return true;
}

static bool ask_board(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask_rows(exchange, false, ret_request);
}

static bool ask_overdue(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask_rows(exchange, true, ret_request);
}

static bool read_by(const struct sf_query *query, enum sf_figures_by *ret_by)
{
	if (!sf_figures_by_text(sf_query_text(query, "by"), ret_by))
		return true;
	sf_problem(query->exchange, 400,
		"query parameter 'by' is municipality, planning-area or pathway");
	return false;
}

static bool ask_indicators(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_MEASURES};
	struct sf_query query;
	enum sf_figures_by by = SF_FIGURES_ALL;
	if (!sf_query_read(exchange, &query) || !read_by(&query, &by) ||
		!sf_query_time(&query, "from", &request.measures.from_ms) ||
		!sf_query_time(&query, "to", &request.measures.to_ms))
		return false;
	if (!sf_month_is_whole(request.measures.from_ms, request.measures.to_ms)) {
		sf_problem(exchange, 400,
			"query parameters 'from' and 'to' are the midnights, in Danish time, at "
			"which one calendar month begins and ends");
		return false;
	}
	*ret_request = request;
	return true;
}

static void forget_figures(void *kept)
{
	struct sf_figures *figures = kept;
	sf_figures_close(&figures);
}

/* Where the page ended the next begins: figures of a part of the period would be wrong. */
static bool ask_next_page(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_request *next = sf_arena_take(exchange->arena, sizeof(*next));
	if (!next)
		return false;
	*next = (struct sf_request){.kind = SF_REQUEST_MEASURES, .measures = request->measures};
	next->measures.after = reply->measures.last;
	exchange->again = next;
	return true;
}

static void respond_indicators(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_query query;
	struct sf_figures *figures = exchange->kept;
	struct sf_json_writer writer;
	enum sf_figures_by by = SF_FIGURES_ALL;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	if (!sf_query_read(exchange, &query) || !read_by(&query, &by))
		return;
	const struct sf_request_measures *asked = &request->measures;
	enum sf_err err =
		figures ? SF_OK : sf_figures_open(by, asked->from_ms, asked->to_ms, &figures);
	exchange->kept = figures;
	exchange->forget = forget_figures;
	if (!err)
		err = sf_figures_add(figures, &reply->measures);
	bool more = !err && !sf_id_is_none(reply->measures.last);
	if (err || (more && !ask_next_page(exchange, request, reply))) {
		sf_problem(exchange, 500, "the figures could not be summed up");
	} else if (!more) {
		sf_figures_sort(figures);
		sf_answer_begin(exchange, &writer);
		sf_json_figures_members(&writer, figures);
		sf_answer_end(exchange, &writer, 200);
	}
}

static bool ask_agreements(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_AGREEMENTS};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_query_count(&query, &request.agreements.count_max))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_agreement(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_AGREEMENT, .agreement = {exchange->parameters[0]}};
	return true;
}

/* ?language= of the explanation; Danish when it is not said. */
static enum sf_language language_of(const struct sf_query *query)
{
	const char *word = sf_query_text(query, "language");
	return word[0] ? sf_language_from_text(word) : SF_LANGUAGE_DANISH;
}

static bool ask_explanation(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	if (language_of(&query) == SF_LANGUAGE_NONE) {
		sf_problem(exchange, 400, "query parameter 'language' is da or en");
		return false;
	}
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_AGREEMENT, .agreement = {exchange->parameters[0]}};
	return true;
}

/* Said of the signed form, read here as strictly as anybody's: what stands in it is what rules. */
static enum sf_err explain(
	struct sf_view signed_form, enum sf_language language, struct sf_buf *buf)
{
	struct sf_diag diag = {.text = ""};
	/* Too large for a stack. */
	struct sf_agreement *agreement = malloc(sizeof(*agreement));
	enum sf_err err = agreement ? SF_OK : SF_ERR_MEMORY;
	if (!err)
		err = sf_agreement_decode(signed_form, agreement, &diag);
	if (!err)
		err = sf_explain(agreement, language, buf);
	free(agreement);
	return err;
}

static void respond_explanation(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply)
{
	struct sf_query query;
	if (reply->err) {
		sf_problem_reply(exchange, request, reply);
		return;
	}
	if (!sf_query_read(exchange, &query))
		return;
	struct sf_buf *body = &exchange->response->body;
	sf_buf_init(body, SF_EXPLAIN_SIZE_MAX);
	if (explain(reply->agreement.signed_form, language_of(&query), body)) {
		sf_problem(exchange, 500, "the agreement could not be explained");
		return;
	}
	exchange->response->status = 200;
	exchange->response->content_type = "text/plain; charset=utf-8";
}

static bool ask_directory(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_DIRECTORY, .directory = {sf_query_text(&query, "party")}};
	return true;
}

static bool ask_log(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_LOG};
	struct sf_query query;
	uint64_t wait_s = 0;
	if (!sf_query_read(exchange, &query) ||
		!sf_query_bool(&query, "verify", &request.log.verify) ||
		!sf_query_number(&query, "after_size", 0, INT64_MAX, &request.log.after_size) ||
		!sf_query_number(&query, "wait", 0, SF_LOCAL_WAIT_MS_MAX / 1000, &wait_s))
		return false;
	request.log.wait_ms = (uint32_t)wait_s * 1000;
	*ret_request = request;
	return true;
}

static bool ask_access_log(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_ACCESS_LOG};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) ||
		!sf_query_count(&query, &request.access_log.count_max) ||
		!sf_query_number(&query, "after", 0, INT64_MAX, &request.access_log.after) ||
		!sf_query_id(&query, "transition", &request.access_log.transition))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_status(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_STATUS, .status = {.counters = true}};
	return true;
}

/* clang-format off */
const struct sf_route sf_routes_desk[SF_ROUTES_DESK_COUNT] = {
	{SF_HTTP_GET, "/api/v1/board", "readBoard", "What needs a person now, most urgent first.",
		OUT | CLERK | CLINICIAN | OPERATOR, ask_board, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/overdue", "readOverdue", "What is late, most urgent first.",
		OUT | CLERK | CLINICIAN | OPERATOR, ask_overdue, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/indicators", "readIndicators",
		"How discharges of a period went, small cells left out.",
		AUDITOR | OPERATOR, ask_indicators, respond_indicators},
	{SF_HTTP_GET, "/api/v1/agreements", "listAgreements", "The agreements that are known here.",
		CLERK | CLINICIAN | AUDITOR | OPERATOR, ask_agreements, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/agreements/{reference}", "readAgreement", "One agreement, and who signed it.",
		CLERK | CLINICIAN | AUDITOR | OPERATOR, ask_agreement, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/agreements/{reference}/explanation", "explainAgreement",
		"An agreement in plain words, from what was signed.",
		CLERK | CLINICIAN | AUDITOR | OPERATOR, ask_explanation, respond_explanation},
	{SF_HTTP_GET, "/api/v1/directory", "readDirectory", "The parties of the region.",
		IN | OUT | CLERK | CLINICIAN | AUDITOR | OPERATOR, ask_directory, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/log", "readLog",
		"How far the region's log is signed and cosigned, and whether it holds.",
		AUDITOR | OPERATOR, ask_log, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/access-log", "listAccesses", "Who has read what here, as what and what for.",
		AUDITOR, ask_access_log, sf_answer_reply},
	{SF_HTTP_GET, "/api/v1/status", "readStatus", "How the node is doing.",
		AUDITOR | OPERATOR, ask_status, sf_answer_reply},
};
/* clang-format on */
