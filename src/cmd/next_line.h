/*
 * What a person must do, in words: the Next line of a transition and the lines of a board.
 */
#ifndef SF_CMD_NEXT_LINE_H
#define SF_CMD_NEXT_LINE_H

#include "cmd/print.h"
#include "wire/local.h"

/* "answer the offer of care, medication": what follows "must". */
struct sf_shown sf_next_deed(const struct sf_board_row *row);
/*
 * "Next: Aarhus Kommune must answer the offer of care, medication before Fri 20 Nov 16:00 (clause
 * 2-7)." and a line feed; "Overdue." follows when the time has passed. What is wider than the
 * screen goes on below, indented.
 */
void sf_next_line_print(FILE *out, const struct sf_reply_transition *show);

#endif
