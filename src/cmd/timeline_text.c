#include "cmd/timeline_text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "view/event_words.h"
#include "cmd/commands.h"
#include "cmd/print.h"
#include "core/refusal.h"

/* At one moment: what happened, then what it moved, then what fell due, then where a gap begins. */
enum entry_kind { ENTRY_EVENT, ENTRY_BAND, ENTRY_DEADLINE, ENTRY_GAP };

struct entry {
	int64_t at_ms;
	uint64_t sequence; /* of the event it belongs to; UINT64_MAX none */
	enum entry_kind kind;
	const void *item;
};

static int by_time(const void *a, const void *b)
{
	const struct entry *first = a, *second = b;
	if (first->at_ms != second->at_ms)
		return first->at_ms < second->at_ms ? -1 : 1;
	if (first->sequence != second->sequence)
		return first->sequence < second->sequence ? -1 : 1;
	return (int)first->kind - (int)second->kind;
}

static size_t collect(const struct sf_timeline *timeline, struct entry *entries)
{
	size_t count = 0;
	for (size_t i = 0; i < timeline->mark_count; i++)
		entries[count++] = (struct entry){timeline->marks[i].event->recorded_ms,
			timeline->marks[i].event->sequence, ENTRY_EVENT, &timeline->marks[i]};
	for (size_t i = 0; i < timeline->band_count; i++)
		entries[count++] = (struct entry){timeline->bands[i].from_ms,
			timeline->bands[i].sequence, ENTRY_BAND, &timeline->bands[i]};
	for (size_t i = 0; i < timeline->flag_count; i++)
		entries[count++] = (struct entry){timeline->flags[i].duty->due_ms, UINT64_MAX,
			ENTRY_DEADLINE, &timeline->flags[i]};
	for (size_t i = 0; i < timeline->gap_count; i++)
		entries[count++] = (struct entry){
			timeline->gaps[i].from_ms, UINT64_MAX, ENTRY_GAP, &timeline->gaps[i]};
	if (count > 1)
		qsort(entries, count, sizeof(*entries), by_time);
	return count;
}

static void put_lane(struct sf_table *table, const struct sf_timeline *timeline, size_t lane)
{
	sf_table_cell(table, "%s",
		lane == SF_TIMELINE_NO_LANE ? "nobody"
					    : sf_show_text(timeline->lanes[lane].name).text);
}

static void put_event(struct sf_table *table, const struct sf_timeline *timeline,
	const struct sf_timeline_mark *mark)
{
	sf_table_cell(table, "%" PRIu64, mark->event->sequence);
	put_lane(table, timeline, mark->lane);
	sf_table_cell(table, "%s", sf_event_words(timeline->show, mark->event).text);
	if (mark->code)
		sf_table_cell(table, "%s%s", mark->refused ? "refused: " : "",
			sf_refusal_text((uint16_t)mark->code));
	else if (mark->late)
		sf_table_cell(table, "told late: it was %s",
			sf_show_minute(mark->event->occurred_ms).text);
	else
		sf_table_cell(table, "%s", "");
}

static void put_band(struct sf_table *table, const struct sf_timeline *timeline,
	const struct sf_timeline_band *band)
{
	sf_table_cell(table, "%s", "");
	put_lane(table, timeline, band->lane);
	sf_table_cell(table, "holds %s", sf_domain_text(band->domain));
	sf_table_cell(table, "by %s", sf_basis_text(band->basis));
}

static void put_deadline(struct sf_table *table, const struct sf_timeline *timeline,
	const struct sf_timeline_flag *flag)
{
	const struct sf_obligation_row *duty = flag->duty;
	bool named = duty->name && duty->name[0];
	sf_table_cell(table, "%s", "");
	put_lane(table, timeline, flag->lane);
	sf_table_cell(
		table, "due: %s", sf_show_text(named ? duty->name : sf_duty_text(duty->duty)).text);
	sf_table_cell(
		table, "%s%s", flag->missed ? "missed, " : "", sf_task_state_text(duty->state));
}

static void put_gap(struct sf_table *table, const struct sf_timeline *timeline,
	const struct sf_timeline_gap *gap)
{
	sf_table_cell(table, "%s", "");
	put_lane(table, timeline, gap->lane);
	sf_table_cell(table, "gap: %s", sf_timeline_gap_text(gap->kind));
	sf_table_cell(table, "until %s", sf_show_minute(gap->until_ms).text);
}

static void put_entry(
	struct sf_table *table, const struct sf_timeline *timeline, const struct entry *entry)
{
	sf_table_cell(table, "%s", sf_show_minute(entry->at_ms).text);
	switch (entry->kind) {
	case ENTRY_EVENT:
		put_event(table, timeline, entry->item);
		break;
	case ENTRY_BAND:
		put_band(table, timeline, entry->item);
		break;
	case ENTRY_DEADLINE:
		put_deadline(table, timeline, entry->item);
		break;
	case ENTRY_GAP:
		put_gap(table, timeline, entry->item);
		break;
	}
}

int sf_timeline_text_print(FILE *out, const struct sf_timeline *timeline)
{
	static const char *const headings[] = {"TIME", "#", "WHO", "WHAT", "NOTE"};
	size_t capacity = timeline->mark_count + timeline->band_count + timeline->flag_count +
			  timeline->gap_count;
	struct entry *entries = calloc(capacity + 1, sizeof(*entries));
	if (!entries)
		return sf_exit_failed(SF_ERR_MEMORY, NULL);
	struct sf_table table;
	sf_table_begin(&table, headings, SF_COUNT(headings));
	table.width_max = SF_SCREEN_WIDTH;
	size_t count = collect(timeline, entries);
	for (size_t i = 0; i < count; i++)
		put_entry(&table, timeline, &entries[i]);
	free(entries);
	return sf_table_end(&table, out, "nothing is recorded");
}
