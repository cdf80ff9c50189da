#include "core/transition.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "core/array.h"
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
	if (!transition->now) {
		free(transition);
		return SF_ERR_MEMORY;
	}
	sf_ledger_init(&transition->now->ledger);
	*ret_transition = transition;
	return SF_OK;
}

void sf_transition_close(struct sf_transition **transition)
{
	struct sf_transition *closed = *transition;
	if (!closed)
		return;
	sf_standing_close(&closed->now);
	sf_standing_close(&closed->next);
	free(closed->entries);
	free(closed->marks);
	free(closed->old_marks);
	free(closed->recorded);
	free(closed->recipients);
	free(closed->acks);
	free(closed);
	*transition = NULL;
}

/* Grows by half: most transitions stay small, and a hundred thousand are in memory. */
static enum sf_err reserve(void **items, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return SF_OK;
	return sf_array_reserve(items, capacity, need + need / 2, size);
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
	marks = transition->old_marks;
	if (!err)
		err = reserve(&marks, &transition->old_mark_capacity, transition->entry_count + 1,
			sizeof(*transition->old_marks));
	transition->old_marks = marks;
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

const char *sf_transition_invariant_broken(const struct sf_transition *transition)
{
	return sf_standing_rule_broken(transition, transition->now, NULL);
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
		.kind = message->fact.kind,
		.outcome = outcome_of(code),
		.code = code,
		.recipient_first = transition->recipient_count,
		.recipient_count = message->recipient_count,
	};
	for (size_t i = 0; i < message->recipient_count; i++)
		transition->recipients[transition->recipient_count++] = message->recipients[i];
}

/* A refused message that comes again keeps the kind it came with: it is the same message. */
bool sf_transition_has_plan(const struct sf_transition *transition, struct sf_id message)
{
	for (size_t i = 0; i < transition->recorded_count; i++)
		if (sf_id_equal(transition->recorded[i].message, message) &&
			transition->recorded[i].kind == SF_KIND_PLAN &&
			transition->recorded[i].outcome != SF_OUTCOME_REFUSED)
			return true;
	return false;
}

/* Once in a step; NOT_BOUND is of a party, and its caller says once of which. */
void sf_step_deviates(struct sf_step *step, enum sf_refusal deviation)
{
	struct sf_duties *duties = &step->standing->duties;
	for (size_t i = duties->deviation_count; i-- > 0;) {
		if (duties->deviations[i].sequence != step->cause.sequence)
			break;
		if (duties->deviations[i].code == deviation && deviation != SF_DEVIATION_NOT_BOUND)
			return;
	}
	SF_ASSERT(duties->deviation_count < duties->deviation_capacity);
	duties->deviations[duties->deviation_count++] = (struct sf_deviation){
		.code = (uint16_t)deviation,
		.sequence = step->cause.sequence,
		.message = step->message->id,
		.recorded_ms = step->cause.at_ms,
	};
	if (step->result->code == 0)
		step->result->code = (uint16_t)deviation;
}

/* Keeps what the step made. */
static void commit(struct sf_step *step)
{
	sf_standing_keep(&step->transition->now, &step->transition->next);
	step->standing = NULL;
}

/* Drops what the step made; that it happened is all that stays of it. */
static enum sf_err freeze(struct sf_step *step, uint16_t *ret_code)
{
	struct sf_transition *transition = step->transition;
	sf_standing_close(&transition->next);
	enum sf_err err = sf_standing_copy(transition->now, &transition->next);
	if (err)
		return err;
	transition->frozen = true;
	step->standing = transition->next;
	step->result->joined_count = 0;
	sf_step_deviates(step, SF_DEVIATION_INVARIANT);
	commit(step);
	*ret_code = SF_DEVIATION_INVARIANT;
	return SF_OK;
}

static enum sf_err try_step(struct sf_step *step,
	enum sf_err (*apply)(struct sf_step *step, uint16_t *ret_code), uint16_t *ret_code)
{
	struct sf_transition *transition = step->transition;
	enum sf_err err = sf_standing_copy(transition->now, &transition->next);
	if (err)
		return err;
	step->standing = transition->next;
	if (!transition->frozen && sf_standing_rule_broken(transition, transition->now, NULL))
		return freeze(step, ret_code);
	uint16_t code;
	err = apply(step, &code);
	if (err)
		return err;
	if (outcome_of(code) == SF_OUTCOME_REFUSED) {
		step->result->joined_count = 0;
		*ret_code = code;
		return SF_OK;
	}
	if (!transition->frozen &&
		sf_standing_rule_broken(transition, transition->next, step->message))
		return freeze(step, ret_code);
	commit(step);
	if (step->message->fact.kind == SF_KIND_STAY)
		transition->entry_count++;
	*ret_code = code;
	return SF_OK;
}

/* Entries count what was committed: where they do not, the fold's marks were of a dropped step. */
static enum sf_err step_fact(struct sf_step *step, uint16_t *ret_code)
{
	struct sf_transition *transition = step->transition;
	size_t entry_count = transition->entry_count;
	enum sf_err err = try_step(step, sf_transition_apply, ret_code);
	sf_standing_close(&transition->next);
	if (step->folded && transition->entry_count == entry_count)
		sf_transition_swap_marks(transition);
	return err;
}

