/* Windows: periods in which a party keeps a domain after discharge (DOMAIN.md sections 4 and 7). */
#include "core/transition_state.h"

static bool is_running(const struct sf_window *window)
{
	return window->state == SF_WINDOW_OPEN || window->state == SF_WINDOW_SUSPENDED;
}

/* One function assigns the state. */
static void become(struct sf_window *window, enum sf_window_state state, int64_t at_ms)
{
	if (window->state == SF_WINDOW_SUSPENDED && state != SF_WINDOW_SUSPENDED) {
		int64_t held_ms = at_ms - window->suspended_ms;
		window->held_ms += held_ms;
		window->until_ms += held_ms;
		window->suspended_ms = 0;
	}
	window->state = state;
	window->ended_ms = 0;
	if (state == SF_WINDOW_SUSPENDED)
		window->suspended_ms = at_ms;
	if (state == SF_WINDOW_ENDED || state == SF_WINDOW_ANNULLED)
		window->ended_ms = at_ms;
}

void sf_window_end(struct sf_window *window, int64_t at_ms)
{
	become(window, SF_WINDOW_ENDED, at_ms);
}

static const struct sf_window_clause *clause_of(
	const struct sf_pathway_terms *terms, uint32_t number)
{
	bool is_one = terms && number >= SF_CLAUSE_WINDOW &&
		      number - SF_CLAUSE_WINDOW < terms->window_count;
	return is_one ? &terms->windows[number - SF_CLAUSE_WINDOW] : NULL;
}

static bool may_apply(
	const struct sf_step *step, const struct sf_window *window, enum sf_window_action action)
{
	switch (action) {
	case SF_WINDOW_EXTEND:
		return is_running(window) && step->message->fact.window.until_ms > window->until_ms;
	case SF_WINDOW_SUSPEND:
		return window->state == SF_WINDOW_OPEN;
	case SF_WINDOW_RESUME:
		return window->state == SF_WINDOW_SUSPENDED;
	case SF_WINDOW_END:
		return is_running(window);
	case SF_WINDOW_ACTION_NONE:
		break;
	}
	return false;
}

static void apply(const struct sf_step *step, struct sf_window *window)
{
	int64_t at_ms = step->cause.at_ms;
	switch (step->message->fact.window.action) {
	case SF_WINDOW_EXTEND:
		window->until_ms = step->message->fact.window.until_ms;
		window->extended = true;
		break;
	case SF_WINDOW_SUSPEND:
		become(window, SF_WINDOW_SUSPENDED, at_ms);
		break;
	case SF_WINDOW_RESUME:
		become(window, SF_WINDOW_OPEN, at_ms);
		break;
	case SF_WINDOW_END:
		become(window, SF_WINDOW_ENDED, at_ms);
		break;
	case SF_WINDOW_ACTION_NONE:
		break;
	}
}

/* Of every window that stands. Its length is the hospital's; an emergency call is anybody's. */
uint16_t sf_window_apply(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	enum sf_window_action action = step->message->fact.window.action;
	bool of_hospital = action == SF_WINDOW_EXTEND || action == SF_WINDOW_END;
	if (of_hospital && !sf_id_equal(step->message->author, standing->hospital))
		return SF_REFUSAL_AUTHOR_ROLE;
	bool running = false;
	bool applied = false;
	for (size_t i = 0; i < standing->window_count; i++) {
		struct sf_window *window = &standing->windows[i];
		running = running || is_running(window);
		if (!may_apply(step, window, action))
			continue;
		apply(step, window);
		applied = true;
	}
	if (applied)
		return 0;
	return running && action == SF_WINDOW_EXTEND ? SF_REFUSAL_WINDOW_TIME
						     : SF_REFUSAL_NO_WINDOW;
}

static bool is_started(const struct sf_standing *standing, uint32_t clause, struct sf_id subject)
{
	for (size_t i = 0; i < standing->window_count; i++)
		if (standing->windows[i].clause == clause &&
			sf_id_equal(standing->windows[i].subject, subject))
			return true;
	return false;
}

/* A new one, or in the place of the first that is over. NULL when all run. */
static struct sf_window *place_for_one(struct sf_standing *standing)
{
	if (standing->window_count < SF_WINDOW_MAX)
		return &standing->windows[standing->window_count++];
	for (size_t i = 0; i < SF_WINDOW_MAX; i++)
		if (!is_running(&standing->windows[i]))
			return &standing->windows[i];
	return NULL;
}

/* Patient safety: the hospital's own word of when the patient left starts its own clock. */
static int64_t from_of(const struct sf_standing *standing, const struct sf_sign *sign)
{
	if (sf_id_equal(standing->stay.discharge, sign->message))
		return standing->stay.discharged_ms;
	return sign->recorded_ms;
}

