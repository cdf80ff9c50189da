#include "audit/erased.h"

#include "audit/listing.h"
#include "base/time.h"

struct sf_id sf_request_subject(const struct sf_request *request)
{
	/* Of all kinds only these are about one transition. */
	if (request->kind == SF_REQUEST_TRANSITION)
		return request->transition.transition;
	if (request->kind == SF_REQUEST_EVIDENCE)
		return request->evidence.transition;
	if (request->kind == SF_REQUEST_ACCEPT)
		return request->accept.id;
	if (request->kind == SF_REQUEST_OFFER)
		return request->offer.transition;
	if (request->kind == SF_REQUEST_SAY)
		return request->say.transition;
	if (request->kind == SF_REQUEST_NOTIFY)
		return request->notify.transition;
	if (request->kind == SF_REQUEST_STAY)
		return request->stay.transition;
	if (request->kind == SF_REQUEST_BIND)
		return request->bind.transition;
	return (struct sf_id){{0}};
}

void sf_reply_refuse_erased(struct sf_reply *ret_reply, struct sf_arena *arena, enum sf_err err,
	int64_t at_ms, enum sf_ground ground)
{
	char time[SF_TIME_TEXT_SIZE];
	sf_time_format(at_ms, time);
	struct sf_buf buf;
	sf_buf_init(&buf, 256);
	bool told = !sf_buf_printf(&buf, "the transition was erased here on %s, ground: %s", time,
			    sf_ground_text(ground)) &&
		    !sf_buf_append_u8(&buf, 0);
	sf_reply_refuse(ret_reply, arena, err,
		told ? (const char *)buf.data : "the transition was erased here");
	sf_buf_fini(&buf);
}
