/*
 * The responsibility ledger (DOMAIN.md section 5): who is accountable for which domain, from when,
 * on what basis. Append-only; moved by one function; R1 to R9 checked before and after every step.
 */
#ifndef SF_CORE_RESPONSIBILITY_H
#define SF_CORE_RESPONSIBILITY_H

#include "core/message.h"
#include "core/refusal.h"

enum sf_basis {
	SF_BASIS_OPENING = 1, /* the hospital that opened the transition */
	SF_BASIS_ACCEPT,      /* an acceptance signed by the taker */
	SF_BASIS_CLAUSE,      /* a clause of the agreement */
	SF_BASIS_HOSPITAL, /* R7: admit or cancelled discharge is the hospital's own acceptance */
	SF_BASIS_RESTORED, /* a cancelled death restores the ledger */
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
	sf_domain_set taken;
	enum sf_offer_state state;
	int64_t since_ms; /* recorded */
	uint64_t sequence;
	struct sf_id answered_by; /* message id of what closed it */
};

#endif
