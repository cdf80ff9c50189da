/*
 * Expectations: what clauses ask when something happened (DOMAIN.md sections 6 and 7). One stands
 * while its cause does and its conditions are not known to be false: it is raised, cancelled and
 * owed again by that rule alone, after every step.
 */
#include "core/transition_state.h"

struct follow {
	struct sf_step *step;                 /* borrowed */
	const struct sf_agreement *agreement; /* borrowed; NULL */
	const struct sf_pathway_terms *terms; /* borrowed; NULL */
	int64_t at_ms;
};

/* What a clause asks because of one sign, as it stands now. */
struct claim {
	uint32_t clause;
	const struct sf_expectation *expectation; /* borrowed */
	const struct sf_sign *sign;               /* borrowed; NULL when it is not kept */
	enum sf_role owner_role;
	struct sf_id owner;
	bool stands;
	bool undecided;
	int64_t decides_ms;
};

static const struct sf_expectation *expectation_of(
	const struct sf_pathway_terms *terms, uint32_t clause)
{
	bool is_one = terms && clause >= SF_CLAUSE_EXPECTATION &&
		      clause - SF_CLAUSE_EXPECTATION < terms->expectation_count;
	return is_one ? &terms->expectations[clause - SF_CLAUSE_EXPECTATION] : NULL;
}

/* Duties that outlive the patient: what must be written all the same. */
static bool is_documentation(
	const struct sf_pathway_terms *terms, const struct sf_obligation *obligation)
{
	const struct sf_expectation *expectation = expectation_of(terms, obligation->clause);
	if (!expectation)
		return obligation->duty == SF_DUTY_DOCUMENTATION;
	return expectation->met_by.kind == SF_KIND_LETTER &&
	       expectation->met_by.detail == SF_LETTER_DISCHARGE_LETTER;
}

/* Nobody owes anything to a stay that never was, or that people have closed. */
static bool is_over(const struct follow *follow, const struct sf_obligation *obligation)
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

/* DORMANT: what was expected before the municipality had no case, and anything of it since. */
static bool is_dormant(const struct follow *follow, const struct claim *claim)
{
	const struct sf_standing *standing = follow->step->standing;
	if (!standing->course.no_case)
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
static bool is_obliged(const struct follow *follow, struct sf_id owner)
{
	if (sf_id_is_none(owner))
		return false;
	if (sf_standing_is_bound_by(
		    follow->step->transition, follow->step->standing, owner, follow->at_ms))
		return true;
	tell_not_bound(follow->step, owner);
	return false;
}

/* obligation: the instance, or what would be raised. */
static void judge(
	const struct follow *follow, const struct sf_obligation *obligation, struct claim *claim)
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
	claim->stands = truth != SF_TRUTH_NO && is_obliged(follow, claim->owner);
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

/*
 * What came before it was asked for: for a stay fact what was said since the stay before it ended,
 * else what was said since the cause.
 */
static const struct sf_id *met_before(const struct follow *follow, const struct claim *claim)
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
		if (duties->signs[i].sequence > after && !duties->signs[i].superseded &&
			sf_id_equal(duties->signs[i].author, claim->owner) &&
			has_done_it(wanted, &duties->signs[i].trigger))
			return &duties->signs[i].message;
	return NULL;
}

/*
 * For its own duties a fact counts from when it happened; nobody else is burdened by what it was
 * told late (DOMAIN.md section 2).
 */
static int64_t base_of(const struct follow *follow, const struct claim *claim)
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

