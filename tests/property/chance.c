#include "property/chance.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t current_seed;
static const char *current_name;

struct chance chance_of(uint64_t seed)
{
	struct chance chance = {seed * 0x9E3779B97F4A7C15u + 0xDA3E39CB94B95BDBu};
	chance_below(&chance, 2);
	return chance;
}

uint32_t chance_below(struct chance *chance, uint32_t bound)
{
	uint64_t old = chance->state;
	chance->state = old * 6364136223846793005u + 1442695040888963407u;
	uint32_t mixed = (uint32_t)(((old >> 18) ^ old) >> 27);
	uint32_t turn = (uint32_t)(old >> 59);
	uint32_t drawn = mixed >> turn | mixed << ((32 - turn) & 31);
	return (uint32_t)(((uint64_t)drawn * bound) >> 32);
}

bool chance_percent(struct chance *chance, uint32_t percent)
{
	return chance_below(chance, 100) < percent;
}

void chance_shuffle(struct chance *chance, size_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t other = chance_below(chance, (uint32_t)i + 1);
		numbers[i] = numbers[other];
		numbers[other] = i;
	}
}

void chance_fail(const char *what, int line)
{
	fprintf(stderr, "%s: line %d: %s\nrepeat with: property_%s %" PRIu64 " 1\n", current_name,
		line, what, current_name, current_seed);
	abort();
}

int chance_main(int argc, char **argv, const char *name, chance_property *property)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
	current_name = name;
	printf("%s: %" PRIu64 " cases from seed %" PRIu64 "\n", name, count, seed);
	for (uint64_t i = 0; i < count; i++) {
		current_seed = seed + i;
		struct chance chance = chance_of(current_seed);
		property(&chance);
	}
	return count == 0;
}
