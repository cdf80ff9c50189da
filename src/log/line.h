/*
 * The lines of the log's texts, read strictly: one line at a time, numbers without leading zeros,
 * hashes in canonical base64. Pure.
 */
#ifndef SF_LOG_LINE_H
#define SF_LOG_LINE_H

#include "base/base64.h"
#include "base/id.h"

/* Everything that is counted here fits 63 bits (size, index, version). */
#define SF_LOG_NUMBER_MAX ((uint64_t)INT64_MAX)

/* Takes the next line off rest, without its newline. False, and nothing taken, without a newline.
 */
bool sf_line_take(struct sf_view *rest, struct sf_view *ret_line);
/* Takes prefix off the front of line; false when it is not there. */
bool sf_line_skip(struct sf_view *line, const char *prefix);
/* Takes what stands before the first separator off line, and the separator; false without one. */
bool sf_line_until(struct sf_view *line, char separator, struct sf_view *ret_part);

/* Decimal digits only; SF_ERR_FORMAT for leading zeros, signs, nothing, and more than max. */
SF_MUST_USE enum sf_err sf_decimal_parse(struct sf_view text, uint64_t max, uint64_t *ret_number);
/* The base64 of exactly 32 bytes. */
SF_MUST_USE enum sf_err sf_hash_parse(struct sf_view text, struct sf_digest *ret_hash);
/* Its base64, and a newline. */
SF_MUST_USE enum sf_err sf_hash_append(struct sf_buf *buf, const struct sf_digest *hash);

#endif
