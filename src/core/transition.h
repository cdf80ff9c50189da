/*
 * The transition: one coordinated object per stay that concerns another party. It folds recorded
 * events, in transition sequence, into parties, stay, course, ledger, duties and windows. The
 * coordinator, every node's replica and the simulation run this same code.
 *
 * Pure. One thread. A transition is rebuilt by stepping its events again; nothing else is state.
 */
#ifndef SF_CORE_TRANSITION_H
#define SF_CORE_TRANSITION_H

#include "core/agreement.h"
#include "core/course.h"
#include "core/obligation.h"
#include "core/responsibility.h"
#include "core/stay.h"

struct sf_transition; /* opaque */

/* Overall state (DOMAIN section 4), derived from stay, course, offers, windows and obligations. */
/* clang-format off */
#define SF_TRANSITION_STATE_LIST(X) \
	X(SF_TRANSITION_EMPTY,       0, "empty") \
	X(SF_TRANSITION_OPEN,        1, "open") \
	X(SF_TRANSITION_DORMANT,     2, "dormant") \
	X(SF_TRANSITION_PLANNING,    3, "planning") \
	X(SF_TRANSITION_PREPARING,   4, "preparing") \
	X(SF_TRANSITION_READY,       5, "ready") \
	X(SF_TRANSITION_AGREED,      6, "agreed") \
	X(SF_TRANSITION_IN_TRANSIT,  7, "in-transit") \
	X(SF_TRANSITION_SHARED,      8, "shared") \
	X(SF_TRANSITION_FOLLOW_UP,   9, "follow-up") \
	X(SF_TRANSITION_CLOSED,     10, "closed")
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_transition_state { SF_TRANSITION_STATE_LIST(X) };
#undef X
const char *sf_transition_state_text(enum sf_transition_state state);

struct sf_member {
	struct sf_id party;
	enum sf_role role;       /* SF_ROLE_NONE: a recipient of a bound party's fact */
	uint64_t since_sequence; /* event that made it a member */
	bool until_relieved;     /* its role was rebound: a member only while it holds a domain */
};

/* What a step did. Views borrow from the transition until its next step. */
struct sf_transition_result {
	enum sf_outcome outcome;
	uint16_t code;       /* enum sf_refusal, 0 when applied */
	size_t joined_count; /* parties that became members in this step */
	struct sf_id joined[SF_TRANSITION_PARTIES_MAX];
	size_t offer_count_before;     /* offers from here on are new */
	size_t line_count_before;      /* ledger lines from here on are new */
	size_t deviation_count_before; /* deviations from here on are new */
};

/* SF_ERR_MEMORY. book is borrowed and must outlive the transition. */
SF_MUST_USE enum sf_err sf_transition_open(struct sf_id id, const struct sf_agreement_book *book,
	struct sf_transition **ret_transition);
void sf_transition_close(struct sf_transition **transition);

/*
 * Applies the next event. event->sequence must be one more than the last (SF_ERR_USAGE). On
 * SF_ERR_MEMORY or SF_ERR_LIMIT the transition is unchanged. Resends (SF_CLASS_RESEND), refused and
 * deviating events take their number like any other. When an invariant would break, the step's
 * effects are dropped, the ledger is frozen and the result is deviation `invariant`. When
 * SF_TRANSITION_EVENTS_MAX events are kept every other is refused `quota`: it has its number and
 * costs no memory. A party that fills its share is refused before, and the hospital and time go on.
 *
 * A message, known by its author and id, that was applied before has no second effect: the first
 * outcome is answered again (one that was refused is decided anew, WIRE.md section 7.7).
 *
 * Pure and deterministic: the coordinator's outcome is what every replica computes.
 */
SF_MUST_USE enum sf_err sf_transition_step(struct sf_transition *transition,
	const struct sf_event *event, struct sf_transition_result *ret_result);
/* The event is recorded as refused or resent for a reason outside the transition: a number only. */
SF_MUST_USE enum sf_err sf_transition_skip(struct sf_transition *transition, uint64_t sequence);

