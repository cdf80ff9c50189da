/*
 * Time and chance of this machine, as struct sf_env of port/env.h. The only place that asks for
 * them. Aborts if the system has no clock or no randomness: nothing safe can be done without.
 *
 * Threads: any, but zone as os/zones.h.
 */
#ifndef SF_OS_ENV_H
#define SF_OS_ENV_H

#include "port/env.h"

struct sf_zones;

/* Knows no time zone. */
struct sf_env sf_os_env(void);
/* Knows these, which are borrowed and outlive it. */
struct sf_env sf_os_env_zones(struct sf_zones *zones);

#endif
