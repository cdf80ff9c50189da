/*
 * The store in memory (port/store.h), for simulation: same semantics as SQLite, deterministic, and
 * with the faults of a disk. What was committed is "on disk" and survives sf_memory_cut; an open
 * transaction does not.
 *
 * A row that get returned is freed by the next call, so that a sanitizer finds views kept too long.
 */
#ifndef SF_STORE_MEMORY_H
#define SF_STORE_MEMORY_H

#include "port/store.h"

struct sf_memory; /* opaque */

/* Chances in a million, drawn for each call from the seed. */
struct sf_memory_faults {
	uint64_t seed;
	uint32_t write_full;  /* a write returns SF_ERR_DISK_FULL and dooms the transaction */
	uint32_t write_io;    /* likewise SF_ERR_IO */
	uint32_t commit_full; /* SF_ERR_DISK_FULL, rolled back */
	uint32_t commit_lost; /* SF_ERR_IO, outcome unknown: it is not on disk */
	uint32_t commit_kept; /* SF_ERR_IO, outcome unknown: it is on disk */
};

enum sf_memory_outcome {
	SF_MEMORY_GOOD = 0,
	SF_MEMORY_FULL,
	SF_MEMORY_LOST,
	SF_MEMORY_KEPT,
};

/* The tables are borrowed while the store is open. */
SF_MUST_USE enum sf_err sf_memory_open(const struct sf_table *const *tables, size_t table_count,
	struct sf_memory **ret_store, struct sf_diag *diag);
/* The disk too. *store may be NULL; becomes NULL. */
void sf_memory_close(struct sf_memory **store);
/* Lives as long as the store. */
const struct sf_store *sf_memory_port(struct sf_memory *store);

/* From now on; NULL: no more faults. */
void sf_memory_plan(struct sf_memory *store, const struct sf_memory_faults *faults);
/* What the next commit comes to, whatever the plan says. */
void sf_memory_next_commit(struct sf_memory *store, enum sf_memory_outcome outcome);

/* Power is cut: the open transaction is lost and every call is SF_ERR_STATE until reopen. */
void sf_memory_cut(struct sf_memory *store);
/* What a new process finds on the disk: the committed rows. Also after an unknown outcome. */
void sf_memory_reopen(struct sf_memory *store);
bool sf_memory_is_broken(const struct sf_memory *store);

/* Rows in a table, in O(1): for checkers. */
size_t sf_memory_count(const struct sf_memory *store, const struct sf_table *table);

#endif
