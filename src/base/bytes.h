/*
 * Bytes: a view borrows, a buffer owns and knows its ceiling, a reader walks a view.
 * All integers on Stafet's own formats are big-endian (WIRE.md).
 */
#ifndef SF_BASE_BYTES_H
#define SF_BASE_BYTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Borrowed bytes. data may be NULL only when size is 0. */
struct sf_view {
	const uint8_t *data; /* borrowed */
	size_t size;
};

struct sf_view sf_view_of(const void *data, size_t size);
/* Without the terminating zero. text must not be NULL. */
struct sf_view sf_view_text(const char *text);
bool sf_view_equal(struct sf_view a, struct sf_view b);
/* memcmp order, shorter first when one is a prefix of the other. */
int sf_view_compare(struct sf_view a, struct sf_view b);

/*
 * Owned, growing bytes with a ceiling: growth past size_max is SF_ERR_LIMIT, a failed allocation
 * SF_ERR_MEMORY; in both cases the content is unchanged.
 */
struct sf_buf {
	uint8_t *data; /* owned */
	size_t size;
	size_t capacity;
	size_t size_max;
};

void sf_buf_init(struct sf_buf *buf, size_t size_max);
void sf_buf_fini(struct sf_buf *buf);
/* Keeps the memory, forgets the content. */
void sf_buf_clear(struct sf_buf *buf);
SF_MUST_USE enum sf_err sf_buf_reserve(struct sf_buf *buf, size_t more);
SF_MUST_USE enum sf_err sf_buf_append(struct sf_buf *buf, struct sf_view bytes);
SF_MUST_USE enum sf_err sf_buf_append_text(struct sf_buf *buf, const char *text);
SF_MUST_USE enum sf_err sf_buf_printf(struct sf_buf *buf, const char *format, ...) SF_PRINTF(2, 3);
SF_MUST_USE enum sf_err sf_buf_vprintf(struct sf_buf *buf, const char *format, va_list arguments)
	SF_PRINTF(2, 0);
SF_MUST_USE enum sf_err sf_buf_append_u8(struct sf_buf *buf, uint8_t value);
SF_MUST_USE enum sf_err sf_buf_append_u16(struct sf_buf *buf, uint16_t value);
SF_MUST_USE enum sf_err sf_buf_append_u32(struct sf_buf *buf, uint32_t value);
SF_MUST_USE enum sf_err sf_buf_append_u64(struct sf_buf *buf, uint64_t value);
/* Lends size zeroed bytes at the end to write into; valid until the next change of the buffer. */
SF_MUST_USE enum sf_err sf_buf_extend(struct sf_buf *buf, size_t size, uint8_t **ret_place);
struct sf_view sf_buf_view(const struct sf_buf *buf);

void sf_put_u16(uint8_t place[2], uint16_t value);
void sf_put_u32(uint8_t place[4], uint32_t value);
void sf_put_u64(uint8_t place[8], uint64_t value);
uint16_t sf_get_u16(const uint8_t place[2]);
uint32_t sf_get_u32(const uint8_t place[4]);
uint64_t sf_get_u64(const uint8_t place[8]);

/* Walks a view; every take past the end is SF_ERR_FORMAT and takes nothing. */
struct sf_reader {
	struct sf_view rest;
};

SF_MUST_USE enum sf_err sf_reader_u8(struct sf_reader *reader, uint8_t *ret_value);
SF_MUST_USE enum sf_err sf_reader_u16(struct sf_reader *reader, uint16_t *ret_value);
SF_MUST_USE enum sf_err sf_reader_u32(struct sf_reader *reader, uint32_t *ret_value);
SF_MUST_USE enum sf_err sf_reader_u64(struct sf_reader *reader, uint64_t *ret_value);
SF_MUST_USE enum sf_err sf_reader_bytes(
	struct sf_reader *reader, size_t size, struct sf_view *ret_bytes);

/* Zeroes in a way that no compiler leaves out: what is handed back to the heap held a secret. */
void sf_bytes_wipe(void *place, size_t size);

/* True for well-formed UTF-8 (RFC 3629) without U+0000. */
bool sf_utf8_valid(struct sf_view text);

/* 0 to 15 of either case; -1 for another character. */
int sf_hex_digit(char digit);
/* Lower-case hexadecimal. text has room for 2 * size + 1. */
void sf_hex_encode(struct sf_view bytes, char *ret_text);
/* Exactly size bytes from 2 * size digits of either case; anything else is SF_ERR_FORMAT. */
SF_MUST_USE enum sf_err sf_hex_decode(const char *text, uint8_t *ret_bytes, size_t size);

#endif
