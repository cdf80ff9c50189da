/*
 * A model check of responsibility under partition (DOMAIN.md section 5, R1 to R9): every order in
 * which a small world can sign, record and see its messages is walked, on the core itself.
 *
 * The world: hospital H, municipality K, GP G, and the coordinator. A party signs a message when
 * its own replica allows it; what is signed waits in flight for as long as it likes; the
 * coordinator records in any order; each replica sees what is recorded in sequence, as late as it
 * likes. Time is nondeterministic too: whatever a clause would ever derive may be derived at any
 * moment.
 *
 * In every state that can be reached:
 * - nothing froze, no rule is broken at the coordinator (R1, R3 to R9);
 * - every domain that has a holder at the coordinator has somebody who knows that he must act (R2):
 *   no state without a holder.
 *
 * usage: model_responsibility [MOVES], a text of move letters; see the table of moves.c. Without it
 * SF_MODEL_MOVES says them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "core/derived.h"
#include "model/moves.h"
#include "unit/core/scene.h"

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail(#condition, __LINE__);                                                \
	} while (0)

#define PARTIES "HKG"
#define PARTY_COUNT (sizeof(PARTIES) - 1)
#define DEPTH_MAX 15 /* events of one history; positions have four bits */
#define MOVE_MAX 15
/* Names of events that no move makes. */
#define BINDS 'P'
#define ADMITS 'A'
#define TIME '+'

#define FAR_MS (SCENE_START_MS + 400 * SF_DAY_MS)

/* One history that can be recorded: a node of the tree of all of them. */
struct history {
	struct sf_transition *transition; /* owned */
	struct history *parent;
	struct history *next[MOVE_MAX + 1]; /* by move; the last is time */
	uint32_t number;
	uint32_t depth;
	uint32_t recorded; /* bits of moves */
	int64_t now_ms;
	char name;
};

struct state {
	struct history *history;
	uint8_t seen[PARTY_COUNT];
	uint32_t signed_moves;
};

static struct {
	const struct move *moves[MOVE_MAX];
	size_t move_count;
	struct history *first; /* with the two events that begin it */
	uint32_t history_count;
	uint64_t state_count, derived_count;
	uint64_t *visited; /* open addressing; 0 is empty */
	size_t visited_size, visited_count;
	struct state *stack;
	size_t stack_count, stack_size;
	const struct history *current;
} world;

static void print_history(const struct history *history)
{
	if (history->parent)
		print_history(history->parent);
	fputc(history->name, stderr);
}

static void fail(const char *what, int line)
{
	fprintf(stderr, "%s:%d: %s\nhistory: ", __FILE__, line, what);
	if (world.current)
		print_history(world.current);
	fputc('\n', stderr);
	exit(1);
}

static struct sf_message new_message(char letter, char author, int64_t at_ms)
{
	return (struct sf_message){
		.format = 1,
		.id = move_id(letter),
		.transition = scene_id(9, 1),
		.author = scene_party(author),
		.author_sequence = (uint64_t)letter,
		.occurred_ms = at_ms,
		.created_ms = at_ms,
	};
}

/* Steps the one event that history adds to its parent. */
static void step(const struct history *history, const struct sf_message *message,
	enum sf_kind_class kind_class, enum sf_role role, struct sf_transition *transition)
{
	const struct sf_event event = {message, kind_class, history->depth, history->now_ms, role};
	struct sf_transition_result result;
	enum sf_err err = sf_transition_step(transition, &event, &result);
	world.current = history;
	CHECK(err == SF_OK);
	CHECK(!sf_transition_frozen(transition));
	const char *broken = sf_transition_invariant_broken(transition);
	if (broken)
		fail(broken, __LINE__);
	CHECK(kind_class != SF_CLASS_DERIVED || result.outcome != SF_OUTCOME_REFUSED);
}

static void bind_all(struct sf_message *message)
{
	message->fact.kind = SF_KIND_PARTIES;
	message->fact.parties = (struct sf_parties){
		.version = 1,
		.pathway = SF_PATHWAY_SOMATIC,
		.agreement = scene_agreement(),
		.active = MEDICAL | CARE | MEDICATION,
		.binding_count = PARTY_COUNT,
	};
	for (size_t i = 0; i < PARTY_COUNT; i++)
		message->fact.parties.bindings[i] = (struct sf_binding){
			scene_role(PARTIES[i]), SF_BINDING_PARTY, scene_party(PARTIES[i])};
}

