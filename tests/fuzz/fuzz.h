/*
 * The one function of a fuzz target tests/fuzz/<name>_fuzz.c. libFuzzer calls it in the build with
 * clang and SF_FUZZ, replay_main.c in every other.
 */
#ifndef SF_TESTS_FUZZ_FUZZ_H
#define SF_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* bytes: borrowed, may be NULL when size is 0. Returns 0; a fault aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
