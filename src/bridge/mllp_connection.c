#include "bridge/mllp_connection.h"

#include "base/time.h"
#include "port/face.h"

#define ANSWER_SIZE_MAX ((size_t)262144)
#define READS_MAX 8 /* of one round: others have their turn */

const char *sf_mllp_trouble_code(enum sf_mllp_trouble trouble)
{
	switch (trouble) {
	case SF_MLLP_TROUBLE_GARBAGE:
		return "mllp-garbage";
	case SF_MLLP_TROUBLE_BROKEN:
		return "mllp-broken-frame";
	case SF_MLLP_TROUBLE_TOO_LARGE:
		return "mllp-too-large";
	case SF_MLLP_TROUBLE_SLOW:
		return "mllp-slow";
	case SF_MLLP_TROUBLE_HANDSHAKE:
		return "mllp-handshake";
	case SF_MLLP_TROUBLE_CROWDED:
		return "mllp-crowded";
	}
	return "mllp-unknown";
}

/* Each kind once a second: one byte can be trouble, and the log is no place for all of them. */
static void tell(struct sf_mllp_connection *connection, enum sf_mllp_trouble trouble)
{
	unsigned bit = 1u << trouble;
	if (connection->now_ms - connection->told_ms >= SF_SECOND_MS) {
		connection->told_ms = connection->now_ms;
		connection->told = 0;
	}
	if (connection->told & bit)
		return;
	connection->told |= bit;
	connection->terms->tell(connection->terms->self, trouble);
}

static struct sf_mllp_slot *slot_at(struct sf_mllp_connection *connection, size_t index)
{
	return &connection->slots[(connection->first + index) % SF_MLLP_IN_FLIGHT_MAX];
}

static void free_slot(struct sf_mllp_slot *slot)
{
	sf_buf_fini(&slot->message);
	sf_buf_fini(&slot->answer);
	*slot = (struct sf_mllp_slot){.call = 0};
}

void sf_mllp_connection_open(struct sf_mllp_connection *connection,
	const struct sf_mllp_terms *terms, const struct sf_stream *stream, int64_t now_ms)
{
	*connection = (struct sf_mllp_connection){.terms = terms,
		.stream = *stream,
		.open = true,
		.may_take = true,
		.told_ms = now_ms};
	sf_mllp_init(&connection->mllp, terms->message_size_max);
	if (!stream->greeted)
		connection->since_ms = now_ms;
}

void sf_mllp_connection_close(struct sf_mllp_connection *connection)
{
	if (!connection->open)
		return;
	sf_stream_close(&connection->stream);
	sf_mllp_fini(&connection->mllp);
	for (size_t i = 0; i < connection->count; i++)
		free_slot(slot_at(connection, i));
	connection->open = false;
}

/* What nobody has taken is dropped: without an acknowledgement its sender sends it again. */
static void lose_peer(struct sf_mllp_connection *connection)
{
	sf_stream_close(&connection->stream);
	while (connection->count > 0 &&
		slot_at(connection, connection->count - 1)->state == SF_MLLP_SLOT_WAITING)
		free_slot(slot_at(connection, --connection->count));
	if (connection->taken == 0)
		sf_mllp_connection_close(connection);
}

static bool has_room(const struct sf_mllp_connection *connection)
{
	return connection->count < SF_MLLP_IN_FLIGHT_MAX;
}

static const struct sf_mllp_slot *first_slot(const struct sf_mllp_connection *connection)
{
	return connection->count > 0 ? &connection->slots[connection->first] : NULL;
}

static bool has_answer(const struct sf_mllp_connection *connection)
{
	const struct sf_mllp_slot *slot = first_slot(connection);
	return slot && slot->state == SF_MLLP_SLOT_ANSWERED;
}

unsigned sf_mllp_connection_wants(const struct sf_mllp_connection *connection)
{
	const struct sf_stream *stream = &connection->stream;
	if (!connection->open || stream->descriptor < 0)
		return 0;
	if (!stream->greeted)
		return stream->wants_write ? SF_WATCH_WRITE : SF_WATCH_READ;
	return (has_room(connection) && !connection->ended ? SF_WATCH_READ : 0) |
	       (has_answer(connection) ? SF_WATCH_WRITE : 0);
}

bool sf_mllp_connection_is_ready(const struct sf_mllp_connection *connection)
{
	bool more = connection->held > connection->used || sf_stream_has_more(&connection->stream);
	return connection->open && connection->stream.descriptor >= 0 && more &&
	       has_room(connection);
}

/* The frame's own buffer becomes the message's: nothing is copied. */
static void keep_message(struct sf_mllp_connection *connection)
{
	struct sf_mllp_slot *slot = slot_at(connection, connection->count++);
	*slot = (struct sf_mllp_slot){
		.state = SF_MLLP_SLOT_WAITING, .message = connection->mllp.message};
	sf_buf_init(&slot->answer, ANSWER_SIZE_MAX);
	sf_buf_init(&connection->mllp.message, connection->terms->message_size_max);
}

