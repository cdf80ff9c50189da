#include "audit/feed.h"

#include <stdlib.h>

struct sf_feed {
	uint64_t oldest;  /* cursor of the oldest row whose place is not written over */
	uint64_t visible; /* cursors below it can be read */
	uint64_t next;    /* of the next row */
	struct sf_feed_row rows[SF_FEED_ROWS_MAX]; /* row of a cursor at cursor % count */
};

enum sf_err sf_feed_open(
	int64_t opened_ms, uint64_t given, struct sf_id party, struct sf_feed **ret_feed)
{
	struct sf_feed *feed = calloc(1, sizeof(*feed));
	if (!feed)
		return SF_ERR_MEMORY;
	uint64_t by_clock = opened_ms > 0 ? (uint64_t)opened_ms << 10 : 0;
	feed->oldest = (given > by_clock ? given : by_clock) + 1;
	feed->visible = feed->next = feed->oldest;
	const struct sf_feed_row started = {
		.at_ms = opened_ms, .what = SF_FEED_STARTED, .party = party};
	sf_feed_add(feed, &started);
	sf_feed_settle(feed);
	*ret_feed = feed;
	return SF_OK;
}

void sf_feed_close(struct sf_feed **feed)
{
	free(*feed);
	*feed = NULL;
}

void sf_feed_add(struct sf_feed *feed, const struct sf_feed_row *row)
{
	struct sf_feed_row *place = &feed->rows[feed->next % SF_FEED_ROWS_MAX];
	*place = *row;
	place->cursor = feed->next++;
	place->party_name = NULL;
	place->peer_name = NULL;
	if (feed->next - feed->oldest > SF_FEED_ROWS_MAX)
		feed->oldest = feed->next - SF_FEED_ROWS_MAX;
}

struct sf_feed_row sf_feed_message(
	enum sf_feed_what what, int64_t at_ms, const struct sf_message *message)
{
	const struct sf_fact *fact = &message->fact;
	struct sf_feed_row row = {
		.at_ms = at_ms,
		.what = what,
		.message = message->id,
		.transition = message->transition,
		.party = message->author,
		.kind = fact->kind,
	};
	if (message->recipient_count > 0)
		row.peer = message->recipients[0];
	if (fact->kind == SF_KIND_STAY) {
		row.activity = fact->stay.activity;
		row.mode = fact->stay.mode;
	} else if (fact->kind == SF_KIND_OFFER) {
		row.domains = fact->offer.domains;
	} else if (fact->kind == SF_KIND_ACCEPT) {
		row.domains = fact->accept.domains;
	} else if (fact->kind == SF_KIND_ACKNOWLEDGEMENT) {
		row.message = fact->acknowledgement.message_id;
		row.ack = fact->acknowledgement.ack;
		row.code = fact->acknowledgement.code;
	}
	return row;
}

static enum sf_feed_what told_as(uint32_t kind)
{
	switch (kind) {
	case SF_KIND_EXPIRED:
		return SF_FEED_EXPIRED;
	case SF_KIND_ESCALATED:
	case SF_KIND_SILENT:
		return SF_FEED_ALARM;
	case SF_KIND_WINDOW_ENDED:
		return SF_FEED_WINDOW;
	case SF_KIND_CLOSED:
		return SF_FEED_CLOSED;
	default:
		return SF_FEED_RECORDED;
	}
}

/* Whose duty it is, and who waits for it. */
static void name_parties(const struct sf_transition *transition, const struct sf_derived *derived,
	struct sf_feed_row *row)
{
	size_t count = 0;
	const struct sf_obligation *obligations = sf_transition_obligations(transition, &count);
	for (size_t i = 0; i < count; i++) {
		if (obligations[i].clause != derived->clause ||
			!sf_id_equal(obligations[i].subject, derived->subject))
			continue;
		row->party = obligations[i].owner;
		row->peer = obligations[i].requester;
	}
}

