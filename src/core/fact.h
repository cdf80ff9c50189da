/*
 * Facts: the plain, coordinator-visible part of a signed message (DOMAIN.md section 2). Codes,
 * times and parties; never a person, a ward, a diagnosis or free text.
 *
 * Numbers are on the wire (proto/fact.proto) and never reused.
 */
#ifndef SF_CORE_FACT_H
#define SF_CORE_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/limits.h"
#include "core/fact_derived.h"
#include "core/fact_statement.h"
#include "core/fact_duty.h"
#include "core/fact_plan.h"
#include "core/role.h"

/* clang-format off */

#define SF_KIND_LIST(X) \
	X(SF_KIND_PARTIES,            1, "parties") \
	X(SF_KIND_INTENT,             2, "intent") \
	X(SF_KIND_ASSESSMENT,         3, "assessment") \
	X(SF_KIND_STAY,               4, "stay") \
	X(SF_KIND_PLAN,               5, "plan") \
	X(SF_KIND_PLAN_ANSWER,        6, "plan-answer") \
	X(SF_KIND_READY,              7, "ready") \
	X(SF_KIND_READY_WITHDRAWN,    8, "ready-withdrawn") \
	X(SF_KIND_AGREE,              9, "agree") \
	X(SF_KIND_OFFER,             10, "offer") \
	X(SF_KIND_ACCEPT,            11, "accept") \
	X(SF_KIND_REFUSE,            12, "refuse") \
	X(SF_KIND_WITHDRAW,          13, "withdraw") \
	X(SF_KIND_AGREEMENT_PROPOSE, 14, "agreement-propose") \
	X(SF_KIND_AGREEMENT_ACCEPT,  15, "agreement-accept") \
	X(SF_KIND_AGREEMENT_END,     16, "agreement-end") \
	X(SF_KIND_ARRIVED,           17, "arrived") \
	X(SF_KIND_LETTER,            18, "letter") \
	X(SF_KIND_OBLIGATION,        19, "obligation") \
	X(SF_KIND_QUESTION,          20, "question") \
	X(SF_KIND_ANSWER,            21, "answer") \
	X(SF_KIND_WINDOW,            22, "window") \
	X(SF_KIND_DISPUTE,           23, "dispute") \
	X(SF_KIND_RESOLVE,           24, "resolve") \
	X(SF_KIND_FALLBACK,          25, "fallback") \
	X(SF_KIND_CLOSE,             26, "close") \
	X(SF_KIND_REOPEN,            27, "reopen") \
	X(SF_KIND_ACKNOWLEDGEMENT,   28, "acknowledgement") \
	/* derived by the coordinator */ \
	X(SF_KIND_EXPIRED,           64, "expired") \
	X(SF_KIND_ESCALATED,         65, "escalated") \
	X(SF_KIND_WINDOW_ENDED,      66, "window-ended") \
	X(SF_KIND_PASSED,            67, "passed") \
	X(SF_KIND_SILENT,            68, "silent") \
	X(SF_KIND_CLOSED,            69, "closed") \
	X(SF_KIND_LINKED,            70, "linked") \
	/* Operational statements: core/fact_statement.h. */ \
	X(SF_KIND_ACCESS,            96, "access") \
	X(SF_KIND_ERASED,            97, "erased") \
	X(SF_KIND_ALARM,             98, "alarm")

#define SF_ACTIVITY_LIST(X) \
	X(SF_ACTIVITY_ADMIT_EMERGENCY, 1, "admit-emergency") \
	X(SF_ACTIVITY_ADMIT_INPATIENT, 2, "admit-inpatient") \
	X(SF_ACTIVITY_LEAVE_START,     3, "leave-start") \
	X(SF_ACTIVITY_LEAVE_END,       4, "leave-end") \
	X(SF_ACTIVITY_DISCHARGE_HOME,  5, "discharge-home") \
	X(SF_ACTIVITY_DEATH,           6, "death")

#define SF_MODE_LIST(X) \
	X(SF_MODE_NEW,    1, "new") \
	X(SF_MODE_REVISE, 2, "revise") \
	X(SF_MODE_CANCEL, 3, "cancel")

