/* What a scenario expects of the course: states, duties, windows, clocks, and what people see. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/derived.h"
#include "core/next.h"
#include "sim/scenario.h"
#include "sim/story.h"

#define ROWS_MAX 100

const struct sf_obligation *sf_sim_obligation(
	const struct sf_transition *transition, const char *name)
{
	size_t count;
	const struct sf_obligation *obligations = sf_transition_obligations(transition, &count);
	const struct sf_pathway_terms *terms = sf_transition_terms(transition);
	for (size_t i = count; i-- > 0;) {
		const struct sf_clause *clause =
			terms ? sf_pathway_clause(terms, obligations[i].clause) : NULL;
		bool named = clause && strcmp(clause->name, name) == 0;
		if (named || strcmp(sf_duty_text(obligations[i].duty), name) == 0)
			return &obligations[i];
	}
	return NULL;
}

static bool differs(struct sf_sim_scenario *scenario, const struct sf_sim_machine *machine,
	const char *expected, const char *found)
{
	return sf_sim_wrong(scenario, "%s: expected %s, found %s", machine->name, expected, found);
}

/* "Sat 23:59" of the zone of Denmark; "never". */
static void show_time(struct sf_sim_scenario *scenario, int64_t time_ms, char ret_text[24])
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	if (time_ms == SF_NEVER_MS) {
		snprintf(ret_text, 24, "never");
		return;
	}
	struct sf_local_time local = sf_zone_local(sf_sim_zone(&scenario->world), time_ms);
	snprintf(ret_text, 24, "%s_%02d:%02d", days[sf_day_weekday(local.day)],
		(int)(local.minute / 60), (int)(local.minute % 60));
}

typedef void shower(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size);

/* The word that each observer must show, at NAME or at all who know the transition. */
static bool expect_shown(struct sf_sim_scenario *scenario, const char *name, const char *expected,
	const char *where, shower *show)
{
	struct sf_sim_world *world = &scenario->world;
	size_t seen = 0;
	for (size_t i = 0; i < world->machine_count; i++) {
		struct sf_sim_machine *machine = &world->machines[i];
		bool meant = strcmp(where, "all") == 0 || strcmp(where, machine->name) == 0;
		const struct sf_transition *transition =
			meant ? sf_sim_replica(machine, scenario->now->transition) : NULL;
		if (!transition)
			continue;
		char found[96];
		show(scenario, transition, name, found, sizeof(found));
		if (strcmp(found, expected) != 0)
			return differs(scenario, machine, expected, found);
		seen++;
	}
	return seen > 0 || sf_sim_wrong(scenario, "nobody knows the transition");
}

static void show_state(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	(void)scenario;
	(void)name;
	snprintf(ret_text, size, "%s", sf_transition_state_text(sf_transition_state(transition)));
}

static void show_duty(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	(void)scenario;
	const struct sf_obligation *found = sf_sim_obligation(transition, name);
	snprintf(ret_text, size, "%s",
		found ? sf_task_state_text(sf_obligation_shown(found)) : "none");
}

static void show_due(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	const struct sf_obligation *found = sf_sim_obligation(transition, name);
	char text[24] = "none";
	if (found)
		show_time(scenario, found->due_ms, text);
	snprintf(ret_text, size, "%s", text);
}

static void show_window(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	(void)scenario;
	(void)name;
	size_t count;
	const struct sf_window *windows = sf_transition_windows(transition, &count);
	snprintf(ret_text, size, "%s",
		count > 0 ? sf_window_state_text(windows[count - 1].state) : "none");
}

static void show_deviation(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	(void)scenario;
	size_t count;
	const struct sf_deviation *deviations = sf_transition_deviations(transition, &count);
	const char *found = "none";
	for (size_t i = 0; i < count; i++)
		if (strcmp(sf_refusal_code(deviations[i].code), name) == 0)
			found = "recorded";
	snprintf(ret_text, size, "%s", found);
}

