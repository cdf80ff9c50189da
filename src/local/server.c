#include "local/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "local/connection.h"

#define CONNECTION_MAX_DEFAULT ((size_t)64)
#define HALF_REQUEST_MS_DEFAULT ((int64_t)30000)
#define REST_MS ((int64_t)1000)
#define LISTENER SIZE_MAX /* in polled: not a connection */

struct sf_server {
	struct sf_server_options options; /* path owned */
	char *path;                       /* owned */
	int listener;                     /* owned */
	dev_t device;                     /* of the socket file, to know it again */
	ino_t inode;
	struct sf_connection *connections; /* owned, connection_max of them */
	size_t *polled;                    /* owned: whose each pollfd is */
	size_t polled_count;
	uint64_t next_number;
	bool resting; /* no descriptors left: who knocks waits until rest_until_ms */
	int64_t rest_until_ms;
	size_t next_take; /* where take goes on, so that each gets its turn */
};

struct sf_server_options sf_server_options_default(const char *path)
{
	return (struct sf_server_options){
		.path = path,
		.mode = 0600,
		.connection_max = CONNECTION_MAX_DEFAULT,
		.request_size_max = SF_LOCAL_SIZE_MAX,
		.bytes_max = 4 * SF_LOCAL_SIZE_MAX,
		.half_request_ms = HALF_REQUEST_MS_DEFAULT,
	};
}

static void remember_file(struct sf_server *server)
{
	struct stat status;
	if (lstat(server->path, &status) == 0) {
		server->device = status.st_dev;
		server->inode = status.st_ino;
	}
}

enum sf_err sf_server_open(const struct sf_server_options *options, struct sf_server **ret_server,
	struct sf_diag *diag)
{
	if (options->connection_max == 0 || options->request_size_max > options->bytes_max) {
		sf_diag_set(diag, "the limits of the local socket leave no room for a request");
		return SF_ERR_CONFIG;
	}
	struct sf_server *server = calloc(1, sizeof(*server));
	if (!server)
		return SF_ERR_MEMORY;
	server->options = *options;
	server->listener = -1;
	server->next_number = 1;
	server->path = strdup(options->path);
	server->options.path = server->path;
	server->connections = calloc(options->connection_max, sizeof(*server->connections));
	server->polled = calloc(options->connection_max + 1, sizeof(*server->polled));
	enum sf_err err = SF_ERR_MEMORY;
	if (server->path && server->connections && server->polled)
		err = sf_local_listen(server->path, options->mode, &server->listener, diag);
	if (err) {
		sf_server_close(&server);
		return err;
	}
	remember_file(server);
	*ret_server = server;
	return SF_OK;
}

void sf_server_close(struct sf_server **server)
{
	struct sf_server *gone = *server;
	*server = NULL;
	if (!gone)
		return;
	for (size_t i = 0; gone->connections && i < gone->options.connection_max; i++)
		sf_connection_close(&gone->connections[i]);
	struct stat status;
	if (gone->listener >= 0) {
		close(gone->listener);
		if (lstat(gone->path, &status) == 0 && status.st_ino == gone->inode &&
			status.st_dev == gone->device)
			unlink(gone->path);
	}
	free(gone->connections);
	free(gone->polled);
	free(gone->path);
	free(gone);
}

/* Announced bytes of all connections but one. */
static size_t held_by_others(const struct sf_server *server, const struct sf_connection *except)
{
	size_t held = 0;
	for (size_t i = 0; i < server->options.connection_max; i++) {
		const struct sf_connection *connection = &server->connections[i];
		/* What has not begun waits for room; it holds nothing yet. */
		if (connection != except && connection->request.size > 0)
			held += sf_connection_held(connection);
	}
	return held;
}

static size_t room_for(const struct sf_server *server, const struct sf_connection *connection)
{
	size_t held = held_by_others(server, connection);
	size_t bytes_max = server->options.bytes_max;
	return held < bytes_max ? bytes_max - held : 0;
}

static struct sf_connection *free_slot(struct sf_server *server)
{
	for (size_t i = 0; i < server->options.connection_max; i++) {
		if (server->connections[i].state == SF_CONNECTION_FREE)
			return &server->connections[i];
	}
	return NULL;
}

/*
 * What to wait for on a connection. One that is being served waits for nothing but the peer's
 * going, which poll always tells.
 */
static short events_of(const struct sf_server *server, const struct sf_connection *connection)
{
	if (connection->state == SF_CONNECTION_WRITING)
		return POLLOUT;
	if (connection->state != SF_CONNECTION_READING)
		return 0;
	return sf_connection_held(connection) <= room_for(server, connection) ? POLLIN : 0;
}

size_t sf_server_poll_max(const struct sf_server *server)
{
	return server->options.connection_max + 1;
}

