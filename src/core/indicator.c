#include "core/indicator.h"

#include "base/time.h"
#include "core/transition_state.h"

/* DOMAIN.md section 9: attendances at most so far apart are one stay, and an admission lasts. */
#define ONE_STAY_MS (4 * SF_HOUR_MS)
#define ADMISSION_MS (12 * SF_HOUR_MS)
/* Lov om ændring, 2016-1737 (MEDCOM.md, payment): the state's rate changes from the third day. */
#define DAYS_AT_FIRST_RATE 2

const char *sf_indicator_text(enum sf_indicator indicator)
{
	switch ((uint32_t)indicator) {
#define X(name, value, text, form, unit)                                                           \
	case name:                                                                                 \
		return text;
		SF_INDICATOR_LIST(X)
#undef X
	}
	return "unknown";
}

const char *sf_indicator_unit(enum sf_indicator indicator)
{
	switch ((uint32_t)indicator) {
#define X(name, value, text, form, unit)                                                           \
	case name:                                                                                 \
		return unit;
		SF_INDICATOR_LIST(X)
#undef X
	}
	return "unknown";
}

enum sf_indicator_form sf_indicator_form(enum sf_indicator indicator)
{
	switch ((uint32_t)indicator) {
#define X(name, value, text, form, unit)                                                           \
	case name:                                                                                 \
		return SF_FORM_##form;
		SF_INDICATOR_LIST(X)
#undef X
	}
	return SF_FORM_COUNT;
}

const char *sf_indicator_definition(enum sf_indicator indicator)
{
	/* clang-format off */
	static const char *const definitions[SF_INDICATOR_COUNT] = {
		[SF_INDICATOR_STAYS] = "hospital stays of at least 12 hours; attendances at most 4 hours apart are one stay (DOMAIN 9)",
		[SF_INDICATOR_READY_DAYS] = "midnights between declared readiness and discharge, without those after a withdrawal (DOMAIN 9)",
		[SF_INDICATOR_PAYMENT_REGION] = "ready days at the region's day rate of the agreement's payment clause; an estimate, no invoice (sundhedsloven 238)",
		[SF_INDICATOR_PAYMENT_STATE] = "ready days at the state's day rate, from the third day its rate from day 3; an estimate, no invoice (retsinformation.dk/eli/lta/2016/1737)",
		[SF_INDICATOR_READMISSION_30] = "discharges home followed by an admission of the same person within 30 days, of all discharges home; every admission counts, planned ones too, where DOMAIN 9 says acute (DOMAIN 4 and 9)",
		[SF_INDICATOR_LETTER_IN_TIME] = "discharge letters sent before the deadline of their clause, of those sent or due by now (clause met by letter.discharge-letter)",
		[SF_INDICATOR_REHABILITATION] = "days from the rehabilitation plan, or what its clause names, until rehabilitation began (clause met by obligation.rehabilitation)",
		[SF_INDICATOR_REPORT_IN_TIME] = "admission reports sent before the deadline of their clause, of those sent or due by now (clause met by letter.admission-report)",
		[SF_INDICATOR_PLANNED] = "discharges with a plan or care plan recorded before them, of all discharges (DOMAIN 9)",
		[SF_INDICATOR_PLAN_LEAD] = "hours from the first plan or care plan to the discharge, where one came before it (DOMAIN 9)",
		[SF_INDICATOR_LATE_CHANGES] = "plans and agreed times changed after the agreement's cut-off hour without a recorded call (DOMAIN 4)",
		[SF_INDICATOR_UNACCEPTED] = "minutes from the discharge until everything it offered was accepted; still open counts until the newest event (DOMAIN 5)",
		[SF_INDICATOR_WINDOW_QUESTIONS] = "questions asked while a window ran after the discharge (DOMAIN 9)",
		[SF_INDICATOR_ACK_TIME] = "minutes from sending a message until its recipient's final acknowledgement (DOMAIN 8)",
		[SF_INDICATOR_RESENDS] = "messages sent again by their author (DOMAIN 8)",
		[SF_INDICATOR_FATAL_ERRORS] = "messages answered with fatal-error (DOMAIN 8)",
		[SF_INDICATOR_CANCELLATIONS] = "hospital notifications that cancel an earlier one (MedCom AN_ codes)",
		[SF_INDICATOR_CLOSED_BY_HAND] = "transitions that a person closed because their end never came (DOMAIN 2, close)",
	};
	/* clang-format on */
	if (indicator < SF_INDICATOR_STAYS || indicator >= SF_INDICATOR_COUNT)
		return "unknown";
	return definitions[indicator];
}

