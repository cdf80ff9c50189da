/*
 * Chance that repeats: everything follows from one seed. PCG-XSH-RR 64/32 (O'Neill 2014).
 */
#ifndef TESTS_PROPERTY_CHANCE_H
#define TESTS_PROPERTY_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

struct chance chance_of(uint64_t seed);
/* 0 to below bound; bound at least 1. */
uint32_t chance_below(struct chance *chance, uint32_t bound);
bool chance_percent(struct chance *chance, uint32_t percent);
/* A random order of the numbers 0 to below count. */
void chance_shuffle(struct chance *chance, size_t *numbers, size_t count);

/*
 * Runs property once for each seed from `seed` on; argv: SEED COUNT. A property that does not hold
 * calls chance_fail, which prints how to repeat it.
 */
typedef void chance_property(struct chance *chance);
int chance_main(int argc, char **argv, const char *name, chance_property *property);
__attribute__((noreturn)) void chance_fail(const char *what, int line);

#define CHECK(condition) ((condition) ? (void)0 : chance_fail(#condition, __LINE__))

#endif
