/* Who must do what before when: rows gathered from all that is open, kept in order as they come. */
#include "core/next.h"

#include "base/time.h"
#include "core/transition_state.h"

const char *sf_next_text(enum sf_next_what what)
{
	switch ((uint32_t)what) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_NEXT_LIST(X)
#undef X
	}
	return "unknown";
}

struct rows {
	const struct sf_transition *transition; /* borrowed */
	const struct sf_standing *now;          /* borrowed */
	const struct sf_pathway_terms *terms;   /* borrowed; NULL */
	int64_t now_ms;
	struct sf_next *items; /* borrowed; the count_max most urgent so far */
	size_t count_max;
	size_t count;
};

/* Nobody who was asked has taken it, or nobody is asked at all. */
static bool is_of_responsibility(const struct sf_next *row)
{
	return row->what == SF_NEXT_ANSWER_OFFER || row->what == SF_NEXT_OFFER_AGAIN ||
	       row->what == SF_NEXT_FIND_RECEIVER;
}

/*
 * A patient who is home without a receiver stands above all paper (DOMAIN.md section 4,
 * IN-TRANSIT), and so does what only people can decide. What needs nobody stands last; a thing
 * without a time can wait less than a day that is far.
 */
static int rank(const struct rows *rows, const struct sf_next *row)
{
	bool home = rows->now->stay.state == SF_STAY_HOME;
	if (row->what == SF_NEXT_WINDOW || row->what == SF_NEXT_DISCHARGE)
		return 5;
	if (row->what == SF_NEXT_DECIDE || (home && is_of_responsibility(row)))
		return 0;
	if (row->overdue)
		return 1;
	if (row->before_ms == SF_NEVER_MS)
		return is_of_responsibility(row) ? 2 : 3;
	return row->before_ms - rows->now_ms <= SF_DAY_MS ? 2 : 4;
}

static bool is_more_urgent(
	const struct rows *rows, const struct sf_next *a, const struct sf_next *b)
{
	int a_rank = rank(rows, a);
	int b_rank = rank(rows, b);
	if (a_rank != b_rank)
		return a_rank < b_rank;
	if (a->before_ms != b->before_ms)
		return a->before_ms < b->before_ms;
	if (a->what != b->what)
		return a->what < b->what;
	if (a->clause != b->clause)
		return a->clause < b->clause;
	return sf_id_compare(a->subject, b->subject) < 0;
}

static void add(struct rows *rows, struct sf_next row)
{
	row.overdue = row.before_ms <= rows->now_ms;
	size_t place = rows->count < rows->count_max ? rows->count : rows->count_max;
	rows->count++;
	while (place > 0 && is_more_urgent(rows, &row, &rows->items[place - 1])) {
		if (place < rows->count_max)
			rows->items[place] = rows->items[place - 1];
		place--;
	}
	if (place < rows->count_max)
		rows->items[place] = row;
}

static enum sf_role role_of(const struct sf_standing *now, struct sf_id party)
{
	const struct sf_member *member = sf_standing_member(now, party);
	return member ? member->role : SF_ROLE_NONE;
}

static uint32_t met_by_kind(const struct rows *rows, const struct sf_obligation *obligation)
{
	const struct sf_expectation *expectation =
		sf_pathway_expectation(rows->terms, obligation->clause);
	return expectation ? expectation->met_by.kind : SF_KIND_NONE;
}

/* Known to be owed: a condition that is not decided yet asks nobody for anything. */
static bool is_owed(const struct rows *rows, const struct sf_obligation *obligation)
{
	return sf_obligation_is_open(obligation) &&
	       (!obligation->undecided || obligation->decides_ms <= rows->now_ms);
}

/* The answer that a clause expects of who the offer is to; NULL when none does. */
static const struct sf_obligation *expected_answer(
	const struct rows *rows, const struct sf_ledger_offer *offer)
{
	for (size_t i = 0; i < rows->now->duties.count; i++) {
		const struct sf_obligation *one = &rows->now->duties.items[i];
		if (is_owed(rows, one) && met_by_kind(rows, one) == SF_KIND_ACCEPT &&
			sf_id_equal(one->owner, offer->to))
			return one;
	}
	return NULL;
}

