/* One exchange with its memory, for tests of routes. */
#ifndef TESTS_HTTP_EXCHANGE_H
#define TESTS_HTTP_EXCHANGE_H

#include "http/route.h"

struct told {
	struct sf_arena arena;
	struct sf_http_request request;
	struct sf_http_response response;
	struct sf_exchange exchange;
};

/* All texts "", GET. The place must not move until told_fini. */
void told_init(struct told *told, const char *path);
void told_fini(struct told *told);
/* The body is exactly this, or contains it. */
bool told_is(const struct told *told, const char *body);
bool told_has(const struct told *told, const char *part);

#endif
