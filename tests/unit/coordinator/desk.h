/*
 * The coordinator's desk: its engine with the simulation's store, clock and keys, and a link that
 * the test holds in its hands. What a node would say is said by the test, byte for byte, so that it
 * can say what no node of ours would.
 */
#ifndef SF_TESTS_UNIT_COORDINATOR_DESK_H
#define SF_TESTS_UNIT_COORDINATOR_DESK_H

#include "log/checkpoint.h"
#include "sim/world.h"
#include "wire/frame.h"
#include "wire/header.h"

#define DESK_FRAMES_MAX 2048

struct desk_frame {
	uint64_t route;
	struct sf_frame frame;
};

struct desk {
	struct sf_sim_world world;
	struct sf_sim_machine *coordinator, *hospital, *municipality, *gp; /* borrowed */
	struct sf_arena arena; /* of everything said and heard */
	size_t arrival_count;
	struct sf_arrival arrivals[DESK_FRAMES_MAX]; /* of the next turn */
	size_t heard_count;
	struct desk_frame heard[DESK_FRAMES_MAX]; /* of the last turn */
	uint64_t routes[SF_SIM_MACHINES_MAX];     /* each machine's present route */
	uint64_t last_route;
	uint64_t deaf_route; /* sending there fails with deaf_err */
	enum sf_err deaf_err;
	uint64_t sequence; /* of authors, over all of them */
	uint32_t minted;
	struct sf_id transition;
};

/* A message to be sealed; desk_letter fills what is usual, the test changes what it wants. */
struct desk_letter {
	struct sf_sim_machine *signer;
	struct sf_message message;
	bool with_body;
	struct sf_id envelope_id;
	int64_t sent_ms;
	struct sf_view header; /* instead of the proper one, when not empty */
	struct sf_id signing_key_id;
};

/* For cmocka: *state is a struct desk; hospital, municipality and GP are enrolled, nobody is
 * connected. desk_open_small: two items on the way at most. */
int desk_open(void **state);
int desk_open_small(void **state);
int desk_close(void **state);

/* The program starts anew on the same disk; connections are gone. */
void desk_restart(struct desk *desk);

void desk_say(struct desk *desk, const struct sf_sim_machine *from, const struct sf_frame *frame);
void desk_say_bytes(struct desk *desk, const struct sf_sim_machine *from, struct sf_view bytes);
/* One turn, a millisecond later than the last; must be SF_OK. */
void desk_turn(struct desk *desk);
enum sf_err desk_try_turn(struct desk *desk);
/* A new connection and its hello, in a turn. */
void desk_hello(struct desk *desk, const struct sf_sim_machine *from);
/* The same with what else the node says of itself. */
void desk_hello_as(
	struct desk *desk, const struct sf_sim_machine *from, const struct sf_hello *hello);
/* The index-th frame of this kind in the last turn; NULL behind the last. */
const struct sf_frame *desk_heard(const struct desk *desk, const struct sf_sim_machine *to,
	enum sf_frame_kind kind, size_t index);
const struct sf_frame *desk_heard_on(
	const struct desk *desk, uint64_t route, enum sf_frame_kind kind, size_t index);
/* Items delivered in the last turn, over its frames; the index-th, NULL behind the last. */
const struct sf_item *desk_item(
	const struct desk *desk, const struct sf_sim_machine *to, size_t index);
size_t desk_item_count(const struct desk *desk, const struct sf_sim_machine *to);

/* Says that machine has taken everything it heard in the last turn, in a turn of its own. */
void desk_take(struct desk *desk, const struct sf_sim_machine *machine);
/* A local request in a turn of its own; what the turn says is heard. */
struct sf_reply desk_ask(struct desk *desk, const struct sf_request *request);

struct sf_id desk_id(struct desk *desk);
/* A message of the desk's transition; the fact's kind is set, its members are not. */
struct desk_letter desk_letter(struct desk *desk, struct sf_sim_machine *author, enum sf_kind kind);
/* Binds hospital, municipality and, when asked, the practice. Version 1. */
struct desk_letter desk_parties(struct desk *desk, bool with_gp);
/* An admission with a body for the municipality. */
struct desk_letter desk_admission(struct desk *desk);
struct desk_letter desk_answer(struct desk *desk, struct sf_sim_machine *author,
	const struct desk_letter *letter, enum sf_ack ack);
/* Another sending of the same message. */
struct desk_letter desk_again(struct desk *desk, const struct desk_letter *letter);

struct sf_view desk_seal(struct desk *desk, const struct desk_letter *letter);
/* What is kept of an envelope; in the desk's arena. */
struct sf_view desk_cover(struct desk *desk, struct sf_view envelope);
/* Submits envelopes of machine in one frame and runs the turn. */
void desk_submit(struct desk *desk, const struct sf_sim_machine *from,
	const struct sf_view *envelopes, size_t count);
/* Seals and submits; the receipt, whose signature holds. */
struct sf_receipt desk_record(struct desk *desk, const struct desk_letter *letter);
/* The index-th receipt said to machine in the last turn, checked; fails when there is none. */
struct sf_receipt desk_receipt(struct desk *desk, const struct sf_sim_machine *to, size_t index);
size_t desk_receipt_count(const struct desk *desk, const struct sf_sim_machine *to);
const struct sf_signed_receipt *desk_signed_receipt(
	const struct desk *desk, const struct sf_sim_machine *to, size_t index);
/* The machine's party as it is, with the next version; in the desk's arena. */
struct sf_directory_entry *desk_next_entry(struct desk *desk, const struct sf_sim_machine *machine);
/* A SignedRecord of it under the region's registrar; in the desk's arena. */
struct sf_view desk_sign_entry(struct desk *desk, const struct sf_directory_entry *entry);
/* The registrar's next entry of the machine's party, approved; its identity key is revoked. */
void desk_revoke(struct desk *desk, struct sf_sim_machine *machine);
int64_t desk_leaves(const struct desk *desk);
/* The newest checkpoint frame that machine heard in the last turn; NULL without one. */
const struct sf_frame_log *desk_checkpoint(
	const struct desk *desk, const struct sf_sim_machine *to);
/* What a note says, whose signature by the desk's log holds. */
struct sf_checkpoint desk_open_note(const struct desk *desk, struct sf_view note);
/*
 * A note about a tree that the store need not have, under the coordinator's log key, or under its
 * identity key, which is not the log's; in the desk's arena.
 */
struct sf_view desk_sign_note(
	struct desk *desk, const struct sf_checkpoint *checkpoint, bool by_the_log);
/* Runs turns until everything that is recorded is under a checkpoint. */
void desk_sign(struct desk *desk);
struct sf_crypto desk_crypto(const struct sf_sim_machine *machine);

#endif
