#include "base/padme.h"

#define PADDED_SIZE_MIN ((size_t)4096)

static unsigned floor_log2(size_t number)
{
	unsigned exponent = 0;
	while (number >>= 1)
		exponent++;
	return exponent;
}

/* Padme(L): E = floor(log2 L), S = floor(log2 E) + 1, up to a multiple of 2^(E-S). L >= 4096. */
size_t sf_padme(size_t size)
{
	size_t marked = size + 1;
	if (marked <= PADDED_SIZE_MIN)
		return PADDED_SIZE_MIN;
	unsigned exponent = floor_log2(marked);
	unsigned kept = floor_log2(exponent) + 1;
	size_t mask = ((size_t)1 << (exponent - kept)) - 1;
	return (marked + mask) & ~mask;
}
