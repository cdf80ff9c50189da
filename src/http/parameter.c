#include "http/parameter.h"

#include <string.h>

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

struct sf_view sf_parameter_trim(struct sf_view text)
{
	while (text.size > 0 && is_space(text.data[0]))
		text = sf_view_of(text.data + 1, text.size - 1);
	while (text.size > 0 && is_space(text.data[text.size - 1]))
		text.size--;
	return text;
}

struct sf_view sf_parameter_cut(struct sf_view *rest, char mark)
{
	const uint8_t *found = rest->size ? memchr(rest->data, mark, rest->size) : NULL;
	size_t size = found ? (size_t)(found - rest->data) : rest->size;
	struct sf_view part = sf_view_of(rest->data, size);
	size_t taken = found ? size + 1 : size;
	*rest = sf_view_of(rest->size ? rest->data + taken : NULL, rest->size - taken);
	return sf_parameter_trim(part);
}
