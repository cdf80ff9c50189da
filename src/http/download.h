/*
 * GET /api/v1/messages/{id}/attachments/{number}: an attachment as one response, of which no more
 * than one part is in memory. The first part came with the answer to the call's own request; when
 * the client has read a part, the next is asked of the engine, as whoever asked for the first. A
 * part that cannot be had ends the connection before its Content-Length, so that what is cut off
 * never looks whole.
 *
 * Used by face.c alone. One thread.
 */
#ifndef SF_HTTP_DOWNLOAD_H
#define SF_HTTP_DOWNLOAD_H

#include "http/server.h"

/* Calls of downloads have numbers from here on, below those of the events (events.h). */
#define SF_DOWNLOADS_CALL ((uint64_t)1 << 62)
#define SF_DOWNLOADS_MAX ((size_t)16) /* a part of a megabyte each */

struct sf_download {
	struct sf_http_server *server; /* borrowed */
	struct sf_http_call *call;     /* NULL: the client is gone, or the place is free */
	struct sf_request request;     /* for the next part */
	uint64_t size;
	struct sf_buf part; /* owned */
	size_t read;        /* of part */
	uint64_t round;     /* names the question that is out */
	bool wanted, asked, failed;
};

struct sf_downloads {
	struct sf_http_server *server; /* borrowed */
	struct sf_download places[SF_DOWNLOADS_MAX];
};

void sf_downloads_open(struct sf_http_server *server, struct sf_downloads *ret_downloads);
/* After the server was closed: then no client is left. */
void sf_downloads_close(struct sf_downloads *downloads);
bool sf_downloads_full(const struct sf_downloads *downloads);
/* call->response has its headers; it becomes a stream. False when memory is out or all is full. */
bool sf_downloads_join(struct sf_downloads *downloads, struct sf_http_call *call,
	const struct sf_request *request, const struct sf_reply_attachment *part);
/*
 * What is to be asked next: *ret_exchange is whose question it is, so that it is asked as the
 * first was.
 */
bool sf_downloads_take(struct sf_downloads *downloads, uint64_t *ret_call,
	struct sf_exchange **ret_exchange, struct sf_request *ret_request);
bool sf_downloads_wait(const struct sf_downloads *downloads, uint64_t call);
void sf_downloads_reply(
	struct sf_downloads *downloads, uint64_t call, const struct sf_reply *reply);

#endif
