/*
 * /api/v1: a person of a hospital tells what happens to a stay, and asks what may come next. What
 * is told is judged by the engine; here only words, times and texts are read.
 */
#include "http/answer.h"
#include "http/body.h"
#include "http/query.h"
#include "http/routes.h"

/* As handing in a message: what is written here is what a clinical system would have sent. */
#define TELLERS (SF_API_ROLE_BIT(SF_API_SYSTEM_IN) | SF_API_ROLE_BIT(SF_API_CLINICIAN))

/* What a beginning and a running stay have in common. */
static bool read_step(
	const struct sf_body_reader *body, bool begins, struct sf_request_notify *notify)
{
	unsigned activity = 0;
	if (!sf_body_word(body, "activity", begins, &sf_words_activity, &activity) ||
		!sf_body_time(body, "at", false, &notify->at_ms) ||
		!sf_body_text(body, "department", false, &notify->department) ||
		!sf_body_text(body, "ward", false, &notify->ward) ||
		!sf_body_text(body, "municipality", false, &notify->municipality) ||
		!sf_body_text(body, "gp", false, &notify->gp))
		return false;
	notify->activity = (enum sf_activity)activity;
	return true;
}

static bool ask_begin(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_NOTIFY, .notify = {.mode = SF_MODE_NEW}};
	struct sf_request_notify *notify = &request.notify;
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!read_step(&body, true, notify) ||
		!sf_body_text(&body, "cpr", true, &notify->cpr) ||
		!sf_body_text(&body, "given", true, &notify->given) ||
		!sf_body_text(&body, "family", true, &notify->family) ||
		!sf_body_bool(&body, "report_requested", true, &notify->report_requested))
		return false;
	*ret_request = request;
	return true;
}

/*
 * What is corrected or cancelled is the newest that stands. Who names it has looked at it, and is
 * not taken to mean one that was told since.
 */
static bool ask_notify(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {
		.kind = SF_REQUEST_NOTIFY, .notify = {.cpr = "", .given = "", .family = ""}};
	struct sf_request_notify *notify = &request.notify;
	struct sf_body_reader body;
	struct sf_query query;
	unsigned mode = SF_MODE_NEW;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &notify->transition) ||
		!sf_body_read(exchange, &body))
		return false;
	if (sf_body_member(&body, "mode") &&
		!sf_body_word(&body, "mode", true, &sf_words_mode, &mode))
		return false;
	notify->mode = (enum sf_mode)mode;
	if (!read_step(&body, false, notify) ||
		!sf_body_id(&body, "latest", false, &notify->latest) ||
		!sf_body_bool(&body, "report_requested", false, &notify->report_requested))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_stay(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_STAY};
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_path_id(exchange, 0, &request.stay.transition))
		return false;
	*ret_request = request;
	return true;
}

/* clang-format off */
const struct sf_route sf_routes_stays[SF_ROUTES_STAYS_COUNT] = {
	{SF_HTTP_POST, "/api/v1/notifications", "beginStay",
		"Tell that a citizen was admitted; the node writes the HospitalNotification.",
		TELLERS, ask_begin, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/transitions/{id}/notifications", "notifyStay",
		"Tell what comes next in a stay, or correct or cancel what was told last.",
		TELLERS, ask_notify, sf_answer_said},
	{SF_HTTP_GET, "/api/v1/transitions/{id}/notifications", "readStay",
		"Where a stay of this hospital is, and what may be told of it next.",
		TELLERS, ask_stay, sf_answer_reply},
};
/* clang-format on */
