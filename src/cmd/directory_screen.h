/*
 * The directory on a screen of SF_SCREEN_WIDTH columns: of all parties whether they can be reached
 * and whom to call now; of one everything that its entry says. Codes, versions and ids are of one
 * party's screen and of --json.
 */
#ifndef SF_CMD_DIRECTORY_SCREEN_H
#define SF_CMD_DIRECTORY_SCREEN_H

#include <stdio.h>

#include "cmd/print.h"
#include "wire/local.h"

/* Exit codes. A line, or a few, for each party. */
int sf_directory_screen_print(FILE *out, const struct sf_reply_directory *directory);
/* The first of them, with its duty desks. */
int sf_party_screen_print(FILE *out, const struct sf_reply_directory *directory);

#endif
