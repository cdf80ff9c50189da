#include "core/transition_state.h"

enum who {
	WHO_NOBODY,       /* a kind that this version does not read */
	WHO_HOSPITAL,     /* the hospital of the transition, still one in the directory */
	WHO_MUNICIPALITY, /* bound as one */
	WHO_SIDES,        /* either of the two above */
	WHO_MEMBER,       /* any member; the kind's own function decides the rest */
	WHO_COORDINATOR,  /* derived: said by who records, computed by everybody (R6) */
	WHO_ELSEWHERE,    /* belongs to no transition */
};

/* DOMAIN.md section 2, "who may say what". */
struct rule {
	enum who who;
	bool founds;       /* may be the first effective fact of a transition */
	bool needs_ledger; /* refused when the ledger has ended, or is frozen */
	bool when_closed;  /* said also of a closed transition */
	uint16_t (*apply)(struct sf_step *step);
};

/* clang-format off */
static const struct rule rules[] = {
	/*                               who               founds ledger closed apply */
	[SF_KIND_PARTIES]           = {WHO_HOSPITAL,     true,  false, true,  sf_membership_bind},
	[SF_KIND_INTENT]            = {WHO_HOSPITAL,     true,  false, false, sf_course_intent},
	[SF_KIND_ASSESSMENT]        = {WHO_HOSPITAL,     true,  false, false, sf_course_assessment},
	[SF_KIND_STAY]              = {WHO_HOSPITAL,     true,  false, true,  NULL},
	[SF_KIND_PLAN]              = {WHO_HOSPITAL,     true,  false, false, sf_course_plan},
	[SF_KIND_PLAN_ANSWER]       = {WHO_MUNICIPALITY, false, false, false, sf_course_plan_answer},
	[SF_KIND_READY]             = {WHO_HOSPITAL,     true,  false, false, sf_course_ready},
	[SF_KIND_READY_WITHDRAWN]   = {WHO_HOSPITAL,     false, false, false, sf_course_ready_withdrawn},
	[SF_KIND_AGREE]             = {WHO_SIDES,        false, false, false, sf_course_agree},
	[SF_KIND_OFFER]             = {WHO_MEMBER,       false, true,  false, sf_handover_offer},
	[SF_KIND_ACCEPT]            = {WHO_MEMBER,       false, true,  false, sf_handover_accept},
	[SF_KIND_REFUSE]            = {WHO_MEMBER,       false, true,  false, sf_handover_refuse},
	[SF_KIND_WITHDRAW]          = {WHO_MEMBER,       false, true,  false, sf_handover_withdraw},
	[SF_KIND_AGREEMENT_PROPOSE] = {WHO_ELSEWHERE,    false, false, false, NULL},
	[SF_KIND_AGREEMENT_ACCEPT]  = {WHO_ELSEWHERE,    false, false, false, NULL},
	[SF_KIND_AGREEMENT_END]     = {WHO_ELSEWHERE,    false, false, false, NULL},
	[SF_KIND_ARRIVED]           = {WHO_MUNICIPALITY, false, false, false, sf_course_arrived},
	[SF_KIND_LETTER]            = {WHO_MEMBER,       true,  false, true,  sf_duty_letter},
	[SF_KIND_OBLIGATION]        = {WHO_MEMBER,       false, false, false, sf_duty_obligation},
	[SF_KIND_QUESTION]          = {WHO_MEMBER,       false, false, false, sf_duty_question},
	[SF_KIND_ANSWER]            = {WHO_MEMBER,       false, false, false, sf_duty_answer},
	[SF_KIND_WINDOW]            = {WHO_MEMBER,       false, false, false, sf_window_apply},
	[SF_KIND_DISPUTE]           = {WHO_MEMBER,       false, false, false, sf_course_dispute},
	[SF_KIND_RESOLVE]           = {WHO_MEMBER,       false, false, false, sf_course_resolve},
	[SF_KIND_FALLBACK]          = {WHO_MEMBER,       false, false, false, sf_course_fallback},
	[SF_KIND_CLOSE]             = {WHO_SIDES,        false, false, false, sf_course_close},
	[SF_KIND_REOPEN]            = {WHO_SIDES,        false, false, true,  sf_course_reopen},
	[SF_KIND_EXPIRED]           = {WHO_COORDINATOR,  false, false, true,  sf_derived_apply},
	[SF_KIND_ESCALATED]         = {WHO_COORDINATOR,  false, false, true,  sf_derived_apply},
	[SF_KIND_WINDOW_ENDED]      = {WHO_COORDINATOR,  false, false, true,  sf_derived_apply},
	[SF_KIND_PASSED]            = {WHO_COORDINATOR,  false, false, true,  sf_derived_apply},
	[SF_KIND_SILENT]            = {WHO_COORDINATOR,  false, false, true,  sf_derived_apply},
	[SF_KIND_CLOSED]            = {WHO_COORDINATOR,  false, false, true,  sf_derived_apply},
	[SF_KIND_LINKED]            = {WHO_COORDINATOR,  false, false, true,  sf_course_linked},
	/* Of the coordinator, and in no transition: a party that says one in one is refused. */
	[SF_KIND_ACCESS]            = {WHO_ELSEWHERE,    false, false, false, NULL},
	[SF_KIND_ERASED]            = {WHO_ELSEWHERE,    false, false, false, NULL},
	[SF_KIND_ALARM]             = {WHO_ELSEWHERE,    false, false, false, NULL},
};
/* clang-format on */