struct sf_feed_row sf_feed_derived(
	const struct sf_transition *transition, int64_t at_ms, const struct sf_message *message)
{
	struct sf_feed_row row = sf_feed_message(told_as(message->fact.kind), at_ms, message);
	if (message->fact.kind == SF_KIND_EXPIRED || message->fact.kind == SF_KIND_ESCALATED)
		name_parties(transition, &message->fact.derived, &row);
	return row;
}

/* Who held the domain when line index was made; none at the opening. */
static struct sf_id held_before(const struct sf_ledger_line *lines, size_t index)
{
	for (size_t i = index; i > 0; i--)
		if (lines[i - 1].domain == lines[index].domain)
			return lines[i - 1].holder;
	return (struct sf_id){{0}};
}

/* Lines of one event stand last; those of one holder come as one row. */
static void add_moves(struct sf_feed *feed, const struct sf_transition *transition,
	uint64_t sequence, struct sf_feed_row row)
{
	size_t count = 0;
	const struct sf_ledger_line *lines = sf_transition_lines(transition, &count);
	sf_domain_set done = 0;
	for (size_t i = count; i > 0 && lines[i - 1].sequence == sequence; i--) {
		if (done & SF_DOMAIN_BIT(lines[i - 1].domain))
			continue;
		row.party = lines[i - 1].holder;
		row.peer = held_before(lines, i - 1);
		row.message = lines[i - 1].basis_message;
		row.domains = 0;
		for (size_t k = i; k > 0 && lines[k - 1].sequence == sequence; k--)
			if (sf_id_equal(lines[k - 1].holder, row.party))
				row.domains |= SF_DOMAIN_BIT(lines[k - 1].domain);
		done |= row.domains;
		sf_feed_add(feed, &row);
	}
}

void sf_feed_follow(struct sf_feed *feed, const struct sf_transition *transition, uint64_t sequence,
	int64_t at_ms)
{
	struct sf_feed_row row = {.at_ms = at_ms, .transition = sf_transition_id(transition)};
	size_t count = 0;
	const struct sf_ledger_offer *offers = sf_transition_offers(transition, &count);
	row.what = SF_FEED_OFFERED;
	for (size_t i = 0; i < count; i++) {
		if (offers[i].sequence != sequence)
			continue;
		row.party = offers[i].from;
		row.peer = offers[i].to;
		row.message = offers[i].id;
		row.domains = offers[i].domains;
		sf_feed_add(feed, &row);
	}
	row.what = SF_FEED_MOVED;
	add_moves(feed, transition, sequence, row);
}

void sf_feed_settle(struct sf_feed *feed)
{
	feed->visible = feed->next;
}

void sf_feed_drop(struct sf_feed *feed)
{
	feed->next = feed->visible;
	/* Old rows that the lost turn has written over stay lost. */
	if (feed->oldest > feed->visible)
		feed->oldest = feed->visible;
}

uint64_t sf_feed_oldest(const struct sf_feed *feed)
{
	return feed->oldest;
}

uint64_t sf_feed_cursor(const struct sf_feed *feed)
{
	return feed->visible - 1;
}

static size_t read_until(const struct sf_feed *feed, uint64_t end, uint64_t after, size_t count_max,
	struct sf_feed_row *ret_rows)
{
	uint64_t from = feed->oldest;
	if (after >= from && after < end)
		from = after + 1;
	size_t count = 0;
	for (uint64_t cursor = from; cursor < end && count < count_max; cursor++)
		ret_rows[count++] = feed->rows[cursor % SF_FEED_ROWS_MAX];
	return count;
}

size_t sf_feed_read(
	const struct sf_feed *feed, uint64_t after, size_t count_max, struct sf_feed_row *ret_rows)
{
	return read_until(feed, feed->visible, after, count_max, ret_rows);
}

size_t sf_feed_read_all(
	const struct sf_feed *feed, uint64_t after, size_t count_max, struct sf_feed_row *ret_rows)
{
	return read_until(feed, feed->next, after, count_max, ret_rows);
}
