/*
 * The door of HTTP (src/http/guard.h, intake.h, route.h): a head as the library cuts it, lines with
 * their colons. What passes has one reading, and its route and parameters are parts of its path.
 * Then the route is asked, with the query and with what follows the head as body: it makes a
 * request that the local protocol can carry, or says what is wrong.
 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "http/guard.h"
#include "http/intake.h"
#include "http/route.h"

#define ARENA_SIZE_MAX ((size_t)1048576)

struct cut {
	struct sf_view method, target, version, body;
	size_t count;
	struct sf_guard_field fields[SF_GUARD_FIELDS_MAX + 1];
};

/* Up to the mark or the end; *rest goes behind it. */
static struct sf_view take_until(struct sf_view *rest, char mark)
{
	const uint8_t *found = rest->size ? memchr(rest->data, mark, rest->size) : NULL;
	size_t size = found ? (size_t)(found - rest->data) : rest->size;
	struct sf_view part = sf_view_of(rest->data, size);
	size += found != NULL;
	*rest = sf_view_of(rest->size ? rest->data + size : NULL, rest->size - size);
	return part;
}

/* Lines end in CR LF here; what lies between LF and LF without CR is a gap, as in the library. */
static void cut_head(struct sf_view bytes, struct cut *cut)
{
	struct sf_view line = take_until(&bytes, '\n');
	cut->method = take_until(&line, ' ');
	cut->target = take_until(&line, ' ');
	cut->version = take_until(&line, '\r');
	while (bytes.size > 0 && cut->count <= SF_GUARD_FIELDS_MAX) {
		line = take_until(&bytes, '\n');
		if (line.size > 0 && line.data[line.size - 1] == '\r')
			line.size--;
		if (line.size == 0)
			break;
		struct sf_view value = line;
		struct sf_view name = take_until(&value, ':');
		while (value.size > 0 && (value.data[0] == ' ' || value.data[0] == '\t'))
			value = sf_view_of(value.data + 1, value.size - 1);
		if (!value.data)
			value.data = name.data + name.size;
		cut->fields[cut->count++] = (struct sf_guard_field){name, value};
	}
	cut->body = bytes;
}

static size_t count_of(const struct sf_guard_head *head, const char *name)
{
	size_t count = 0;
	for (size_t i = 0; i < head->field_count; i++)
		count += head->fields[i].name.size == strlen(name) &&
			 strncasecmp((const char *)head->fields[i].name.data, name, strlen(name)) ==
				 0;
	return count;
}

static void check_framing(const struct sf_guard_head *head)
{
	SF_ASSERT(count_of(head, "host") == 1);
	SF_ASSERT(count_of(head, "content-length") + count_of(head, "transfer-encoding") <= 1);
	for (size_t i = 0; i < head->field_count; i++) {
		SF_ASSERT(head->fields[i].name.size > 0);
		SF_ASSERT(sf_utf8_valid(head->fields[i].value));
	}
}

static void check_path(const char *path, size_t sent_size)
{
	SF_ASSERT(path[0] == '/' && strlen(path) <= sent_size);
	SF_ASSERT(!strstr(path, "//") && !strstr(path, "/../") && !strstr(path, "/./"));
	SF_ASSERT(strcmp(path, "/..") != 0 && strcmp(path, "/.") != 0);
	SF_ASSERT(sf_utf8_valid(sf_view_text(path)));
	for (const char *at = path; *at; at++)
		SF_ASSERT((unsigned char)*at >= 0x20 && *at != 0x7f && *at != '\\');
}

static void check_asked(struct sf_exchange *exchange)
{
	struct sf_request request = {.kind = SF_REQUEST_NONE};
	if (exchange->route->ask(exchange, &request)) {
		SF_ASSERT(request.kind != SF_REQUEST_NONE);
		SF_ASSERT(strcmp(sf_request_text(request.kind), "unknown") != 0);
	} else {
		const struct sf_http_response *response = exchange->response;
		SF_ASSERT(response->status >= 200 && response->status < 600);
		/* An answer says of what type it is, but one that only sends on, or is unchanged.
		 */
		bool bare =
			response->status == 304 || (response->status == 303 && response->location);
		SF_ASSERT(bare ? response->body.size == 0 : response->content_type != NULL);
	}
}

static void check_route(struct sf_http_request *request, struct sf_arena *arena)
{
	struct sf_http_response response = {.status = 0};
	struct sf_exchange exchange = {.request = request, .arena = arena, .response = &response};
	const char *allow = NULL;
	enum sf_route_found found =
		sf_route_find(sf_route_groups, sf_route_group_count, &exchange, &allow);
	SF_ASSERT((found == SF_ROUTE_NO_METHOD) == (allow != NULL));
	for (size_t i = 0; found == SF_ROUTE_FOUND && i < SF_ROUTE_PARAMETERS_MAX; i++)
		SF_ASSERT(!exchange.parameters[i] || strstr(request->path, exchange.parameters[i]));
	if (found == SF_ROUTE_FOUND)
		check_asked(&exchange);
	sf_buf_fini(&response.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct cut cut;
	const char *why = NULL;
	struct sf_guard_target target;
	struct sf_http_request request = {.peer = ""};
	struct sf_arena arena;
	cut = (struct cut){.count = 0};
	cut_head(sf_view_of(bytes, size), &cut);
	const struct sf_guard_head head = {.method = cut.method,
		.version = cut.version,
		.encrypted = size % 2,
		.field_count = cut.count,
		.fields = cut.fields};
	unsigned status = sf_guard_head(&head, &why);
	SF_ASSERT((status == 0) == (why == NULL));
	sf_arena_init(&arena, ARENA_SIZE_MAX);
	if (!status)
		check_framing(&head);
	if (!status)
		(void)sf_guard_fields_adjoin(&head);
	if (!status)
		status = sf_guard_target(&head, cut.target, &arena, &target, &why);
	if (!status) {
		check_path(target.path, cut.target.size);
		SF_ASSERT(sf_intake_read(&head, &target, &arena, &request));
		SF_ASSERT(sf_guard_length(&head) < (uint64_t)1 << 60);
		request.body = cut.body;
		check_route(&request, &arena);
	}
	sf_arena_fini(&arena);
	return 0;
}
