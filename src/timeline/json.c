#include "timeline/json.h"

#include "core/deadline.h"
#include "core/refusal.h"
#include "text/json_write.h"

static void put_time(struct sf_json_writer *writer, const char *name, int64_t time_ms)
{
	if (time_ms <= 0 || time_ms == SF_NEVER_MS)
		sf_json_null(writer, name);
	else
		sf_json_int(writer, name, time_ms);
}

static void put_lane_number(struct sf_json_writer *writer, size_t lane)
{
	if (lane == SF_TIMELINE_NO_LANE)
		sf_json_null(writer, "lane");
	else
		sf_json_int(writer, "lane", (int64_t)lane);
}

static const char *text_of(const char *text)
{
	return text ? text : "";
}

static void put_lanes(struct sf_json_writer *writer, const struct sf_timeline *timeline)
{
	sf_json_array(writer, "lanes");
	for (size_t i = 0; i < timeline->lane_count; i++) {
		sf_json_object(writer, NULL);
		sf_json_id(writer, "party", timeline->lanes[i].party);
		sf_json_text(writer, "name", timeline->lanes[i].name);
		sf_json_text(writer, "role", sf_role_text(timeline->lanes[i].role));
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void put_bands(struct sf_json_writer *writer, const struct sf_timeline *timeline)
{
	sf_json_array(writer, "responsibility");
	for (size_t i = 0; i < timeline->band_count; i++) {
		const struct sf_timeline_band *band = &timeline->bands[i];
		sf_json_object(writer, NULL);
		sf_json_text(writer, "domain", sf_domain_text(band->domain));
		put_lane_number(writer, band->lane);
		put_time(writer, "from", band->from_ms);
		put_time(writer, "until", band->stands ? 0 : band->until_ms);
		sf_json_text(writer, "basis", sf_basis_text(band->basis));
		sf_json_int(writer, "event", (int64_t)band->sequence);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void put_windows(struct sf_json_writer *writer, const struct sf_timeline *timeline)
{
	sf_json_array(writer, "windows");
	for (size_t i = 0; i < timeline->window_count; i++) {
		const struct sf_timeline_window *window = &timeline->windows[i];
		sf_json_object(writer, NULL);
		sf_json_text(writer, "domain", sf_domain_text(window->domain));
		put_lane_number(writer, window->lane);
		sf_json_text(writer, "name", text_of(window->name));
		sf_json_text(writer, "clause", text_of(window->citation));
		put_time(writer, "from", window->from_ms);
		put_time(writer, "until", window->until_ms);
		sf_json_text(writer, "state", sf_window_state_text(window->state));
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void put_marks(struct sf_json_writer *writer, const struct sf_timeline *timeline)
{
	sf_json_array(writer, "events");
	for (size_t i = 0; i < timeline->mark_count; i++) {
		const struct sf_timeline_mark *mark = &timeline->marks[i];
		const struct sf_event_row *event = mark->event;
		sf_json_object(writer, NULL);
		sf_json_int(writer, "sequence", (int64_t)event->sequence);
		put_lane_number(writer, mark->lane);
		sf_json_id(writer, "message", event->message);
		sf_json_text(writer, "kind", sf_kind_text(event->kind));
		if (event->activity != SF_ACTIVITY_NONE)
			sf_json_text(writer, "activity", sf_activity_text(event->activity));
		put_time(writer, "occurred", event->occurred_ms);
		put_time(writer, "recorded", event->recorded_ms);
		sf_json_bool(writer, "refused", mark->refused);
		sf_json_bool(writer, "deviates", mark->deviates);
		sf_json_bool(writer, "late", mark->late);
		if (mark->code)
			sf_json_text(writer, "code", sf_refusal_code((uint16_t)mark->code));
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void put_flags(struct sf_json_writer *writer, const struct sf_timeline *timeline)
{
	sf_json_array(writer, "deadlines");
	for (size_t i = 0; i < timeline->flag_count; i++) {
		const struct sf_timeline_flag *flag = &timeline->flags[i];
		sf_json_object(writer, NULL);
		put_lane_number(writer, flag->lane);
		sf_json_text(writer, "duty", sf_duty_text(flag->duty->duty));
		sf_json_text(writer, "name", text_of(flag->duty->name));
		sf_json_text(writer, "clause", text_of(flag->duty->citation));
		put_time(writer, "due", flag->duty->due_ms);
		sf_json_text(writer, "state", sf_task_state_text(flag->duty->state));
		sf_json_bool(writer, "missed", flag->missed);
		put_time(writer, "ended", flag->ended_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

static void put_gaps(struct sf_json_writer *writer, const struct sf_timeline *timeline)
{
	sf_json_array(writer, "gaps");
	for (size_t i = 0; i < timeline->gap_count; i++) {
		const struct sf_timeline_gap *gap = &timeline->gaps[i];
		sf_json_object(writer, NULL);
		sf_json_text(writer, "kind", sf_timeline_gap_text(gap->kind));
		put_lane_number(writer, gap->lane);
		sf_json_text(writer, "name", text_of(gap->name));
		put_time(writer, "from", gap->from_ms);
		put_time(writer, "until", gap->until_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

enum sf_err sf_timeline_json(const struct sf_timeline *timeline, struct sf_buf *buf)
{
	struct sf_json_writer writer;
	sf_json_writer_begin(&writer, buf);
	sf_json_object(&writer, NULL);
	sf_json_id(&writer, "transition", timeline->show->row.transition);
	sf_json_text(&writer, "state", sf_transition_state_text(timeline->show->row.state));
	put_time(&writer, "as_of", timeline->show->as_of_ms);
	put_time(&writer, "from", timeline->from_ms);
	put_time(&writer, "until", timeline->until_ms);
	put_lanes(&writer, timeline);
	put_bands(&writer, timeline);
	put_windows(&writer, timeline);
	put_marks(&writer, timeline);
	put_flags(&writer, timeline);
	put_gaps(&writer, timeline);
	sf_json_close(&writer);
	return sf_json_writer_end(&writer);
}
