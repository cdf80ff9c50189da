#include "http/download.h"

#include <string.h>

static ptrdiff_t read_part(void *self, uint8_t *place, size_t room)
{
	struct sf_download *download = self;
	size_t left = download->part.size - download->read;
	if (left == 0 &&
		(download->failed || download->request.attachment.offset >= download->size))
		return -1;
	if (left == 0) {
		download->wanted = true;
		return 0;
	}
	size_t size = left < room ? left : room;
	memcpy(place, download->part.data + download->read, size);
	download->read += size;
	return (ptrdiff_t)size;
}

/* A question that is out keeps the place until its answer has come. */
static void closed(void *self)
{
	struct sf_download *download = self;
	download->call = NULL;
	download->wanted = false;
	sf_buf_fini(&download->part);
}

void sf_downloads_open(struct sf_http_server *server, struct sf_downloads *ret_downloads)
{
	*ret_downloads = (struct sf_downloads){.server = server};
	for (size_t i = 0; i < SF_DOWNLOADS_MAX; i++)
		ret_downloads->places[i].server = server;
}

void sf_downloads_close(struct sf_downloads *downloads)
{
	for (size_t i = 0; i < SF_DOWNLOADS_MAX; i++)
		sf_buf_fini(&downloads->places[i].part);
}

static struct sf_download *find_free(const struct sf_downloads *downloads)
{
	for (size_t i = 0; i < SF_DOWNLOADS_MAX; i++)
		if (!downloads->places[i].call && !downloads->places[i].asked)
			return (struct sf_download *)&downloads->places[i];
	return NULL;
}

bool sf_downloads_full(const struct sf_downloads *downloads)
{
	return !find_free(downloads);
}

bool sf_downloads_join(struct sf_downloads *downloads, struct sf_http_call *call,
	const struct sf_request *request, const struct sf_reply_attachment *part)
{
	struct sf_download *download = find_free(downloads);
	if (!download)
		return false;
	sf_buf_init(&download->part, SF_ATTACHMENT_PART_SIZE);
	if (sf_buf_append(&download->part, part->content)) {
		sf_buf_fini(&download->part);
		return false;
	}
	download->call = call;
	download->request = *request;
	download->request.attachment.offset = part->offset + part->content.size;
	download->size = part->row.size;
	download->read = 0;
	download->wanted = download->failed = false;
	const struct sf_http_source source = {.self = download,
		.read = read_part,
		.closed = closed,
		.size = part->row.size > part->offset ? part->row.size - part->offset : 0};
	sf_http_server_stream(downloads->server, call, &source);
	return true;
}

static uint64_t number_of(const struct sf_downloads *downloads, const struct sf_download *place)
{
	return SF_DOWNLOADS_CALL + place->round * SF_DOWNLOADS_MAX +
	       (uint64_t)(place - downloads->places);
}

bool sf_downloads_take(struct sf_downloads *downloads, uint64_t *ret_call,
	struct sf_exchange **ret_exchange, struct sf_request *ret_request)
{
	for (size_t i = 0; i < SF_DOWNLOADS_MAX; i++) {
		struct sf_download *download = &downloads->places[i];
		if (!download->call || !download->wanted || download->asked)
			continue;
		download->wanted = false;
		download->asked = true;
		download->round++;
		*ret_call = number_of(downloads, download);
		*ret_exchange = &download->call->exchange;
		*ret_request = download->request;
		return true;
	}
	return false;
}

bool sf_downloads_wait(const struct sf_downloads *downloads, uint64_t call)
{
	const struct sf_download *download =
		&downloads->places[(call - SF_DOWNLOADS_CALL) % SF_DOWNLOADS_MAX];
	return download->call && download->asked && number_of(downloads, download) == call;
}

void sf_downloads_reply(struct sf_downloads *downloads, uint64_t call, const struct sf_reply *reply)
{
	struct sf_download *download =
		&downloads->places[(call - SF_DOWNLOADS_CALL) % SF_DOWNLOADS_MAX];
	if (!download->asked || number_of(downloads, download) != call)
		return;
	download->asked = false;
	if (!download->call)
		return;
	sf_buf_clear(&download->part);
	download->read = 0;
	const struct sf_reply_attachment *part = &reply->attachment;
	download->failed = reply->err || reply->kind != SF_REPLY_ATTACHMENT ||
			   part->content.size == 0 || part->row.size != download->size ||
			   sf_buf_append(&download->part, part->content) != SF_OK;
	if (!download->failed)
		download->request.attachment.offset += part->content.size;
	sf_http_server_wake(download->server, download->call);
}
