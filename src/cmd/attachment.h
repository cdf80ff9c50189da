/*
 * Files that go with a letter: handed to the node part by part before the letter is, so that no
 * more than one part is in memory here or there.
 */
#ifndef SF_CMD_ATTACHMENT_H
#define SF_CMD_ATTACHMENT_H

#include "base/limits.h"
#include "cmd/session.h"

struct sf_attached {
	size_t count;
	uint8_t ids[SF_ATTACHMENT_COUNT_MAX * SF_ID_SIZE];
};

static inline struct sf_view sf_attached_view(const struct sf_attached *attached)
{
	return sf_view_of(attached->ids, attached->count * SF_ID_SIZE);
}

/*
 * Hands in each FILE of --attach, which must be a regular file: an exit code, with a complaint on
 * standard error. What was handed in before a failure is forgotten by the node in a day.
 */
int sf_attach_files(struct sf_session *session, struct sf_attached *ret_attached);
/* By the ending of the name; application/octet-stream for what is not known. Static. */
const char *sf_attachment_type(const char *name);

#endif
