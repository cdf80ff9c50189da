#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sf_view sf_view_of(const void *data, size_t size)
{
	return (struct sf_view){.data = data, .size = size};
}

struct sf_view sf_view_text(const char *text)
{
	return sf_view_of(text, strlen(text));
}

bool sf_view_equal(struct sf_view a, struct sf_view b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int sf_view_compare(struct sf_view a, struct sf_view b)
{
	size_t shared = a.size < b.size ? a.size : b.size;
	int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
	if (order != 0)
		return order;
	return (a.size > b.size) - (a.size < b.size);
}

void sf_buf_init(struct sf_buf *buf, size_t size_max)
{
	*buf = (struct sf_buf){.size_max = size_max};
}

void sf_buf_fini(struct sf_buf *buf)
{
	free(buf->data);
	*buf = (struct sf_buf){.size_max = buf->size_max};
}

void sf_buf_clear(struct sf_buf *buf)
{
	buf->size = 0;
}

enum sf_err sf_buf_reserve(struct sf_buf *buf, size_t more)
{
	if (more > buf->size_max - buf->size)
		return SF_ERR_LIMIT;
	size_t need = buf->size + more;
	if (need <= buf->capacity)
		return SF_OK;
	size_t capacity = buf->capacity < 64 ? 64 : buf->capacity;
	while (capacity < need)
		capacity = capacity > buf->size_max / 2 ? buf->size_max : capacity * 2;
	uint8_t *data = realloc(buf->data, capacity);
	if (!data)
		return SF_ERR_MEMORY;
	buf->data = data;
	buf->capacity = capacity;
	return SF_OK;
}

enum sf_err sf_buf_append(struct sf_buf *buf, struct sf_view bytes)
{
	enum sf_err err = sf_buf_reserve(buf, bytes.size);
	if (err)
		return err;
	if (bytes.size > 0)
		memcpy(buf->data + buf->size, bytes.data, bytes.size);
	buf->size += bytes.size;
	return SF_OK;
}

enum sf_err sf_buf_append_text(struct sf_buf *buf, const char *text)
{
	return sf_buf_append(buf, sf_view_text(text));
}

enum sf_err sf_buf_vprintf(struct sf_buf *buf, const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	int size = vsnprintf(NULL, 0, format, arguments);
	/* vsnprintf wants room for its terminating zero, which the content does not keep. */
	enum sf_err err = size < 0 ? SF_ERR_FORMAT : sf_buf_reserve(buf, (size_t)size + 1);
	if (!err) {
		vsnprintf((char *)buf->data + buf->size, (size_t)size + 1, format, again);
		buf->size += (size_t)size;
	}
	va_end(again);
	return err;
}

enum sf_err sf_buf_printf(struct sf_buf *buf, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	enum sf_err err = sf_buf_vprintf(buf, format, arguments);
	va_end(arguments);
	return err;
}

enum sf_err sf_buf_append_u8(struct sf_buf *buf, uint8_t value)
{
	return sf_buf_append(buf, sf_view_of(&value, 1));
}

enum sf_err sf_buf_append_u16(struct sf_buf *buf, uint16_t value)
{
	uint8_t bytes[2];
	sf_put_u16(bytes, value);
	return sf_buf_append(buf, sf_view_of(bytes, sizeof(bytes)));
}

enum sf_err sf_buf_append_u32(struct sf_buf *buf, uint32_t value)
{
	uint8_t bytes[4];
	sf_put_u32(bytes, value);
	return sf_buf_append(buf, sf_view_of(bytes, sizeof(bytes)));
}

enum sf_err sf_buf_append_u64(struct sf_buf *buf, uint64_t value)
{
	uint8_t bytes[8];
	sf_put_u64(bytes, value);
	return sf_buf_append(buf, sf_view_of(bytes, sizeof(bytes)));
}

enum sf_err sf_buf_extend(struct sf_buf *buf, size_t size, uint8_t **ret_place)
{
	enum sf_err err = sf_buf_reserve(buf, size);
	if (err)
		return err;
	/* An empty buffer has no memory yet, and not even zero may be added to NULL. */
	uint8_t *place = buf->data ? buf->data + buf->size : NULL;
	if (size > 0)
		memset(place, 0, size);
	buf->size += size;
	*ret_place = place;
	return SF_OK;
}

struct sf_view sf_buf_view(const struct sf_buf *buf)
{
	return sf_view_of(buf->data, buf->size);
}

void sf_put_u16(uint8_t place[2], uint16_t value)
{
	place[0] = (uint8_t)(value >> 8);
	place[1] = (uint8_t)value;
}

void sf_put_u32(uint8_t place[4], uint32_t value)
{
	sf_put_u16(place, (uint16_t)(value >> 16));
	sf_put_u16(place + 2, (uint16_t)value);
}

void sf_put_u64(uint8_t place[8], uint64_t value)
{
	sf_put_u32(place, (uint32_t)(value >> 32));
	sf_put_u32(place + 4, (uint32_t)value);
}

uint16_t sf_get_u16(const uint8_t place[2])
{
	return (uint16_t)((unsigned)place[0] << 8 | place[1]);
}

uint32_t sf_get_u32(const uint8_t place[4])
{
	return (uint32_t)sf_get_u16(place) << 16 | sf_get_u16(place + 2);
}

uint64_t sf_get_u64(const uint8_t place[8])
{
	return (uint64_t)sf_get_u32(place) << 32 | sf_get_u32(place + 4);
}

enum sf_err sf_reader_bytes(struct sf_reader *reader, size_t size, struct sf_view *ret_bytes)
{
	if (size > reader->rest.size)
		return SF_ERR_FORMAT;
	*ret_bytes = sf_view_of(reader->rest.data, size);
	if (size > 0)
		reader->rest = sf_view_of(reader->rest.data + size, reader->rest.size - size);
	return SF_OK;
}

enum sf_err sf_reader_u8(struct sf_reader *reader, uint8_t *ret_value)
{
	struct sf_view bytes;
	enum sf_err err = sf_reader_bytes(reader, 1, &bytes);
	if (!err)
		*ret_value = bytes.data[0];
	return err;
}

enum sf_err sf_reader_u16(struct sf_reader *reader, uint16_t *ret_value)
{
	struct sf_view bytes;
	enum sf_err err = sf_reader_bytes(reader, 2, &bytes);
	if (!err)
		*ret_value = sf_get_u16(bytes.data);
	return err;
}

enum sf_err sf_reader_u32(struct sf_reader *reader, uint32_t *ret_value)
{
	struct sf_view bytes;
	enum sf_err err = sf_reader_bytes(reader, 4, &bytes);
	if (!err)
		*ret_value = sf_get_u32(bytes.data);
	return err;
}

enum sf_err sf_reader_u64(struct sf_reader *reader, uint64_t *ret_value)
{
	struct sf_view bytes;
	enum sf_err err = sf_reader_bytes(reader, 8, &bytes);
	if (!err)
		*ret_value = sf_get_u64(bytes.data);
	return err;
}

/* Size of the well-formed sequence at the start of text, 0 when there is none (RFC 3629 table). */
static size_t utf8_sequence_size(const uint8_t *text, size_t size)
{
	uint8_t lead = text[0];
	if (lead == 0)
		return 0;
	if (lead < 0x80)
		return 1;
	size_t length = lead >= 0xC2 && lead <= 0xDF ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 0;
	if (lead >= 0xF0 && lead <= 0xF4)
		length = 4;
	if (length == 0 || length > size)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	bool overlong = (lead == 0xE0 && text[1] < 0xA0) || (lead == 0xF0 && text[1] < 0x90);
	bool surrogate = lead == 0xED && text[1] > 0x9F;
	bool beyond = lead == 0xF4 && text[1] > 0x8F;
	return overlong || surrogate || beyond ? 0 : length;
}

bool sf_utf8_valid(struct sf_view text)
{
	for (size_t at = 0; at < text.size;) {
		size_t size = utf8_sequence_size(text.data + at, text.size - at);
		if (size == 0)
			return false;
		at += size;
	}
	return true;
}

void sf_hex_encode(struct sf_view bytes, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.size; i++) {
		ret_text[2 * i] = digits[bytes.data[i] >> 4];
		ret_text[2 * i + 1] = digits[bytes.data[i] & 15];
	}
	ret_text[2 * bytes.size] = '\0';
}

int sf_hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

enum sf_err sf_hex_decode(const char *text, uint8_t *ret_bytes, size_t size)
{
	if (strlen(text) != 2 * size)
		return SF_ERR_FORMAT;
	for (size_t i = 0; i < 2 * size; i++)
		if (sf_hex_digit(text[i]) < 0)
			return SF_ERR_FORMAT;
	for (size_t i = 0; i < size; i++)
		ret_bytes[i] =
			(uint8_t)(sf_hex_digit(text[2 * i]) << 4 | sf_hex_digit(text[2 * i + 1]));
	return SF_OK;
}

void sf_bytes_wipe(void *place, size_t size)
{
	volatile uint8_t *bytes = place;
	for (size_t i = 0; i < size; i++)
		bytes[i] = 0;
}