static void add(
	struct sf_measures *measures, enum sf_indicator indicator, int64_t count, int64_t total)
{
	struct sf_measure *measure = &measures->items[indicator];
	measure->cases++;
	measure->count += count;
	measure->total += total;
}

int64_t sf_indicator_period_ms(const struct sf_transition *transition)
{
	const struct sf_stay *stay = &transition->now->stay;
	bool over = stay->state == SF_STAY_HOME || stay->state == SF_STAY_DEAD;
	return over && stay->discharged_ms != 0 ? stay->discharged_ms : SF_NEVER_MS;
}

static bool is_stay_sign(const struct sf_sign *sign, bool admits)
{
	if (sign->trigger.kind != SF_KIND_STAY)
		return false;
	if (!admits)
		return sign->trigger.detail == SF_ACTIVITY_DISCHARGE_HOME;
	return sign->trigger.detail == SF_ACTIVITY_ADMIT_EMERGENCY ||
	       sign->trigger.detail == SF_ACTIVITY_ADMIT_INPATIENT;
}

/* What was cancelled was no attendance and no discharge. */
static bool stands(const struct sf_transition *transition, struct sf_id message)
{
	for (size_t i = 0; i < transition->entry_count; i++)
		if (sf_id_equal(transition->entries[i].message_id, message))
			return transition->marks[i] == SF_STAY_MARK_APPLIED ||
			       transition->marks[i] == SF_STAY_MARK_REVISED;
	return false;
}

/* The next admission or discharge after after_ms that stands; SF_NEVER_MS when none does. */
static int64_t first_sign_ms(const struct sf_transition *transition, bool admits, int64_t after_ms)
{
	const struct sf_standing *now = transition->now;
	int64_t first_ms = SF_NEVER_MS;
	for (size_t i = 0; i < now->duties.sign_count; i++) {
		const struct sf_sign *sign = &now->duties.signs[i];
		/* The newest discharge is when its last correction says. */
		int64_t at_ms = sf_id_equal(sign->message, now->stay.discharge)
					? now->stay.discharged_ms
					: sign->occurred_ms;
		if (is_stay_sign(sign, admits) && at_ms > after_ms && at_ms < first_ms &&
			stands(transition, sign->message))
			first_ms = at_ms;
	}
	return first_ms;
}

static void add_stays(const struct sf_transition *transition, struct sf_measures *measures)
{
	const struct sf_standing *now = transition->now;
	int64_t from_ms = now->stay.admitted_ms;
	int64_t end_ms = now->stay.discharged_ms;
	int64_t stays = 0;
	for (int64_t left_ms = from_ms; from_ms != 0 && left_ms < end_ms;) {
		left_ms = first_sign_ms(transition, false, left_ms);
		if (left_ms > end_ms)
			left_ms = end_ms;
		int64_t back_ms = first_sign_ms(transition, true, left_ms);
		if (left_ms < end_ms && back_ms < end_ms && back_ms - left_ms <= ONE_STAY_MS)
			continue;
		stays += left_ms - from_ms >= ADMISSION_MS ? 1 : 0;
		from_ms = back_ms;
		if (back_ms >= end_ms)
			break;
	}
	add(measures, SF_INDICATOR_STAYS, stays, 0);
}

