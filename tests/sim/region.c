#include "sim/region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "coordinator/tables.h"
#include "core/derived.h"
#include "os/agreement_text.h"
#include "sim/region_scene.h"
#include "wire/record.h"

#define REPLY_SIZE_MAX ((size_t)16 * 1024 * 1024)

static uint64_t chance(struct sf_sim_region *region, uint64_t bound)
{
	return sf_sim_below(&region->world.chance, bound);
}

static struct sf_sim_machine *machine_of(struct sf_sim_region *region, size_t index)
{
	return &region->world.machines[index];
}

/* A transition as the coordinator has it; NULL when it has none. */
static const struct sf_transition *recorded_of(struct sf_sim_machine *machine, struct sf_id id)
{
	struct sf_cached_transition *cached = NULL;
	struct sf_diag diag;
	if (!machine->on || sf_id_is_none(id) ||
		sf_coordinator_transition(machine->coordinator, id, &cached, &diag) ||
		sf_transition_sequence(cached->transition) == 0)
		return NULL;
	return cached->transition;
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
	struct sf_sim_machine *coordinator = sf_sim_coordinator(&region->world);
	if (!coordinator->on)
		return NULL;
	for (size_t i = first; i < region->course_count; i++) {
		const struct sf_transition *transition =
			recorded_of(coordinator, region->courses[i].transition);
		if (!transition)
			continue;
		const char *broken = sf_transition_invariant_broken(transition);
		if (broken)
			return broken;
		if (sf_transition_frozen(transition))
			return "a ledger is frozen";
		struct sf_fact due;
		if (sf_transition_derive(transition, region->world.now_ms - SF_SECOND_MS, &due))
			return "a deadline passed and nobody's list has it";
		region->checked++;
	}
	return NULL;
}

/* The coordinator's log, transition by transition. */
struct punctuality {
	struct sf_sim_region *region;
	struct sf_id transition;
	int64_t last_ms; /* recorded time of the event before it in this transition */
	bool broken;
};

/* A derived fact is recorded at the first turn after it was due, or after it became known. */
static bool visit_recorded(void *context, const void *row)
{
	struct punctuality *punctuality = context;
	struct sf_sim_region *region = punctuality->region;
	const struct sf_row_event *event = row;
	bool same = sf_id_equal(event->transition, punctuality->transition);
	int64_t known_ms = same ? punctuality->last_ms : event->recorded_ms;
	punctuality->transition = event->transition;
	punctuality->last_ms = event->recorded_ms;
	region->events += event->sequence > 0;
	if (event->kind_class != SF_CLASS_DERIVED || event->kind == SF_KIND_LINKED)
		return true;
	struct sf_cover cover;
	struct sf_header header;
	SF_ASSERT(!sf_cover_parse(event->cover, &cover, NULL));
	SF_ASSERT(!sf_header_decode(cover.header, &header, NULL));
	int64_t due_ms = header.message.fact.derived.due_ms;
	int64_t late_ms = event->recorded_ms - (due_ms > known_ms ? due_ms : known_ms);
	region->derived++;
	if (late_ms > region->late_ms_max)
		region->late_ms_max = late_ms;
	punctuality->broken = late_ms > SF_SECOND_MS;
	return !punctuality->broken;
}

