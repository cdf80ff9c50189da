/* The stay of a transition, and what the ledger does when it changes (DOMAIN.md sections 3 and 5).
 */
#include "core/transition_state.h"

static bool is_in_care(enum sf_stay_state state)
{
	return state == SF_STAY_IN_HOSPITAL || state == SF_STAY_ON_LEAVE;
}

/* A stay whose patient somebody is responsible for. */
static bool is_live(enum sf_stay_state state)
{
	return is_in_care(state) || state == SF_STAY_HOME || state == SF_STAY_NONE;
}

void sf_transition_swap_marks(struct sf_transition *transition)
{
	enum sf_stay_mark *marks = transition->marks;
	size_t capacity = transition->mark_capacity;
	transition->marks = transition->old_marks;
	transition->mark_capacity = transition->old_mark_capacity;
	transition->old_marks = marks;
	transition->old_mark_capacity = capacity;
}

/* Needs room for one more entry and its mark, which the step has reserved. */
enum sf_err sf_transition_fold(struct sf_step *step, uint16_t *ret_code)
{
	struct sf_transition *transition = step->transition;
	const struct sf_message *message = step->message;
	size_t last = transition->entry_count;
	transition->entries[last] = (struct sf_stay_entry){
		.message_id = message->id,
		.in_reply_to = message->in_reply_to,
		.supersedes = message->supersedes,
		.author = message->author,
		.created_ms = message->created_ms,
		.author_sequence = message->author_sequence,
		.fact = message->fact.stay,
	};
	sf_transition_swap_marks(transition);
	step->folded = true;
	enum sf_err err = sf_stay_fold(
		transition->entries, last + 1, &step->standing->stay, transition->marks);
	if (err)
		return err;
	*ret_code = 0;
	if (transition->marks[last] == SF_STAY_MARK_NOT_LATEST)
		*ret_code = SF_DEVIATION_NOT_LATEST;
	if (transition->marks[last] == SF_STAY_MARK_OUT_OF_ORDER)
		*ret_code = SF_DEVIATION_OUT_OF_ORDER;
	return SF_OK;
}

/* R7: the newest fact that stands is an admission, or the patient is back in the hospital's care.
 */
static bool is_taken_back(const struct sf_step *step, const struct sf_stay *before)
{
	const struct sf_stay *stay = &step->standing->stay;
	const struct sf_message *message = step->message;
	if (message->fact.kind != SF_KIND_STAY)
		return false;
	if (before->state == SF_STAY_HOME && is_in_care(stay->state))
		return true;
	return message->fact.stay.mode == SF_MODE_NEW &&
	       sf_activity_is_admission(message->fact.stay.activity) &&
	       sf_id_equal(stay->latest, message->id);
}

bool sf_step_is_newly_home(const struct sf_step *step, const struct sf_stay *before)
{
	const struct sf_stay *stay = &step->standing->stay;
	if (stay->state != SF_STAY_HOME || before->state == SF_STAY_DEAD)
		return false;
	return before->state != SF_STAY_HOME || !sf_id_equal(before->discharge, stay->discharge);
}

static bool was_offered(const struct sf_standing *standing)
{
	for (size_t i = 0; i < standing->ledger.offer_count; i++)
		if (sf_id_equal(standing->ledger.offers[i].id, standing->stay.discharge))
			return true;
	return false;
}

/* Does the discharge that stands offer now (R5)? One that a death or a closing hid did not yet. */
static bool offers_now(const struct sf_step *step, const struct sf_stay *before, bool opened_now)
{
	const struct sf_standing *standing = step->standing;
	if (standing->stay.state != SF_STAY_HOME)
		return false;
	if (before->state == SF_STAY_DEAD)
		return !was_offered(standing);
	return opened_now || sf_step_is_newly_home(step, before);
}

static bool others_hold(const struct sf_standing *standing)
{
	sf_domain_set own = sf_ledger_held(&standing->ledger, standing->hospital);
	return standing->ledger.open && (sf_standing_active(standing) & ~own) != 0;
}

static bool hospital_took_back(const struct sf_standing *standing)
{
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		size_t line = standing->ledger.current[domain];
		if (line != SF_LEDGER_NO_LINE &&
			standing->ledger.lines[line].basis == SF_BASIS_HOSPITAL)
			return true;
	}
	return false;
}

/*
 * Would the ledger stand otherwise, had the fact come in its time (or never)? What was known when
 * stays as it is; a person sees it.
 */
