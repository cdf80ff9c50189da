/*
 * What time made of transitions: each derived fact once from one fact of a party to the next, and
 * nothing due is left out.
 */
#include <stdlib.h>

#include "coordinator/state.h"
#include "coordinator/tables.h"
#include "core/derived.h"
#include "sim/story.h"
#include "wire/header.h"

#define DERIVED_MAX 256

/* The coordinator's log, transition by transition. */
struct pass {
	const struct sf_sim_world *world;
	struct sf_sim_derived *tally;
	struct sf_id transition;
	int64_t last_ms; /* recorded time of the event before it in this transition */
	size_t count;
	struct sf_fact seen[DERIVED_MAX]; /* derived ones of this transition */
	const char *broken;
};

const struct sf_transition *sf_sim_recorded(struct sf_sim_world *world, struct sf_id id)
{
	struct sf_sim_machine *machine = sf_sim_coordinator(world);
	struct sf_cached_transition *cached = NULL;
	struct sf_diag diag;
	if (!machine->on || sf_id_is_none(id))
		return NULL;
	/* No turn is in progress that would pin what was asked for before. */
	sf_transition_cache_settle(&machine->coordinator->cache);
	if (sf_coordinator_transition(machine->coordinator, id, &cached, &diag) ||
		sf_transition_sequence(cached->transition) == 0)
		return NULL;
	return cached->transition;
}

bool sf_sim_same_view(const struct sf_transition *a, const struct sf_transition *b)
{
	struct sf_buf one, other;
	sf_buf_init(&one, 1 << 20);
	sf_buf_init(&other, 1 << 20);
	SF_ASSERT(!sf_transition_summary(a, &one));
	SF_ASSERT(!sf_transition_summary(b, &other));
	bool same = sf_view_equal(sf_buf_view(&one), sf_buf_view(&other));
	sf_buf_fini(&one);
	sf_buf_fini(&other);
	return same;
}

static bool is_same(const struct sf_fact *a, const struct sf_fact *b)
{
	return a->kind == b->kind && a->derived.clause == b->derived.clause &&
	       a->derived.due_ms == b->derived.due_ms && a->derived.level == b->derived.level &&
	       a->derived.domains == b->derived.domains && a->derived.link == b->derived.link &&
	       sf_id_equal(a->derived.subject, b->derived.subject) &&
	       sf_id_equal(a->derived.other, b->derived.other);
}

static void see(struct pass *pass, const struct sf_fact *fact)
{
	for (size_t i = 0; i < pass->count; i++)
		if (is_same(&pass->seen[i], fact))
			pass->broken = "a derived fact was recorded twice";
	if (pass->count < DERIVED_MAX)
		pass->seen[pass->count++] = *fact;
}

void sf_sim_note_wait(struct sf_sim_machine *coordinator)
{
	struct sf_sim_world *world = coordinator->world;
	if (coordinator->kind != SF_SIM_COORDINATOR || !coordinator->coordinator)
		return;
	int64_t now_ms = coordinator->turn.env.now_ms(coordinator->turn.env.self);
	bool waits = sf_coordinator_waits_until_ms(coordinator->coordinator) > now_ms;
	struct sf_sim_wait *last =
		world->wait_count > 0 ? &world->waits[world->wait_count - 1] : NULL;
	bool goes_on = last && last->until_ms == INT64_MAX;
	if (goes_on && !waits)
		last->until_ms = now_ms;
	if (goes_on || !waits)
		return;
	if (world->wait_count == world->wait_capacity) {
		world->wait_capacity = world->wait_capacity ? 2 * world->wait_capacity : 64;
		world->waits = realloc(world->waits, world->wait_capacity * sizeof(*world->waits));
		SF_ASSERT(world->waits);
	}
	world->waits[world->wait_count++] = (struct sf_sim_wait){now_ms, INT64_MAX};
}

/* What fell due while the coordinator waited could be recorded when that was over. */
static int64_t behind_waits(const struct sf_sim_world *world, int64_t known_ms)
{
	for (size_t i = 0; i < world->wait_count; i++) {
		const struct sf_sim_wait *wait = &world->waits[i];
		if (known_ms >= wait->from_ms && known_ms < wait->until_ms)
			known_ms = wait->until_ms;
	}
	return known_ms;
}

static bool visit_event(void *context, const void *row)
{
	struct pass *pass = context;
	const struct sf_row_event *event = row;
	if (!sf_id_equal(event->transition, pass->transition)) {
		pass->transition = event->transition;
		pass->last_ms = event->recorded_ms;
		pass->count = 0;
	}
	pass->tally->events++;
	if (event->kind_class == SF_CLASS_DERIVED) {
		struct sf_cover cover;
		struct sf_header header;
		SF_ASSERT(!sf_cover_parse(event->cover, &cover, NULL));
		SF_ASSERT(!sf_header_decode(cover.header, &header, NULL));
		see(pass, &header.message.fact);
		int64_t known_ms = header.message.fact.derived.due_ms;
		if (known_ms < pass->last_ms)
			known_ms = pass->last_ms;
		int64_t late_ms = event->recorded_ms - behind_waits(pass->world, known_ms);
		bool timed = event->kind != SF_KIND_LINKED; /* that shows with an admission */
		pass->tally->count += timed;
		if (timed && late_ms > pass->tally->late_ms_max)
			pass->tally->late_ms_max = late_ms;
	}
	/*
	 * What people say may make due again what had been: a readmission that is cancelled,
	 * another party bound, a transition opened again. Time and acknowledgements never do.
	 */
	if (event->kind_class == SF_CLASS_FACT)
		pass->count = 0;
	pass->last_ms = event->recorded_ms;
	return !pass->broken;
}

const char *sf_sim_check_derived(struct sf_sim_world *world, struct sf_sim_derived *ret_tally)
{
	*ret_tally = (struct sf_sim_derived){.count = 0};
	struct pass *pass = calloc(1, sizeof(*pass));
	SF_ASSERT(pass);
	pass->world = world;
	pass->tally = ret_tally;
	const struct sf_scan scan = {.table = &sf_table_event, .index = SF_EVENT_BY_SEQUENCE};
	const struct sf_store *store = sf_memory_port(sf_sim_coordinator(world)->memory);
	const char *broken = "the coordinator's log cannot be read";
	if (!store->scan(store->self, &scan, visit_event, pass, NULL))
		broken = pass->broken;
	free(pass);
	return broken;
}

const char *sf_sim_check_due(struct sf_sim_world *world, struct sf_id id)
{
	const struct sf_transition *recorded = sf_sim_recorded(world, id);
	struct sf_fact due;
	if (recorded && sf_transition_derive(recorded, world->now_ms - 1000, &due))
		return "something was due and nobody's list has it";
	return NULL;
}
