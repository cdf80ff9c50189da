#include "bridge/post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 10000L

struct place {
	CURL *easy; /* NULL: free */
	struct curl_slist *headers;
	struct sf_buf body;
	size_t answer_size;
	char retry_after[SF_POST_RETRY_AFTER_SIZE];
};

struct sf_poster {
	CURLM *multi;
	char *authority; /* owned; NULL: the system's */
	int64_t timeout_ms;
	int64_t now_ms;
	int64_t timer_ms; /* when the library wants to be called; INT64_MAX never */
	size_t socket_count;
	struct sf_watch sockets[SF_POST_WATCH_MAX];
	struct place places[SF_POST_PLACES];
};

static int note_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *unused)
{
	struct sf_poster *poster = context;
	(void)easy;
	(void)unused;
	size_t index = 0;
	while (index < poster->socket_count && poster->sockets[index].descriptor != socket)
		index++;
	if (what == CURL_POLL_REMOVE) {
		if (index < poster->socket_count)
			poster->sockets[index] = poster->sockets[--poster->socket_count];
		return 0;
	}
	if (index == SF_POST_WATCH_MAX)
		return -1;
	if (index == poster->socket_count)
		poster->socket_count++;
	poster->sockets[index] = (struct sf_watch){.descriptor = socket,
		.wants = (what & CURL_POLL_IN ? SF_WATCH_READ : 0) |
			 (what & CURL_POLL_OUT ? SF_WATCH_WRITE : 0)};
	return 0;
}

static int note_timer(CURLM *multi, long timeout_ms, void *context)
{
	struct sf_poster *poster = context;
	(void)multi;
	poster->timer_ms = timeout_ms < 0 ? INT64_MAX : poster->now_ms + timeout_ms;
	return 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct place *place = context;
	(void)bytes;
	place->answer_size += size * count;
	/* Fewer than there were ends it: what it says is not wanted, only that it answered. */
	return place->answer_size > SF_POST_ANSWER_SIZE_MAX ? 0 : size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
	static const char name[] = "retry-after:";
	struct place *place = context;
	struct sf_view line = sf_view_of(bytes, size * count);
	while (line.size > 0 &&
		(line.data[line.size - 1] == '\n' || line.data[line.size - 1] == '\r'))
		line.size--;
	size_t start = sizeof(name) - 1;
	if (line.size <= start || line.size - start >= sizeof(place->retry_after))
		return size * count;
	for (size_t i = 0; i < start; i++) {
		uint8_t byte = line.data[i];
		if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != (uint8_t)name[i])
			return size * count;
	}
	memcpy(place->retry_after, line.data + start, line.size - start);
	place->retry_after[line.size - start] = '\0';
	return size * count;
}

enum sf_err sf_poster_open(const struct sf_poster_options *options, struct sf_poster **ret_poster)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return SF_ERR_IO;
	struct sf_poster *poster = calloc(1, sizeof(*poster));
	if (poster)
		poster->multi = curl_multi_init();
	if (poster && options->authority)
		poster->authority = strdup(options->authority);
	if (!poster || !poster->multi || (options->authority && !poster->authority)) {
		sf_poster_close(&poster);
		return SF_ERR_MEMORY;
	}
	poster->timeout_ms = options->timeout_ms;
	poster->timer_ms = INT64_MAX;
	curl_multi_setopt(poster->multi, CURLMOPT_SOCKETFUNCTION, note_socket);
	curl_multi_setopt(poster->multi, CURLMOPT_SOCKETDATA, poster);
	curl_multi_setopt(poster->multi, CURLMOPT_TIMERFUNCTION, note_timer);
	curl_multi_setopt(poster->multi, CURLMOPT_TIMERDATA, poster);
	curl_multi_setopt(poster->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)SF_POST_PLACES);
	curl_multi_setopt(poster->multi, CURLMOPT_MAXCONNECTS, (long)SF_POST_PLACES);
	*ret_poster = poster;
	return SF_OK;
}

void sf_poster_close(struct sf_poster **poster)
{
	struct sf_poster *closing = *poster;
	*poster = NULL;
	if (!closing)
		return;
	for (size_t i = 0; i < SF_POST_PLACES; i++)
		sf_poster_stop(closing, i);
	if (closing->multi)
		curl_multi_cleanup(closing->multi);
	free(closing->authority);
	free(closing);
	curl_global_cleanup();
}

static void clear(struct place *place)
{
	if (place->easy)
		curl_easy_cleanup(place->easy);
	curl_slist_free_all(place->headers);
	sf_buf_fini(&place->body);
	*place = (struct place){.easy = NULL};
}

void sf_poster_stop(struct sf_poster *poster, size_t place)
{
	if (!poster->places[place].easy)
		return;
	curl_multi_remove_handle(poster->multi, poster->places[place].easy);
	clear(&poster->places[place]);
}

/* What a receiver may not make us do: go elsewhere, wait for ever, take a proxy or less than TLS.
 */
static CURLcode set_rules(const struct sf_poster *poster, CURL *easy)
{
	CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	if (!code)
		code = curl_easy_setopt(easy, CURLOPT_PROXY, "");
	if (!code)
		code = curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	if (!code)
		code = curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	if (!code && poster->authority)
		code = curl_easy_setopt(easy, CURLOPT_CAINFO, poster->authority);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)poster->timeout_ms);
	return code;
}

