#include "sim/scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

#define REPLY_SIZE_MAX ((size_t)64 * 1024 * 1024)
#define LINE_SIZE_MAX 512

bool sf_sim_wrong(struct sf_sim_scenario *scenario, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(scenario->why, sizeof(scenario->why), format, arguments);
	va_end(arguments);
	return false;
}

bool sf_sim_named(
	struct sf_sim_scenario *scenario, const char *name, struct sf_sim_machine **ret_machine)
{
	struct sf_sim_world *world = &scenario->world;
	for (size_t i = 0; name && i < world->machine_count; i++)
		if (strcmp(world->machines[i].name, name) == 0) {
			*ret_machine = &world->machines[i];
			return true;
		}
	return sf_sim_wrong(scenario, "no machine is called \"%s\"", name ? name : "");
}

void sf_sim_request(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_request *request)
{
	sf_arena_clear(&scenario->arena);
	scenario->reply = (struct sf_reply){.text = ""};
	scenario->err = sf_sim_call(machine, request, &scenario->arena, &scenario->reply);
	if (!scenario->err)
		scenario->err = scenario->reply.err;
}

/* "+90s", "-2d": milliseconds. */
bool sf_sim_span(const char *word, int64_t *ret_ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'s', SF_SECOND_MS}, {'m', SF_MINUTE_MS}, {'h', SF_HOUR_MS}, {'d', SF_DAY_MS}};
	if (!word || (word[0] != '+' && word[0] != '-'))
		return false;
	char *end;
	long long count = strtoll(word, &end, 10);
	for (size_t i = 0; i < SF_COUNT(units); i++)
		if (end > word + 1 && end[0] == units[i].unit && end[1] == '\0') {
			*ret_ms = count * units[i].ms;
			return true;
		}
	return false;
}

/* machine NAME ROLE [SOR GLN]; party NAME ROLE has no node of its own. */
static bool add_party(
	struct sf_sim_scenario *scenario, const struct sf_sim_line *line, bool has_node)
{
	enum sf_role role = line->count > 2 ? sf_role_from_text(line->words[2]) : SF_ROLE_NONE;
	if (role == SF_ROLE_NONE || (line->count != 3 && line->count != 5))
		return sf_sim_wrong(scenario, "say: %s NAME ROLE [SOR GLN]", line->words[0]);
	bool codes = line->count == 5;
	sf_sim_add(&scenario->world, role, line->words[1], codes ? line->words[3] : NULL,
		codes ? line->words[4] : NULL, has_node);
	return true;
}

static bool set_clock(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	struct sf_sim_machine *machine;
	int64_t jump_ms;
	if (line->count != 3 || !sf_sim_span(line->words[2], &jump_ms))
		return sf_sim_wrong(scenario, "say: clock NAME +2d");
	if (!sf_sim_named(scenario, line->words[1], &machine))
		return false;
	machine->skew_ms += jump_ms;
	return true;
}

/* "Sat 08:00": the next time that a clock on a Danish wall shows it. */
static bool read_wall_time(
	struct sf_sim_scenario *scenario, const char *day, const char *time, int64_t *ret_ms)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	int hour, minute, end = 0;
	if (!time || sscanf(time, "%2d:%2d%n", &hour, &minute, &end) != 2 || time[end] != '\0' ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	const struct sf_zone *zone = sf_sim_zone(&scenario->world);
	struct sf_local_time now = sf_zone_local(zone, scenario->world.now_ms);
	for (int32_t ahead = 0; ahead <= 7; ahead++) {
		int32_t weekday = sf_day_weekday(now.day + ahead);
		int64_t at_ms = sf_zone_instant(zone, now.day + ahead, 60 * hour + minute);
		if (strcmp(days[weekday], day) == 0 && at_ms > scenario->world.now_ms) {
			*ret_ms = at_ms;
			return true;
		}
	}
	return false;
}

/* region AGREEMENT: a hospital, a municipality and a practice that have signed it. */
static bool begin_region(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	static const struct {
		const char *name;
		enum sf_role role;
	} cast[] = {{"hospital", SF_ROLE_HOSPITAL}, {"municipality", SF_ROLE_MUNICIPALITY},
		{"practice", SF_ROLE_GP}};
	if (line->count != 2)
		return sf_sim_wrong(scenario, "say: region AGREEMENT");
	for (size_t i = 0; i < SF_COUNT(cast); i++) {
		sf_sim_add(&scenario->world, cast[i].role, cast[i].name, NULL, NULL, true);
		sf_sim_run_until(&scenario->world, scenario->world.now_ms + 10 * SF_SECOND_MS);
		struct sf_sim_machine *machine;
		if (!sf_sim_named(scenario, cast[i].name, &machine))
			return false;
		char name[32], verb[16], word[] = "agreement", agreement[64];
		snprintf(name, sizeof(name), "%s", cast[i].name);
		snprintf(verb, sizeof(verb), "%s", i == 0 ? "proposes" : "signs");
		snprintf(agreement, sizeof(agreement), "%s", line->words[1]);
		const struct sf_sim_line signing = {4, {name, verb, word, agreement}};
		if (!(i == 0 ? sf_sim_proposes : sf_sim_signs)(scenario, machine, &signing))
			return false;
		if (scenario->err)
			return sf_sim_wrong(scenario, "%s does not sign: %s", name,
				scenario->reply.text ? scenario->reply.text : "");
		sf_sim_run_until(&scenario->world, scenario->world.now_ms + 10 * SF_SECOND_MS);
	}
	return true;
}

