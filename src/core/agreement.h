/*
 * An agreement as engines read it (DOMAIN.md section 7): what is owed when a fact is recorded, by
 * whom and until when; what a discharge hands over; who keeps a domain for how long. Data, never
 * code: nothing here knows a deadline of its own.
 *
 * The signed form (proto/agreement.proto) is read in wire/, the text in os/, people's words are
 * written in audit/explain. Texts are UTF-8 and end with a zero. Large: keep it on the heap.
 */
#ifndef SF_CORE_AGREEMENT_H
#define SF_CORE_AGREEMENT_H

#include "core/deadline.h"
#include "core/fact.h"

#define SF_EXPECTATION_MAX 24
#define SF_WINDOW_MAX 4
#define SF_HANDOVER_MAX 8
#define SF_CONDITION_MAX 4
#define SF_RUNG_MAX 4
#define SF_AGREEMENT_PATHWAYS_MAX 4

/*
 * Clauses of a pathway are numbered, for derived facts: expectations from 1, windows from 101,
 * handovers from 201, the receiver of medical is 301, silence is 302.
 */
#define SF_CLAUSE_EXPECTATION 1u
#define SF_CLAUSE_WINDOW 101u
#define SF_CLAUSE_HANDOVER 201u
#define SF_CLAUSE_RECEIVER 301u
#define SF_CLAUSE_SILENCE 302u

/* What every clause says of itself. */
struct sf_clause {
	char name[48];     /* "care-plan"; "" for clauses that need none */
	char citation[64]; /* as the agreement numbers it: "2-4" */
	char source[200];  /* public source, or "source missing"; may be "" */
};

/*
 * A fact that raises or meets: its kind, and what is asked of it.
 *   stay        detail = enum sf_activity (mode new)      "stay.discharge-home"
 *   letter      detail = enum sf_letter_code              "letter.care-plan"
 *   assessment  detail = enum sf_assessment_code          "assessment.needed"
 *   accept      detail = enum sf_domain + 1               "accept.care"
 *   obligation  detail = enum sf_duty, state = enum sf_task_state reached
 *                                                         "obligation.rehabilitation.in-progress"
 *   plan-answer detail = enum sf_plan_answer_code         "plan-answer.accept"
 * detail 0: any of the kind                               "plan-answer" "ready" "question"
 */
struct sf_trigger {
	uint32_t kind; /* enum sf_kind */
	uint32_t detail;
	enum sf_task_state state;
};

/* clang-format off */
#define SF_CONDITION_LIST(X) \
	X(SF_CONDITION_REPORT_REQUESTED, 1, "report-requested") /* by an admission that stands */ \
	X(SF_CONDITION_STAY_LONGER,      2, "stay")             /* "stay>24h", "stay<24h" negated */ \
	X(SF_CONDITION_HAS_CASE,         3, "has-case")         /* true until answered */ \
	X(SF_CONDITION_MARKED,           4, "marked")           /* a letter marked yellow or red */ \
	X(SF_CONDITION_INPATIENT,        5, "inpatient") \
	X(SF_CONDITION_PLANNED,          6, "planned")          /* a plan is in force */ \
	X(SF_CONDITION_READY_BEFORE,     7, "ready-before-discharge") /* agreed discharge is a later day */

/* Who is told when a deadline passed; each list is a ladder. */
#define SF_RUNG_LIST(X) \
	X(SF_RUNG_OWNER,   1, "owner") \
	X(SF_RUNG_BOTH,    2, "both")    /* owner and who waits for it */ \
	X(SF_RUNG_CONTACT, 3, "contact") /* the support contacts in the directory: a person calls */ \
	X(SF_RUNG_REGION,  4, "region")  /* the coordinator's operators */

#define SF_SILENCE_LIST(X) \
	X(SF_SILENCE_STAYS,  1, "stays")  /* the holder keeps it */ \
	X(SF_SILENCE_PASSES, 2, "passes") /* the clause moves it, where R8 allows */
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_condition_code { SF_CONDITION_NONE = 0, SF_CONDITION_LIST(X) };
enum sf_rung { SF_RUNG_NONE = 0, SF_RUNG_LIST(X) };
enum sf_silence { SF_SILENCE_NONE = 0, SF_SILENCE_LIST(X) };
#undef X
const char *sf_condition_text(enum sf_condition_code condition);
const char *sf_rung_text(enum sf_rung rung);
const char *sf_silence_text(enum sf_silence silence);
enum sf_condition_code sf_condition_from_text(const char *text);
enum sf_rung sf_rung_from_text(const char *text);
enum sf_silence sf_silence_from_text(const char *text);

struct sf_condition {
	enum sf_condition_code code;
	bool negated;    /* "not marked", "stay<24h" */
	int64_t than_ms; /* STAY_LONGER */
};