size_t sf_server_poll(struct sf_server *server, struct pollfd *fds, size_t room)
{
	SF_ASSERT(room >= sf_server_poll_max(server));
	size_t count = 0;
	if (free_slot(server) && !server->resting) {
		fds[count] = (struct pollfd){.fd = server->listener, .events = POLLIN};
		server->polled[count++] = LISTENER;
	}
	for (size_t i = 0; i < server->options.connection_max; i++) {
		const struct sf_connection *connection = &server->connections[i];
		if (connection->state == SF_CONNECTION_FREE || connection->descriptor < 0)
			continue;
		fds[count] = (struct pollfd){
			.fd = connection->descriptor, .events = events_of(server, connection)};
		server->polled[count++] = i;
	}
	server->polled_count = count;
	return count;
}

/* Out of descriptors, the listener stays readable: polling it at once again would spin. */
static void accept_all(struct sf_server *server, int64_t now_ms)
{
	struct sf_connection *slot = NULL;
	while ((slot = free_slot(server)) != NULL) {
		int descriptor =
			accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (descriptor < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (descriptor < 0) {
			server->resting = errno != EAGAIN && errno != EWOULDBLOCK;
			server->rest_until_ms = now_ms + REST_MS;
			return;
		}
		uid_t peer;
		if (!sf_local_permits(&server->options.allow, descriptor, &peer)) {
			close(descriptor);
			continue;
		}
		sf_connection_open(
			slot, descriptor, server->next_number++, server->options.request_size_max);
		slot->peer = peer;
	}
}

static void handle_connection(
	struct sf_server *server, struct sf_connection *connection, short events, int64_t now_ms)
{
	bool stays = true;
	if (connection->state == SF_CONNECTION_READING && (events & POLLIN))
		stays = sf_connection_read(connection, room_for(server, connection), now_ms);
	else if (connection->state == SF_CONNECTION_WRITING && (events & POLLOUT))
		stays = sf_connection_write(connection);
	else if (events & (POLLHUP | POLLERR | POLLNVAL))
		stays = false;
	if (!stays)
		sf_connection_hang_up(connection);
}

static void cut_off_the_slow(struct sf_server *server, int64_t now_ms)
{
	for (size_t i = 0; i < server->options.connection_max; i++) {
		struct sf_connection *connection = &server->connections[i];
		if (connection->state == SF_CONNECTION_READING && connection->prefix_size > 0 &&
			now_ms - connection->since_ms > server->options.half_request_ms)
			sf_connection_hang_up(connection);
	}
}

void sf_server_handle(
	struct sf_server *server, const struct pollfd *fds, size_t count, int64_t now_ms)
{
	SF_ASSERT(count == server->polled_count);
	bool knock = false;
	for (size_t i = 0; i < count; i++) {
		if (fds[i].revents == 0)
			continue;
		if (server->polled[i] == LISTENER) {
			knock = true;
			continue;
		}
		/* A reply since the poll may have cost the connection; its slot may be another's.
		 */
		struct sf_connection *connection = &server->connections[server->polled[i]];
		if (connection->state != SF_CONNECTION_FREE && connection->descriptor == fds[i].fd)
			handle_connection(server, connection, fds[i].revents, now_ms);
	}
	cut_off_the_slow(server, now_ms);
	if (server->resting && now_ms >= server->rest_until_ms)
		server->resting = false;
	if (knock)
		accept_all(server, now_ms);
}

bool sf_server_take(struct sf_server *server, struct sf_server_call *ret_call)
{
	for (size_t i = 0; i < server->options.connection_max; i++) {
		size_t place = (server->next_take + i) % server->options.connection_max;
		struct sf_connection *connection = &server->connections[place];
		if (connection->state != SF_CONNECTION_WHOLE)
			continue;
		connection->state = SF_CONNECTION_SERVED;
		server->next_take = place + 1;
		*ret_call = (struct sf_server_call){
			.connection = connection->number,
			.peer = connection->peer,
			.request = sf_buf_view(&connection->request),
		};
		return true;
	}
	return false;
}

static struct sf_connection *find(const struct sf_server *server, uint64_t number)
{
	for (size_t i = 0; i < server->options.connection_max; i++) {
		struct sf_connection *connection = &server->connections[i];
		if (connection->state != SF_CONNECTION_FREE && connection->number == number)
			return connection;
	}
	return NULL;
}

bool sf_server_connected(const struct sf_server *server, uint64_t connection)
{
	const struct sf_connection *found = find(server, connection);
	return found && found->descriptor >= 0;
}

void sf_server_reply(struct sf_server *server, uint64_t connection, struct sf_view bytes)
{
	struct sf_connection *found = find(server, connection);
	if (!found || found->state != SF_CONNECTION_SERVED)
		return;
	if (found->descriptor < 0 || !sf_connection_answer(found, bytes) ||
		!sf_connection_write(found))
		sf_connection_close(found);
}

size_t sf_server_connection_count(const struct sf_server *server)
{
	size_t count = 0;
	for (size_t i = 0; i < server->options.connection_max; i++)
		count += server->connections[i].state != SF_CONNECTION_FREE;
	return count;
}

size_t sf_server_pending_count(const struct sf_server *server)
{
	size_t count = 0;
	for (size_t i = 0; i < server->options.connection_max; i++)
		count += server->connections[i].state == SF_CONNECTION_SERVED;
	return count;
}
