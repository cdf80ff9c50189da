/*
 * Expectations: what clauses ask when something happened (DOMAIN.md sections 6 and 7). One stands
 * while its cause does and its conditions are not known to be false: it is raised, cancelled and
 * owed again by that rule alone, after every step.
 */
#include "core/duty_follow.h"

/* What a clause asks because of one sign, as it stands now. */
struct claim {
	const struct sf_expectation *expectation; /* borrowed */
	const struct sf_sign *sign;               /* borrowed; NULL when it is not kept */
	enum sf_role owner_role;
	struct sf_id owner;
	bool stands;
	bool undecided;
	int64_t decides_ms;
};

/* Duties that outlive the patient: what must be written all the same. */
static bool is_documentation(
	const struct sf_pathway_terms *terms, const struct sf_obligation *obligation)
{
	const struct sf_expectation *expectation =
		sf_pathway_expectation(terms, obligation->clause);
	if (!expectation)
		return obligation->duty == SF_DUTY_DOCUMENTATION;
	return expectation->met_by.kind == SF_KIND_LETTER &&
	       expectation->met_by.detail == SF_LETTER_DISCHARGE_LETTER;
}

/* Nobody owes anything to a stay that never was, or that people have closed. */
static bool is_over(const struct sf_follow *follow, const struct sf_obligation *obligation)
{
	const struct sf_standing *standing = follow->step->standing;
	switch (standing->stay.state) {
	case SF_STAY_ANNULLED:
	case SF_STAY_SUPERSEDED:
	case SF_STAY_CLOSED:
		return true;
	case SF_STAY_DEAD:
		if (!is_documentation(follow->terms, obligation))
			return true;
		break;
	case SF_STAY_NONE:
	case SF_STAY_IN_HOSPITAL:
	case SF_STAY_ON_LEAVE:
	case SF_STAY_HOME:
		break;
	}
	return standing->course.closed;
}

/* Arises from training: its plan, what is done about it, its acceptance. */
static bool is_of_rehabilitation(const struct sf_trigger *trigger)
{
	switch (trigger->kind) {
	case SF_KIND_LETTER:
		return trigger->detail == SF_LETTER_REHABILITATION_PLAN;
	case SF_KIND_OBLIGATION:
		return trigger->detail == SF_DUTY_REHABILITATION;
	case SF_KIND_ACCEPT:
		return trigger->detail == SF_DOMAIN_REHABILITATION + 1;
	default:
		return false;
	}
}

/*
 * DORMANT: what was expected before the municipality had no case, and anything of it since; but
 * training is no case of home care, and is owed without one.
 */
static bool is_dormant(const struct sf_follow *follow, const struct claim *claim)
{
	const struct sf_standing *standing = follow->step->standing;
	if (!standing->course.no_case)
		return false;
	if (!sf_standing_is_dormant(standing) && claim->sign &&
		is_of_rehabilitation(&claim->sign->trigger))
		return false;
	if (sf_id_equal(claim->owner, standing->course.no_case_party))
		return true;
	for (size_t i = 0; claim->sign && i < standing->duties.sign_count; i++) {
		const struct sf_sign *sign = &standing->duties.signs[i];
		if (sign->trigger.kind == SF_KIND_PLAN_ANSWER &&
			sign->trigger.detail == SF_PLAN_ANSWER_NO_CASE &&
			sign->sequence > claim->sign->sequence)
			return true;
	}
	return false;
}

/* Said once of each party. */
static void tell_not_bound(struct sf_step *step, struct sf_id party)
{
	struct sf_duties *duties = &step->standing->duties;
	for (size_t i = 0; i < duties->deviation_count; i++)
		if (duties->deviations[i].code == SF_DEVIATION_NOT_BOUND &&
			sf_id_equal(duties->deviations[i].party, party))
			return;
	size_t before = duties->deviation_count;
	sf_step_deviates(step, SF_DEVIATION_NOT_BOUND);
	if (duties->deviation_count > before)
		duties->deviations[before].party = party;
}

/* A clause obliges who accepted it; who has not is left out, and that is shown. */
static bool is_obliged(const struct sf_follow *follow, struct sf_id owner)
{
	if (sf_id_is_none(owner))
		return false;
	if (sf_standing_is_bound_by(
		    follow->step->transition, follow->step->standing, owner, follow->at_ms))
		return true;
	tell_not_bound(follow->step, owner);
	return false;
}

/*
 * obligation: the instance, or what would be raised. Who is obliged already stays so: an agreement
 * that a party ends rules the transitions that began with it (DOMAIN.md section 7).
 */
