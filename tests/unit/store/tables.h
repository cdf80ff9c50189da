/* Tables that between them have every type of column, key and index a declaration can have. */
#ifndef SF_TESTS_STORE_TABLES_H
#define SF_TESTS_STORE_TABLES_H

#include "port/store.h"

/* Key of two columns; indexes that are unique, plain, partial, and partial and unique. */
struct letter {
	struct sf_id party;
	int64_t number;
	struct sf_id transition;
	int64_t state; /* 0: closed */
	int64_t due_ms;
	struct sf_digest digest;
	struct sf_view body;
};

enum {
	LETTER_PRIMARY,
	LETTER_BY_DIGEST,
	LETTER_OPEN_BY_DUE,
	LETTER_BY_TRANSITION,
	LETTER_OPEN_ONCE,
};

/* Single integer key. */
struct leaf {
	int64_t position;
	int64_t group; /* a keyword of SQL */
	struct sf_digest digest;
};

/* Key that begins with bytes, and nothing but the key. */
struct word {
	struct sf_view text;
	int64_t number;
};

extern const struct sf_table letter_table;
extern const struct sf_table leaf_table;
extern const struct sf_table word_table;
extern const struct sf_table *const test_tables[3];

#endif
