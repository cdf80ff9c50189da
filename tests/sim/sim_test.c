/*
 * Runs seeds: a random story in a faulty region, then healing, then the checks.
 *   sim_test [--seeds N] [--from SEED] [--half 1|2] [--verbose]
 * SF_SIM_SEEDS sets N where no option does; --half takes the first or second half of them. A
 * failing seed is printed with how to run it again.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "coordinator/tables.h"
#include "sim/lost_tail.h"
#include "sim/hostile.h"

#define SEEDS_DEFAULT 2000
#define TWICE_EVERY 50
/* So many seeds together must have kept folds: caches are small in all of them. */
#define SEEDS_WITH_FOLDS 100

struct run_end {
	uint64_t digest; /* of everything that stands in the stores */
	size_t folds;    /* packed rows that the coordinator folds from */
};

static void choose_faults(struct sf_sim_world *world)
{
	struct sf_sim_chance *chance = &world->chance;
	/* Most runs have some kind of trouble, none has all of it at once. */
	if (sf_sim_below(chance, 2))
		world->faults.drop = (uint32_t)sf_sim_below(chance, 60000);
	if (sf_sim_below(chance, 2))
		world->faults.duplicate = (uint32_t)sf_sim_below(chance, 100000);
	if (sf_sim_below(chance, 2)) {
		world->faults.reorder = (uint32_t)sf_sim_below(chance, 300000);
		world->faults.delay_ms_max = 1 + (int64_t)sf_sim_below(chance, 20000);
	}
	if (sf_sim_below(chance, 2))
		world->faults.cut_link = (uint32_t)sf_sim_below(chance, 40000);
	if (sf_sim_below(chance, 3) == 0)
		world->faults.half_open = (uint32_t)sf_sim_below(chance, 20000);
	if (sf_sim_below(chance, 3) == 0)
		world->faults.power = (uint32_t)sf_sim_below(chance, 20000);
	if (sf_sim_below(chance, 4) == 0)
		world->faults.clock = (uint32_t)sf_sim_below(chance, 8000);
	if (sf_sim_below(chance, 3) == 0)
		world->faults.disk = (struct sf_memory_faults){
			.write_full = (uint32_t)sf_sim_below(chance, 2000),
			.write_io = (uint32_t)sf_sim_below(chance, 1000),
			.commit_full = (uint32_t)sf_sim_below(chance, 20000),
			.commit_lost = (uint32_t)sf_sim_below(chance, 10000),
			.commit_kept = (uint32_t)sf_sim_below(chance, 10000),
		};
	const struct sf_sim_faults *faults = &world->faults;
	world->keeps_order = faults->drop == 0 && faults->reorder == 0;
	world->quiet = world->keeps_order && !world->tapped && faults->duplicate == 0 &&
		       faults->cut_link == 0 && faults->half_open == 0 && faults->power == 0 &&
		       faults->clock == 0 && faults->disk.commit_full == 0;
	for (size_t i = 0; i < world->machine_count; i++) {
		struct sf_memory_faults disk = world->faults.disk;
		disk.seed = sf_sim_next(chance);
		sf_memory_plan(world->machines[i].memory, &disk);
	}
}

static void maybe_part(struct sf_sim_world *world)
{
	if (sf_sim_below(&world->chance, 12))
		return;
	size_t i = 1 + sf_sim_below(&world->chance, world->machine_count - 1);
	sf_sim_part(&world->machines[i], !world->parted[i]);
}

static void restart_all(struct sf_sim_world *world)
{
	for (size_t i = 0; i < world->machine_count; i++)
		sf_sim_power_off(&world->machines[i]);
	for (size_t i = 0; i < world->machine_count; i++)
		sf_sim_power_on(&world->machines[i]);
}

/* What happens to a region as a whole, between two things that people do. */
static void maybe_trouble(struct sf_sim_world *world)
{
	maybe_part(world);
	switch (sf_sim_below(&world->chance, 150)) {
	case 0:
		restart_all(world);
		break;
	case 1: /* nobody is there for days */
		sf_sim_run_until(world,
			world->now_ms + (int64_t)sf_sim_below(&world->chance, 3 * SF_DAY_MS));
		break;
	case 2:
		sf_sim_power_off(sf_sim_coordinator(world));
		break;
	case 3:
		sf_sim_power_on(sf_sim_coordinator(world));
		break;
	default:
		break;
	}
}

