/*
 * The board: what needs a person now, most urgent first, for one party or for a whole region. The
 * engine walks its open transitions, adds what only it knows (messages that nobody gets, nodes that
 * are silent, differences) and ends the board; only the most urgent rows are kept on the way, so a
 * storm of late duties costs no more memory than a quiet day.
 *
 * Order: overdue first; then what decides who is responsible, then what is owed, then what may
 * happen by itself; then by time. What stands alike keeps the order it was added in.
 */
#ifndef SF_AUDIT_BOARD_H
#define SF_AUDIT_BOARD_H

#include "audit/listing.h"

struct sf_board_entry; /* a row in the making; board.c */

struct sf_board {
	struct sf_listing *listing; /* borrowed */
	struct sf_id party;         /* only what this party must do or see; none: everything */
	bool only_overdue;
	int64_t now_ms;
	size_t wanted; /* rows that are kept */
	uint64_t added;
	size_t count;
	size_t capacity;
	struct sf_board_entry *entries; /* in the listing's arena */
};

/* count_max as in struct sf_request_board. listing->full is set when the arena ended. */
void sf_board_begin(struct sf_board *board, struct sf_listing *listing, struct sf_id party,
	bool only_overdue, uint32_t count_max, int64_t now_ms);
/*
 * Everything the transition waits for (sf_transition_next_all, windows and discharges only when
 * they are overdue), alarms that nobody has seen for who waits for what is owed, and silence.
 */
void sf_board_transition(struct sf_board *board, const struct sf_transition *transition);
/*
 * A row of the engine: undeliverable, silent-node, difference, quarantine, put-aside. Names of
 * parties come from the directory; name and citation are copied.
 */
void sf_board_add(struct sf_board *board, const struct sf_board_row *row);
/* Sorted, at most as many as were asked for. */
void sf_board_end(struct sf_board *board, struct sf_reply_board *ret_board);

/* The Next line of a transition; what is SF_BOARD_NEXT, next may be SF_NEXT_NOTHING. */
struct sf_board_row sf_board_next(
	struct sf_listing *listing, const struct sf_transition *transition, int64_t now_ms);

#endif
