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
/* Rows that are passed over for one page, being of another state or not open: the same. */
#define SF_CHOICE_PASS_MAX ((size_t)20000)
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

/* What a store knows of a transition without folding it. */
struct sf_choice_row {
	struct sf_id id;
	int64_t updated_ms;
	enum sf_transition_state state;
};

/*
 * One page of a listing, newest event first: rows are visited in falling order of updated_ms and,
 * of one time, of id. It ends with its last row, or earlier where enough was folded or passed over,
 * be it without any row; next is then the row that it came to, and none only when there is no more.
 * Every page goes further, so that who follows next comes to the end. A transition in which
 * something happens meanwhile moves to the beginning: whose id is next then makes the pages begin
 * again there, and rows come twice.
 */
struct sf_choice_page {
	struct sf_choice choice;
	size_t count_max;
	const struct sf_choice_row
		*after;             /* borrowed: next of the page before; NULL: from the start */
	struct sf_listing *listing; /* borrowed */
	const struct sf_listing_rows *late; /* borrowed: struct sf_late */
	/* Folds one; what it gives lives until the next call. */
	enum sf_err (*fold)(
		void *self, struct sf_id transition, struct sf_cached_transition **ret_cached);
	void *self;
	struct sf_listing_rows rows; /* struct sf_transition_row */
	size_t folded, passed;
	struct sf_id next;
	enum sf_err err; /* of fold */
};

/* False: the page is full, or there is nothing behind it. Also when the arena of listing ended. */
bool sf_choice_visit(struct sf_choice_page *page, const struct sf_choice_row *row);

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
