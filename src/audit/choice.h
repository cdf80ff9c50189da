/*
 * Which transitions a listing is about: what struct sf_request_transitions asks for, with its
 * parties found. The same at node and coordinator. Pure.
 */
#ifndef SF_AUDIT_CHOICE_H
#define SF_AUDIT_CHOICE_H

#include "audit/listing.h"

/*
 * Transitions that are folded for one page where only some are wanted: bounds the time a listing
 * holds up a turn. The page says where to go on.
 */
#define SF_CHOICE_FOLD_MAX ((size_t)2000)
/* Rows that are counted for the totals: beyond it the exact number helps nobody. */
#define SF_CHOICE_TOTAL_MAX ((size_t)100000)

struct sf_choice {
	bool only_open;
	int64_t since_ms;
	enum sf_transition_state state; /* EMPTY: any */
	struct sf_id hospital;          /* none: any */
	struct sf_id municipality;
	enum sf_pathway pathway; /* NONE: any */
};

/* False: a party that is asked for is not in the directory, or two have that name. */
bool sf_choice_make(const struct sf_directory *directory,
	const struct sf_request_transitions *asked, struct sf_choice *ret_choice);
/* By its state alone, before it is folded. */
bool sf_choice_has_state(const struct sf_choice *choice, enum sf_transition_state state);
bool sf_choice_has(const struct sf_choice *choice, const struct sf_transition *transition);

/* By state; empty ones are not counted. */
struct sf_choice_totals {
	uint64_t counts[SF_TRANSITION_CLOSED + 1];
	size_t seen;
};

/* One more row. False: enough. */
bool sf_choice_count(struct sf_choice_totals *totals, enum sf_transition_state state);
/* Rows of the states that there are, in the arena of the listing. */
void sf_choice_tell(struct sf_listing *listing, const struct sf_choice_totals *totals,
	struct sf_reply_transitions *reply);

#endif
