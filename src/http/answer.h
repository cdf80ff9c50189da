/*
 * Answers of the API: replies as JSON (view/reply.h) with their status. Every route's respond is
 * one of these, or ends in one.
 */
#ifndef SF_HTTP_ANSWER_H
#define SF_HTTP_ANSWER_H

#include "http/route.h"
#include "text/json_write.h"

/* 200 with the reply as JSON. */
void sf_answer_reply(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply);
/* 201 with what was made. */
void sf_answer_made(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply);
/* 202 with the message that was made: durable here, and on its way. */
void sf_answer_said(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply);
/* 204: done, and there is nothing to say. */
void sf_answer_done(struct sf_exchange *exchange, const struct sf_request *request,
	const struct sf_reply *reply);
/*
 * 200 with bytes as they are. type is copied; it may be a peer's word: what is no media type is not
 * repeated, and becomes application/octet-stream. A browser is told to keep them, not to show them.
 */
void sf_answer_bytes(struct sf_exchange *exchange, const char *type, struct sf_view bytes);

/* A page of JSON of one's own: begin opens the object, end closes it and makes the response. */
void sf_answer_begin(struct sf_exchange *exchange, struct sf_json_writer *writer);
void sf_answer_end(struct sf_exchange *exchange, struct sf_json_writer *writer, unsigned status);

/*
 * Sets the response's ETag. True: If-None-Match names it (RFC 9110 section 13.1.2), and the
 * response is 304.
 */
bool sf_answer_unchanged(struct sf_exchange *exchange, const char *etag);

#endif
