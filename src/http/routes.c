#include "http/routes.h"

/* clang-format off */
const struct sf_route_group sf_route_groups[] = {
	{SF_COUNT(sf_routes_health), sf_routes_health},
	{SF_COUNT(sf_routes_events), sf_routes_events},
	{SF_COUNT(sf_routes_fhir), sf_routes_fhir},
	{SF_COUNT(sf_routes_fhir_read), sf_routes_fhir_read},
	{SF_COUNT(sf_routes_messages), sf_routes_messages},
	{SF_COUNT(sf_routes_transitions), sf_routes_transitions},
	{SF_COUNT(sf_routes_desk), sf_routes_desk},
	{SF_COUNT(sf_routes_channels), sf_routes_channels},
	{SF_COUNT(sf_routes_console), sf_routes_console},
};
/* clang-format on */

const size_t sf_route_group_count = SF_COUNT(sf_route_groups);