static int64_t ready_days(const struct sf_standing *now)
{
	int64_t days = 0;
	for (size_t i = 0; i < now->course.ready_period_count; i++) {
		const struct sf_ready_period *period = &now->course.ready_periods[i];
		int64_t until_ms = period->until_ms < now->stay.discharged_ms
					   ? period->until_ms
					   : now->stay.discharged_ms;
		if (until_ms > period->from_ms)
			days += sf_zone_local(now->zone, until_ms).day -
				sf_zone_local(now->zone, period->from_ms).day;
	}
	return days;
}

static void add_ready_days(const struct sf_standing *now, const struct sf_pathway_terms *terms,
	struct sf_measures *measures)
{
	if (now->course.ready_period_count == 0)
		return;
	int64_t days = ready_days(now);
	int64_t waited = days > 0 ? 1 : 0;
	add(measures, SF_INDICATOR_READY_DAYS, waited, days);
	if (!terms || terms->payment.clause.citation[0] == '\0')
		return;
	const struct sf_payment *payment = &terms->payment;
	int64_t first_days = days < DAYS_AT_FIRST_RATE ? days : DAYS_AT_FIRST_RATE;
	add(measures, SF_INDICATOR_PAYMENT_REGION, waited, days * payment->region_day_rate);
	add(measures, SF_INDICATOR_PAYMENT_STATE, waited,
		first_days * payment->state_day_rate +
			(days - first_days) * payment->state_day_rate_from_day_3);
}

/* The newest that was owed by a clause met by such a fact; NULL when none was. */
static const struct sf_obligation *owed_for(const struct sf_standing *now,
	const struct sf_pathway_terms *terms, uint32_t kind, uint32_t detail)
{
	const struct sf_obligation *found = NULL;
	for (size_t i = 0; i < now->duties.count; i++) {
		const struct sf_obligation *one = &now->duties.items[i];
		const struct sf_expectation *expectation =
			sf_pathway_expectation(terms, one->clause);
		if (expectation && one->state != SF_TASK_CANCELLED &&
			expectation->met_by.kind == kind && expectation->met_by.detail == detail)
			found = one;
	}
	return found;
}

/* Owed still, and not late yet: whether it comes in time is not known. */
static bool may_come_in_time(
	const struct sf_transition *transition, const struct sf_obligation *owed)
{
	return sf_obligation_is_open(owed) && owed->expired_ms == 0 &&
	       !transition->now->course.closed && owed->due_ms > transition->recorded_ms;
}

static void add_in_time(const struct sf_transition *transition,
	const struct sf_pathway_terms *terms, enum sf_letter_code letter,
	enum sf_indicator indicator, struct sf_measures *measures)
{
	const struct sf_obligation *owed =
		owed_for(transition->now, terms, SF_KIND_LETTER, (uint32_t)letter);
	if (!owed || may_come_in_time(transition, owed))
		return;
	bool in_time = owed->state == SF_TASK_COMPLETED && owed->expired_ms == 0 &&
		       owed->ended_ms <= owed->due_ms;
	add(measures, indicator, in_time ? 1 : 0, 0);
}

static void add_rehabilitation(const struct sf_standing *now, const struct sf_pathway_terms *terms,
	struct sf_measures *measures)
{
	const struct sf_obligation *owed =
		owed_for(now, terms, SF_KIND_OBLIGATION, SF_DUTY_REHABILITATION);
	if (!owed || owed->state != SF_TASK_COMPLETED)
		return;
	int64_t days = sf_zone_local(now->zone, owed->ended_ms).day -
		       sf_zone_local(now->zone, owed->base_ms).day;
	add(measures, SF_INDICATOR_REHABILITATION, 1, days);
}

static int64_t first_plan_ms(const struct sf_standing *now)
{
	int64_t first_ms = now->course.first_plan_ms == 0 ? SF_NEVER_MS : now->course.first_plan_ms;
	for (size_t i = 0; i < now->duties.sign_count; i++) {
		const struct sf_sign *sign = &now->duties.signs[i];
		if (sign->trigger.kind == SF_KIND_LETTER &&
			sign->trigger.detail == SF_LETTER_CARE_PLAN && sign->recorded_ms < first_ms)
			first_ms = sign->recorded_ms;
	}
	return first_ms;
}

