/*
 * The time zones of this machine by name, from its tz database. Each file is read once, at its
 * first use, and checked as anything else from outside: tzdata is replaced while programs run.
 *
 * Threads: one at a time.
 */
#ifndef SF_OS_ZONES_H
#define SF_OS_ZONES_H

#include <stdbool.h>

#include "base/err.h"
#include "core/zone.h"

#define SF_ZONE_FOLDER "/usr/share/zoneinfo"
#define SF_ZONES_MAX ((size_t)64) /* kept at once: agreements of one region name one or two */

struct sf_zones;

/* "Europe/Copenhagen": letters, digits, '_', '+', '-' between single slashes, none in front. */
bool sf_zone_name_is_valid(const char *name);

/* folder: SF_ZONE_FOLDER but in tests; copied. */
SF_MUST_USE enum sf_err sf_zones_open(
	const char *folder, struct sf_zones **ret_zones, struct sf_diag *diag);
void sf_zones_close(struct sf_zones **zones);
/*
 * Lives until the close. SF_ERR_USAGE: no name of a zone. SF_ERR_NOT_FOUND: this machine has none
 * of that name. SF_ERR_LIMIT: SF_ZONES_MAX are kept. Else as sf_zone_parse and sf_file_read.
 */
SF_MUST_USE enum sf_err sf_zones_find(struct sf_zones *zones, const char *name,
	const struct sf_zone **ret_zone, struct sf_diag *diag);

#endif