static void step_last(const struct history *history, struct sf_transition *transition)
{
	enum sf_kind_class kind_class = SF_CLASS_FACT;
	enum sf_role role = SF_ROLE_HOSPITAL;
	struct sf_message message = new_message(history->name, 'H', history->now_ms);
	if (history->name == BINDS) {
		bind_all(&message);
	} else if (history->name == ADMITS) {
		move_set_stay(&message, "STIN", 0);
	} else if (history->name == TIME) {
		kind_class = SF_CLASS_DERIVED;
		role = SF_ROLE_COORDINATOR;
		message.id = scene_id(3, history->depth);
		message.author = scene_party('X');
		CHECK(sf_transition_derive(transition, history->now_ms, &message.fact));
	} else {
		const struct move *move = move_find(history->name);
		message.author = scene_party(move->author);
		move->may(transition, &message);
		role = scene_role(move->author);
		if (message.fact.kind == SF_KIND_ACKNOWLEDGEMENT)
			kind_class = SF_CLASS_ACKNOWLEDGEMENT;
	}
	step(history, &message, kind_class, role, transition);
}

static void replay(const struct history *history, struct sf_transition *transition)
{
	if (!history)
		return;
	replay(history->parent, transition);
	step_last(history, transition);
}

/* The history with one event more; made when it is first asked for. */
static struct history *extend(struct history *parent, char name, size_t slot)
{
	if (parent && parent->next[slot])
		return parent->next[slot];
	struct history *history = calloc(1, sizeof(*history));
	CHECK(history != NULL);
	history->parent = parent;
	history->name = name;
	history->number = ++world.history_count;
	history->depth = parent ? parent->depth + 1 : 1;
	history->recorded = parent ? parent->recorded : 0;
	if (slot < MOVE_MAX)
		history->recorded |= 1u << slot;
	history->now_ms = parent ? parent->now_ms + SF_MINUTE_MS : SCENE_START_MS;
	if (name == TIME) {
		enum sf_urgency urgency;
		int64_t due_ms = sf_transition_next_due_ms(parent->transition, &urgency);
		if (due_ms > history->now_ms)
			history->now_ms = due_ms;
	}
	enum sf_err err = sf_transition_open(scene_id(9, 1), move_book(), &history->transition);
	CHECK(err == SF_OK);
	replay(history, history->transition);
	if (parent)
		parent->next[slot] = history;
	return history;
}

/* A replica has seen the first `seen` events; none: NULL. */
static const struct history *view_of(const struct history *history, uint32_t seen)
{
	while (history && history->depth > seen)
		history = history->parent;
	return history;
}

static size_t find_slot(uint64_t key)
{
	uint64_t slot = key * UINT64_C(0x9E3779B97F4A7C15);
	slot ^= slot >> 29;
	slot %= world.visited_size;
	while (world.visited[slot] && world.visited[slot] != key)
		slot = (slot + 1) % world.visited_size;
	return (size_t)slot;
}

static bool visit(const struct state *state)
{
	uint64_t key =
		((uint64_t)state->history->number << 32) | ((uint64_t)state->signed_moves << 12);
	for (size_t i = 0; i < PARTY_COUNT; i++)
		key |= (uint64_t)state->seen[i] << (4 * i);
	if (world.visited_count * 2 >= world.visited_size) {
		size_t old_size = world.visited_size;
		uint64_t *old = world.visited;
		world.visited_size = old_size ? 2 * old_size : 1 << 16;
		world.visited = calloc(world.visited_size, sizeof(*world.visited));
		CHECK(world.visited != NULL);
		world.visited_count = 0;
		for (size_t i = 0; i < old_size; i++)
			if (old[i])
				world.visited[find_slot(old[i])] = old[i], world.visited_count++;
		free(old);
	}
	size_t slot = find_slot(key);
	if (world.visited[slot])
		return false;
	world.visited[slot] = key;
	world.visited_count++;
	return true;
}

static void push(const struct state *state)
{
	if (!visit(state))
		return;
	if (world.stack_count == world.stack_size) {
		world.stack_size = world.stack_size ? 2 * world.stack_size : 1024;
		void *moved = realloc(world.stack, world.stack_size * sizeof(*world.stack));
		CHECK(moved != NULL);
		world.stack = moved;
	}
	world.stack[world.stack_count++] = *state;
}

