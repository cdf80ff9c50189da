#include "core/array.h"

#include <stdlib.h>

enum sf_err sf_array_reserve(void **items, size_t *capacity, size_t need, size_t size)
{
	if (need <= *capacity)
		return SF_OK;
	void *moved = realloc(*items, need * size);
	if (!moved)
		return SF_ERR_MEMORY;
	*items = moved;
	*capacity = need;
	return SF_OK;
}
