#include "audit/evidence_show.h"

#include "audit/listing.h"

static void fill_event(
	struct sf_listing *listing, const struct sf_verified_event *event, struct sf_event_row *row)
{
	const struct sf_receipt *receipt = &event->receipt;
	*row = (struct sf_event_row){
		.sequence = event->sequence,
		.kind_class = receipt->kind_class,
		.outcome = receipt->outcome,
		.code = receipt->code,
		.recorded_ms = receipt->recorded_ms,
	};
	sf_listing_message(&event->header.message, row);
	row->author_name = sf_listing_name(listing, row->author);
}

enum sf_err sf_evidence_show(const struct sf_evidence_report *report, int64_t at_ms,
	struct sf_arena *arena, struct sf_reply_transition *ret_show)
{
	struct sf_listing listing = {.directory = report->directory, .arena = arena};
	struct sf_cached_transition cached = {.transition = report->transition};
	struct sf_event_row *rows = sf_arena_take_many(arena, report->event_count, sizeof(*rows));
	if (!rows)
		return SF_ERR_LIMIT;
	size_t count = 0;
	for (size_t i = 0; i < report->event_count && report->events[i].folded; i++) {
		const struct sf_verified_event *event = &report->events[i];
		cached.head = event->head;
		cached.updated_ms = event->receipt.recorded_ms;
		if (i == 0)
			cached.opened_ms = cached.updated_ms;
		fill_event(&listing, event, &rows[count++]);
	}
	struct sf_reply_transition show;
	sf_listing_show(&listing, &cached, cached.updated_ms, at_ms, &show);
	show.contacts = sf_listing_contacts(&listing, report->transition, &show.contact_count);
	show.events = rows;
	show.event_count = count;
	if (listing.full)
		return SF_ERR_LIMIT;
	*ret_show = show;
	return SF_OK;
}
