#include "core/fact.h"

#include <string.h>

/*
 * Each list of words in both directions. A number of a later version is "unknown", never a crash;
 * a word that the list does not have is its NONE.
 */
#define TEXT_CASE(name, value, text)                                                               \
	case name:                                                                                 \
		return text;
#define TEXT_IS(name, value, word)                                                                 \
	if (strcmp(text, word) == 0)                                                               \
		return name;

#define TEXT_OF(function, type, LIST, absent)                                                      \
	const char *function(type number)                                                          \
	{                                                                                          \
		switch ((uint32_t)number) {                                                        \
			LIST(TEXT_CASE)                                                            \
		}                                                                                  \
		return absent;                                                                     \
	}
#define FROM_TEXT(function, type, LIST, none)                                                      \
	type function(const char *text)                                                            \
	{                                                                                          \
		LIST(TEXT_IS)                                                                      \
		return none;                                                                       \
	}

/* clang-format off */
TEXT_OF(sf_role_text, enum sf_role, SF_ROLE_LIST, "unknown")
TEXT_OF(sf_domain_text, enum sf_domain, SF_DOMAIN_LIST, "unknown")
TEXT_OF(sf_kind_text, uint32_t, SF_KIND_LIST, "unknown")
TEXT_OF(sf_activity_text, enum sf_activity, SF_ACTIVITY_LIST, "unknown")
TEXT_OF(sf_mode_text, enum sf_mode, SF_MODE_LIST, "unknown")
TEXT_OF(sf_stay_class_text, enum sf_stay_class, SF_STAY_CLASS_LIST, "unknown")
TEXT_OF(sf_ack_text, enum sf_ack, SF_ACK_LIST, "unknown")
TEXT_OF(sf_pathway_text, enum sf_pathway, SF_PATHWAY_LIST, "unknown")
TEXT_OF(sf_ack_code_text, uint32_t, SF_ACK_CODE_LIST, "unknown")
TEXT_OF(sf_assessment_text, enum sf_assessment_code, SF_ASSESSMENT_LIST, "unknown")
TEXT_OF(sf_confidence_text, enum sf_confidence, SF_CONFIDENCE_LIST, "unknown")
TEXT_OF(sf_plan_answer_text, enum sf_plan_answer_code, SF_PLAN_ANSWER_LIST, "unknown")
TEXT_OF(sf_cannot_text, enum sf_cannot, SF_CANNOT_LIST, "unknown")
TEXT_OF(sf_letter_text, enum sf_letter_code, SF_LETTER_LIST, "unknown")
TEXT_OF(sf_mark_text, enum sf_mark, SF_MARK_LIST, "none")
TEXT_OF(sf_reader_role_text, enum sf_reader_role, SF_READER_ROLE_LIST, "unknown")
TEXT_OF(sf_purpose_text, enum sf_purpose, SF_PURPOSE_LIST, "unknown")
TEXT_OF(sf_ground_text, enum sf_ground, SF_GROUND_LIST, "unknown")
TEXT_OF(sf_duty_text, enum sf_duty, SF_DUTY_LIST, "unknown")
TEXT_OF(sf_task_action_text, enum sf_task_action, SF_TASK_ACTION_LIST, "unknown")
TEXT_OF(sf_task_state_text, enum sf_task_state, SF_TASK_STATE_LIST, "unknown")
TEXT_OF(sf_window_action_text, enum sf_window_action, SF_WINDOW_ACTION_LIST, "unknown")
TEXT_OF(sf_dispute_text, enum sf_dispute_code, SF_DISPUTE_LIST, "unknown")
TEXT_OF(sf_close_text, enum sf_close_code, SF_CLOSE_LIST, "unknown")
TEXT_OF(sf_link_text, enum sf_link_kind, SF_LINK_LIST, "unknown")

