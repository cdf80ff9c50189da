/*
 * Time and chance of this machine, as struct sf_env of port/env.h. The only place that asks for
 * them. Aborts if the system has no clock or no randomness: nothing safe can be done without.
 *
 * Threads: any.
 */
#ifndef SF_OS_ENV_H
#define SF_OS_ENV_H

#include "port/env.h"

struct sf_env sf_os_env(void);

#endif
