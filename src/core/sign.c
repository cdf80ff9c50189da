/* Signs: applied facts as the triggers of clauses see them, and whether they stand. */
#include "core/transition_state.h"

const struct sf_sign *sf_standing_sign(const struct sf_standing *standing, struct sf_id message)
{
	const struct sf_duties *duties = &standing->duties;
	for (size_t i = 0; i < duties->sign_count; i++)
		if (sf_id_equal(duties->signs[i].message, message))
			return &duties->signs[i];
	return NULL;
}

/* Stay facts are kept: what a stay raised is owed for as long as it lasts. */
static bool make_room(struct sf_duties *duties)
{
	if (duties->sign_count < SF_SIGNS_MAX)
		return true;
	for (size_t i = 0; i < duties->sign_count; i++) {
		if (duties->signs[i].trigger.kind == SF_KIND_STAY)
			continue;
		for (size_t next = i + 1; next < duties->sign_count; next++)
			duties->signs[next - 1] = duties->signs[next];
		duties->sign_count--;
		return true;
	}
	return false;
}

static void note(struct sf_step *step, const struct sf_sign *sign)
{
	struct sf_duties *duties = &step->standing->duties;
	if (!make_room(duties) || duties->sign_count == duties->sign_capacity)
		return;
	struct sf_sign *noted = &duties->signs[duties->sign_count++];
	*noted = *sign;
	noted->sequence = step->cause.sequence;
	noted->recorded_ms = step->cause.at_ms;
}

static size_t entry_count(const struct sf_step *step)
{
	bool one_more = step->message->fact.kind == SF_KIND_STAY;
	return step->transition->entry_count + (one_more ? 1 : 0);
}

static bool is_standing_mark(enum sf_stay_mark mark)
{
	return mark == SF_STAY_MARK_APPLIED || mark == SF_STAY_MARK_REVISED;
}

/* A fact that waited for its predecessor takes effect when that one comes, and counts from then. */
static void note_stay(struct sf_step *step)
{
	for (size_t i = 0; i < entry_count(step); i++) {
		const struct sf_stay_entry *entry = &step->transition->entries[i];
		if (entry->fact.mode != SF_MODE_NEW ||
			!is_standing_mark(step->transition->marks[i]) ||
			sf_standing_sign(step->standing, entry->message_id))
			continue;
		note(step, &(struct sf_sign){
				   .trigger = {.kind = SF_KIND_STAY,
					   .detail = (uint32_t)entry->fact.activity},
				   .message = entry->message_id,
				   .author = entry->author,
				   .occurred_ms = entry->fact.event_ms,
			   });
	}
}

static void supersede(struct sf_step *step)
{
	struct sf_duties *duties = &step->standing->duties;
	if (step->message->fact.kind != SF_KIND_LETTER || sf_id_is_none(step->message->supersedes))
		return;
	for (size_t i = 0; i < duties->sign_count; i++) {
		struct sf_sign *sign = &duties->signs[i];
		if (sign->trigger.kind == SF_KIND_LETTER &&
			sf_id_equal(sign->message, step->message->supersedes) &&
			sf_id_equal(sign->author, step->message->author))
			sign->superseded = true;
	}
}

void sf_signs_follow(struct sf_step *step)
{
	const struct sf_message *message = step->message;
	if (message->fact.kind == SF_KIND_STAY) {
		note_stay(step);
		return;
	}
	struct sf_trigger triggers[SF_STEP_TRIGGERS_MAX];
	size_t count = sf_step_triggers(step, triggers);
	supersede(step);
	bool is_letter = message->fact.kind == SF_KIND_LETTER;
	for (size_t i = 0; i < count; i++)
		note(step, &(struct sf_sign){
				   .trigger = triggers[i],
				   .message = message->id,
				   .author = message->author,
				   .in_reply_to = message->in_reply_to,
				   .occurred_ms = message->occurred_ms,
				   .mark = is_letter ? message->fact.letter.mark : SF_MARK_NONE,
			   });
}

static bool is_marked_standing(const struct sf_step *step, struct sf_id message)
{
	for (size_t i = 0; i < entry_count(step); i++)
		if (sf_id_equal(step->transition->entries[i].message_id, message) &&
			is_standing_mark(step->transition->marks[i]))
			return true;
	return false;
}

/* Back in the hospital's care, what the discharge asked for is not owed any more. */
static bool stay_stands(const struct sf_step *step, const struct sf_sign *sign)
{
	const struct sf_stay *stay = &step->standing->stay;
	bool gone = sign->trigger.detail == SF_ACTIVITY_DISCHARGE_HOME &&
		    stay->state != SF_STAY_DEAD &&
		    (stay->state != SF_STAY_HOME || !sf_id_equal(stay->discharge, sign->message));
	return !gone && is_marked_standing(step, sign->message);
}

static bool is_newest_of_its_kind(const struct sf_duties *duties, const struct sf_sign *sign)
{
	for (size_t i = 0; i < duties->sign_count; i++)
		if (duties->signs[i].trigger.kind == sign->trigger.kind &&
			duties->signs[i].sequence > sign->sequence)
			return false;
	return true;
}

static bool request_stands(const struct sf_duties *duties, const struct sf_sign *sign)
{
	for (size_t i = 0; i < duties->count; i++)
		if (duties->items[i].clause == 0 &&
			sf_id_equal(duties->items[i].subject, sign->message))
			return duties->items[i].state != SF_TASK_CANCELLED;
	return true;
}

bool sf_sign_stands(const struct sf_step *step, const struct sf_sign *sign)
{
	const struct sf_standing *standing = step->standing;
	if (!sign)
		return true;
	switch (sign->trigger.kind) {
	case SF_KIND_STAY:
		return stay_stands(step, sign);
	case SF_KIND_LETTER:
		return !sign->superseded;
	case SF_KIND_ASSESSMENT:
		return is_newest_of_its_kind(&standing->duties, sign);
	case SF_KIND_PLAN:
		return sf_id_equal(standing->course.plan_message, sign->message);
	case SF_KIND_PLAN_ANSWER:
		return sign->trigger.detail == SF_PLAN_ANSWER_NO_CASE ||
		       sf_id_equal(standing->course.answer_message, sign->message);
	case SF_KIND_READY:
		return sf_id_equal(standing->course.ready_message, sign->message);
	case SF_KIND_OBLIGATION:
		return request_stands(&standing->duties, sign);
	default:
		return true;
	}
}
