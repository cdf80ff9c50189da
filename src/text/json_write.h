/*
 * Writes JSON into a bounded buffer, one value after the other. The first error sticks: later calls
 * do nothing, and sf_json_writer_end answers it. Nesting errors are bugs and are asserted.
 *
 *   sf_json_writer_begin(&writer, &buf);
 *   sf_json_object(&writer, NULL);
 *   sf_json_text(&writer, "name", "value");
 *   sf_json_close(&writer);
 *   err = sf_json_writer_end(&writer);
 */
#ifndef SF_TEXT_JSON_WRITE_H
#define SF_TEXT_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/id.h"

#define SF_JSON_WRITE_DEPTH_MAX 32

struct sf_json_writer {
	struct sf_buf *buf; /* borrowed */
	size_t depth;
	char closing[SF_JSON_WRITE_DEPTH_MAX]; /* '}' or ']' of each open level */
	bool filled[SF_JSON_WRITE_DEPTH_MAX];  /* the level has a value: a comma comes next */
	enum sf_err err;
};

void sf_json_writer_begin(struct sf_json_writer *writer, struct sf_buf *buf);
/* SF_ERR_LIMIT, SF_ERR_MEMORY, or SF_ERR_FORMAT for a text that is not UTF-8. */
SF_MUST_USE enum sf_err sf_json_writer_end(struct sf_json_writer *writer);

/* name is NULL for the root and for items of an array, else the key. */
void sf_json_object(struct sf_json_writer *writer, const char *name);
void sf_json_array(struct sf_json_writer *writer, const char *name);
void sf_json_close(struct sf_json_writer *writer);
/* A value that is NULL counts as "", as in the local protocol. */
void sf_json_text(struct sf_json_writer *writer, const char *name, const char *value);
void sf_json_text_view(struct sf_json_writer *writer, const char *name, struct sf_view value);
void sf_json_int(struct sf_json_writer *writer, const char *name, int64_t value);
void sf_json_bool(struct sf_json_writer *writer, const char *name, bool value);
void sf_json_null(struct sf_json_writer *writer, const char *name);
/* 32 hexadecimal digits; null for none. */
void sf_json_id(struct sf_json_writer *writer, const char *name, struct sf_id id);

#endif
