/*
 * How `stafet` goes from words to a command.
 */
#ifndef SF_CMD_STAFET_H
#define SF_CMD_STAFET_H

#include <stdio.h>

#include "cmd/commands.h"

/* The command that the first one or two words name; NULL. */
const struct sf_command *sf_command_find(int argc, char *const *argv, int *ret_word_count);
/* The usage lines of a family, like those of "agreement"; false when no command has two words so.
 */
bool sf_command_print_family(FILE *out, const char *word);
/* Every command on one line. */
void sf_command_print_overview(FILE *out);

#endif
