/*
 * A row of the feed as one line for people:
 *   "12:03:05  ..9f31c2  Nordby Sygehus -> Nordby Kommune  discharge-home  acknowledged ok"
 * where 9f31c2 ends the id of the transition.
 */
#ifndef SF_CMD_FEED_LINE_H
#define SF_CMD_FEED_LINE_H

#include <stdio.h>

#include "wire/local.h"

/* With the line feed. */
void sf_feed_line_print(FILE *out, const struct sf_feed_row *row);

#endif
