/*
 * Readable replays (scenarios/<name>.scn): what people and machines do in a small region, line by
 * line, and what must then be true. README.md lists the words. Opened by a paragraph of comment
 * that says in plain language what is shown.
 */
#ifndef SF_SIM_SCENARIO_H
#define SF_SIM_SCENARIO_H

#include "sim/letters.h"

#define SF_SIM_CASES_MAX 8
#define SF_SIM_WORDS_MAX 24

/* A patient of the scenario and what was last done about it. */
struct sf_sim_case {
	char name[24];
	struct sf_sim_patient patient;
	bool has_step;
	struct sf_sim_step step;       /* of the last letter */
	struct sf_sim_machine *sender; /* borrowed: of the last letter */
	const char *content_type;
	struct sf_buf letter; /* owned: the last one's bytes */
	struct sf_id message, transition;
	struct sf_id said[SF_SIM_MACHINES_MAX]; /* each machine's last answer or offer */
	uint32_t plan_version;                  /* of the last plan */
};

struct sf_sim_scenario {
	struct sf_sim_world world;
	size_t case_count;
	struct sf_sim_case cases[SF_SIM_CASES_MAX];
	struct sf_sim_case *now; /* borrowed: the case last spoken of */
	struct sf_arena arena;   /* of the last reply */
	enum sf_err err;         /* of the last request: the machine's, then the reply's */
	struct sf_reply reply;
	struct sf_buf acknowledgement; /* owned: the last one that was looked at */
	size_t expectations;           /* lines that expect something */
	char why[256];                 /* what does not hold, or cannot be read */
};

/* One line's words; the last is followed by NULL. */
struct sf_sim_line {
	size_t count;
	char *words[SF_SIM_WORDS_MAX + 1];
};

/* False when the word is not that of a machine. */
bool sf_sim_named(
	struct sf_sim_scenario *scenario, const char *name, struct sf_sim_machine **ret_machine);
bool sf_sim_wrong(struct sf_sim_scenario *scenario, const char *format, ...) SF_PRINTF(2, 3);
/* A reply that lives until the next request. */
void sf_sim_request(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_request *request);

/* scenario_act.c: "hospital sends STIN to municipality". False: scenario->why says what is wrong.
 */
bool sf_sim_act(struct sf_sim_scenario *scenario, const struct sf_sim_line *line);
/* scenario_expect.c: "expect inbox municipality 1", without its first word. */
bool sf_sim_expect(struct sf_sim_scenario *scenario, const struct sf_sim_line *line);

/* scenario_say.c: "hospital plans ...", "municipality answers ...". */
bool sf_sim_says(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line, bool *ret_is_saying);
bool sf_sim_binds(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line);
bool sf_sim_proposes(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line);
bool sf_sim_signs(struct sf_sim_scenario *scenario, struct sf_sim_machine *machine,
	const struct sf_sim_line *line);

/* scenario_course.c: "expect state ready at all" and its like; ret_known: it is one of these. */
bool sf_sim_expect_course(
	struct sf_sim_scenario *scenario, const struct sf_sim_line *line, bool *ret_known);
/* The newest obligation of this duty, or of the clause of this name. NULL when there is none. */
const struct sf_obligation *sf_sim_obligation(
	const struct sf_transition *transition, const char *name);

/* "+90s", "-2d": milliseconds. */
bool sf_sim_span(const char *word, int64_t *ret_ms);

/* scenario.c: plays a file; prints file:line and why to stderr when something does not hold. */
bool sf_sim_play(const char *path);

#endif