/* A promise takes nothing from the clause's deadline: whichever comes first. */
static int64_t answered_before_ms(
	const struct sf_ledger_offer *offer, const struct sf_obligation *expected)
{
	int64_t promised_ms = offer->promised_ms ? offer->promised_ms : SF_NEVER_MS;
	int64_t due_ms = expected ? expected->due_ms : SF_NEVER_MS;
	return due_ms < promised_ms ? due_ms : promised_ms;
}

static void add_offers(struct rows *rows)
{
	for (size_t i = 0; i < rows->now->ledger.offer_count; i++) {
		const struct sf_ledger_offer *offer = &rows->now->ledger.offers[i];
		if (offer->state != SF_OFFER_OPEN || sf_id_is_none(offer->to))
			continue;
		const struct sf_obligation *expected = expected_answer(rows, offer);
		add(rows, (struct sf_next){
				  .what = SF_NEXT_ANSWER_OFFER,
				  .role = offer->to_role,
				  .party = offer->to,
				  .subject = offer->id,
				  .clause = expected ? expected->clause : 0,
				  .domains = sf_ledger_offer_remaining(offer),
				  .before_ms = answered_before_ms(offer, expected),
				  .promised_ms = offer->promised_ms,
			  });
	}
}

static bool has_offer_to(const struct rows *rows, struct sf_id party)
{
	for (size_t i = 0; i < rows->now->ledger.offer_count; i++)
		if (rows->now->ledger.offers[i].state == SF_OFFER_OPEN &&
			sf_id_equal(rows->now->ledger.offers[i].to, party))
			return true;
	return false;
}

/* Refused, annulled by a rebinding, or accepted in part: its giver still holds it, and nobody is
 * asked to take it. */
static void add_refused(struct rows *rows)
{
	const struct sf_ledger *ledger = &rows->now->ledger;
	bool home = rows->now->stay.state == SF_STAY_HOME;
	sf_domain_set asked = 0;
	for (size_t i = 0; i < ledger->offer_count; i++)
		asked |= sf_ledger_offer_remaining(&ledger->offers[i]);
	for (size_t i = ledger->offer_count; i-- > 0;) {
		const struct sf_ledger_offer *offer = &ledger->offers[i];
		bool unanswered =
			offer->state == SF_OFFER_REFUSED ||
			((offer->state == SF_OFFER_ANNULLED || offer->state == SF_OFFER_ACCEPTED) &&
				home);
		sf_domain_set left = offer->domains & ~offer->lapsed & ~asked &
				     sf_ledger_held(ledger, offer->from);
		if (!unanswered || left == 0)
			continue;
		asked |= left;
		add(rows, (struct sf_next){
				  .what = SF_NEXT_OFFER_AGAIN,
				  .role = role_of(rows->now, offer->from),
				  .party = offer->from,
				  .subject = offer->id,
				  .domains = left,
				  .before_ms = SF_NEVER_MS,
			  });
	}
}

static enum sf_next_what what_of(const struct rows *rows, const struct sf_obligation *obligation)
{
	if (obligation->duty == SF_DUTY_FIND_RECEIVER)
		return SF_NEXT_FIND_RECEIVER;
	if (obligation->state == SF_TASK_REJECTED)
		return SF_NEXT_OFFER_AGAIN;
	if (met_by_kind(rows, obligation) == SF_KIND_PLAN_ANSWER ||
		obligation->duty == SF_DUTY_PROMISED_ANSWER)
		return SF_NEXT_ANSWER_PLAN;
	return SF_NEXT_OBLIGATION;
}

