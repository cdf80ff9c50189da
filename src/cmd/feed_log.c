#include "cmd/feed_log.h"

#define ROWS_MAX ((size_t)64) /* read at a time */

struct rule {
	enum sf_feed_what what;
	enum sf_log_level level;
	enum sf_log_event event;
};

static const struct rule rules[] = {
	{SF_FEED_RECORDED, SF_LOG_DEBUG, SF_LOG_MESSAGE_STORED},
	{SF_FEED_ACCEPTED, SF_LOG_DEBUG, SF_LOG_MESSAGE_SENT},
	{SF_FEED_RESENT, SF_LOG_INFO, SF_LOG_MESSAGE_SENT},
	{SF_FEED_RECEIVED, SF_LOG_DEBUG, SF_LOG_MESSAGE_RECEIVED},
	{SF_FEED_ACKNOWLEDGED, SF_LOG_DEBUG, SF_LOG_MESSAGE_ACKED},
	{SF_FEED_QUARANTINED, SF_LOG_WARNING, SF_LOG_MESSAGE_QUARANTINED},
	{SF_FEED_MOVED, SF_LOG_INFO, SF_LOG_TRANSITION_MOVED},
	{SF_FEED_DIRECTORY, SF_LOG_INFO, SF_LOG_DIRECTORY_CHANGED},
	{SF_FEED_DROPPED, SF_LOG_WARNING, SF_LOG_FRAME_REFUSED},
	{SF_FEED_TROUBLE, SF_LOG_WARNING, SF_LOG_TROUBLE},
};

static const struct rule *rule_of(const struct sf_feed_row *row)
{
	for (size_t i = 0; i < SF_COUNT(rules); i++)
		if (rules[i].what == row->what)
			return &rules[i];
	return NULL;
}

static void add_id(struct sf_log_line *line, const char *name, struct sf_id id)
{
	if (!sf_id_is_none(id))
		sf_log_id(line, name, id);
}

static void write_row(const struct sf_log *log, const struct sf_feed_row *row)
{
	const struct rule *rule = rule_of(row);
	if (!rule)
		return;
	/* A refusal by a rule is worth a look, whatever it refused. */
	bool refused = row->outcome == SF_OUTCOME_REFUSED;
	struct sf_log_line line;
	sf_log_begin(&line, log, refused ? SF_LOG_WARNING : rule->level,
		refused ? SF_LOG_MESSAGE_REFUSED : rule->event, row->at_ms);
	add_id(&line, "message", row->message);
	add_id(&line, "transition", row->transition);
	add_id(&line, "party", row->party);
	add_id(&line, "peer", row->peer);
	if (row->kind)
		sf_log_code(&line, "kind", sf_kind_text(row->kind));
	if (row->activity)
		sf_log_code(&line, "activity", sf_activity_text(row->activity));
	if (row->domains)
		sf_log_integer(&line, "domains", (int64_t)row->domains);
	if (row->ack)
		sf_log_code(&line, "ack", sf_ack_text(row->ack));
	if (row->code)
		sf_log_code(&line, "code",
			row->ack ? sf_ack_code_text(row->code)
				 : sf_refusal_code((uint16_t)row->code));
	sf_log_end(&line);
}

void sf_feed_log_write(const struct sf_log *log, const struct sf_feed *feed, uint64_t *cursor)
{
	struct sf_feed_row rows[ROWS_MAX];
	size_t count;
	while ((count = sf_feed_read(feed, *cursor, ROWS_MAX, rows)) > 0) {
		for (size_t i = 0; i < count; i++)
			write_row(log, &rows[i]);
		*cursor = rows[count - 1].cursor;
	}
}