static void judge(const struct sf_follow *follow, const struct sf_obligation *obligation,
	bool is_obliged_already, struct claim *claim)
{
	struct sf_standing *standing = follow->step->standing;
	claim->owner = sf_standing_party(standing, claim->owner_role);
	claim->decides_ms = SF_NEVER_MS;
	claim->stands = false;
	if (is_over(follow, obligation) || !sf_sign_stands(follow->step, claim->sign) ||
		is_dormant(follow, claim))
		return;
	enum sf_mark mark = claim->sign ? claim->sign->mark : SF_MARK_NONE;
	enum sf_truth truth = sf_conditions_hold(
		standing, &claim->expectation->conditions, mark, follow->at_ms, &claim->decides_ms);
	claim->undecided = truth == SF_TRUTH_UNDECIDED;
	claim->stands =
		truth != SF_TRUTH_NO && (is_obliged_already || is_obliged(follow, claim->owner));
}

static bool has_done_it(const struct sf_trigger *wanted, const struct sf_trigger *given)
{
	if (sf_trigger_matches(wanted, given))
		return true;
	/* What is completed was begun. */
	struct sf_trigger begun = *given;
	begun.state = SF_TASK_IN_PROGRESS;
	return given->kind == SF_KIND_OBLIGATION && given->state == SF_TASK_COMPLETED &&
	       sf_trigger_matches(wanted, &begun);
}

/* The message by which the owner holds what it should accept; NULL when it does not. */
static const struct sf_id *accepted_by(
	const struct sf_ledger *ledger, const struct sf_trigger *wanted, struct sf_id owner)
{
	for (uint32_t domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		size_t line = ledger->current[domain];
		if ((wanted->detail == 0 || wanted->detail == domain + 1) &&
			line != SF_LEDGER_NO_LINE && sf_id_equal(ledger->lines[line].holder, owner))
			return &ledger->lines[line].basis_message;
	}
	return NULL;
}

/* Since then, or the letter that carried the cause itself: XDIS19 declares readiness by telling it.
 */
static bool is_in_time(const struct sf_sign *sign, const struct sf_sign *cause, uint64_t after)
{
	return sign->sequence > after || sf_id_equal(sign->message, cause->in_reply_to);
}

/*
 * What came before it was asked for: for a stay fact what was said since the stay before it ended,
 * else what was said since the cause.
 */
static const struct sf_id *met_before(const struct sf_follow *follow, const struct claim *claim)
{
	const struct sf_standing *standing = follow->step->standing;
	const struct sf_trigger *wanted = &claim->expectation->met_by;
	if (wanted->kind == SF_KIND_ACCEPT)
		return accepted_by(&standing->ledger, wanted, claim->owner);
	const struct sf_duties *duties = &standing->duties;
	uint64_t after = claim->sign->sequence;
	if (claim->sign->trigger.kind == SF_KIND_STAY) {
		after = 0;
		for (size_t i = 0; i < duties->sign_count; i++)
			if (duties->signs[i].trigger.kind == SF_KIND_STAY &&
				duties->signs[i].trigger.detail == SF_ACTIVITY_DISCHARGE_HOME &&
				duties->signs[i].sequence < claim->sign->sequence)
				after = duties->signs[i].sequence;
	}
	for (size_t i = 0; i < duties->sign_count; i++)
		if (is_in_time(&duties->signs[i], claim->sign, after) &&
			!duties->signs[i].superseded &&
			sf_id_equal(duties->signs[i].author, claim->owner) &&
			has_done_it(wanted, &duties->signs[i].trigger))
			return &duties->signs[i].message;
	return NULL;
}

/*
 * For its own duties a fact counts from when it happened; nobody else is burdened by what it was
 * told late (DOMAIN.md section 2).
 */
static int64_t base_of(const struct sf_follow *follow, const struct claim *claim)
{
	const struct sf_stay *stay = &follow->step->standing->stay;
	const struct sf_sign *sign = claim->sign;
	if (!sf_id_equal(sign->author, claim->owner))
		return follow->at_ms;
	int64_t occurred_ms = sign->occurred_ms;
	if (sf_id_equal(stay->discharge, sign->message))
		occurred_ms = stay->discharged_ms;
	return occurred_ms != 0 && occurred_ms < sign->recorded_ms ? occurred_ms
								   : sign->recorded_ms;
}

static bool is_raised(const struct sf_duties *duties, uint32_t clause, struct sf_id subject)
{
	for (size_t i = 0; i < duties->count; i++)
		if (duties->items[i].clause == clause &&
			duties->items[i].duty == SF_DUTY_EXPECTATION &&
			sf_id_equal(duties->items[i].subject, subject))
			return true;
	return false;
}

