/* Protobuf by hand, so that tests can write what no encoder of ours would. */
#ifndef SF_TESTS_WIRE_RAW_H
#define SF_TESTS_WIRE_RAW_H

#include "base/bytes.h"
#include "base/id.h"

void raw_number(struct sf_buf *buf, uint32_t field, uint64_t value);
void raw_bytes(struct sf_buf *buf, uint32_t field, struct sf_view value);
void raw_text(struct sf_buf *buf, uint32_t field, const char *value);
/* size bytes of the given value. */
void raw_fill(struct sf_buf *buf, uint32_t field, uint8_t value, size_t size);

struct sf_id raw_id(uint8_t value);
struct sf_digest raw_digest(uint8_t value);
/* A copy in memory of exactly its size, so that the address sanitizer sees a read behind it. */
struct sf_view raw_exact(struct sf_view bytes);
void raw_free(struct sf_view exact);

#endif