#define SF_STAY_CLASS_LIST(X) \
	X(SF_STAY_CLASS_EMERGENCY, 1, "emergency") \
	X(SF_STAY_CLASS_INPATIENT, 2, "inpatient")

#define SF_ACK_LIST(X) \
	X(SF_ACK_OK,              1, "ok") \
	X(SF_ACK_TRANSIENT_ERROR, 2, "transient-error") \
	X(SF_ACK_FATAL_ERROR,     3, "fatal-error")

#define SF_PATHWAY_LIST(X) \
	X(SF_PATHWAY_SOMATIC,     1, "somatic") \
	X(SF_PATHWAY_PSYCHIATRIC, 2, "psychiatric")

/* clang-format on */

#define X(name, value, text) name = (value),
enum sf_kind { SF_KIND_NONE = 0, SF_KIND_LIST(X) };
enum sf_activity { SF_ACTIVITY_NONE = 0, SF_ACTIVITY_LIST(X) };
enum sf_mode { SF_MODE_NONE = 0, SF_MODE_LIST(X) };
enum sf_stay_class { SF_STAY_CLASS_NONE = 0, SF_STAY_CLASS_LIST(X) };
enum sf_ack { SF_ACK_NONE = 0, SF_ACK_LIST(X) };
enum sf_pathway { SF_PATHWAY_NONE = 0, SF_PATHWAY_LIST(X) };
#undef X

/* The texts above; "unknown" for a number without a name. Never NULL. */
const char *sf_kind_text(uint32_t kind);
const char *sf_activity_text(enum sf_activity activity);
const char *sf_mode_text(enum sf_mode mode);
const char *sf_stay_class_text(enum sf_stay_class stay_class);
const char *sf_ack_text(enum sf_ack ack);
const char *sf_pathway_text(enum sf_pathway pathway);
/* SF_KIND_NONE, SF_PATHWAY_NONE, SF_ACTIVITY_NONE when there is no such word. */
uint32_t sf_kind_from_text(const char *text);
enum sf_pathway sf_pathway_from_text(const char *text);
enum sf_activity sf_activity_from_text(const char *text);
enum sf_mode sf_mode_from_text(const char *text);

/* To a ward or an emergency department. */
bool sf_activity_is_admission(enum sf_activity activity);

/* How a role is bound. */
enum sf_binding_state {
	SF_BINDING_PARTY = 1,        /* party is set */
	SF_BINDING_UNKNOWN = 2,      /* nobody knows who: the hospital keeps the domain */
	SF_BINDING_NOT_ENROLLED = 3, /* known, but without a node and not represented */
};

struct sf_binding {
	enum sf_role role;
	enum sf_binding_state state;
	struct sf_id party; /* none unless state is SF_BINDING_PARTY */
};

/* Versioned role bindings: the newest version (then message id) rules. Author: hospital. */
struct sf_parties {
	uint32_t version; /* from 1 */
	enum sf_pathway pathway;
	struct sf_digest agreement; /* digest of the agreement's signed form; none = no agreement */
	sf_domain_set active;       /* domains of concern; medical always */
	struct sf_id person;        /* pseudonym, none when the region has no key */
	size_t binding_count;       /* each role at most once */
	struct sf_binding bindings[SF_TRANSITION_PARTIES_MAX];
};

/* A MedCom hospital notification, or the same from HL7 v2. Author: hospital. */
struct sf_stay_fact {
	enum sf_activity activity;
	enum sf_mode mode;
	enum sf_stay_class stay_class;
	int64_t event_ms; /* of the activity: period.start, period.end, leave start or end */
	bool report_requested;
};

/* One open offer covers these domains. Author: their holder. */
struct sf_offer {
	sf_domain_set domains;
	enum sf_role to;
};

/* Answers the offer named by struct sf_message.in_reply_to (an offer, or a discharge-home). */
struct sf_accept {
	sf_domain_set domains; /* all or some of those offered */
	bool by_person;        /* false: answered by a system */
};

