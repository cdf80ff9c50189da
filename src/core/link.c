/* `linked`: what two transitions of one person are to each other (DOMAIN.md sections 3 and 4). */
#include "base/time.h"
#include "core/derived.h"
#include "core/transition_state.h"

/* Readmission [genindlæggelse] within this time belongs to the stay before it (section 4). */
#define READMISSION_MS (30 * SF_DAY_MS)

/* The first admission that stands, in the order recorded. NULL when none does. */
static const struct sf_stay_entry *admission_of(const struct sf_transition *transition)
{
	for (size_t i = 0; i < transition->entry_count; i++) {
		const struct sf_stay_entry *entry = &transition->entries[i];
		bool admits = sf_activity_is_admission(entry->fact.activity);
		bool stands = transition->marks[i] == SF_STAY_MARK_APPLIED ||
			      transition->marks[i] == SF_STAY_MARK_REVISED;
		if (admits && stands && entry->fact.mode == SF_MODE_NEW)
			return entry;
	}
	return NULL;
}

static bool is_of_one_person(const struct sf_standing *older, const struct sf_standing *newer)
{
	return older->bound && newer->bound && !sf_id_is_none(older->parties.person) &&
	       sf_id_equal(older->parties.person, newer->parties.person) &&
	       older->parties.pathway == newer->parties.pathway;
}

static bool is_live(enum sf_stay_state state)
{
	return state == SF_STAY_IN_HOSPITAL || state == SF_STAY_ON_LEAVE || state == SF_STAY_HOME;
}

/* NONE when they have nothing to do with each other. */
static enum sf_link_kind link_of(const struct sf_standing *older, const struct sf_standing *newer)
{
	const struct sf_stay *stay = &older->stay;
	int64_t admitted_ms = newer->stay.admitted_ms;
	if (!is_live(stay->state) || stay->admitted_ms == 0 || admitted_ms < stay->admitted_ms ||
		older->course.link == SF_LINK_CONTINUED_IN ||
		older->course.link == SF_LINK_READMITTED)
		return SF_LINK_NONE;
	int64_t left_ms =
		stay->state == SF_STAY_HOME ? stay->discharged_ms : older->course.closed_ms;
	bool in_time = left_ms == 0 || admitted_ms - left_ms <= READMISSION_MS;
	if (!in_time)
		return SF_LINK_NONE;
	return older->course.closed ? SF_LINK_READMITTED : SF_LINK_CONTINUED_IN;
}

/* What clauses asked, the agreement of the new one asks again; what people asked goes along. */
static void carry(const struct sf_standing *older, struct sf_derived *derived)
{
	for (size_t i = 0; i < older->duties.count; i++) {
		const struct sf_obligation *one = &older->duties.items[i];
		if (!sf_obligation_is_open(one) || !sf_obligation_is_asked(one) ||
			derived->carried_count == SF_CARRIED_MAX)
			continue;
		derived->carried[derived->carried_count++] = (struct sf_carried){
			.subject = one->subject,
			.duty = one->duty,
			.owner = one->owner_role,
			.due_ms = one->due_ms == SF_NEVER_MS ? 0 : one->due_ms,
		};
	}
}

/* An admission by mistake (the wrong person) is cancelled: the stay it had continued goes on. */
static bool is_undone(const struct sf_transition *older, const struct sf_transition *newer)
{
	return newer->now->stay.state == SF_STAY_ANNULLED && newer->entry_count > 0 &&
	       sf_id_equal(newer->now->course.linked, older->id) &&
	       sf_id_equal(older->now->course.linked, newer->id);
}

static void set_facts(const struct sf_transition *older, const struct sf_transition *newer,
	const struct sf_derived *derived, struct sf_fact *ret_older, struct sf_fact *ret_newer)
{
	*ret_older = (struct sf_fact){.kind = SF_KIND_LINKED};
	*ret_newer = *ret_older;
	ret_older->derived = *derived;
	ret_older->derived.other = newer->id;
	ret_newer->derived = *derived;
	ret_newer->derived.other = older->id;
}

bool sf_transition_link(const struct sf_transition *older, const struct sf_transition *newer,
	struct sf_fact *ret_older, struct sf_fact *ret_newer)
{
	struct sf_derived derived = {.link = SF_LINK_UNDONE};
	if (is_undone(older, newer)) {
		derived.subject = newer->entries[newer->entry_count - 1].message_id;
		set_facts(older, newer, &derived, ret_older, ret_newer);
		return true;
	}
	const struct sf_stay_entry *admission = admission_of(newer);
	if (!admission || sf_id_equal(older->id, newer->id) ||
		!is_of_one_person(older->now, newer->now) ||
		sf_id_equal(newer->now->course.linked, older->id))
		return false;
	derived.link = link_of(older->now, newer->now);
	if (derived.link == SF_LINK_NONE)
		return false;
	derived.subject = admission->message_id;
	bool continued = derived.link == SF_LINK_CONTINUED_IN;
	if (continued)
		carry(older->now, &derived);
	set_facts(older, newer, &derived, ret_older, ret_newer);
	ret_newer->derived.link = continued ? SF_LINK_CONTINUES : SF_LINK_READMISSION;
	return true;
}