/* Who was offered it must answer; what is rejected, who asked for it must offer onward. */
static void set_who(
	const struct rows *rows, const struct sf_obligation *obligation, struct sf_next *row)
{
	row->role = obligation->owner_role;
	row->party = obligation->owner;
	if (obligation->offered_role != SF_ROLE_NONE) {
		row->role = obligation->offered_role;
		row->party = sf_standing_party(rows->now, obligation->offered_role);
	} else if (obligation->state == SF_TASK_REJECTED) {
		row->party = sf_id_is_none(obligation->requester) ? rows->now->hospital
								  : obligation->requester;
		row->role = role_of(rows->now, row->party);
	}
}

/* What nobody is bound for: an offer, a window that will end, or a clause that hands over. */
static sf_domain_set domains_to_find_for(
	const struct rows *rows, const struct sf_obligation *obligation)
{
	const struct sf_ledger *ledger = &rows->now->ledger;
	for (size_t i = 0; obligation->clause == 0 && i < ledger->offer_count; i++)
		if (sf_id_equal(ledger->offers[i].id, obligation->subject))
			return sf_ledger_offer_remaining(&ledger->offers[i]);
	struct sf_move moves[SF_MOVES_MAX];
	size_t count = sf_standing_moves(rows->transition, rows->now, moves);
	for (size_t i = 0; i < count; i++)
		if (moves[i].clause == obligation->clause &&
			sf_id_equal(moves[i].subject, obligation->subject))
			return moves[i].domains;
	return 0;
}

/* The offer's own row asks for it already. */
static bool is_answer_to_offer(const struct rows *rows, const struct sf_obligation *obligation)
{
	const struct sf_ledger *ledger = &rows->now->ledger;
	if (met_by_kind(rows, obligation) == SF_KIND_ACCEPT)
		return has_offer_to(rows, obligation->owner);
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (obligation->duty == SF_DUTY_PROMISED_ANSWER &&
			sf_id_equal(ledger->offers[i].promised_by, obligation->subject))
			return true;
	return false;
}

/* True when an answer to the plan is among them. */
static bool add_obligations(struct rows *rows)
{
	bool answers_plan = false;
	for (size_t i = 0; i < rows->now->duties.count; i++) {
		const struct sf_obligation *one = &rows->now->duties.items[i];
		if (!is_owed(rows, one) || is_answer_to_offer(rows, one))
			continue;
		struct sf_next row = {
			.what = what_of(rows, one),
			.duty = one->duty,
			.subject = one->subject,
			.clause = one->clause,
			.before_ms = one->due_ms,
		};
		if (row.what == SF_NEXT_FIND_RECEIVER)
			row.domains = domains_to_find_for(rows, one);
		set_who(rows, one, &row);
		answers_plan = answers_plan || row.what == SF_NEXT_ANSWER_PLAN;
		add(rows, row);
	}
	return answers_plan;
}

static bool is_in_care(const struct sf_standing *now)
{
	return now->stay.state == SF_STAY_IN_HOSPITAL || now->stay.state == SF_STAY_ON_LEAVE;
}

static void add_plan(struct rows *rows)
{
	const struct sf_course *course = &rows->now->course;
	struct sf_next row = {.before_ms = SF_NEVER_MS};
	if (sf_id_is_none(course->plan_message) || !is_in_care(rows->now) || course->no_case)
		return;
	if (sf_id_is_none(course->answer_message)) {
		row.what = SF_NEXT_ANSWER_PLAN;
		row.role = SF_ROLE_MUNICIPALITY;
		row.party = sf_standing_bound(rows->now, SF_ROLE_MUNICIPALITY);
		row.subject = course->plan_message;
	} else if (course->answer.code == SF_PLAN_ANSWER_CANNOT ||
		   course->answer.code == SF_PLAN_ANSWER_NOT_OURS) {
		row.what = SF_NEXT_OFFER_AGAIN;
		row.role = rows->now->hospital_role;
		row.party = rows->now->hospital;
		row.subject = course->answer_message;
	} else {
		return;
	}
	add(rows, row);
}

