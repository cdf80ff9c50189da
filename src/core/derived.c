/*
 * What time makes of a transition. Every fact that time will derive is a candidate with the instant
 * it falls due; what is told at a time and when something is due next are two questions about the
 * same candidates, so that they cannot disagree.
 */
#include "core/derived.h"

#include "core/transition_state.h"

struct search {
	const struct sf_transition *transition; /* borrowed */
	const struct sf_standing *now;          /* borrowed */
	const struct sf_agreement *agreement;   /* borrowed; NULL */
	const struct sf_pathway_terms *terms;   /* borrowed; NULL */
	bool found;
	uint32_t kind;
	struct sf_derived first; /* the smallest by (due_ms, kind, clause, subject) */
};

static bool comes_before(const struct search *search, uint32_t kind, const struct sf_derived *fact)
{
	const struct sf_derived *first = &search->first;
	if (!search->found || fact->due_ms != first->due_ms)
		return !search->found || fact->due_ms < first->due_ms;
	if (kind != search->kind)
		return kind < search->kind;
	if (fact->clause != first->clause)
		return fact->clause < first->clause;
	return sf_id_compare(fact->subject, first->subject) < 0;
}

static void consider(struct search *search, uint32_t kind, const struct sf_derived *fact)
{
	if (fact->due_ms == SF_NEVER_MS || !comes_before(search, kind, fact))
		return;
	search->found = true;
	search->kind = kind;
	search->first = *fact;
}

/* A deadline passes only for what is owed for certain: not before its conditions are decided. */
static int64_t expires_ms(const struct search *search, const struct sf_obligation *obligation)
{
	const struct sf_expectation *expectation =
		sf_pathway_expectation(search->terms, obligation->clause);
	int64_t due_ms = obligation->due_ms;
	if (!expectation || !obligation->undecided || due_ms == SF_NEVER_MS)
		return due_ms;
	const struct sf_sign *sign = sf_standing_sign(search->now, obligation->subject);
	enum sf_mark mark = sign ? sign->mark : SF_MARK_NONE;
	for (size_t i = 0; i <= SF_CONDITION_MAX; i++) {
		int64_t decides_ms;
		enum sf_truth truth = sf_conditions_hold(
			search->now, &expectation->conditions, mark, due_ms, &decides_ms);
		if (truth == SF_TRUTH_YES)
			return due_ms;
		if (truth == SF_TRUTH_NO || decides_ms == SF_NEVER_MS)
			return SF_NEVER_MS;
		due_ms = decides_ms;
	}
	return SF_NEVER_MS;
}

static void consider_obligation(struct search *search, const struct sf_obligation *obligation)
{
	struct sf_derived fact = {.subject = obligation->subject, .clause = obligation->clause};
	if (obligation->expired_ms == 0) {
		fact.due_ms = expires_ms(search, obligation);
		consider(search, SF_KIND_EXPIRED, &fact);
		return;
	}
	const struct sf_expectation *expectation =
		sf_pathway_expectation(search->terms, obligation->clause);
	if (!expectation || expectation->escalate_ms <= 0 || obligation->alarm_seen ||
		obligation->rungs_climbed >= expectation->rung_count)
		return;
	fact.level = obligation->rungs_climbed;
	fact.due_ms = obligation->expired_ms +
		      (int64_t)obligation->rungs_climbed * expectation->escalate_ms;
	consider(search, SF_KIND_ESCALATED, &fact);
}

static void consider_windows(struct search *search)
{
	for (size_t i = 0; i < search->now->window_count; i++) {
		const struct sf_window *window = &search->now->windows[i];
		if (window->state == SF_WINDOW_OPEN)
			consider(search, SF_KIND_WINDOW_ENDED,
				&(struct sf_derived){.subject = window->subject,
					.clause = window->clause,
					.due_ms = window->until_ms});
	}
}

/* R8 by time: a party that accepts the agreement later can be moved to from then on. */
static int64_t told_from_ms(const struct search *search, const struct sf_move *move)
{
	const struct sf_digest *digest = &search->now->parties.agreement;
	int64_t from_ms = move->due_ms;
	if (from_ms == SF_NEVER_MS || sf_id_is_none(move->to))
		return SF_NEVER_MS;
	if (!sf_id_equal(move->to, search->now->hospital))
		from_ms = sf_agreement_accepted_from_ms(
			search->transition->book, digest, move->to, from_ms);
	return from_ms != SF_NEVER_MS && sf_standing_is_told(search->transition, search->now,
						 move->to, move->subject, from_ms)
		       ? from_ms
		       : SF_NEVER_MS;
}

