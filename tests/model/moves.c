#include "model/moves.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/core/scene.h"

const struct sf_agreement_book *move_book(void)
{
	static const struct sf_trigger home = {SF_KIND_STAY, SF_ACTIVITY_DISCHARGE_HOME, 0};
	static struct sf_agreement agreement;
	static const struct sf_agreement *agreements[] = {&agreement};
	static const struct sf_acceptance acceptances[] = {
		{{{0xA6}}, {{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'G'}}, 0, INT64_MAX},
		{{{0xA6}}, {{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'H'}}, 0, INT64_MAX},
		{{{0xA6}}, {{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'K'}}, 0, INT64_MAX},
	};
	static const struct sf_agreement_book book = {
		agreements, 1, acceptances, SF_COUNT(acceptances)};
	agreement.digest = scene_agreement();
	agreement.cut_off_minute = -1;
	agreement.pathway_count = 1;
	struct sf_pathway_terms *terms = &agreement.pathways[0];
	*terms = (struct sf_pathway_terms){.pathway = SF_PATHWAY_SOMATIC,
		.window_count = 1,
		.handover_count = 1,
		.receiver = {{"receiver", "72h", ""}, SF_ROLE_GP}};
	terms->windows[0] = (struct sf_window_clause){
		.clause = {"window", "72h", ""},
		.domain = SF_DOMAIN_MEDICAL,
		.starts_on = home,
		.length = {1, {{SF_DEADLINE_MINUTES, 72 * 60, 0, -1}}},
		.holder = SF_ROLE_HOSPITAL,
		.then = SF_ROLE_GP,
	};
	terms->handovers[0] = (struct sf_handover){
		.clause = {"handover", "2-7", ""},
		.on = home,
		.offers = CARE,
		.to = SF_ROLE_MUNICIPALITY,
		.silence = SF_SILENCE_STAYS,
	};
	return &book;
}

struct sf_id move_id(char letter)
{
	return scene_id(2, (uint32_t)letter);
}

static const struct sf_ledger_offer *find_offer(const struct sf_transition *view, struct sf_id id)
{
	size_t count;
	const struct sf_ledger_offer *offers = sf_transition_offers(view, &count);
	for (size_t i = 0; i < count; i++)
		if (sf_id_equal(offers[i].id, id) && offers[i].state == SF_OFFER_OPEN)
			return &offers[i];
	return NULL;
}

static bool holds(const struct sf_transition *view, char party, enum sf_domain domain)
{
	return sf_id_equal(sf_transition_holder(view, domain), scene_party(party));
}

static bool at_home(const struct sf_transition *view)
{
	return sf_transition_stay(view)->state == SF_STAY_HOME;
}

static bool in_hospital(const struct sf_transition *view)
{
	return sf_transition_stay(view)->state == SF_STAY_IN_HOSPITAL;
}

void move_set_stay(struct sf_message *message, const char *code, char cancels)
{
	message->fact.kind = SF_KIND_STAY;
	message->fact.stay = scene_stay_fact(code, message->occurred_ms);
	if (cancels)
		message->supersedes = move_id(cancels);
	message->recipient_count = 1;
	message->recipients[0] = scene_party('K');
}

static bool discharge(const struct sf_transition *view, struct sf_message *message)
{
	move_set_stay(message, "SLHJ", 0);
	return in_hospital(view);
}

static bool cancel_discharge(const struct sf_transition *view, struct sf_message *message)
{
	move_set_stay(message, "AN_SLHJ", 'd');
	return at_home(view);
}

static bool readmit(const struct sf_transition *view, struct sf_message *message)
{
	move_set_stay(message, "STIN", 0);
	return at_home(view);
}

static bool answers(const struct sf_transition *view, struct sf_message *message, enum sf_kind kind,
	char offer, sf_domain_set domains)
{
	message->in_reply_to = move_id(offer);
	message->fact.kind = kind;
	if (kind == SF_KIND_ACCEPT)
		message->fact.accept = (struct sf_accept){domains, true};
	if (kind == SF_KIND_REFUSE)
		message->fact.refuse = (struct sf_refuse){.refer_to_role = SF_ROLE_HOSPITAL};
	const struct sf_ledger_offer *open = find_offer(view, message->in_reply_to);
	return open && sf_id_equal(open->to, message->author);
}

static bool accept_care(const struct sf_transition *view, struct sf_message *message)
{
	return answers(view, message, SF_KIND_ACCEPT, 'd', CARE);
}

