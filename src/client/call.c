#include "client/call.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"

#define PREFIX_SIZE ((size_t)4)
#define CHUNK_SIZE ((size_t)65536)

struct sf_client {
	struct sockaddr_un address;
	int timeout_ms;
	int descriptor; /* owned; -1 until the next call */
	struct sf_buf bytes;
};

/* Of this machine's monotonic clock: a wait must not end because somebody set the time. */
static int64_t monotonic_ms(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum sf_err unreachable(
	struct sf_diag *diag, const struct sf_client *client, const char *why)
{
	sf_diag_set(diag, "%s: %s", client->address.sun_path, why);
	return SF_ERR_UNREACHABLE;
}

/* True when events came before the deadline. */
static bool await(const struct sf_client *client, short events, int64_t until_ms)
{
	for (;;) {
		int64_t rest_ms = until_ms - monotonic_ms();
		struct pollfd fd = {.fd = client->descriptor, .events = events};
		int ready = poll(&fd, 1, rest_ms < 0 ? 0 : (int)rest_ms);
		if (ready > 0)
			return true;
		if (ready == 0 || errno != EINTR)
			return false;
	}
}

static void disconnect(struct sf_client *client)
{
	if (client->descriptor >= 0)
		close(client->descriptor);
	client->descriptor = -1;
}

static enum sf_err connect_failed(struct sf_client *client, int reason, struct sf_diag *diag)
{
	disconnect(client);
	if (reason == EACCES || reason == EPERM) {
		sf_diag_set(diag, "%s: this user may not open it", client->address.sun_path);
		return SF_ERR_AUTH;
	}
	if (reason == EAGAIN)
		return unreachable(diag, client, "too many programs wait there");
	return unreachable(diag, client, "nobody listens there; is the daemon running?");
}

static enum sf_err connect_now(struct sf_client *client, struct sf_diag *diag)
{
	client->descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client->descriptor < 0) {
		sf_diag_set(diag, "no more files can be opened");
		return SF_ERR_IO;
	}
	/* A full queue of the listener answers EAGAIN and is not pollable: try within the time. */
	int64_t until_ms = monotonic_ms() + client->timeout_ms;
	for (;;) {
		if (connect(client->descriptor, (const struct sockaddr *)&client->address,
			    sizeof(client->address)) == 0)
			return SF_OK;
		int reason = errno;
		if ((reason != EAGAIN && reason != EINTR) || monotonic_ms() >= until_ms)
			return connect_failed(client, reason, diag);
		poll(NULL, 0, 10);
	}
}

enum sf_err sf_client_open(
	const char *path, int timeout_ms, struct sf_client **ret_client, struct sf_diag *diag)
{
	size_t size = strlen(path);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (size == 0 || size >= sizeof(address.sun_path) || timeout_ms < 1) {
		sf_diag_set(diag, "a socket path has 1 to %zu bytes, a timeout at least 1 ms",
			sizeof(address.sun_path) - 1);
		return SF_ERR_CONFIG;
	}
	memcpy(address.sun_path, path, size + 1);
	struct sf_client *client = calloc(1, sizeof(*client));
	if (!client)
		return SF_ERR_MEMORY;
	client->address = address;
	client->timeout_ms = timeout_ms;
	client->descriptor = -1;
	sf_buf_init(&client->bytes, PREFIX_SIZE + SF_LOCAL_SIZE_MAX);
	enum sf_err err = connect_now(client, diag);
	if (err) {
		sf_client_close(&client);
		return err;
	}
	*ret_client = client;
	return SF_OK;
}

void sf_client_close(struct sf_client **client)
{
	struct sf_client *gone = *client;
	*client = NULL;
	if (!gone)
		return;
	disconnect(gone);
	sf_buf_fini(&gone->bytes);
	free(gone);
}

static enum sf_err write_all(struct sf_client *client, int64_t until_ms, struct sf_diag *diag)
{
	size_t written = 0;
	while (written < client->bytes.size) {
		ssize_t sent = send(client->descriptor, client->bytes.data + written,
			client->bytes.size - written, MSG_NOSIGNAL);
		if (sent >= 0)
			written += (size_t)sent;
		else if (errno != EAGAIN && errno != EINTR)
			return unreachable(diag, client, "it hung up; is this user permitted?");
		else if (!await(client, POLLOUT, until_ms))
			return unreachable(diag, client, "it did not take the request in time");
	}
	return SF_OK;
}

