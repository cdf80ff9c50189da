/*
 * Facts of planning a discharge: DOMAIN.md sections 2 and 4. Part of core/fact.h.
 *
 * Times are UTC milliseconds. Numbers are on the wire and never reused.
 */
#ifndef SF_CORE_FACT_PLAN_H
#define SF_CORE_FACT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "core/role.h"

/* clang-format off */

/* Psykiatriloven § 13 a: does the patient need a discharge agreement, or decline one? */
#define SF_ASSESSMENT_LIST(X) \
	X(SF_ASSESSMENT_NEEDED,     1, "needed") \
	X(SF_ASSESSMENT_NOT_NEEDED, 2, "not-needed") \
	X(SF_ASSESSMENT_DECLINED,   3, "declined")

#define SF_CONFIDENCE_LIST(X) \
	X(SF_CONFIDENCE_LOW,    1, "low") \
	X(SF_CONFIDENCE_MEDIUM, 2, "medium") \
	X(SF_CONFIDENCE_HIGH,   3, "high")

#define SF_PLAN_ANSWER_LIST(X) \
	X(SF_PLAN_ANSWER_ACCEPT,   1, "accept") \
	X(SF_PLAN_ANSWER_LATER,    2, "later") \
	X(SF_PLAN_ANSWER_CANNOT,   3, "cannot") \
	X(SF_PLAN_ANSWER_NOT_OURS, 4, "not-ours") \
	X(SF_PLAN_ANSWER_NO_CASE,  5, "no-case")

/* Why a municipality cannot receive the citizen (kan ikke modtage). */
#define SF_CANNOT_LIST(X) \
	X(SF_CANNOT_CAPACITY,   1, "no-capacity") \
	X(SF_CANNOT_DEVICES,    2, "assistive-devices-missing") \
	X(SF_CANNOT_COMPETENCE, 3, "competence-missing") \
	X(SF_CANNOT_NOT_READY,  4, "patient-not-ready") \
	X(SF_CANNOT_OTHER,      9, "other")

/* clang-format on */

#define X(name, value, text) name = (value),
enum sf_assessment_code { SF_ASSESSMENT_NONE = 0, SF_ASSESSMENT_LIST(X) };
enum sf_confidence { SF_CONFIDENCE_NONE = 0, SF_CONFIDENCE_LIST(X) };
enum sf_plan_answer_code { SF_PLAN_ANSWER_NONE = 0, SF_PLAN_ANSWER_LIST(X) };
enum sf_cannot { SF_CANNOT_NONE = 0, SF_CANNOT_LIST(X) };
#undef X

/* The texts above; "unknown" for a number without a name. Never NULL. */
const char *sf_assessment_text(enum sf_assessment_code code);
const char *sf_confidence_text(enum sf_confidence confidence);
const char *sf_plan_answer_text(enum sf_plan_answer_code code);
const char *sf_cannot_text(enum sf_cannot cannot);
/* The number of the word; the NONE of its list when there is no such word. */
enum sf_assessment_code sf_assessment_from_text(const char *text);
enum sf_confidence sf_confidence_from_text(const char *text);
enum sf_plan_answer_code sf_plan_answer_from_text(const char *text);
enum sf_cannot sf_cannot_from_text(const char *text);

/* A discharge is decided and its documents are to come: finds letters never sent. Hospital. */
struct sf_intent {
	int64_t expected_ms; /* when notice and documents are expected at the latest */
};

/* Hospital (psychiatry). */
struct sf_assessment {
	enum sf_assessment_code code;
};

/* An uncertain time: somewhere in from_ms..until_ms. Both 0: not said. */
struct sf_interval {
	int64_t from_ms;
	int64_t until_ms; /* never before from_ms */
	enum sf_confidence confidence;
};

/* Of the plans recorded the one with the highest version rules (then created, message id). */
struct sf_plan {
	uint32_t version; /* from 1 */
	struct sf_interval ready;
	struct sf_interval discharge;
};

/* Answers the plan that in_reply_to names, else the one in force. Municipality. */
struct sf_plan_answer {
	enum sf_plan_answer_code code;
	int64_t ready_from_ms; /* accept, later: from when the municipality can receive; 0 else */
	enum sf_cannot reason; /* cannot; 0 else */
	enum sf_role refer_to_role; /* cannot, not-ours: a direction is a duty (R4) */
	struct sf_id refer_to_party;
};

/* Declared færdigbehandlet by a doctor of the hospital, with date and time. */
struct sf_ready {
	int64_t ready_ms;
	bool duties_done; /* the hospital's own duties do not hinder taking the patient home */
};

/* The discharge time that its author confirms; both sides must name the same. */
struct sf_agree {
	int64_t discharge_ms;
};

/* The citizen is home, or in the bed. Municipality. */
struct sf_arrived {
	int64_t arrived_ms;
};

#endif
