#include "timeline/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

const char *sf_timeline_gap_text(enum sf_timeline_gap_kind kind)
{
	switch (kind) {
#define X(name, value, text)                                                                       \
	case name:                                                                                 \
		return text;
		SF_TIMELINE_GAP_LIST(X)
#undef X
	case SF_TIMELINE_GAP_NONE:
		break;
	}
	return "none";
}

struct making {
	const struct sf_reply_transition *show;
	struct sf_timeline *timeline;
	struct sf_timeline_lane *lanes;
	struct sf_timeline_gap *gaps;
	size_t lane_capacity;
};

/* Roles in the order of the patient's way; recipients without a role come behind them. */
static unsigned order_of(const struct sf_timeline_lane *lane)
{
	if (sf_id_is_none(lane->party))
		return 1000;
	return lane->role == SF_ROLE_NONE ? 900 : (unsigned)lane->role;
}

static int by_order(const void *a, const void *b)
{
	const struct sf_timeline_lane *first = a, *second = b;
	unsigned before = order_of(first), after = order_of(second);
	return before != after ? (before < after ? -1 : 1)
			       : memcmp(first->party.bytes, second->party.bytes, SF_ID_SIZE);
}

static size_t find_lane(const struct sf_timeline *timeline, struct sf_id party)
{
	for (size_t i = 0; i < timeline->lane_count; i++)
		if (sf_id_equal(timeline->lanes[i].party, party))
			return i;
	return SF_TIMELINE_NO_LANE;
}

static void add_lane(struct making *making, struct sf_id party, const char *name, enum sf_role role)
{
	struct sf_timeline *timeline = making->timeline;
	size_t known = find_lane(timeline, party);
	if (known != SF_TIMELINE_NO_LANE || timeline->lane_count == making->lane_capacity)
		return;
	making->lanes[timeline->lane_count++] =
		(struct sf_timeline_lane){party, name ? name : "", role};
}

static bool is_of_time(const struct sf_event_row *event)
{
	return event->kind_class == SF_CLASS_DERIVED || event->kind_class == SF_CLASS_STATEMENT;
}

/* Members first, so that a party has its role; then whoever else held, owed or said something. */
static void add_lanes(struct making *making)
{
	const struct sf_reply_transition *show = making->show;
	bool time = false;
	for (size_t i = 0; i < show->member_count; i++)
		if (!sf_id_is_none(show->members[i].party))
			add_lane(making, show->members[i].party, show->members[i].name,
				show->members[i].role);
	for (size_t i = 0; i < show->line_count; i++)
		if (!sf_id_is_none(show->lines[i].holder))
			add_lane(making, show->lines[i].holder, show->lines[i].holder_name,
				SF_ROLE_NONE);
	for (size_t i = 0; i < show->event_count; i++) {
		if (is_of_time(&show->events[i]))
			time = true;
		else
			add_lane(making, show->events[i].author, show->events[i].author_name,
				SF_ROLE_NONE);
	}
	if (time)
		add_lane(making, (struct sf_id){{0}}, "time", SF_ROLE_NONE);
	if (making->timeline->lane_count > 1)
		qsort(making->lanes, making->timeline->lane_count, sizeof(*making->lanes),
			by_order);
}

static void stretch(struct sf_timeline *timeline, int64_t time_ms)
{
	if (time_ms <= 0 || time_ms == SF_NEVER_MS)
		return;
	if (timeline->from_ms == 0 || time_ms < timeline->from_ms)
		timeline->from_ms = time_ms;
	if (time_ms > timeline->until_ms)
		timeline->until_ms = time_ms;
}

static void add_bands(struct making *making, struct sf_timeline_band *bands)
{
	const struct sf_reply_transition *show = making->show;
	struct sf_timeline *timeline = making->timeline;
	for (size_t i = 0; i < show->line_count; i++) {
		const struct sf_line_row *line = &show->lines[i];
		size_t lane = find_lane(timeline, line->holder);
		bool stands = line->until_ms == SF_LEDGER_OPEN;
		if (lane == SF_TIMELINE_NO_LANE || line->until_ms == line->from_ms)
			continue;
		bands[timeline->band_count++] = (struct sf_timeline_band){
			.domain = line->domain,
			.lane = lane,
			.from_ms = line->from_ms,
			.until_ms = stands ? timeline->until_ms : line->until_ms,
			.stands = stands,
			.basis = line->basis,
			.sequence = line->sequence,
		};
	}
}

static uint32_t newest_deviation(const struct sf_reply_transition *show, uint64_t sequence)
{
	uint32_t code = 0;
	for (size_t i = 0; i < show->deviation_count; i++)
		if (show->deviations[i].sequence == sequence)
			code = show->deviations[i].code;
	return code;
}