static bool is_late_and_matters(const struct sf_step *step)
{
	const struct sf_standing *standing = step->standing;
	const struct sf_stay_fact *fact = &step->message->fact.stay;
	enum sf_stay_mark mark = step->transition->marks[step->transition->entry_count];
	bool stands = mark == SF_STAY_MARK_APPLIED || mark == SF_STAY_MARK_REVISED;
	bool newest = sf_id_equal(standing->stay.latest, step->message->id);
	if (fact->mode == SF_MODE_CANCEL)
		return stands && sf_activity_is_admission(fact->activity) &&
		       hospital_took_back(standing);
	if (fact->mode != SF_MODE_NEW || !stands || newest)
		return false;
	if (sf_activity_is_admission(fact->activity))
		return others_hold(standing);
	return fact->activity == SF_ACTIVITY_DISCHARGE_HOME && is_live(standing->stay.state) &&
	       !sf_id_equal(standing->stay.discharge, step->message->id);
}

static bool has_stay_fact(const struct sf_step *step)
{
	return step->transition->entry_count > 0 || step->message->fact.kind == SF_KIND_STAY;
}

uint16_t sf_transition_reopen_ledger(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	struct sf_ledger *ledger = &standing->ledger;
	bool begun = standing->bound && step->transition->entry_count > 0;
	if (!begun || ledger->open || !is_live(standing->stay.state))
		return 0;
	sf_domain_set active = sf_standing_active(standing);
	if (ledger->opened)
		sf_ledger_restore(ledger, &step->cause, active, standing->hospital);
	else
		sf_ledger_begin(ledger, &step->cause, active, standing->hospital, SF_BASIS_OPENING);
	bool hidden = standing->stay.state == SF_STAY_HOME && !was_offered(standing);
	return hidden ? sf_handover_discharge(step) : 0;
}

/* The end that people gave up waiting for has come: a patient goes home and must be received. */
static bool has_ended_after_all(const struct sf_step *step, const struct sf_stay *before)
{
	const struct sf_standing *standing = step->standing;
	return standing->course.close_code != SF_CLOSE_NONE && is_in_care(before->state) &&
	       standing->stay.state == SF_STAY_HOME;
}

/*
 * A closed transition stays closed through corrections. It opens by itself when the hospital has
 * the patient again (R7), when a stay that was closed by hand ends after all, or when the death
 * that it closed after is cancelled: that rewinds.
 */
static bool stays_closed(struct sf_step *step, const struct sf_stay *before)
{
	struct sf_standing *standing = step->standing;
	struct sf_course *course = &standing->course;
	if (!course->closed)
		return false;
	bool after_death = before->state == SF_STAY_DEAD && is_live(standing->stay.state) &&
			   course->close_code == SF_CLOSE_NONE &&
			   !sf_id_equal(standing->ledger.ended_by, course->closed_by);
	if (!after_death && !is_taken_back(step, before) && !has_ended_after_all(step, before))
		return true;
	sf_course_unshut(course);
	return false;
}

/* R8: who saw the patient readmitted, or dead, must hear that it was an error, and answer that. */
static void note_home(struct sf_step *step, const struct sf_stay *before)
{
	struct sf_standing *standing = step->standing;
	const struct sf_stay *stay = &standing->stay;
	bool same = sf_id_equal(standing->home_of, stay->discharge);
	if (stay->state != SF_STAY_HOME || (same && before->state == SF_STAY_HOME))
		return;
	standing->home_of = stay->discharge;
	standing->home_by = step->message->id;
}

uint16_t sf_transition_follow_stay(struct sf_step *step, const struct sf_stay *before)
{
	struct sf_standing *standing = step->standing;
	struct sf_ledger *ledger = &standing->ledger;
	note_home(step, before);
	if (step->transition->frozen || !standing->bound || !has_stay_fact(step))
		return 0;
	if (stays_closed(step, before))
		return 0;
	if (!is_live(standing->stay.state)) {
		if (ledger->open)
			sf_ledger_end(ledger, &step->cause);
		return 0;
	}
	sf_domain_set active = sf_standing_active(standing);
	bool opened_now = !ledger->opened;
	if (opened_now) {
		sf_ledger_begin(ledger, &step->cause, active, standing->hospital, SF_BASIS_OPENING);
	} else if (!ledger->open && before->state == SF_STAY_DEAD) {
		sf_ledger_restore(ledger, &step->cause, active, standing->hospital);
	} else if (!ledger->open) {
		sf_ledger_begin(
			ledger, &step->cause, active, standing->hospital, SF_BASIS_HOSPITAL);
	} else if (is_taken_back(step, before)) {
		sf_ledger_annul_offers(ledger, &step->cause);
		sf_ledger_move_all(
			ledger, &step->cause, active, standing->hospital, SF_BASIS_HOSPITAL);
	}
	uint16_t code = 0;
	bool late = step->message->fact.kind == SF_KIND_STAY && is_late_and_matters(step);
	if (offers_now(step, before, opened_now))
		code = sf_handover_discharge(step);
	return code == 0 && late ? SF_DEVIATION_LATE_FACT : code;
}