struct sf_id sf_transition_id(const struct sf_transition *transition);
uint64_t sf_transition_sequence(const struct sf_transition *transition);
enum sf_transition_state sf_transition_state(const struct sf_transition *transition);
const struct sf_stay *sf_transition_stay(const struct sf_transition *transition);
bool sf_transition_frozen(const struct sf_transition *transition);
/* NULL before the first parties fact. */
const struct sf_parties *sf_transition_parties(const struct sf_transition *transition);
sf_domain_set sf_transition_active(const struct sf_transition *transition);
/* None when the domain is not active or the ledger has ended. */
struct sf_id sf_transition_holder(const struct sf_transition *transition, enum sf_domain domain);
const struct sf_ledger_line *sf_transition_lines(
	const struct sf_transition *transition, size_t *ret_count);
const struct sf_ledger_offer *sf_transition_offers(
	const struct sf_transition *transition, size_t *ret_count);
const struct sf_member *sf_transition_members(
	const struct sf_transition *transition, size_t *ret_count);
bool sf_transition_is_member(const struct sf_transition *transition, struct sf_id party);
/* The party the role is bound to; none when nobody is. */
struct sf_id sf_transition_bound(const struct sf_transition *transition, enum sf_role role);
/* The hospital: bound, or the author of the first stay fact while no parties fact has come. */
struct sf_id sf_transition_hospital(const struct sf_transition *transition);
/*
 * How the party has acknowledged the message (R8 asks for ok), by DOMAIN section 8: the first
 * counts, but after transient-error a later one wins. SF_ACK_NONE when it has not.
 */
enum sf_ack sf_transition_acknowledged(
	const struct sf_transition *transition, struct sf_id message, struct sf_id party);

/* Plan, answer, readiness, disputes, closing. Never NULL. */
const struct sf_course *sf_transition_course(const struct sf_transition *transition);
/* Open and ended, oldest first. */
const struct sf_obligation *sf_transition_obligations(
	const struct sf_transition *transition, size_t *ret_count);
const struct sf_window *sf_transition_windows(
	const struct sf_transition *transition, size_t *ret_count);
const struct sf_deviation *sf_transition_deviations(
	const struct sf_transition *transition, size_t *ret_count);
/* The pathway's terms in the agreement that rules it; NULL without one. */
const struct sf_pathway_terms *sf_transition_terms(const struct sf_transition *transition);
const struct sf_agreement *sf_transition_agreement(const struct sf_transition *transition);
/* Recorded time of the newest event; INT64_MIN before any. */
int64_t sf_transition_recorded_ms(const struct sf_transition *transition);
/*
 * R8: messages (stay facts that started a clause's clock) that the party must still acknowledge
 * with ok, although it got only their covers, before the clause may move anything to it. Its node
 * does so as soon as it has them on disk. At most count_max; how many there are.
 */
size_t sf_transition_must_acknowledge(const struct sf_transition *transition, struct sf_id party,
	struct sf_id *ret_messages, size_t count_max);
/*
 * All that was derived, in one hash-ready form for reconciliation: state, holders, and per open
 * obligation subject, clause, state and due. Two replicas of one sequence give the same bytes.
 */
SF_MUST_USE enum sf_err sf_transition_summary(
	const struct sf_transition *transition, struct sf_buf *buf);

/*
 * R2 on one node: something the party has signed and not yet seen recorded, by which it takes
 * domains. offer none: the hospital's own admit or cancelled discharge (R7), which names no offer.
 */
struct sf_pending_take {
	struct sf_id offer; /* the offer its acceptance names */
	sf_domain_set domains;
	bool acknowledges; /* no acceptance: an ok for the fact `offer`, which started a clause */
};

/*
 * Must the party act as holder of the domain, as far as this replica knows? It does when
 * - the ledger, as this replica has seen it recorded, says so (a giver holds until it has seen the
 *   taker's acceptance recorded, never by its own clock), or
 * - all it has seen is that the patient died while it held the domain (the death may be cancelled,
 *   which gives the domain back without asking), or the transition was closed, or
 * - it has acknowledged the discharge from which a clause's clock runs that names it (R8): the
 *   clause may have moved the domain to it already, or
 * - it has itself signed an acceptance of an offer that is open to it here, or that this replica
 * has not seen yet (a taker holds from the moment it signed). Over all replicas somebody then
 * always holds: overlap is safe, a gap is not. Once the answer to the pending message is recorded,
 * the caller drops it and the ledger alone speaks.
 */
bool sf_transition_may_hold(const struct sf_transition *transition, struct sf_id party,
	enum sf_domain domain, const struct sf_pending_take *pending, size_t pending_count);

/* R1 to R9 as far as one replica can see them. NULL when all hold, else the rule's name. */
const char *sf_transition_invariant_broken(const struct sf_transition *transition);

#endif
