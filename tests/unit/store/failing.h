/*
 * A store that answers as the one behind it does, but for one table, which it cannot read or write:
 * for the tests of those who stand on the port. Everything else passes through.
 */
#ifndef SF_TESTS_UNIT_STORE_FAILING_H
#define SF_TESTS_UNIT_STORE_FAILING_H

#include "port/store.h"

struct failing_store {
	struct sf_store port; /* what is given to the tested; must not move */
	struct sf_store real;
	const struct sf_table *table; /* whose every call is err; NULL: none */
	bool any;                     /* of every table */
	enum sf_err err;
	size_t spared; /* of these calls go well first */
	size_t failed; /* calls so far that were err */
};

/* Of no table yet; err is SF_ERR_IO. */
void failing_store_init(struct failing_store *failing, const struct sf_store *real);

#endif
