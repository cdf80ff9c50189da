/* What `stafet log` prints of a log for people. */
#ifndef SF_CMD_LOG_SCREEN_H
#define SF_CMD_LOG_SCREEN_H

#include <stdio.h>

#include "wire/local.h"

/* Everything, with both notes of each contradiction in full. */
void sf_log_screen_print(FILE *out, const struct sf_reply_log *log);
/* One line of `stafet log watch`. */
void sf_log_screen_line(FILE *out, const struct sf_reply_log *log);

#endif