static bool is_late_by_rule(uint32_t code)
{
	return code == SF_DEVIATION_LATE_FACT || code == SF_DEVIATION_LATE ||
	       code == SF_DEVIATION_LATE_CHANGE;
}

static void add_marks(struct making *making, struct sf_timeline_mark *marks)
{
	const struct sf_reply_transition *show = making->show;
	struct sf_timeline *timeline = making->timeline;
	for (size_t i = 0; i < show->event_count; i++) {
		const struct sf_event_row *event = &show->events[i];
		bool time = is_of_time(event);
		bool refused = event->outcome == SF_OUTCOME_REFUSED;
		uint32_t code = newest_deviation(show, event->sequence);
		if (code == 0 && event->outcome != SF_OUTCOME_APPLIED)
			code = event->code;
		int64_t told_ms = event->recorded_ms - event->occurred_ms;
		marks[timeline->mark_count++] = (struct sf_timeline_mark){
			.event = event,
			.lane = find_lane(timeline, time ? (struct sf_id){{0}} : event->author),
			.refused = refused,
			.deviates = !refused && code != 0,
			.late = is_late_by_rule(code) ||
				(!time && event->occurred_ms > 0 && told_ms > SF_TIMELINE_LATE_MS),
			.code = code,
		};
	}
}

static int by_deadline(const void *a, const void *b)
{
	const struct sf_timeline_flag *first = a, *second = b;
	return first->duty->due_ms < second->duty->due_ms   ? -1
	       : first->duty->due_ms > second->duty->due_ms ? 1
							    : 0;
}

static void add_flags(struct making *making, struct sf_timeline_flag *flags)
{
	const struct sf_reply_transition *show = making->show;
	struct sf_timeline *timeline = making->timeline;
	for (size_t i = 0; i < show->obligation_count; i++) {
		const struct sf_obligation_row *duty = &show->obligations[i];
		if (duty->due_ms == SF_NEVER_MS || duty->due_ms <= 0)
			continue;
		flags[timeline->flag_count++] = (struct sf_timeline_flag){
			.duty = duty,
			.lane = sf_id_is_none(duty->owner) ? SF_TIMELINE_NO_LANE
							   : find_lane(timeline, duty->owner),
			.missed = duty->expired_ms > 0 ||
				  (!duty->open && duty->since_ms > duty->due_ms),
			.open = duty->open,
			.ended_ms = duty->open ? 0 : duty->since_ms,
		};
	}
	if (timeline->flag_count > 1)
		qsort(flags, timeline->flag_count, sizeof(*flags), by_deadline);
}

static void add_windows(struct making *making, struct sf_timeline_window *windows)
{
	const struct sf_reply_transition *show = making->show;
	struct sf_timeline *timeline = making->timeline;
	for (size_t i = 0; i < show->window_count; i++) {
		const struct sf_window_row *row = &show->windows[i];
		size_t lane = find_lane(timeline, row->holder);
		if (lane == SF_TIMELINE_NO_LANE || row->until_ms <= row->from_ms)
			continue;
		windows[timeline->window_count++] = (struct sf_timeline_window){
			.lane = lane,
			.domain = row->domain,
			.name = row->name,
			.citation = row->citation,
			.from_ms = row->from_ms,
			.until_ms = row->until_ms,
			.state = row->state,
		};
	}
}

static void add_gap(struct making *making, const struct sf_timeline_gap *gap)
{
	if (gap->until_ms > gap->from_ms)
		making->gaps[making->timeline->gap_count++] = *gap;
}

static int64_t recorded_of(const struct sf_reply_transition *show, struct sf_id message)
{
	for (size_t i = 0; i < show->event_count; i++)
		if (sf_id_equal(show->events[i].message, message))
			return show->events[i].recorded_ms;
	return 0;
}

/* From the journey home until a taker's signature: the hours between two chairs. */
static void add_unaccepted(struct making *making)
{
	const struct sf_reply_transition *show = making->show;
	for (size_t i = 0; i < show->offer_count && show->discharged_ms > 0; i++) {
		const struct sf_offer_row *offer = &show->offers[i];
		int64_t answered_ms = recorded_of(show, offer->answered_by);
		int64_t until_ms = offer->state == SF_OFFER_OPEN ? making->timeline->until_ms
				   : answered_ms > 0             ? answered_ms
								 : offer->since_ms;
		const struct sf_timeline_gap gap = {
			.kind = SF_TIMELINE_UNACCEPTED,
			.lane = sf_id_is_none(offer->to) ? SF_TIMELINE_NO_LANE
							 : find_lane(making->timeline, offer->to),
			.from_ms = show->discharged_ms > offer->since_ms ? show->discharged_ms
									 : offer->since_ms,
			.until_ms = until_ms,
			.name = "",
		};
		add_gap(making, &gap);
	}
}