/* All of them must hold. */
struct sf_conditions {
	size_t count;
	struct sf_condition items[SF_CONDITION_MAX];
};

struct sf_expectation {
	struct sf_clause clause;
	struct sf_trigger arises_on;
	struct sf_conditions conditions;
	enum sf_role owner;
	struct sf_trigger met_by;
	struct sf_deadline due;
	size_t rung_count; /* on-miss, lowest first */
	enum sf_rung rungs[SF_RUNG_MAX];
	int64_t escalate_ms; /* between two rungs; 0: all at once */
};

/* holder keeps domain from starts_on for length; then it passes to `then`. */
struct sf_window_clause {
	struct sf_clause clause;
	enum sf_domain domain;
	struct sf_trigger starts_on;
	struct sf_conditions conditions;
	struct sf_deadline length;
	enum sf_role holder;
	enum sf_role then;
};

/* A fact of the stay, or a letter, that is an implicit offer (R5). */
struct sf_handover {
	struct sf_clause clause;
	struct sf_trigger on;
	struct sf_conditions conditions;
	sf_domain_set offers;
	enum sf_role to;
	enum sf_silence silence;
	struct sf_deadline after; /* with passes: when */
};

/* Who receives `medical` after discharge when no window runs, or after it. role NONE: nobody. */
struct sf_receiver_clause {
	struct sf_clause clause;
	enum sf_role role;
};

/* The overlay SILENT: nothing recorded for so long although somebody owes something. */
struct sf_silence_clause {
	struct sf_clause clause;
	struct sf_deadline after; /* part_count 0: never */
};

/* Amounts in whole units of currency a day; for the indicator, never for an invoice. */
struct sf_payment {
	struct sf_clause clause; /* citation "" : none is stated */
	uint32_t region_day_rate;
	uint32_t state_day_rate;
	uint32_t state_day_rate_from_day_3;
	char currency[8];
	char prices[16]; /* year of the prices */
};

struct sf_pathway_terms {
	enum sf_pathway pathway;
	size_t expectation_count;
	struct sf_expectation expectations[SF_EXPECTATION_MAX];
	size_t window_count;
	struct sf_window_clause windows[SF_WINDOW_MAX];
	size_t handover_count;
	struct sf_handover handovers[SF_HANDOVER_MAX];
	struct sf_receiver_clause receiver;
	struct sf_silence_clause silence;
	struct sf_payment payment;
};

struct sf_agreement {
	struct sf_digest digest; /* of the signed form */
	char name[64];
	uint32_t version;
	int32_t valid_from_day; /* since 1970-01-01, local; 0 not said */
	char time_zone[64];
	char calendar_name[16];      /* "denmark", or "" for every day alike */
	struct sf_calendar calendar; /* zone is set by who loads the agreement */
	int32_t cut_off_minute; /* later changes on the day of discharge need a call; -1 none */
	size_t pathway_count;
	struct sf_pathway_terms pathways[SF_AGREEMENT_PATHWAYS_MAX];
};

/* A party that signed, from and until recorded times. */
struct sf_acceptance {
	struct sf_digest agreement;
	struct sf_id party;
	int64_t from_ms;
	int64_t until_ms; /* INT64_MAX while it stands */
};

/* Every agreement the program knows and who accepted it. */
struct sf_agreement_book {
	const struct sf_agreement *const *agreements; /* borrowed */
	size_t count;
	const struct sf_acceptance *acceptances; /* borrowed; by agreement, party, from_ms */
	size_t acceptance_count;
};

/* NULL when the book has none of that digest. */
const struct sf_agreement *sf_agreement_find(
	const struct sf_agreement_book *book, const struct sf_digest *digest);
/* NULL when the agreement says nothing of the pathway. */
const struct sf_pathway_terms *sf_agreement_pathway(
	const struct sf_agreement *agreement, enum sf_pathway pathway);
/* Had the party accepted it at that recorded time? Binary search. */
bool sf_agreement_accepted(const struct sf_agreement_book *book, const struct sf_digest *digest,
	struct sf_id party, int64_t at_ms);
/* The first time from at_ms on at which the party has accepted it; SF_NEVER_MS. */
int64_t sf_agreement_accepted_from_ms(const struct sf_agreement_book *book,
	const struct sf_digest *digest, struct sf_id party, int64_t at_ms);
/* The expectation of that number; NULL when it is none. */
const struct sf_expectation *sf_pathway_expectation(
	const struct sf_pathway_terms *terms, uint32_t number);
/* What the clause of that number says of itself; NULL when there is none. */
const struct sf_clause *sf_pathway_clause(const struct sf_pathway_terms *terms, uint32_t number);

#endif