bool sf_transition_was_sent(const struct sf_transition *transition,
	const struct sf_recorded *recorded, struct sf_id party)
{
	for (size_t i = 0; i < recorded->recipient_count; i++)
		if (sf_id_equal(transition->recipients[recorded->recipient_first + i], party))
			return true;
	return false;
}

/*
 * Whoever a message was sent to may acknowledge it, member or not (a party that was rebound while
 * it read). A member that got the cover alone may say ok to that: R8 asks whether it was told.
 */
static uint16_t judge_acknowledgement(const struct sf_step *step)
{
	const struct sf_transition *transition = step->transition;
	const struct sf_acknowledgement *ack = &step->message->fact.acknowledgement;
	struct sf_id author = step->message->author;
	bool is_member = sf_standing_member(transition->now, author) != NULL;
	bool of_cover =
		is_member && ack->ack == SF_ACK_OK && sf_digest_is_none(&ack->body_commitment);
	bool known = false;
	for (size_t i = 0; i < transition->recorded_count; i++) {
		const struct sf_recorded *recorded = &transition->recorded[i];
		if (!sf_id_equal(recorded->message, ack->message_id))
			continue;
		known = true;
		if (sf_transition_was_sent(transition, recorded, author) ||
			(of_cover && !sf_id_equal(recorded->author, author)))
			return 0;
	}
	if (sf_id_is_none(transition->now->hospital))
		return SF_REFUSAL_NO_TRANSITION;
	if (!is_member)
		return SF_REFUSAL_NOT_A_MEMBER;
	return known ? SF_REFUSAL_AUTHOR_ROLE : SF_DEVIATION_ACK_UNKNOWN;
}

static void keep_acknowledgement(struct sf_step *step)
{
	const struct sf_acknowledgement *ack = &step->message->fact.acknowledgement;
	step->transition->acks[step->transition->ack_count++] = (struct sf_recorded_ack){
		.message = ack->message_id, .party = step->message->author, .ack = ack->ack};
}

/* An acknowledgement moves nothing, ever (R3); a clause that waits for it may stop waiting (R8). */
static enum sf_err step_acknowledgement(struct sf_step *step, uint16_t *ret_code)
{
	struct sf_transition *transition = step->transition;
	*ret_code = judge_acknowledgement(step);
	if (*ret_code)
		return SF_OK;
	keep_acknowledgement(step);
	if (sf_id_is_none(transition->now->hospital))
		return SF_OK;
	enum sf_err err = try_step(step, sf_transition_follow, ret_code);
	sf_standing_close(&transition->next);
	if (err)
		transition->ack_count--;
	return err;
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
	if (step->message->fact.kind == SF_KIND_ACKNOWLEDGEMENT)
		return step_acknowledgement(step, ret_code);
	if (is_decided(transition, step->message, ret_code))
		return SF_OK;
	err = step_fact(step, ret_code);
	if (!err)
		record(step, *ret_code);
	return err;
}

bool sf_transition_is_full(const struct sf_transition *transition)
{
	return transition->recorded_count + transition->ack_count >= SF_TRANSITION_EVENTS_MAX;
}

/* Nobody but the hospital itself may keep the hospital, or time, from being heard. */
static bool has_said_too_much(const struct sf_step *step)
{
	const struct sf_transition *transition = step->transition;
	struct sf_id author = step->message->author;
	size_t count = transition->recorded_count + transition->ack_count;
	if (count < SF_TRANSITION_AUTHOR_EVENTS_MAX ||
		step->event->kind_class == SF_CLASS_DERIVED ||
		sf_id_equal(author, transition->now->hospital))
		return false;
	size_t own = 0;
	for (size_t i = 0; i < transition->recorded_count; i++)
		own += sf_id_equal(transition->recorded[i].author, author);
	for (size_t i = 0; i < transition->ack_count; i++)
		own += sf_id_equal(transition->acks[i].party, author);
	return count >= SF_TRANSITION_OTHERS_EVENTS_MAX || own >= SF_TRANSITION_AUTHOR_EVENTS_MAX;
}

static enum sf_err step_class(struct sf_step *step, uint16_t *ret_code)
{
	*ret_code = 0;
	switch (step->event->kind_class) {
	case SF_CLASS_FACT:
	case SF_CLASS_ACKNOWLEDGEMENT:
	case SF_CLASS_DERIVED:
		break;
	case SF_CLASS_STATEMENT:
	case SF_CLASS_DIRECTORY:
	case SF_CLASS_EPOCH:
	case SF_CLASS_RESEND:
		return SF_OK;
	}
	if (!step->message || !sf_id_equal(step->message->transition, step->transition->id))
		return SF_ERR_USAGE;
	if (sf_transition_is_full(step->transition) || has_said_too_much(step)) {
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
		.deviation_count_before = transition->now->duties.deviation_count,
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
