#include "core/stay.h"

#include <stdlib.h>

#include "core/stay_order.h"

#define NO_ROOT ((size_t)-1)

/*
 * Where the patient is, with emergency and inpatient apart, because only an inpatient goes on
 * leave.
 *
 *             admit                leave-start
 *     NONE ----------> EMERGENCY    .------> ON_LEAVE
 *                       |    ^     |  .-----'   |
 *                 admit v    |     |  | leave-end
 *                      INPATIENT --'<-'         |
 *                       |                       |
 *       discharge-home  |   .-------------------' discharge-home
 *                       v   v
 *                       HOME ----> admit: EMERGENCY or INPATIENT again
 *
 *     any ---- death ----> DEAD;   the only admission cancelled ----> ANNULLED
 */
enum where {
	WHERE_NONE,
	WHERE_EMERGENCY,
	WHERE_INPATIENT,
	WHERE_ON_LEAVE,
	WHERE_HOME,
	WHERE_DEAD,
	WHERE_ANNULLED,
	WHERE_COUNT,
};

/* What a new fact is there, and where it leads when it is taken at its word. */
struct cell {
	enum sf_stay_mark mark;
	enum where next;
};

#define ACTIVITY_COUNT (SF_ACTIVITY_DEATH + 1)

/* clang-format off */
#define GO(next)   {SF_STAY_MARK_APPLIED, WHERE_##next}
#define KNOWN(next) {SF_STAY_MARK_HISTORY, WHERE_##next}
#define ODD(next)  {SF_STAY_MARK_OUT_OF_ORDER, WHERE_##next}
/*
 * DOMAIN.md section 3. The first notification that is known says where the patient is, whatever was
 * lost before it; the patient on leave who comes in by the emergency door is in hospital.
 */
static const struct cell table[WHERE_COUNT][ACTIVITY_COUNT] = {
	/*                   nothing    admit-emergency admit-inpatient leave-start     leave-end       discharge    death */
	[WHERE_NONE]      = {ODD(NONE), GO(EMERGENCY),  GO(INPATIENT),  GO(ON_LEAVE),   GO(INPATIENT),  GO(HOME),    GO(DEAD)},
	[WHERE_EMERGENCY] = {ODD(NONE), GO(EMERGENCY),  GO(INPATIENT),  ODD(ON_LEAVE),  ODD(INPATIENT), GO(HOME),    GO(DEAD)},
	[WHERE_INPATIENT] = {ODD(NONE), GO(EMERGENCY),  GO(INPATIENT),  GO(ON_LEAVE),   ODD(INPATIENT), GO(HOME),    GO(DEAD)},
	[WHERE_ON_LEAVE]  = {ODD(NONE), GO(EMERGENCY),  GO(INPATIENT),  KNOWN(ON_LEAVE), GO(INPATIENT), GO(HOME),    GO(DEAD)},
	[WHERE_HOME]      = {ODD(NONE), GO(EMERGENCY),  GO(INPATIENT),  ODD(ON_LEAVE),  ODD(INPATIENT), KNOWN(HOME), GO(DEAD)},
	[WHERE_DEAD]      = {ODD(NONE), ODD(DEAD),      ODD(DEAD),      ODD(DEAD),      ODD(DEAD),      ODD(DEAD),   KNOWN(DEAD)},
	[WHERE_ANNULLED]  = {ODD(NONE), GO(EMERGENCY),  GO(INPATIENT),  ODD(ON_LEAVE),  ODD(INPATIENT), ODD(HOME),   GO(DEAD)},
};
#undef GO
#undef KNOWN
#undef ODD
/* clang-format on */

/* A fact that stands, with what was before it, so that it can be revised and cancelled. */
struct frame {
	size_t root;  /* place of the fact itself */
	size_t value; /* place of its last revision, or root */
	struct sf_stay before;
};

struct fold {
	struct sf_stay stay;
	struct sf_stay_place *places; /* owned */
	enum sf_stay_mark *marks;     /* owned, by place */
	size_t *roots;                /* owned: place of the fact it is or revises, or NO_ROOT */
	struct frame *frames;         /* owned stack: what stands */
	size_t frame_count;
	size_t place_count;
};

const char *sf_stay_state_text(enum sf_stay_state state)
{
	switch ((uint32_t)state) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_STAY_STATE_LIST(X)
#undef X
	}
	return "unknown";
}

static enum where where_of(const struct sf_stay *stay)
{
	switch (stay->state) {
	case SF_STAY_IN_HOSPITAL:
		return stay->stay_class == SF_STAY_CLASS_EMERGENCY ? WHERE_EMERGENCY
								   : WHERE_INPATIENT;
	case SF_STAY_ON_LEAVE:
		return WHERE_ON_LEAVE;
	case SF_STAY_HOME:
		return WHERE_HOME;
	case SF_STAY_DEAD:
		return WHERE_DEAD;
	case SF_STAY_ANNULLED:
		return WHERE_ANNULLED;
	case SF_STAY_NONE:
	case SF_STAY_SUPERSEDED:
	case SF_STAY_CLOSED:
		break;
	}
	return WHERE_NONE;
}

