/* Ways in and out, and the steps of a message, as JSON. */
#include "view/members.h"
#include "view/value.h"

static void write_events(struct sf_json_writer *writer, uint64_t events)
{
	sf_json_array(writer, "events");
	for (uint32_t what = 1; what < 64; what++)
		if (events >> what & 1)
			sf_json_text(writer, NULL, sf_feed_text((enum sf_feed_what)what));
	sf_json_close(writer);
}

static void write_channel(struct sf_json_writer *writer, const struct sf_channel_row *row)
{
	bool hook = sf_channel_is_hook(row->kind);
	sf_json_object(writer, NULL);
	sf_json_text(writer, "name", row->name);
	sf_json_word(writer, "kind", sf_channel_kind_text(row->kind));
	sf_json_bool(writer, "paused", row->paused);
	sf_json_int(writer, "received", (int64_t)row->received);
	sf_json_int(writer, "filtered", (int64_t)row->filtered);
	sf_json_int(writer, "queued", (int64_t)row->queued);
	sf_json_int(writer, "sent", (int64_t)row->sent);
	sf_json_int(writer, "errored", (int64_t)row->errored);
	sf_json_time(writer, "last", row->last_ms);
	sf_json_word(writer, "fault", sf_channel_fault_text(row->fault));
	sf_json_time(writer, "created", row->created_ms);
	sf_json_int(writer, "aside", (int64_t)row->aside);
	if (hook) {
		sf_json_text(writer, "url", row->url);
		write_events(writer, row->events);
	}
	sf_json_close(writer);
}

void sf_json_channels_members(
	struct sf_json_writer *writer, const struct sf_reply_channels *channels)
{
	sf_json_array(writer, "channels");
	for (size_t i = 0; i < channels->row_count; i++)
		write_channel(writer, &channels->rows[i]);
	sf_json_close(writer);
}

void sf_json_aside_members(struct sf_json_writer *writer, const struct sf_reply_aside *aside)
{
	sf_json_array(writer, "aside");
	for (size_t i = 0; i < aside->row_count; i++) {
		const struct sf_aside_row *row = &aside->rows[i];
		sf_json_object(writer, NULL);
		sf_json_int(writer, "cursor", (int64_t)row->cursor);
		sf_json_text(writer, "channel", row->channel);
		sf_json_id(writer, "message", row->message);
		sf_json_id(writer, "transition", row->transition);
		sf_json_party(writer, "party", row->party, row->party_name);
		sf_json_int(writer, "refusals", (int64_t)row->refusals);
		sf_json_time(writer, "at", row->at_ms);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}

void sf_json_trace_members(struct sf_json_writer *writer, const struct sf_reply_trace *trace)
{
	sf_json_id(writer, "message", trace->message);
	sf_json_id(writer, "transition", trace->transition);
	sf_json_array(writer, "steps");
	for (size_t i = 0; i < trace->row_count; i++) {
		const struct sf_step_row *row = &trace->rows[i];
		sf_json_object(writer, NULL);
		sf_json_time(writer, "at", row->at_ms);
		sf_json_text(writer, "step", row->step);
		sf_json_word(writer, "channel", row->channel);
		sf_json_party(writer, "party", row->party, row->party_name);
		sf_json_word(writer, "detail", row->detail);
		sf_json_close(writer);
	}
	sf_json_close(writer);
}
