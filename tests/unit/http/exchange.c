#include "exchange.h"

#include <string.h>

void told_init(struct told *told, const char *path)
{
	*told = (struct told){.request = {.method = SF_HTTP_GET,
				      .path = path,
				      .query = "",
				      .content_type = "",
				      .charset = "",
				      .accept = "",
				      .accept_encoding = "",
				      .authorization = "",
				      .idempotency_key = "",
				      .if_match = "",
				      .if_none_match = "",
				      .last_event_id = "",
				      .traceparent = "",
				      .purpose = "",
				      .cookie = "",
				      .origin = "",
				      .fetch_site = "",
				      .csrf = "",
				      .background = "",
				      .host = "",
				      .contact_name = "",
				      .contact_telephone = "",
				      .asserted_user = "",
				      .asserted_roles = "",
				      .peer = "127.0.0.1"}};
	sf_arena_init(&told->arena, 65536);
	told->exchange = (struct sf_exchange){
		.request = &told->request, .arena = &told->arena, .response = &told->response};
}

void told_fini(struct told *told)
{
	sf_buf_fini(&told->response.body);
	sf_arena_fini(&told->arena);
}

bool told_is(const struct told *told, const char *body)
{
	return sf_view_equal(sf_buf_view(&told->response.body), sf_view_text(body));
}

bool told_has(const struct told *told, const char *part)
{
	const struct sf_buf *body = &told->response.body;
	size_t size = strlen(part);
	for (size_t i = 0; i + size <= body->size; i++)
		if (memcmp(body->data + i, part, size) == 0)
			return true;
	return false;
}
