/*
 * An agreement for tests, as DOMAIN.md section 7 prints it, and words for what it asks. Winter time
 * (UTC+1); the hospital H, the municipality K and the GP G have accepted it, L has not.
 */
#ifndef TESTS_UNIT_CORE_TERMS_H
#define TESTS_UNIT_CORE_TERMS_H

#include "core/next.h"
#include "unit/core/scene.h"

/* As printed; a test may change what it gets, before scene_open_by(scene, terms_book()). */
struct sf_agreement *terms_write(void);
struct sf_pathway_terms *terms_somatic(void);
const struct sf_agreement_book *terms_book(void);
/* After terms_book(): the party accepted it then, or ends it then. */
void terms_accept_later(char letter, int64_t from_ms);
void terms_accept_until(char letter, int64_t until_ms);
struct sf_expectation *terms_expectation(const char *name);

/* "18 11:30": that day of November 2026 by the clock on the wall. The scene begins 18 12:06. */
int64_t terms_time(const char *day_and_time);
#define TERMS_HOURS(hours)                                                                         \
	{                                                                                          \
		1,                                                                                 \
		{                                                                                  \
			{                                                                          \
				SF_DEADLINE_MINUTES, 60 * (hours), 0, -1                           \
			}                                                                          \
		}                                                                                  \
	}

/* Parties H, K and G, and a bed: the stay begins at the scene's start. */
void terms_admit(struct scene *scene, bool report_requested);
/* Discharged home at the scene's time; the id of the discharge. */
struct sf_id terms_discharge(struct scene *scene);

struct sf_id terms_letter(
	struct scene *scene, char author, enum sf_letter_code code, enum sf_mark mark);
/* A plan that says the discharge is until then; version as given. */
struct sf_id terms_plan(struct scene *scene, uint32_t version, int64_t until_ms);
uint16_t terms_answer_plan(struct scene *scene, enum sf_plan_answer_code code);
/* A step of an obligation; due and hold are 0. fact may be changed by the caller before. */
struct sf_message terms_task(struct scene *scene, char author, enum sf_task_action action,
	struct sf_id subject, enum sf_duty duty);
/* Requested by author of the role, due then. */
struct sf_id terms_request(
	struct scene *scene, char author, enum sf_duty duty, enum sf_role owner, int64_t due_ms);
uint16_t terms_say(struct scene *scene, char author, enum sf_kind kind, struct sf_id in_reply_to);
uint16_t terms_window(
	struct scene *scene, char author, enum sf_window_action action, int64_t until_ms);

/* The newest obligation of that clause, or of that duty; NULL when there is none. */
const struct sf_obligation *terms_owed(const struct scene *scene, const char *clause_name);
const struct sf_obligation *terms_duty(const struct scene *scene, enum sf_duty duty);
/* "requested", "expired" ... of the newest of that clause; "none". */
const char *terms_state(const struct scene *scene, const char *clause_name);
bool terms_deviated(const struct scene *scene, enum sf_refusal code);

#endif
