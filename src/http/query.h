/*
 * The query of a request (RFC 3986 section 3.4, as forms write it: a=b&c=d), read against the words
 * that its operation knows. Everything wrong is answered here with 400 and the parameter's name.
 */
#ifndef SF_HTTP_QUERY_H
#define SF_HTTP_QUERY_H

#include "core/fact.h"
#include "core/words.h"
#include "http/route.h"

#define SF_QUERY_ITEMS_MAX 16

/* Names and values live in the arena of the exchange, percent-decoded, UTF-8 without controls. */
struct sf_query {
	struct sf_exchange *exchange; /* borrowed */
	size_t count;
	struct sf_query_item {
		const char *name;
		const char *value;
	} items[SF_QUERY_ITEMS_MAX];
};

/*
 * Percent-decoded as forms write it, '+' a space; in the arena. NULL: it is not well-formed, has a
 * control character, is no UTF-8, or the arena is full.
 */
const char *sf_query_decode(struct sf_arena *arena, struct sf_view text);
/* False: the response is made. So with all of them below. */
bool sf_query_read(struct sf_exchange *exchange, struct sf_query *ret_query);
/* "" when it was not sent. */
const char *sf_query_text(const struct sf_query *query, const char *name);
/* A number from 0 to max; absent when it was not sent. */
bool sf_query_number(const struct sf_query *query, const char *name, uint64_t absent, uint64_t max,
	uint64_t *ret_number);
/* "true" or "false"; absent: false. */
bool sf_query_bool(const struct sf_query *query, const char *name, bool *ret_value);
/* 32 hexadecimal digits or a UUID; absent: none. */
bool sf_query_id(const struct sf_query *query, const char *name, struct sf_id *ret_id);
/* Ids with commas between, 16 bytes each in ret_ids; absent: none. */
bool sf_query_ids(
	const struct sf_query *query, const char *name, size_t count_max, struct sf_view *ret_ids);
/* RFC 3339; absent: 0. */
bool sf_query_time(const struct sf_query *query, const char *name, int64_t *ret_ms);
/* Of a role; absent: NONE. */
bool sf_query_role(const struct sf_query *query, const char *name, enum sf_role *ret_role);

/* A word of the list; absent: 0. */
bool sf_query_word(const struct sf_query *query, const char *name, const struct sf_word_list *words,
	unsigned *ret_number);

/* "_count": rows of a page, SF_LOCAL_ROWS_MAX when it was not sent. */
bool sf_query_count(const struct sf_query *query, uint32_t *ret_count_max);

/* Parameter of the path as an id; else 404: what is no id is nobody's. */
bool sf_path_id(struct sf_exchange *exchange, size_t index, struct sf_id *ret_id);

#endif