static void consider_moves(struct search *search)
{
	struct sf_move moves[SF_MOVES_MAX];
	size_t count = sf_standing_moves(search->transition, search->now, moves);
	for (size_t i = 0; i < count; i++)
		if (!moves[i].by_window)
			consider(search, SF_KIND_PASSED,
				&(struct sf_derived){.subject = moves[i].subject,
					.clause = moves[i].clause,
					.due_ms = told_from_ms(search, &moves[i]),
					.domains = moves[i].domains,
					.to = moves[i].to});
}

static bool has_open_obligation(const struct sf_standing *now)
{
	for (size_t i = 0; i < now->duties.count; i++)
		if (sf_obligation_is_open(&now->duties.items[i]))
			return true;
	return false;
}

static bool has_open_offer(const struct sf_standing *now)
{
	for (size_t i = 0; i < now->ledger.offer_count; i++)
		if (now->ledger.offers[i].state == SF_OFFER_OPEN)
			return true;
	return false;
}

static bool has_running_window(const struct sf_standing *now)
{
	for (size_t i = 0; i < now->window_count; i++)
		if (now->windows[i].state == SF_WINDOW_OPEN ||
			now->windows[i].state == SF_WINDOW_SUSPENDED)
			return true;
	return false;
}

/* SILENT (DOMAIN.md section 4): somebody owes something, and nobody says anything. */
static void consider_silence(struct search *search)
{
	const struct sf_course *course = &search->now->course;
	if (course->silent || search->terms->silence.after.part_count == 0 ||
		(!has_open_obligation(search->now) && !has_open_offer(search->now)))
		return;
	struct sf_discharge_times times = {
		.discharge_ms = SF_NEVER_MS, .planned_until_ms = SF_NEVER_MS};
	consider(search, SF_KIND_SILENT,
		&(struct sf_derived){
			.due_ms = sf_deadline_due_ms(&search->terms->silence.after,
				&search->agreement->calendar, course->last_fact_ms, &times)});
}

/* Both loops are done, the administrative and the clinical one (DOMAIN.md section 4, CLOSED). */
static void consider_closing(struct search *search)
{
	const struct sf_standing *now = search->now;
	const struct sf_pathway_terms *terms = search->terms;
	bool over = now->stay.state == SF_STAY_HOME || now->stay.state == SF_STAY_DEAD;
	/* Whoever receives it, or has it because the clause names the hospital itself. */
	struct sf_id receiver = sf_standing_party(now, terms->receiver.role);
	bool handed_on =
		terms->receiver.role == SF_ROLE_NONE || sf_id_equal(receiver, now->hospital) ||
		!sf_id_equal(sf_ledger_holder(&now->ledger, SF_DOMAIN_MEDICAL), now->hospital);
	if (terms->expectation_count + terms->window_count == 0 || !over || !handed_on ||
		now->course.dispute_count > 0 || has_open_obligation(now) || has_open_offer(now) ||
		has_running_window(now))
		return;
	consider(search, SF_KIND_CLOSED,
		&(struct sf_derived){.due_ms = search->transition->recorded_ms});
}

/* A frozen ledger waits for people; an event past the last one would have no effect. */
static struct search find_first(const struct sf_transition *transition)
{
	struct search search = {
		.transition = transition,
		.now = transition->now,
		.agreement = sf_standing_agreement(transition, transition->now),
		.terms = sf_standing_terms(transition, transition->now),
	};
	if (sf_transition_is_full(transition) || search.now->course.closed)
		return search;
	for (size_t i = 0; i < search.now->duties.count; i++)
		if (sf_obligation_is_open(&search.now->duties.items[i]))
			consider_obligation(&search, &search.now->duties.items[i]);
	if (search.terms)
		consider_silence(&search);
	if (transition->frozen || !search.terms)
		return search;
	consider_windows(&search);
	if (search.now->course.dispute_count == 0)
		consider_moves(&search);
	consider_closing(&search);
	return search;
}

bool sf_transition_derive(
	const struct sf_transition *transition, int64_t now_ms, struct sf_fact *ret_fact)
{
	struct search search = find_first(transition);
	if (!search.found || search.first.due_ms > now_ms)
		return false;
	*ret_fact = (struct sf_fact){.kind = search.kind};
	ret_fact->derived = search.first;
	return true;
}

static enum sf_urgency urgency_of(uint32_t kind)
{
	switch (kind) {
	case SF_KIND_WINDOW_ENDED:
	case SF_KIND_PASSED:
		return SF_URGENCY_MOVES;
	case SF_KIND_EXPIRED:
	case SF_KIND_ESCALATED:
		return SF_URGENCY_OWED;
	default:
		return SF_URGENCY_RECORD;
	}
}

int64_t sf_transition_next_due_ms(
	const struct sf_transition *transition, enum sf_urgency *ret_urgency)
{
	struct search search = find_first(transition);
	*ret_urgency = search.found ? urgency_of(search.kind) : SF_URGENCY_RECORD;
	return search.found ? search.first.due_ms : SF_NEVER_MS;
}
