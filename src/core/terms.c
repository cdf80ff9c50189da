/* Which terms rule a transition, whom they bind, and who is meant by the roles they name. */
#include "core/transition_state.h"

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

struct sf_id sf_standing_party(const struct sf_standing *standing, enum sf_role role)
{
	struct sf_id bound = sf_standing_bound(standing, role);
	if (sf_id_is_none(bound) && role == SF_ROLE_HOSPITAL)
		return standing->hospital;
	return bound;
}
