#include "os/env.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "base/check.h"
#include "os/zones.h"

static int64_t read_ms(clockid_t clock)
{
	struct timespec now;
	int result = clock_gettime(clock, &now);
	SF_ASSERT(result == 0);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t now_ms(void *self)
{
	(void)self;
	return read_ms(CLOCK_REALTIME);
}

/* Counts through suspend too, so that a laptop or a paused machine does not lose deadlines. */
static int64_t monotonic_ms(void *self)
{
	(void)self;
	return read_ms(CLOCK_BOOTTIME);
}

static void fill_random(void *self, void *place, size_t size)
{
	(void)self;
	uint8_t *next = place;
	while (size > 0) {
		ssize_t got = getrandom(next, size, 0);
		if (got < 0 && errno == EINTR)
			continue;
		SF_ASSERT(got > 0);
		next += got;
		size -= (size_t)got;
	}
}

static const struct sf_zone *find_zone(void *self, const char *name)
{
	struct sf_zones *zones = self;
	const struct sf_zone *zone = NULL;
	/* Who asks says what it cannot do without the zone. */
	if (!zones || sf_zones_find(zones, name, &zone, NULL) != SF_OK)
		return NULL;
	return zone;
}

struct sf_env sf_os_env_zones(struct sf_zones *zones)
{
	return (struct sf_env){
		.self = zones,
		.now_ms = now_ms,
		.monotonic_ms = monotonic_ms,
		.random = fill_random,
		.zone = find_zone,
	};
}

struct sf_env sf_os_env(void)
{
	return sf_os_env_zones(NULL);
}