static void raise_one(const struct follow *follow, uint32_t clause, const struct sf_sign *sign)
{
	struct claim claim = {
		.clause = clause,
		.expectation = expectation_of(follow->terms, clause),
		.sign = sign,
		.owner_role = expectation_of(follow->terms, clause)->owner,
	};
	struct sf_obligation wanted = {
		.subject = sign->message,
		.clause = clause,
		.duty = SF_DUTY_EXPECTATION,
		.state = SF_TASK_REQUESTED,
		.owner_role = claim.owner_role,
		.stated_due_ms = SF_NEVER_MS,
	};
	judge(follow, &wanted, &claim);
	if (!claim.stands)
		return;
	wanted.owner = claim.owner;
	wanted.base_ms = base_of(follow, &claim);
	wanted.undecided = claim.undecided;
	struct sf_obligation *raised = sf_duty_raise(follow->step, &wanted);
	if (!raised)
		return;
	raised->decides_ms = claim.decides_ms;
	const struct sf_id *met_by = met_before(follow, &claim);
	if (met_by)
		sf_obligation_meet(follow->step, raised, *met_by);
}

static void raise_all(const struct follow *follow)
{
	const struct sf_duties *duties = &follow->step->standing->duties;
	for (size_t i = 0; follow->terms && i < duties->sign_count; i++)
		for (size_t n = 0; n < follow->terms->expectation_count; n++) {
			const struct sf_sign *sign = &duties->signs[i];
			uint32_t clause = SF_CLAUSE_EXPECTATION + (uint32_t)n;
			if (sf_trigger_matches(
				    &follow->terms->expectations[n].arises_on, &sign->trigger) &&
				!is_raised(duties, clause, sign->message))
				raise_one(follow, clause, sign);
		}
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

static void rejudge_claim(const struct follow *follow, struct sf_obligation *obligation)
{
	struct claim claim = {
		.clause = obligation->clause,
		.expectation = expectation_of(follow->terms, obligation->clause),
		.sign = sf_standing_sign(follow->step->standing, obligation->subject),
		.owner_role = obligation->owner_role,
	};
	judge(follow, obligation, &claim);
	bool open = sf_obligation_is_open(obligation);
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

static void rejudge(const struct follow *follow, struct sf_obligation *obligation)
{
	bool open = sf_obligation_is_open(obligation);
	if (obligation->duty == SF_DUTY_FIND_RECEIVER || obligation->duty == SF_DUTY_TELL_RECEIVER)
		return;
	if (expectation_of(follow->terms, obligation->clause))
		rejudge_claim(follow, obligation);
	else if (open && is_over(follow, obligation))
		park(obligation, follow->at_ms);
	else if (!open && obligation->parked != SF_TASK_STATE_NONE && !is_over(follow, obligation))
		revive(obligation, follow->at_ms);
}

/* The role is bound to another: it starts anew, and has promised nothing yet. */
static void reread_owner(const struct follow *follow, struct sf_obligation *obligation)
{
	struct sf_id owner = sf_standing_party(follow->step->standing, obligation->owner_role);
	if (sf_id_equal(owner, obligation->owner))
		return;
	obligation->owner = owner;
	if (sf_id_is_none(owner))
		return;
	sf_obligation_restart(obligation, follow->at_ms);
	if (obligation->state != SF_TASK_REJECTED && obligation->state != SF_TASK_REFERRED_ONWARD)
		sf_obligation_become(obligation, SF_TASK_REQUESTED, follow->at_ms);
}

/* By this step's fact, or by holding the domain that it should take. */
static void meet(const struct follow *follow, const struct sf_expectation *expectation,
	struct sf_obligation *obligation)
{
	struct sf_step *step = follow->step;
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

/* DOMAIN.md section 2: an intent finds documents that were never sent; the discharge ends it. */
static void meet_intent(const struct follow *follow, struct sf_obligation *obligation)
{
	const struct sf_message *message = follow->step->message;
	if (obligation->duty != SF_DUTY_SEND_DOCUMENTS)
		return;
	struct sf_trigger triggers[SF_STEP_TRIGGERS_MAX];
	if (message->fact.kind == SF_KIND_INTENT)
		sf_obligation_become(obligation, SF_TASK_CANCELLED, follow->at_ms);
	else if (sf_step_triggers(follow->step, triggers) == 1 &&
		 triggers[0].kind == SF_KIND_STAY &&
		 triggers[0].detail == SF_ACTIVITY_DISCHARGE_HOME)
		sf_obligation_meet(follow->step, obligation, message->id);
}

static void raise_intent(const struct follow *follow)
{
	struct sf_step *step = follow->step;
	int64_t expected_ms = step->message->fact.intent.expected_ms;
	sf_ignore(sf_duty_raise(step,
			  &(struct sf_obligation){
				  .subject = step->message->id,
				  .duty = SF_DUTY_SEND_DOCUMENTS,
				  .state = SF_TASK_REQUESTED,
				  .owner_role = step->standing->hospital_role,
				  .owner = step->standing->hospital,
				  .requester = step->message->author,
				  .base_ms = follow->at_ms,
				  .stated_due_ms = expected_ms > 0 ? expected_ms : SF_NEVER_MS,
			  }) != NULL);
}

/* What was asked for in the transition before this one goes on here. */
static void raise_carried(const struct follow *follow)
{
	const struct sf_derived *linked = &follow->step->message->fact.derived;
	if (linked->link != SF_LINK_CONTINUES)
		return;
	for (size_t i = 0; i < linked->carried_count && i < SF_CARRIED_MAX; i++) {
		const struct sf_carried *carried = &linked->carried[i];
		sf_ignore(sf_duty_raise(follow->step,
				  &(struct sf_obligation){
					  .subject = carried->subject,
					  .duty = carried->duty,
					  .state = SF_TASK_REQUESTED,
					  .owner_role = carried->owner,
					  .owner = sf_standing_party(
						  follow->step->standing, carried->owner),
					  .requester = follow->step->standing->hospital,
					  .base_ms = follow->at_ms,
					  .stated_due_ms = carried->due_ms > 0 ? carried->due_ms
									       : SF_NEVER_MS,
				  }) != NULL);
	}
}

/* A person has it in hand: who called about it says so by naming it. */
static void see_fallback(const struct follow *follow, struct sf_obligation *obligation)
{
	const struct sf_message *message = follow->step->message;
	if (message->fact.kind != SF_KIND_FALLBACK || sf_id_is_none(message->in_reply_to) ||
		!sf_id_equal(message->in_reply_to, obligation->subject))
		return;
	obligation->alarm_seen = true;
	obligation->seen_by = message->author;
}

/*
 * Clauses of other terms have other numbers: what they asked is not owed any more, and what was
 * done is kept without its number.
 */
static void retire(const struct follow *follow, struct sf_obligation *obligation)
{
	if (obligation->duty != SF_DUTY_EXPECTATION || obligation->clause == 0)
		return;
	if (sf_obligation_is_open(obligation))
		sf_obligation_become(obligation, SF_TASK_CANCELLED, follow->at_ms);
	obligation->parked = SF_TASK_STATE_NONE;
	obligation->clause = 0;
}

static int64_t moved(int64_t due_ms, int64_t by_ms)
{
	if (due_ms == SF_NEVER_MS || by_ms == SF_NEVER_MS)
		return SF_NEVER_MS;
	return by_ms > 0 && due_ms > SF_NEVER_MS - by_ms ? SF_NEVER_MS : due_ms + by_ms;
}

static int64_t held_ms(const struct sf_obligation *obligation)
{
	if (obligation->state != SF_TASK_ON_HOLD)
		return obligation->held_ms;
	if (obligation->hold_until_ms == 0)
		return SF_NEVER_MS;
	return obligation->held_ms + (obligation->hold_until_ms - obligation->since_ms);
}

static struct sf_discharge_times times_of(const struct sf_standing *standing)
{
	int64_t agreed_ms = sf_course_agreed_ms(&standing->course);
	int64_t planned_ms = sf_id_is_none(standing->course.plan_message)
				     ? 0
				     : standing->course.plan.discharge.until_ms;
	struct sf_discharge_times times = {
		.discharge_ms = agreed_ms ? agreed_ms : SF_NEVER_MS,
		.planned_until_ms = planned_ms ? planned_ms : SF_NEVER_MS,
	};
	if (standing->stay.state == SF_STAY_HOME)
		times.discharge_ms = standing->stay.discharged_ms;
	return times;
}

/*
 * From what the facts say now: a revised discharge moves the deadlines of who said it, a new plan
 * those before the discharge. What is due later than now is not late any more.
 */
static void derive_due(const struct follow *follow, struct sf_obligation *obligation)
{
	const struct sf_stay *stay = &follow->step->standing->stay;
	const struct sf_expectation *expectation =
		expectation_of(follow->terms, obligation->clause);
	int64_t due_ms = obligation->stated_due_ms;
	if (expectation) {
		bool own = sf_id_equal(obligation->owner, follow->step->standing->hospital);
		if (own && sf_id_equal(stay->discharge, obligation->subject) &&
			obligation->base_ms <= obligation->raised_ms)
			obligation->base_ms = stay->discharged_ms < obligation->raised_ms
						      ? stay->discharged_ms
						      : obligation->raised_ms;
		struct sf_discharge_times times = times_of(follow->step->standing);
		due_ms = sf_deadline_due_ms(&expectation->due, &follow->agreement->calendar,
			obligation->base_ms, &times);
	}
	obligation->due_ms = moved(due_ms, held_ms(obligation));
	if (obligation->expired_ms != 0 && obligation->due_ms > follow->at_ms) {
		obligation->expired_ms = 0;
		obligation->rungs_climbed = 0;
		obligation->alarm_seen = false;
	}
}

static void follow_open(const struct follow *follow, struct sf_obligation *obligation)
{
	reread_owner(follow, obligation);
	const struct sf_expectation *expectation =
		expectation_of(follow->terms, obligation->clause);
	if (expectation)
		meet(follow, expectation, obligation);
	if (sf_obligation_is_open(obligation))
		meet_intent(follow, obligation);
	see_fallback(follow, obligation);
}

void sf_duties_follow(struct sf_step *step, const struct sf_stay *before)
{
	(void)before;
	struct follow follow = {
		.step = step,
		.agreement = sf_standing_agreement(step->transition, step->standing),
		.terms = sf_standing_terms(step->transition, step->standing),
		.at_ms = step->cause.at_ms,
	};
	struct sf_duties *duties = &step->standing->duties;
	bool others_rule = sf_step_terms_before(step) != follow.terms;
	for (size_t i = 0; i < duties->count; i++) {
		if (others_rule)
			retire(&follow, &duties->items[i]);
		if (sf_obligation_is_open(&duties->items[i]))
			follow_open(&follow, &duties->items[i]);
		rejudge(&follow, &duties->items[i]);
	}
	if (step->message->fact.kind == SF_KIND_INTENT)
		raise_intent(&follow);
	if (step->message->fact.kind == SF_KIND_LINKED)
		raise_carried(&follow);
	raise_all(&follow);
	sf_receivers_follow(step);
	for (size_t i = 0; i < duties->count; i++)
		if (sf_obligation_is_open(&duties->items[i]))
			derive_due(&follow, &duties->items[i]);
}

const struct sf_agreement *sf_standing_agreement(
	const struct sf_transition *transition, const struct sf_standing *standing)
{
	return standing->bound ? sf_agreement_find(transition->book, &standing->parties.agreement)
			       : NULL;
}

const struct sf_pathway_terms *sf_standing_terms(
	const struct sf_transition *transition, const struct sf_standing *standing)
{
	return sf_agreement_pathway(
		sf_standing_agreement(transition, standing), standing->parties.pathway);
}

const struct sf_pathway_terms *sf_step_terms_before(const struct sf_step *step)
{
	return sf_standing_terms(step->transition, step->transition->now);
}

/* The hospital is bound by the parties fact that names the agreement: it has signed it. */
bool sf_standing_is_bound_by(const struct sf_transition *transition,
	const struct sf_standing *standing, struct sf_id party, int64_t at_ms)
{
	if (!sf_standing_agreement(transition, standing) || sf_id_is_none(party))
		return false;
	return sf_id_equal(party, standing->hospital) ||
	       sf_agreement_accepted(transition->book, &standing->parties.agreement, party, at_ms);
}
