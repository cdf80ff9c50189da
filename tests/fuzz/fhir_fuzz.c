/*
 * Searches of FHIR (src/http/fhir_search.h, fhir_syntax.h): three lines, what is accepted, the last
 * step of the path and the query. Every reading route either asks the engine or has answered.
 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "http/fhir_syntax.h"
#include "http/routes.h"

#define ARENA_SIZE_MAX ((size_t)1048576)

static char *take_line(struct sf_arena *arena, struct sf_view *rest)
{
	size_t size = 0;
	while (size < rest->size && rest->data[size] != '\n' && rest->data[size] != '\0')
		size++;
	char *line = sf_arena_text(arena, sf_view_of(rest->data, size));
	size_t taken = size < rest->size ? size + 1 : size;
	*rest = sf_view_of(rest->data + taken, rest->size - taken);
	return line;
}

static void try_route(
	const struct sf_route *route, const struct sf_http_request *asked, const char *parameter)
{
	struct sf_arena arena;
	struct sf_http_response response = {.status = 0};
	sf_arena_init(&arena, ARENA_SIZE_MAX);
	struct sf_exchange exchange = {.route = route,
		.request = asked,
		.parameters = {parameter},
		.arena = &arena,
		.response = &response};
	struct sf_request request;
	bool goes_on = route->ask(&exchange, &request);
	/* What is refused is refused with words, as FHIR. */
	if (!goes_on && (response.status < 200 || response.body.size == 0 ||
				strstr(response.content_type, "application/fhir+") == NULL))
		abort();
	if (goes_on && (response.status != 0 || request.kind == SF_REQUEST_NONE))
		abort();
	sf_buf_fini(&response.body);
	sf_arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_arena arena;
	struct sf_view rest = sf_view_of(size ? bytes : (const uint8_t *)"", size);
	sf_arena_init(&arena, ARENA_SIZE_MAX);
	struct sf_http_request request = {.method = SF_HTTP_GET,
		.path = "/fhir/Task",
		.content_type = SF_FHIR_JSON,
		.charset = ""};
	request.accept = take_line(&arena, &rest);
	const char *parameter = take_line(&arena, &rest);
	request.query = take_line(&arena, &rest);
	if (request.accept && parameter && request.query) {
		for (size_t i = 0; i < SF_ROUTES_FHIR_COUNT; i++)
			try_route(&sf_routes_fhir[i], &request, parameter);
		for (size_t i = 0; i < SF_ROUTES_FHIR_READ_COUNT; i++)
			try_route(&sf_routes_fhir_read[i], &request, parameter);
	}
	sf_arena_fini(&arena);
	return 0;
}
