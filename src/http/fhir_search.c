#include "http/fhir_search.h"

#include <string.h>

#include "http/fhir_outcome.h"
#include "http/query.h"

static struct sf_view next_part(const char **at)
{
	size_t size = strcspn(*at, "&");
	struct sf_view part = sf_view_of(*at, size);
	*at += (*at)[size] == '&' ? size + 1 : size;
	return part;
}

static bool is_known(const char *const *known, const char *name)
{
	if (strcmp(name, "_format") == 0 || strcmp(name, "_pretty") == 0)
		return true;
	for (; *known; known++)
		if (strcmp(*known, name) == 0)
			return true;
	return false;
}

bool sf_fhir_search_read(
	struct sf_exchange *exchange, const char *const *known, struct sf_fhir_search *ret_search)
{
	ret_search->count = 0;
	for (const char *at = exchange->request->query; *at;) {
		struct sf_view part = next_part(&at);
		const uint8_t *mark = part.size ? memchr(part.data, '=', part.size) : NULL;
		size_t size = mark ? (size_t)(mark - part.data) : part.size;
		size_t behind = mark ? size + 1 : size;
		if (part.size == 0)
			continue;
		const char *name = sf_query_decode(exchange->arena, sf_view_of(part.data, size));
		const char *value = sf_query_decode(
			exchange->arena, sf_view_of(part.data + behind, part.size - behind));
		if (!name || !value || ret_search->count == SF_FHIR_SEARCH_MAX) {
			sf_fhir_problem(exchange, 400, "the query cannot be read, or is too long");
			return false;
		}
		if (!is_known(known, name)) {
			sf_fhir_problem(exchange, 400,
				"a search parameter is not known here: see /fhir/metadata");
			return false;
		}
		if (sf_fhir_search_text(ret_search, name)[0]) {
			sf_fhir_problem(exchange, 400, "a search parameter stands twice");
			return false;
		}
		ret_search->items[ret_search->count].name = name;
		ret_search->items[ret_search->count++].value = value;
	}
	return true;
}

const char *sf_fhir_search_text(const struct sf_fhir_search *search, const char *name)
{
	for (size_t i = 0; i < search->count; i++)
		if (strcmp(search->items[i].name, name) == 0)
			return search->items[i].value;
	return "";
}

const char *sf_fhir_search_token(
	const struct sf_fhir_search *search, const char *name, const char *system)
{
	const char *value = sf_fhir_search_text(search, name);
	const char *bar = strchr(value, '|');
	if (!bar)
		return value;
	size_t size = (size_t)(bar - value);
	bool same = size == 0 || (size == strlen(system) && strncmp(value, system, size) == 0);
	return same ? bar + 1 : "";
}

bool sf_fhir_search_count(
	struct sf_exchange *exchange, const struct sf_fhir_search *search, uint32_t *ret_count)
{
	const char *text = sf_fhir_search_text(search, "_count");
	uint32_t count = 0;
	for (const char *at = text; *at; at++) {
		if (*at < '0' || *at > '9' || count > SF_FHIR_COUNT_MAX) {
			sf_fhir_problem(exchange, 400, "_count must be a number");
			return false;
		}
		count = count * 10 + (uint32_t)(*at - '0');
	}
	if (text[0] && count == 0) {
		sf_fhir_problem(exchange, 400, "_count must be 1 or more");
		return false;
	}
	*ret_count = !text[0]                    ? SF_FHIR_COUNT
		     : count > SF_FHIR_COUNT_MAX ? SF_FHIR_COUNT_MAX
						 : count;
	return true;
}

const char *sf_fhir_search_link(struct sf_exchange *exchange, const char *page)
{
	static const char parameter[] = "_page=";
	struct sf_buf link;
	sf_buf_init(&link, 16384);
	enum sf_err err = sf_buf_append_text(&link, exchange->request->path);
	char before = '?';
	for (const char *at = exchange->request->query; *at && !err;) {
		struct sf_view part = next_part(&at);
		bool paged = part.size >= sizeof(parameter) - 1 &&
			     memcmp(part.data, parameter, sizeof(parameter) - 1) == 0;
		if (part.size == 0 || (page && paged))
			continue;
		err = sf_buf_append_u8(&link, (uint8_t)before);
		if (!err)
			err = sf_buf_append(&link, part);
		before = '&';
	}
	if (!err && page)
		err = sf_buf_printf(&link, "%c%s%s", before, parameter, page);
	const char *kept = err ? NULL : sf_arena_text(exchange->arena, sf_buf_view(&link));
	sf_buf_fini(&link);
	return kept ? kept : "";
}