static const struct rule *find_rule(uint32_t kind)
{
	static const struct rule unread = {.who = WHO_NOBODY};
	return kind < SF_COUNT(rules) ? &rules[kind] : &unread;
}

static bool is_refused(uint16_t code)
{
	return code != 0 && code < SF_DEVIATION_LATE_FACT;
}

static uint16_t check_founder(const struct sf_step *step, const struct rule *rule)
{
	if (!sf_role_is_hospital(step->event->author_role))
		return SF_REFUSAL_NO_TRANSITION;
	if (rule->who == WHO_NOBODY)
		return SF_DEVIATION_UNKNOWN_KIND;
	return rule->founds ? 0 : SF_REFUSAL_NO_TRANSITION;
}

static bool is_hospital(const struct sf_step *step)
{
	return sf_id_equal(step->message->author, step->standing->hospital) &&
	       sf_role_is_hospital(step->event->author_role);
}

static bool is_municipality(const struct sf_step *step)
{
	const struct sf_member *member = sf_standing_member(step->standing, step->message->author);
	return member &&
	       (member->role == SF_ROLE_MUNICIPALITY || member->role == SF_ROLE_OTHER_MUNICIPALITY);
}

static bool may_say(const struct sf_step *step, enum who who)
{
	switch (who) {
	case WHO_HOSPITAL:
		return is_hospital(step);
	case WHO_MUNICIPALITY:
		return is_municipality(step);
	case WHO_SIDES:
		return is_hospital(step) || is_municipality(step);
	case WHO_NOBODY:
	case WHO_MEMBER:
		return true;
	case WHO_COORDINATOR:
	case WHO_ELSEWHERE:
		break;
	}
	return false;
}

static uint16_t check_author(const struct sf_step *step, const struct rule *rule)
{
	const struct sf_standing *standing = step->standing;
	if (!sf_standing_member(standing, step->message->author))
		return SF_REFUSAL_NOT_A_MEMBER;
	if (!may_say(step, rule->who))
		return SF_REFUSAL_AUTHOR_ROLE;
	if (standing->course.closed && !rule->when_closed)
		return SF_REFUSAL_CLOSED;
	if (rule->needs_ledger && standing->ledger.opened && !standing->ledger.open)
		return SF_REFUSAL_ENDED;
	bool moves = rule->needs_ledger || step->message->fact.kind == SF_KIND_PARTIES;
	return moves && step->transition->frozen ? SF_REFUSAL_FROZEN : 0;
}