/* The side that has not named a time; people of both when they named different ones. */
static void add_agree(struct rows *rows)
{
	const struct sf_course *course = &rows->now->course;
	int64_t hospital_ms = course->hospital_agrees_ms;
	int64_t municipality_ms = course->municipality_agrees_ms;
	if (!is_in_care(rows->now) || hospital_ms == municipality_ms)
		return;
	struct sf_next row = {.what = SF_NEXT_AGREE, .before_ms = hospital_ms};
	if (hospital_ms == 0 || (municipality_ms != 0 && municipality_ms < hospital_ms))
		row.before_ms = municipality_ms;
	if (municipality_ms == 0) {
		row.role = SF_ROLE_MUNICIPALITY;
		row.party = sf_standing_bound(rows->now, SF_ROLE_MUNICIPALITY);
	} else if (hospital_ms == 0) {
		row.role = rows->now->hospital_role;
		row.party = rows->now->hospital;
	}
	add(rows, row);
}

bool sf_next_is_of_both_sides(const struct sf_next *next)
{
	return next->what == SF_NEXT_AGREE && sf_id_is_none(next->party) &&
	       next->role == SF_ROLE_NONE;
}

static void add_decisions(struct rows *rows)
{
	const struct sf_course *course = &rows->now->course;
	if (rows->transition->frozen)
		add(rows, (struct sf_next){.what = SF_NEXT_DECIDE, .before_ms = SF_NEVER_MS});
	for (size_t i = 0; i < course->dispute_count; i++)
		add(rows, (struct sf_next){.what = SF_NEXT_DECIDE,
				  .subject = course->disputes[i].message,
				  .before_ms = SF_NEVER_MS});
}

static void add_clocks(struct rows *rows)
{
	const struct sf_standing *now = rows->now;
	for (size_t i = 0; i < now->window_count; i++) {
		const struct sf_window *window = &now->windows[i];
		if (window->state != SF_WINDOW_OPEN && window->state != SF_WINDOW_SUSPENDED)
			continue;
		bool suspended = window->state == SF_WINDOW_SUSPENDED;
		add(rows, (struct sf_next){
				  .what = SF_NEXT_WINDOW,
				  .role = role_of(now, window->holder),
				  .party = window->holder,
				  .subject = window->subject,
				  .clause = window->clause,
				  .domains = SF_DOMAIN_BIT(window->domain),
				  .before_ms = suspended ? SF_NEVER_MS : window->until_ms,
			  });
	}
	int64_t discharge_ms = sf_course_agreed_ms(&now->course);
	if (discharge_ms == 0 && !sf_id_is_none(now->course.plan_message))
		discharge_ms = now->course.plan.discharge.until_ms;
	if (!is_in_care(now) || discharge_ms == 0)
		return;
	add(rows, (struct sf_next){
			  .what = SF_NEXT_DISCHARGE,
			  .role = now->hospital_role,
			  .party = now->hospital,
			  .subject = now->course.plan_message,
			  .before_ms = discharge_ms,
		  });
}

size_t sf_transition_next_all(const struct sf_transition *transition, int64_t now_ms,
	struct sf_next *ret_next, size_t count_max)
{
	struct rows rows = {
		.transition = transition,
		.now = transition->now,
		.terms = sf_standing_terms(transition, transition->now),
		.now_ms = now_ms,
		.items = ret_next,
		.count_max = count_max,
	};
	add_decisions(&rows);
	if (!rows.now->course.closed) {
		add_offers(&rows);
		add_refused(&rows);
		if (!add_obligations(&rows))
			add_plan(&rows);
		add_agree(&rows);
		add_clocks(&rows);
	}
	return rows.count;
}

struct sf_next sf_transition_next(const struct sf_transition *transition, int64_t now_ms)
{
	struct sf_next next = {.what = SF_NEXT_NOTHING, .before_ms = SF_NEVER_MS};
	sf_ignore(sf_transition_next_all(transition, now_ms, &next, 1) > 0);
	return next;
}
