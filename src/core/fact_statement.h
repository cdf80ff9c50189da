/*
 * Operational statements of the coordinator (DOMAIN.md section 2: access, erased, alarm). They
 * never affect a transition's state, belong to no transition of their own (`transition` of the
 * message is none) and name the one they are about. Part of core/fact.h.
 */
#ifndef SF_CORE_FACT_STATEMENT_H
#define SF_CORE_FACT_STATEMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/id.h"

/* clang-format off */
/* As what somebody reads. */
#define SF_READER_ROLE_LIST(X) \
	X(SF_READER_OPERATOR, 1, "operator") \
	X(SF_READER_AUDITOR,  2, "auditor") \
	X(SF_READER_OFFICER,  3, "data-protection-officer") \
	X(SF_READER_CLINICAL, 4, "clinical") \
	X(SF_READER_SYSTEM,   5, "system")
/* What for. */
#define SF_PURPOSE_LIST(X) \
	X(SF_PURPOSE_CARE,      1, "care")      /* the patient's own course */ \
	X(SF_PURPOSE_OPERATION, 2, "operation") /* something does not work */ \
	X(SF_PURPOSE_AUDIT,     3, "audit")     /* was it done as agreed? */ \
	X(SF_PURPOSE_CITIZEN,   4, "citizen")   /* the citizen asked (GDPR article 15) */ \
	X(SF_PURPOSE_LAW,       5, "law")       /* an authority or a court asked */
/* Why a transition is erased. */
#define SF_GROUND_LIST(X) \
	X(SF_GROUND_RETENTION, 1, "retention") /* its time is over (GDPR article 5(1)(e)) */ \
	X(SF_GROUND_CITIZEN,   2, "citizen")   /* GDPR article 17 */ \
	X(SF_GROUND_MISTAKE,   3, "mistake")   /* should never have been recorded (article 5(1)(d)) */ \
	X(SF_GROUND_ORDER,     4, "order")     /* the supervisory authority or a court (article 58(2)(g)) */
/* clang-format on */

#define X(name, value, text) name = (value),
enum sf_reader_role { SF_READER_NONE = 0, SF_READER_ROLE_LIST(X) };
enum sf_purpose { SF_PURPOSE_NONE = 0, SF_PURPOSE_LIST(X) };
enum sf_ground { SF_GROUND_NONE = 0, SF_GROUND_LIST(X) };
#undef X

/* The texts above; "unknown". Never NULL. */
const char *sf_reader_role_text(enum sf_reader_role role);
const char *sf_purpose_text(enum sf_purpose purpose);
const char *sf_ground_text(enum sf_ground ground);
/* NONE when there is no such word. */
enum sf_reader_role sf_reader_role_from_text(const char *text);
enum sf_purpose sf_purpose_from_text(const char *text);
enum sf_ground sf_ground_from_text(const char *text);

/*
 * What each kind uses; the rest is zero.
 *   access   subject (none: a list), reader, role, purpose, request
 *   erased   subject, ground, until_sequence, head
 *   alarm    code, subject (may be none), size
 */
struct sf_statement {
	struct sf_id subject; /* transition */
	struct sf_id reader;  /* who read, as the coordinator's own table names it */
	enum sf_reader_role role;
	enum sf_purpose purpose;
	uint32_t request; /* enum sf_request_kind: what was asked */
	enum sf_ground ground;
	/* The events 1 .. until_sequence of subject, whose leaves head commits to, are erased. */
	uint64_t until_sequence;
	struct sf_digest head;
	uint32_t code; /* of an alarm */
	uint64_t size; /* leaves of the log that it is about */
};

#endif
