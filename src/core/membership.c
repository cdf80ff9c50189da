#include "base/check.h"
#include "core/transition_state.h"

/* Domains of concern when the parties fact names none (DOMAIN.md section 1). */
#define ACTIVE_BY_DEFAULT                                                                          \
	(SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL) | SF_DOMAIN_BIT(SF_DOMAIN_CARE) |                        \
		SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION) | SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL))

/* What a municipality without a case is not concerned with; medical and rehabilitation stay. */
#define RESTS_WITHOUT_CASE                                                                         \
	(SF_DOMAIN_BIT(SF_DOMAIN_CARE) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICATION) |                     \
		SF_DOMAIN_BIT(SF_DOMAIN_SOCIAL))

bool sf_role_is_hospital(enum sf_role role)
{
	return role == SF_ROLE_HOSPITAL || role == SF_ROLE_PSYCHIATRY;
}

const struct sf_member *sf_standing_member(const struct sf_standing *standing, struct sf_id party)
{
	for (size_t i = 0; i < standing->member_count; i++)
		if (sf_id_equal(standing->members[i].party, party))
			return &standing->members[i];
	return NULL;
}

static struct sf_member *find_member(struct sf_standing *standing, struct sf_id party)
{
	return (struct sf_member *)sf_standing_member(standing, party);
}

static struct sf_id bound_by(const struct sf_parties *parties, enum sf_role role)
{
	for (size_t i = 0; i < parties->binding_count; i++)
		if (parties->bindings[i].role == role &&
			parties->bindings[i].state == SF_BINDING_PARTY)
			return parties->bindings[i].party;
	return (struct sf_id){0};
}

/* A party that has no case is bound and concerned no more: who looks for it finds nobody. */
struct sf_id sf_standing_bound(const struct sf_standing *standing, enum sf_role role)
{
	if (role != SF_ROLE_NONE && role == standing->hospital_role)
		return standing->hospital;
	struct sf_id party = bound_by(&standing->parties, role);
	bool left = standing->course.no_case &&
		    sf_id_equal(party, standing->course.no_case_party) &&
		    !sf_standing_member(standing, party);
	return left ? (struct sf_id){0} : party;
}

sf_domain_set sf_standing_active(const struct sf_standing *standing)
{
	if (!standing->bound)
		return 0;
	sf_domain_set named = standing->parties.active & SF_DOMAIN_ALL;
	if (named == 0)
		named = ACTIVE_BY_DEFAULT;
	return ((named | standing->raised) & ~standing->rested) | SF_DOMAIN_BIT(SF_DOMAIN_MEDICAL);
}

bool sf_standing_is_dormant(const struct sf_standing *standing)
{
	bool rehabilitates = (standing->raised & SF_DOMAIN_BIT(SF_DOMAIN_REHABILITATION)) &&
			     sf_standing_member(standing, standing->course.no_case_party);
	return standing->course.no_case && !rehabilitates;
}

/* Holds a domain, or would hold it again if the death that ended the ledger were cancelled. */
static bool is_accountable(const struct sf_ledger *ledger, struct sf_id party)
{
	if (ledger->open)
		return sf_ledger_held(ledger, party) != 0;
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		if (sf_id_equal(ledger->last[domain], party))
			return true;
	return false;
}

static bool is_offered_something(const struct sf_ledger *ledger, struct sf_id party)
{
	for (size_t i = 0; i < ledger->offer_count; i++)
		if (ledger->offers[i].state == SF_OFFER_OPEN &&
			sf_id_equal(ledger->offers[i].to, party))
			return true;
	return false;
}

/*
 * Anybody's letters bring addressees in. However many they are, they never keep out whom the
 * hospital binds: the newest who is only an addressee leaves.
 */
static bool make_place(struct sf_standing *standing, enum sf_role role)
{
	for (size_t i = standing->member_count; role != SF_ROLE_NONE && i-- > 0;) {
		const struct sf_member *member = &standing->members[i];
		if (member->role != SF_ROLE_NONE ||
			sf_id_equal(member->party, standing->hospital) ||
			is_accountable(&standing->ledger, member->party) ||
			is_offered_something(&standing->ledger, member->party))
			continue;
		standing->member_count--;
		for (size_t next = i; next < standing->member_count; next++)
			standing->members[next] = standing->members[next + 1];
		return true;
	}
	return false;
}

static uint16_t join(struct sf_step *step, struct sf_id party, enum sf_role role)
{
	struct sf_standing *standing = step->standing;
	struct sf_member *member = find_member(standing, party);
	if (member) {
		/* An addressee again: what a rebinding ended begins anew. */
		member->until_relieved = false;
		if (member->role == SF_ROLE_NONE)
			member->role = role;
		return 0;
	}
	if (standing->member_count == SF_TRANSITION_PARTIES_MAX && !make_place(standing, role))
		return SF_REFUSAL_QUOTA;
	SF_ASSERT(standing->member_count < standing->member_capacity);
	standing->members[standing->member_count++] = (struct sf_member){
		.party = party,
		.role = role,
		.since_sequence = step->event->sequence,
	};
	step->result->joined[step->result->joined_count++] = party;
	return 0;
}

