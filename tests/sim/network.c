#include <stdlib.h>

#include "sim/liar.h"

uint64_t sf_sim_next(struct sf_sim_chance *chance)
{
	uint64_t z = chance->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

uint64_t sf_sim_below(struct sf_sim_chance *chance, uint64_t bound)
{
	return sf_sim_next(chance) % bound;
}

bool sf_sim_happens(struct sf_sim_world *world, uint32_t chance_in_a_million)
{
	return chance_in_a_million > 0 &&
	       sf_sim_below(&world->chance, 1000000) < chance_in_a_million;
}

static void post(struct sf_sim_machine *to, int64_t due_ms, enum sf_arrival_kind kind,
	uint64_t route, struct sf_id party, struct sf_view frame)
{
	if (to->mail_count == to->mail_capacity) {
		to->mail_capacity = to->mail_capacity ? 2 * to->mail_capacity : 64;
		to->mail = realloc(to->mail, to->mail_capacity * sizeof(*to->mail));
		SF_ASSERT(to->mail);
	}
	struct sf_sim_mail *mail = &to->mail[to->mail_count++];
	*mail = (struct sf_sim_mail){.due_ms = due_ms,
		.order = to->world->order++,
		.arrival = {.kind = kind, .route = route, .party = party}};
	sf_buf_init(&mail->arrival.frame, SF_FRAME_SIZE_MAX);
	SF_ASSERT(!sf_buf_append(&mail->arrival.frame, frame));
}

void sf_sim_post(struct sf_sim_machine *to, int64_t due_ms, uint64_t route, struct sf_id party,
	struct sf_view frame)
{
	post(to, due_ms, SF_ARRIVAL_FRAME, route, party, frame);
}

static void overhear(struct sf_sim_world *world, struct sf_view frame)
{
	if (!world->tapped || frame.size == 0)
		return;
	size_t place = world->tap_count < SF_SIM_TAP_MAX
			       ? world->tap_count++
			       : sf_sim_below(&world->chance, SF_SIM_TAP_MAX);
	sf_buf_fini(&world->tap[place]);
	sf_buf_init(&world->tap[place], SF_FRAME_SIZE_MAX);
	SF_ASSERT(!sf_buf_append(&world->tap[place], frame));
}

static bool before(const struct sf_sim_mail *a, const struct sf_sim_mail *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static struct sf_sim_mail *earliest(struct sf_sim_machine *machine)
{
	struct sf_sim_mail *first = NULL;
	for (size_t i = 0; i < machine->mail_count; i++)
		if (!first || before(&machine->mail[i], first))
			first = &machine->mail[i];
	return first;
}

int64_t sf_sim_mail_due_ms(const struct sf_sim_machine *machine)
{
	int64_t due_ms = INT64_MAX;
	for (size_t i = 0; i < machine->mail_count; i++)
		if (machine->mail[i].due_ms < due_ms)
			due_ms = machine->mail[i].due_ms;
	return due_ms;
}

void sf_sim_mail_fini(struct sf_sim_machine *machine)
{
	for (size_t i = 0; i < machine->mail_count; i++)
		sf_buf_fini(&machine->mail[i].arrival.frame);
	machine->mail_count = 0;
}

/* Frames of a session that has ended do not arrive. */
static bool is_stale(const struct sf_sim_machine *machine, const struct sf_arrival *arrival)
{
	if (arrival->kind != SF_ARRIVAL_FRAME)
		return false;
	if (machine->kind == SF_SIM_NODE)
		return arrival->route != machine->route || !machine->connected;
	return false;
}

static enum sf_err receive(void *self, size_t count_max, sf_arrival_visitor *visitor, void *context)
{
	struct sf_sim_machine *machine = self;
	for (size_t count = 0; count < count_max;) {
		struct sf_sim_mail *mail = earliest(machine);
		if (!mail || mail->due_ms > machine->world->now_ms)
			return SF_OK;
		struct sf_arrival arrival = mail->arrival;
		*mail = machine->mail[--machine->mail_count];
		if (is_stale(machine, &arrival)) {
			sf_buf_fini(&arrival.frame);
			continue;
		}
		if (machine->kind == SF_SIM_NODE)
			arrival.route = 0;
		count++;
		if (!visitor(context, &arrival))
			return SF_OK;
	}
	return SF_OK;
}

void sf_sim_carry(struct sf_sim_machine *node, struct sf_sim_machine *to, struct sf_view frame)
{
	struct sf_sim_world *world = node->world;
	const struct sf_sim_faults *faults = &world->faults;
	world->frames++;
	overhear(world, frame);
	if (sf_sim_happens(world, faults->cut_link)) {
		world->cuts++;
		sf_sim_disconnect(node, true);
		return;
	}
	if (sf_sim_happens(world, faults->half_open)) {
		world->cuts++;
		sf_sim_disconnect(node, false);
		return;
	}
	if (sf_sim_happens(world, faults->drop)) {
		world->dropped++;
		return;
	}
	int64_t delay_ms = 1;
	if (faults->delay_ms_max > 0 && sf_sim_happens(world, faults->reorder))
		delay_ms += (int64_t)sf_sim_below(&world->chance, (uint64_t)faults->delay_ms_max);
	post(to, world->now_ms + delay_ms, SF_ARRIVAL_FRAME, node->route, node->party, frame);
	if (sf_sim_happens(world, faults->duplicate)) {
		world->duplicated++;
		post(to, world->now_ms + 2 * delay_ms, SF_ARRIVAL_FRAME, node->route, node->party,
			frame);
	}
}

static enum sf_err send_frame(void *self, uint64_t route, struct sf_view frame)
{
	struct sf_sim_machine *machine = self;
	struct sf_sim_world *world = machine->world;
	if (machine->kind == SF_SIM_NODE) {
		if (!machine->connected)
			return SF_ERR_UNREACHABLE;
		if (world->liar)
			sf_sim_liar_hear(world->liar, machine, frame);
		else
			sf_sim_carry(machine, sf_sim_coordinator(world), frame);
		return SF_OK;
	}
	for (size_t i = 1; i < world->machine_count; i++) {
		struct sf_sim_machine *node = &world->machines[i];
		if (node->route != route || !node->connected)
			continue;
		if (world->liar)
			sf_sim_liar_say(world->liar, node, frame);
		else
			sf_sim_carry(node, node, frame);
		return SF_OK;
	}
	return SF_ERR_UNREACHABLE;
}

struct sf_link sf_sim_link(struct sf_sim_machine *machine)
{
	return (struct sf_link){.self = machine, .receive = receive, .send = send_frame};
}

void sf_sim_disconnect(struct sf_sim_machine *node, bool node_notices)
{
	struct sf_sim_world *world = node->world;
	if (!node->connected)
		return;
	node->connected = false;
	/* Half open: the node's heartbeat finds out 15 seconds later (WIRE section 3). */
	int64_t notice_ms = node_notices ? 1 : 15000;
	post(node, world->now_ms + notice_ms, SF_ARRIVAL_DOWN, 0, (struct sf_id){{0}},
		sf_view_of(NULL, 0));
	node->reconnect_ms =
		world->now_ms + notice_ms + 200 + (int64_t)sf_sim_below(&world->chance, 3000);
}

bool sf_sim_may_connect(const struct sf_sim_machine *machine)
{
	const struct sf_sim_world *world = machine->world;
	return machine->kind == SF_SIM_NODE && machine->on && !machine->connected &&
	       !world->parted[machine->index] && world->machines[0].on;
}

void sf_sim_connect_due(struct sf_sim_world *world)
{
	for (size_t i = 1; i < world->machine_count; i++) {
		struct sf_sim_machine *node = &world->machines[i];
		if (!sf_sim_may_connect(node) || node->reconnect_ms > world->now_ms)
			continue;
		node->connected = true;
		node->route = ++world->routes;
		post(node, world->now_ms + 1, SF_ARRIVAL_UP, 0, (struct sf_id){{0}},
			sf_view_of(NULL, 0));
	}
}
