/* Plan and readiness, and what is owed, on the screen of a transition. */
#include <string.h>

#include "cmd/commands.h"
#include "cmd/next_line.h"
#include "cmd/transition_screen.h"
#include "core/deadline.h"

static void print_interval(
	FILE *out, const char *what, int64_t from_ms, int64_t until_ms, enum sf_confidence sure)
{
	if (from_ms == 0 && until_ms == 0)
		return;
	fprintf(out, "  %-9s %s", what, sf_show_minute(from_ms).text);
	if (until_ms != from_ms)
		fprintf(out, " to %s", sf_show_minute(until_ms).text);
	if (sure)
		fprintf(out, ", confidence %s", sf_confidence_text(sure));
	fputc('\n', out);
}

static void print_answer(FILE *out, const struct sf_course_row *course)
{
	if (course->answer == SF_PLAN_ANSWER_NONE) {
		fputs("  not answered yet\n", out);
		return;
	}
	fprintf(out, "  answered  %s", sf_plan_answer_text(course->answer));
	if (course->answer_ready_from_ms)
		fprintf(out, ", from %s", sf_show_minute(course->answer_ready_from_ms).text);
	if (course->reason)
		fprintf(out, ", %s", sf_cannot_text(course->reason));
	if (!sf_id_is_none(course->refer_to_party))
		fprintf(out, ", to %s",
			sf_show_party(course->refer_to_name, course->refer_to_party).text);
	else if (course->refer_to_role)
		fprintf(out, ", to %s", sf_role_text(course->refer_to_role));
	fputc('\n', out);
}

static void print_time(FILE *out, const char *what, int64_t time_ms)
{
	if (time_ms)
		fprintf(out, "%s %s\n", what, sf_show_minute(time_ms).text);
}

static void print_overlays(FILE *out, const struct sf_course_row *course)
{
	if (course->no_case)
		fputs("No case: the municipality has nothing to do with this citizen\n", out);
	if (course->dispute_count)
		fprintf(out, "CONTESTED: %u open dispute%s, the holder keeps what it has\n",
			(unsigned)course->dispute_count, course->dispute_count == 1 ? "" : "s");
	if (course->silent)
		fputs("SILENT: something is owed and nothing happens\n", out);
	if (course->close_code)
		fprintf(out, "Closed by hand: %s\n", sf_close_text(course->close_code));
	if (course->link)
		fprintf(out, "Linked: %s %s\n", sf_link_text(course->link),
			sf_show_id(course->linked).text);
}

void sf_course_screen_print(FILE *out, const struct sf_reply_transition *show)
{
	const struct sf_course_row *course = &show->course;
	if (course->assessment)
		fprintf(out, "Discharge agreement: %s\n", sf_assessment_text(course->assessment));
	if (course->plan_version) {
		fprintf(out, "Plan, version %u\n", (unsigned)course->plan_version);
		print_interval(out, "ready", course->ready_from_ms, course->ready_until_ms,
			course->ready_confidence);
		print_interval(out, "discharge", course->discharge_from_ms,
			course->discharge_until_ms, course->discharge_confidence);
		print_answer(out, course);
	}
	print_time(out, "Ready since", course->ready_ms);
	if (course->hospital_agrees_ms == course->municipality_agrees_ms) {
		print_time(out, "Agreed: discharge", course->hospital_agrees_ms);
	} else {
		print_time(out, "The hospital says: discharge", course->hospital_agrees_ms);
		print_time(out, "The municipality says: discharge", course->municipality_agrees_ms);
	}
	print_time(out, "Discharge announced, letters by", course->intent_ms);
	print_time(out, "Arrived", course->arrived_ms);
	print_overlays(out, course);
}

/* What failed stays on the screen: somebody must do it another way. */
static bool is_shown(const struct sf_obligation_row *row)
{
	return row->open || row->state == SF_TASK_FAILED;
}

/* A question is answered by its id, and so is meant what shares its name with something else. */
static bool needs_id(const struct sf_reply_transition *show, const struct sf_obligation_row *row)
{
	const struct sf_shown name = sf_duty_name(row->duty, row->name);
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

static void add_duty(struct sf_table *table, const struct sf_reply_transition *show,
	const struct sf_obligation_row *row)
{
	bool unbound = sf_id_is_none(row->owner);
	bool named = row->open && needs_id(show, row);
	sf_table_cell(table, "  %s%s%s", sf_duty_name(row->duty, row->name).text, named ? " " : "",
		named ? sf_show_id(row->subject).text : "");
	sf_table_cell(table, "%s",
		unbound && row->owner_role ? sf_role_text(row->owner_role)
					   : sf_show_party(row->owner_name, row->owner).text);
	sf_table_cell(table, "%s",
		row->due_ms == SF_NEVER_MS && row->undecided ? "not decided"
							     : sf_show_minute(row->due_ms).text);
	sf_table_cell(table, "%s",
		row->citation && row->citation[0] ? sf_show_text(row->citation).text : "-");
	bool alarm = row->expired_ms && row->level > 0;
	sf_table_cell(table, "%s%s%s", sf_task_state_text(row->state), alarm ? ", alarm " : "",
		!alarm            ? ""
		: row->alarm_seen ? "seen"
				  : "raised");
}

int sf_duty_screen_print(FILE *out, const struct sf_reply_transition *show)
{
	static const char *const headings[] = {"  OWED", "BY", "BEFORE", "CLAUSE", "STATE"};
	struct sf_table table;
	size_t shown = 0;
	fputs("\nObligations\n", out);
	sf_table_begin(&table, headings, SF_COUNT(headings));
	for (size_t i = 0; i < show->obligation_count; i++) {
		if (!is_shown(&show->obligations[i]))
			continue;
		add_duty(&table, show, &show->obligations[i]);
		shown++;
	}
	int code = sf_table_end(&table, out, "  nothing is owed");
	if (show->obligation_count > shown)
		fprintf(out, "  %zu ended\n", show->obligation_count - shown);
	return code;
}
