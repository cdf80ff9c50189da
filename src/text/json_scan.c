#include "text/json_scan.h"

#include <string.h>

#include "base/limits.h"

struct scan {
	const uint8_t *copied; /* up to here the text is in buf */
	const uint8_t *at;
	const uint8_t *end;
	size_t depth;
	size_t node_count;
	struct sf_buf *buf;   /* borrowed */
	struct sf_diag *diag; /* borrowed, may be NULL */
};

static bool is_digit(const struct scan *scan, const uint8_t *at)
{
	return at < scan->end && *at >= '0' && *at <= '9';
}

static const uint8_t *skip_digits(const struct scan *scan, const uint8_t *at)
{
	while (is_digit(scan, at))
		at++;
	return at;
}

/* RFC 8259 section 6. NULL when what begins at `at` is no number. */
static const uint8_t *number_end(const struct scan *scan, const uint8_t *at)
{
	if (*at == '-')
		at++;
	if (!is_digit(scan, at))
		return NULL;
	at = *at == '0' ? at + 1 : skip_digits(scan, at);
	if (at < scan->end && *at == '.') {
		if (!is_digit(scan, ++at))
			return NULL;
		at = skip_digits(scan, at);
	}
	if (at < scan->end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < scan->end && (*at == '+' || *at == '-'))
			at++;
		if (!is_digit(scan, at))
			return NULL;
		at = skip_digits(scan, at);
	}
	return at;
}

static enum sf_err copy_up_to_here(struct scan *scan)
{
	struct sf_view text = sf_view_of(scan->copied, (size_t)(scan->at - scan->copied));
	scan->copied = scan->at;
	return sf_buf_append(scan->buf, text);
}

static enum sf_err scan_number(struct scan *scan)
{
	const uint8_t *end = number_end(scan, scan->at);
	if (!end) {
		sf_diag_set(scan->diag, "a number is malformed");
		return SF_ERR_FORMAT;
	}
	enum sf_err err = copy_up_to_here(scan);
	if (!err)
		err = sf_buf_append_text(scan->buf, "\"\\u0001");
	scan->at = end;
	if (!err)
		err = copy_up_to_here(scan);
	return err ? err : sf_buf_append_u8(scan->buf, '"');
}

/* Goes over a string with its quotes; an unterminated one is left to the parser. */
static enum sf_err scan_string(struct scan *scan)
{
	const uint8_t *at = scan->at + 1;
	while (at < scan->end && *at != '"') {
		if (*at == '\\' && scan->end - at >= 6 && memcmp(at, "\\u0001", 6) == 0) {
			sf_diag_set(scan->diag, "a string contains a control character");
			return SF_ERR_FORMAT;
		}
		at += *at == '\\' && at + 1 < scan->end ? 2 : 1;
	}
	scan->at = at < scan->end ? at + 1 : at;
	return SF_OK;
}

static enum sf_err count_structure(struct scan *scan, uint8_t byte)
{
	if (byte == '{' || byte == '[') {
		scan->depth++;
		scan->node_count++;
	} else if ((byte == '}' || byte == ']') && scan->depth > 0) {
		scan->depth--;
	} else if (byte == ',') {
		scan->node_count++;
	}
	if (scan->depth > SF_TEXT_DEPTH_MAX) {
		sf_diag_set(scan->diag, "nested deeper than %zu levels", SF_TEXT_DEPTH_MAX);
		return SF_ERR_LIMIT;
	}
	if (scan->node_count > SF_TEXT_NODES_MAX) {
		sf_diag_set(scan->diag, "more than %zu values", SF_TEXT_NODES_MAX);
		return SF_ERR_LIMIT;
	}
	return SF_OK;
}

enum sf_err sf_json_scan(struct sf_view json, struct sf_buf *buf, struct sf_diag *diag)
{
	if (json.size == 0)
		return SF_OK;
	struct scan scan = {.copied = json.data,
		.at = json.data,
		.end = json.data + json.size,
		.buf = buf,
		.diag = diag};
	enum sf_err err = sf_buf_reserve(buf, json.size);
	while (!err && scan.at < scan.end) {
		uint8_t byte = *scan.at;
		if (byte == '"') {
			err = scan_string(&scan);
		} else if (byte == '-' || (byte >= '0' && byte <= '9')) {
			err = scan_number(&scan);
		} else {
			err = count_structure(&scan, byte);
			scan.at++;
		}
	}
	return err ? err : copy_up_to_here(&scan);
}
