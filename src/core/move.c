/* What clauses will move: from silence, at the end of a window, to who receives `medical`. */
#include "core/transition_state.h"

struct moves {
	const struct sf_transition *transition; /* borrowed */
	const struct sf_standing *standing;     /* borrowed */
	const struct sf_agreement *agreement;   /* borrowed */
	const struct sf_pathway_terms *terms;   /* borrowed */
	struct sf_move *items;                  /* borrowed */
	size_t count;
};

static void add(struct moves *moves, const struct sf_move *move)
{
	if (moves->count < SF_MOVES_MAX)
		moves->items[moves->count++] = *move;
}

/*
 * A party that gave the domain on, and took it back by its signature, keeps it: a clause moves once
 * what was held when its clock began.
 */
static bool has_held_on(
	const struct sf_standing *standing, enum sf_domain domain, struct sf_id holder)
{
	size_t line = standing->ledger.current[domain];
	return line != SF_LEDGER_NO_LINE &&
	       sf_id_equal(standing->ledger.lines[line].holder, holder) &&
	       standing->ledger.lines[line].basis != SF_BASIS_ACCEPT;
}

static bool is_stay_fact(const struct sf_transition *transition, struct sf_id message)
{
	for (size_t i = 0; i < transition->entry_count; i++)
		if (sf_id_equal(transition->entries[i].message_id, message))
			return true;
	return false;
}

/* Is the offer one that this clause made? Those of people are never passed by silence. */
static bool is_by_clause(const struct moves *moves, const struct sf_handover *handover,
	const struct sf_ledger_offer *offer)
{
	if (offer->state != SF_OFFER_OPEN || offer->to_role != handover->to ||
		!sf_id_equal(offer->from, moves->standing->hospital))
		return false;
	if (handover->on.kind == SF_KIND_STAY)
		return is_stay_fact(moves->transition, offer->id);
	const struct sf_sign *sign = sf_standing_sign(moves->standing, offer->id);
	return sign && sf_trigger_matches(&handover->on, &sign->trigger);
}

static void add_silences(struct moves *moves)
{
	const struct sf_ledger *ledger = &moves->standing->ledger;
	struct sf_discharge_times times = {
		.discharge_ms = SF_NEVER_MS, .planned_until_ms = SF_NEVER_MS};
	for (size_t n = 0; n < moves->terms->handover_count; n++) {
		const struct sf_handover *handover = &moves->terms->handovers[n];
		for (size_t i = 0; i < ledger->offer_count; i++) {
			const struct sf_ledger_offer *offer = &ledger->offers[i];
			sf_domain_set domains = handover->offers & sf_ledger_offer_remaining(offer);
			if (handover->silence != SF_SILENCE_PASSES || domains == 0 ||
				!is_by_clause(moves, handover, offer))
				continue;
			add(moves, &(struct sf_move){
					   .clause = SF_CLAUSE_HANDOVER + (uint32_t)n,
					   .subject = offer->id,
					   .domains = domains,
					   .role = handover->to,
					   .to = offer->to,
					   .due_ms = sf_deadline_due_ms(&handover->after,
						   &moves->agreement->calendar, offer->since_ms,
						   &times),
				   });
		}
	}
}

static bool is_of_discharge(const struct sf_standing *standing, const struct sf_window *window)
{
	return window->state != SF_WINDOW_ANNULLED && window->clause != 0 &&
	       sf_id_equal(window->subject, standing->stay.discharge);
}

/* Marks the domains that a window of this discharge answers for. */
static sf_domain_set add_windows(struct moves *moves)
{
	const struct sf_standing *standing = moves->standing;
	sf_domain_set answered = 0;
	for (size_t i = 0; i < standing->window_count; i++) {
		const struct sf_window *window = &standing->windows[i];
		bool ended = window->state == SF_WINDOW_ENDED;
		if (!is_of_discharge(standing, window))
			continue;
		if (!ended || window->then != SF_ROLE_NONE)
			answered |= SF_DOMAIN_BIT(window->domain);
		struct sf_id to = sf_standing_party(standing, window->then);
		if (window->then == SF_ROLE_NONE || sf_id_equal(to, window->holder) ||
			!has_held_on(standing, window->domain, window->holder))
			continue;
		bool suspended = window->state == SF_WINDOW_SUSPENDED;
		add(moves, &(struct sf_move){
				   .clause = window->clause,
				   .subject = window->subject,
				   .domains = SF_DOMAIN_BIT(window->domain),
				   .role = window->then,
				   .to = to,
				   .due_ms = ended       ? window->ended_ms
					     : suspended ? SF_NEVER_MS
							 : window->until_ms,
				   .by_window = !ended,
			   });
	}
	return answered;
}

/* The pathway names who receives `medical` when no window runs (DOMAIN.md section 7). */
static void add_receiver(struct moves *moves)
{
	const struct sf_standing *standing = moves->standing;
	enum sf_role role = moves->terms->receiver.role;
	struct sf_id to = sf_standing_party(standing, role);
	if (role == SF_ROLE_NONE || sf_id_equal(to, standing->hospital) ||
		!has_held_on(standing, SF_DOMAIN_MEDICAL, standing->hospital))
		return;
	const struct sf_sign *sign = sf_standing_sign(standing, standing->stay.discharge);
	int64_t due_ms = sign ? sign->recorded_ms : standing->stay.discharged_ms;
	for (size_t i = 0; i < standing->window_count; i++)
		if (is_of_discharge(standing, &standing->windows[i]) &&
			standing->windows[i].domain == SF_DOMAIN_MEDICAL &&
			standing->windows[i].ended_ms > due_ms)
			due_ms = standing->windows[i].ended_ms;
	add(moves, &(struct sf_move){
			   .clause = SF_CLAUSE_RECEIVER,
			   .subject = standing->stay.discharge,
			   .domains = SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL),
			   .role = role,
			   .to = to,
			   .due_ms = due_ms,
		   });
}

size_t sf_standing_moves(const struct sf_transition *transition, const struct sf_standing *standing,
	struct sf_move ret_moves[SF_MOVES_MAX])
{
	struct moves moves = {
		.transition = transition,
		.standing = standing,
		.agreement = sf_standing_agreement(transition, standing),
		.terms = sf_standing_terms(transition, standing),
		.items = ret_moves,
	};
	if (!moves.terms || !standing->ledger.open || standing->course.closed)
		return 0;
	add_silences(&moves);
	if (standing->stay.state == SF_STAY_HOME &&
		!(add_windows(&moves) & SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL)))
		add_receiver(&moves);
	return moves.count;
}

struct sf_id sf_standing_told_by(const struct sf_standing *standing, struct sf_id subject)
{
	return sf_id_equal(subject, standing->home_of) ? standing->home_by : subject;
}

bool sf_standing_is_told(const struct sf_transition *transition, const struct sf_standing *standing,
	struct sf_id party, struct sf_id subject, int64_t at_ms)
{
	const struct sf_member *member = sf_standing_member(standing, party);
	return member && !member->until_relieved && member->role != SF_ROLE_NONE &&
	       sf_standing_is_bound_by(transition, standing, party, at_ms) &&
	       sf_transition_acknowledged(transition, subject, party) == SF_ACK_OK &&
	       sf_transition_acknowledged(
		       transition, sf_standing_told_by(standing, subject), party) == SF_ACK_OK;
}
