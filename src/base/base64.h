/* Standard base64 with padding (RFC 4648 section 4), read strictly: one text for each value. */
#ifndef SF_BASE_BASE64_H
#define SF_BASE_BASE64_H

#include "base/bytes.h"

/* Characters of size bytes, without a terminating zero. */
size_t sf_base64_size(size_t size);
/* Writes exactly that many characters. */
void sf_base64_write(struct sf_view bytes, char *ret_text);
SF_MUST_USE enum sf_err sf_base64_append(struct sf_buf *buf, struct sf_view bytes);
/*
 * SF_ERR_FORMAT for anything but the one canonical text: missing padding, bits behind the end,
 * white space. SF_ERR_LIMIT: more than capacity bytes.
 */
SF_MUST_USE enum sf_err sf_base64_parse(
	struct sf_view text, uint8_t *place, size_t capacity, size_t *ret_size);

#endif
