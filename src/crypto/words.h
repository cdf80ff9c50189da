/*
 * Bytes as pronounceable words, to be compared over a telephone: two bytes give one word of five
 * letters, consonants and vowels in turn (babad). The letters are chosen so that a Dane does not
 * mistake one for another: no c, e, q, w, y, z.
 */
#ifndef SF_CRYPTO_WORDS_H
#define SF_CRYPTO_WORDS_H

#include "base/bytes.h"

/* Room for the words of size bytes (even) with hyphens between and the terminating zero. */
#define SF_WORDS_TEXT_SIZE(size) ((size)*3)

/* bytes.size is even and not 0. ret_text has SF_WORDS_TEXT_SIZE(bytes.size). */
void sf_words_format(struct sf_view bytes, char *ret_text);
/*
 * What a person typed: either case, hyphens and blanks anywhere between words. SF_ERR_FORMAT unless
 * it is exactly size bytes; ret_bytes is then unspecified.
 */
SF_MUST_USE enum sf_err sf_words_parse(const char *text, uint8_t *ret_bytes, size_t size);

#endif
