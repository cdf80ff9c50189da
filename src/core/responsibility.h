/*
 * The responsibility ledger (DOMAIN.md section 5): who is accountable for which domain, from when,
 * on what basis. Append-only; moved by one function; R1 to R9 checked before and after every step.
 */
#ifndef SF_CORE_RESPONSIBILITY_H
#define SF_CORE_RESPONSIBILITY_H

#include "core/block.h"
#include "core/message.h"
#include "core/refusal.h"

enum sf_basis {
	SF_BASIS_OPENING = 1, /* the hospital that opened the transition */
	SF_BASIS_ACCEPT,      /* an acceptance signed by the taker */
	SF_BASIS_CLAUSE,      /* a clause of the agreement */
	SF_BASIS_HOSPITAL, /* R7: admit or cancelled discharge is the hospital's own acceptance */
	SF_BASIS_RESTORED, /* a cancelled death, or reopening, restores the ledger */
};
const char *sf_basis_text(enum sf_basis basis);

/* One line. until_ms is SF_LEDGER_OPEN while the line stands. */
#define SF_LEDGER_OPEN INT64_MAX
struct sf_ledger_line {
	enum sf_domain domain;
	struct sf_id holder;
	int64_t from_ms;   /* recorded time */
	int64_t until_ms;  /* recorded time of the next line, or of the end */
	uint64_t sequence; /* transition sequence of the event that made it */
	enum sf_basis basis;
	struct sf_id basis_message;
	struct sf_id told; /* R8, basis clause: what the holder had acknowledged; none else */
};

enum sf_offer_state {
	SF_OFFER_OPEN = 1,
	SF_OFFER_ACCEPTED,
	SF_OFFER_REFUSED,
	SF_OFFER_WITHDRAWN,
	SF_OFFER_ANNULLED, /* by an admit, a cancelled discharge, a death */
};
const char *sf_offer_state_text(enum sf_offer_state state);

struct sf_ledger_offer {
	struct sf_id id;   /* message id of the offer, the discharge or the withdrawal */
	struct sf_id from; /* holder */
	enum sf_role to_role;
	struct sf_id to;       /* none: nobody is bound (find-receiver) */
	sf_domain_set domains; /* as offered */
	sf_domain_set lapsed;  /* taken back, or no longer the giver's: cannot be accepted */
	sf_domain_set taken;
	enum sf_offer_state state;
	int64_t since_ms; /* recorded */
	uint64_t sequence;
	struct sf_id answered_by; /* message id of what closed it */
	struct sf_id promised_by; /* message id of the newest `later`; none. It closes nothing */
	int64_t promised_ms;      /* from when it will be taken, as that one says; 0 none */
};

/* Domains that can still be accepted; 0 when the offer is closed. */
sf_domain_set sf_ledger_offer_remaining(const struct sf_ledger_offer *offer);

/* The event that makes a change: what every line and offer is dated and founded by. */
struct sf_ledger_cause {
	int64_t at_ms; /* recorded, never decreasing */
	uint64_t sequence;
	struct sf_id message;
	struct sf_id told; /* of a clause: what the holder to be had acknowledged */
};

#define SF_LEDGER_NO_LINE ((size_t)-1)

/*
 * Lines and offers of one transition. Only the functions below change it; the transition works on a
 * copy and keeps it when the rules hold. Between opening and ending every active domain has a line.
 */
struct sf_ledger {
	struct sf_ledger_line *lines; /* borrowed: in the block it was put in */
	size_t line_count;
	size_t line_capacity;
	struct sf_ledger_offer *offers; /* borrowed, the same */
	size_t offer_count;
	size_t offer_capacity;
	size_t current[SF_DOMAIN_COUNT]; /* index of the line that stands, or SF_LEDGER_NO_LINE */
	bool open;                       /* opened and not ended */
	bool opened;                     /* at some time */
	struct sf_id ended_by;           /* message; none while open */
	struct sf_id last[SF_DOMAIN_COUNT]; /* holders when it ended: death and closing end */
};

/* No more lines or offers than these are made by one step, so that a step reserves once. */
#define SF_LEDGER_STEP_LINES_MAX ((size_t)(4 * SF_DOMAIN_COUNT))
#define SF_LEDGER_STEP_OFFERS_MAX ((size_t)(SF_ROLE_AUDITOR))

void sf_ledger_init(struct sf_ledger *ledger);
/* A copy whose lines and offers are put in the block; with_room: for what one step can add. */
struct sf_ledger sf_ledger_put(
	struct sf_block *block, const struct sf_ledger *ledger, bool with_room);

/* None when nobody holds it. */
struct sf_id sf_ledger_holder(const struct sf_ledger *ledger, enum sf_domain domain);
sf_domain_set sf_ledger_held(const struct sf_ledger *ledger, struct sf_id party);

/*
 * The one function that moves a domain: ends the line that stands at the cause's time and begins
 * the next; holder none only ends. Open offers of the domain by its old holder lapse (R3: only a
 * holder's offer can be accepted). No line is made when the holder has it already.
 */
void sf_ledger_move(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	enum sf_domain domain, struct sf_id holder, enum sf_basis basis);
/* Moves every domain of the set. */
void sf_ledger_move_all(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	sf_domain_set domains, struct sf_id holder, enum sf_basis basis);

/* The hospital holds every active domain (opening, R7): its basis says which. */
void sf_ledger_begin(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	sf_domain_set active, struct sf_id hospital, enum sf_basis basis);
/* Death, annulment, closing: open offers are annulled, lines end, holders are remembered. */
void sf_ledger_end(struct sf_ledger *ledger, const struct sf_ledger_cause *cause);
/*
 * A cancelled death, or reopening: the holders as they were, the hospital for a domain that became
 * active since; offers that the end annulled are open again where their giver holds what they
 * offer.
 */
void sf_ledger_restore(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	sf_domain_set active, struct sf_id hospital);

/* Opens an offer with the cause's message id. The caller has checked that from holds domains. */
void sf_ledger_offer(struct sf_ledger *ledger, const struct sf_ledger_cause *cause, struct sf_id id,
	struct sf_id from, enum sf_role to_role, struct sf_id to, sf_domain_set domains);
/* Closes it; an acceptance names the domains taken (and moves them), others 0. */
void sf_ledger_answer(struct sf_ledger *ledger, const struct sf_ledger_cause *cause,
	struct sf_ledger_offer *offer, enum sf_offer_state state, sf_domain_set taken);
/* Who it is to answers "later, from then on": it stays open, and nobody's domain moves. */
void sf_ledger_promise(
	const struct sf_ledger_cause *cause, struct sf_ledger_offer *offer, int64_t promised_ms);
/* Takes domains out of an open offer; it is withdrawn when none remain. */
void sf_ledger_take_back(
	const struct sf_ledger_cause *cause, struct sf_ledger_offer *offer, sf_domain_set domains);
void sf_ledger_annul_offers(struct sf_ledger *ledger, const struct sf_ledger_cause *cause);

/*
 * R1 to R9 as far as a ledger shows them (R2 and R6 concern replicas; R5 is where the transition
 * opens the implicit offer). active: domains that must have a holder. NULL when all hold, else the
 * name of the rule: "R1 one holder".
 */
const char *sf_ledger_rule_broken(
	const struct sf_ledger *ledger, sf_domain_set active, struct sf_id hospital);

#endif
