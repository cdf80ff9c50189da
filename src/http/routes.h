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
#define SF_ROUTES_EVENTS_COUNT 1
extern const struct sf_route sf_routes_events[SF_ROUTES_EVENTS_COUNT];
#define SF_ROUTES_FHIR_COUNT 4
extern const struct sf_route sf_routes_fhir[SF_ROUTES_FHIR_COUNT];
#define SF_ROUTES_FHIR_READ_COUNT 4
extern const struct sf_route sf_routes_fhir_read[SF_ROUTES_FHIR_READ_COUNT];
#define SF_ROUTES_MESSAGES_COUNT 13
extern const struct sf_route sf_routes_messages[SF_ROUTES_MESSAGES_COUNT];
#define SF_ROUTES_TRANSITIONS_COUNT 26
extern const struct sf_route sf_routes_transitions[SF_ROUTES_TRANSITIONS_COUNT];
#define SF_ROUTES_DESK_COUNT 12
extern const struct sf_route sf_routes_desk[SF_ROUTES_DESK_COUNT];
#define SF_ROUTES_CHANNELS_COUNT 10
extern const struct sf_route sf_routes_channels[SF_ROUTES_CHANNELS_COUNT];
#define SF_ROUTES_CONSOLE_COUNT 5
extern const struct sf_route sf_routes_console[SF_ROUTES_CONSOLE_COUNT];
/* clang-format on */

#endif
