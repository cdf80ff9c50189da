#include "http/last_status.h"

#include <stdio.h>

static void copy(const char *from, char ret_text[SF_LAST_STATUS_TEXT_SIZE])
{
	snprintf(ret_text, SF_LAST_STATUS_TEXT_SIZE, "%s", from ? from : "");
}

void sf_last_status_keep(struct sf_last_status *last, const struct sf_reply *reply, int64_t now_ms)
{
	*last = (struct sf_last_status){.known = true, .at_ms = now_ms, .err = reply->err};
	copy(reply->text, last->text);
	if (reply->err || reply->kind != SF_REPLY_STATUS)
		return;
	copy(reply->status.program, last->program);
	copy(reply->status.software, last->software);
	copy(reply->status.link, last->link);
}

bool sf_last_status_read(
	const struct sf_last_status *last, int64_t now_ms, struct sf_reply *ret_reply)
{
	if (!last->known || now_ms - last->at_ms >= SF_LAST_STATUS_MS)
		return false;
	*ret_reply = (struct sf_reply){.err = last->err,
		.kind = SF_REPLY_STATUS,
		.text = last->text,
		.status = {
			.program = last->program, .software = last->software, .link = last->link}};
	return true;
}
