#include "crypto/padding.h"

#include "base/limits.h"

#define PADDED_SIZE_MIN ((size_t)4096)
#define PADDING_MARK 0x80

static unsigned floor_log2(size_t number)
{
	unsigned exponent = 0;
	while (number >>= 1)
		exponent++;
	return exponent;
}

/* Padme(L): E = floor(log2 L), S = floor(log2 E) + 1, up to a multiple of 2^(E-S). L >= 4096. */
static size_t padme(size_t size)
{
	unsigned exponent = floor_log2(size);
	unsigned kept = floor_log2(exponent) + 1;
	size_t mask = ((size_t)1 << (exponent - kept)) - 1;
	return (size + mask) & ~mask;
}

size_t sf_padding_size(size_t size)
{
	SF_ASSERT(size <= SF_SALTED_BODY_SIZE_MAX);
	size_t marked = size + 1;
	return marked <= PADDED_SIZE_MIN ? PADDED_SIZE_MIN : padme(marked);
}

enum sf_err sf_padding_strip(struct sf_view padded, size_t *ret_size)
{
	size_t end = padded.size;
	while (end > 0 && padded.data[end - 1] == 0)
		end--;
	if (end == 0 || padded.data[end - 1] != PADDING_MARK)
		return SF_ERR_FORMAT;
	size_t size = end - 1;
	if (size > SF_SALTED_BODY_SIZE_MAX || sf_padding_size(size) != padded.size)
		return SF_ERR_FORMAT;
	*ret_size = size;
	return SF_OK;
}