static void add_plan(const struct sf_standing *now, struct sf_measures *measures)
{
	int64_t first_ms = first_plan_ms(now);
	bool planned = first_ms < now->stay.discharged_ms;
	add(measures, SF_INDICATOR_PLANNED, planned ? 1 : 0, 0);
	if (planned)
		add(measures, SF_INDICATOR_PLAN_LEAD, 1,
			(now->stay.discharged_ms - first_ms) / SF_MINUTE_MS);
	add(measures, SF_INDICATOR_LATE_CHANGES, now->course.late_change_count, 0);
}

/* When somebody else than who offered the domain first held it; SF_NEVER_MS: nobody has. */
static int64_t relieved_ms(
	const struct sf_ledger *ledger, const struct sf_ledger_offer *offer, enum sf_domain domain)
{
	for (size_t i = 0; i < ledger->line_count; i++)
		if (ledger->lines[i].domain == domain &&
			ledger->lines[i].sequence > offer->sequence &&
			!sf_id_equal(ledger->lines[i].holder, offer->from))
			return ledger->lines[i].from_ms;
	return SF_NEVER_MS;
}

/*
 * An answer closes the offer, and not the wait: what was refused or taken in part is waited for
 * until another offer of it is accepted. The newest event while it is not; what its giver has taken
 * back nobody waits for.
 */
static void add_unaccepted(const struct sf_transition *transition, struct sf_measures *measures)
{
	const struct sf_standing *now = transition->now;
	int64_t longest_ms = -1;
	for (size_t i = 0; i < now->ledger.offer_count * SF_DOMAIN_COUNT; i++) {
		const struct sf_ledger_offer *offer = &now->ledger.offers[i / SF_DOMAIN_COUNT];
		enum sf_domain domain = (enum sf_domain)(i % SF_DOMAIN_COUNT);
		if (!sf_id_equal(offer->id, now->stay.discharge) ||
			!(offer->domains & SF_DOMAIN_BIT(domain)))
			continue;
		int64_t taken_ms = relieved_ms(&now->ledger, offer, domain);
		if (taken_ms == SF_NEVER_MS && (offer->lapsed & SF_DOMAIN_BIT(domain)))
			continue;
		if (taken_ms == SF_NEVER_MS)
			taken_ms = transition->recorded_ms;
		int64_t waited_ms = taken_ms - now->stay.discharged_ms;
		if (waited_ms < 0)
			waited_ms = 0;
		if (waited_ms > longest_ms)
			longest_ms = waited_ms;
	}
	if (longest_ms >= 0)
		add(measures, SF_INDICATOR_UNACCEPTED, 1, longest_ms / SF_MINUTE_MS);
}

static void add_window_questions(const struct sf_standing *now, struct sf_measures *measures)
{
	int64_t questions = 0;
	for (size_t i = 0; i < now->duties.sign_count; i++) {
		const struct sf_sign *sign = &now->duties.signs[i];
		bool inside = false;
		for (size_t w = 0; w < now->window_count; w++) {
			const struct sf_window *window = &now->windows[w];
			int64_t end_ms = window->ended_ms ? window->ended_ms : SF_NEVER_MS;
			inside = inside || (window->state != SF_WINDOW_ANNULLED &&
						   sign->recorded_ms >= window->from_ms &&
						   sign->recorded_ms < end_ms);
		}
		questions += inside && sign->trigger.kind == SF_KIND_QUESTION ? 1 : 0;
	}
	if (now->window_count > 0)
		add(measures, SF_INDICATOR_WINDOW_QUESTIONS, questions, 0);
}

static void add_deliveries(
	const struct sf_delivery_measures *deliveries, struct sf_measures *measures)
{
	if (!deliveries)
		return;
	if (deliveries->acknowledged_count > 0)
		add(measures, SF_INDICATOR_ACK_TIME, deliveries->acknowledged_count,
			deliveries->acknowledged_total_ms / SF_MINUTE_MS);
	if (deliveries->message_count == 0)
		return;
	add(measures, SF_INDICATOR_RESENDS, deliveries->resend_count, 0);
	add(measures, SF_INDICATOR_FATAL_ERRORS, deliveries->fatal_count, 0);
}

