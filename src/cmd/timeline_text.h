/* The timeline as a table on the terminal: what happened, what moved, what fell due, in one order.
 */
#ifndef SF_CMD_TIMELINE_TEXT_H
#define SF_CMD_TIMELINE_TEXT_H

#include <stdio.h>

#include "timeline/model.h"

/* An exit code. */
int sf_timeline_text_print(FILE *out, const struct sf_timeline *timeline);

#endif