/* The one place where a stay gets its state. A segment keeps the class of its admission. */
static void enter(struct sf_stay *stay, enum where where, int64_t since_ms)
{
	static const enum sf_stay_state states[WHERE_COUNT] = {
		[WHERE_NONE] = SF_STAY_NONE,
		[WHERE_EMERGENCY] = SF_STAY_IN_HOSPITAL,
		[WHERE_INPATIENT] = SF_STAY_IN_HOSPITAL,
		[WHERE_ON_LEAVE] = SF_STAY_ON_LEAVE,
		[WHERE_HOME] = SF_STAY_HOME,
		[WHERE_DEAD] = SF_STAY_DEAD,
		[WHERE_ANNULLED] = SF_STAY_ANNULLED,
	};
	stay->state = states[where];
	stay->since_ms = since_ms;
	if (where == WHERE_EMERGENCY)
		stay->stay_class = SF_STAY_CLASS_EMERGENCY;
	if (where == WHERE_INPATIENT || where == WHERE_ON_LEAVE)
		stay->stay_class = SF_STAY_CLASS_INPATIENT;
	if (where != WHERE_HOME && where != WHERE_DEAD)
		stay->discharged_ms = 0;
	if (where != WHERE_HOME)
		stay->discharge = (struct sf_id){0};
}

static struct sf_stay stay_after(const struct sf_stay *before, const struct sf_stay_entry *root,
	const struct sf_stay_entry *value)
{
	struct sf_stay after = *before;
	const struct sf_stay_fact *fact = &value->fact;
	enum sf_activity activity = fact->activity;
	enter(&after, table[where_of(before)][activity].next, fact->event_ms);
	/* MedCom's files have class EMER on the death of an IMP stay: only a first fact is asked.
	 */
	if (after.stay_class == SF_STAY_CLASS_NONE)
		after.stay_class = fact->stay_class;
	if (sf_activity_is_admission(activity)) {
		if (after.segment_count++ == 0)
			after.admitted_ms = fact->event_ms;
		after.report_requested = after.report_requested || fact->report_requested;
	}
	if (activity == SF_ACTIVITY_DISCHARGE_HOME)
		after.discharge = root->message_id;
	if (activity == SF_ACTIVITY_DISCHARGE_HOME ||
		(activity == SF_ACTIVITY_DEATH && before->state != SF_STAY_HOME))
		after.discharged_ms = fact->event_ms;
	after.latest = value->message_id;
	return after;
}

static enum sf_stay_mark stand(struct fold *fold, size_t place)
{
	const struct sf_stay_entry *entry = fold->places[place].entry;
	fold->frames[fold->frame_count++] =
		(struct frame){.root = place, .value = place, .before = fold->stay};
	fold->roots[place] = place;
	fold->stay = stay_after(&fold->stay, entry, entry);
	return SF_STAY_MARK_APPLIED;
}

/*
 * A fact that names a predecessor which has not come is taken at its word: the predecessor would
 * have made it fit, and when it comes it takes its place before it. Death is left by cancelling it.
 */
static enum sf_stay_mark apply_new(struct fold *fold, size_t place)
{
	const struct sf_stay_place *at = &fold->places[place];
	const struct cell *cell = &table[where_of(&fold->stay)][at->entry->fact.activity];
	bool gap = at->in_reply_to == SF_STAY_DANGLING || at->supersedes == SF_STAY_DANGLING;
	bool trusted =
		cell->mark == SF_STAY_MARK_OUT_OF_ORDER && gap && fold->stay.state != SF_STAY_DEAD;
	if (cell->mark == SF_STAY_MARK_APPLIED || trusted)
		return stand(fold, place);
	return cell->mark;
}

/* MedCom HospitalNotification S.BR22: only the latest may be corrected. NULL when it is not that.
 */
static struct frame *frame_to_correct(struct fold *fold, size_t place)
{
	const struct sf_stay_place *at = &fold->places[place];
	if (fold->frame_count == 0)
		return NULL;
	struct frame *top = &fold->frames[fold->frame_count - 1];
	size_t named = at->supersedes != SF_STAY_UNNAMED ? at->supersedes : at->in_reply_to;
	bool known = named != SF_STAY_UNNAMED && named != SF_STAY_DANGLING;
	if (known && fold->roots[named] != top->root)
		return NULL;
	bool same = fold->places[top->root].entry->fact.activity == at->entry->fact.activity;
	return same ? top : NULL;
}

