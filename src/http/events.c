#include "http/events.h"

#include <stdlib.h>
#include <string.h>

#include "view/row.h"

#define KEPT_MAX ((size_t)1024)          /* events of the ring */
#define EVENT_SIZE_MAX ((size_t)4096)    /* one row: ids, words, two names of parties */
#define BACKLOG_SIZE_MAX ((size_t)65536) /* of a client that is behind */
#define SHARED_ROWS_MAX 256
#define CATCH_UP_ROWS_MAX 100
#define CATCHING_MAX ((size_t)4) /* clients that are behind and are helped at a time */
#define WAIT_MS 30000            /* of the shared long poll */
#define TICK_MS ((int64_t)1000)
#define FIRST_LINE "retry: 3000\n\n" /* a client comes back after so long */
#define HEARTBEAT ":\n\n"

/* One event as all clients get it. */
struct kept {
	uint64_t cursor;
	struct sf_buf text; /* owned */
};

struct client {
	struct client *next, *previous;
	struct sf_events *events;
	struct sf_http_call *call;
	uint64_t cursor;       /* everything up to here was given, or stands in backlog */
	struct sf_buf backlog; /* owned: first rows, rows of catching up, heartbeats */
	size_t backlog_read;
	uint64_t place;    /* of the next event in the ring; counted from the first ever kept */
	size_t place_read; /* of that event */
	bool is_behind;    /* the ring has forgotten what comes next */
	bool is_ending;    /* once the backlog was read */
	bool is_cut;       /* at once: what let it in has ended */
	struct sf_digest credential; /* what let it in, as the engine knows it */
	uint64_t catching;           /* number of the request that helps it; 0: none */
	int64_t said_ms;             /* when it was given something last */
	int64_t until_ms;
};

struct sf_events {
	struct sf_events_options options;
	struct sf_http_server *server; /* borrowed */
	struct client *clients;        /* owned */
	size_t client_count;
	size_t catching_count;
	struct kept ring[KEPT_MAX]; /* of place p at p % KEPT_MAX */
	uint64_t first, next;       /* places: the oldest kept, and the next to be made */
	uint64_t base;              /* every row behind this cursor is in the ring */
	uint64_t cursor;            /* of the last row that was shared out */
	bool is_asked;              /* the shared long poll is out */
	uint64_t next_call;
	uint64_t shared_call;
	uint64_t ended;      /* cursor: what ended up to here was heard of */
	uint64_t ended_call; /* asks what has ended; 0: it is not out */
	int64_t now_ms;
	int64_t tick_ms;
};

struct sf_events_options sf_events_options_default(void)
{
	return (struct sf_events_options){
		.client_max = 4096, .heartbeat_ms = 15000, .life_ms = 900000};
}

enum sf_err sf_events_open(const struct sf_events_options *options, struct sf_http_server *server,
	struct sf_events **ret_events)
{
	struct sf_events *events = calloc(1, sizeof(*events));
	if (!events)
		return SF_ERR_MEMORY;
	events->options = *options;
	events->server = server;
	events->next_call = SF_EVENTS_CALL;
	for (size_t i = 0; i < KEPT_MAX; i++)
		sf_buf_init(&events->ring[i].text, EVENT_SIZE_MAX);
	*ret_events = events;
	return SF_OK;
}

void sf_events_close(struct sf_events **events)
{
	if (!*events)
		return;
	SF_ASSERT((*events)->client_count == 0);
	for (size_t i = 0; i < KEPT_MAX; i++)
		sf_buf_fini(&(*events)->ring[i].text);
	free(*events);
	*events = NULL;
}

bool sf_events_full(const struct sf_events *events)
{
	return events->client_count >= events->options.client_max;
}

