#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t sf_base64_size(size_t size)
{
	return (size + 2) / 3 * 4;
}

void sf_base64_write(struct sf_view bytes, char *ret_text)
{
	for (size_t at = 0; at < bytes.size; at += 3, ret_text += 4) {
		size_t rest = bytes.size - at;
		uint32_t three = (uint32_t)bytes.data[at] << 16;
		three |= rest > 1 ? (uint32_t)bytes.data[at + 1] << 8 : 0;
		three |= rest > 2 ? bytes.data[at + 2] : 0;
		ret_text[0] = digits[three >> 18];
		ret_text[1] = digits[three >> 12 & 63];
		ret_text[2] = rest > 1 ? digits[three >> 6 & 63] : '=';
		ret_text[3] = rest > 2 ? digits[three & 63] : '=';
	}
}

enum sf_err sf_base64_append(struct sf_buf *buf, struct sf_view bytes)
{
	if (bytes.size > buf->size_max)
		return SF_ERR_LIMIT;
	uint8_t *place;
	enum sf_err err = sf_buf_extend(buf, sf_base64_size(bytes.size), &place);
	if (!err)
		sf_base64_write(bytes, (char *)place);
	return err;
}

/* -1: not a digit. */
static int value_of(uint8_t digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return digit - 'A';
	if (digit >= 'a' && digit <= 'z')
		return digit - 'a' + 26;
	if (digit >= '0' && digit <= '9')
		return digit - '0' + 52;
	return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

/* Digits and padding where they belong, and no bits behind the last byte. */
static enum sf_err measure(struct sf_view text, size_t *ret_size)
{
	if (text.size % 4 != 0)
		return SF_ERR_FORMAT;
	size_t padding = 0;
	while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < text.size - padding; i++)
		if (value_of(text.data[i]) < 0)
			return SF_ERR_FORMAT;
	unsigned behind = padding == 2 ? 15 : padding == 1 ? 3 : 0;
	if (padding > 0 && ((unsigned)value_of(text.data[text.size - 1 - padding]) & behind) != 0)
		return SF_ERR_FORMAT;
	*ret_size = text.size / 4 * 3 - padding;
	return SF_OK;
}

enum sf_err sf_base64_parse(struct sf_view text, uint8_t *place, size_t capacity, size_t *ret_size)
{
	size_t size = 0;
	enum sf_err err = measure(text, &size);
	if (err)
		return err;
	if (size > capacity)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < size; i++) {
		/* Byte i begins in digit i / 3 * 4 + i % 3 and ends in the next. */
		const uint8_t *at = text.data + i / 3 * 4 + i % 3;
		unsigned two = (unsigned)value_of(at[0]) << 6 | (unsigned)value_of(at[1]);
		place[i] = (uint8_t)(two >> (4 - 2 * (i % 3)));
	}
	*ret_size = size;
	return SF_OK;
}
