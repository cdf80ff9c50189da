#include "base/address.h"

#include <string.h>

#include "base/bytes.h"

#define FOUR_SIZE ((size_t)4)
#define SIX_SIZE ((size_t)16)
#define NO_GAP SIZE_MAX

/* A number of 1 to 5 digits that is all of the text. */
static bool read_port(const char *text, uint16_t *ret_port)
{
	size_t digits = strspn(text, "0123456789");
	uint32_t port = 0;
	if (digits == 0 || digits > 5 || text[digits] != '\0')
		return false;
	for (size_t i = 0; i < digits; i++)
		port = port * 10 + (uint32_t)(text[i] - '0');
	*ret_port = (uint16_t)port;
	return port <= UINT16_MAX;
}

/* Four numbers to 255; a leading zero means octal elsewhere, and so nothing here. */
static bool read_four(struct sf_view text, uint8_t ret_bytes[FOUR_SIZE])
{
	size_t at = 0;
	for (size_t i = 0; i < FOUR_SIZE; i++) {
		unsigned number = 0;
		if (i > 0 && (at == text.size || text.data[at++] != '.'))
			return false;
		size_t start = at;
		for (; at < text.size && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
			number = number * 10 + (unsigned)(text.data[at] - '0');
			if (number > UINT8_MAX || (at > start && text.data[start] == '0'))
				return false;
		}
		if (at == start)
			return false;
		ret_bytes[i] = (uint8_t)number;
	}
	return at == text.size;
}

/* An IPv6 address on its way: bytes so far, and where "::" stood among them. */
struct six {
	uint8_t bytes[SIX_SIZE];
	size_t count;
	size_t gap;
};

/* 1 to 4 hexadecimal digits, or the dotted form of the last four bytes. */
static bool take_group(struct sf_view text, size_t *at, struct six *six)
{
	unsigned group = 0;
	size_t end = *at;
	for (; end < text.size && end - *at < 5; end++) {
		int digit = sf_hex_digit((char)text.data[end]);
		if (digit < 0)
			break;
		group = group << 4 | (unsigned)digit;
	}
	if (end < text.size && text.data[end] == '.') {
		struct sf_view tail = sf_view_of(text.data + *at, text.size - *at);
		if (six->count > SIX_SIZE - FOUR_SIZE || !read_four(tail, six->bytes + six->count))
			return false;
		six->count += FOUR_SIZE;
		*at = text.size;
		return true;
	}
	if (end == *at || end - *at > 4 || six->count > SIX_SIZE - 2)
		return false;
	sf_put_u16(six->bytes + six->count, (uint16_t)group);
	six->count += 2;
	*at = end;
	return true;
}

/* What stands between two groups; nothing at the end of the text. */
static bool take_colons(struct sf_view text, size_t *at, struct six *six)
{
	if (*at == text.size)
		return true;
	if (text.data[(*at)++] != ':' || *at == text.size)
		return false;
	if (text.data[*at] == ':') {
		if (six->gap != NO_GAP)
			return false;
		six->gap = six->count;
		++*at;
	}
	return true;
}

static bool read_six(struct sf_view text, uint8_t ret_bytes[SIX_SIZE])
{
	struct six six = {.gap = NO_GAP};
	size_t at = 0;
	if (text.size >= 2 && text.data[0] == ':' && text.data[1] == ':') {
		six.gap = 0;
		at = 2;
	}
	while (at < text.size)
		if (!take_group(text, &at, &six) || !take_colons(text, &at, &six))
			return false;
	if (six.gap == NO_GAP ? six.count != SIX_SIZE : six.count == SIX_SIZE)
		return false;
	size_t before = six.gap == NO_GAP ? six.count : six.gap;
	size_t behind = six.count - before;
	memset(ret_bytes, 0, SIX_SIZE);
	memcpy(ret_bytes, six.bytes, before);
	memcpy(ret_bytes + SIX_SIZE - behind, six.bytes + before, behind);
	return true;
}

enum sf_err sf_address_parse(const char *text, struct sf_address *ret_address)
{
	static const uint8_t loopback[SIX_SIZE] = {[SIX_SIZE - 1] = 1};
	struct sf_address address = {.six = text[0] == '['};
	const char *colon = strrchr(text, ':');
	if (!colon || !read_port(colon + 1, &address.port))
		return SF_ERR_FORMAT;
	struct sf_view host = sf_view_of(text, (size_t)(colon - text));
	if (!address.six) {
		if (!read_four(host, address.bytes))
			return SF_ERR_FORMAT;
		address.loopback = address.bytes[0] == 127;
	} else {
		if (host.size < 2 || host.data[host.size - 1] != ']' ||
			!read_six(sf_view_of(host.data + 1, host.size - 2), address.bytes))
			return SF_ERR_FORMAT;
		address.loopback = memcmp(address.bytes, loopback, SIX_SIZE) == 0;
	}
	*ret_address = address;
	return SF_OK;
}
