/* What the next event of a stay comes to, as far as it was told. */
#include "node/visit.h"

static enum sf_activity activity_of(const struct sf_node_row_hl7 *row)
{
	return (enum sf_activity)row->activity;
}

struct judging {
	const struct sf_visit *visit;
	const struct sf_adt *adt;
	const struct sf_node_row_hl7 *top; /* what stands; NULL nothing */
	const struct sf_digest *department;
	struct sf_node_row_hl7 *row;
	struct sf_issue *issue;
};

static enum sf_visit_answer wrong(
	struct judging *judging, const char *code, const char *expression, const char *text)
{
	*judging->issue = (struct sf_issue){true, code, expression, text};
	return SF_VISIT_WRONG;
}

static enum sf_visit_answer wrong_without_letter(struct judging *judging)
{
	return wrong(judging, "MSG_NO_MATCH", "PV1-19",
		"nothing of this stay was told, or all of it is cancelled");
}

static enum sf_activity standing_activity(const struct judging *judging)
{
	return judging->top ? activity_of(judging->top) : SF_ACTIVITY_NONE;
}

/*
 * A new letter follows the newest one, whatever that was; when nothing stands any more it follows
 * none: the stay begins anew. (A death keeps the activity of the letter before, so an admission
 * that followed a death taken back would make the next death read as its correction.)
 */
static enum sf_visit_answer tell(
	struct judging *judging, enum sf_activity activity, enum sf_activity current)
{
	const struct sf_visit *visit = judging->visit;
	struct sf_node_row_hl7 *row = judging->row;
	row->activity = activity;
	row->current = current;
	row->mode = SF_MODE_NEW;
	if (visit->standing_count > 0)
		row->predecessor = visit->letters[visit->letter_count - 1].letter;
	if (row->stay_class == SF_STAY_CLASS_NONE)
		row->stay_class = judging->top ? judging->top->stay_class : SF_STAY_CLASS_INPATIENT;
	/* Taken back altogether: only an admission begins it anew. */
	if (visit->stay.state == SF_STAY_ANNULLED && !sf_activity_is_admission(current))
		return wrong(judging, "MSG_NO_MATCH", "PV1-19",
			"the admission of this stay was cancelled: tell it anew first");
	/* Encounter.period.start 1..1. */
	if (row->admitted_ms == 0)
		return wrong(judging, "MSG_RESOURCE_REQUIRED", "PV1-44",
			"the admission was not told here: give its time");
	return SF_VISIT_LETTER;
}

/* MORS keeps the activity of where the patient was. */
static enum sf_visit_answer tell_death(struct judging *judging, enum sf_activity current)
{
	if (standing_activity(judging) == SF_ACTIVITY_DEATH)
		return SF_VISIT_NOTHING;
	return tell(judging, SF_ACTIVITY_DEATH, current);
}

/* S.BR22: a correction and a cancellation are about the newest that stands, and go where it went.
 */
static enum sf_visit_answer correct(struct judging *judging, enum sf_mode mode)
{
	const struct sf_node_row_hl7 *top = judging->top;
	struct sf_node_row_hl7 *row = judging->row;
	row->activity = top->activity;
	row->current = top->current;
	row->stay_class = top->stay_class;
	row->mode = mode;
	row->predecessor = top->letter;
	row->receiver = top->receiver;
	return SF_VISIT_LETTER;
}

static enum sf_visit_answer judge_admission(struct judging *judging)
{
	bool emergency = judging->adt->stay_class == SF_STAY_CLASS_EMERGENCY;
	enum sf_activity activity =
		emergency ? SF_ACTIVITY_ADMIT_EMERGENCY : SF_ACTIVITY_ADMIT_INPATIENT;
	const struct sf_stay *stay = &judging->visit->stay;
	if (judging->row->admitted_ms == 0 || stay->state == SF_STAY_ANNULLED)
		judging->row->admitted_ms = judging->adt->event_ms;
	/* Who comes dead dies where he was last told to be, else on arrival. */
	enum sf_activity standing = standing_activity(judging);
	if (judging->adt->dead)
		return tell_death(judging, standing != SF_ACTIVITY_NONE ? standing : activity);
	if (stay->state == SF_STAY_DEAD)
		return wrong(judging, "MSG_NO_MATCH", "PV1-19",
			"the patient's death was told: cancel it first");
	/* A04 and then A01 of one attendance: the patient is there already. */
	if (stay->state == SF_STAY_IN_HOSPITAL && stay->stay_class == judging->adt->stay_class)
		return SF_VISIT_NOTHING;
	return tell(judging, activity, activity);
}

static enum sf_visit_answer judge_discharge(struct judging *judging)
{
	enum sf_activity standing = standing_activity(judging);
	/* One who was never told of dies from the bed that the class names. */
	enum sf_activity before = standing != SF_ACTIVITY_NONE ? standing
				  : judging->adt->stay_class == SF_STAY_CLASS_EMERGENCY
					  ? SF_ACTIVITY_ADMIT_EMERGENCY
					  : SF_ACTIVITY_ADMIT_INPATIENT;
	if (judging->adt->dead)
		return tell_death(judging, before);
	enum sf_stay_state state = judging->visit->stay.state;
	if (state == SF_STAY_HOME || state == SF_STAY_DEAD)
		return SF_VISIT_NOTHING;
	return tell(judging, SF_ACTIVITY_DISCHARGE_HOME, SF_ACTIVITY_DISCHARGE_HOME);
}

