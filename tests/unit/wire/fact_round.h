/* Facts there and back, and spoilt field by field: what the tests of the codecs share. */
#ifndef SF_TESTS_WIRE_FACT_ROUND_H
#define SF_TESTS_WIRE_FACT_ROUND_H

#include <stddef.h>

#include "core/fact.h"

/* Encodes and decodes. What comes back is written again and must be the same bytes. */
enum sf_err fact_round(const struct sf_fact *fact, struct sf_fact *ret_fact, struct sf_diag *diag);

/* One field of a good fact replaced by what cannot be, and a word that the error must have. */
struct fact_spoil {
	size_t offset;
	size_t size; /* 4 or 8: a number; else zeroed, as a required id or digest is missing */
	int64_t value;
	const char *word;
};
#define FACT_SPOIL(member, value, word)                                                            \
	{                                                                                          \
		offsetof(struct sf_fact, member), sizeof(((struct sf_fact *)0)->member), value,    \
			word                                                                       \
	}

/* The good fact is read; with each of the fields spoilt it is SF_ERR_FORMAT and named. */
void fact_assert_spoilt(
	const struct sf_fact *good, const struct fact_spoil *spoils, size_t spoil_count);

#endif