uint16_t sf_membership_found(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	if (!sf_role_is_hospital(step->event->author_role))
		return SF_REFUSAL_NO_TRANSITION;
	standing->hospital = step->message->author;
	standing->hospital_role = step->event->author_role;
	return join(step, standing->hospital, standing->hospital_role);
}

/* Two versions of one number are ordered by message id, so that every replica keeps the same. */
static bool is_stale(const struct sf_step *step)
{
	const struct sf_standing *standing = step->standing;
	uint32_t version = step->message->fact.parties.version;
	if (!standing->bound || version > standing->parties.version)
		return false;
	return version < standing->parties.version ||
	       sf_id_compare(step->message->id, standing->parties_message) < 0;
}

static bool names_itself_hospital(const struct sf_step *step, const struct sf_parties *parties)
{
	struct sf_id named = bound_by(parties, step->standing->hospital_role);
	return sf_id_is_none(named) || sf_id_equal(named, step->message->author);
}

/* Members by the old bindings lose their role, and leave unless they still hold a domain. */
static void unbind_all(struct sf_standing *standing)
{
	for (size_t i = 0; i < standing->member_count; i++) {
		struct sf_member *member = &standing->members[i];
		if (sf_id_equal(member->party, standing->hospital))
			continue;
		if (member->role != SF_ROLE_NONE)
			member->until_relieved = true;
		member->role = SF_ROLE_NONE;
	}
}

/*
 * An offer to a party that is rebound ends; the hospital offers again to the new one (R4). An offer
 * that waited for a receiver has found it.
 */
static void redirect_offers(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	for (size_t i = 0; i < standing->ledger.offer_count; i++) {
		struct sf_ledger_offer *offer = &standing->ledger.offers[i];
		if (offer->state != SF_OFFER_OPEN)
			continue;
		struct sf_id bound = sf_standing_bound(standing, offer->to_role);
		if (sf_id_is_none(offer->to)) {
			if (!sf_id_equal(bound, offer->from))
				offer->to = bound;
			continue;
		}
		const struct sf_member *member = sf_standing_member(standing, offer->to);
		if (!member || member->until_relieved)
			sf_ledger_answer(
				&standing->ledger, &step->cause, offer, SF_OFFER_ANNULLED, 0);
	}
}

uint16_t sf_membership_bind(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	const struct sf_parties *parties = &step->message->fact.parties;
	if (parties->binding_count > SF_TRANSITION_PARTIES_MAX || parties->version == 0)
		return SF_REFUSAL_HEADER;
	/* Responsibility for a stay moves by acceptance only, so nobody binds it to another. */
	if (!names_itself_hospital(step, parties))
		return SF_REFUSAL_AUTHOR_ROLE;
	if (is_stale(step))
		return SF_REFUSAL_STALE_VERSION;
	sf_domain_set before = sf_standing_active(standing);
	struct sf_id municipality = bound_by(&standing->parties, SF_ROLE_MUNICIPALITY);
	if (!sf_id_equal(municipality, bound_by(parties, SF_ROLE_MUNICIPALITY)))
		sf_course_rebound(&standing->course);
	standing->course.no_case = false;
	standing->rested = 0;
	standing->parties = *parties;
	standing->parties_message = step->message->id;
	standing->bound = true;
	unbind_all(standing);
	for (size_t i = 0; i < parties->binding_count; i++) {
		const struct sf_binding *binding = &parties->bindings[i];
		if (binding->state != SF_BINDING_PARTY || sf_id_is_none(binding->party))
			continue;
		uint16_t code = join(step, binding->party, binding->role);
		if (code)
			return code;
	}
	if (!standing->ledger.open)
		return 0;
	sf_domain_set active = sf_standing_active(standing);
	sf_ledger_move_all(&standing->ledger, &step->cause, before & ~active, (struct sf_id){0},
		SF_BASIS_OPENING);
	sf_ledger_move_all(&standing->ledger, &step->cause, active & ~before, standing->hospital,
		SF_BASIS_OPENING);
	return 0;
}

void sf_membership_activate(struct sf_step *step, sf_domain_set domains)
{
	struct sf_standing *standing = step->standing;
	standing->raised |= domains;
	if (!standing->ledger.open || step->transition->frozen)
		return;
	sf_domain_set active = sf_standing_active(standing);
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++)
		if ((active & SF_DOMAIN_BIT(domain)) &&
			standing->ledger.current[domain] == SF_LEDGER_NO_LINE)
			sf_ledger_move(&standing->ledger, &step->cause, (enum sf_domain)domain,
				standing->hospital, SF_BASIS_OPENING);
}

