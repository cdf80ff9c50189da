/*
 * What tells of a citizen comes over standard input, never as an argument, which every process of
 * the machine can read.
 */
#ifndef SF_CMD_TYPED_H
#define SF_CMD_TYPED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One line without its end into place, at most size - 1 bytes of it; a terminal is asked with
 * words. False: nothing was typed. The caller wipes place.
 */
bool sf_typed_line(const char *words, char *place, size_t size);

#endif
