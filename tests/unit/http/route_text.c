/*
 * Prints the table of routes for tests/unit/http/openapi.py: a line of JSON for each, with what its
 * operation knows.
 */
#include <stdio.h>

#include "http/routes.h"
#include "http/vocabulary.h"
#include "text/json_write.h"

static const char *const methods[] = {
	[SF_HTTP_GET] = "get",
	[SF_HTTP_POST] = "post",
	[SF_HTTP_PUT] = "put",
	[SF_HTTP_DELETE] = "delete",
};

static void write_route(struct sf_json_writer *writer, const struct sf_route *route, unsigned at)
{
	sf_json_object(writer, NULL);
	sf_json_text(writer, "method", methods[route->method]);
	sf_json_text(writer, "path", route->path);
	sf_json_text(writer, "operation", route->operation);
	sf_json_text(writer, "summary", route->summary);
	sf_json_array(writer, "daemons");
	if (at & SF_AT_NODE)
		sf_json_text(writer, NULL, "node");
	if (at & SF_AT_COORDINATOR)
		sf_json_text(writer, NULL, "coordinator");
	sf_json_close(writer);
	sf_json_bool(writer, "anybody", (route->roles & (SF_API_ANYBODY | SF_API_SIGN_IN)) != 0);
	sf_json_bool(writer, "browser", (route->roles & SF_API_BROWSER) != 0);
	sf_json_array(writer, "roles");
	for (size_t i = 0; i < SF_API_ROLE_COUNT; i++)
		if (route->roles & SF_API_ROLE_BIT(i))
			sf_json_text(writer, NULL, sf_api_role_text((enum sf_api_role)i));
	sf_json_close(writer);
	sf_json_text(writer, "query", sf_query_words(route));
	sf_json_text(writer, "body", sf_body_words(route));
	sf_json_close(writer);
}

int main(void)
{
	for (size_t i = 0; i < sf_route_group_count; i++) {
		for (size_t j = 0; j < sf_route_groups[i].count; j++) {
			struct sf_json_writer writer;
			struct sf_buf line;
			sf_buf_init(&line, 65536);
			sf_json_writer_begin(&writer, &line);
			write_route(&writer, &sf_route_groups[i].routes[j], sf_route_groups[i].at);
			if (sf_json_writer_end(&writer))
				return 1;
			printf("%.*s\n", (int)line.size, (const char *)line.data);
			sf_buf_fini(&line);
		}
	}
	return 0;
}
