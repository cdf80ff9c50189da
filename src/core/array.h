/*
 * Owned arrays that grow.
 */
#ifndef SF_CORE_ARRAY_H
#define SF_CORE_ARRAY_H

#include <stddef.h>

#include "base/err.h"

/* Room for need items of that size, exactly. SF_ERR_MEMORY leaves them as they were. */
SF_MUST_USE enum sf_err sf_array_reserve(void **items, size_t *capacity, size_t need, size_t size);

#endif