static enum sf_stay_mark apply_revise(struct fold *fold, size_t place)
{
	struct frame *frame = frame_to_correct(fold, place);
	if (!frame) {
		bool first = fold->frame_count == 0 && fold->stay.state == SF_STAY_NONE;
		bool gap = fold->places[place].supersedes == SF_STAY_DANGLING ||
			   fold->places[place].in_reply_to == SF_STAY_DANGLING;
		return first && gap ? stand(fold, place) : SF_STAY_MARK_NOT_LATEST;
	}
	struct sf_stay before = fold->stay;
	fold->stay = stay_after(
		&frame->before, fold->places[frame->root].entry, fold->places[place].entry);
	/* A cancelled discharge may have left another state than this fact's own: it stays. */
	if (before.state != fold->stay.state)
		enter(&fold->stay, where_of(&before), before.since_ms);
	fold->marks[frame->value] = SF_STAY_MARK_REVISED;
	frame->value = place;
	fold->roots[place] = frame->root;
	return SF_STAY_MARK_APPLIED;
}

/* The state that a cancellation names (MedCom's status after AN_), whatever was known before it. */
static void rewind_to(struct sf_stay *stay, const struct sf_stay_fact *fact)
{
	enum where where = where_of(stay);
	switch (fact->activity) {
	case SF_ACTIVITY_ADMIT_EMERGENCY:
	case SF_ACTIVITY_ADMIT_INPATIENT:
		if (where == WHERE_NONE)
			enter(stay, WHERE_ANNULLED, fact->event_ms);
		return;
	case SF_ACTIVITY_LEAVE_START:
	case SF_ACTIVITY_DISCHARGE_HOME:
		if (where != WHERE_EMERGENCY && where != WHERE_INPATIENT)
			enter(stay,
				where == WHERE_NONE && fact->stay_class == SF_STAY_CLASS_EMERGENCY
					? WHERE_EMERGENCY
					: WHERE_INPATIENT,
				fact->event_ms);
		return;
	case SF_ACTIVITY_LEAVE_END:
		if (where != WHERE_ON_LEAVE)
			enter(stay, WHERE_ON_LEAVE, fact->event_ms);
		return;
	case SF_ACTIVITY_DEATH:
	case SF_ACTIVITY_NONE:
		return;
	}
}

static enum sf_stay_mark apply_cancel(struct fold *fold, size_t place)
{
	struct frame *frame = frame_to_correct(fold, place);
	if (!frame)
		return SF_STAY_MARK_NOT_LATEST;
	fold->marks[frame->root] = SF_STAY_MARK_CANCELLED;
	fold->marks[frame->value] = SF_STAY_MARK_CANCELLED;
	fold->stay = frame->before;
	fold->frame_count--;
	rewind_to(&fold->stay, &fold->places[place].entry->fact);
	return SF_STAY_MARK_APPLIED;
}

static enum sf_stay_mark apply(struct fold *fold, size_t place)
{
	const struct sf_stay_fact *fact = &fold->places[place].entry->fact;
	if ((unsigned)fact->activity >= ACTIVITY_COUNT || fact->activity == SF_ACTIVITY_NONE)
		return SF_STAY_MARK_OUT_OF_ORDER;
	switch (fact->mode) {
	case SF_MODE_NEW:
		return apply_new(fold, place);
	case SF_MODE_REVISE:
		return apply_revise(fold, place);
	case SF_MODE_CANCEL:
		return apply_cancel(fold, place);
	case SF_MODE_NONE:
		break;
	}
	return SF_STAY_MARK_OUT_OF_ORDER;
}

/* A duplicate bears the mark of the one that was folded. */
static void copy_marks(const struct fold *fold, const struct sf_stay_entry *entries, size_t count,
	enum sf_stay_mark *ret_marks)
{
	for (size_t place = 0; place < fold->place_count; place++)
		ret_marks[fold->places[place].entry - entries] = fold->marks[place];
	if (fold->place_count == count)
		return;
	for (size_t i = 0; i < count; i++)
		for (size_t place = 0; place < fold->place_count; place++)
			if (sf_id_equal(
				    fold->places[place].entry->message_id, entries[i].message_id))
				ret_marks[i] = fold->marks[place];
}

enum sf_err sf_stay_fold(const struct sf_stay_entry *entries, size_t count,
	struct sf_stay *ret_stay, enum sf_stay_mark *ret_marks)
{
	if (count == 0) {
		*ret_stay = (struct sf_stay){0};
		return SF_OK;
	}
	struct fold fold = {
		.places = calloc(count, sizeof(*fold.places)),
		.marks = calloc(count, sizeof(*fold.marks)),
		.roots = calloc(count, sizeof(*fold.roots)),
		.frames = calloc(count, sizeof(*fold.frames)),
	};
	enum sf_err err = SF_ERR_MEMORY;
	if (fold.places && fold.marks && fold.roots && fold.frames)
		err = sf_stay_order(entries, count, fold.places, &fold.place_count);
	if (!err) {
		for (size_t place = 0; place < fold.place_count; place++) {
			fold.roots[place] = NO_ROOT;
			fold.marks[place] = apply(&fold, place);
		}
		copy_marks(&fold, entries, count, ret_marks);
		*ret_stay = fold.stay;
	}
	free(fold.places);
	free(fold.marks);
	free(fold.roots);
	free(fold.frames);
	return err;
}
