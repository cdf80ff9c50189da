/*
 * The groups of the table of routes (route.h): one array a subject, in a file of its own, one line
 * here and one in routes.c.
 */
#ifndef SF_HTTP_ROUTES_H
#define SF_HTTP_ROUTES_H

#include "http/route.h"

/* clang-format off */
#define SF_ROUTES_HEALTH_COUNT 4
extern const struct sf_route sf_routes_health[SF_ROUTES_HEALTH_COUNT];
/* clang-format on */

#endif