/* Exactly size bytes to the end of client->bytes. */
static enum sf_err read_exactly(
	struct sf_client *client, size_t size, int64_t until_ms, struct sf_diag *diag)
{
	while (size > 0) {
		size_t wanted = size < CHUNK_SIZE ? size : CHUNK_SIZE;
		size_t before = client->bytes.size;
		uint8_t *place = NULL;
		enum sf_err err = sf_buf_extend(&client->bytes, wanted, &place);
		if (err)
			return err;
		ssize_t got = recv(client->descriptor, place, wanted, 0);
		int reason = errno;
		client->bytes.size = before + (got > 0 ? (size_t)got : 0);
		if (got > 0)
			size -= (size_t)got;
		else if (got == 0 || (reason != EAGAIN && reason != EINTR))
			return unreachable(diag, client, "it hung up; is this user permitted?");
		else if (!await(client, POLLIN, until_ms))
			return unreachable(diag, client, "it did not answer in time");
	}
	return SF_OK;
}

static enum sf_err read_reply(struct sf_client *client, int64_t until_ms, struct sf_diag *diag)
{
	sf_buf_clear(&client->bytes);
	enum sf_err err = read_exactly(client, PREFIX_SIZE, until_ms, diag);
	if (err)
		return err;
	size_t size = sf_get_u32(client->bytes.data);
	if (size > SF_LOCAL_SIZE_MAX) {
		sf_diag_set(diag, "%s: the reply is larger than %zu bytes",
			client->address.sun_path, SF_LOCAL_SIZE_MAX);
		return SF_ERR_FORMAT;
	}
	sf_buf_clear(&client->bytes);
	return read_exactly(client, size, until_ms, diag);
}

/* What the request itself waits for something to happen. */
static int64_t own_wait_ms(const struct sf_request *request)
{
	uint32_t wait_ms = 0;
	if (request->kind == SF_REQUEST_INBOX)
		wait_ms = request->inbox.wait_ms;
	if (request->kind == SF_REQUEST_FEED)
		wait_ms = request->feed.wait_ms;
	return wait_ms < SF_LOCAL_WAIT_MS_MAX ? wait_ms : SF_LOCAL_WAIT_MS_MAX;
}

static enum sf_err encode(
	struct sf_client *client, const struct sf_request *request, struct sf_diag *diag)
{
	sf_buf_clear(&client->bytes);
	uint8_t *prefix = NULL;
	enum sf_err err = sf_buf_extend(&client->bytes, PREFIX_SIZE, &prefix);
	if (!err)
		err = sf_local_request_encode(request, &client->bytes);
	if (err) {
		sf_diag_set(diag, "the request cannot be made: %s", sf_err_text(err));
		return err;
	}
	sf_put_u32(client->bytes.data, (uint32_t)(client->bytes.size - PREFIX_SIZE));
	return SF_OK;
}

/* A daemon that was started anew since the last call has closed our connection. */
static void drop_stale(struct sf_client *client)
{
	uint8_t byte = 0;
	if (client->descriptor < 0)
		return;
	ssize_t got = recv(client->descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (got >= 0 || (errno != EAGAIN && errno != EINTR))
		disconnect(client);
}

enum sf_err sf_client_call(struct sf_client *client, const struct sf_request *request,
	struct sf_arena *arena, struct sf_reply *ret_reply, struct sf_diag *diag)
{
	enum sf_err err = encode(client, request, diag);
	if (err)
		return err;
	drop_stale(client);
	if (client->descriptor < 0)
		err = connect_now(client, diag);
	if (err)
		return err;
	int64_t until_ms = monotonic_ms() + client->timeout_ms + own_wait_ms(request);
	err = write_all(client, until_ms, diag);
	if (!err)
		err = read_reply(client, until_ms, diag);
	/* Half a conversation cannot be gone on with. */
	if (err)
		disconnect(client);
	if (!err)
		err = sf_local_reply_decode(sf_buf_view(&client->bytes), arena, ret_reply, diag);
	return err;
}
