/*
 * What every adapter needs of the declarations in port/store.h: checking them once at open, and
 * reading, comparing and selecting rows by column.
 */
#ifndef SF_STORE_TABLE_H
#define SF_STORE_TABLE_H

#include "port/store.h"

/* SF_ERR_USAGE with a diag that names table and column: a declaration no adapter could serve. */
SF_MUST_USE enum sf_err sf_table_check(const struct sf_table *table, struct sf_diag *diag);
/* SF_ERR_USAGE when the index or the bound does not exist, or from is missing. */
SF_MUST_USE enum sf_err sf_scan_check(const struct sf_scan *scan, struct sf_diag *diag);
/* SF_ERR_USAGE unless index names a unique index of the table. */
SF_MUST_USE enum sf_err sf_unique_check(
	const struct sf_table *table, size_t index, struct sf_diag *diag);

int64_t sf_row_integer(const struct sf_column *column, const void *row);
/* Of an id, digest or bytes column; borrowed from the row. */
struct sf_view sf_row_bytes(const struct sf_column *column, const void *row);
void sf_row_set_integer(const struct sf_column *column, void *row, int64_t value);
/* SF_ERR_CORRUPT when the size does not fit an id or digest; a bytes column borrows the view. */
SF_MUST_USE enum sf_err sf_row_set_bytes(
	const struct sf_column *column, void *row, struct sf_view bytes);

/* By the first count columns of the index, then nothing: 0 when they are equal. */
int sf_row_compare(const struct sf_table *table, const struct sf_index *index, size_t count,
	const void *a, const void *b);
/* True unless the index is partial and the row's open column is 0. */
bool sf_row_indexed(const struct sf_table *table, const struct sf_index *index, const void *row);
bool sf_index_has(const struct sf_index *index, size_t column);

#endif