static bool add_header(struct place *place, const char *header)
{
	struct curl_slist *longer = curl_slist_append(place->headers, header);
	if (longer)
		place->headers = longer;
	return longer != NULL;
}

static bool set_content(struct place *place, const struct sf_post *post)
{
	char type[128];
	int size = snprintf(type, sizeof(type), "Content-Type: %s", post->type);
	bool done = size > 0 && (size_t)size < sizeof(type) && add_header(place, type) &&
		    add_header(place, "Expect:"); /* bodies are small: no 100-continue */
	for (size_t i = 0; i < post->header_count && done; i++)
		done = add_header(place, post->headers[i]);
	sf_buf_init(&place->body, SF_POST_BODY_SIZE_MAX);
	if (!done || sf_buf_append(&place->body, post->body))
		return false;
	curl_easy_setopt(place->easy, CURLOPT_HTTPHEADER, place->headers);
	curl_easy_setopt(place->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(place->easy, CURLOPT_POSTFIELDSIZE, (long)post->body.size);
	curl_easy_setopt(place->easy, CURLOPT_POSTFIELDS, sf_buf_view(&place->body).data);
	curl_easy_setopt(place->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(place->easy, CURLOPT_WRITEDATA, place);
	curl_easy_setopt(place->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(place->easy, CURLOPT_HEADERDATA, place);
	return true;
}

enum sf_err sf_poster_start(struct sf_poster *poster, size_t index, const struct sf_post *post)
{
	SF_ASSERT(index < SF_POST_PLACES && !poster->places[index].easy);
	struct place *place = &poster->places[index];
	place->easy = curl_easy_init();
	if (!place->easy)
		return SF_ERR_MEMORY;
	if (!set_content(place, post)) {
		clear(place);
		return SF_ERR_MEMORY;
	}
	if (set_rules(poster, place->easy) ||
		curl_easy_setopt(place->easy, CURLOPT_URL, post->url) ||
		curl_multi_add_handle(poster->multi, place->easy)) {
		clear(place);
		return SF_ERR_USAGE;
	}
	return SF_OK;
}

size_t sf_poster_watch(struct sf_poster *poster, struct sf_watch *watches, size_t room)
{
	SF_ASSERT(room >= poster->socket_count);
	memcpy(watches, poster->sockets, poster->socket_count * sizeof(*watches));
	return poster->socket_count;
}

void sf_poster_handle(
	struct sf_poster *poster, const struct sf_watch *watches, size_t count, int64_t now_ms)
{
	int running;
	poster->now_ms = now_ms;
	for (size_t i = 0; i < count; i++) {
		if (watches[i].ready)
			curl_multi_socket_action(poster->multi, watches[i].descriptor,
				(watches[i].ready & SF_WATCH_READ ? CURL_CSELECT_IN : 0) |
					(watches[i].ready & SF_WATCH_WRITE ? CURL_CSELECT_OUT : 0),
				&running);
	}
	if (poster->timer_ms > now_ms)
		return;
	poster->timer_ms = INT64_MAX;
	curl_multi_socket_action(poster->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

int64_t sf_poster_wake_ms(const struct sf_poster *poster)
{
	return poster->timer_ms;
}

static enum sf_channel_fault fault_of(CURLcode code, long status, bool cut)
{
	bool taken = status >= 200 && status < 300;
	/* It said that it took it, and went on talking. */
	if (code == CURLE_WRITE_ERROR && cut)
		return taken ? SF_CHANNEL_FAULT_NONE : SF_CHANNEL_FAULT_REFUSED;
	switch ((int)code) {
	case CURLE_OK:
		return taken ? SF_CHANNEL_FAULT_NONE : SF_CHANNEL_FAULT_REFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return SF_CHANNEL_FAULT_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return SF_CHANNEL_FAULT_TIMEOUT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return SF_CHANNEL_FAULT_UNTRUSTED;
	default:
		return SF_CHANNEL_FAULT_BROKEN;
	}
}

/*
 * It will say the same of the same post again (RFC 9110 section 15.5), but for those that are about
 * the moment: 408, 425 (RFC 8470) and 429 (RFC 6585).
 */
static bool is_definite(enum sf_channel_fault fault, long status)
{
	return fault == SF_CHANNEL_FAULT_REFUSED && status >= 400 && status < 500 &&
	       status != 408 && status != 425 && status != 429;
}

bool sf_poster_take(struct sf_poster *poster, struct sf_posted *ret_posted)
{
	int left;
	const CURLMsg *message = curl_multi_info_read(poster->multi, &left);
	if (!message || message->msg != CURLMSG_DONE)
		return false;
	CURLcode code = message->data.result;
	size_t index = 0;
	while (poster->places[index].easy != message->easy_handle)
		index++;
	struct place *place = &poster->places[index];
	long status = 0;
	curl_easy_getinfo(place->easy, CURLINFO_RESPONSE_CODE, &status);
	bool cut = place->answer_size > SF_POST_ANSWER_SIZE_MAX;
	*ret_posted = (struct sf_posted){.place = index, .fault = fault_of(code, status, cut)};
	ret_posted->definite = is_definite(ret_posted->fault, status);
	memcpy(ret_posted->retry_after, place->retry_after, sizeof(place->retry_after));
	sf_poster_stop(poster, index);
	return true;
}
