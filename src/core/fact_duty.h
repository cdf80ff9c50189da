/*
 * Facts of duties, letters, questions, windows and of what people decide: DOMAIN.md sections 2 and
 * 6. Part of core/fact.h. Times are UTC milliseconds; numbers are on the wire and never reused.
 */
#ifndef SF_CORE_FACT_DUTY_H
#define SF_CORE_FACT_DUTY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "core/role.h"

/* clang-format off */

/* The comment names MedCom's message (MEDCOM.md, Messages). */
#define SF_LETTER_LIST(X) \
	X(SF_LETTER_ADMISSION_REPORT,      1, "admission-report")      /* XDIS16 */ \
	X(SF_LETTER_CARE_PLAN,             2, "care-plan")             /* XDIS21 */ \
	X(SF_LETTER_READINESS,             3, "readiness")             /* XDIS19 */ \
	X(SF_LETTER_DISCHARGE_REPORT,      4, "discharge-report")      /* XDIS18 */ \
	X(SF_LETTER_DISCHARGE_LETTER,      5, "discharge-letter")      /* epikrise */ \
	X(SF_LETTER_REHABILITATION_PLAN,   6, "rehabilitation-plan")   /* GGOP */ \
	X(SF_LETTER_PSYCHIATRIC_AGREEMENT, 7, "psychiatric-discharge-agreement") /* § 13 a */ \
	X(SF_LETTER_COORDINATION_PLAN,     8, "coordination-plan")     /* § 13 b */ \
	X(SF_LETTER_CORRESPONDENCE,        9, "correspondence")        /* XDIS91, CareCommunication */

/* How urgently the GP must look at a discharge letter (STPS 2019). 0 is unmarked. */
#define SF_MARK_LIST(X) \
	X(SF_MARK_GREEN,  1, "green") \
	X(SF_MARK_YELLOW, 2, "yellow") \
	X(SF_MARK_RED,    3, "red")

/* The last six are raised by the domain itself: nobody requests them. */
#define SF_DUTY_LIST(X) \
	X(SF_DUTY_HOME_CARE,                 1, "home-care") \
	X(SF_DUTY_NURSING,                   2, "nursing") \
	X(SF_DUTY_MEDICATION_ADMINISTRATION, 3, "medication-administration") \
	X(SF_DUTY_MEDICATION_REVIEW,         4, "medication-review") \
	X(SF_DUTY_ASSISTIVE_DEVICES,         5, "assistive-devices") \
	X(SF_DUTY_MEALS_FIRST_DAY,           6, "meals-first-day") \
	X(SF_DUTY_TRANSPORT,                 7, "transport") \
	X(SF_DUTY_REHABILITATION,            8, "rehabilitation") \
	X(SF_DUTY_FOLLOW_UP_VISIT,           9, "follow-up-visit") \
	X(SF_DUTY_GP_REVIEW,                10, "gp-review") \
	X(SF_DUTY_PENDING_RESULT,           11, "pending-result") \
	X(SF_DUTY_NETWORK_MEETING,          12, "network-meeting") \
	X(SF_DUTY_SOCIAL_SUPPORT,           13, "social-support") \
	X(SF_DUTY_DOCUMENTATION,            14, "documentation") \
	X(SF_DUTY_OTHER,                    15, "other") \
	X(SF_DUTY_EXPECTATION,              32, "expectation")     /* raised by a clause */ \
	X(SF_DUTY_ANSWER,                   33, "answer")          /* raised by a question */ \
	X(SF_DUTY_SEND_DOCUMENTS,           34, "send-documents")  /* raised by an intent */ \
	X(SF_DUTY_FIND_RECEIVER,            35, "find-receiver")   /* nobody is bound to the role */ \
	X(SF_DUTY_TELL_RECEIVER,            36, "tell-receiver")   /* R8: not acknowledged yet */ \
	X(SF_DUTY_PROMISED_ANSWER,          37, "promised-answer") /* raised by `later` */

/* What a party does with an obligation (FHIR R4 Task, status codes; ours are marked). */
#define SF_TASK_ACTION_LIST(X) \
	X(SF_TASK_REQUEST,    1, "request") \
	X(SF_TASK_RECEIVE,    2, "receive") \
	X(SF_TASK_ACCEPT,     3, "accept")     /* also a change of owner that was offered */ \
	X(SF_TASK_START,      4, "start") \
	X(SF_TASK_COMPLETE,   5, "complete") \
	X(SF_TASK_REJECT,     6, "reject")     /* names where to */ \
	X(SF_TASK_HOLD,       7, "hold") \
	X(SF_TASK_RESUME,     8, "resume") \
	X(SF_TASK_CANCEL,     9, "cancel")     /* by the requester */ \
	X(SF_TASK_FAIL,      10, "fail") \
	X(SF_TASK_OFFER,     11, "offer")      /* a change of owner, which the new one must accept */ \
	X(SF_TASK_SEE_ALARM, 12, "see-alarm")  /* the escalation stops: a person has it in hand */

/* FHIR R4 Task.status, and two of ours. `expired` is shown: the deadline passed, still owed. */
#define SF_TASK_STATE_LIST(X) \
	X(SF_TASK_REQUESTED,        1, "requested") \
	X(SF_TASK_RECEIVED,         2, "received") \
	X(SF_TASK_ACCEPTED,         3, "accepted") \
	X(SF_TASK_IN_PROGRESS,      4, "in-progress") \
	X(SF_TASK_COMPLETED,        5, "completed") \
	X(SF_TASK_REJECTED,         6, "rejected") \
	X(SF_TASK_REFERRED_ONWARD,  7, "referred-onward") \
	X(SF_TASK_ON_HOLD,          8, "on-hold") \
	X(SF_TASK_CANCELLED,        9, "cancelled") \
	X(SF_TASK_FAILED,          10, "failed") \
	X(SF_TASK_EXPIRED,         11, "expired")

