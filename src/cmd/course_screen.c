/* Who takes part, where the patient is, plan and readiness, as rows of the screen's heading. */
#include <string.h>

#include "cmd/print_json.h"
#include "cmd/transition_screen.h"

void sf_member_rows_add(struct sf_table *table, const struct sf_reply_transition *show)
{
	for (size_t i = 0; i < show->member_count; i++) {
		const struct sf_member_row *row = &show->members[i];
		bool bound = row->state == SF_BINDING_PARTY;
		sf_table_cell(table, "  %s", row->role ? sf_role_text(row->role) : "also told");
		sf_table_cell(table, "%s%s%s%s", sf_show_party(row->name, row->party).text,
			bound ? "" : " (", bound ? "" : sf_binding_word(row->state),
			bound ? "" : ")");
	}
}

/* ", arrived Fri 27 Nov 15:00"; nothing when it is not known. */
static void add_time(struct sf_words *words, const char *what, int64_t time_ms, int64_t now_ms)
{
	if (time_ms)
		sf_words_add(words, "%s%s%s", words->text[0] ? ", " : "", what,
			sf_show_day(time_ms, now_ms).text);
}

static void add_row(struct sf_table *table, const char *label, const struct sf_words *words)
{
	if (!words->text[0])
		return;
	sf_table_cell(table, "  %s", label);
	sf_table_cell(table, "%s", words->text);
}

static void add_patient(struct sf_table *table, const struct sf_reply_transition *show, bool all)
{
	struct sf_words words = {""};
	bool dead = show->row.stay == SF_STAY_DEAD;
	sf_words_add(&words, "%s", sf_stay_state_text(show->row.stay));
	if (show->stay_since_ms)
		sf_words_add(
			&words, " since %s", sf_show_day(show->stay_since_ms, show->as_of_ms).text);
	if (show->discharged_ms != show->stay_since_ms || all)
		add_time(&words, dead ? "died " : "discharged ", show->discharged_ms,
			show->as_of_ms);
	add_time(&words, "arrived ", show->course.arrived_ms, show->as_of_ms);
	if (show->admitted_ms != show->stay_since_ms || all)
		add_time(&words, "admitted ", show->admitted_ms, show->as_of_ms);
	if (show->report_requested && (all || !show->discharged_ms))
		sf_words_add(&words, ", admission report requested");
	if (all)
		add_time(&words, "opened ", show->row.opened_ms, show->as_of_ms);
	add_row(table, "patient", &words);
}

static void add_span(
	struct sf_words *words, const char *what, int64_t from_ms, int64_t until_ms, int64_t now_ms)
{
	if (from_ms || until_ms)
		sf_words_add(words, "%s%s %s", words->text[0] ? ", " : "", what,
			sf_show_span(from_ms, until_ms, now_ms).text);
}

static void add_plan(struct sf_table *table, const struct sf_course_row *course, int64_t now_ms)
{
	enum sf_confidence ready = course->ready_confidence, home = course->discharge_confidence;
	struct sf_words words = {""}, label = {""};
	sf_words_add(&label, "plan %u", (unsigned)course->plan_version);
	add_span(&words, "ready", course->ready_from_ms, course->ready_until_ms, now_ms);
	if (ready && ready != home)
		sf_words_add(&words, ", %s confidence", sf_confidence_text(ready));
	add_span(&words, "leaves", course->discharge_from_ms, course->discharge_until_ms, now_ms);
	if (home)
		sf_words_add(&words, ", %s confidence", sf_confidence_text(home));
	add_row(table, label.text, &words);
}

static void add_answer(struct sf_table *table, const struct sf_course_row *course, int64_t now_ms)
{
	struct sf_words words = {""};
	if (course->answer == SF_PLAN_ANSWER_NONE)
		sf_words_add(&words, "not answered yet");
	else
		sf_words_add(&words, "%s", sf_plan_answer_text(course->answer));
	add_time(&words, "from ", course->answer_ready_from_ms, now_ms);
	if (course->reason)
		sf_words_add(&words, ", %s", sf_cannot_text(course->reason));
	if (!sf_id_is_none(course->refer_to_party))
		sf_words_add(&words, ", to %s",
			sf_show_party(course->refer_to_name, course->refer_to_party).text);
	else if (course->refer_to_role)
		sf_words_add(&words, ", to %s", sf_role_text(course->refer_to_role));
	add_row(table, "answer", &words);
}

static void add_discharge(
	struct sf_table *table, const struct sf_course_row *course, int64_t now_ms)
{
	struct sf_words words = {""};
	add_time(&words, "ready since ", course->ready_ms, now_ms);
	if (course->hospital_agrees_ms == course->municipality_agrees_ms) {
		add_time(&words, "agreed for ", course->hospital_agrees_ms, now_ms);
	} else {
		add_time(&words, "the hospital says ", course->hospital_agrees_ms, now_ms);
		add_time(&words, "the municipality says ", course->municipality_agrees_ms, now_ms);
	}
	add_time(&words, "letters by ", course->intent_ms, now_ms);
	if (course->assessment)
		sf_words_add(&words, "%sdischarge agreement %s", words.text[0] ? ", " : "",
			sf_assessment_text(course->assessment));
	add_row(table, "discharge", &words);
}

/* What lies over the course and needs people, or ends it. */
static void add_overlays(struct sf_table *table, const struct sf_course_row *course)
{
	struct sf_words contested = {""}, silent = {""}, no_case = {""}, closed = {""};
	struct sf_words linked = {""};
	if (course->dispute_count)
		sf_words_add(&contested, "%u open dispute%s, the holder keeps what it has",
			(unsigned)course->dispute_count, course->dispute_count == 1 ? "" : "s");
	if (course->silent)
		sf_words_add(&silent, "something is owed and nothing happens");
	if (course->no_case)
		sf_words_add(&no_case, "the municipality has nothing to do with this citizen");
	if (course->close_code)
		sf_words_add(&closed, "by hand: %s", sf_close_text(course->close_code));
	if (course->link)
		sf_words_add(&linked, "%s %s", sf_link_text(course->link),
			sf_show_id(course->linked).text);
	add_row(table, "CONTESTED", &contested);
	add_row(table, "SILENT", &silent);
	add_row(table, "no case", &no_case);
	add_row(table, "closed", &closed);
	add_row(table, "linked", &linked);
}

/* Once the patient has left, what was planned is settled. */
static bool is_planned(const struct sf_reply_transition *show)
{
	enum sf_stay_state stay = show->row.stay;
	return show->row.state != SF_TRANSITION_CLOSED &&
	       (stay == SF_STAY_NONE || stay == SF_STAY_IN_HOSPITAL || stay == SF_STAY_ON_LEAVE);
}

void sf_course_rows_add(struct sf_table *table, const struct sf_reply_transition *show, bool all)
{
	const struct sf_course_row *course = &show->course;
	bool planned = all || is_planned(show);
	add_patient(table, show, all);
	if (planned && course->plan_version) {
		add_plan(table, course, show->as_of_ms);
		add_answer(table, course, show->as_of_ms);
	}
	if (planned)
		add_discharge(table, course, show->as_of_ms);
	add_overlays(table, course);
}
