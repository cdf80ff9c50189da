/* What is owed, on the screen of a transition: what is due first stands first. */
#include <string.h>

#include "cmd/next_line.h"
#include "cmd/transition_screen.h"
#include "core/deadline.h"

/* More is told by number; the Next line has what is first. */
#define DUTIES_MAX 8

/* What failed stays on the screen: somebody must do it another way. */
static bool is_shown(const struct sf_obligation_row *row)
{
	return row->open || row->state == SF_TASK_FAILED;
}

/* A question is answered by its id, and so is meant what shares its name with something else. */
static bool needs_id(const struct sf_reply_transition *show, const struct sf_obligation_row *row)
{
	const struct sf_shown name = sf_duty_name(row->duty, row->name);
	if (!row->open)
		return false;
	if (row->duty == SF_DUTY_ANSWER)
		return true;
	for (size_t i = 0; i < show->obligation_count; i++) {
		const struct sf_obligation_row *other = &show->obligations[i];
		if (other->open && !sf_id_equal(other->subject, row->subject) &&
			strcmp(sf_duty_name(other->duty, other->name).text, name.text) == 0)
			return true;
	}
	return false;
}

static void add_due(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_obligation_row *row)
{
	if (row->due_ms == SF_NEVER_MS && row->undecided)
		sf_table_cell(table, "not decided");
	else
		sf_table_cell(table, "%s", sf_show_day(row->due_ms, show->as_of_ms).text);
}

static void add_duty(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_obligation_row *row, bool all)
{
	bool unbound = sf_id_is_none(row->owner) && row->owner_role;
	bool named = needs_id(show, row);
	bool cited = row->citation && row->citation[0];
	bool alarm = row->expired_ms && row->level > 0;
	sf_table_cell(table, "%s%s%s", sf_duty_name(row->duty, row->name).text, named ? " " : "",
		named ? sf_screen_id(row->subject, all).text : "");
	sf_table_cell(table, "%s",
		unbound ? sf_role_text(row->owner_role)
			: sf_screen_party(show, row->owner_name, row->owner).text);
	add_due(table, show, row);
	sf_table_cell(table, "%s", cited ? sf_show_text(row->citation).text : "-");
	sf_table_cell(table, "%s%s%s", sf_task_state_text(row->state), alarm ? ", alarm" : "",
		alarm && row->alarm_seen ? " seen" : "");
}

/* What comes after `last` in the order of deadlines; NULL after the last of them. */
static const struct sf_obligation_row *next_due(
	const struct sf_reply_transition *show, const struct sf_obligation_row *last)
{
	const struct sf_obligation_row *found = NULL;
	for (size_t i = 0; i < show->obligation_count; i++) {
		const struct sf_obligation_row *row = &show->obligations[i];
		bool later = !last || row->due_ms > last->due_ms ||
			     (row->due_ms == last->due_ms && row > last);
		if (is_shown(row) && later && (!found || row->due_ms < found->due_ms))
			found = row;
	}
	return found;
}

static size_t count_shown(const struct sf_reply_transition *show)
{
	size_t count = 0;
	for (size_t i = 0; i < show->obligation_count; i++)
		count += is_shown(&show->obligations[i]);
	return count;
}

int sf_duty_screen_print(FILE *out, const struct sf_reply_transition *show, bool all)
{
	static const char *const headings[] = {"OWED", "BY", "BEFORE", "CLAUSE", "STATE"};
	struct sf_table table;
	size_t count = count_shown(show), left = all ? count : DUTIES_MAX;
	const struct sf_obligation_row *row = NULL;
	sf_screen_table_begin(&table, out, headings, SF_COUNT(headings));
	while (left-- > 0 && (row = next_due(show, row)))
		add_duty(&table, show, row, all);
	for (size_t i = 0; all && i < show->obligation_count; i++)
		if (!is_shown(&show->obligations[i]))
			add_duty(&table, show, &show->obligations[i], all);
	int code = sf_table_end(&table, out, "Nothing is owed.");
	if (!all && count > DUTIES_MAX)
		fprintf(out, "%zu more, due later, with --all\n", count - DUTIES_MAX);
	return code;
}
