/*
 * Public test vectors in JSON under tests/vectors/, read for the tests of this room.
 */
#ifndef SF_TEST_VECTORS_H
#define SF_TEST_VECTORS_H

#include <jansson.h>

#include "base/bytes.h"

struct hex {
	uint8_t bytes[16384];
	size_t size;
};

/* Asserts that tests/vectors/<name> reads. The caller gives the reference back. */
json_t *vectors_load(const char *name);
/* The bytes of a hexadecimal field; empty when it is not there. */
struct hex hex_field(const json_t *object, const char *name);
struct sf_view hex_view(const struct hex *hex);

/*
 * Calls run for every case of a Wycheproof file, with its group; asserts that the file's
 * numberOfTests were run, and that it is the number the test expects.
 */
void wycheproof_each(const char *name, size_t count_expected,
	void (*run)(const json_t *group, const json_t *vector, const char *result));

#endif
