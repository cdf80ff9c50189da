#include "node/concern.h"

void sf_concern_add(struct sf_message *message, struct sf_id party)
{
	if (sf_id_is_none(party) || sf_id_equal(party, message->author) ||
		message->recipient_count == SF_RECIPIENT_COUNT_MAX ||
		sf_message_is_to(message, party))
		return;
	message->recipients[message->recipient_count++] = party;
}

/* A municipality without a case is no member until something is sent to it again. */
struct sf_id sf_concern_party(const struct sf_transition *transition, enum sf_role role)
{
	struct sf_id party = sf_transition_bound(transition, role);
	const struct sf_parties *parties = sf_transition_parties(transition);
	for (size_t i = 0; sf_id_is_none(party) && parties && i < parties->binding_count; i++)
		if (parties->bindings[i].role == role)
			party = parties->bindings[i].party;
	return party;
}

static void add_role(
	const struct sf_transition *transition, struct sf_message *message, enum sf_role role)
{
	sf_concern_add(message, sf_concern_party(transition, role));
}

static void add_hospital(const struct sf_transition *transition, struct sf_message *message)
{
	sf_concern_add(message, sf_transition_hospital(transition));
}

static void add_members(const struct sf_transition *transition, struct sf_message *message)
{
	size_t count;
	const struct sf_member *members = sf_transition_members(transition, &count);
	for (size_t i = 0; i < count; i++)
		sf_concern_add(message, members[i].party);
}

/* Planning goes on between the hospital and the municipality. */
static void add_other_side(const struct sf_transition *transition, struct sf_message *message)
{
	add_hospital(transition, message);
	add_role(transition, message, SF_ROLE_MUNICIPALITY);
}

static const struct sf_obligation *find_obligation(
	const struct sf_transition *transition, struct sf_id subject, uint32_t clause)
{
	size_t count;
	const struct sf_obligation *items = sf_transition_obligations(transition, &count);
	for (size_t i = count; i > 0; i--)
		if (sf_id_equal(items[i - 1].subject, subject) && items[i - 1].clause == clause)
			return &items[i - 1];
	return NULL;
}

/* Owner and who waits for it; the hospital where a clause does. */
static void add_duty(const struct sf_transition *transition, struct sf_message *message)
{
	const struct sf_obligation_fact *fact = &message->fact.obligation;
	const struct sf_obligation *obligation =
		find_obligation(transition, fact->subject, fact->clause);
	if (fact->owner != SF_ROLE_NONE)
		add_role(transition, message, fact->owner);
	if (!obligation) {
		if (fact->action != SF_TASK_REQUEST)
			add_hospital(transition, message);
		return;
	}
	sf_concern_add(message, obligation->owner);
	if (sf_id_is_none(obligation->requester))
		add_hospital(transition, message);
	else
		sf_concern_add(message, obligation->requester);
}

/* MEDCOM.md, Messages: the discharge letter is the practice's, the others go to the other side. */
static void add_readers(const struct sf_transition *transition, struct sf_message *message)
{
	if (message->fact.letter.code == SF_LETTER_DISCHARGE_LETTER)
		add_role(transition, message, SF_ROLE_GP);
	else if (message->fact.letter.code == SF_LETTER_CORRESPONDENCE)
		add_members(transition, message);
	else
		add_other_side(transition, message);
}

static void add_asker(const struct sf_transition *transition, struct sf_message *message)
{
	const struct sf_obligation *question = find_obligation(transition, message->in_reply_to, 0);
	if (question)
		sf_concern_add(message, question->requester);
	else
		add_members(transition, message);
}

void sf_concern_recipients(const struct sf_transition *transition, struct sf_message *message)
{
	switch (message->fact.kind) {
	case SF_KIND_INTENT:
	case SF_KIND_PLAN:
	case SF_KIND_READY:
	case SF_KIND_READY_WITHDRAWN:
	case SF_KIND_AGREE:
		add_other_side(transition, message);
		break;
	case SF_KIND_PLAN_ANSWER:
	case SF_KIND_ARRIVED:
		add_hospital(transition, message);
		break;
	case SF_KIND_QUESTION:
		add_role(transition, message, message->fact.question.to);
		break;
	case SF_KIND_ANSWER:
		add_asker(transition, message);
		break;
	case SF_KIND_OBLIGATION:
		add_duty(transition, message);
		break;
	case SF_KIND_LETTER:
		add_readers(transition, message);
		break;
	default: /* assessment, window, dispute, resolve, fallback, close, reopen */
		add_members(transition, message);
		break;
	}
}

static bool find_question(const struct sf_transition *transition, struct sf_message *message)
{
	size_t count, found = 0;
	const struct sf_obligation *items = sf_transition_obligations(transition, &count);
	for (size_t i = 0; i < count; i++) {
		if (items[i].duty != SF_DUTY_ANSWER || !sf_obligation_is_open(&items[i]) ||
			!sf_id_equal(items[i].owner, message->author))
			continue;
		message->in_reply_to = items[i].subject;
		found++;
	}
	return found <= 1;
}

bool sf_concern_in_reply_to(const struct sf_transition *transition, struct sf_message *message)
{
	const struct sf_course *course = sf_transition_course(transition);
	if (!sf_id_is_none(message->in_reply_to))
		return true;
	if (message->fact.kind == SF_KIND_PLAN_ANSWER)
		message->in_reply_to = course->plan_message;
	if (message->fact.kind == SF_KIND_READY_WITHDRAWN)
		message->in_reply_to = course->ready_message;
	if (message->fact.kind == SF_KIND_ANSWER)
		return find_question(transition, message);
	if (message->fact.kind == SF_KIND_RESOLVE && course->dispute_count > 0)
		message->in_reply_to = course->disputes[0].message;
	return message->fact.kind != SF_KIND_RESOLVE || course->dispute_count <= 1;
}
