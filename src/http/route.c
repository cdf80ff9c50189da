#include "http/route.h"

#include <string.h>

/* A segment of a path or a pattern: from a '/' to the next or the end. */
static struct sf_view next_segment(const char **path)
{
	const char *begin = *path + 1;
	size_t size = strcspn(begin, "/");
	*path = begin + size;
	return sf_view_of(begin, size);
}

static bool is_parameter(struct sf_view segment)
{
	return segment.size > 2 && segment.data[0] == '{' && segment.data[segment.size - 1] == '}';
}

/* values receives what the parameters stand for; *ret_count how many there are. */
static bool fits(const char *pattern, const char *path,
	struct sf_view values[SF_ROUTE_PARAMETERS_MAX], size_t *ret_count)
{
	size_t count = 0;
	while (*pattern == '/' && *path == '/') {
		struct sf_view wanted = next_segment(&pattern);
		struct sf_view found = next_segment(&path);
		if (!is_parameter(wanted)) {
			if (!sf_view_equal(wanted, found))
				return false;
			continue;
		}
		if (found.size == 0 || count == SF_ROUTE_PARAMETERS_MAX)
			return false;
		values[count++] = found;
	}
	*ret_count = count;
	return *pattern == '\0' && *path == '\0';
}

static const char *const method_texts[] = {
	[SF_HTTP_GET] = "GET, HEAD",
	[SF_HTTP_POST] = "POST",
	[SF_HTTP_PUT] = "PUT",
	[SF_HTTP_DELETE] = "DELETE",
};

/* NULL when the arena is full. */
static const char *allow_text(struct sf_arena *arena, unsigned methods)
{
	char text[64] = "";
	size_t size = 0;
	for (unsigned method = SF_HTTP_GET; method < SF_COUNT(method_texts); method++) {
		if (!(methods & 1u << method))
			continue;
		const char *name = method_texts[method];
		if (size > 0) {
			memcpy(text + size, ", ", 2);
			size += 2;
		}
		memcpy(text + size, name, strlen(name));
		size += strlen(name);
	}
	return sf_arena_text(arena, sf_view_of(text, size));
}

static bool take_parameters(
	struct sf_exchange *exchange, const struct sf_view *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		exchange->parameters[i] = sf_arena_text(exchange->arena, values[i]);
		if (!exchange->parameters[i])
			return false;
	}
	return true;
}

enum sf_route_found sf_route_find(const struct sf_route_group *groups, size_t group_count,
	struct sf_exchange *exchange, const char **ret_allow)
{
	const struct sf_http_request *request = exchange->request;
	const struct sf_route *best = NULL;
	struct sf_view values[SF_ROUTE_PARAMETERS_MAX], best_values[SF_ROUTE_PARAMETERS_MAX];
	size_t count = 0, best_count = 0;
	unsigned methods = 0;
	for (size_t i = 0; i < group_count; i++) {
		for (size_t j = 0; j < groups[i].count; j++) {
			const struct sf_route *route = &groups[i].routes[j];
			if (!fits(route->path, request->path, values, &count))
				continue;
			methods |= 1u << route->method;
			if (route->method != request->method || (best && best_count <= count))
				continue;
			best = route;
			best_count = count;
			memcpy(best_values, values, sizeof(values));
		}
	}
	if (best) {
		exchange->route = best;
		return take_parameters(exchange, best_values, best_count) ? SF_ROUTE_FOUND
									  : SF_ROUTE_NO_PATH;
	}
	*ret_allow = methods ? allow_text(exchange->arena, methods) : NULL;
	return *ret_allow ? SF_ROUTE_NO_METHOD : SF_ROUTE_NO_PATH;
}
