/*
 * What happened at a daemon lately, for people who watch and for tests: a ring of rows in memory.
 * Rows of a turn become visible when it is durable (settle) and vanish when it never was (drop), so
 * that nobody is told of something that is not so. Ids and codes only; names are filled in by the
 * service that reads.
 *
 * The cursor of the first row is one more than opened_ms << 10, and grows by one with each row: a
 * cursor kept over a restart stays behind every new row, as long as a daemon makes fewer than 1,024
 * rows a millisecond and its clock is not set back over the restart. Who keeps rows says which
 * cursor was the last one, and then the clock does not matter. It fits 53 bits until 2039.
 *
 * Pure; owned by one engine, one thread.
 */
#ifndef SF_AUDIT_FEED_H
#define SF_AUDIT_FEED_H

#include "core/transition.h"
#include "wire/local.h"

#define SF_FEED_ROWS_MAX ((size_t)8192) /* some minutes at full load, hours at a normal one */

struct sf_feed; /* opaque */

/*
 * Its first row, to be read at once, says that party has started. No cursor is given that is not
 * behind given, which an earlier life may have given; 0 for none.
 */
SF_MUST_USE enum sf_err sf_feed_open(
	int64_t opened_ms, uint64_t given, struct sf_id party, struct sf_feed **ret_feed);
void sf_feed_close(struct sf_feed **feed);

/* Copies the row and gives it its cursor; texts of the row are not kept. Forgets the oldest. */
void sf_feed_add(struct sf_feed *feed, const struct sf_feed_row *row);
/* A row about a message: who said what, and to whom first. at_ms is recorded time. */
struct sf_feed_row sf_feed_message(
	enum sf_feed_what what, int64_t at_ms, const struct sf_message *message);
/*
 * A row about a derived fact that the transition has stepped: of an obligation, whose duty it is
 * (party) and who waits for it (peer). SF_FEED_RECORDED when it is nothing to act upon.
 */
struct sf_feed_row sf_feed_derived(
	const struct sf_transition *transition, int64_t at_ms, const struct sf_message *message);
/*
 * What the event with this sequence, the newest of the transition, did to responsibility: a row for
 * each offer it opened (party gives to peer) and for each party that now holds domains (party holds
 * them, peer held one of them before).
 */
void sf_feed_follow(struct sf_feed *feed, const struct sf_transition *transition, uint64_t sequence,
	int64_t at_ms);
/* The turn is durable: its rows can be read. */
void sf_feed_settle(struct sf_feed *feed);
/* The turn never was: its rows are forgotten, and their cursors are given again. */
void sf_feed_drop(struct sf_feed *feed);

/* Of the oldest row that is not forgotten. */
uint64_t sf_feed_oldest(const struct sf_feed *feed);
/* Of the newest row that can be read, or what it would be before the first. */
uint64_t sf_feed_cursor(const struct sf_feed *feed);
/*
 * Readable rows behind after, oldest first, at most count_max of them into ret_rows; how many there
 * were is returned. A cursor that this feed never gave (of another life, ahead of this one) starts
 * from the oldest row.
 */
size_t sf_feed_read(
	const struct sf_feed *feed, uint64_t after, size_t count_max, struct sf_feed_row *ret_rows);
/* The same of all rows, also those of a turn that is not durable yet: for who keeps them with it.
 */
size_t sf_feed_read_all(
	const struct sf_feed *feed, uint64_t after, size_t count_max, struct sf_feed_row *ret_rows);

#endif