/* Every missed deadline was on somebody's list at the first turn after it had passed. */
static const char *check_punctuality(struct sf_sim_region *region)
{
	struct punctuality punctuality = {.region = region};
	const struct sf_scan scan = {.table = &sf_table_event, .index = SF_EVENT_BY_SEQUENCE};
	const struct sf_store *store = sf_memory_port(sf_sim_coordinator(&region->world)->memory);
	if (store->scan(store->self, &scan, visit_recorded, &punctuality, NULL))
		return "the coordinator's log cannot be read";
	return punctuality.broken ? "a deadline was recorded long after it had passed" : NULL;
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
	const struct sf_transition *recorded =
		recorded_of(sf_sim_coordinator(&region->world), course->transition);
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
	const struct sf_transition *recorded =
		recorded_of(sf_sim_coordinator(&region->world), course->transition);
	if (!recorded)
		return "a transition that a node had promised is not recorded";
	struct sf_buf theirs, own;
	sf_buf_init(&theirs, 1 << 20);
	sf_buf_init(&own, 1 << 20);
	SF_ASSERT(!sf_transition_summary(recorded, &theirs));
	const char *broken = NULL;
	for (size_t i = 1; i < region->world.machine_count && !broken; i++) {
		struct sf_sim_machine *machine = machine_of(region, i);
		if (!sf_transition_is_member(recorded, machine->party))
			continue;
		const struct sf_transition *replica = sf_sim_replica(machine, course->transition);
		sf_buf_clear(&own);
		if (replica)
			SF_ASSERT(!sf_transition_summary(replica, &own));
		if (!replica || !sf_view_equal(sf_buf_view(&theirs), sf_buf_view(&own)))
			broken = "a party has another view of its transition";
		region->compared++;
	}
	sf_buf_fini(&theirs);
	sf_buf_fini(&own);
	return broken;
}

static void sign_agreement(struct sf_sim_region *region)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/sim/agreements/midt.agreement", SF_TESTS_DIR);
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	SF_ASSERT(agreement);
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	SF_ASSERT(!sf_agreement_text_load(path, agreement, NULL));
	SF_ASSERT(!sf_agreement_encode(agreement, &bytes));
	free(agreement);
	struct sf_reply reply;
	const struct sf_request propose = {
		.kind = SF_REQUEST_PROPOSE, .propose = {sf_buf_view(&bytes)}};
	SF_ASSERT(sf_sim_region_ask(region, machine_of(region, 1), &propose, &reply));
	sf_buf_fini(&bytes);
	sf_sim_run_until(&region->world, region->world.now_ms + SF_MINUTE_MS);
	for (size_t i = 2; i < region->world.machine_count; i++) {
		const struct sf_request sign = {.kind = SF_REQUEST_SIGN_AGREEMENT,
			.sign_agreement = {.reference = "midt", .on_behalf = ""}};
		SF_ASSERT(sf_sim_region_ask(region, machine_of(region, i), &sign, &reply));
	}
	sf_sim_run_until(&region->world, region->world.now_ms + SF_MINUTE_MS);
}

void sf_sim_region_open(struct sf_sim_region *region, uint64_t seed, const struct sf_sim_plan *plan,
	size_t course_max, bool faulty)
{
	*region = (struct sf_sim_region){.plan = *plan, .course_max = course_max, .faulty = faulty};
	region->courses = calloc(course_max, sizeof(*region->courses));
	SF_ASSERT(region->courses);
	sf_arena_init(&region->arena, REPLY_SIZE_MAX);
	sf_sim_open(&region->world, seed, plan);
	sf_sim_run_until(&region->world, region->world.now_ms + SF_MINUTE_MS);
	sign_agreement(region);
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

/* Something falls due at any moment: what was told just now is given time to be taken. */
static void quieten(struct sf_sim_region *region)
{
	struct sf_sim_world *world = &region->world;
	struct sf_sim_machine *coordinator = sf_sim_coordinator(world);
	sf_sim_run_until(world, world->now_ms + 3 * SF_HOUR_MS);
	for (int i = 0; i < 60 && sf_memory_count(coordinator->memory, &sf_table_queue) > 0; i++)
		sf_sim_run_until(world, world->now_ms + SF_SECOND_MS);
}

const char *sf_sim_region_end(struct sf_sim_region *region)
{
	struct sf_sim_world *world = &region->world;
	sf_sim_heal(world);
	quieten(region);
	const char *broken = check_deadlines(region, 0);
	if (!broken)
		broken = check_punctuality(region);
	if (!broken)
		broken = sf_sim_check_stores(world);
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
