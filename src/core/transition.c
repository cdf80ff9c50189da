#include "core/transition.h"

#include <stdlib.h>
#include <string.h>

#include "core/transition_state.h"

enum sf_err sf_transition_open(struct sf_id id, const struct sf_agreement_book *book,
	struct sf_transition **ret_transition)
{
	struct sf_transition *transition = calloc(1, sizeof(*transition));
	if (!transition)
		return SF_ERR_MEMORY;
	transition->id = id;
	transition->book = book;
	transition->recorded_ms = INT64_MIN;
	transition->now = calloc(1, sizeof(*transition->now));
	transition->next = calloc(1, sizeof(*transition->next));
	if (!transition->now || !transition->next) {
		free(transition->now);
		free(transition->next);
		free(transition);
		return SF_ERR_MEMORY;
	}
	sf_ledger_init(&transition->now->ledger);
	sf_ledger_init(&transition->next->ledger);
	*ret_transition = transition;
	return SF_OK;
}

void sf_transition_close(struct sf_transition **transition)
{
	struct sf_transition *closed = *transition;
	if (!closed)
		return;
	sf_ledger_fini(&closed->now->ledger);
	sf_ledger_fini(&closed->next->ledger);
	free(closed->now);
	free(closed->next);
	free(closed->entries);
	free(closed->marks);
	free(closed->recorded);
	free(closed->recipients);
	free(closed->acks);
	free(closed);
	*transition = NULL;
}

static enum sf_err reserve(void **items, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return SF_OK;
	size_t wanted = need < 8 ? 8 : need + need / 2;
	void *moved = realloc(*items, wanted * size);
	if (!moved)
		return SF_ERR_MEMORY;
	*items = moved;
	*capacity = wanted;
	return SF_OK;
}

/* Room for all that one event can add, so that nothing fails once it has an effect. */
static enum sf_err reserve_step(struct sf_transition *transition, const struct sf_message *message)
{
	void *entries = transition->entries;
	enum sf_err err = reserve(&entries, &transition->entry_capacity,
		transition->entry_count + 1, sizeof(*transition->entries));
	transition->entries = entries;
	void *marks = transition->marks;
	if (!err)
		err = reserve(&marks, &transition->mark_capacity, transition->entry_count + 1,
			sizeof(*transition->marks));
	transition->marks = marks;
	void *recorded = transition->recorded;
	if (!err)
		err = reserve(&recorded, &transition->recorded_capacity,
			transition->recorded_count + 1, sizeof(*transition->recorded));
	transition->recorded = recorded;
	void *recipients = transition->recipients;
	if (!err)
		err = reserve(&recipients, &transition->recipient_capacity,
			transition->recipient_count + message->recipient_count,
			sizeof(*transition->recipients));
	transition->recipients = recipients;
	void *acks = transition->acks;
	if (!err)
		err = reserve(&acks, &transition->ack_capacity, transition->ack_count + 1,
			sizeof(*transition->acks));
	transition->acks = acks;
	return err;
}

static const char *broken_membership(const struct sf_standing *standing)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		struct sf_id holder = sf_ledger_holder(&standing->ledger, (enum sf_domain)domain);
		if (!sf_id_is_none(holder) && !sf_standing_member(standing, holder))
			return "R1 the holder is a member";
	}
	for (size_t i = 0; i < standing->ledger.offer_count; i++) {
		const struct sf_ledger_offer *offer = &standing->ledger.offers[i];
		if (offer->state == SF_OFFER_OPEN && !sf_id_is_none(offer->to) &&
			!sf_standing_member(standing, offer->to))
			return "R3 an open offer is to a member";
	}
	return NULL;
}

static const char *broken_rule(const struct sf_standing *standing)
{
	const char *rule = sf_ledger_rule_broken(
		&standing->ledger, sf_standing_active(standing), standing->hospital);
	return rule ? rule : broken_membership(standing);
}

const char *sf_transition_invariant_broken(const struct sf_transition *transition)
{
	return broken_rule(transition->now);
}