void sf_membership_rest(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	struct sf_ledger *ledger = &standing->ledger;
	for (unsigned domain = 0; domain < SF_DOMAIN_COUNT; domain++) {
		struct sf_id holder = ledger->open
					      ? sf_ledger_holder(ledger, (enum sf_domain)domain)
					      : ledger->last[domain];
		bool own = sf_id_is_none(holder) || sf_id_equal(holder, standing->hospital);
		if (own && (RESTS_WITHOUT_CASE & SF_DOMAIN_BIT(domain)))
			standing->rested |= SF_DOMAIN_BIT(domain);
	}
	if (ledger->open)
		sf_ledger_move_all(ledger, &step->cause, standing->rested, (struct sf_id){0},
			SF_BASIS_OPENING);
	struct sf_member *member = find_member(standing, step->message->author);
	if (!member || is_accountable(ledger, member->party))
		return;
	member->role = SF_ROLE_NONE;
	member->until_relieved = true;
}

/* In the role it is still bound to. */
static uint16_t rejoin_without_case(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	for (size_t i = 0; i < standing->parties.binding_count; i++) {
		const struct sf_binding *binding = &standing->parties.bindings[i];
		if (binding->state == SF_BINDING_PARTY &&
			sf_id_equal(binding->party, standing->course.no_case_party))
			return join(step, binding->party, binding->role);
	}
	return 0;
}

uint16_t sf_membership_wake(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	if (!standing->course.no_case || step->transition->frozen)
		return 0;
	standing->course.no_case = false;
	standing->rested = 0;
	sf_membership_activate(step, 0);
	return rejoin_without_case(step);
}

/* An offer to the party that had no case, or of what rests, brings both back. */
uint16_t sf_membership_heed_offer(struct sf_step *step)
{
	const struct sf_standing *standing = step->standing;
	const struct sf_message *message = step->message;
	if (!standing->course.no_case || standing->course.closed ||
		!sf_id_equal(message->author, standing->hospital))
		return 0;
	struct sf_id to = bound_by(&standing->parties, message->fact.offer.to);
	bool concerns = (message->fact.offer.domains & standing->rested) != 0 ||
			sf_id_equal(to, standing->course.no_case_party);
	return concerns ? sf_membership_wake(step) : 0;
}

/*
 * A rehabilitation plan makes rehabilitation a domain of concern (DOMAIN.md section 1). Whoever has
 * no case is a party again for that alone: a citizen may need training and nothing else.
 */
uint16_t sf_membership_heed_letter(struct sf_step *step)
{
	const struct sf_message *message = step->message;
	if (message->fact.letter.code != SF_LETTER_REHABILITATION_PLAN ||
		step->standing->course.closed ||
		!sf_id_equal(message->author, step->standing->hospital))
		return 0;
	sf_membership_activate(step, SF_DOMAIN_BIT(SF_DOMAIN_REHABILITATION));
	bool left = step->standing->course.no_case && !step->transition->frozen;
	return left ? rejoin_without_case(step) : 0;
}

/* A member whose binding ended leaves as soon as it is not accountable for anything. */
static void let_go(struct sf_standing *standing)
{
	size_t kept = 0;
	for (size_t i = 0; i < standing->member_count; i++) {
		const struct sf_member *member = &standing->members[i];
		if (member->until_relieved && !is_accountable(&standing->ledger, member->party))
			continue;
		standing->members[kept++] = *member;
	}
	standing->member_count = kept;
}

/*
 * Telling a party by a parties fact that it is rebound does not bring it back; nor does telling a
 * party without a case what goes on.
 */
static bool is_told_of_its_end(const struct sf_step *step, struct sf_id recipient)
{
	const struct sf_member *member = sf_standing_member(step->standing, recipient);
	const struct sf_course *course = &step->standing->course;
	if (course->no_case && sf_id_equal(recipient, course->no_case_party) &&
		(!member || member->until_relieved))
		return true;
	return step->message->fact.kind == SF_KIND_PARTIES && member && member->until_relieved;
}

uint16_t sf_membership_settle(struct sf_step *step)
{
	struct sf_standing *standing = step->standing;
	const struct sf_member *author = sf_standing_member(standing, step->message->author);
	bool brings_others = author && author->role != SF_ROLE_NONE;
	for (size_t i = 0; brings_others && i < step->message->recipient_count; i++) {
		if (is_told_of_its_end(step, step->message->recipients[i]))
			continue;
		/* It is told all the same: a full table keeps no fact from having its effect. */
		if (join(step, step->message->recipients[i], SF_ROLE_NONE))
			sf_step_deviates(step, SF_DEVIATION_TOO_MANY);
	}
	let_go(standing);
	redirect_offers(step);
	return 0;
}
