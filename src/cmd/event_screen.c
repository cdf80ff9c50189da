/* What was not as agreed, what is late, and what happened, on the screen of a transition. */
#include <inttypes.h>
#include <string.h>

#include "cmd/print.h"
#include "view/event_words.h"
#include "cmd/print_json.h"
#include "cmd/transition_screen.h"

/* The newest few of each: older ones are past. */
#define DEVIATIONS_MAX 4
#define DELIVERIES_MAX 3

static const struct sf_event_row *event_of(
	const struct sf_reply_transition *show, uint64_t sequence)
{
	for (size_t i = 0; i < show->event_count; i++)
		if (show->events[i].sequence == sequence)
			return &show->events[i];
	return NULL;
}

static void add_deviation(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_deviation_row *row)
{
	const struct sf_event_row *event = event_of(show, row->sequence);
	sf_table_cell(table, "%" PRIu64, row->sequence);
	sf_table_cell(table, "%s", sf_show_day(row->recorded_ms, show->as_of_ms).text);
	sf_table_cell(table, "%s",
		event ? sf_screen_party(show, event->author_name, event->author).text : "-");
	sf_table_cell(table, "%s%s%s", event ? sf_event_words(show, event).text : "",
		event ? ": " : "", sf_refusal_text((uint16_t)row->code));
}

int sf_deviation_screen_print(FILE *out, const struct sf_reply_transition *show, bool all)
{
	size_t count = show->deviation_count;
	size_t older = !all && count > DEVIATIONS_MAX ? count - DEVIATIONS_MAX : 0;
	struct sf_shown heading = {"NOT AS AGREED"};
	if (older)
		snprintf(heading.text, sizeof(heading.text),
			"NOT AS AGREED (%zu of %zu, the rest with --all)", count - older, count);
	const char *const headings[] = {"#", "RECORDED", "BY", heading.text};
	struct sf_table table;
	if (count == 0)
		return 0;
	sf_screen_table_begin(&table, out, headings, SF_COUNT(headings));
	for (size_t i = older; i < count; i++)
		add_deviation(&table, show, &show->deviations[i]);
	return sf_table_end(&table, out, "");
}

static void add_delivery(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_delivery_row *row)
{
	sf_table_cell(table, "%s",
		row->activity ? sf_activity_text(row->activity) : sf_kind_text(row->kind));
	sf_table_cell(table, "%s", sf_screen_party(show, row->recipient_name, row->recipient).text);
	sf_table_cell(table, "%s", sf_show_day(row->since_ms, show->as_of_ms).text);
	sf_table_cell(table, "%s%s%s", sf_delivery_text(row->state), row->reason[0] ? ", " : "",
		sf_show_text(row->reason).text);
}

int sf_delivery_screen_print(FILE *out, const struct sf_reply_transition *show, bool all)
{
	const char *const headings[] = {all ? "DELIVERY" : "LATE DELIVERY", "TO", "SINCE", "STATE"};
	struct sf_table table;
	size_t count = 0;
	for (size_t i = 0; i < show->delivery_count; i++) {
		const struct sf_delivery_row *row = &show->deliveries[i];
		if (!all && !row->late)
			continue;
		if (count++ == 0)
			sf_screen_table_begin(&table, out, headings, SF_COUNT(headings));
		if (all || count <= DELIVERIES_MAX)
			add_delivery(&table, show, row);
	}
	int code = count ? sf_table_end(&table, out, "") : 0;
	if (!all && count > DELIVERIES_MAX)
		fprintf(out, "%zu more with --all\n", count - DELIVERIES_MAX);
	return code;
}

/* That a letter came needs no line: a receipt moves nothing. */
static bool is_routine(const struct sf_event_row *row)
{
	return row->kind == SF_KIND_ACKNOWLEDGEMENT && row->ack == SF_ACK_OK &&
	       row->outcome == SF_OUTCOME_APPLIED;
}

/* Where the newest so many that tell something begin. */
static size_t first_shown(const struct sf_reply_transition *show, size_t count_max)
{
	size_t first = show->event_count, count = 0;
	for (size_t i = show->event_count; i > 0 && count < count_max; i--) {
		if (is_routine(&show->events[i - 1]))
			continue;
		first = i - 1;
		count++;
	}
	return first;
}

/* Of what was applied there is nothing to say; of a deviation its own table says why. */
static struct sf_shown outcome(const struct sf_event_row *row)
{
	const char *why = row->code == 0 ? ""
			  : row->outcome == SF_OUTCOME_APPLIED
				  ? sf_ack_code_text(row->code)
				  : sf_refusal_text((uint16_t)row->code);
	struct sf_shown shown = {""};
	if (row->kind_class == SF_CLASS_RESEND)
		return sf_show_text(", sent again");
	if (row->outcome == SF_OUTCOME_DEVIATION)
		return sf_show_text(", not as agreed");
	if (row->outcome != SF_OUTCOME_APPLIED || why[0])
		snprintf(shown.text, sizeof(shown.text), ", %s%s%s", sf_outcome_word(row->outcome),
			why[0] ? ": " : "", why);
	return shown;
}

static void add_event(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_event_row *row)
{
	sf_table_cell(table, "%" PRIu64, row->sequence);
	sf_table_cell(table, "%s", sf_show_day(row->recorded_ms, show->as_of_ms).text);
	sf_table_cell(table, "%s", sf_screen_party(show, row->author_name, row->author).text);
	sf_table_cell(table, "%s%s", sf_event_words(show, row).text, outcome(row).text);
}

int sf_event_screen_print(FILE *out, const struct sf_reply_transition *show, size_t count_max)
{
	bool all = count_max == SIZE_MAX;
	size_t first = all ? 0 : first_shown(show, count_max), shown = 0;
	for (size_t i = first; i < show->event_count; i++)
		shown += all || !is_routine(&show->events[i]);
	struct sf_shown heading = {"EVENT"};
	if (shown < show->event_count)
		snprintf(heading.text, sizeof(heading.text),
			"EVENT (%zu of %zu, the rest with --all)", shown, show->event_count);
	const char *const headings[] = {"#", "RECORDED", "BY", heading.text};
	struct sf_table table;
	sf_screen_table_begin(&table, out, headings, SF_COUNT(headings));
	for (size_t i = first; i < show->event_count; i++)
		if (all || !is_routine(&show->events[i]))
			add_event(&table, show, &show->events[i]);
	return sf_table_end(&table, out, "Nothing is recorded yet.");
}
