/*
 * What the domain asks of the hospital itself (R8, R4): to find who receives when nobody is bound,
 * and to tell who was not told. Both end by themselves.
 */
#include "core/transition_state.h"

struct lack {
	enum sf_duty duty;
	struct sf_id subject;
	uint32_t clause;
	enum sf_role role;
};

#define LACKS_MAX (SF_LEDGER_STEP_OFFERS_MAX + 2 * SF_MOVES_MAX)

struct lacks {
	size_t count;
	struct lack items[LACKS_MAX];
};

static bool is_same(const struct lack *lack, const struct sf_obligation *obligation)
{
	return lack->duty == obligation->duty && lack->clause == obligation->clause &&
	       sf_id_equal(lack->subject, obligation->subject);
}

static void add(struct lacks *lacks, const struct lack *lack)
{
	for (size_t i = 0; i < lacks->count; i++)
		if (lacks->items[i].duty == lack->duty && lacks->items[i].clause == lack->clause &&
			sf_id_equal(lacks->items[i].subject, lack->subject))
			return;
	if (lacks->count < LACKS_MAX)
		lacks->items[lacks->count++] = *lack;
}

static void find_lacks(const struct sf_step *step, struct lacks *ret_lacks)
{
	const struct sf_standing *standing = step->standing;
	int64_t at_ms = step->cause.at_ms;
	ret_lacks->count = 0;
	for (size_t i = 0; i < standing->ledger.offer_count; i++) {
		const struct sf_ledger_offer *offer = &standing->ledger.offers[i];
		if (offer->state == SF_OFFER_OPEN && sf_id_is_none(offer->to))
			add(ret_lacks, &(struct lack){.duty = SF_DUTY_FIND_RECEIVER,
					       .subject = offer->id,
					       .role = offer->to_role});
	}
	struct sf_move moves[SF_MOVES_MAX];
	size_t count = sf_standing_moves(step->transition, standing, moves);
	for (size_t i = 0; i < count; i++) {
		struct lack lack = {.subject = moves[i].subject,
			.clause = moves[i].clause,
			.role = moves[i].role};
		if (sf_id_is_none(moves[i].to)) {
			bool offered = moves[i].clause >= SF_CLAUSE_HANDOVER &&
				       moves[i].clause < SF_CLAUSE_RECEIVER;
			lack.duty = SF_DUTY_FIND_RECEIVER;
			if (!offered)
				add(ret_lacks, &lack);
		} else if (!moves[i].by_window && moves[i].due_ms <= at_ms &&
			   standing->course.dispute_count == 0 && !step->transition->frozen &&
			   !sf_standing_is_told(step->transition, standing, moves[i].to,
				   moves[i].subject, at_ms)) {
			lack.duty = SF_DUTY_TELL_RECEIVER;
			add(ret_lacks, &lack);
		}
	}
}

static bool is_asked(const struct sf_duties *duties, const struct lack *lack)
{
	for (size_t i = 0; i < duties->count; i++)
		if (sf_obligation_is_open(&duties->items[i]) && is_same(lack, &duties->items[i]))
			return true;
	return false;
}

/* Found or told is done; what nobody needs any more is cancelled. */
static void end_one(
	struct sf_step *step, const struct lacks *lacks, struct sf_obligation *obligation)
{
	for (size_t i = 0; i < lacks->count; i++)
		if (is_same(&lacks->items[i], obligation))
			return;
	enum sf_stay_state state = step->standing->stay.state;
	bool needed = step->standing->ledger.open && state == SF_STAY_HOME;
	enum sf_task_state end = needed ? SF_TASK_COMPLETED : SF_TASK_CANCELLED;
	sf_obligation_become(obligation, end, step->cause.at_ms);
}

void sf_receivers_follow(struct sf_step *step)
{
	struct sf_duties *duties = &step->standing->duties;
	struct lacks lacks;
	find_lacks(step, &lacks);
	for (size_t i = 0; i < duties->count; i++) {
		struct sf_obligation *one = &duties->items[i];
		if (sf_obligation_is_open(one) &&
			(one->duty == SF_DUTY_FIND_RECEIVER || one->duty == SF_DUTY_TELL_RECEIVER))
			end_one(step, &lacks, one);
	}
	for (size_t i = 0; i < lacks.count; i++) {
		if (is_asked(duties, &lacks.items[i]))
			continue;
		sf_ignore(sf_duty_raise(step, &(struct sf_obligation){
						      .subject = lacks.items[i].subject,
						      .clause = lacks.items[i].clause,
						      .duty = lacks.items[i].duty,
						      .state = SF_TASK_REQUESTED,
						      .owner_role = step->standing->hospital_role,
						      .owner = step->standing->hospital,
						      .base_ms = step->cause.at_ms,
						      .stated_due_ms = SF_NEVER_MS,
					      }) != NULL);
	}
}