/* False when there is no room for it. */
static bool raise_one(const struct sf_follow *follow, uint32_t clause, const struct sf_sign *sign)
{
	struct claim claim = {
		.expectation = sf_pathway_expectation(follow->terms, clause),
		.sign = sign,
		.owner_role = sf_pathway_expectation(follow->terms, clause)->owner,
	};
	struct sf_obligation wanted = {
		.subject = sign->message,
		.clause = clause,
		.duty = SF_DUTY_EXPECTATION,
		.state = SF_TASK_REQUESTED,
		.owner_role = claim.owner_role,
		.stated_due_ms = SF_NEVER_MS,
	};
	judge(follow, &wanted, false, &claim);
	if (!claim.stands)
		return true;
	wanted.owner = claim.owner;
	wanted.base_ms = base_of(follow, &claim);
	wanted.undecided = claim.undecided;
	struct sf_obligation *raised = sf_duty_raise(follow->step, &wanted);
	if (!raised)
		return false;
	raised->decides_ms = claim.decides_ms;
	const struct sf_id *met_by = met_before(follow, &claim);
	if (met_by)
		sf_obligation_meet(follow->step, raised, *met_by);
	return true;
}

static bool raise_from(const struct sf_follow *follow, const struct sf_sign *sign)
{
	const struct sf_duties *duties = &follow->step->standing->duties;
	for (size_t n = 0; n < follow->terms->expectation_count; n++) {
		uint32_t clause = SF_CLAUSE_EXPECTATION + (uint32_t)n;
		if (sf_trigger_matches(&follow->terms->expectations[n].arises_on, &sign->trigger) &&
			!is_raised(duties, clause, sign->message) &&
			!raise_one(follow, clause, sign))
			return false;
	}
	return true;
}

void sf_expectations_raise(const struct sf_follow *follow)
{
	const struct sf_duties *duties = &follow->step->standing->duties;
	bool fits = true;
	for (size_t i = 0; follow->terms && fits && i < duties->sign_count; i++)
		fits = raise_from(follow, &duties->signs[i]);
}

static void park(struct sf_obligation *obligation, int64_t at_ms)
{
	enum sf_task_state state = obligation->state;
	sf_obligation_become(obligation, SF_TASK_CANCELLED, at_ms);
	obligation->parked = state;
}

/* Owed again: the time it was not owed is nobody's delay. */
static void revive(struct sf_obligation *obligation, int64_t at_ms)
{
	sf_obligation_become(obligation, obligation->parked, at_ms);
	sf_obligation_restart(obligation, at_ms);
}

static void rejudge_claim(
	const struct sf_follow *follow, struct sf_obligation *obligation, bool has_new_owner)
{
	struct claim claim = {
		.expectation = sf_pathway_expectation(follow->terms, obligation->clause),
		.sign = sf_standing_sign(follow->step->standing, obligation->subject),
		.owner_role = obligation->owner_role,
	};
	bool open = sf_obligation_is_open(obligation);
	judge(follow, obligation, open && !has_new_owner, &claim);
	if (open && !claim.stands) {
		park(obligation, follow->at_ms);
		return;
	}
	if (!claim.stands || (!open && obligation->parked == SF_TASK_STATE_NONE))
		return;
	if (!open) {
		revive(obligation, follow->at_ms);
		obligation->owner = claim.owner;
		if (claim.sign)
			obligation->base_ms = base_of(follow, &claim);
	}
	obligation->undecided = claim.undecided;
	obligation->decides_ms = claim.decides_ms;
}

void sf_expectation_rejudge(
	const struct sf_follow *follow, struct sf_obligation *obligation, bool has_new_owner)
{
	bool open = sf_obligation_is_open(obligation);
	if (obligation->duty == SF_DUTY_FIND_RECEIVER || obligation->duty == SF_DUTY_TELL_RECEIVER)
		return;
	if (sf_pathway_expectation(follow->terms, obligation->clause))
		rejudge_claim(follow, obligation, has_new_owner);
	else if (open && is_over(follow, obligation))
		park(obligation, follow->at_ms);
	else if (!open && obligation->parked != SF_TASK_STATE_NONE && !is_over(follow, obligation))
		revive(obligation, follow->at_ms);
}

/* By this step's fact, or by holding the domain that it should take. */
void sf_expectation_meet(const struct sf_follow *follow, struct sf_obligation *obligation)
{
	struct sf_step *step = follow->step;
	const struct sf_expectation *expectation =
		sf_pathway_expectation(follow->terms, obligation->clause);
	if (!expectation)
		return;
	if (expectation->met_by.kind == SF_KIND_ACCEPT) {
		const struct sf_id *by = accepted_by(
			&step->standing->ledger, &expectation->met_by, obligation->owner);
		if (by)
			sf_obligation_meet(step, obligation, *by);
		return;
	}
	struct sf_trigger triggers[SF_STEP_TRIGGERS_MAX];
	size_t count = sf_step_triggers(step, triggers);
	for (size_t i = 0; i < count; i++)
		if (has_done_it(&expectation->met_by, &triggers[i]) &&
			sf_id_equal(step->message->author, obligation->owner) &&
			!sf_id_equal(step->message->id, obligation->subject)) {
			sf_obligation_meet(step, obligation, step->message->id);
			return;
		}
}