#define SF_WINDOW_ACTION_LIST(X) \
	X(SF_WINDOW_EXTEND,  1, "extend") \
	X(SF_WINDOW_SUSPEND, 2, "suspend") /* emergency call */ \
	X(SF_WINDOW_RESUME,  3, "resume") \
	X(SF_WINDOW_END,     4, "end")

#define SF_DISPUTE_LIST(X) \
	X(SF_DISPUTE_CONTENT,   1, "content") \
	X(SF_DISPUTE_NOT_OURS,  2, "not-ours") \
	X(SF_DISPUTE_RESIDENCE, 3, "residence")

/* Why a transition is closed by hand. */
#define SF_CLOSE_LIST(X) \
	X(SF_CLOSE_NO_END,    1, "end-never-came") \
	X(SF_CLOSE_MOVED,     2, "moved-away") \
	X(SF_CLOSE_ELSEWHERE, 3, "handled-elsewhere") \
	X(SF_CLOSE_MISTAKE,   4, "opened-by-mistake") \
	X(SF_CLOSE_OTHER,     9, "other")

/* clang-format on */

#define X(name, value, text) name = (value),
enum sf_letter_code { SF_LETTER_NONE = 0, SF_LETTER_LIST(X) };
enum sf_mark { SF_MARK_NONE = 0, SF_MARK_LIST(X) };
enum sf_duty { SF_DUTY_NONE = 0, SF_DUTY_LIST(X) };
enum sf_task_action { SF_TASK_ACTION_NONE = 0, SF_TASK_ACTION_LIST(X) };
enum sf_task_state { SF_TASK_STATE_NONE = 0, SF_TASK_STATE_LIST(X) };
enum sf_window_action { SF_WINDOW_ACTION_NONE = 0, SF_WINDOW_ACTION_LIST(X) };
enum sf_dispute_code { SF_DISPUTE_NONE = 0, SF_DISPUTE_LIST(X) };
enum sf_close_code { SF_CLOSE_NONE = 0, SF_CLOSE_LIST(X) };
#undef X

/* The texts above; "unknown" for a number without a name, mark NONE is "none". Never NULL. */
const char *sf_letter_text(enum sf_letter_code code);
const char *sf_mark_text(enum sf_mark mark);
const char *sf_duty_text(enum sf_duty duty);
const char *sf_task_action_text(enum sf_task_action action);
const char *sf_task_state_text(enum sf_task_state state);
const char *sf_window_action_text(enum sf_window_action action);
const char *sf_dispute_text(enum sf_dispute_code code);
const char *sf_close_text(enum sf_close_code code);
/* The number of the word; the NONE of its list when there is no such word. */
enum sf_letter_code sf_letter_from_text(const char *text);
enum sf_mark sf_mark_from_text(const char *text);
enum sf_duty sf_duty_from_text(const char *text);
enum sf_task_action sf_task_action_from_text(const char *text);
enum sf_task_state sf_task_state_from_text(const char *text);
enum sf_window_action sf_window_action_from_text(const char *text);
enum sf_dispute_code sf_dispute_from_text(const char *text);
enum sf_close_code sf_close_from_text(const char *text);

struct sf_letter {
	enum sf_letter_code code;
	enum sf_mark mark;
};

/*
 * One step of an obligation. subject and clause name it: a request's own message with clause 0; for
 * an expectation the message that raised it and the number of its clause (core/agreement.h); for
 * an answer owed the question. A party may start, complete or fail what nobody requested: subject
 * none, and it owns it itself.
 */
struct sf_obligation_fact {
	enum sf_task_action action;
	struct sf_id subject;       /* none with request, or with what nobody requested */
	uint32_t clause;            /* from 1; 0 for what no clause raised */
	enum sf_duty duty;          /* with request, and where subject is none; else 0 */
	int64_t due_ms;             /* with request, accept and offer; 0 = not said */
	enum sf_role owner;         /* with request and offer: who shall do it */
	enum sf_role refer_to_role; /* with reject: a direction is a duty */
	struct sf_id refer_to_party;
	int64_t hold_until_ms;  /* with hold; 0 until it is resumed, not for what a clause asks */
	enum sf_role treatment; /* with request: who is responsible for the treatment; 0 unsaid */
	enum sf_role payer;     /* with request; 0 unsaid */
};

/* To its recipients: the way to medical expertise after discharge. */
struct sf_question {
	enum sf_role to;      /* who shall answer */
	int64_t answer_by_ms; /* 0 = not said */
};

/* Answers the question that in_reply_to names; the words are in the body. */
struct sf_answer {
	bool by_person;
};

/* Of the window that stands. Hospital; suspend and resume: any member. */
struct sf_window_fact {
	enum sf_window_action action;
	int64_t until_ms; /* with extend: the new end, later than the old one */
};

/* in_reply_to names what is contested, or nothing. The holder keeps what it has. */
struct sf_dispute {
	enum sf_dispute_code code;
};

/* Handled by phone: stops double work. in_reply_to names what, or nothing. */
struct sf_fallback {
	enum sf_role with; /* whom the author spoke with */
	int64_t at_ms;
};

struct sf_close {
	enum sf_close_code code;
};

#endif
