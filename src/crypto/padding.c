#include "crypto/padding.h"

#include "base/limits.h"
#include "base/padme.h"

#define PADDING_MARK 0x80

size_t sf_padding_size(size_t size)
{
	SF_ASSERT(size <= SF_SALTED_BODY_SIZE_MAX);
	return sf_padme(size);
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
