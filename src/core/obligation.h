/*
 * Obligations: what one party must do for the transition by a time (DOMAIN.md section 6). People
 * request them, clauses raise them (then they are expectations), questions and intents raise them,
 * and the domain raises two itself. Views of a transition; only its step changes them.
 */
#ifndef SF_CORE_OBLIGATION_H
#define SF_CORE_OBLIGATION_H

#include "core/agreement.h"
#include "core/message.h"
#include "core/refusal.h"

struct sf_obligation {
	struct sf_id subject; /* message that raised it */
	uint32_t clause;      /* number in the pathway, 0 when no clause raised it */
	enum sf_duty duty;
	enum sf_task_state state; /* never EXPIRED: see expired_ms */
	enum sf_role owner_role;
	struct sf_id owner;        /* party bound to it; none: nobody is bound */
	enum sf_role offered_role; /* change of owner asked for; NONE */
	struct sf_id requester;    /* none: a clause */
	enum sf_role treatment, payer;
	enum sf_role refer_to_role; /* rejected */
	struct sf_id refer_to_party;

	int64_t base_ms;       /* what the deadline is measured from */
	int64_t stated_due_ms; /* by the request or the owner's acceptance; SF_NEVER_MS none */
	int64_t due_ms;        /* derived anew at every step; SF_NEVER_MS none */
	bool undecided;        /* a condition of its clause cannot be decided yet */
	int64_t decides_ms;    /* when it decides itself by time; SF_NEVER_MS */
	int64_t hold_until_ms; /* 0: until it is resumed */
	int64_t held_ms;       /* time on hold so far: the deadline moves by it */
	int64_t raised_ms;     /* recorded */
	int64_t since_ms;      /* recorded, of state */
	int64_t expired_ms;    /* recorded; 0: not. Still owed */
	uint32_t rungs_climbed;
	bool alarm_seen;      /* a person has it in hand: no further rung */
	struct sf_id seen_by; /* party */
	struct sf_id met_by;  /* message; none */
	int64_t ended_ms;     /* recorded; 0 while it is open */
	/* What it was before the domain itself cancelled it, and becomes again; NONE. */
	enum sf_task_state parked;
};

/* Neither completed, cancelled, failed nor handed on. */
bool sf_obligation_is_open(const struct sf_obligation *obligation);
/* By people: a request, a question, or what its owner took on by itself; not by an intent. */
bool sf_obligation_is_asked(const struct sf_obligation *obligation);
/* As people see it: expired over what is open. */
enum sf_task_state sf_obligation_shown(const struct sf_obligation *obligation);

enum sf_window_state {
	SF_WINDOW_OPEN = 1,
	SF_WINDOW_SUSPENDED, /* its clock stands still */
	SF_WINDOW_ENDED,
	SF_WINDOW_ANNULLED, /* the fact that started it was cancelled, or the patient is back */
};
const char *sf_window_state_text(enum sf_window_state state);

/* A period in which holder keeps the domain after discharge. */
struct sf_window {
	struct sf_id subject; /* message that started it */
	uint32_t clause;
	enum sf_domain domain;
	struct sf_id holder;
	enum sf_role then;
	int64_t from_ms;
	int64_t until_ms; /* by the clause, or extended */
	bool extended;
	int64_t suspended_ms; /* recorded; 0 not suspended */
	int64_t held_ms;      /* suspended so far: the end moves by it */
	enum sf_window_state state;
	int64_t ended_ms; /* recorded */
};

/* Something allowed but not as agreed: shown, never blocking. */
struct sf_deviation {
	uint16_t code; /* enum sf_refusal, from SF_DEVIATION_LATE_FACT on */
	uint64_t sequence;
	struct sf_id message;
	int64_t recorded_ms;
	struct sf_id party; /* whom NOT_BOUND is about; none */
};

#endif
