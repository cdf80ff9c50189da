#include "property/digest.h"

/* FNV-1a over the meaning, not over padding. */
static void mix(uint64_t *hash, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;
	for (size_t i = 0; i < size; i++)
		*hash = (*hash ^ at[i]) * 1099511628211u;
}

static void mix_number(uint64_t *hash, uint64_t number)
{
	mix(hash, &number, sizeof(number));
}

static void mix_ledger(uint64_t *hash, const struct sf_transition *transition)
{
	size_t count;
	const struct sf_ledger_line *lines = sf_transition_lines(transition, &count);
	for (size_t i = 0; i < count; i++) {
		mix(hash, &lines[i].holder, sizeof(lines[i].holder));
		mix(hash, &lines[i].basis_message, sizeof(lines[i].basis_message));
		mix_number(hash, lines[i].domain * 100u + lines[i].basis);
		mix_number(hash, (uint64_t)lines[i].from_ms ^ (uint64_t)lines[i].until_ms << 1);
	}
	const struct sf_ledger_offer *offers = sf_transition_offers(transition, &count);
	for (size_t i = 0; i < count; i++) {
		mix(hash, &offers[i].id, sizeof(offers[i].id));
		mix(hash, &offers[i].to, sizeof(offers[i].to));
		mix(hash, &offers[i].answered_by, sizeof(offers[i].answered_by));
		mix_number(hash, offers[i].state * 1000u + offers[i].taken);
		mix_number(hash, offers[i].domains * 1000u + offers[i].lapsed);
	}
}

static void mix_id(uint64_t *hash, struct sf_id id)
{
	mix(hash, &id, sizeof(id));
}

static void mix_course(uint64_t *hash, const struct sf_course *course)
{
	mix_id(hash, course->plan_message);
	mix_number(hash, course->plan.version * 1000u + course->plan_count);
	mix_number(hash, (uint64_t)course->plan.discharge.until_ms);
	mix_number(hash, course->late_change_count);
	mix_id(hash, course->answer_message);
	mix_number(hash, course->answer.code * 10u + course->no_case);
	mix_id(hash, course->ready_message);
	for (size_t i = 0; i < course->ready_period_count; i++) {
		mix_number(hash, (uint64_t)course->ready_periods[i].from_ms);
		mix_number(hash, (uint64_t)course->ready_periods[i].until_ms);
	}
	mix_number(hash, (uint64_t)course->hospital_agrees_ms);
	mix_number(hash, (uint64_t)course->municipality_agrees_ms);
	mix_id(hash, course->intent_message);
	mix_number(hash, (uint64_t)course->arrived_ms ^ (uint64_t)course->fallback_ms << 1);
	mix_number(hash, course->assessment * 10u + course->silent);
	for (size_t i = 0; i < course->dispute_count; i++)
		mix_id(hash, course->disputes[i].message);
	mix_number(hash, (uint64_t)course->last_fact_ms);
	mix_number(hash, course->close_code * 10u + course->closed);
	mix_id(hash, course->closed_by);
	mix_id(hash, course->linked);
	mix_number(hash, course->link);
}

static void mix_obligation(uint64_t *hash, const struct sf_obligation *obligation)
{
	mix_id(hash, obligation->subject);
	mix_id(hash, obligation->owner);
	mix_id(hash, obligation->met_by);
	mix_number(hash, obligation->clause * 1000u + obligation->duty);
	mix_number(hash, obligation->state * 1000u + obligation->offered_role);
	mix_number(hash, (uint64_t)obligation->base_ms);
	mix_number(hash, (uint64_t)obligation->due_ms);
	mix_number(hash, (uint64_t)obligation->expired_ms);
	mix_number(hash, (uint64_t)obligation->ended_ms);
	mix_number(hash, (uint64_t)obligation->decides_ms);
	mix_number(hash, obligation->rungs_climbed * 4u + obligation->alarm_seen * 2u +
				 obligation->undecided);
}

static void mix_duties(uint64_t *hash, const struct sf_transition *transition)
{
	size_t count;
	const struct sf_obligation *obligations = sf_transition_obligations(transition, &count);
	for (size_t i = 0; i < count; i++)
		mix_obligation(hash, &obligations[i]);
	const struct sf_window *windows = sf_transition_windows(transition, &count);
	for (size_t i = 0; i < count; i++) {
		mix_id(hash, windows[i].subject);
		mix_number(hash, windows[i].clause * 10u + windows[i].state);
		mix_number(hash, (uint64_t)windows[i].until_ms);
	}
	const struct sf_deviation *deviations = sf_transition_deviations(transition, &count);
	for (size_t i = 0; i < count; i++)
		mix_number(hash, deviations[i].sequence * 1000u + deviations[i].code);
}

uint64_t digest(const struct sf_transition *transition)
{
	uint64_t hash = 14695981039346656037u;
	mix_ledger(&hash, transition);
	mix_course(&hash, sf_transition_course(transition));
	mix_duties(&hash, transition);
	size_t count;
	const struct sf_member *members = sf_transition_members(transition, &count);
	for (size_t i = 0; i < count; i++) {
		mix(&hash, &members[i].party, sizeof(members[i].party));
		mix_number(&hash, members[i].role * 2u + members[i].until_relieved);
	}
	const struct sf_stay *stay = sf_transition_stay(transition);
	mix(&hash, &stay->latest, sizeof(stay->latest));
	mix_number(&hash, stay->state * 100u + stay->segment_count);
	mix_number(&hash, (uint64_t)stay->since_ms);
	const struct sf_parties *parties = sf_transition_parties(transition);
	mix_number(&hash, parties ? parties->version : 0);
	mix_number(&hash, sf_transition_active(transition));
	struct sf_id hospital = sf_transition_hospital(transition);
	mix(&hash, &hospital, sizeof(hospital));
	return hash;
}
