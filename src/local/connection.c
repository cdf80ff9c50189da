#include "local/connection.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK_SIZE ((size_t)65536)

void sf_connection_open(
	struct sf_connection *connection, int descriptor, uint64_t number, size_t request_size_max)
{
	*connection = (struct sf_connection){
		.state = SF_CONNECTION_READING, .descriptor = descriptor, .number = number};
	sf_buf_init(&connection->request, request_size_max);
	sf_buf_init(&connection->reply, SIZE_MAX / 2);
}

void sf_connection_close(struct sf_connection *connection)
{
	if (connection->state != SF_CONNECTION_FREE && connection->descriptor >= 0)
		close(connection->descriptor);
	sf_buf_fini(&connection->request);
	sf_buf_fini(&connection->reply);
	*connection = (struct sf_connection){.state = SF_CONNECTION_FREE, .descriptor = -1};
}

void sf_connection_hang_up(struct sf_connection *connection)
{
	if (connection->state != SF_CONNECTION_SERVED && connection->state != SF_CONNECTION_WHOLE) {
		sf_connection_close(connection);
		return;
	}
	if (connection->descriptor >= 0)
		close(connection->descriptor);
	connection->descriptor = -1;
}

size_t sf_connection_held(const struct sf_connection *connection)
{
	return connection->prefix_size == SF_PREFIX_SIZE ? connection->request_size : 0;
}

enum progress { PROGRESS_MORE, PROGRESS_WAIT, PROGRESS_END };

/* One recv into place; how many bytes came stands in ret_size. */
static enum progress receive(int descriptor, uint8_t *place, size_t size, size_t *ret_size)
{
	for (;;) {
		ssize_t got = recv(descriptor, place, size, MSG_DONTWAIT);
		if (got > 0) {
			*ret_size = (size_t)got;
			return PROGRESS_MORE;
		}
		if (got == 0)
			return PROGRESS_END;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return PROGRESS_WAIT;
		if (errno != EINTR)
			return PROGRESS_END;
	}
}

static enum progress read_prefix(struct sf_connection *connection, int64_t now_ms)
{
	size_t got = 0;
	enum progress progress =
		receive(connection->descriptor, &connection->prefix[connection->prefix_size],
			SF_PREFIX_SIZE - connection->prefix_size, &got);
	if (progress != PROGRESS_MORE)
		return progress;
	if (connection->prefix_size == 0)
		connection->since_ms = now_ms;
	connection->prefix_size += got;
	if (connection->prefix_size == SF_PREFIX_SIZE) {
		connection->request_size = sf_get_u32(connection->prefix);
		if (connection->request_size > connection->request.size_max)
			return PROGRESS_END;
	}
	return PROGRESS_MORE;
}

static enum progress read_request(struct sf_connection *connection)
{
	size_t rest = connection->request_size - connection->request.size;
	size_t wanted = rest < CHUNK_SIZE ? rest : CHUNK_SIZE;
	size_t before = connection->request.size;
	uint8_t *place = NULL;
	if (sf_buf_extend(&connection->request, wanted, &place) != SF_OK)
		return PROGRESS_END;
	size_t got = 0;
	enum progress progress = receive(connection->descriptor, place, wanted, &got);
	connection->request.size = before + got;
	return progress;
}

bool sf_connection_read(struct sf_connection *connection, size_t room, int64_t now_ms)
{
	size_t budget = 4 * CHUNK_SIZE; /* then others get their turn */
	while (connection->state == SF_CONNECTION_READING && budget > 0) {
		enum progress progress = PROGRESS_MORE;
		if (connection->prefix_size < SF_PREFIX_SIZE)
			progress = read_prefix(connection, now_ms);
		else if (connection->request_size > room)
			return true;
		else if (connection->request.size < connection->request_size)
			progress = read_request(connection);
		if (progress == PROGRESS_END)
			return false;
		if (progress == PROGRESS_WAIT)
			return true;
		if (connection->prefix_size == SF_PREFIX_SIZE &&
			connection->request.size == connection->request_size)
			connection->state = SF_CONNECTION_WHOLE;
		budget = budget > CHUNK_SIZE ? budget - CHUNK_SIZE : 0;
	}
	return true;
}

bool sf_connection_answer(struct sf_connection *connection, struct sf_view bytes)
{
	SF_ASSERT(connection->state == SF_CONNECTION_SERVED);
	if (bytes.size > UINT32_MAX ||
		sf_buf_append_u32(&connection->reply, (uint32_t)bytes.size) != SF_OK ||
		sf_buf_append(&connection->reply, bytes) != SF_OK)
		return false;
	connection->state = SF_CONNECTION_WRITING;
	return true;
}

/* The memory of a large letter is not kept for the next small question. */
static void forget(struct sf_connection *connection)
{
	connection->state = SF_CONNECTION_READING;
	connection->prefix_size = 0;
	connection->request_size = 0;
	connection->written = 0;
	connection->since_ms = 0;
	if (connection->request.capacity > CHUNK_SIZE)
		sf_buf_fini(&connection->request);
	if (connection->reply.capacity > CHUNK_SIZE)
		sf_buf_fini(&connection->reply);
	sf_buf_clear(&connection->request);
	sf_buf_clear(&connection->reply);
}

bool sf_connection_write(struct sf_connection *connection)
{
	while (connection->written < connection->reply.size) {
		ssize_t sent = send(connection->descriptor,
			connection->reply.data + connection->written,
			connection->reply.size - connection->written, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent >= 0)
			connection->written += (size_t)sent;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			return true;
		else if (errno != EINTR)
			return false;
	}
	forget(connection);
	return true;
}
