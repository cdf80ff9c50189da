/*
 * Owned arrays that grow: the two moves that every one of them needs.
 */
#ifndef SF_CORE_ARRAY_H
#define SF_CORE_ARRAY_H

#include <stddef.h>

#include "base/err.h"

/* Room for need items of that size, exactly. SF_ERR_MEMORY leaves them as they were. */
SF_MUST_USE enum sf_err sf_array_reserve(void **items, size_t *capacity, size_t need, size_t size);
/* Gives back what count items do not need; nothing is lost when the heap refuses. */
void sf_array_trim(void **items, size_t *capacity, size_t count, size_t size);

#endif
