/*
 * A TZif file of the tz database (RFC 8536) as struct sf_zone of core/zone.h, with every change of
 * the clock to the end of 2100. os/zones.h finds the file.
 */
#ifndef SF_OS_ZONE_H
#define SF_OS_ZONE_H

#include "base/arena.h"
#include "core/zone.h"

#define SF_ZONE_YEAR_MAX 2100

/* A file of the tz database has some 3 KB and 250 changes; both bounds are generous. */
#define SF_ZONE_FILE_SIZE_MAX ((size_t)65536)
#define SF_ZONE_CHANGES_MAX ((size_t)4096)

/*
 * TZif of version 2 or later; the rule in its footer is written out to SF_ZONE_YEAR_MAX. Changes
 * are in the arena. SF_ERR_FORMAT: not such a file, or a part of it contradicts another.
 * SF_ERR_UNSUPPORTED: version 1, or it counts leap seconds. SF_ERR_LIMIT: more changes than
 * SF_ZONE_CHANGES_MAX, or the arena is too small. Threads: any.
 */
SF_MUST_USE enum sf_err sf_zone_parse(const char *name, struct sf_view tzif, struct sf_arena *arena,
	struct sf_zone *ret_zone, struct sf_diag *diag);

#endif
