/* The end of a transition: by hand, derived, or continued in another one; and its beginning anew.
 */
#include "core/transition_state.h"

/* A frozen ledger waits for people: nothing ends or restores it. */
void sf_course_shut(struct sf_step *step, enum sf_close_code code)
{
	struct sf_standing *standing = step->standing;
	struct sf_course *course = &standing->course;
	course->closed = true;
	course->closed_by = step->message->id;
	course->close_code = code;
	course->closed_ms = step->cause.at_ms;
	if (standing->ledger.open && !step->transition->frozen)
		sf_ledger_end(&standing->ledger, &step->cause);
}

void sf_course_unshut(struct sf_course *course)
{
	course->closed = false;
	course->closed_by = (struct sf_id){0};
	course->close_code = SF_CLOSE_NONE;
	course->closed_ms = 0;
}

uint16_t sf_course_close(struct sf_step *step)
{
	if (step->transition->frozen)
		return SF_REFUSAL_FROZEN;
	enum sf_close_code code = step->message->fact.close.code;
	sf_course_shut(step, code == SF_CLOSE_NONE ? SF_CLOSE_OTHER : code);
	return 0;
}

uint16_t sf_course_reopen(struct sf_step *step)
{
	if (!step->standing->course.closed)
		return SF_REFUSAL_NOT_CLOSED;
	if (step->transition->frozen)
		return SF_REFUSAL_FROZEN;
	sf_course_unshut(&step->standing->course);
	return sf_transition_reopen_ledger(step);
}

/* More is owed than moves along: what stays behind ends with this transition, and people must see.
 */
static bool leaves_behind(const struct sf_step *step)
{
	const struct sf_duties *duties = &step->standing->duties;
	size_t asked = 0;
	for (size_t i = 0; i < duties->count; i++)
		asked += sf_obligation_is_asked(&duties->items[i]) &&
			 sf_obligation_is_open(&duties->items[i]);
	return asked > step->message->fact.derived.carried_count;
}

static bool is_closed_by_link(const struct sf_step *step)
{
	const struct sf_transition *transition = step->transition;
	const struct sf_course *course = &step->standing->course;
	for (size_t i = 0; course->closed && i < transition->recorded_count; i++)
		if (transition->recorded[i].kind == SF_KIND_LINKED &&
			sf_id_equal(transition->recorded[i].message, course->closed_by))
			return true;
	return false;
}

/* Does a clause ask, or hand over, something because of the message's letter? */
static bool is_asked_for_by_clause(const struct sf_step *step)
{
	const struct sf_standing *standing = step->standing;
	const struct sf_pathway_terms *terms = sf_standing_terms(step->transition, standing);
	const struct sf_letter *letter = &step->message->fact.letter;
	const struct sf_trigger trigger = {
		.kind = SF_KIND_LETTER, .detail = (uint32_t)letter->code};
	int64_t decides_ms;
	for (size_t i = 0; terms && i < terms->expectation_count; i++)
		if (sf_trigger_matches(&terms->expectations[i].arises_on, &trigger) &&
			sf_conditions_hold(standing, &terms->expectations[i].conditions,
				letter->mark, step->cause.at_ms, &decides_ms) != SF_TRUTH_NO)
			return true;
	for (size_t i = 0; terms && i < terms->handover_count; i++)
		if (sf_trigger_matches(&terms->handovers[i].on, &trigger) &&
			sf_conditions_hold(standing, &terms->handovers[i].conditions, letter->mark,
				step->cause.at_ms, &decides_ms) != SF_TRUTH_NO)
			return true;
	return false;
}

void sf_course_heed_letter(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	if (!course->closed || course->close_code != SF_CLOSE_NONE || is_closed_by_link(step) ||
		step->standing->stay.state != SF_STAY_HOME ||
		!sf_id_equal(step->message->author, step->standing->hospital) ||
		!is_asked_for_by_clause(step))
		return;
	sf_course_unshut(course);
	uint16_t deviation = sf_transition_reopen_ledger(step);
	if (deviation)
		sf_step_deviates(step, deviation);
}

/* Cancellation rewinds from anywhere (DOMAIN.md section 4): who held before holds again. */
static uint16_t undo_link(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	if (!sf_id_equal(course->linked, step->message->fact.derived.other))
		return SF_REFUSAL_NOT_DERIVABLE;
	course->link = SF_LINK_NONE;
	course->linked = (struct sf_id){0};
	if (!is_closed_by_link(step))
		return 0;
	sf_course_unshut(course);
	return step->transition->frozen ? 0 : sf_transition_reopen_ledger(step);
}

/* Needs both transitions to be judged, so it is taken as told; nobody else may say it. */
uint16_t sf_course_linked(struct sf_step *step)
{
	struct sf_course *course = &step->standing->course;
	const struct sf_derived *derived = &step->message->fact.derived;
	if (derived->link < SF_LINK_CONTINUED_IN || derived->link > SF_LINK_UNDONE ||
		sf_id_is_none(derived->other) || sf_id_equal(derived->other, step->transition->id))
		return SF_REFUSAL_NOT_DERIVABLE;
	if (derived->link == SF_LINK_UNDONE)
		return undo_link(step);
	if (course->link == derived->link && sf_id_equal(course->linked, derived->other))
		return SF_REFUSAL_NOT_DERIVABLE;
	course->link = derived->link;
	course->linked = derived->other;
	if (derived->link != SF_LINK_CONTINUED_IN || course->closed)
		return 0;
	sf_step_deviates(step, SF_DEVIATION_CONTINUED);
	if (leaves_behind(step))
		sf_step_deviates(step, SF_DEVIATION_TOO_MANY);
	sf_course_shut(step, SF_CLOSE_NONE);
	return SF_DEVIATION_CONTINUED;
}