/* The coordinator is cut at every turn that commits, for a while. */
static void cut_often(struct sf_sim_world *world)
{
	struct sf_sim_machine *coordinator = sf_sim_coordinator(world);
	for (size_t i = 0; i < 10; i++) {
		sf_sim_run_until(world, world->now_ms + 5000);
		sf_sim_power_off(coordinator);
		sf_sim_power_on(coordinator);
	}
}

/*
 * The coordinator's store is that of an earlier moment again: what was recorded since is lost. It
 * finds out itself when those have said hello who know more; then the registrar declares an epoch.
 */
static const char *lose_tail(struct sf_sim_world *world, struct sf_memory **backup)
{
	struct sf_sim_machine *coordinator = sf_sim_coordinator(world);
	struct sf_memory *older = *backup;
	*backup = NULL;
	/* It is an alarm, and what comes again stands in another order. */
	world->quiet = world->keeps_order = false;
	for (size_t i = 0; i < world->machine_count; i++) {
		sf_sim_part(&world->machines[i], false);
		sf_sim_power_on(&world->machines[i]);
	}
	sf_sim_restore(coordinator, older);
	for (size_t i = 0; i < 30 && !sf_sim_is_behind(coordinator); i++)
		sf_sim_run_until(world, world->now_ms + SF_MINUTE_MS);
	return sf_sim_is_behind(coordinator) ? sf_sim_declare_epoch(world) : NULL;
}

/* Some regions lose a tail of the log, once, somewhere in their story. */
static const char *maybe_lose_tail(struct sf_sim_world *world, struct sf_memory **backup)
{
	if (!world->loses_tail)
		return NULL;
	if (!*backup && sf_sim_below(&world->chance, 4) == 0) {
		sf_sim_power_on(sf_sim_coordinator(world));
		*backup = sf_sim_back_up(sf_sim_coordinator(world));
		return NULL;
	}
	if (!*backup || sf_sim_below(&world->chance, 8) > 0)
		return NULL;
	world->loses_tail = false;
	return lose_tail(world, backup);
}

static const char *run_story(struct sf_sim_story *story)
{
	struct sf_sim_world *world = story->world;
	struct sf_memory *backup = NULL;
	size_t steps = 10 + sf_sim_below(&world->chance, 40);
	for (size_t i = 0; i < steps; i++) {
		sf_sim_story_step(story);
		maybe_trouble(world);
		for (uint64_t attacks = sf_sim_below(&world->chance, 4); attacks > 0; attacks--)
			sf_sim_hostile_step(story);
		int64_t pause_ms = (int64_t)sf_sim_below(&world->chance, 20000);
		/* Deadlines of an agreement are hours and days away. */
		if (world->signs && sf_sim_below(&world->chance, 8) == 0)
			pause_ms = (int64_t)sf_sim_below(&world->chance, SF_DAY_MS);
		sf_sim_run_until(world, world->now_ms + pause_ms);
		const char *broken = sf_sim_check_now(story);
		if (!broken)
			broken = sf_sim_check_hostile(story);
		if (!broken)
			broken = maybe_lose_tail(world, &backup);
		if (broken)
			return broken;
	}
	if (backup)
		sf_memory_close(&backup);
	if (sf_sim_below(&world->chance, 10) == 0)
		cut_often(world);
	bool jumped = world->faults.clock > 0;
	sf_sim_heal(world);
	/*
	 * Longer than every timeout: redelivery and resending come after 30 minutes each. What was
	 * sealed by a clock that went ahead waits until then.
	 */
	sf_sim_run_until(world, world->now_ms + (jumped ? 5 * SF_DAY_MS : 3 * SF_HOUR_MS));
	return sf_sim_check_end(story);
}

static void tell(const struct sf_sim_world *world, const struct sf_sim_story *story)
{
	printf("seed %llu: %zu machines%s, %zu stays, %zu letters, %llu facts, %llu derived, "
	       "%llu frames, %llu dropped, %llu doubled, %llu sessions cut, %llu power cuts, %llu "
	       "turns lost\n",
		(unsigned long long)world->seed, world->machine_count,
		world->tapped ? " (one hostile)" : "", story->stay_count, story->promise_count,
		(unsigned long long)story->said, (unsigned long long)story->derived.count,
		(unsigned long long)world->frames, (unsigned long long)world->dropped,
		(unsigned long long)world->duplicated, (unsigned long long)world->cuts,
		(unsigned long long)world->power_cuts, (unsigned long long)world->lost_turns);
}

