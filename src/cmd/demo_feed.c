#include "cmd/demo.h"

#include <stdlib.h>
#include <time.h>

#include "cmd/feed_line.h"
#include "cmd/print.h"

#define ROWS_MAX ((size_t)200) /* of one daemon in one round */
#define LATE_MS 1000           /* a running recipient takes in milliseconds */

/* What an onlooker wants to read: who sent what to whom, who answered, who holds what now. */
static bool tells(const struct sf_demo_party *party, const struct sf_feed_row *row)
{
	bool own = sf_id_equal(row->party, party->id);
	switch (row->what) {
	case SF_FEED_MOVED:
	case SF_FEED_OFFERED:
	case SF_FEED_EXPIRED:
	case SF_FEED_ALARM:
	case SF_FEED_WINDOW:
	case SF_FEED_CLOSED:
		return party->role == SF_ROLE_COORDINATOR;
	case SF_FEED_RECORDED:
		return own && row->kind != SF_KIND_PARTIES && row->kind != SF_KIND_ACKNOWLEDGEMENT;
	case SF_FEED_ACKNOWLEDGED: /* where it is awaited; the coordinator has seen it too */
		return !own && party->role != SF_ROLE_COORDINATOR;
	case SF_FEED_DUPLICATE:
	case SF_FEED_QUARANTINED:
	case SF_FEED_TROUBLE:
	case SF_FEED_CONTRADICTION:
	case SF_FEED_EPOCH:
		return party->role != SF_ROLE_COORDINATOR;
	case SF_FEED_NONE:
	case SF_FEED_STARTED:
	case SF_FEED_CONNECTED:
	case SF_FEED_DISCONNECTED:
	case SF_FEED_ACCEPTED:
	case SF_FEED_SENT:
	case SF_FEED_LATE:
	case SF_FEED_TAKEN:
	case SF_FEED_RECEIVED:
	case SF_FEED_RESENT:
	case SF_FEED_DROPPED:
	case SF_FEED_HANDLED:
	case SF_FEED_DIRECTORY:
	case SF_FEED_AGREEMENT:
	case SF_FEED_ERASED:
	case SF_FEED_REPLAYED:
	case SF_FEED_RESPONSE:
	case SF_FEED_DELETED:
	case SF_FEED_ATTACHED:
		break;
	}
	return false;
}

/* One round of all daemons, so that it can be told in the order it happened. */
struct round {
	struct sf_arena arena;
	size_t count;
	struct sf_feed_row rows[SF_DEMO_PARTIES * ROWS_MAX];
};

static void collect(struct sf_demo *demo, size_t index, struct round *round)
{
	struct sf_demo_party *party = &demo->parties[index];
	const struct sf_request request = {.kind = SF_REQUEST_FEED,
		.feed = {.after = party->feed_cursor, .count_max = ROWS_MAX}};
	struct sf_reply reply;
	if (!party->client || !sf_demo_ask(demo, index, &request, &round->arena, &reply))
		return;
	for (size_t i = 0; i < reply.feed.row_count; i++) {
		const struct sf_feed_row *row = &reply.feed.rows[i];
		party->feed_cursor = row->cursor;
		if (tells(party, row))
			round->rows[round->count++] = *row;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct sf_feed_row *first = a, *second = b;
	return (first->at_ms > second->at_ms) - (first->at_ms < second->at_ms);
}

void sf_demo_print_feed(struct sf_demo *demo)
{
	struct round *round = calloc(1, sizeof(*round));
	if (!round)
		return;
	sf_arena_init(&round->arena, SF_DEMO_PARTIES * SF_LOCAL_SIZE_MAX);
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++)
		collect(demo, i, round);
	qsort(round->rows, round->count, sizeof(round->rows[0]), by_time);
	for (size_t i = 0; i < round->count; i++)
		sf_feed_line_print(demo->out, &round->rows[i]);
	fflush(demo->out);
	sf_arena_fini(&round->arena);
	free(round);
}

/* Deliveries that nobody has taken for a while: told once each, as the coordinator sees them. */
void sf_demo_print_late(struct sf_demo *demo)
{
	const struct sf_request request = {.kind = SF_REQUEST_OUTBOX,
		.outbox = {.count_max = SF_LOCAL_ROWS_MAX, .only_open = true}};
	struct sf_arena arena;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	size_t late = 0;
	const struct sf_delivery_row *oldest = NULL;
	if (sf_demo_ask(demo, 0, &request, &arena, &reply))
		for (size_t i = 0; i < reply.outbox.row_count; i++) {
			const struct sf_delivery_row *row = &reply.outbox.rows[i];
			if (row->state != SF_DELIVERY_QUEUED || now_ms - row->queued_ms < LATE_MS)
				continue;
			late++;
			if (!oldest || row->queued_ms < oldest->queued_ms)
				oldest = row;
		}
	if (oldest && late != demo->late_told) {
		fprintf(demo->out, "%s  late in delivery: %zu, since then one for %s\n",
			sf_show_clock(oldest->queued_ms).text, late, oldest->recipient_name);
	}
	demo->late_told = late;
	sf_arena_fini(&arena);
}