static bool refuse_care(const struct sf_transition *view, struct sf_message *message)
{
	return answers(view, message, SF_KIND_REFUSE, 'd', 0);
}

static bool ask_back(const struct sf_transition *view, struct sf_message *message)
{
	message->fact.kind = SF_KIND_WITHDRAW;
	message->in_reply_to = move_id('a');
	return holds(view, 'K', SF_DOMAIN_CARE);
}

static bool take_back(const struct sf_transition *view, struct sf_message *message)
{
	return answers(view, message, SF_KIND_ACCEPT, 'w', CARE);
}

static bool offer_again(const struct sf_transition *view, struct sf_message *message)
{
	message->fact.kind = SF_KIND_OFFER;
	message->fact.offer = (struct sf_offer){CARE | MEDICATION, SF_ROLE_MUNICIPALITY};
	message->recipient_count = 1;
	message->recipients[0] = scene_party('K');
	return holds(view, 'H', SF_DOMAIN_CARE) && holds(view, 'H', SF_DOMAIN_MEDICATION);
}

static bool accept_again(const struct sf_transition *view, struct sf_message *message)
{
	return answers(view, message, SF_KIND_ACCEPT, 'o', CARE | MEDICATION);
}

static bool withdraw_offer(const struct sf_transition *view, struct sf_message *message)
{
	message->fact.kind = SF_KIND_WITHDRAW;
	message->in_reply_to = move_id('o');
	return find_offer(view, message->in_reply_to) != NULL;
}

static bool no_case(const struct sf_transition *view, struct sf_message *message)
{
	message->fact.kind = SF_KIND_PLAN_ANSWER;
	message->fact.plan_answer = (struct sf_plan_answer){.code = SF_PLAN_ANSWER_NO_CASE};
	return sf_transition_is_member(view, scene_party('K'));
}

/* "Later, tomorrow" to the discharge's offer: closes nothing, so care may be accepted after it. */
static bool promise(const struct sf_transition *view, struct sf_message *message)
{
	bool open = answers(view, message, SF_KIND_PLAN_ANSWER, 'd', 0);
	message->fact.plan_answer = (struct sf_plan_answer){.code = SF_PLAN_ANSWER_LATER,
		.ready_from_ms = message->occurred_ms + 24 * SF_HOUR_MS};
	return open;
}

static bool acknowledge(const struct sf_transition *view, struct sf_message *message)
{
	struct sf_id wanted;
	message->fact.kind = SF_KIND_ACKNOWLEDGEMENT;
	message->fact.acknowledgement =
		(struct sf_acknowledgement){.message_id = move_id('d'), .ack = SF_ACK_OK};
	return sf_transition_must_acknowledge(view, scene_party('G'), &wanted, 1) > 0 &&
	       sf_id_equal(wanted, move_id('d'));
}

static bool dispute(const struct sf_transition *view, struct sf_message *message)
{
	message->fact.kind = SF_KIND_DISPUTE;
	message->fact.dispute = (struct sf_dispute){SF_DISPUTE_CONTENT};
	return at_home(view);
}

static bool resolve(const struct sf_transition *view, struct sf_message *message)
{
	message->fact.kind = SF_KIND_RESOLVE;
	message->in_reply_to = move_id('x');
	return sf_transition_course(view)->dispute_count > 0;
}

static const struct move moves[] = {
	{'d', 'H', "discharge home", discharge, false},
	{'c', 'H', "cancel the discharge", cancel_discharge, true},
	{'n', 'H', "readmission", readmit, true},
	{'a', 'K', "accept care", accept_care, true},
	{'r', 'K', "refuse care", refuse_care, false},
	{'l', 'K', "promise to take care later", promise, false},
	{'w', 'K', "ask care back", ask_back, false},
	{'h', 'H', "take care back", take_back, true},
	{'o', 'H', "offer care and medication", offer_again, false},
	{'b', 'K', "accept care and medication", accept_again, true},
	{'u', 'H', "withdraw the offer", withdraw_offer, false},
	{'z', 'K', "no case", no_case, false},
	{'g', 'G', "the GP acknowledges the discharge", acknowledge, true},
	{'x', 'H', "dispute", dispute, false},
	{'y', 'H', "resolve", resolve, false},
};

const struct move *move_find(char letter)
{
	for (size_t i = 0; i < SF_COUNT(moves); i++)
		if (moves[i].letter == letter)
			return &moves[i];
	fprintf(stderr, "no move '%c'\n", letter);
	exit(2);
}
