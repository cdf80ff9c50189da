#include "http/trace.h"

/* Where a part begins, and of how many characters it is; a '-' stands between two. */
static const struct {
	size_t begin;
	size_t size;
	bool is_id; /* not all zeros */
} parts[] = {{0, 2, false}, {3, 32, true}, {36, 16, true}, {53, 2, false}};

static bool is_hex(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

static bool is_part(const uint8_t *text, size_t size, bool is_id)
{
	bool zero = true;
	for (size_t i = 0; i < size; i++) {
		if (!is_hex(text[i]))
			return false;
		zero = zero && text[i] == '0';
	}
	return !is_id || !zero;
}

struct sf_view sf_trace_read(struct sf_view value)
{
	const struct sf_view none = sf_view_of(NULL, 0);
	if (value.size < SF_TRACE_SIZE)
		return none;
	for (size_t i = 0; i < SF_COUNT(parts); i++) {
		if (!is_part(value.data + parts[i].begin, parts[i].size, parts[i].is_id) ||
			(i > 0 && value.data[parts[i].begin - 1] != '-'))
			return none;
	}
	struct sf_view version = sf_view_of(value.data, parts[0].size);
	if (sf_view_equal(version, sf_view_text("ff")))
		return none;
	/* A later version may go on, with another part. */
	if (value.size > SF_TRACE_SIZE &&
		(sf_view_equal(version, sf_view_text("00")) || value.data[SF_TRACE_SIZE] != '-'))
		return none;
	return sf_view_of(value.data, SF_TRACE_SIZE);
}
