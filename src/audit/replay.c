#include "audit/replay.h"

#include "core/derived.h"

/* A header that cannot be read names no transition: in one, `header` is what its step has said. */
static bool decided_outside(uint16_t code)
{
	return code == SF_REFUSAL_CONTENT_CONFLICT || code == SF_REFUSAL_ENVELOPE_REUSED ||
	       code == SF_REFUSAL_RECIPIENT_UNKNOWN || code == SF_REFUSAL_SLOTS ||
	       code == SF_REFUSAL_AGREEMENT_UNKNOWN;
}

bool sf_recorded_is_number_only(const struct sf_recorded *recorded)
{
	return recorded->kind_class == SF_CLASS_RESEND ||
	       (recorded->outcome == SF_OUTCOME_REFUSED && decided_outside(recorded->code));
}

/* Equivocation is judged from the author's numbers, which the transition does not know. */
static bool outcomes_agree(
	const struct sf_recorded *recorded, const struct sf_transition_result *result)
{
	if (recorded->code == SF_DEVIATION_EQUIVOCATION)
		return result->outcome != SF_OUTCOME_REFUSED;
	return recorded->outcome == result->outcome && recorded->code == result->code;
}

enum sf_err sf_replay_step(struct sf_transition *transition, const struct sf_message *message,
	const struct sf_recorded *recorded, struct sf_transition_result *ret_result)
{
	if (sf_recorded_is_number_only(recorded)) {
		enum sf_err err = sf_transition_skip(transition, recorded->sequence);
		if (!err)
			*ret_result = (struct sf_transition_result){
				.outcome = recorded->outcome, .code = recorded->code};
		return err;
	}
	struct sf_event event = {
		.message = message,
		.kind_class = recorded->kind_class,
		.sequence = recorded->sequence,
		.recorded_ms = recorded->recorded_ms,
		.author_role = recorded->author_role,
	};
	struct sf_transition_result result;
	enum sf_err err = sf_transition_step(transition, &event, &result);
	if (err)
		return err;
	*ret_result = result;
	return outcomes_agree(recorded, &result) ? SF_OK : SF_ERR_INTEGRITY;
}

static bool is_same(const struct sf_derived *a, const struct sf_derived *b)
{
	bool same = sf_id_equal(a->subject, b->subject) && a->link == b->link &&
		    sf_id_equal(a->other, b->other) && a->carried_count == b->carried_count;
	for (size_t i = 0; i < a->carried_count && same; i++) {
		const struct sf_carried *left = &a->carried[i], *right = &b->carried[i];
		same = sf_id_equal(left->subject, right->subject) && left->duty == right->duty &&
		       left->owner == right->owner && left->due_ms == right->due_ms;
	}
	return same;
}

bool sf_replay_link_holds(const struct sf_transition *older, const struct sf_transition *newer,
	const struct sf_fact *in_older, const struct sf_fact *in_newer)
{
	struct sf_fact older_is, newer_is;
	return in_older->kind == SF_KIND_LINKED && in_newer->kind == SF_KIND_LINKED &&
	       sf_transition_link(older, newer, &older_is, &newer_is) &&
	       is_same(&older_is.derived, &in_older->derived) &&
	       is_same(&newer_is.derived, &in_newer->derived);
}
