/*
 * How wide a text stands on a screen, and how it is broken or cut so that it fits. Widths are in
 * characters, which is in columns of a terminal for the scripts of the north. Texts are cleaned
 * UTF-8 (print.h).
 */
#ifndef SF_CMD_WIDTH_H
#define SF_CMD_WIDTH_H

#include <stdio.h>

#include "cmd/print.h"

size_t sf_width(const char *text);
/* Of the widest word, which is what is not broken where there is room: a time with its day is one,
 * and a number with what stands beside it. */
size_t sf_width_word(const char *text);
/*
 * Bytes of text's first line of at most `width` > 0 columns: all of it when it fits, else up to a
 * comma in its second half, else up to its last word, else as many characters as fit. The next
 * line begins after the spaces that follow.
 */
size_t sf_width_line(const char *text, size_t width);
/* Text, or its begin and its end with ".." between, of at most `width` >= 4 columns. */
struct sf_shown sf_width_cut(const char *text, size_t width);
/* A sentence as lines of at most SF_SCREEN_WIDTH columns, broken at words alone; all but the first
 * stand after `indent` spaces. */
void sf_width_print(FILE *out, const char *text, size_t indent);

#endif