struct sf_refuse {
	enum sf_role refer_to_role; /* always a direction: a role, and the party where known */
	struct sf_id refer_to_party;
	bool not_ours; /* ikke vores borger: residence lies elsewhere */
};

/*
 * Takes back the offer named by in_reply_to (by its author), or asks back an acceptance named by
 * in_reply_to (by the taker, who holds until another accepts: R9).
 */
struct sf_withdraw {
	sf_domain_set domains; /* 0 = all that are still open */
};

struct sf_acknowledgement {
	struct sf_id message_id;
	struct sf_digest content_id;
	struct sf_digest body_commitment; /* of what was read; none when it could not be opened */
	enum sf_ack ack;
	uint32_t code; /* enum sf_ack_code, 0 with ok */
};

/* Why an acknowledgement is not ok; also what a MedCom OperationOutcome is made from. */
/* clang-format off */
#define SF_ACK_CODE_LIST(X) \
	X(SF_ACK_CODE_DUPLICATE,        1, "duplicate") \
	X(SF_ACK_CODE_KEY_UNKNOWN,      2, "key-unknown") \
	X(SF_ACK_CODE_UNSUPPORTED,      3, "unsupported") \
	X(SF_ACK_CODE_LAYOUT,           4, "layout") \
	X(SF_ACK_CODE_SLOT,             5, "slot") \
	X(SF_ACK_CODE_WRAP,             6, "wrap") \
	X(SF_ACK_CODE_COMMIT,           7, "commit") \
	X(SF_ACK_CODE_AEAD,             8, "aead") \
	X(SF_ACK_CODE_PADDING,          9, "padding") \
	X(SF_ACK_CODE_COMMITMENT,      10, "commitment") \
	X(SF_ACK_CODE_BODY_NAMES,      11, "body-names") \
	X(SF_ACK_CODE_CONTENT,         12, "content") \
	X(SF_ACK_CODE_CONTENT_TYPE,    13, "content-type") \
	X(SF_ACK_CODE_RECEIVER,        14, "receiver") \
	X(SF_ACK_CODE_CONFLICT,        15, "conflict") \
	X(SF_ACK_CODE_TROUBLE,         16, "temporary-trouble") \
	X(SF_ACK_CODE_ATTACHMENT,      17, "attachment")
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_ack_code { SF_ACK_CODE_NONE = 0, SF_ACK_CODE_LIST(X) };
#undef X
const char *sf_ack_code_text(uint32_t code);

/*
 * A fact. A kind this version has no structure for is kept by its number alone: it is recorded
 * without effect and shown to a person.
 */
struct sf_fact {
	uint32_t kind; /* enum sf_kind, or a number from a later version */
	union {
		struct sf_parties parties;
		struct sf_stay_fact stay;
		struct sf_offer offer;
		struct sf_accept accept;
		struct sf_refuse refuse;
		struct sf_withdraw withdraw;
		struct sf_acknowledgement acknowledgement;
		struct sf_intent intent;
		struct sf_assessment assessment;
		struct sf_plan plan;
		struct sf_plan_answer plan_answer;
		struct sf_ready ready; /* ready-withdrawn carries nothing */
		struct sf_agree agree;
		struct sf_agreement_fact agreement; /* propose, accept and end */
		struct sf_arrived arrived;
		struct sf_letter letter;
		struct sf_obligation_fact obligation;
		struct sf_question question;
		struct sf_answer answer;
		struct sf_window_fact window;
		struct sf_dispute dispute; /* resolve carries nothing */
		struct sf_fallback fallback;
		struct sf_close close;         /* reopen carries nothing */
		struct sf_derived derived;     /* kinds from SF_KIND_EXPIRED on */
		struct sf_statement statement; /* kinds from SF_KIND_ACCESS on */
	};
};

/* True when this version reads the fact of that kind. */
bool sf_kind_is_read(uint32_t kind);
/* True for the coordinator's derived facts. */
bool sf_kind_is_derived(uint32_t kind);
/* True for the coordinator's operational statements. */
bool sf_kind_is_statement(uint32_t kind);
/* True for facts about an agreement, which belong to no transition. */
bool sf_kind_is_of_agreement(uint32_t kind);

#endif