static void add_unmet(struct making *making)
{
	const struct sf_timeline *timeline = making->timeline;
	for (size_t i = 0; i < timeline->flag_count; i++) {
		const struct sf_timeline_flag *flag = &timeline->flags[i];
		const struct sf_timeline_gap gap = {
			.kind = SF_TIMELINE_UNMET,
			.lane = flag->lane,
			.from_ms = flag->duty->due_ms,
			.until_ms = flag->open ? making->show->as_of_ms : flag->ended_ms,
			.name = flag->duty->name,
		};
		if (flag->missed)
			add_gap(making, &gap);
	}
}

static void add_silences(struct making *making)
{
	const struct sf_reply_transition *show = making->show;
	for (size_t i = 0; i < show->event_count; i++) {
		if (show->events[i].kind != SF_KIND_SILENT)
			continue;
		size_t next = i + 1;
		while (next < show->event_count && is_of_time(&show->events[next]))
			next++;
		const struct sf_timeline_gap gap = {
			.kind = SF_TIMELINE_SILENCE,
			.lane = SF_TIMELINE_NO_LANE,
			.from_ms = show->events[i].recorded_ms,
			.until_ms = next < show->event_count ? show->events[next].recorded_ms
							     : making->timeline->until_ms,
			.name = "",
		};
		add_gap(making, &gap);
	}
}

static void add_missing(struct making *making)
{
	const struct sf_reply_transition *show = making->show;
	for (size_t i = 1; i < show->event_count; i++) {
		if (show->events[i].sequence <= show->events[i - 1].sequence + 1)
			continue;
		/* They may have been recorded in one turn: a gap that can be seen. */
		int64_t from_ms = show->events[i - 1].recorded_ms;
		int64_t until_ms = show->events[i].recorded_ms;
		const struct sf_timeline_gap gap = {
			.kind = SF_TIMELINE_MISSING,
			.lane = SF_TIMELINE_NO_LANE,
			.from_ms = from_ms,
			.until_ms = until_ms > from_ms ? until_ms : from_ms + 1,
			.name = "",
		};
		add_gap(making, &gap);
	}
}

static int by_beginning(const void *a, const void *b)
{
	const struct sf_timeline_gap *first = a, *second = b;
	return first->from_ms < second->from_ms ? -1 : first->from_ms > second->from_ms ? 1 : 0;
}

static void stretch_over_all(struct sf_timeline *timeline, const struct sf_reply_transition *show)
{
	for (size_t i = 0; i < show->event_count; i++) {
		stretch(timeline, show->events[i].recorded_ms);
		if (show->events[i].occurred_ms <= show->events[i].recorded_ms)
			stretch(timeline, show->events[i].occurred_ms);
	}
	for (size_t i = 0; i < show->obligation_count; i++)
		stretch(timeline, show->obligations[i].due_ms);
	for (size_t i = 0; i < show->window_count; i++)
		stretch(timeline, show->windows[i].until_ms);
}

enum sf_err sf_timeline_make(const struct sf_reply_transition *show, int64_t until_ms,
	struct sf_arena *arena, struct sf_timeline *ret_timeline)
{
	struct sf_timeline timeline = {.show = show};
	struct making making = {.show = show,
		.timeline = &timeline,
		.lane_capacity = show->member_count + show->line_count + show->event_count + 1};
	size_t gap_capacity = show->offer_count + show->obligation_count + 2 * show->event_count;
	making.lanes = sf_arena_take_many(arena, making.lane_capacity, sizeof(*making.lanes));
	making.gaps = sf_arena_take_many(arena, gap_capacity, sizeof(*making.gaps));
	struct sf_timeline_band *bands =
		sf_arena_take_many(arena, show->line_count, sizeof(*bands));
	struct sf_timeline_window *windows =
		sf_arena_take_many(arena, show->window_count, sizeof(*windows));
	struct sf_timeline_mark *marks =
		sf_arena_take_many(arena, show->event_count, sizeof(*marks));
	struct sf_timeline_flag *flags =
		sf_arena_take_many(arena, show->obligation_count, sizeof(*flags));
	if (!making.lanes || !making.gaps || !bands || !windows || !marks || !flags)
		return SF_ERR_LIMIT;
	timeline.lanes = making.lanes;
	timeline.bands = bands;
	timeline.windows = windows;
	timeline.marks = marks;
	timeline.flags = flags;
	timeline.gaps = making.gaps;
	stretch_over_all(&timeline, show);
	stretch(&timeline, until_ms);
	add_lanes(&making);
	add_bands(&making, bands);
	add_windows(&making, windows);
	add_marks(&making, marks);
	add_flags(&making, flags);
	add_unaccepted(&making);
	add_unmet(&making);
	add_silences(&making);
	add_missing(&making);
	if (timeline.gap_count > 1)
		qsort(making.gaps, timeline.gap_count, sizeof(*making.gaps), by_beginning);
	*ret_timeline = timeline;
	return SF_OK;
}