static void add_cancellations(const struct sf_transition *transition, struct sf_measures *measures)
{
	int64_t cancelled = 0;
	for (size_t i = 0; i < transition->entry_count; i++)
		cancelled += transition->entries[i].fact.mode == SF_MODE_CANCEL ? 1 : 0;
	add(measures, SF_INDICATOR_CANCELLATIONS, cancelled, 0);
}

static void add_readmission(const struct sf_standing *now, struct sf_measures *measures)
{
	enum sf_link_kind link = now->course.link;
	if (now->stay.state == SF_STAY_HOME)
		add(measures, SF_INDICATOR_READMISSION_30,
			link == SF_LINK_READMITTED || link == SF_LINK_CONTINUED_IN ? 1 : 0, 0);
}

void sf_indicator_add(const struct sf_transition *transition,
	const struct sf_delivery_measures *deliveries, struct sf_measures *measures)
{
	const struct sf_standing *now = transition->now;
	const struct sf_pathway_terms *terms = sf_standing_terms(transition, now);
	if (sf_indicator_period_ms(transition) == SF_NEVER_MS)
		return;
	add_stays(transition, measures);
	add_ready_days(now, terms, measures);
	add_readmission(now, measures);
	add_in_time(transition, terms, SF_LETTER_DISCHARGE_LETTER, SF_INDICATOR_LETTER_IN_TIME,
		measures);
	add_in_time(transition, terms, SF_LETTER_ADMISSION_REPORT, SF_INDICATOR_REPORT_IN_TIME,
		measures);
	add_rehabilitation(now, terms, measures);
	add_plan(now, measures);
	add_unaccepted(transition, measures);
	add_window_questions(now, measures);
	add_deliveries(deliveries, measures);
	add_cancellations(transition, measures);
	add(measures, SF_INDICATOR_CLOSED_BY_HAND, now->course.close_code != SF_CLOSE_NONE ? 1 : 0,
		0);
}

void sf_measures_add(struct sf_measures *sum, const struct sf_measures *other)
{
	for (size_t i = 0; i < SF_INDICATOR_COUNT; i++) {
		sum->items[i].cases += other->items[i].cases;
		sum->items[i].count += other->items[i].count;
		sum->items[i].total += other->items[i].total;
	}
}

static bool is_few(int64_t count)
{
	return count > 0 && count < SF_CELL_MIN;
}

bool sf_measure_is_small(enum sf_indicator indicator, const struct sf_measure *measure)
{
	if (is_few(measure->cases))
		return true;
	/* Of transitions, so that those without it are counted as well. */
	bool parts = sf_indicator_form(indicator) == SF_FORM_SHARE ||
		     indicator == SF_INDICATOR_CLOSED_BY_HAND;
	if (parts && is_few(measure->cases - measure->count))
		return true;
	/* The mean of many is that of nobody. */
	return sf_indicator_form(indicator) != SF_FORM_MEAN && is_few(measure->count);
}

bool sf_measure_figure(
	enum sf_indicator indicator, const struct sf_measure *measure, double *ret_figure)
{
	if (measure->cases <= 0 || sf_measure_is_small(indicator, measure))
		return false;
	double total = (double)measure->total;
	switch (sf_indicator_form(indicator)) {
	case SF_FORM_COUNT:
		*ret_figure = (double)measure->count;
		return true;
	case SF_FORM_SUM:
		*ret_figure = total;
		return true;
	case SF_FORM_MEAN:
		if (measure->count == 0)
			return false;
		/* Kept in minutes, and shown in hours. */
		*ret_figure = total / (double)measure->count /
			      (indicator == SF_INDICATOR_PLAN_LEAD ? 60.0 : 1.0);
		return true;
	case SF_FORM_SHARE:
		*ret_figure = 100.0 * (double)measure->count / (double)measure->cases;
		return true;
	}
	return false;
}
