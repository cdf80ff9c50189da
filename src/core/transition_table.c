#include "core/transition_state.h"

enum who {
	WHO_NOBODY,   /* a kind that this version does not read */
	WHO_HOSPITAL, /* the hospital of the transition, still one in the directory */
	WHO_MEMBER,   /* any member; the ledger decides the rest */
};

/* DOMAIN.md section 2, "who may say what". */
struct rule {
	enum who who;
	bool founds;       /* may be the first effective fact of a transition */
	bool needs_ledger; /* refused when the ledger has ended, or is frozen */
	uint16_t (*apply)(struct sf_step *step);
};

/* clang-format off */
static const struct rule rules[] = {
	/*                      who           founds needs_ledger apply */
	[SF_KIND_PARTIES]  = {WHO_HOSPITAL, true,  false,       sf_membership_bind},
	[SF_KIND_STAY]     = {WHO_HOSPITAL, true,  false,       NULL},
	[SF_KIND_OFFER]    = {WHO_MEMBER,   false, true,        sf_handover_offer},
	[SF_KIND_ACCEPT]   = {WHO_MEMBER,   false, true,        sf_handover_accept},
	[SF_KIND_REFUSE]   = {WHO_MEMBER,   false, true,        sf_handover_refuse},
	[SF_KIND_WITHDRAW] = {WHO_MEMBER,   false, true,        sf_handover_withdraw},
};
/* clang-format on */

static const struct rule *find_rule(uint32_t kind)
{
	static const struct rule unread = {.who = WHO_NOBODY};
	return kind < SF_COUNT(rules) ? &rules[kind] : &unread;
}

static uint16_t check_founder(const struct sf_step *step, const struct rule *rule)
{
	if (!sf_role_is_hospital(step->event->author_role))
		return SF_REFUSAL_NO_TRANSITION;
	if (rule->who == WHO_NOBODY)
		return SF_DEVIATION_UNKNOWN_KIND;
	return rule->founds ? 0 : SF_REFUSAL_NO_TRANSITION;
}

static uint16_t check_author(const struct sf_step *step, const struct rule *rule)
{
	const struct sf_standing *standing = step->standing;
	if (!sf_standing_member(standing, step->message->author))
		return SF_REFUSAL_NOT_A_MEMBER;
	if (rule->who == WHO_HOSPITAL && (!sf_id_equal(step->message->author, standing->hospital) ||
						 !sf_role_is_hospital(step->event->author_role)))
		return SF_REFUSAL_AUTHOR_ROLE;
	if (rule->needs_ledger && standing->ledger.opened && !standing->ledger.open)
		return SF_REFUSAL_ENDED;
	bool moves = rule->needs_ledger || step->message->fact.kind == SF_KIND_PARTIES;
	return moves && step->transition->frozen ? SF_REFUSAL_FROZEN : 0;
}

static enum sf_err apply_rule(struct sf_step *step, const struct rule *rule, uint16_t *ret_code)
{
	struct sf_stay before = step->standing->stay;
	*ret_code = 0;
	if (rule->who == WHO_NOBODY) {
		*ret_code = SF_DEVIATION_UNKNOWN_KIND;
		return SF_OK;
	}
	if (step->message->fact.kind == SF_KIND_STAY) {
		enum sf_err err = sf_transition_fold(step, ret_code);
		if (err)
			return err;
	} else {
		*ret_code = rule->apply(step);
	}
	bool refused = *ret_code != 0 && *ret_code < SF_DEVIATION_LATE_FACT;
	if (refused || rule->who != WHO_HOSPITAL)
		return SF_OK;
	uint16_t code = sf_transition_follow_stay(step, &before);
	if (*ret_code == 0)
		*ret_code = code;
	return SF_OK;
}

enum sf_err sf_transition_apply(struct sf_step *step, uint16_t *ret_code)
{
	const struct rule *rule = find_rule(step->message->fact.kind);
	if (sf_id_is_none(step->standing->hospital)) {
		*ret_code = check_founder(step, rule);
		if (*ret_code)
			return SF_OK;
		*ret_code = sf_membership_found(step);
	} else {
		*ret_code = check_author(step, rule);
	}
	if (*ret_code)
		return SF_OK;
	uint16_t code;
	enum sf_err err = apply_rule(step, rule, &code);
	if (err)
		return err;
	*ret_code = code;
	if (code != 0 && code < SF_DEVIATION_LATE_FACT)
		return SF_OK;
	uint16_t settled = sf_membership_settle(step);
	if (settled)
		*ret_code = settled;
	return SF_OK;
}
