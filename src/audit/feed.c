#include "audit/feed.h"

#include <stdlib.h>

struct sf_feed {
	uint64_t first;   /* cursor of the first row ever */
	uint64_t visible; /* cursors below it can be read */
	uint64_t next;    /* of the next row */
	uint64_t highest; /* next, as high as it ever was: what lies a ring below is overwritten */
	struct sf_feed_row rows[SF_FEED_ROWS_MAX]; /* row of a cursor at cursor % count */
};

enum sf_err sf_feed_open(int64_t opened_ms, struct sf_feed **ret_feed)
{
	struct sf_feed *feed = calloc(1, sizeof(*feed));
	if (!feed)
		return SF_ERR_MEMORY;
	feed->first = (opened_ms > 0 ? (uint64_t)opened_ms << 10 : 0) + 1;
	feed->visible = feed->next = feed->highest = feed->first;
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
	if (feed->next > feed->highest)
		feed->highest = feed->next;
}

void sf_feed_settle(struct sf_feed *feed)
{
	feed->visible = feed->next;
}

void sf_feed_drop(struct sf_feed *feed)
{
	feed->next = feed->visible;
}

uint64_t sf_feed_cursor(const struct sf_feed *feed)
{
	return feed->visible - 1;
}

/* The oldest cursor whose row is still in the ring. */
static uint64_t oldest(const struct sf_feed *feed)
{
	uint64_t lost = feed->highest - feed->first > SF_FEED_ROWS_MAX
				? feed->highest - SF_FEED_ROWS_MAX
				: feed->first;
	return lost < feed->visible ? lost : feed->visible;
}

size_t sf_feed_read(
	const struct sf_feed *feed, uint64_t after, size_t count_max, struct sf_feed_row *ret_rows)
{
	uint64_t from = oldest(feed);
	if (after >= from && after < feed->visible)
		from = after + 1;
	size_t count = 0;
	for (uint64_t cursor = from; cursor < feed->visible && count < count_max; cursor++)
		ret_rows[count++] = feed->rows[cursor % SF_FEED_ROWS_MAX];
	return count;
}