static int64_t until_of(const struct sf_step *step, const struct sf_window_clause *clause,
	int64_t from_ms, int64_t held_ms)
{
	const struct sf_agreement *agreement =
		sf_standing_agreement(step->transition, step->standing);
	struct sf_discharge_times times = {
		.discharge_ms = from_ms, .planned_until_ms = SF_NEVER_MS};
	int64_t until_ms =
		sf_deadline_due_ms(&clause->length, &agreement->calendar, from_ms, &times);
	return until_ms > SF_NEVER_MS - held_ms ? SF_NEVER_MS : until_ms + held_ms;
}

/* A window keeps what its holder has; it gives nothing. */
static void start(struct sf_step *step, const struct sf_window_clause *clause, uint32_t number,
	const struct sf_sign *sign)
{
	struct sf_standing *standing = step->standing;
	struct sf_id holder = sf_standing_party(standing, clause->holder);
	int64_t decides_ms;
	if (sf_id_is_none(holder) ||
		!sf_id_equal(sf_ledger_holder(&standing->ledger, clause->domain), holder) ||
		!sf_standing_is_bound_by(step->transition, standing, holder, step->cause.at_ms) ||
		sf_conditions_hold(standing, &clause->conditions, sign->mark, step->cause.at_ms,
			&decides_ms) != SF_TRUTH_YES)
		return;
	struct sf_window *window = place_for_one(standing);
	if (!window) {
		sf_step_deviates(step, SF_DEVIATION_TOO_MANY);
		return;
	}
	int64_t from_ms = from_of(standing, sign);
	*window = (struct sf_window){
		.subject = sign->message,
		.clause = number,
		.domain = clause->domain,
		.holder = holder,
		.then = clause->then,
		.from_ms = from_ms,
		.until_ms = until_of(step, clause, from_ms, 0),
		.state = SF_WINDOW_OPEN,
	};
}

/* Left, and nobody has died or closed it: only then somebody needs a window. */
static bool is_home(const struct sf_standing *standing)
{
	return standing->stay.state == SF_STAY_HOME && !standing->course.closed;
}

static void start_all(struct sf_step *step, const struct sf_pathway_terms *terms)
{
	const struct sf_duties *duties = &step->standing->duties;
	for (size_t i = 0; is_home(step->standing) && i < duties->sign_count; i++)
		for (size_t n = 0; n < terms->window_count && n < SF_WINDOW_MAX; n++) {
			const struct sf_sign *sign = &duties->signs[i];
			uint32_t number = SF_CLAUSE_WINDOW + (uint32_t)n;
			if (sf_trigger_matches(&terms->windows[n].starts_on, &sign->trigger) &&
				sf_sign_stands(step, sign) &&
				!is_started(step->standing, number, sign->message))
				start(step, &terms->windows[n], number, sign);
		}
}

/* What the stay makes of a window: annulled with its discharge, and as it was when that stands. */
static void follow_one(
	struct sf_step *step, const struct sf_pathway_terms *terms, struct sf_window *window)
{
	struct sf_standing *standing = step->standing;
	int64_t at_ms = step->cause.at_ms;
	const struct sf_sign *sign = sf_standing_sign(standing, window->subject);
	const struct sf_window_clause *clause = clause_of(terms, window->clause);
	bool stands = clause && is_home(standing) && sf_sign_stands(step, sign);
	if (is_running(window) && !stands)
		become(window, SF_WINDOW_ANNULLED, at_ms);
	if (window->state == SF_WINDOW_ANNULLED && stands)
		become(window, SF_WINDOW_OPEN, at_ms);
	if (!is_running(window) || !clause)
		return;
	if (!sf_id_equal(sf_ledger_holder(&standing->ledger, window->domain), window->holder)) {
		become(window, SF_WINDOW_ENDED, at_ms);
		return;
	}
	if (!sign || window->extended)
		return;
	window->from_ms = from_of(standing, sign);
	window->until_ms = until_of(step, clause, window->from_ms, window->held_ms);
}

void sf_windows_follow(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	const struct sf_agreement *agreement = sf_standing_agreement(step->transition, standing);
	const struct sf_pathway_terms *terms = sf_standing_terms(step->transition, standing);
	bool others_rule = sf_step_terms_before(step) != terms;
	standing->zone = agreement ? agreement->calendar.zone : NULL;
	sf_signs_follow(step);
	for (size_t i = 0; i < standing->window_count; i++) {
		if (others_rule)
			standing->windows[i].clause = 0;
		follow_one(step, terms, &standing->windows[i]);
	}
	if (terms)
		start_all(step, terms);
}