static enum sf_err copy_standing(struct sf_transition *transition)
{
	struct sf_ledger ledger = transition->next->ledger;
	*transition->next = *transition->now;
	transition->next->ledger = ledger;
	return sf_ledger_copy(&transition->next->ledger, &transition->now->ledger);
}

static enum sf_outcome outcome_of(uint16_t code)
{
	if (code == 0)
		return SF_OUTCOME_APPLIED;
	return code < SF_DEVIATION_LATE_FACT ? SF_OUTCOME_REFUSED : SF_OUTCOME_DEVIATION;
}

/* By author and id (WIRE.md section 1): what somebody else says under an id is another message. */
static struct sf_recorded *find_recorded(
	const struct sf_transition *transition, const struct sf_message *message)
{
	for (size_t i = 0; i < transition->recorded_count; i++)
		if (sf_id_equal(transition->recorded[i].message, message->id) &&
			sf_id_equal(transition->recorded[i].author, message->author))
			return &transition->recorded[i];
	return NULL;
}

/* One that was refused before and is decided anew keeps its row. */
static void record(struct sf_step *step, uint16_t code)
{
	struct sf_transition *transition = step->transition;
	const struct sf_message *message = step->message;
	struct sf_recorded *recorded = find_recorded(transition, message);
	if (recorded) {
		recorded->outcome = outcome_of(code);
		recorded->code = code;
		return;
	}
	transition->recorded[transition->recorded_count++] = (struct sf_recorded){
		.message = message->id,
		.author = message->author,
		.outcome = outcome_of(code),
		.code = code,
		.recipient_first = transition->recipient_count,
		.recipient_count = message->recipient_count,
	};
	for (size_t i = 0; i < message->recipient_count; i++)
		transition->recipients[transition->recipient_count++] = message->recipients[i];
}

/* Keeps what the step made; the old standing becomes the next step's scratch. */
static void commit(struct sf_step *step)
{
	struct sf_transition *transition = step->transition;
	struct sf_standing *old = transition->now;
	transition->now = transition->next;
	transition->next = old;
	if (step->message->fact.kind == SF_KIND_STAY)
		transition->entry_count++;
}

static enum sf_err step_fact(struct sf_step *step, uint16_t *ret_code)
{
	struct sf_transition *transition = step->transition;
	enum sf_err err = copy_standing(transition);
	if (err)
		return err;
	step->standing = transition->next;
	if (!transition->frozen && broken_rule(transition->now)) {
		transition->frozen = true;
		*ret_code = SF_DEVIATION_INVARIANT;
		return SF_OK;
	}
	uint16_t code;
	err = sf_transition_apply(step, &code);
	if (err)
		return err;
	*ret_code = code;
	step->result->line_count_before = transition->now->ledger.line_count;
	step->result->offer_count_before = transition->now->ledger.offer_count;
	if (outcome_of(code) != SF_OUTCOME_REFUSED) {
		if (transition->frozen || !broken_rule(transition->next)) {
			commit(step);
			return SF_OK;
		}
		transition->frozen = true;
		*ret_code = SF_DEVIATION_INVARIANT;
	}
	step->result->joined_count = 0;
	return SF_OK;
}

static bool was_sent_to(const struct sf_transition *transition, const struct sf_recorded *recorded,
	struct sf_id party)
{
	for (size_t i = 0; i < recorded->recipient_count; i++)
		if (sf_id_equal(transition->recipients[recorded->recipient_first + i], party))
			return true;
	return false;
}

/*
 * Whoever a message was sent to may acknowledge it, member or not (a party that was rebound while
 * it read). An acknowledgement moves nothing, ever (R3).
 */
