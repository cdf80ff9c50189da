/* R8 from the receiver's side: what a party must have said ok to before a clause moves to it. */
#include "core/transition_state.h"

struct wanted {
	const struct sf_transition *transition; /* borrowed */
	struct sf_id party;
	struct sf_id *messages; /* borrowed */
	size_t count;
	size_t count_max;
};

static const struct sf_recorded *find_recorded(
	const struct sf_transition *transition, struct sf_id message)
{
	for (size_t i = 0; i < transition->recorded_count; i++)
		if (sf_id_equal(transition->recorded[i].message, message) &&
			transition->recorded[i].outcome != SF_OUTCOME_REFUSED)
			return &transition->recorded[i];
	return NULL;
}

/* What was addressed to it, it acknowledges as it reads it. */
static void want(struct wanted *wanted, struct sf_id message)
{
	const struct sf_transition *transition = wanted->transition;
	const struct sf_recorded *recorded = find_recorded(transition, message);
	if (!recorded || sf_id_equal(recorded->author, wanted->party) ||
		sf_transition_was_sent(transition, recorded, wanted->party))
		return;
	enum sf_ack ack = sf_transition_acknowledged(transition, message, wanted->party);
	if (ack != SF_ACK_NONE && ack != SF_ACK_TRANSIENT_ERROR)
		return;
	for (size_t i = 0; i < wanted->count && i < wanted->count_max; i++)
		if (sf_id_equal(wanted->messages[i], message))
			return;
	if (wanted->count < wanted->count_max)
		wanted->messages[wanted->count] = message;
	wanted->count++;
}

size_t sf_transition_must_acknowledge(const struct sf_transition *transition, struct sf_id party,
	struct sf_id *ret_messages, size_t count_max)
{
	const struct sf_standing *now = transition->now;
	struct wanted wanted = {
		.transition = transition,
		.party = party,
		.messages = ret_messages,
		.count_max = count_max,
	};
	/* Also before it has signed the agreement: when it does, nothing else must be said first.
	 */
	if (!sf_standing_member(now, party))
		return 0;
	struct sf_move moves[SF_MOVES_MAX];
	size_t count = sf_standing_moves(transition, now, moves);
	for (size_t i = 0; i < count; i++)
		if (sf_id_equal(moves[i].to, party)) {
			struct sf_id subject = moves[i].subject;
			struct sf_id by = sf_standing_told_by(now, subject);
			want(&wanted, subject);
			if (!sf_id_equal(by, subject))
				want(&wanted, by);
		}
	return wanted.count;
}
