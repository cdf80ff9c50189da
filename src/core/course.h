/*
 * The course of a discharge [forløb]: plan, answer, readiness, agreed time and what people have
 * said about it (DOMAIN.md sections 2 and 4). A view of a transition; only its step changes it.
 *
 * The plan in force is a function of the set of plan facts: version, then created, then message id,
 * whatever the order of arrival. The rest folds in transition sequence.
 */
#ifndef SF_CORE_COURSE_H
#define SF_CORE_COURSE_H

#include "core/message.h"

#define SF_DISPUTES_MAX 8
#define SF_READY_PERIODS_MAX 8

struct sf_open_dispute {
	struct sf_id message;
	struct sf_id author;
	struct sf_id about; /* message contested; none */
	enum sf_dispute_code code;
	int64_t since_ms; /* recorded */
};

/* From ready until it was withdrawn or the patient left: days of the payment clock. */
struct sf_ready_period {
	int64_t from_ms;
	int64_t until_ms; /* INT64_MAX while it runs */
};

struct sf_course {
	struct sf_id plan_message; /* none: no plan is in force */
	struct sf_plan plan;
	int64_t plan_created_ms;
	int64_t plan_recorded_ms;   /* of the version in force */
	int64_t first_plan_ms;      /* recorded time of the first plan; 0 none */
	uint32_t plan_count;        /* versions recorded */
	uint32_t late_change_count; /* plans or times changed after the cut-off hour */

	struct sf_id answer_message; /* none: the plan in force is not answered */
	struct sf_plan_answer answer;
	int64_t answered_ms; /* recorded */
	bool no_case;        /* until a later plan, offer or parties fact */
	struct sf_id no_case_party;

	struct sf_id ready_message; /* none: not ready, or withdrawn */
	struct sf_ready ready;
	size_t ready_period_count;
	struct sf_ready_period ready_periods[SF_READY_PERIODS_MAX];

	int64_t hospital_agrees_ms;     /* discharge time; 0 not said */
	int64_t municipality_agrees_ms; /* both equal and not 0: AGREED */

	struct sf_id intent_message; /* none: no discharge is announced */
	int64_t intent_expected_ms;
	enum sf_assessment_code assessment;
	int64_t arrived_ms;  /* 0 not said */
	int64_t fallback_ms; /* recorded time of the newest call; 0 none */

	size_t dispute_count; /* open ones: overlay CONTESTED */
	struct sf_open_dispute disputes[SF_DISPUTES_MAX];

	bool silent;          /* overlay SILENT, until the next fact */
	int64_t last_fact_ms; /* recorded time of the newest fact of a party */

	bool closed;                   /* derived, by hand, or continued elsewhere */
	struct sf_id closed_by;        /* message */
	enum sf_close_code close_code; /* by hand; 0 derived or continued */
	int64_t closed_ms;
	enum sf_link_kind link;
	struct sf_id linked; /* the other transition */
};

#endif
