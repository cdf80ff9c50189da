#include "crypto/words.h"

#include <string.h>

#define WORD_LETTERS ((size_t)5)

static const char consonants[] = "bdfghjklmnprstvx"; /* 4 bits each */
static const char vowels[] = "aiou";                 /* 2 bits each */

/* Bits of the letter at each place of a word, and how far it is shifted up: 4 + 2 + 4 + 2 + 4. */
static const unsigned shifts[WORD_LETTERS] = {12, 10, 6, 4, 0};

static const char *alphabet(size_t place)
{
	return place % 2 == 0 ? consonants : vowels;
}

void sf_words_format(struct sf_view bytes, char *ret_text)
{
	SF_ASSERT(bytes.size > 0 && bytes.size % 2 == 0);
	for (size_t i = 0; i < bytes.size; i += 2) {
		unsigned number = sf_get_u16(bytes.data + i);
		for (size_t place = 0; place < WORD_LETTERS; place++) {
			unsigned mask = place % 2 == 0 ? 0x0F : 0x03;
			*ret_text++ = alphabet(place)[(number >> shifts[place]) & mask];
		}
		*ret_text++ = '-';
	}
	ret_text[-1] = '\0';
}

/* The five letters of one word; *text moves behind them. */
static enum sf_err parse_word(const char **text, uint16_t *ret_number)
{
	unsigned number = 0;
	for (size_t place = 0; place < WORD_LETTERS; place++) {
		char letter = **text;
		if (letter >= 'A' && letter <= 'Z')
			letter = (char)(letter - 'A' + 'a');
		const char *found = letter == '\0' ? NULL : strchr(alphabet(place), letter);
		if (!found)
			return SF_ERR_FORMAT;
		number |= (unsigned)(found - alphabet(place)) << shifts[place];
		(*text)++;
	}
	*ret_number = (uint16_t)number;
	return SF_OK;
}

static void skip_separators(const char **text)
{
	while (**text == '-' || **text == ' ' || **text == '\t' || **text == '\n')
		(*text)++;
}

enum sf_err sf_words_parse(const char *text, uint8_t *ret_bytes, size_t size)
{
	if (size % 2 != 0)
		return SF_ERR_USAGE;
	for (size_t i = 0; i < size; i += 2) {
		skip_separators(&text);
		uint16_t number;
		enum sf_err err = parse_word(&text, &number);
		if (err)
			return err;
		sf_put_u16(ret_bytes + i, number);
	}
	skip_separators(&text);
	return *text == '\0' ? SF_OK : SF_ERR_FORMAT;
}
