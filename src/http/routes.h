/*
 * The groups of the table of routes (route.h): one array a subject, in a file of its own, one line
 * here and one in routes.c, which says at which daemon its routes are.
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
#define SF_ROUTES_MESSAGES_COUNT 12
extern const struct sf_route sf_routes_messages[SF_ROUTES_MESSAGES_COUNT];
#define SF_ROUTES_COURSES_COUNT 5
extern const struct sf_route sf_routes_courses[SF_ROUTES_COURSES_COUNT];
#define SF_ROUTES_TRANSITIONS_COUNT 24
extern const struct sf_route sf_routes_transitions[SF_ROUTES_TRANSITIONS_COUNT];
#define SF_ROUTES_STAYS_COUNT 3
extern const struct sf_route sf_routes_stays[SF_ROUTES_STAYS_COUNT];
#define SF_ROUTES_SESSION_COUNT 4
extern const struct sf_route sf_routes_session[SF_ROUTES_SESSION_COUNT];
#define SF_ROUTES_DESK_COUNT 10
extern const struct sf_route sf_routes_desk[SF_ROUTES_DESK_COUNT];
#define SF_ROUTES_TERMS_COUNT 3
extern const struct sf_route sf_routes_terms[SF_ROUTES_TERMS_COUNT];
#define SF_ROUTES_SIMULATE_COUNT 1
extern const struct sf_route sf_routes_simulate[SF_ROUTES_SIMULATE_COUNT];
#define SF_ROUTES_CHANNELS_COUNT 12
extern const struct sf_route sf_routes_channels[SF_ROUTES_CHANNELS_COUNT];
#define SF_ROUTES_CONSOLE_COUNT 5
extern const struct sf_route sf_routes_console[SF_ROUTES_CONSOLE_COUNT];
#define SF_ROUTES_ATTACHMENTS_COUNT 5
extern const struct sf_route sf_routes_attachments[SF_ROUTES_ATTACHMENTS_COUNT];
/* The one of them whose response is made while it is read. */
#define SF_ROUTES_ATTACHMENTS_READ 4
/* clang-format on */

#define SF_ROUTE_GROUPS_MAX 24
/* The groups that are at this daemon (SF_AT_NODE or SF_AT_COORDINATOR); returns how many. */
size_t sf_route_groups_at(unsigned daemon, struct sf_route_group groups[SF_ROUTE_GROUPS_MAX]);

#endif
