/* A store of each kind on the test tables, so that one suite runs against all of them. */
#ifndef SF_TESTS_STORE_ADAPTER_H
#define SF_TESTS_STORE_ADAPTER_H

#include "port/store.h"
#include "store/memory.h"
#include "store/sqlite.h"

struct adapter {
	const struct sf_store *store; /* borrowed from one of the two */
	struct sf_memory *memory;     /* owned, or NULL */
	struct sf_sqlite *sqlite;     /* owned, or NULL */
	char folder[64];
	char path[96];
};

void adapter_open_memory(struct adapter *adapter);
/* In a temporary folder of its own. */
void adapter_open_sqlite(struct adapter *adapter);
/* As a restart would: what was committed is there. */
void adapter_reopen(struct adapter *adapter);
void adapter_close(struct adapter *adapter);

/* Stop the test unless the call succeeds; the diag is printed. */
void must_begin(const struct sf_store *store);
void must_commit(const struct sf_store *store);
void must_insert(const struct sf_store *store, const struct sf_table *table, const void *row);
void must_replace(const struct sf_store *store, const struct sf_table *table, const void *row);

#endif