/* "id", "event" and "data"; JSON on one line has no line feed in it. */
static enum sf_err encode_row(const struct sf_feed_row *row, struct sf_buf *text)
{
	struct sf_json_writer writer;
	enum sf_err err =
		sf_buf_printf(text, "id: %llu\nevent: %s\ndata: ", (unsigned long long)row->cursor,
			sf_feed_text(row->what));
	if (err)
		return err;
	sf_json_writer_begin(&writer, text);
	sf_json_object(&writer, NULL);
	sf_json_feed_members(&writer, row);
	sf_json_close(&writer);
	err = sf_json_writer_end(&writer);
	return err ? err : sf_buf_append_text(text, "\n\n");
}

/* Appends rows as events, those that fit: how many. */
static size_t encode_rows(const struct sf_feed_row *rows, size_t count, struct sf_buf *text)
{
	for (size_t i = 0; i < count; i++) {
		size_t before = text->size;
		if (encode_row(&rows[i], text)) {
			text->size = before;
			return i;
		}
	}
	return count;
}

static void forget_ring(struct sf_events *events, uint64_t cursor)
{
	events->first = events->next;
	events->base = events->cursor = cursor;
}

/* Where in the ring a client at this cursor goes on; false when the ring has forgotten it. */
static bool find_place(const struct sf_events *events, uint64_t cursor, uint64_t *ret_place)
{
	if (cursor < events->base)
		return false;
	uint64_t low = events->first, high = events->next;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (events->ring[middle % KEPT_MAX].cursor <= cursor)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_place = low;
	return true;
}

/* After its backlog grew or the ring moved on. */
static void place_client(struct client *client)
{
	client->place_read = 0;
	client->is_behind = !find_place(client->events, client->cursor, &client->place);
}

static void wake(struct client *client)
{
	client->said_ms = client->events->now_ms;
	sf_http_server_wake(client->events->server, client->call);
}

/* Copies what fits of text from *read on. */
static size_t give(struct sf_view text, size_t *read, uint8_t *place, size_t room)
{
	size_t size = text.size - *read < room ? text.size - *read : room;
	if (size > 0)
		memcpy(place, text.data + *read, size);
	*read += size;
	return size;
}

static size_t give_of_ring(struct client *client, uint8_t *place, size_t room)
{
	struct sf_events *events = client->events;
	size_t size = 0;
	while (size < room && client->place < events->next) {
		/* What was begun must be ended: an event that is forgotten meanwhile is half. */
		if (client->place < events->first) {
			client->is_behind = true;
			client->is_ending = client->place_read > 0;
			break;
		}
		const struct kept *kept = &events->ring[client->place % KEPT_MAX];
		size += give(
			sf_buf_view(&kept->text), &client->place_read, place + size, room - size);
		if (client->place_read < kept->text.size)
			break;
		client->cursor = kept->cursor;
		client->place_read = 0;
		client->place++;
	}
	return size;
}

static ptrdiff_t read_client(void *self, uint8_t *place, size_t room)
{
	struct client *client = self;
	size_t size = 0;
	/* Half an event counts for nothing: it is given again to who comes back. */
	if (client->is_cut || (client->is_ending && client->place_read > 0))
		return -1;
	if (client->place_read == 0) {
		size = give(sf_buf_view(&client->backlog), &client->backlog_read, place, room);
		if (client->backlog_read == client->backlog.size && client->backlog.size > 0) {
			/* Nothing of it is kept while there is nothing to say. */
			sf_buf_fini(&client->backlog);
			client->backlog_read = 0;
		}
	}
	if (client->backlog.size == 0 && !client->is_behind && !client->is_ending)
		size += give_of_ring(client, place + size, room - size);
	if (size > 0)
		return (ptrdiff_t)size;
	return client->is_ending && client->backlog.size == 0 ? -1 : 0;
}

static void close_client(void *self)
{
	struct client *client = self;
	struct sf_events *events = client->events;
	*(client->previous ? &client->previous->next : &events->clients) = client->next;
	if (client->next)
		client->next->previous = client->previous;
	events->client_count--;
	events->catching_count -= client->catching != 0;
	sf_buf_fini(&client->backlog);
	free(client);
}