/* What the party has signed that takes domains and has not seen recorded. */
static size_t find_pending(const struct state *state, size_t party, const struct history *view,
	struct sf_pending_take ret_pending[MOVE_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < world.move_count; i++) {
		const struct move *move = world.moves[i];
		bool is_signed = state->signed_moves & (1u << i);
		bool is_seen = view && (view->recorded & (1u << i));
		if (!move->takes || move->author != PARTIES[party] || !is_signed || is_seen)
			continue;
		struct sf_message message = new_message(move->letter, move->author, 0);
		move->may(state->history->transition, &message);
		struct sf_pending_take *take = &ret_pending[count++];
		*take = (struct sf_pending_take){.domains = SF_DOMAIN_ALL};
		if (message.fact.kind == SF_KIND_ACCEPT) {
			take->offer = message.in_reply_to;
			take->domains = message.fact.accept.domains;
		} else if (message.fact.kind == SF_KIND_ACKNOWLEDGEMENT) {
			take->offer = message.fact.acknowledgement.message_id;
			take->acknowledges = true;
		}
	}
	return count;
}

static void check_holders(const struct state *state)
{
	world.current = state->history;
	for (enum sf_domain domain = SF_DOMAIN_MEDICAL; domain < SF_DOMAIN_COUNT; domain++) {
		const struct sf_transition *recorded = state->history->transition;
		if (sf_id_is_none(sf_transition_holder(recorded, domain)))
			continue;
		bool somebody = false;
		for (size_t party = 0; party < PARTY_COUNT && !somebody; party++) {
			const struct history *view = view_of(state->history, state->seen[party]);
			struct sf_pending_take pending[MOVE_MAX];
			size_t count = find_pending(state, party, view, pending);
			somebody = view &&
				   sf_transition_may_hold(view->transition,
					   scene_party(PARTIES[party]), domain, pending, count);
		}
		if (!somebody) {
			fprintf(stderr, "nobody knows of holding %s; seen %u %u %u, signed %x\n",
				sf_domain_text(domain), state->seen[0], state->seen[1],
				state->seen[2], state->signed_moves);
			fail("R2 a state without a holder", __LINE__);
		}
	}
}

static void sign_more(const struct state *state)
{
	for (size_t i = 0; i < world.move_count; i++) {
		const struct move *move = world.moves[i];
		const char *author = strchr(PARTIES, move->author);
		const struct history *view = view_of(state->history, state->seen[author - PARTIES]);
		if ((state->signed_moves & (1u << i)) || !view)
			continue;
		struct sf_message message = new_message(move->letter, move->author, view->now_ms);
		if (!move->may(view->transition, &message))
			continue;
		struct state next = *state;
		next.signed_moves |= 1u << i;
		push(&next);
	}
}

static void record_more(const struct state *state)
{
	struct history *history = state->history;
	if (history->depth == DEPTH_MAX)
		return;
	for (size_t i = 0; i < world.move_count; i++) {
		uint32_t bit = 1u << i;
		if (!(state->signed_moves & bit) || (history->recorded & bit))
			continue;
		struct state next = *state;
		next.history = extend(history, world.moves[i]->letter, i);
		push(&next);
	}
	struct sf_fact fact;
	if (!sf_transition_derive(history->transition, FAR_MS, &fact))
		return;
	struct state next = *state;
	next.history = extend(history, TIME, MOVE_MAX);
	world.derived_count++;
	push(&next);
}

static void see_more(const struct state *state)
{
	for (size_t i = 0; i < PARTY_COUNT; i++) {
		struct state next = *state;
		if (next.seen[i] == next.history->depth)
			continue;
		next.seen[i]++;
		push(&next);
	}
}

int main(int argc, char **argv)
{
	const char *wide = getenv("SF_MODEL_MOVES");
	const char *letters = argc > 1 ? argv[1] : wide ? wide : "dcnawhg";
	CHECK(strlen(letters) <= MOVE_MAX - 2);
	for (const char *letter = letters; *letter; letter++)
		world.moves[world.move_count++] = move_find(*letter);
	struct history *bound = extend(NULL, BINDS, MOVE_MAX);
	struct state first = {.history = extend(bound, ADMITS, MOVE_MAX - 1)};
	first.history->recorded = 0;
	first.seen[0] = 2; /* the hospital knows what it began with */
	push(&first);
	while (world.stack_count > 0) {
		const struct state state = world.stack[--world.stack_count];
		world.state_count++;
		check_holders(&state);
		sign_more(&state);
		record_more(&state);
		see_more(&state);
	}
	printf("moves %s: %" PRIu64 " states, %" PRIu32 " histories, %" PRIu64
	       " times of a clause; every state has a holder\n",
		letters, world.state_count, world.history_count, world.derived_count);
	return 0;
}
