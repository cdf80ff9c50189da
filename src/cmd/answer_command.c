/* People answer: accept, refuse, offer, withdraw; and say who takes part: bind. */
#include "cmd/say.h"

#define ANY (SF_SESSION_MESSAGES | SF_SESSION_TRANSITIONS)

/* Finds the id that the first item means, puts it into the request, asks and prints. */
static int say(const struct sf_arguments *arguments, unsigned what, struct sf_request *request,
	struct sf_id *place)
{
	struct sf_session session;
	int code = sf_session_open(arguments, &session);
	if (!code)
		code = sf_session_id(&session, arguments->items[0], what, place);
	if (!code)
		code = sf_session_ask(&session, request);
	if (!code)
		code = sf_say_print(&session.reply.said, arguments->json);
	sf_session_close(&session);
	return code;
}

int sf_command_accept(const struct sf_arguments *arguments)
{
	struct sf_request request = {.kind = SF_REQUEST_ACCEPT,
		.accept = {.by_person = !sf_arguments_flag(arguments, "by-system")}};
	int code = sf_arguments_domains(arguments, "domains", &request.accept.domains);
	return code ? code : say(arguments, ANY, &request, &request.accept.id);
}

int sf_command_refuse(const struct sf_arguments *arguments)
{
	const char *refer_to = sf_arguments_text(arguments, "refer-to");
	if (!refer_to[0])
		return sf_exit_usage("refuse: --refer-to is missing: say which role or party "
				     "should have it instead");
	struct sf_request request = {.kind = SF_REQUEST_REFUSE,
		.refuse = {.refer_to_party = "",
			.not_ours = sf_arguments_flag(arguments, "not-ours")}};
	request.refuse.refer_to_role = sf_role_from_text(refer_to);
	if (request.refuse.refer_to_role == SF_ROLE_NONE)
		request.refuse.refer_to_party = refer_to;
	return say(arguments, ANY, &request, &request.refuse.id);
}

int sf_command_offer(const struct sf_arguments *arguments)
{
	const char *to = sf_arguments_text(arguments, "to");
	struct sf_request request = {
		.kind = SF_REQUEST_OFFER, .offer = {.to = sf_role_from_text(to)}};
	int code = sf_arguments_domains(arguments, "domains", &request.offer.domains);
	if (code)
		return code;
	if (request.offer.domains == 0)
		return sf_exit_usage("offer: --domains is missing: say what is offered");
	if (request.offer.to == SF_ROLE_NONE)
		return sf_exit_usage("offer: --to is missing or no role: hospital, municipality, "
				     "gp, psychiatry, other-municipality, care-home or "
				     "out-of-hours");
	return say(arguments, SF_SESSION_TRANSITIONS, &request, &request.offer.transition);
}

int sf_command_withdraw(const struct sf_arguments *arguments)
{
	struct sf_request request = {.kind = SF_REQUEST_WITHDRAW};
	int code = sf_arguments_domains(arguments, "domains", &request.withdraw.domains);
	return code ? code
		    : say(arguments, SF_SESSION_MESSAGES, &request, &request.withdraw.message);
}

/* "unknown" and "not-enrolled" stand for a party (struct sf_request_bind). */
int sf_command_bind(const struct sf_arguments *arguments)
{
	struct sf_request request = {.kind = SF_REQUEST_BIND, .bind = {.party = ""}};
	const char *pathway = sf_arguments_text(arguments, "pathway");
	int code = sf_arguments_domains(arguments, "active", &request.bind.active);
	if (code)
		return code;
	if (arguments->count == 2)
		return sf_exit_usage("bind: say ROLE and PARTY, or neither");
	if (arguments->count == 3) {
		request.bind.role = sf_role_from_text(arguments->items[1]);
		request.bind.party = arguments->items[2];
		if (request.bind.role == SF_ROLE_NONE)
			return sf_exit_usage("bind: no role '%s': municipality, gp, psychiatry, "
					     "other-municipality, care-home or out-of-hours",
				arguments->items[1]);
	}
	request.bind.pathway = sf_pathway_from_text(pathway);
	if (pathway[0] && request.bind.pathway == SF_PATHWAY_NONE)
		return sf_exit_usage("bind: --pathway is somatic or psychiatric");
	if (arguments->count == 1 && !pathway[0] && request.bind.active == 0)
		return sf_exit_usage("bind: nothing to change: say ROLE and PARTY, --pathway or "
				     "--active");
	return say(arguments, SF_SESSION_TRANSITIONS, &request, &request.bind.transition);
}