/* Only an in-patient goes on leave. A discharge that is cancelled ends the leave before it, too. */
static enum sf_visit_answer judge_leave(struct judging *judging, enum sf_activity activity)
{
	const struct sf_stay *stay = &judging->visit->stay;
	bool ends = activity == SF_ACTIVITY_LEAVE_END;
	bool inside =
		stay->state == SF_STAY_IN_HOSPITAL && stay->stay_class == SF_STAY_CLASS_INPATIENT;
	enum sf_activity standing = standing_activity(judging);
	bool returned = standing == SF_ACTIVITY_LEAVE_START || standing == SF_ACTIVITY_LEAVE_END;
	if (stay->state == SF_STAY_NONE || (ends && stay->state == SF_STAY_ON_LEAVE))
		return tell(judging, activity, activity);
	if (ends ? inside && returned : stay->state == SF_STAY_ON_LEAVE)
		return SF_VISIT_NOTHING;
	if (!ends && inside)
		return tell(judging, activity, activity);
	return wrong(judging, "MSG_NO_MATCH", "PV1-19",
		ends ? "no leave of this stay was told that the patient could return from"
		     : "the patient of this stay is no in-patient in the hospital now");
}

/* S.BR20 to S.BR23: department and time are corrected; class and citizen are cancelled. */
static enum sf_visit_answer judge_update(struct judging *judging)
{
	const struct sf_node_row_hl7 *top = judging->top;
	const struct sf_adt *adt = judging->adt;
	if (!top || top->activity == SF_ACTIVITY_DEATH)
		return SF_VISIT_NOTHING;
	if (adt->dead)
		return tell_death(judging, activity_of(top));
	int64_t said_ms = sf_activity_is_admission(activity_of(top))    ? adt->admitted_ms
			  : top->activity == SF_ACTIVITY_DISCHARGE_HOME ? adt->discharged_ms
									: 0;
	bool same_time = said_ms == 0 || said_ms == top->event_ms;
	bool same_department = adt->department[0] == '\0' ||
			       sf_digest_equal(&top->department, judging->department);
	if (same_time && same_department)
		return SF_VISIT_NOTHING;
	judging->row->event_ms = said_ms ? said_ms : top->event_ms;
	return correct(judging, SF_MODE_REVISE);
}

static enum sf_visit_answer judge_cancellation(struct judging *judging)
{
	enum sf_activity standing = standing_activity(judging);
	enum sf_activity cancelled = judging->adt->activity;
	bool found = sf_activity_is_admission(cancelled) ? sf_activity_is_admission(standing)
		     : cancelled == SF_ACTIVITY_DISCHARGE_HOME
			     ? standing == cancelled || standing == SF_ACTIVITY_DEATH
			     : standing == cancelled;
	if (!judging->top)
		return wrong_without_letter(judging);
	if (!found)
		return wrong(judging, "MSG_NO_MATCH", "MSH-9",
			"only the newest event of a stay can be cancelled: cancel that one first");
	return correct(judging, SF_MODE_CANCEL);
}

/* What the row says of the event, whatever it comes to. */
static void begin_row(
	const struct sf_visit *visit, const struct sf_adt *adt, struct sf_node_row_hl7 *ret_row)
{
	ret_row->stay_class = adt->stay_class;
	ret_row->event_ms = adt->event_ms;
	ret_row->occurred_ms = adt->occurred_ms;
	/* A clock that goes back must not turn the letters of a stay round: they are folded by it.
	 */
	int64_t newest_ms =
		visit->letter_count > 0 ? visit->letters[visit->letter_count - 1].recorded_ms : 0;
	ret_row->recorded_ms = adt->recorded_ms > newest_ms ? adt->recorded_ms : newest_ms;
	ret_row->admitted_ms = adt->admitted_ms ? adt->admitted_ms : visit->admitted_ms;
}

enum sf_visit_answer sf_visit_revise(const struct sf_visit *visit, const struct sf_adt *adt,
	struct sf_node_row_hl7 *ret_row, struct sf_issue *ret_issue)
{
	struct judging judging = {visit, adt, sf_visit_top(visit), NULL, ret_row, ret_issue};
	begin_row(visit, adt, ret_row);
	if (!judging.top)
		return wrong_without_letter(&judging);
	if (ret_row->event_ms == 0)
		ret_row->event_ms = judging.top->event_ms;
	if (sf_activity_is_admission(activity_of(judging.top)))
		ret_row->admitted_ms = ret_row->event_ms;
	return correct(&judging, SF_MODE_REVISE);
}

enum sf_visit_answer sf_visit_judge(const struct sf_visit *visit, const struct sf_adt *adt,
	const struct sf_digest *department, struct sf_node_row_hl7 *ret_row,
	struct sf_issue *ret_issue)
{
	struct judging judging = {visit, adt, sf_visit_top(visit), department, ret_row, ret_issue};
	begin_row(visit, adt, ret_row);
	switch (adt->step) {
	case SF_ADT_ADMIT:
		return judge_admission(&judging);
	case SF_ADT_DISCHARGE:
		return judge_discharge(&judging);
	case SF_ADT_LEAVE_START:
	case SF_ADT_LEAVE_END:
		return judge_leave(&judging, adt->activity);
	case SF_ADT_UPDATE:
		return judge_update(&judging);
	case SF_ADT_CANCEL:
		return judge_cancellation(&judging);
	case SF_ADT_NOTHING:
	case SF_ADT_EXPECT:
	case SF_ADT_EXPECT_NOTHING:
	case SF_ADT_MERGE:
		break;
	}
	return SF_VISIT_NOTHING;
}
