/* A derived fact takes effect: what time gives, computed from the same facts, or nothing (R6). */
#include "core/derived.h"
#include "core/transition_state.h"

static bool is_equal(const struct sf_derived *a, const struct sf_derived *b)
{
	return sf_id_equal(a->subject, b->subject) && a->clause == b->clause &&
	       a->due_ms == b->due_ms && a->level == b->level && a->domains == b->domains &&
	       sf_id_equal(a->to, b->to) && a->link == b->link && sf_id_equal(a->other, b->other) &&
	       a->carried_count == b->carried_count;
}

static struct sf_obligation *find_obligation(struct sf_step *step)
{
	const struct sf_derived *fact = &step->message->fact.derived;
	struct sf_duties *duties = &step->standing->duties;
	bool expires = step->message->fact.kind == SF_KIND_EXPIRED;
	for (size_t i = 0; i < duties->count; i++) {
		struct sf_obligation *one = &duties->items[i];
		if (sf_obligation_is_open(one) && one->clause == fact->clause &&
			sf_id_equal(one->subject, fact->subject) &&
			(one->expired_ms == 0) == expires &&
			(!expires || one->due_ms <= fact->due_ms))
			return one;
	}
	return NULL;
}

static void climb(struct sf_step *step, struct sf_obligation *obligation)
{
	const struct sf_pathway_terms *terms = sf_standing_terms(step->transition, step->standing);
	if (step->message->fact.kind == SF_KIND_ESCALATED) {
		obligation->rungs_climbed++;
		return;
	}
	obligation->expired_ms = step->cause.at_ms;
	obligation->rungs_climbed = 1;
	const struct sf_expectation *expectation =
		sf_pathway_expectation(terms, obligation->clause);
	if (expectation && expectation->escalate_ms == 0)
		obligation->rungs_climbed = (uint32_t)expectation->rung_count;
}

static void pass(struct sf_step *step, struct sf_id subject, sf_domain_set domains, struct sf_id to)
{
	struct sf_ledger_cause cause = step->cause;
	cause.told = sf_standing_told_by(step->standing, subject);
	sf_ledger_move_all(&step->standing->ledger, &cause, domains, to, SF_BASIS_CLAUSE);
}

/* The end of a window moves its domain when it can; else the holder keeps it, and a person sees. */
static void end_window(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	const struct sf_derived *fact = &step->message->fact.derived;
	struct sf_window *window = NULL;
	for (size_t i = 0; i < standing->window_count; i++)
		if (standing->windows[i].state == SF_WINDOW_OPEN &&
			standing->windows[i].clause == fact->clause &&
			sf_id_equal(standing->windows[i].subject, fact->subject))
			window = &standing->windows[i];
	if (!window)
		return;
	sf_window_end(window, step->cause.at_ms);
	struct sf_id to = sf_standing_party(standing, window->then);
	if (window->then == SF_ROLE_NONE || sf_id_equal(to, window->holder))
		return;
	if (standing->course.dispute_count > 0)
		sf_step_deviates(step, SF_DEVIATION_CONTESTED);
	else if (sf_id_is_none(to))
		sf_step_deviates(step, SF_DEVIATION_FIND_RECEIVER);
	else if (!sf_standing_is_told(
			 step->transition, standing, to, window->subject, step->cause.at_ms))
		sf_step_deviates(step, SF_DEVIATION_UNTOLD);
	else
		pass(step, window->subject, SF_DOMAIN_BIT(window->domain), to);
}

/* R6: it is what time gives, computed from the same facts, or it has no effect. */
uint16_t sf_derived_apply(struct sf_step *step)
{
	const struct sf_fact *fact = &step->message->fact;
	struct sf_fact wanted;
	if (!sf_transition_derive(step->transition, step->cause.at_ms, &wanted) ||
		wanted.kind != fact->kind || !is_equal(&wanted.derived, &fact->derived))
		return SF_REFUSAL_NOT_DERIVABLE;
	struct sf_obligation *obligation;
	switch (fact->kind) {
	case SF_KIND_EXPIRED:
	case SF_KIND_ESCALATED:
		obligation = find_obligation(step);
		if (!obligation)
			return SF_REFUSAL_NOT_DERIVABLE;
		climb(step, obligation);
		break;
	case SF_KIND_WINDOW_ENDED:
		end_window(step);
		break;
	case SF_KIND_PASSED:
		pass(step, fact->derived.subject, fact->derived.domains, fact->derived.to);
		break;
	case SF_KIND_SILENT:
		step->standing->course.silent = true;
		break;
	case SF_KIND_CLOSED:
		sf_course_shut(step, SF_CLOSE_NONE);
		break;
	default:
		return SF_REFUSAL_NOT_DERIVABLE;
	}
	return 0;
}
