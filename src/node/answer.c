/*
 * People and systems of this party answer: accept, refuse with a direction, offer, take back. The
 * request is checked against the replica so that mistakes are told at once; what counts is what the
 * coordinator records.
 */
#include "node/service.h"
#include "node/state.h"

#include "audit/listing.h"

static enum sf_err refuse(struct sf_reply *reply, enum sf_refusal refusal)
{
	sf_reply_refused(reply, (uint16_t)refusal);
	return SF_OK;
}

static enum sf_err not_found(struct sf_reply *reply, const char *text)
{
	*reply = (struct sf_reply){.err = SF_ERR_NOT_FOUND, .text = text};
	return SF_OK;
}

void sf_node_name_message(struct sf_node *node, struct sf_message *message)
{
	uint8_t chance[10];
	node->ports.env.random(node->ports.env.self, chance, sizeof(chance));
	if (sf_id_is_none(message->id))
		message->id = sf_id_timed(node->now_ms, chance);
	message->author = node->options.party;
	message->created_ms = node->now_ms;
	if (message->occurred_ms == 0)
		message->occurred_ms = node->now_ms;
}

enum sf_err sf_node_speak(struct sf_node *node, struct sf_message *message, struct sf_body *body,
	sf_domain_set domains, struct sf_reply *reply, struct sf_diag *diag)
{
	if (sf_id_is_none(message->id))
		sf_node_name_message(node, message);
	enum sf_err err = sf_node_author(node, message, body, NULL, diag);
	if (!err)
		*reply = (struct sf_reply){.kind = SF_REPLY_SAID,
			.text = "",
			.said = {message->id, message->transition, domains}};
	return err;
}

static enum sf_err say(struct sf_node *node, struct sf_message *message, sf_domain_set domains,
	struct sf_reply *reply, struct sf_diag *diag)
{
	return sf_node_speak(node, message, NULL, domains, reply, diag);
}

struct found_offer {
	struct sf_id transition_id;
	const struct sf_transition *transition;
	const struct sf_ledger_offer *offer;
	size_t open_count; /* addressed to this party */
};

/* By the offer's message, or the one open offer to this party when a transition is named. */
static enum sf_err find_offer(
	struct sf_node *node, struct sf_id id, struct found_offer *ret_found, struct sf_diag *diag)
{
	*ret_found = (struct found_offer){.transition = NULL};
	enum sf_err err = sf_node_any_transition(node, id, &ret_found->transition_id, diag);
	if (!err)
		err = sf_node_replica(node, ret_found->transition_id, &ret_found->transition, diag);
	if (err || !ret_found->transition)
		return err ? err : SF_ERR_NOT_FOUND;
	size_t count;
	const struct sf_ledger_offer *offers = sf_transition_offers(ret_found->transition, &count);
	bool by_transition = sf_id_equal(id, ret_found->transition_id);
	for (size_t i = 0; i < count; i++) {
		bool open_to_us = offers[i].state == SF_OFFER_OPEN &&
				  sf_id_equal(offers[i].to, node->options.party);
		ret_found->open_count += open_to_us;
		if (by_transition ? open_to_us : sf_id_equal(offers[i].id, id))
			ret_found->offer = &offers[i];
	}
	return SF_OK;
}

/* NULL offer, closed, addressed to another: the refusal that recording would give. */
static enum sf_refusal judge_offer(const struct sf_node *node, const struct found_offer *found)
{
	if (!found->offer)
		return SF_REFUSAL_OFFER_UNKNOWN;
	if (found->offer->state != SF_OFFER_OPEN)
		return SF_REFUSAL_OFFER_CLOSED;
	if (!sf_id_equal(found->offer->to, node->options.party))
		return SF_REFUSAL_NOT_OFFERED_TO_YOU;
	return SF_REFUSAL_NONE;
}

static enum sf_err open_answer(struct sf_node *node, struct sf_id id, struct found_offer *ret_found,
	struct sf_message *ret_message, struct sf_reply *reply, struct sf_diag *diag)
{
	*reply = (struct sf_reply){.text = ""};
	enum sf_err err = find_offer(node, id, ret_found, diag);
	if (err == SF_ERR_NOT_FOUND)
		return not_found(reply, "no transition or offer of this id is known here");
	if (err)
		return err;
	enum sf_refusal refusal = judge_offer(node, ret_found);
	if (refusal)
		return refuse(reply, refusal);
	if (sf_id_equal(id, ret_found->transition_id) && ret_found->open_count > 1) {
		*reply = (struct sf_reply){.err = SF_ERR_CONFLICT,
			.text = "several offers are open: name the message of the one you mean"};
		return SF_OK;
	}
	*ret_message = (struct sf_message){
		.transition = ret_found->transition_id,
		.recipient_count = 1,
		.recipients = {ret_found->offer->from},
		.in_reply_to = ret_found->offer->id,
	};
	return SF_OK;
}

enum sf_err sf_node_serve_accept(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	(void)arena;
	struct found_offer found;
	struct sf_message message;
	enum sf_err err = open_answer(node, request->accept.id, &found, &message, ret_reply, diag);
	if (err || ret_reply->err)
		return err;
	sf_domain_set open = found.offer->domains & ~found.offer->taken;
	sf_domain_set domains = request->accept.domains ? request->accept.domains : open;
	if ((domains & ~open) != 0)
		return refuse(ret_reply, SF_REFUSAL_DOMAINS);
	message.fact.kind = SF_KIND_ACCEPT;
	message.fact.accept = (struct sf_accept){domains, request->accept.by_person};
	return say(node, &message, domains, ret_reply, diag);
}