/* The region that a seed makes. */
static void open_world(struct sf_sim_world *world, uint64_t seed, struct sf_sim_chance *shape)
{
	struct sf_sim_plan plan = {.hospitals = 1 + sf_sim_below(shape, 3),
		.municipalities = 1 + sf_sim_below(shape, 3),
		.practices = sf_sim_below(shape, 4)};
	if (sf_sim_below(shape, 3) == 0)
		plan.limits = (struct sf_sim_limits){.transitions_cached = 1,
			.window_max = 1 + (uint32_t)sf_sim_below(shape, 3),
			.credit_max = 1 + (uint32_t)sf_sim_below(shape, 3)};
	sf_sim_open(world, seed, &plan);
	if (sf_sim_below(shape, 3) == 0) {
		static const enum sf_role roles[] = {
			SF_ROLE_HOSPITAL, SF_ROLE_MUNICIPALITY, SF_ROLE_GP};
		sf_sim_add(world, roles[sf_sim_below(shape, SF_COUNT(roles))], "hostile",
			"990101000016007", "5790999000109", true);
		sf_sim_turn_hostile(world);
	}
}

/* NULL, or what does not hold. */
static const char *run_once(uint64_t seed, bool verbose, struct run_end *ret_end)
{
	struct sf_sim_world world;
	struct sf_sim_story *story = calloc(1, sizeof(*story));
	SF_ASSERT(story);
	struct sf_sim_chance shape = {seed ^ UINT64_C(0x5346)};
	open_world(&world, seed, &shape);
	sf_sim_story_open(story, &world, 1 + sf_sim_below(&shape, 6));
	sf_sim_run_until(&world, world.now_ms + 5000);
	world.signs = sf_sim_below(&shape, 2) == 0;
	if (world.signs)
		sf_sim_sign(&world);
	choose_faults(&world);
	world.loses_tail = sf_sim_below(&shape, 4) == 0;
	const char *broken = run_story(story);
	ret_end->digest = sf_sim_digest(&world);
	ret_end->folds = sf_memory_count(sf_sim_coordinator(&world)->memory, &sf_table_fold);
	if (verbose)
		tell(&world, story);
	sf_sim_story_close(story);
	sf_sim_close(&world);
	free(story);
	return broken;
}

/* Some seeds run twice: what is not repeatable cannot be replayed. */
static bool run_seed(uint64_t seed, bool verbose, uint64_t *folds)
{
	struct run_end first, second;
	const char *broken = run_once(seed, verbose, &first);
	if (!broken && seed % TWICE_EVERY == 0) {
		broken = run_once(seed, false, &second);
		if (!broken && first.digest != second.digest)
			broken = "two runs of one seed end differently";
	}
	if (broken)
		printf("seed %llu: %s\n  again: sim_test --from %llu --seeds 1 --verbose\n",
			(unsigned long long)seed, broken, (unsigned long long)seed);
	fflush(stdout);
	*folds += first.folds;
	return !broken;
}

/* The first or the second half of count seeds. */
static void take_half(const char *which, uint64_t *count, uint64_t *from)
{
	uint64_t first = (*count + 1) / 2;
	bool is_second = strcmp(which, "2") == 0;
	*from = is_second ? 1 + first : 1;
	*count = is_second ? *count - first : first;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"seeds", required_argument, NULL, 'n'},
		{"from", required_argument, NULL, 'f'},
		{"half", required_argument, NULL, 'h'},
		{"verbose", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	const char *wanted = getenv("SF_SIM_SEEDS");
	uint64_t count = wanted ? strtoull(wanted, NULL, 10) : SEEDS_DEFAULT;
	uint64_t from = 1;
	bool verbose = false;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == 'n')
			count = strtoull(optarg, NULL, 10);
		else if (option == 'f')
			from = strtoull(optarg, NULL, 10);
		else if (option == 'h')
			take_half(optarg, &count, &from);
		else if (option == 'v')
			verbose = true;
		else
			return 2;
	}
	uint64_t failed = 0, folds = 0;
	for (uint64_t seed = from; seed < from + count; seed++)
		failed += !run_seed(seed, verbose, &folds);
	printf("%llu seeds from %llu: %llu failed, %llu folds kept\n", (unsigned long long)count,
		(unsigned long long)from, (unsigned long long)failed, (unsigned long long)folds);
	return failed > 0 || count == 0 || (count >= SEEDS_WITH_FOLDS && folds == 0);
}