static uint16_t step_acknowledgement(struct sf_step *step)
{
	struct sf_transition *transition = step->transition;
	const struct sf_acknowledgement *ack = &step->message->fact.acknowledgement;
	struct sf_id author = step->message->author;
	bool known = false;
	for (size_t i = 0; i < transition->recorded_count; i++) {
		const struct sf_recorded *recorded = &transition->recorded[i];
		if (!sf_id_equal(recorded->message, ack->message_id))
			continue;
		known = true;
		if (!was_sent_to(transition, recorded, author))
			continue;
		transition->acks[transition->ack_count++] = (struct sf_recorded_ack){
			.message = ack->message_id, .party = author, .ack = ack->ack};
		return 0;
	}
	if (sf_id_is_none(transition->now->hospital))
		return SF_REFUSAL_NO_TRANSITION;
	if (!sf_standing_member(transition->now, author))
		return SF_REFUSAL_NOT_A_MEMBER;
	return known ? SF_REFUSAL_AUTHOR_ROLE : SF_DEVIATION_ACK_UNKNOWN;
}

/* The outcome of a message that is decided already: no second effect. */
static bool is_decided(const struct sf_transition *transition, const struct sf_message *message,
	uint16_t *ret_code)
{
	const struct sf_recorded *recorded = find_recorded(transition, message);
	if (!recorded)
		return false;
	*ret_code = recorded->code;
	return recorded->outcome != SF_OUTCOME_REFUSED;
}

static enum sf_err step_message(struct sf_step *step, uint16_t *ret_code)
{
	struct sf_transition *transition = step->transition;
	if (step->message->recipient_count > SF_RECIPIENT_COUNT_MAX) {
		*ret_code = SF_REFUSAL_HEADER;
		return SF_OK;
	}
	enum sf_err err = reserve_step(transition, step->message);
	if (err)
		return err;
	if (step->message->fact.kind == SF_KIND_ACKNOWLEDGEMENT) {
		*ret_code = step_acknowledgement(step);
		return SF_OK;
	}
	if (is_decided(transition, step->message, ret_code))
		return SF_OK;
	err = step_fact(step, ret_code);
	if (!err)
		record(step, *ret_code);
	return err;
}

static enum sf_err step_class(struct sf_step *step, uint16_t *ret_code)
{
	*ret_code = 0;
	switch (step->event->kind_class) {
	case SF_CLASS_FACT:
	case SF_CLASS_ACKNOWLEDGEMENT:
		break;
	case SF_CLASS_DERIVED:
		/* No clause of this version derives anything. */
		*ret_code = SF_DEVIATION_UNKNOWN_KIND;
		return SF_OK;
	case SF_CLASS_STATEMENT:
	case SF_CLASS_DIRECTORY:
	case SF_CLASS_EPOCH:
	case SF_CLASS_RESEND:
		return SF_OK;
	}
	if (!step->message || !sf_id_equal(step->message->transition, step->transition->id))
		return SF_ERR_USAGE;
	if (step->event->sequence > SF_TRANSITION_EVENTS_MAX) {
		*ret_code = SF_REFUSAL_QUOTA;
		return SF_OK;
	}
	return step_message(step, ret_code);
}

enum sf_err sf_transition_step(struct sf_transition *transition, const struct sf_event *event,
	struct sf_transition_result *ret_result)
{
	if (event->sequence != transition->sequence + 1)
		return SF_ERR_USAGE;
	int64_t recorded_ms = event->recorded_ms > transition->recorded_ms
				      ? event->recorded_ms
				      : transition->recorded_ms;
	struct sf_transition_result result = {
		.line_count_before = transition->now->ledger.line_count,
		.offer_count_before = transition->now->ledger.offer_count,
	};
	struct sf_step step = {
		.transition = transition,
		.event = event,
		.message = event->message,
		.cause = {.at_ms = recorded_ms, .sequence = event->sequence},
		.result = &result,
	};
	if (event->message)
		step.cause.message = event->message->id;
	uint16_t code;
	enum sf_err err = step_class(&step, &code);
	if (err)
		return err;
	result.code = code;
	result.outcome = outcome_of(code);
	transition->sequence = event->sequence;
	transition->recorded_ms = recorded_ms;
	*ret_result = result;
	return SF_OK;
}

enum sf_err sf_transition_skip(struct sf_transition *transition, uint64_t sequence)
{
	if (sequence != transition->sequence + 1)
		return SF_ERR_USAGE;
	transition->sequence = sequence;
	return SF_OK;
}