static void look_at_bytes(struct sf_mllp_connection *connection)
{
	while (connection->used < connection->held && has_room(connection)) {
		size_t used;
		struct sf_view rest = sf_view_of(
			connection->bytes + connection->used, connection->held - connection->used);
		enum sf_mllp_event event = sf_mllp_feed(&connection->mllp, rest, &used);
		connection->used += used;
		switch (event) {
		case SF_MLLP_MORE:
			break;
		case SF_MLLP_MESSAGE:
			keep_message(connection);
			break;
		case SF_MLLP_GARBAGE:
			tell(connection, SF_MLLP_TROUBLE_GARBAGE);
			break;
		case SF_MLLP_BROKEN:
			tell(connection, SF_MLLP_TROUBLE_BROKEN);
			break;
		case SF_MLLP_TOO_LARGE:
			tell(connection, SF_MLLP_TROUBLE_TOO_LARGE);
			break;
		}
	}
}

/* False when the peer is gone. */
static bool read_some(struct sf_mllp_connection *connection)
{
	look_at_bytes(connection);
	for (size_t i = 0; i < READS_MAX && has_room(connection) && !connection->ended; i++) {
		size_t size = 0;
		enum sf_err err = sf_stream_read(
			&connection->stream, connection->bytes, sizeof(connection->bytes), &size);
		if (err == SF_ERR_AGAIN)
			return true;
		if (err == SF_ERR_NOT_FOUND) {
			connection->ended = true;
			return true;
		}
		if (err) {
			if (err == SF_ERR_AUTH)
				tell(connection, SF_MLLP_TROUBLE_HANDSHAKE);
			return false;
		}
		connection->held = size;
		connection->used = 0;
		look_at_bytes(connection);
	}
	return true;
}

static void drop_first(struct sf_mllp_connection *connection)
{
	free_slot(slot_at(connection, 0));
	connection->first = (connection->first + 1) % SF_MLLP_IN_FLIGHT_MAX;
	connection->count--;
	connection->written = 0;
}

/* In the order of the messages: an answer waits for those before it. False: the peer is gone. */
static bool write_some(struct sf_mllp_connection *connection)
{
	while (has_answer(connection)) {
		struct sf_view answer = sf_buf_view(&slot_at(connection, 0)->answer);
		while (connection->written < answer.size) {
			size_t size = 0;
			struct sf_view rest = sf_view_of(answer.data + connection->written,
				answer.size - connection->written);
			enum sf_err err = sf_stream_write(&connection->stream, rest, &size);
			if (err)
				return err == SF_ERR_AGAIN;
			connection->written += size;
		}
		drop_first(connection);
	}
	return true;
}

/* A peer that has begun something and does not end it keeps no place. */
static bool is_late(struct sf_mllp_connection *connection, int64_t now_ms)
{
	bool half = !connection->stream.greeted || sf_mllp_is_half(&connection->mllp) ||
		    has_answer(connection);
	if (!half)
		connection->since_ms = 0;
	else if (connection->since_ms == 0)
		connection->since_ms = now_ms;
	return half && now_ms - connection->since_ms > connection->terms->half_message_ms;
}

void sf_mllp_connection_handle(struct sf_mllp_connection *connection, int64_t now_ms)
{
	if (!connection->open || connection->stream.descriptor < 0)
		return;
	connection->now_ms = now_ms;
	size_t before = connection->count;
	if (!write_some(connection) || !read_some(connection)) {
		lose_peer(connection);
		return;
	}
	/* A sender whose messages come whole may take as long as it likes over all of them. */
	if (connection->count != before)
		connection->since_ms = 0;
	connection->may_take = connection->taken == 0;
	if (is_late(connection, now_ms)) {
		tell(connection, SF_MLLP_TROUBLE_SLOW);
		lose_peer(connection);
	} else if (connection->ended && connection->count == 0) {
		sf_mllp_connection_close(connection);
	}
}

const struct sf_buf *sf_mllp_connection_take(struct sf_mllp_connection *connection, uint64_t call)
{
	if (!connection->open || !connection->may_take)
		return NULL;
	for (size_t i = 0; i < connection->count; i++) {
		struct sf_mllp_slot *slot = slot_at(connection, i);
		if (slot->state != SF_MLLP_SLOT_WAITING)
			continue;
		slot->state = SF_MLLP_SLOT_TAKEN;
		slot->call = call;
		connection->taken++;
		return &slot->message;
	}
	return NULL;
}

static struct sf_mllp_slot *slot_of(struct sf_mllp_connection *connection, uint64_t call)
{
	for (size_t i = 0; connection->open && i < connection->count; i++) {
		struct sf_mllp_slot *slot = slot_at(connection, i);
		if (slot->state == SF_MLLP_SLOT_TAKEN && slot->call == call)
			return slot;
	}
	return NULL;
}

const struct sf_buf *sf_mllp_connection_message(
	const struct sf_mllp_connection *connection, uint64_t call)
{
	for (size_t i = 0; connection->open && i < SF_MLLP_IN_FLIGHT_MAX; i++)
		if (connection->slots[i].state == SF_MLLP_SLOT_TAKEN &&
			connection->slots[i].call == call)
			return &connection->slots[i].message;
	return NULL;
}

bool sf_mllp_connection_answer(
	struct sf_mllp_connection *connection, uint64_t call, struct sf_view answer)
{
	struct sf_mllp_slot *slot = slot_of(connection, call);
	if (!slot)
		return false;
	slot->state = SF_MLLP_SLOT_ANSWERED;
	connection->taken--;
	bool framed = answer.size == 0 || sf_mllp_frame(answer, &slot->answer) == SF_OK;
	if (!framed || connection->stream.descriptor < 0) {
		/* Without memory for it the sender gets no word, and asks again. */
		lose_peer(connection);
		return true;
	}
	if (!write_some(connection))
		lose_peer(connection);
	return true;
}
