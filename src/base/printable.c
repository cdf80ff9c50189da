#include "base/printable.h"

#include <stdint.h>

#include "base/check.h"

static const struct {
	uint32_t first, last;
} hidden[] = {
	{0x00, 0x1f},
	{0x7f, 0x9f},
	{0x061c, 0x061c},
	{0x200e, 0x200f},
	{0x2028, 0x202e},
	{0x2066, 0x2069},
	{0xfeff, 0xfeff},
	{0xfff9, 0xfffb},
	{0xe0000, 0xe007f},
};

/* Of each size of a character the least that is not written shorter. */
static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

static size_t size_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if (first >= 0xe0 && first < 0xf0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* 0: these bytes begin no character. A text ends with a zero, which continues none. */
static size_t decode(const unsigned char *text, uint32_t *ret_character)
{
	static const unsigned char bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	size_t size = size_of(text[0]);
	uint32_t character = text[0] & bits[size];
	for (size_t i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (text[i] & 0x3fu);
	}
	bool surrogate = character >= 0xd800 && character <= 0xdfff;
	if (size == 0 || character < least[size] || character > 0x10ffff || surrogate)
		return 0;
	*ret_character = character;
	return size;
}

size_t sf_printable_step(const char *text, bool *ret_good)
{
	uint32_t character = 0;
	size_t size = decode((const unsigned char *)text, &character);
	*ret_good = size > 0;
	for (size_t i = 0; i < SF_COUNT(hidden); i++)
		*ret_good &= character < hidden[i].first || character > hidden[i].last;
	return size > 0 ? size : 1;
}

bool sf_printable(const char *text)
{
	bool good = true;
	while (*text && good)
		text += sf_printable_step(text, &good);
	return good;
}
