#include "log/line.h"

#include <string.h>

static struct sf_view after(struct sf_view view, size_t size)
{
	return sf_view_of(view.data + size, view.size - size);
}

bool sf_line_take(struct sf_view *rest, struct sf_view *ret_line)
{
	return sf_line_until(rest, '\n', ret_line);
}

bool sf_line_skip(struct sf_view *line, const char *prefix)
{
	size_t size = strlen(prefix);
	if (line->size < size || memcmp(line->data, prefix, size) != 0)
		return false;
	*line = after(*line, size);
	return true;
}

bool sf_line_until(struct sf_view *line, char separator, struct sf_view *ret_part)
{
	const uint8_t *found = line->size ? memchr(line->data, separator, line->size) : NULL;
	if (!found)
		return false;
	size_t size = (size_t)(found - line->data);
	*ret_part = sf_view_of(line->data, size);
	*line = after(*line, size + 1);
	return true;
}

enum sf_err sf_decimal_parse(struct sf_view text, uint64_t max, uint64_t *ret_number)
{
	uint64_t number = 0;
	if (text.size == 0 || (text.size > 1 && text.data[0] == '0'))
		return SF_ERR_FORMAT;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return SF_ERR_FORMAT;
		unsigned digit = (unsigned)(text.data[i] - '0');
		if (number > (max - digit) / 10 || digit > max)
			return SF_ERR_FORMAT;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return SF_OK;
}

enum sf_err sf_hash_parse(struct sf_view text, struct sf_digest *ret_hash)
{
	struct sf_digest hash;
	size_t size = 0;
	enum sf_err err = sf_base64_parse(text, hash.bytes, SF_DIGEST_SIZE, &size);
	if (err || size != SF_DIGEST_SIZE)
		return SF_ERR_FORMAT;
	*ret_hash = hash;
	return SF_OK;
}

enum sf_err sf_hash_append(struct sf_buf *buf, const struct sf_digest *hash)
{
	enum sf_err err = sf_base64_append(buf, sf_digest_view(hash));
	return err ? err : sf_buf_append_text(buf, "\n");
}
