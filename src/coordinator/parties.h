/*
 * What the coordinator keeps in memory for each party it has dealt with since start: its counters
 * in the store and its connection. Found by party id in constant time.
 */
#ifndef SF_COORDINATOR_PARTIES_H
#define SF_COORDINATOR_PARTIES_H

#include "coordinator/quota.h"
#include "coordinator/tables.h"

struct sf_party_state {
	struct sf_row_party row;
	bool dirty;            /* row differs from the store */
	uint64_t route;        /* 0: not connected, or no hello yet */
	uint64_t newest_route; /* of any hello; their numbers rise */
	bool heard;            /* has said hello since this coordinator started */
	bool must_greet;       /* what it submitted was lost: nothing more before it says hello */
	bool must_learn; /* has not heard of the epoch: nothing of it is sent before its hello */
	int64_t cursor;  /* last queue position sent on this route */
	uint32_t on_the_way; /* items sent and not taken */
	uint32_t credit;     /* items the node lets be on the way; 0: it has not said */
	bool more;           /* something may be queued behind cursor */
	/* Of the agreements that were sent on this route. */
	size_t texts_sent;
	int64_t statement_sent; /* leaf index; -1 none */
	/* Of the log: leaves that it said it has checked, and that it was sent on this route. */
	uint64_t log_hello, log_size;
	bool log_sent;
	int64_t log_again_ms;    /* it is a witness, and has not cosigned what it was sent; 0 */
	uint64_t witnessed_size; /* of the cosigned checkpoint it was sent */
	/* Reconciliation: rows were asked for, so many have come, up to this transition. */
	bool rows_asked;
	uint64_t rows_seen;
	struct sf_id rows_after;
	size_t difference_count; /* stored; known while rows are compared */
	bool clock_known;
	int64_t clock_ahead_ms; /* of its clock at the last hello, against ours; may be negative */
	int64_t frame_ms;       /* recorded time of its last frame; 0: of none since start */
	/* Times of the turn's clock. */
	int64_t started_ms;     /* when the queue was last sent from its first item on */
	int64_t look_ms;        /* when to look whether that item still waits */
	int64_t quiet_until_ms; /* the route was full: nothing before this */
	int64_t held_until_ms;  /* over quota: nothing is recorded before this */
	int64_t told_ms;        /* when it was last told so */
	int64_t waiting_ms;     /* authors of what waits at it hear nothing of that before this */
	/* When they last heard so it had the first so many chunks of this object; 0: none yet. */
	int64_t waiting_object;
	uint32_t waiting_index;
	struct sf_quota envelopes, bytes, questions;
};

struct sf_parties_table {
	struct sf_party_state **slots; /* owned, open addressing; NULL is free */
	size_t slot_count;             /* a power of two, or 0 */
	size_t count;
};

void sf_parties_fini(struct sf_parties_table *table);
/* NULL when the party has no state yet. */
struct sf_party_state *sf_parties_find(const struct sf_parties_table *table, struct sf_id party);
/* Adds a zeroed state; the party must not have one. NULL when memory is out. */
struct sf_party_state *sf_parties_add(struct sf_parties_table *table, struct sf_id party);

#endif
