#include "cmd/transition_screen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/next_line.h"
#include "cmd/print_json.h"
#include "cmd/width.h"

#define LINES_MAX 40
/* The events take what the other parts leave, within these. */
#define EVENTS_MIN 3
#define EVENTS_MAX 6
/* Of the whole of them: an empty line and the headings. */
#define EVENT_LINES 2
#define NAME_WIDTH 28
/* More than its time: of UUID version 7, the first 12 are milliseconds. */
#define ID_DIGITS 16

struct sf_shown sf_screen_id(struct sf_id id, bool all)
{
	struct sf_shown shown = sf_show_id(id);
	if (!all)
		shown.text[ID_DIGITS] = '\0';
	return shown;
}

struct sf_shown sf_screen_party(
	const struct sf_reply_transition *show, const char *name, struct sf_id party)
{
	const struct sf_shown whole = sf_show_party(name, party);
	const struct sf_shown cut = sf_width_cut(whole.text, NAME_WIDTH);
	bool listed = false, alone = true;
	for (size_t i = 0; i < show->member_count; i++) {
		const struct sf_member_row *row = &show->members[i];
		const struct sf_shown other = sf_show_party(row->name, row->party);
		bool same = strcmp(other.text, whole.text) == 0;
		listed = listed || same;
		if (!same && strcmp(sf_width_cut(other.text, NAME_WIDTH).text, cut.text) == 0)
			alone = false;
	}
	return listed && alone ? cut : whole;
}

void sf_screen_table_begin(
	struct sf_table *table, FILE *out, const char *const *headings, size_t column_count)
{
	fputc('\n', out);
	sf_table_begin(table, headings, column_count);
	table->width_max = SF_SCREEN_WIDTH;
}

static void add_source(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_screen_wishes *wishes)
{
	bool told = wishes->known_by && wishes->known_by[0];
	if (wishes->at || told) {
		sf_table_cell(table, "  as of");
		sf_table_cell(table, "%s%s%s, up to event %" PRIu64,
			sf_show_minute(show->as_of_ms).text, told ? ", as known by " : "",
			told ? sf_show_text(wishes->known_by).text : "", show->known_sequence);
	}
	/* A node knows of others what they have signed: it says so. */
	if (wishes->note && wishes->note[0]) {
		sf_table_cell(table, "  note");
		sf_table_cell(table, "%s", sf_show_text(wishes->note).text);
	}
	if (show->agreement_name && show->agreement_name[0]) {
		sf_table_cell(table, "  agreement");
		sf_table_cell(table, "%s, version %" PRIu32,
			sf_show_text(show->agreement_name).text, show->agreement_version);
	}
}

static int print_heading(
	FILE *out, const struct sf_reply_transition *show, const struct sf_screen_wishes *wishes)
{
	const struct sf_transition_row *row = &show->row;
	struct sf_table table;
	fprintf(out, "Transition %s: %s%s", sf_show_id(row->transition).text,
		sf_transition_state_text(row->state), row->frozen ? ", FROZEN" : "");
	if (show->stay_class)
		fprintf(out, ", %s", sf_stay_class_text(show->stay_class));
	if (show->row.pathway)
		fprintf(out, ", %s", sf_pathway_text(show->row.pathway));
	fputc('\n', out);
	sf_table_begin(&table, NULL, 2);
	table.width_max = SF_SCREEN_WIDTH;
	sf_member_rows_add(&table, show);
	add_source(&table, show, wishes);
	sf_course_rows_add(&table, show, wishes->all);
	return sf_table_end(&table, out, "");
}

/* Everything above the events. */
static int print_upper(
	FILE *out, const struct sf_reply_transition *show, const struct sf_screen_wishes *wishes)
{
	int code = print_heading(out, show, wishes);
	if (!code)
		code = sf_ledger_screen_print(out, show, wishes->all);
	if (!code)
		code = sf_duty_screen_print(out, show, wishes->all);
	if (!code)
		code = sf_deviation_screen_print(out, show, wishes->all);
	if (!code)
		code = sf_delivery_screen_print(out, show, wishes->all);
	return code;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static size_t events_with(size_t other_lines)
{
	size_t left = LINES_MAX - EVENT_LINES;
	size_t count = other_lines < left ? left - other_lines : 0;
	return count < EVENTS_MIN ? EVENTS_MIN : count > EVENTS_MAX ? EVENTS_MAX : count;
}

int sf_transition_screen_print(
	FILE *out, const struct sf_reply_transition *show, const struct sf_screen_wishes *wishes)
{
	char *upper = NULL, *lower = NULL;
	size_t upper_size = 0, lower_size = 0;
	FILE *to_upper = open_memstream(&upper, &upper_size);
	FILE *to_lower = open_memstream(&lower, &lower_size);
	bool made = to_upper && to_lower;
	int code = made ? print_upper(to_upper, show, wishes) : SF_EXIT_OK;
	if (made)
		sf_next_line_print(to_lower, show);
	/* What had no room in memory is known when they are closed. */
	made = made & (!to_upper || fclose(to_upper) == 0);
	made = made & (!to_lower || fclose(to_lower) == 0);
	if (made && !code) {
		size_t room = events_with(count_lines(upper) + 1 + count_lines(lower));
		fputs(upper, out);
		code = sf_event_screen_print(out, show, wishes->all ? SIZE_MAX : room);
		fprintf(out, "\n%s", lower);
	}
	free(upper);
	free(lower);
	return made ? code : sf_exit_failed(SF_ERR_MEMORY, NULL);
}
