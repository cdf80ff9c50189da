#include "http/query.h"

#include <string.h>

#include "base/time.h"
#include "http/problem.h"
#include "http/vocabulary.h"

#define QUERY_SIZE_MAX ((size_t)4096)

static bool complain(const struct sf_query *query, const char *name, const char *what)
{
	sf_problem_about(query->exchange, 400, "query parameter", name, what);
	return false;
}

const char *sf_query_decode(struct sf_arena *arena, struct sf_view text)
{
	char *place = sf_arena_take(arena, text.size + 1);
	size_t size = 0;
	for (size_t i = 0; place && i < text.size; i++) {
		char character = (char)text.data[i];
		if (character == '%') {
			int high = i + 2 < text.size ? sf_hex_digit((char)text.data[i + 1]) : -1;
			int low = i + 2 < text.size ? sf_hex_digit((char)text.data[i + 2]) : -1;
			if (high < 0 || low < 0)
				return NULL;
			character = (char)(high * 16 + low);
			i += 2;
		} else if (character == '+') {
			character = ' ';
		}
		if ((unsigned char)character < 0x20 || character == 0x7f)
			return NULL;
		place[size++] = character;
	}
	if (!place || !sf_utf8_valid(sf_view_of(place, size)))
		return NULL;
	place[size] = '\0';
	return place;
}

static const struct sf_query_item *find(const struct sf_query *query, const char *name)
{
	for (size_t i = 0; i < query->count; i++)
		if (strcmp(query->items[i].name, name) == 0)
			return &query->items[i];
	return NULL;
}

static bool add(struct sf_query *query, struct sf_view part)
{
	struct sf_exchange *exchange = query->exchange;
	size_t size = 0;
	while (size < part.size && part.data[size] != '=')
		size++;
	struct sf_view value = size < part.size
				       ? sf_view_of(part.data + size + 1, part.size - size - 1)
				       : sf_view_of(part.data, 0);
	struct sf_query_item item = {sf_query_decode(exchange->arena, sf_view_of(part.data, size)),
		sf_query_decode(exchange->arena, value)};
	if (!item.name || !item.value) {
		sf_problem(exchange, 400, "the query is not well-formed");
		return false;
	}
	if (!sf_words_have(sf_query_words(exchange->route), sf_view_text(item.name)))
		return complain(query, item.name, "is not known here");
	if (find(query, item.name))
		return complain(query, item.name, "stands twice");
	if (query->count == SF_QUERY_ITEMS_MAX)
		return complain(query, item.name, "is one too many");
	query->items[query->count++] = item;
	return true;
}

bool sf_query_read(struct sf_exchange *exchange, struct sf_query *ret_query)
{
	const char *text = exchange->request->query ? exchange->request->query : "";
	*ret_query = (struct sf_query){.exchange = exchange};
	if (strlen(text) > QUERY_SIZE_MAX) {
		sf_problem(exchange, 414, "the query is too long");
		return false;
	}
	while (*text) {
		size_t size = strcspn(text, "&");
		if (size > 0 && !add(ret_query, sf_view_of(text, size)))
			return false;
		text += size + (text[size] == '&');
	}
	return true;
}

const char *sf_query_text(const struct sf_query *query, const char *name)
{
	const struct sf_query_item *item = find(query, name);
	return item ? item->value : "";
}

bool sf_query_number(const struct sf_query *query, const char *name, uint64_t absent, uint64_t max,
	uint64_t *ret_number)
{
	const struct sf_query_item *item = find(query, name);
	uint64_t number = 0;
	if (!item) {
		*ret_number = absent;
		return true;
	}
	size_t size = strlen(item->value);
	for (size_t i = 0; i < size; i++) {
		uint64_t digit = (uint64_t)(item->value[i] - '0');
		if (digit > 9 || number > (max - digit) / 10)
			return complain(query, name, "is no number in its range");
		number = number * 10 + digit;
	}
	if (size == 0 || number > max)
		return complain(query, name, "is no number in its range");
	*ret_number = number;
	return true;
}

bool sf_query_bool(const struct sf_query *query, const char *name, bool *ret_value)
{
	const char *value = sf_query_text(query, name);
	if (find(query, name) && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
		return complain(query, name, "is true or false");
	*ret_value = strcmp(value, "true") == 0;
	return true;
}

bool sf_query_id(const struct sf_query *query, const char *name, struct sf_id *ret_id)
{
	const struct sf_query_item *item = find(query, name);
	struct sf_id id = {{0}};
	if (item && (sf_id_parse(item->value, &id) || sf_id_is_none(id)))
		return complain(query, name, "is no id: 32 hexadecimal digits or a UUID");
	*ret_id = id;
	return true;
}

bool sf_query_ids(
	const struct sf_query *query, const char *name, size_t count_max, struct sf_view *ret_ids)
{
	const char *at = sf_query_text(query, name);
	uint8_t *ids = sf_arena_take(query->exchange->arena, count_max * SF_ID_SIZE);
	size_t count = 0;
	if (!ids)
		return complain(query, name, "has no room now");
	while (*at) {
		char text[SF_ID_TEXT_SIZE + 4]; /* a UUID has four hyphens more */
		size_t size = strcspn(at, ",");
		struct sf_id id;
		if (size >= sizeof(text) || count == count_max)
			return complain(query, name, "is no list of ids, or too many");
		memcpy(text, at, size);
		text[size] = '\0';
		if (sf_id_parse(text, &id) || sf_id_is_none(id))
			return complain(query, name, "is no list of ids, or too many");
		memcpy(ids + SF_ID_SIZE * count++, id.bytes, SF_ID_SIZE);
		at += size + (at[size] == ',');
	}
	*ret_ids = sf_view_of(ids, count * SF_ID_SIZE);
	return true;
}

bool sf_query_time(const struct sf_query *query, const char *name, int64_t *ret_ms)
{
	const struct sf_query_item *item = find(query, name);
	int64_t ms = 0;
	if (item && (sf_time_parse(sf_view_text(item->value), &ms) || ms <= 0))
		return complain(query, name, "is no time as RFC 3339 has it");
	*ret_ms = ms;
	return true;
}

bool sf_query_role(const struct sf_query *query, const char *name, enum sf_role *ret_role)
{
	const struct sf_query_item *item = find(query, name);
	enum sf_role role = item ? sf_role_from_text(item->value) : SF_ROLE_NONE;
	if (item && role == SF_ROLE_NONE)
		return complain(query, name, "is no role");
	*ret_role = role;
	return true;
}

bool sf_query_word(const struct sf_query *query, const char *name, const struct sf_word_list *words,
	unsigned *ret_number)
{
	const struct sf_query_item *item = find(query, name);
	unsigned number = item && item->value[0] ? words->number(item->value) : 0;
	if (item && item->value[0] && number == 0)
		return complain(query, name, "is none of the words that it knows");
	*ret_number = number;
	return true;
}

bool sf_query_count(const struct sf_query *query, uint32_t *ret_count_max)
{
	uint64_t count = 0;
	if (!sf_query_number(query, "_count", SF_LOCAL_ROWS_MAX, SF_LOCAL_ROWS_MAX, &count))
		return false;
	*ret_count_max = (uint32_t)count;
	return true;
}

bool sf_path_id(struct sf_exchange *exchange, size_t index, struct sf_id *ret_id)
{
	if (!sf_id_parse(exchange->parameters[index], ret_id) && !sf_id_is_none(*ret_id))
		return true;
	sf_problem(exchange, 404, "there is no such id: 32 hexadecimal digits or a UUID");
	return false;
}
