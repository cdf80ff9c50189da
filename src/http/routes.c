#include "http/routes.h"

#define BOTH (SF_AT_NODE | SF_AT_COORDINATOR)

/* clang-format off */
const struct sf_route_group sf_route_groups[] = {
	{SF_COUNT(sf_routes_health), sf_routes_health, BOTH},
	{SF_COUNT(sf_routes_events), sf_routes_events, BOTH},
	{SF_COUNT(sf_routes_fhir), sf_routes_fhir, SF_AT_NODE},
	{SF_COUNT(sf_routes_fhir_read), sf_routes_fhir_read, SF_AT_NODE},
	{SF_COUNT(sf_routes_messages), sf_routes_messages, SF_AT_NODE},
	{SF_COUNT(sf_routes_attachments), sf_routes_attachments, SF_AT_NODE},
	{SF_COUNT(sf_routes_courses), sf_routes_courses, BOTH},
	{SF_COUNT(sf_routes_transitions), sf_routes_transitions, SF_AT_NODE},
	{SF_COUNT(sf_routes_stays), sf_routes_stays, SF_AT_NODE},
	{SF_COUNT(sf_routes_desk), sf_routes_desk, BOTH},
	{SF_COUNT(sf_routes_terms), sf_routes_terms, SF_AT_NODE},
	{SF_COUNT(sf_routes_simulate), sf_routes_simulate, BOTH},
	{SF_COUNT(sf_routes_channels), sf_routes_channels, SF_AT_NODE},
	{SF_COUNT(sf_routes_session), sf_routes_session, BOTH},
	{SF_COUNT(sf_routes_console), sf_routes_console, BOTH},
};
/* clang-format on */

const size_t sf_route_group_count = SF_COUNT(sf_route_groups);

size_t sf_route_groups_at(unsigned daemon, struct sf_route_group groups[SF_ROUTE_GROUPS_MAX])
{
	size_t count = 0;
	_Static_assert(SF_COUNT(sf_route_groups) <= SF_ROUTE_GROUPS_MAX, "every group has room");
	for (size_t i = 0; i < sf_route_group_count; i++)
		if (sf_route_groups[i].at & daemon)
			groups[count++] = sf_route_groups[i];
	return count;
}