/* "obligation:hospital": what, and the role that must. */
static void show_next(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	(void)name;
	struct sf_next next = sf_transition_next(transition, scenario->world.now_ms);
	snprintf(ret_text, size, "%s:%s", sf_next_text(next.what),
		next.role == SF_ROLE_NONE ? "people" : sf_role_text(next.role));
}

static void show_overlay(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	(void)scenario;
	const struct sf_course *course = sf_transition_course(transition);
	bool on = strcmp(name, "contested") == 0 ? course->dispute_count > 0 : course->silent;
	snprintf(ret_text, size, "%s", on ? "on" : "off");
}

static void show_link(struct sf_sim_scenario *scenario, const struct sf_transition *transition,
	const char *name, char *ret_text, size_t size)
{
	(void)scenario;
	(void)name;
	const struct sf_course *course = sf_transition_course(transition);
	snprintf(ret_text, size, "%s", course->link ? sf_link_text(course->link) : "none");
}

/* board NAME has|lacks NAME-OF-DUTY|what: a machine's own list, or the region's */
static bool expect_board(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct sf_sim_machine *machine;
	if (!sf_sim_named(scenario, line->words[1], &machine))
		return false;
	const struct sf_request request = {.kind = SF_REQUEST_BOARD,
		.board = {.party = "",
			.only_overdue = strcmp(line->words[0], "overdue") == 0,
			.count_max = ROWS_MAX}};
	sf_sim_request(scenario, machine, &request);
	if (scenario->err)
		return sf_sim_wrong(scenario, "%s does not answer", machine->name);
	bool has = false;
	for (size_t i = 0; i < scenario->reply.board.row_count; i++) {
		const struct sf_board_row *row = &scenario->reply.board.rows[i];
		const char *duty = row->duty ? sf_duty_text(row->duty) : "";
		has = has || strcmp(line->words[3], row->name ? row->name : "") == 0 ||
		      strcmp(line->words[3], duty) == 0 ||
		      strcmp(line->words[3], sf_next_text(row->next)) == 0 ||
		      strcmp(line->words[3], sf_board_text(row->what)) == 0;
	}
	bool wanted = strcmp(line->words[2], "has") == 0;
	return has == wanted || sf_sim_wrong(scenario, "%s: its list %s %s", machine->name,
					has ? "has" : "lacks", line->words[3]);
}

bool sf_sim_expect_course(
	struct sf_sim_scenario *scenario, const struct sf_sim_line *line, bool *ret_known)
{
	char *const *words = line->words;
	*ret_known = true;
	if (strcmp(words[0], "state") == 0 && line->count == 4)
		return expect_shown(scenario, "", words[1], words[3], show_state);
	if (strcmp(words[0], "duty") == 0 && line->count == 5)
		return expect_shown(scenario, words[1], words[2], words[4], show_duty);
	if (strcmp(words[0], "due") == 0 && line->count == 5)
		return expect_shown(scenario, words[1], words[2], words[4], show_due);
	if (strcmp(words[0], "window") == 0 && line->count == 4)
		return expect_shown(scenario, "", words[1], words[3], show_window);
	if (strcmp(words[0], "deviation") == 0 && line->count == 4)
		return expect_shown(scenario, words[1], "recorded", words[3], show_deviation);
	if (strcmp(words[0], "no-deviation") == 0 && line->count == 4)
		return expect_shown(scenario, words[1], "none", words[3], show_deviation);
	if (strcmp(words[0], "next") == 0 && line->count == 4)
		return expect_shown(scenario, "", words[1], words[3], show_next);
	if (strcmp(words[0], "overlay") == 0 && line->count == 5)
		return expect_shown(scenario, words[1], words[2], words[4], show_overlay);
	if (strcmp(words[0], "link") == 0 && line->count == 4)
		return expect_shown(scenario, "", words[1], words[3], show_link);
	if ((strcmp(words[0], "board") == 0 || strcmp(words[0], "overdue") == 0) &&
		line->count == 4)
		return expect_board(scenario, line);
	*ret_known = false;
	return true;
}
