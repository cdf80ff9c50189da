#include "local/face.h"

#include <stdlib.h>

#include "base/limits.h"
#include "wire/local.h"

struct sf_local_face {
	struct sf_server *server; /* borrowed */
	sf_local_account *account;
	struct pollfd *fds; /* owned, sf_server_poll_max of them */
};

enum sf_err sf_local_face_open(
	struct sf_server *server, sf_local_account *account, struct sf_local_face **ret_face)
{
	struct sf_local_face *face = calloc(1, sizeof(*face));
	struct pollfd *fds = calloc(sf_server_poll_max(server), sizeof(*fds));
	if (!face || !fds) {
		free(face);
		free(fds);
		return SF_ERR_MEMORY;
	}
	*face = (struct sf_local_face){.server = server, .account = account, .fds = fds};
	*ret_face = face;
	return SF_OK;
}

void sf_local_face_close(struct sf_local_face **face)
{
	if (*face)
		free((*face)->fds);
	free(*face);
	*face = NULL;
}

static size_t watch_max(void *self)
{
	const struct sf_local_face *face = self;
	return sf_server_poll_max(face->server);
}

static size_t watch(void *self, struct sf_watch *watches, size_t room)
{
	struct sf_local_face *face = self;
	SF_ASSERT(room >= sf_server_poll_max(face->server));
	size_t count = sf_server_poll(face->server, face->fds, room);
	for (size_t i = 0; i < count; i++) {
		short events = face->fds[i].events;
		watches[i] = (struct sf_watch){.descriptor = face->fds[i].fd,
			.wants = (events & POLLIN ? SF_WATCH_READ : 0) |
				 (events & POLLOUT ? SF_WATCH_WRITE : 0)};
	}
	return count;
}

/* Ready for what nobody wanted: the peer is gone. */
static short revents_of(const struct sf_watch *watch)
{
	int revents = (watch->ready & SF_WATCH_READ ? POLLIN : 0) |
		      (watch->ready & SF_WATCH_WRITE ? POLLOUT : 0);
	return (short)(watch->ready & ~watch->wants ? revents | POLLHUP : revents);
}

static void handle(void *self, const struct sf_watch *watches, size_t count, int64_t now_ms)
{
	struct sf_local_face *face = self;
	for (size_t i = 0; i < count; i++) {
		short wanted = face->fds[i].events;
		face->fds[i].revents =
			(short)(revents_of(&watches[i]) & (wanted | POLLHUP | POLLERR | POLLNVAL));
	}
	sf_server_handle(face->server, face->fds, count, now_ms);
}

/* Requests that do not become whole are looked for in every round of the loop. */
static int64_t wake_ms(void *self)
{
	(void)self;
	return INT64_MAX;
}

static void answer(struct sf_local_face *face, uint64_t connection, const struct sf_reply *reply)
{
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_LOCAL_SIZE_MAX);
	if (sf_local_reply_encode(reply, &bytes)) {
		const struct sf_reply too_large = {
			.err = SF_ERR_LIMIT, .text = "the reply is too large; ask for fewer rows"};
		sf_buf_clear(&bytes);
		sf_ignore(sf_local_reply_encode(&too_large, &bytes));
	}
	sf_server_reply(face->server, connection, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
}

/* Who asks is what the kernel says, never what the request says. */
static enum sf_err read_call(const struct sf_local_face *face, const struct sf_server_call *asked,
	struct sf_arena *arena, struct sf_request *ret_request, struct sf_diag *diag)
{
	enum sf_err err = sf_local_request_decode(asked->request, arena, ret_request, diag);
	if (err)
		return err;
	char name[SF_LOCAL_ACCOUNT_SIZE];
	face->account(asked->peer, name);
	ret_request->asker.account = sf_arena_text(arena, sf_view_text(name));
	return ret_request->asker.account ? SF_OK : SF_ERR_LIMIT;
}

static bool take(
	void *self, struct sf_arena *arena, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct sf_local_face *face = self;
	struct sf_server_call asked;
	while (sf_server_take(face->server, &asked)) {
		struct sf_diag diag = {{0}};
		enum sf_err err = read_call(face, &asked, arena, ret_request, &diag);
		if (!err) {
			*ret_call = asked.connection;
			return true;
		}
		const struct sf_reply refused = {.err = err, .text = diag.text};
		answer(face, asked.connection, &refused);
		sf_arena_clear(arena);
	}
	return false;
}

static bool waits(void *self, uint64_t call)
{
	const struct sf_local_face *face = self;
	return sf_server_connected(face->server, call);
}

static void reply_to(
	void *self, uint64_t call, const struct sf_request *request, const struct sf_reply *reply)
{
	(void)request;
	answer(self, call, reply);
}

struct sf_face sf_local_face(struct sf_local_face *face)
{
	return (struct sf_face){
		.self = face,
		.watch_max = watch_max,
		.watch = watch,
		.handle = handle,
		.wake_ms = wake_ms,
		.take = take,
		.waits = waits,
		.reply = reply_to,
	};
}
