#include "cmd/demo.h"

#include <string.h>
#include <time.h>

static void print_time(FILE *out, int64_t at_ms)
{
	time_t seconds = (time_t)(at_ms / 1000);
	struct tm parts;
	char text[16];
	if (localtime_r(&seconds, &parts) && strftime(text, sizeof(text), "%H:%M:%S", &parts))
		fprintf(out, "%s.%03d  ", text, (int)(at_ms % 1000));
}

static void print_domains(FILE *out, sf_domain_set domains)
{
	const char *between = "";
	for (enum sf_domain domain = SF_DOMAIN_MEDICAL; domain < SF_DOMAIN_COUNT; domain++)
		if (domains & SF_DOMAIN_BIT(domain)) {
			fprintf(out, "%s%s", between, sf_domain_text(domain));
			between = ", ";
		}
}

/* What a row is about: the activity of a stay, else the kind of fact. */
static const char *subject(const struct sf_feed_row *row)
{
	return row->activity ? sf_activity_text(row->activity) : sf_kind_text(row->kind);
}

static void print_moved(FILE *out, const struct sf_feed_row *row)
{
	fprintf(out, "%-22s now holds ", row->peer_name[0] ? row->peer_name : row->party_name);
	print_domains(out, row->domains);
}

static void print_way(FILE *out, const struct sf_feed_row *row, const char *what)
{
	fprintf(out, "%-22s > %-22s %-16s %s", row->party_name, row->peer_name, subject(row), what);
}

/* One line a row that people care about; false for the rest. */
static bool print_row(FILE *out, const struct sf_feed_row *row)
{
	switch (row->what) {
	case SF_FEED_RECORDED:
		print_time(out, row->at_ms);
		print_way(out, row, row->outcome == SF_OUTCOME_REFUSED ? "refused: " : "sent");
		if (row->outcome == SF_OUTCOME_REFUSED)
			fprintf(out, "%s", sf_refusal_text((uint16_t)row->code));
		return true;
	case SF_FEED_ACKNOWLEDGED:
		print_time(out, row->at_ms);
		print_way(out, row, "acknowledged ");
		fprintf(out, "%s", sf_ack_text(row->ack));
		return true;
	case SF_FEED_DUPLICATE:
		print_time(out, row->at_ms);
		print_way(out, row, "came twice, answered as before");
		return true;
	case SF_FEED_OFFERED:
		print_time(out, row->at_ms);
		fprintf(out, "%-22s > %-22s offers ", row->party_name, row->peer_name);
		print_domains(out, row->domains);
		return true;
	case SF_FEED_MOVED:
		print_time(out, row->at_ms);
		print_moved(out, row);
		return true;
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
	case SF_FEED_QUARANTINED:
	case SF_FEED_DROPPED:
	case SF_FEED_HANDLED:
	case SF_FEED_DIRECTORY:
	case SF_FEED_TROUBLE:
		break;
	}
	return false;
}

/* Each event is told once: letters by their sender, moves and offers by the coordinator. */
static bool tells(const struct sf_demo_party *party, const struct sf_feed_row *row)
{
	bool shared = row->what == SF_FEED_MOVED || row->what == SF_FEED_OFFERED;
	if (party->role == SF_ROLE_COORDINATOR)
		return shared;
	return !shared && row->kind != SF_KIND_ACKNOWLEDGEMENT &&
	       sf_id_equal(row->party, party->id);
}

static void print_party(struct sf_demo *demo, size_t index)
{
	struct sf_demo_party *party = &demo->parties[index];
	const struct sf_request request = {
		.kind = SF_REQUEST_FEED, .feed = {.after = party->feed_cursor, .count_max = 200}};
	struct sf_arena arena;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	if (party->client && sf_demo_ask(demo, index, &request, &arena, &reply)) {
		for (size_t i = 0; i < reply.feed.row_count; i++) {
			const struct sf_feed_row *row = &reply.feed.rows[i];
			party->feed_cursor = row->cursor;
			if (tells(party, row) && print_row(demo->out, row))
				fputc('\n', demo->out);
		}
	}
	sf_arena_fini(&arena);
}

/* Deliveries that nobody has taken for a while: told once each, as the coordinator sees them. */
void sf_demo_print_late(struct sf_demo *demo)
{
	const struct sf_request request = {.kind = SF_REQUEST_OUTBOX,
		.outbox = {.count_max = SF_LOCAL_ROWS_MAX, .only_open = true}};
	struct sf_arena arena;
	sf_arena_init(&arena, SF_LOCAL_SIZE_MAX);
	struct sf_reply reply;
	size_t late = 0;
	const struct sf_delivery_row *oldest = NULL;
	if (sf_demo_ask(demo, 0, &request, &arena, &reply))
		for (size_t i = 0; i < reply.outbox.row_count; i++) {
			const struct sf_delivery_row *row = &reply.outbox.rows[i];
			if (row->state != SF_DELIVERY_QUEUED)
				continue;
			late++;
			if (!oldest || row->queued_ms < oldest->queued_ms)
				oldest = row;
		}
	if (oldest && late != demo->late_told) {
		print_time(demo->out, oldest->queued_ms);
		fprintf(demo->out, "late in delivery: %zu waiting since then, for %s\n", late,
			oldest->recipient_name);
	}
	demo->late_told = late;
	sf_arena_fini(&arena);
}

void sf_demo_print_feed(struct sf_demo *demo)
{
	for (size_t i = 0; i < SF_DEMO_PARTIES; i++)
		print_party(demo, i);
	fflush(demo->out);
}