/*
 * Rows behind the cursor of this client. Cursors have holes, as the daemon keeps what matters
 * outside and forgets the rest; a cursor older than all it keeps goes on with the oldest row.
 */
static void add_rows(struct client *client, const struct sf_feed_row *rows, size_t count)
{
	/* What does not fit is asked for again when this was read. */
	size_t done = encode_rows(rows, count, &client->backlog);
	if (done > 0)
		client->cursor = rows[done - 1].cursor;
	else if (count > 0)
		client->is_ending = true;
}

bool sf_events_join(struct sf_events *events, struct sf_http_call *call,
	const struct sf_request *request, const struct sf_reply_feed *feed, int64_t now_ms)
{
	struct client *client = calloc(1, sizeof(*client));
	if (!client)
		return false;
	/* The ring of clients that are long gone is not that of this one. */
	if (events->client_count == 0)
		forget_ring(events, feed->cursor);
	events->now_ms = now_ms;
	bool comes_back = call->request.last_event_id[0] != '\0';
	*client = (struct client){.next = events->clients,
		.events = events,
		.call = call,
		.credential = sf_digest_is_none(&request->asker.token) ? request->asker.session
								       : request->asker.token,
		.cursor = comes_back ? request->feed.after : feed->cursor,
		.said_ms = now_ms,
		.until_ms = now_ms + events->options.life_ms};
	sf_buf_init(&client->backlog, BACKLOG_SIZE_MAX);
	sf_ignore(sf_buf_append_text(&client->backlog, FIRST_LINE));
	if (comes_back)
		add_rows(client, feed->rows, feed->row_count);
	place_client(client);
	if (events->clients)
		events->clients->previous = client;
	events->clients = client;
	events->client_count++;
	const struct sf_http_source source = {client, read_client, close_client, 0};
	sf_http_server_stream(events->server, call, &source);
	return true;
}

/* One that has read everything it was given and finds nothing in the ring. */
static struct client *next_behind(const struct sf_events *events)
{
	if (events->catching_count >= CATCHING_MAX)
		return NULL;
	for (struct client *client = events->clients; client; client = client->next)
		if (client->is_behind && !client->catching && !client->is_ending &&
			client->backlog.size == 0)
			return client;
	return NULL;
}

/* Who is signed out or revoked must not hear what happens next: asked as long as anybody hears. */
static bool take_ended(struct sf_events *events, uint64_t *ret_call, struct sf_request *ret_request)
{
	if (events->ended_call || events->client_count == 0)
		return false;
	*ret_call = events->ended_call = ++events->next_call;
	*ret_request = (struct sf_request){.asker = {.account = "http"},
		.kind = SF_REQUEST_ENDED,
		.ended = {.after = events->ended, .wait_ms = WAIT_MS}};
	return true;
}

static bool has_ended(const struct client *client, const struct sf_reply_ended *ended)
{
	if (ended->all)
		return true;
	for (size_t at = 0; at + SF_DIGEST_SIZE <= ended->digests.size; at += SF_DIGEST_SIZE)
		if (memcmp(ended->digests.data + at, client->credential.bytes, SF_DIGEST_SIZE) == 0)
			return true;
	return false;
}

static void cut_off_the_ended(struct sf_events *events, const struct sf_reply *reply)
{
	events->ended_call = 0;
	if (reply->err || reply->kind != SF_REPLY_ENDED)
		return;
	events->ended = reply->ended.newest;
	for (struct client *client = events->clients; client; client = client->next) {
		if (!has_ended(client, &reply->ended))
			continue;
		client->is_cut = true;
		wake(client);
	}
}