/* A derived fact counts in the class that only the coordinator's word is recorded in. */
static uint16_t check_derived(const struct sf_step *step, const struct rule *rule)
{
	bool derived = step->event->kind_class == SF_CLASS_DERIVED;
	if (rule->who == WHO_NOBODY)
		return SF_DEVIATION_UNKNOWN_KIND;
	if (rule->who != WHO_COORDINATOR || sf_id_is_none(step->standing->hospital))
		return SF_REFUSAL_NOT_DERIVABLE;
	return derived && step->event->author_role == SF_ROLE_COORDINATOR ? 0
									  : SF_REFUSAL_AUTHOR_ROLE;
}

static uint16_t check(struct sf_step *step, const struct rule *rule)
{
	if (rule->who == WHO_ELSEWHERE)
		return SF_REFUSAL_HEADER;
	if (rule->who == WHO_COORDINATOR || step->event->kind_class == SF_CLASS_DERIVED)
		return check_derived(step, rule);
	if (!sf_id_is_none(step->standing->hospital))
		return check_author(step, rule);
	uint16_t code = check_founder(step, rule);
	return code ? code : sf_membership_found(step);
}

/* What a fact wakes before it has its own effect; a frozen ledger sleeps on. */
static uint16_t prepare(struct sf_step *step)
{
	if (step->transition->frozen)
		return 0;
	if (step->message->fact.kind == SF_KIND_OFFER)
		return sf_membership_heed_offer(step);
	if (step->message->fact.kind != SF_KIND_LETTER)
		return 0;
	sf_course_heed_letter(step);
	return sf_membership_heed_letter(step);
}

static enum sf_err apply_rule(struct sf_step *step, const struct rule *rule, uint16_t *ret_code)
{
	struct sf_stay before = step->standing->stay;
	uint32_t kind = step->message->fact.kind;
	*ret_code = 0;
	if (kind == SF_KIND_STAY) {
		enum sf_err err = sf_transition_fold(step, ret_code);
		if (err)
			return err;
	} else {
		*ret_code = prepare(step);
		if (*ret_code == 0)
			*ret_code = rule->apply(step);
	}
	if (is_refused(*ret_code))
		return SF_OK;
	if (*ret_code)
		sf_step_deviates(step, *ret_code);
	if (kind != SF_KIND_STAY && kind != SF_KIND_PARTIES)
		return SF_OK;
	uint16_t code = sf_transition_follow_stay(step, &before);
	if (code)
		sf_step_deviates(step, code);
	return SF_OK;
}

static void follow(struct sf_step *step, const struct sf_stay *before)
{
	sf_course_follow(step, before);
	sf_windows_follow(step);
	sf_duties_follow(step);
}

enum sf_err sf_transition_follow(struct sf_step *step, uint16_t *ret_code)
{
	struct sf_stay before = step->standing->stay;
	follow(step, &before);
	*ret_code = step->result->code;
	return SF_OK;
}

/* Whatever a party says breaks the silence. */
static void hear(struct sf_step *step)
{
	if (sf_kind_is_derived(step->message->fact.kind))
		return;
	step->standing->course.silent = false;
	step->standing->course.last_fact_ms = step->cause.at_ms;
}

enum sf_err sf_transition_apply(struct sf_step *step, uint16_t *ret_code)
{
	const struct rule *rule = find_rule(step->message->fact.kind);
	struct sf_stay before = step->standing->stay;
	*ret_code = check(step, rule);
	if (is_refused(*ret_code) || sf_id_is_none(step->standing->hospital))
		return SF_OK;
	hear(step);
	if (*ret_code == 0 && rule->who == WHO_NOBODY)
		*ret_code = SF_DEVIATION_UNKNOWN_KIND;
	if (*ret_code) {
		sf_step_deviates(step, *ret_code);
	} else {
		enum sf_err err = apply_rule(step, rule, ret_code);
		if (err || is_refused(*ret_code))
			return err;
	}
	*ret_code = sf_membership_settle(step);
	if (is_refused(*ret_code))
		return SF_OK;
	follow(step, &before);
	*ret_code = step->result->code;
	return SF_OK;
}