/* case PATIENT: what follows is about this patient. */
static bool turn_to(struct sf_sim_scenario *scenario, const struct sf_sim_line *line)
{
	for (size_t i = 0; line->count == 2 && i < scenario->case_count; i++)
		if (strcmp(scenario->cases[i].name, line->words[1]) == 0) {
			scenario->now = &scenario->cases[i];
			return true;
		}
	return sf_sim_wrong(scenario, "say: case PATIENT, of whom somebody has spoken");
}

static bool run_line(struct sf_sim_scenario *scenario, struct sf_sim_line *line)
{
	if (strcmp(line->words[0], "at") == 0) {
		int64_t pause_ms, until_ms;
		size_t words = 2;
		if (sf_sim_span(line->words[1], &pause_ms) && pause_ms >= 0)
			until_ms = scenario->world.now_ms + pause_ms;
		else if (line->count > 2 &&
			 read_wall_time(scenario, line->words[1], line->words[2], &until_ms))
			words = 3;
		else
			return sf_sim_wrong(scenario, "say: at +10s ..., or at Sat 08:00 ...");
		sf_sim_run_until(&scenario->world, until_ms);
		line->count -= words;
		memmove(line->words, line->words + words, (line->count + 1) * sizeof(*line->words));
		return line->count == 0 || run_line(scenario, line);
	}
	if (strcmp(line->words[0], "region") == 0)
		return begin_region(scenario, line);
	if (strcmp(line->words[0], "case") == 0)
		return turn_to(scenario, line);
	if (strcmp(line->words[0], "machine") == 0)
		return add_party(scenario, line, true);
	if (strcmp(line->words[0], "party") == 0)
		return add_party(scenario, line, false);
	if (strcmp(line->words[0], "clock") == 0)
		return set_clock(scenario, line);
	if (strcmp(line->words[0], "expect") == 0) {
		scenario->expectations++;
		line->count--;
		memmove(line->words, line->words + 1, (line->count + 1) * sizeof(*line->words));
		return sf_sim_expect(scenario, line);
	}
	return sf_sim_act(scenario, line);
}

/* Words are parted by blanks; a # begins a comment. False: too many words. */
static bool split(char *text, struct sf_sim_line *ret_line)
{
	*ret_line = (struct sf_sim_line){0};
	char *comment = strchr(text, '#');
	if (comment)
		*comment = '\0';
	for (char *at = text;;) {
		at += strspn(at, " \t\r\n");
		if (*at == '\0')
			return true;
		if (ret_line->count == SF_SIM_WORDS_MAX)
			return false;
		ret_line->words[ret_line->count++] = at;
		at += strcspn(at, " \t\r\n");
		if (*at != '\0')
			*at++ = '\0';
	}
}

static void open_scenario(struct sf_sim_scenario *scenario)
{
	static const struct sf_sim_plan nobody = {.hospitals = 0};
	sf_sim_open(&scenario->world, 1, &nobody);
	sf_arena_init(&scenario->arena, REPLY_SIZE_MAX);
	sf_buf_init(&scenario->acknowledgement, SF_CLINICAL_SIZE_MAX);
}

static void close_scenario(struct sf_sim_scenario *scenario)
{
	for (size_t i = 0; i < scenario->case_count; i++)
		sf_buf_fini(&scenario->cases[i].letter);
	sf_buf_fini(&scenario->acknowledgement);
	sf_arena_fini(&scenario->arena);
	sf_sim_close(&scenario->world);
	free(scenario);
}

/* A scenario that tells nobody what it shows, or expects nothing, is no scenario. */
static bool play_lines(struct sf_sim_scenario *scenario, FILE *file, size_t *line_number)
{
	char text[LINE_SIZE_MAX];
	size_t prose = 0;
	while (fgets(text, sizeof(text), file)) {
		++*line_number;
		bool comment = text[0] == '#';
		prose += comment;
		struct sf_sim_line line;
		if (!split(text, &line))
			return sf_sim_wrong(scenario, "too many words");
		if (line.count == 0)
			continue;
		if (prose < 2)
			return sf_sim_wrong(scenario, "begin with a paragraph of prose");
		if (!run_line(scenario, &line))
			return false;
	}
	return scenario->expectations > 0 || sf_sim_wrong(scenario, "nothing is expected");
}

bool sf_sim_play(const char *path)
{
	FILE *file = fopen(path, "r");
	if (!file) {
		fprintf(stderr, "%s: cannot be opened\n", path);
		return false;
	}
	struct sf_sim_scenario *scenario = calloc(1, sizeof(*scenario));
	SF_ASSERT(scenario);
	open_scenario(scenario);
	size_t line_number = 0;
	bool good = play_lines(scenario, file, &line_number);
	if (!good)
		fprintf(stderr, "%s:%zu: %s\n", path, line_number, scenario->why);
	close_scenario(scenario);
	fclose(file);
	return good;
}
