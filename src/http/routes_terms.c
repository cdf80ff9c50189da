/* /api/v1: agreements as a party proposes, signs and ends them at its node. */
#include <string.h>

#include "http/answer.h"
#include "http/body.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/routes.h"

#define OPERATOR SF_API_ROLE_BIT(SF_API_OPERATOR)

/* The signed form, as `stafet agreement` makes it of the text. */
static bool ask_propose(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	struct sf_query query;
	if (!sf_query_read(exchange, &query))
		return false;
	if (strcmp(exchange->request->content_type, "application/octet-stream") != 0) {
		sf_problem(exchange, 415,
			"an agreement is proposed in its signed form: application/octet-stream");
		return false;
	}
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_PROPOSE, .propose = {exchange->request->body}};
	return true;
}

static bool ask_sign(struct sf_exchange *exchange, bool end, struct sf_request *ret_request)
{
	struct sf_request request = {.kind = SF_REQUEST_SIGN_AGREEMENT,
		.sign_agreement = {.reference = exchange->parameters[0], .end = end}};
	struct sf_body_reader body;
	struct sf_query query;
	if (!sf_query_read(exchange, &query) || !sf_body_read(exchange, &body) ||
		!sf_body_text(&body, "on_behalf", false, &request.sign_agreement.on_behalf))
		return false;
	*ret_request = request;
	return true;
}

static bool ask_accept(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask_sign(exchange, false, ret_request);
}

static bool ask_end(struct sf_exchange *exchange, struct sf_request *ret_request)
{
	return ask_sign(exchange, true, ret_request);
}

/* clang-format off */
const struct sf_route sf_routes_terms[SF_ROUTES_TERMS_COUNT] = {
	{SF_HTTP_POST, "/api/v1/agreements", "proposeAgreement",
		"Propose an agreement to everybody, and sign it for this party.",
		OPERATOR, ask_propose, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/agreements/{reference}/accept", "acceptAgreement",
		"Sign an agreement for this party.",
		OPERATOR, ask_accept, sf_answer_said},
	{SF_HTTP_POST, "/api/v1/agreements/{reference}/end", "endAgreement",
		"End this party's signature.",
		OPERATOR, ask_end, sf_answer_said},
};
/* clang-format on */