enum sf_err sf_node_serve_refuse(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	(void)arena;
	const struct sf_request_refuse *asked = &request->refuse;
	struct found_offer found;
	struct sf_message message;
	enum sf_err err = open_answer(node, asked->id, &found, &message, ret_reply, diag);
	if (err || ret_reply->err)
		return err;
	const struct sf_directory_entry *party = NULL;
	if (asked->refer_to_party && *asked->refer_to_party &&
		sf_node_find_party(node, asked->refer_to_party, &party))
		return not_found(ret_reply, "the party to refer to is not in the directory");
	enum sf_role role = asked->refer_to_role ? asked->refer_to_role
			    : party              ? party->role
						 : SF_ROLE_NONE;
	if (role == SF_ROLE_NONE)
		return refuse(ret_reply, SF_REFUSAL_NO_DIRECTION);
	message.fact.kind = SF_KIND_REFUSE;
	message.fact.refuse =
		(struct sf_refuse){.refer_to_role = role, .not_ours = asked->not_ours};
	if (party)
		message.fact.refuse.refer_to_party = party->party;
	return say(node, &message, found.offer->domains, ret_reply, diag);
}

static bool holds_all(
	const struct sf_transition *transition, struct sf_id party, sf_domain_set domains)
{
	for (enum sf_domain domain = SF_DOMAIN_MEDICAL; domain < SF_DOMAIN_COUNT; domain++)
		if ((domains & SF_DOMAIN_BIT(domain)) &&
			!sf_id_equal(sf_transition_holder(transition, domain), party))
			return false;
	return true;
}

/* Who gets the offer: the party bound to the role, so that its people see it in their inbox. */
static struct sf_id bound_party(const struct sf_transition *transition, enum sf_role role)
{
	size_t count;
	const struct sf_member *members = sf_transition_members(transition, &count);
	for (size_t i = 0; i < count; i++)
		if (members[i].role == role)
			return members[i].party;
	return (struct sf_id){{0}};
}

enum sf_err sf_node_serve_offer(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	(void)arena;
	const struct sf_request_offer *asked = &request->offer;
	const struct sf_transition *transition = NULL;
	*ret_reply = (struct sf_reply){.text = ""};
	enum sf_err err = sf_node_replica(node, asked->transition, &transition, diag);
	if (err)
		return err;
	if (!transition)
		return not_found(ret_reply, "no transition of this id is known here");
	if (asked->domains == 0 || (asked->domains & ~sf_transition_active(transition)) != 0)
		return refuse(ret_reply, SF_REFUSAL_DOMAINS);
	if (!holds_all(transition, node->options.party, asked->domains))
		return refuse(ret_reply, SF_REFUSAL_NOT_HOLDER);
	struct sf_message message = {
		.transition = asked->transition,
		.fact = {.kind = SF_KIND_OFFER, .offer = {asked->domains, asked->to}},
	};
	struct sf_id to = bound_party(transition, asked->to);
	if (sf_id_equal(to, node->options.party))
		return refuse(ret_reply, SF_REFUSAL_SELF);
	if (!sf_id_is_none(to))
		message.recipients[message.recipient_count++] = to;
	return say(node, &message, asked->domains, ret_reply, diag);
}

enum sf_err sf_node_serve_withdraw(struct sf_node *node, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	(void)arena;
	*ret_reply = (struct sf_reply){.text = ""};
	struct sf_message message = {
		.in_reply_to = request->withdraw.message,
		.fact = {.kind = SF_KIND_WITHDRAW, .withdraw = {request->withdraw.domains}},
	};
	enum sf_err err = sf_node_message_transition(
		node, request->withdraw.message, &message.transition, diag);
	if (err == SF_ERR_NOT_FOUND)
		return not_found(ret_reply, "no offer or acceptance of this id is known here");
	const struct sf_transition *transition = NULL;
	if (!err)
		err = sf_node_replica(node, message.transition, &transition, diag);
	if (err)
		return err;
	size_t count = 0;
	const struct sf_ledger_offer *offers =
		transition ? sf_transition_offers(transition, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		bool own_offer = sf_id_equal(offers[i].id, message.in_reply_to) &&
				 sf_id_equal(offers[i].from, node->options.party);
		bool own_accept = sf_id_equal(offers[i].answered_by, message.in_reply_to) &&
				  sf_id_equal(offers[i].to, node->options.party);
		if (own_offer && offers[i].state != SF_OFFER_OPEN)
			return refuse(ret_reply, SF_REFUSAL_OFFER_CLOSED);
		if (own_offer || own_accept) {
			struct sf_id other = own_offer ? offers[i].to : offers[i].from;
			if (!sf_id_is_none(other))
				message.recipients[message.recipient_count++] = other;
			return say(node, &message, request->withdraw.domains, ret_reply, diag);
		}
	}
	return refuse(ret_reply, SF_REFUSAL_OFFER_UNKNOWN);
}
