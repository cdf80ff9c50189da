#include "sim/region.h"

#include <stdlib.h>

#include "base/time.h"
#include "coordinator/tables.h"
#include "core/derived.h"
#include "sim/region_scene.h"

#define REPLY_SIZE_MAX ((size_t)16 * 1024 * 1024)

static uint64_t chance(struct sf_sim_region *region, uint64_t bound)
{
	return sf_sim_below(&region->world.chance, bound);
}

static struct sf_sim_machine *machine_of(struct sf_sim_region *region, size_t index)
{
	return &region->world.machines[index];
}

static void admit(struct sf_sim_region *region)
{
	SF_ASSERT(region->course_count < region->course_max);
	struct sf_sim_world *world = &region->world;
	size_t first = 1, hospitals = region->plan.hospitals, many = region->plan.municipalities;
	struct sf_sim_course *course = &region->courses[region->course_count++];
	*course = (struct sf_sim_course){
		.patient = sf_sim_patient(world, region->course_count),
		.hospital = first + chance(region, hospitals),
		.municipality = first + hospitals + chance(region, many),
		.practice = first + hospitals + many + chance(region, region->plan.practices),
		.due_ms = world->now_ms,
	};
	if (sf_sim_scene_play(region, course))
		sf_sim_scene_go_on(region, course);
	else
		course->over = true;
}

static void step_courses(struct sf_sim_region *region)
{
	for (size_t i = 0; i < region->course_count; i++) {
		struct sf_sim_course *course = &region->courses[i];
		if (course->over || course->due_ms > region->world.now_ms)
			continue;
		/* Refused by the rules or by a machine without power: life goes on either way. */
		sf_sim_scene_play(region, course);
		sf_sim_scene_go_on(region, course);
	}
}

static void maybe_trouble(struct sf_sim_region *region)
{
	struct sf_sim_world *world = &region->world;
	for (size_t i = 1; i < world->machine_count; i++)
		if (world->parted[i] && chance(region, 8) == 0)
			sf_sim_part(&world->machines[i], false);
	if (!region->faulty || chance(region, 40))
		return;
	size_t index = chance(region, world->machine_count);
	struct sf_sim_machine *machine = &world->machines[index];
	if (chance(region, 2) && index > 0) {
		sf_sim_part(machine, true);
	} else {
		sf_sim_power_off(machine);
		sf_sim_power_on(machine);
	}
}

/*
 * No transition, from the first-th patient on, has a derived fact due that the coordinator, which
 * has just had its turns, has not recorded.
 */
static const char *check_deadlines(struct sf_sim_region *region, size_t first)
{
	for (size_t i = first; i < region->course_count; i++) {
		const struct sf_transition *transition =
			sf_sim_recorded(&region->world, region->courses[i].transition);
		if (!transition)
			continue;
		const char *broken = sf_transition_invariant_broken(transition);
		if (broken)
			return broken;
		if (sf_transition_frozen(transition))
			return "a ledger is frozen";
		broken = sf_sim_check_due(&region->world, region->courses[i].transition);
		if (broken)
			return broken;
		region->checked++;
	}
	return NULL;
}

/* An answer to an offer stands on a list as the offer, whatever made it a duty. */
static bool is_listed(
	const struct sf_transition *transition, int64_t now_ms, const struct sf_obligation *owed)
{
	struct sf_next next[64];
	size_t count = sf_transition_next_all(transition, now_ms, next, SF_COUNT(next));
	for (size_t i = 0; i < count && i < SF_COUNT(next); i++)
		if (next[i].overdue && next[i].clause == owed->clause &&
			(next[i].what == SF_NEXT_ANSWER_OFFER ||
				sf_id_equal(next[i].subject, owed->subject)))
			return true;
	return false;
}

/* What is overdue at the coordinator stands on the list of who owes it. */
static const char *check_lists(struct sf_sim_region *region, const struct sf_sim_course *course)
{
	const size_t parties[] = {course->hospital, course->municipality, course->practice};
	const struct sf_transition *recorded = sf_sim_recorded(&region->world, course->transition);
	if (!recorded)
		return NULL;
	size_t count;
	const struct sf_obligation *obligations = sf_transition_obligations(recorded, &count);
	for (size_t i = 0; i < count; i++) {
		const struct sf_obligation *owed = &obligations[i];
		region->overdue += sf_obligation_is_open(owed) && owed->expired_ms != 0;
		for (size_t j = 0; j < SF_COUNT(parties); j++) {
			struct sf_sim_machine *machine = machine_of(region, parties[j]);
			if (!sf_obligation_is_open(owed) || owed->expired_ms == 0 ||
				!sf_id_equal(owed->owner, machine->party))
				continue;
			const struct sf_transition *own =
				sf_sim_replica(machine, course->transition);
			if (!own || !is_listed(own, region->world.now_ms, owed))
				return "what is overdue is not on its owner's list";
		}
	}
	return NULL;
}

