/*
 * The other side of a node's counter: the node of a municipality, alone, with a link that the test
 * holds. What a coordinator would say is said by the test, so that it can say what no coordinator
 * of ours would; receipts are signed with the coordinator's own key.
 */
#ifndef SF_TESTS_UNIT_NODE_COUNTER_H
#define SF_TESTS_UNIT_NODE_COUNTER_H

#include "node/state.h"
#include "unit/coordinator/desk.h"

#define COUNTER_FRAMES_MAX 256

struct counter {
	struct desk *desk;           /* owned: keys, letters and the directory */
	struct sf_sim_machine *side; /* borrowed: the municipality */
	struct sf_node *node;        /* borrowed: its engine */
	size_t arrival_count;
	struct sf_arrival arrivals[COUNTER_FRAMES_MAX];
	size_t heard_count;
	struct sf_frame heard[COUNTER_FRAMES_MAX]; /* of the last turn */
	uint64_t position;
	uint64_t leaf;
	struct sf_digest head; /* after the last item that was made */
};

/* What an item says, before it is signed; the test changes what it wants. */
struct counter_item {
	struct sf_view envelope;
	bool cover; /* deliver its cover instead */
	struct sf_receipt receipt;
	struct sf_sim_machine *signer; /* of the receipt */
};

/* For cmocka: *state is a struct counter, greeted, with the whole directory. */
int counter_open(void **state);
/* The same before the coordinator has said anything. */
int counter_open_silent(void **state);
int counter_close(void **state);
void counter_restart(struct counter *counter);

void counter_say(struct counter *counter, const struct sf_frame *frame);
void counter_say_up(struct counter *counter);
void counter_turn(struct counter *counter);
const struct sf_frame *counter_heard(
	const struct counter *counter, enum sf_frame_kind kind, size_t index);
/* Hello of a coordinator that has the whole directory. */
struct sf_frame counter_hello(const struct counter *counter);
/* Entries from version first on, up to and including last. */
struct sf_frame counter_directory(struct counter *counter, uint64_t first, uint64_t last);

/* The letter as the next event of the desk's transition, applied. */
struct counter_item counter_item(
	struct counter *counter, const struct desk_letter *letter, uint64_t sequence);
struct sf_item counter_sign(struct counter *counter, const struct counter_item *item);
/* Signs, delivers and runs the turn. */
void counter_deliver(struct counter *counter, const struct counter_item *item);
void counter_deliver_items(struct counter *counter, const struct sf_item *items, size_t count);

/* Rows of its store. */
bool counter_inbox(struct counter *counter, struct sf_id author, struct sf_id message,
	struct sf_node_row_inbox *ret_row);
/* The acknowledgement among the envelopes submitted in the last turn; none: kind is 0. */
struct sf_acknowledgement counter_answer(struct counter *counter, struct sf_view *ret_envelope);
size_t counter_taken(const struct counter *counter);

#endif
