/*
 * Codes of the domain (core/role.h, core/fact.h, core/agreement.h, core/directory.h) from numbers
 * on the wire: a number that the list does not have is SF_ERR_FORMAT; diag names the field.
 *
 * Private to src/wire/.
 */
#ifndef SF_WIRE_CODE_H
#define SF_WIRE_CODE_H

#include "core/agreement.h"
#include "core/directory.h"

/* sf_code_role(value, name, &role, diag): the name of the function, its type, its list. */
/* clang-format off */
#define SF_CODE_LISTS(X) \
	X(role,           enum sf_role,             SF_ROLE_LIST) \
	X(pathway,        enum sf_pathway,          SF_PATHWAY_LIST) \
	X(activity,       enum sf_activity,         SF_ACTIVITY_LIST) \
	X(mode,           enum sf_mode,             SF_MODE_LIST) \
	X(stay_class,     enum sf_stay_class,       SF_STAY_CLASS_LIST) \
	X(ack,            enum sf_ack,              SF_ACK_LIST) \
	X(assessment,     enum sf_assessment_code,  SF_ASSESSMENT_LIST) \
	X(plan_answer,    enum sf_plan_answer_code, SF_PLAN_ANSWER_LIST) \
	X(letter,         enum sf_letter_code,      SF_LETTER_LIST) \
	X(task_action,    enum sf_task_action,      SF_TASK_ACTION_LIST) \
	X(window_action,  enum sf_window_action,    SF_WINDOW_ACTION_LIST) \
	X(dispute,        enum sf_dispute_code,     SF_DISPUTE_LIST) \
	X(close,          enum sf_close_code,       SF_CLOSE_LIST) \
	X(duty,           enum sf_duty,             SF_DUTY_LIST) \
	X(task_state,     enum sf_task_state,       SF_TASK_STATE_LIST) \
	X(condition,      enum sf_condition_code,   SF_CONDITION_LIST) \
	X(rung,           enum sf_rung,             SF_RUNG_LIST) \
	X(silence,        enum sf_silence,          SF_SILENCE_LIST) \
	X(deadline_rule,  enum sf_deadline_rule,    SF_DEADLINE_LIST) \
	X(key_use,        enum sf_key_use,          SF_KEY_USE_LIST)

/* As above, and 0 where nothing is said: sf_code_role_or_none. */
#define SF_CODE_OPTIONAL_LISTS(X) \
	X(role,           enum sf_role,             SF_ROLE_LIST) \
	X(confidence,     enum sf_confidence,       SF_CONFIDENCE_LIST) \
	X(cannot,         enum sf_cannot,           SF_CANNOT_LIST) \
	X(mark,           enum sf_mark,             SF_MARK_LIST) \
	X(duty,           enum sf_duty,             SF_DUTY_LIST) \
	X(link,           enum sf_link_kind,             SF_LINK_LIST)
/* clang-format on */

#define SF_CODE_DECLARE(noun, type, LIST)                                                          \
	SF_MUST_USE enum sf_err sf_code_##noun(                                                    \
		uint32_t value, const char *name, type *ret_code, struct sf_diag *diag);
#define SF_CODE_DECLARE_OPTIONAL(noun, type, LIST) SF_CODE_DECLARE(noun##_or_none, type, LIST)
SF_CODE_LISTS(SF_CODE_DECLARE)
SF_CODE_OPTIONAL_LISTS(SF_CODE_DECLARE_OPTIONAL)
#undef SF_CODE_DECLARE
#undef SF_CODE_DECLARE_OPTIONAL

/* Any set of known domains, also the empty one. */
SF_MUST_USE enum sf_err sf_code_domains(
	uint32_t value, const char *name, sf_domain_set *ret_domains, struct sf_diag *diag);

#endif