/* No lost duty: every party of a transition ends with the very state that the coordinator has. */
static const char *check_replicas(struct sf_sim_region *region, const struct sf_sim_course *course)
{
	const struct sf_transition *recorded = sf_sim_recorded(&region->world, course->transition);
	if (!recorded)
		return "a transition that a node had promised is not recorded";
	const char *broken = NULL;
	for (size_t i = 1; i < region->world.machine_count && !broken; i++) {
		struct sf_sim_machine *machine = machine_of(region, i);
		if (!sf_transition_is_member(recorded, machine->party))
			continue;
		const struct sf_transition *replica = sf_sim_replica(machine, course->transition);
		if (!replica || !sf_sim_same_view(recorded, replica))
			broken = "a party has another view of its transition";
		region->compared++;
	}
	return broken;
}

void sf_sim_region_open(struct sf_sim_region *region, uint64_t seed, const struct sf_sim_plan *plan,
	size_t course_max, bool faulty)
{
	*region = (struct sf_sim_region){.plan = *plan, .course_max = course_max, .faulty = faulty};
	/* Months go by here; checkpoints of each second are what the random stories are for. */
	if (region->plan.limits.checkpoint_ms == 0)
		region->plan.limits.checkpoint_ms = SF_HOUR_MS;
	region->courses = calloc(course_max, sizeof(*region->courses));
	SF_ASSERT(region->courses);
	sf_arena_init(&region->arena, REPLY_SIZE_MAX);
	sf_sim_open(&region->world, seed, &region->plan);
	sf_sim_run_until(&region->world, region->world.now_ms + SF_MINUTE_MS);
	sf_sim_sign(&region->world);
	if (faulty)
		region->world.faults = (struct sf_sim_faults){.drop = 2000,
			.duplicate = 5000,
			.reorder = 20000,
			.delay_ms_max = 3000,
			.cut_link = 500,
			.power = 20};
}

void sf_sim_region_close(struct sf_sim_region *region)
{
	sf_sim_close(&region->world);
	sf_arena_fini(&region->arena);
	free(region->courses);
}

const char *sf_sim_region_day(struct sf_sim_region *region, size_t admissions)
{
	struct sf_sim_world *world = &region->world;
	int64_t midnight_ms = world->now_ms + SF_DAY_MS;
	size_t admitted = 0;
	while (world->now_ms < midnight_ms) {
		int64_t gone_ms = SF_DAY_MS - (midnight_ms - world->now_ms);
		while (admitted < admissions &&
			(int64_t)admitted * SF_DAY_MS <= gone_ms * (int64_t)admissions) {
			admit(region);
			admitted++;
		}
		step_courses(region);
		maybe_trouble(region);
		sf_sim_run_until(world, world->now_ms + SF_HOUR_MS / 2);
	}
	/* Nobody stays in this region for more than a month. */
	size_t recent = 30 * admissions;
	return check_deadlines(
		region, region->course_count > recent ? region->course_count - recent : 0);
}

/*
 * Something falls due at any moment: what was told just now is given time to be taken, signed and
 * proven. An hour between checkpoints would never end, so the coordinator starts with a second.
 */
static void quieten(struct sf_sim_region *region)
{
	struct sf_sim_world *world = &region->world;
	struct sf_sim_machine *coordinator = sf_sim_coordinator(world);
	world->limits.checkpoint_ms = SF_SECOND_MS;
	sf_sim_power_off(coordinator);
	sf_sim_power_on(coordinator);
	sf_sim_run_until(world, world->now_ms + 3 * SF_HOUR_MS);
	for (int i = 0; i < 60 && (sf_memory_count(coordinator->memory, &sf_table_queue) > 0 ||
					  sf_sim_check_log(world));
		i++)
		sf_sim_run_until(world, world->now_ms + SF_SECOND_MS);
}

const char *sf_sim_region_end(struct sf_sim_region *region)
{
	struct sf_sim_world *world = &region->world;
	sf_sim_heal(world);
	quieten(region);
	const char *broken = check_deadlines(region, 0);
	if (!broken)
		broken = sf_sim_check_derived(world, &region->derived);
	if (!broken && region->derived.late_ms_max > SF_SECOND_MS)
		broken = "a deadline was recorded long after it had passed";
	if (!broken)
		broken = sf_sim_check_stores(world);
	if (!broken)
		broken = sf_sim_check_log(world);
	for (size_t i = 0; i < region->course_count && !broken; i++) {
		const struct sf_sim_course *course = &region->courses[i];
		if (sf_id_is_none(course->transition))
			continue;
		broken = check_replicas(region, course);
		if (!broken)
			broken = check_lists(region, course);
	}
	return broken;
}
