/*
 * A reply as JSON: the same members on the command line (--json), over HTTP and in webhooks.
 *
 * Personal data stands in SF_REPLY_MESSAGE alone; who writes it for somebody has checked that the
 * reader may have it.
 */
#ifndef SF_VIEW_REPLY_H
#define SF_VIEW_REPLY_H

#include "text/json_write.h"
#include "wire/local.h"

/*
 * What the reply holds, as members of the object that is open; of SF_REPLY_DONE, and of a reply
 * with an error, nothing. Errors stick in the writer.
 */
void sf_view_reply(struct sf_json_writer *writer, const struct sf_reply *reply);

#endif
