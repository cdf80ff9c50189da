/*
 * A log in the hands of a test, for a node at a counter: leaves are what the test puts in, notes
 * are signed with a log key of the coordinator, so that the test can say what no log should.
 */
#ifndef SF_TESTS_UNIT_NODE_LOGBOOK_H
#define SF_TESTS_UNIT_NODE_LOGBOOK_H

#include "unit/node/counter.h"

#define LOGBOOK_LEAVES_MAX ((size_t)1024)
#define LOGBOOK_ORIGIN "coordinator.example/log/sim/1"

struct logbook {
	struct counter *counter; /* owned */
	struct sf_id log_key_id, witness_key_id;
	uint8_t log_key[SF_PUBLIC_KEY_SIZE], witness_key[SF_PUBLIC_KEY_SIZE];
	size_t count;
	struct sf_digest leaves[LOGBOOK_LEAVES_MAX]; /* leaf hashes */
};

/*
 * For cmocka: *state is a struct logbook; the municipality is a witness, and its directory has the
 * keys. logbook_open_late: the entries with the keys are recorded, and have not come to it.
 */
int logbook_open(void **state);
int logbook_open_late(void **state);
int logbook_close(void **state);
/* A new program on the same store, with the witness key, that has been greeted. */
void logbook_restart(struct logbook *book);
/* Up, and the answer to hello; the coordinator has signed so much. */
void logbook_greet(struct logbook *book, uint64_t size);
/* The newest entries of the directory. */
void logbook_say_directory(struct logbook *book);

/* Leaves that stand for anything. */
void logbook_grow(struct logbook *book, size_t count);
/* The leaf of a receipt, at its place; leaves before it stand for anything. */
void logbook_put(struct logbook *book, uint64_t index, struct sf_view leaf);
/* Another leaf at a place that is written. */
void logbook_forge(struct logbook *book, size_t index);
void logbook_root(const struct logbook *book, uint64_t size, struct sf_digest *ret_root);

/* What a checkpoint says, before it is signed. */
struct sf_checkpoint logbook_checkpoint(const struct logbook *book, uint64_t size);
struct sf_view logbook_sign(
	const struct logbook *book, const struct sf_checkpoint *checkpoint, struct sf_id key_id);
struct sf_view logbook_note(const struct logbook *book, uint64_t size);
struct sf_frame logbook_frame(
	const struct logbook *book, uint64_t from, uint64_t size, struct sf_view note);
struct sf_frame logbook_consistency(const struct logbook *book, uint64_t from, uint64_t to);
/* The answer to a PROOF that was asked. */
struct sf_frame logbook_proof(const struct logbook *book, const struct sf_frame *asked);
/* Says the checkpoint and runs the turn. */
void logbook_say(struct logbook *book, uint64_t from, uint64_t size);
void logbook_say_note(struct logbook *book, uint64_t from, uint64_t size, struct sf_view note);

/* The node's rows. */
size_t logbook_rows(const struct logbook *book, const struct sf_table *table);
/* The contradiction with this position; fails when there is none. */
struct sf_node_row_contradiction logbook_contradiction(struct logbook *book, int64_t position);
/* The frame of the cosignature in the last turn, whose signature holds; NULL: none. */
const struct sf_frame *logbook_cosign(const struct logbook *book);

#endif