bool sf_events_take(struct sf_events *events, uint64_t *ret_call, struct sf_request *ret_request)
{
	if (take_ended(events, ret_call, ret_request))
		return true;
	struct client *client = next_behind(events);
	bool shares = !events->is_asked && events->client_count > 0;
	if (!shares && !client)
		return false;
	*ret_call = ++events->next_call;
	*ret_request = (struct sf_request){.asker = {.account = "http"}, .kind = SF_REQUEST_FEED};
	if (shares) {
		events->is_asked = true;
		events->shared_call = *ret_call;
		ret_request->feed = (struct sf_request_feed){
			.after = events->cursor, .count_max = SHARED_ROWS_MAX, .wait_ms = WAIT_MS};
		return true;
	}
	events->catching_count++;
	client->catching = *ret_call;
	ret_request->feed =
		(struct sf_request_feed){.after = client->cursor, .count_max = CATCH_UP_ROWS_MAX};
	return true;
}

static struct client *find_catching(const struct sf_events *events, uint64_t call)
{
	struct client *client = events->clients;
	while (client && client->catching != call)
		client = client->next;
	return client;
}

bool sf_events_wait(const struct sf_events *events, uint64_t call)
{
	return call == events->shared_call || call == events->ended_call
		       ? events->client_count > 0
		       : find_catching(events, call) != NULL;
}

/* The ring forgets its oldest event to keep this one. False when it cannot be kept. */
static bool keep_row(struct sf_events *events, const struct sf_feed_row *row)
{
	if (events->next - events->first == KEPT_MAX)
		events->base = events->ring[events->first++ % KEPT_MAX].cursor;
	struct kept *kept = &events->ring[events->next % KEPT_MAX];
	sf_buf_clear(&kept->text);
	if (encode_row(row, &kept->text))
		return false;
	kept->cursor = row->cursor;
	events->next++;
	events->cursor = row->cursor;
	return true;
}

static void share_rows(struct sf_events *events, const struct sf_reply *reply)
{
	events->is_asked = false;
	if (reply->err || reply->feed.row_count == 0)
		return;
	const struct sf_reply_feed *feed = &reply->feed;
	/* A question of clients that are gone may be answered with what the ring begins behind. */
	for (size_t i = 0; i < feed->row_count; i++)
		if (feed->rows[i].cursor > events->cursor && !keep_row(events, &feed->rows[i]))
			forget_ring(events, feed->rows[i].cursor);
	for (struct client *client = events->clients; client; client = client->next) {
		if (client->cursor < events->base && client->place_read == 0)
			client->is_behind = true;
		wake(client);
	}
}

void sf_events_reply(struct sf_events *events, uint64_t call, const struct sf_reply *reply)
{
	if (call == events->shared_call) {
		share_rows(events, reply);
		return;
	}
	if (call == events->ended_call) {
		cut_off_the_ended(events, reply);
		return;
	}
	struct client *client = find_catching(events, call);
	if (!client)
		return;
	client->catching = 0;
	events->catching_count--;
	if (reply->err)
		client->is_ending = true;
	else if (reply->feed.row_count > 0)
		add_rows(client, reply->feed.rows, reply->feed.row_count);
	else
		client->cursor = reply->feed.cursor;
	place_client(client);
	wake(client);
}

static void tick_client(struct client *client)
{
	const struct sf_events *events = client->events;
	if (client->until_ms <= events->now_ms && !client->is_ending) {
		client->is_ending = true;
		wake(client);
	}
	if (client->said_ms + events->options.heartbeat_ms > events->now_ms)
		return;
	if (client->backlog.size == 0 && client->place_read == 0)
		sf_ignore(sf_buf_append_text(&client->backlog, HEARTBEAT));
	wake(client);
}

void sf_events_tick(struct sf_events *events, int64_t now_ms)
{
	events->now_ms = now_ms;
	if (now_ms < events->tick_ms)
		return;
	events->tick_ms = now_ms + TICK_MS;
	for (struct client *client = events->clients; client; client = client->next)
		tick_client(client);
}

int64_t sf_events_wake_ms(const struct sf_events *events)
{
	return events->client_count > 0 ? events->tick_ms : INT64_MAX;
}
