/*
 * The store: typed tables in one transaction.
 *
 * An engine declares its tables as data (struct sf_table, e.g. src/node/tables.c) and works on
 * plain row structs; an adapter (SQLite, memory) is generic over the
 * declarations, so a table is described once and every adapter passes the same conformance suite.
 * The SQL schema with its numbered migrations stands in src/store/schema/ and is compared with the
 * declarations at open.
 *
 * Threads: one writer; all calls from the engine thread.
 * Order: begin, writes, commit or rollback; get and scan also outside a transaction. Anything else
 * is SF_ERR_STATE. After a write that failed with anything but SF_ERR_EXISTS, SF_ERR_NOT_FOUND or
 * SF_ERR_USAGE the transaction can only be rolled back (commit does so and repeats the error).
 * Rows handed in may hold views that the previous get returned.
 * Durability: when commit returns SF_OK everything since begin survives power loss. When it returns
 * an error the transaction is rolled back and the store goes on working, or its outcome is unknown
 * (SF_ERR_IO): then every call is SF_ERR_STATE, and the owner must close, reopen and resubmit
 * idempotently.
 */
#ifndef SF_PORT_STORE_H
#define SF_PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

enum sf_column_type {
	SF_COLUMN_INTEGER = 1, /* int64_t */
	SF_COLUMN_ID,          /* struct sf_id, 16 bytes */
	SF_COLUMN_DIGEST,      /* struct sf_digest, 32 bytes */
	SF_COLUMN_BYTES,       /* struct sf_view; an empty view is stored as an empty value */
};

struct sf_column {
	const char *name;
	enum sf_column_type type;
	size_t offset; /* of the member in the row struct */
};

/* clang-format off */
/* The column of a row struct's member, by the kind's last word: SF_COLUMN(sf_row_x, id, ID). */
#define SF_COLUMN(row, member, kind) {#member, SF_COLUMN_##kind, offsetof(struct row, member)}
/* clang-format on */

#define SF_INDEX_COLUMNS_MAX 6
#define SF_TABLE_COLUMNS_MAX 32
#define SF_TABLE_INDEXES_MAX 6

/* Order of columns is order of comparison: integers by value, bytes by memcmp then size. */
struct sf_index {
	const char *name; /* unique in the whole store; that of the primary key is never seen */
	size_t column_count;
	size_t columns[SF_INDEX_COLUMNS_MAX]; /* positions in struct sf_table.columns */
	bool unique;
	/*
	 * Partial index: only rows whose integer column at position `open_column` is not 0 are in
	 * it. SF_INDEX_WHOLE for none. Keeps "what is open" small however large history grows.
	 */
	size_t open_column;
};

#define SF_INDEX_WHOLE ((size_t)-1)

struct sf_table {
	const char *name;
	size_t row_size;
	size_t column_count;
	struct sf_column columns[SF_TABLE_COLUMNS_MAX];
	size_t index_count;
	struct sf_index indexes[SF_TABLE_INDEXES_MAX]; /* [0] is the primary key: unique, whole */
};

/* Return false to stop. Views in row are valid during the call only. */
typedef bool sf_row_visitor(void *context, const void *row);

struct sf_scan {
	const struct sf_table *table;
	size_t index;       /* position in table->indexes */
	size_t equal_count; /* so many leading index columns must equal those of *from */
	const void *from;   /* borrowed row; may be NULL when equal_count is 0 and !bounded */
	/*
	 * The next index column (at position equal_count) starts at its value in *from: >= when
	 * ascending, <= when descending; exclusive makes it > or <.
	 */
	bool bounded;
	bool exclusive;
	bool descending;
	size_t count_max; /* 0 = all */
};

struct sf_store {
	void *self; /* borrowed */
	SF_MUST_USE enum sf_err (*begin)(void *self, struct sf_diag *diag);
	SF_MUST_USE enum sf_err (*commit)(void *self, struct sf_diag *diag);
	/* Never fails; forgets everything since begin. A no-op outside a transaction. */
	void (*rollback)(void *self);

	/*
	 * Rows are read during the call, never kept. SF_ERR_EXISTS when the primary key or a unique
	 * index has it already (the transaction stays usable and unchanged).
	 */
	SF_MUST_USE enum sf_err (*insert)(
		void *self, const struct sf_table *table, const void *row, struct sf_diag *diag);
	/* Inserts, or replaces the whole row with the same primary key. */
	SF_MUST_USE enum sf_err (*replace)(
		void *self, const struct sf_table *table, const void *row, struct sf_diag *diag);
	/* By primary key, read from *key. SF_ERR_NOT_FOUND when there is none. */
	SF_MUST_USE enum sf_err (*remove)(
		void *self, const struct sf_table *table, const void *key, struct sf_diag *diag);
	/*
	 * By a unique index, whose columns are read from *row; fills all of *row. Views stay valid
	 * until the next call on the store. SF_ERR_NOT_FOUND leaves *row untouched.
	 */
	SF_MUST_USE enum sf_err (*get)(void *self, const struct sf_table *table, size_t index,
		void *row, struct sf_diag *diag);
	/*
	 * Visits rows in index order, rows that are equal in the index in order of the primary key
	 * (both turned round by descending), seeing what this transaction wrote. The visitor may
	 * get and scan any table, four scans deep (SF_ERR_LIMIT), and write to others; writing to a
	 * table that is being scanned, begin and commit are SF_ERR_STATE, rollback is a bug.
	 */
	SF_MUST_USE enum sf_err (*scan)(void *self, const struct sf_scan *scan,
		sf_row_visitor *visitor, void *context, struct sf_diag *diag);
};

#endif