FROM_TEXT(sf_role_from_text, enum sf_role, SF_ROLE_LIST, SF_ROLE_NONE)
FROM_TEXT(sf_domain_from_text, enum sf_domain, SF_DOMAIN_LIST, SF_DOMAIN_COUNT)
FROM_TEXT(sf_kind_from_text, uint32_t, SF_KIND_LIST, SF_KIND_NONE)
FROM_TEXT(sf_activity_from_text, enum sf_activity, SF_ACTIVITY_LIST, SF_ACTIVITY_NONE)
FROM_TEXT(sf_mode_from_text, enum sf_mode, SF_MODE_LIST, SF_MODE_NONE)
FROM_TEXT(sf_pathway_from_text, enum sf_pathway, SF_PATHWAY_LIST, SF_PATHWAY_NONE)
FROM_TEXT(sf_assessment_from_text, enum sf_assessment_code, SF_ASSESSMENT_LIST, SF_ASSESSMENT_NONE)
FROM_TEXT(sf_confidence_from_text, enum sf_confidence, SF_CONFIDENCE_LIST, SF_CONFIDENCE_NONE)
FROM_TEXT(sf_plan_answer_from_text, enum sf_plan_answer_code, SF_PLAN_ANSWER_LIST, SF_PLAN_ANSWER_NONE)
FROM_TEXT(sf_cannot_from_text, enum sf_cannot, SF_CANNOT_LIST, SF_CANNOT_NONE)
FROM_TEXT(sf_letter_from_text, enum sf_letter_code, SF_LETTER_LIST, SF_LETTER_NONE)
FROM_TEXT(sf_mark_from_text, enum sf_mark, SF_MARK_LIST, SF_MARK_NONE)
FROM_TEXT(sf_duty_from_text, enum sf_duty, SF_DUTY_LIST, SF_DUTY_NONE)
FROM_TEXT(sf_task_action_from_text, enum sf_task_action, SF_TASK_ACTION_LIST, SF_TASK_ACTION_NONE)
FROM_TEXT(sf_task_state_from_text, enum sf_task_state, SF_TASK_STATE_LIST, SF_TASK_STATE_NONE)
FROM_TEXT(sf_window_action_from_text, enum sf_window_action, SF_WINDOW_ACTION_LIST, SF_WINDOW_ACTION_NONE)
FROM_TEXT(sf_dispute_from_text, enum sf_dispute_code, SF_DISPUTE_LIST, SF_DISPUTE_NONE)
FROM_TEXT(sf_close_from_text, enum sf_close_code, SF_CLOSE_LIST, SF_CLOSE_NONE)
FROM_TEXT(sf_reader_role_from_text, enum sf_reader_role, SF_READER_ROLE_LIST, SF_READER_NONE)
FROM_TEXT(sf_purpose_from_text, enum sf_purpose, SF_PURPOSE_LIST, SF_PURPOSE_NONE)
FROM_TEXT(sf_ground_from_text, enum sf_ground, SF_GROUND_LIST, SF_GROUND_NONE)
/* clang-format on */

bool sf_kind_is_read(uint32_t kind)
{
	switch (kind) {
		/* clang-format off */
#define X(name, value, text) case name:
		SF_KIND_LIST(X)
#undef X
		/* clang-format on */
		return true;
	default:
		return false;
	}
}

bool sf_kind_is_derived(uint32_t kind)
{
	return kind >= SF_KIND_EXPIRED && kind <= SF_KIND_LINKED;
}

bool sf_kind_is_statement(uint32_t kind)
{
	return kind >= SF_KIND_ACCESS && kind <= SF_KIND_ALARM;
}

bool sf_kind_is_of_agreement(uint32_t kind)
{
	return kind == SF_KIND_AGREEMENT_PROPOSE || kind == SF_KIND_AGREEMENT_ACCEPT ||
	       kind == SF_KIND_AGREEMENT_END;
}

bool sf_activity_is_admission(enum sf_activity activity)
{
	return activity == SF_ACTIVITY_ADMIT_EMERGENCY || activity == SF_ACTIVITY_ADMIT_INPATIENT;
}
