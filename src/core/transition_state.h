/*
 * The inside of a transition, shared by the files of core that a step goes through and by nobody
 * else. What a step may change stands in struct sf_standing: a step works on a copy, which replaces
 * the old one when the rules hold, so that a refused or broken step leaves nothing behind.
 *
 * One step (transition.c, transition_table.c): who may say it; the kind's own function; the ledger,
 * when the stay may have changed; then course, windows and duties follow; then members settle.
 */
#ifndef SF_CORE_TRANSITION_STATE_H
#define SF_CORE_TRANSITION_STATE_H

#include "core/transition.h"

/* Obligations and the marks that met-by is judged from. */
struct sf_duties {
	struct sf_obligation *items; /* borrowed: in the standing's block */
	size_t count;
	size_t capacity;
	struct sf_sign *signs; /* borrowed, the same */
	size_t sign_count;
	size_t sign_capacity;
	struct sf_deviation *deviations; /* borrowed, the same */
	size_t deviation_count;
	size_t deviation_capacity;
};

/* A fact that was applied, as a trigger sees it: what meets an expectation may come before it. */
struct sf_sign {
	struct sf_trigger trigger;
	struct sf_id message;
	struct sf_id author;
	struct sf_id in_reply_to; /* of what a letter carries: the letter */
	uint64_t sequence;
	int64_t recorded_ms;
	int64_t occurred_ms; /* event time of a stay fact, else of the message */
	enum sf_mark mark;   /* of a letter */
	bool superseded;     /* a later letter of its author replaced it */
};

struct sf_standing {
	size_t block_size;     /* of the memory that it and its arrays lie in */
	struct sf_id hospital; /* none before the first effective fact */
	enum sf_role hospital_role;
	bool bound; /* a parties fact is in force */
	struct sf_parties parties;
	struct sf_id parties_message;
	sf_domain_set raised; /* active besides those of parties: a rehabilitation plan came */
	sf_domain_set rested; /* not active while course.no_case says so */
	size_t member_count;
	size_t member_capacity;
	struct sf_member *members; /* borrowed, the same */
	struct sf_stay stay;
	struct sf_id home_of,
		home_by; /* a discharge, and the message with which it came to stand */
	struct sf_ledger ledger;
	struct sf_course course;
	struct sf_duties duties;
	size_t window_count;
	struct sf_window windows[SF_WINDOW_MAX];
	const struct sf_zone *zone; /* borrowed: of the agreement that rules; NULL is UTC */
};

/* A recorded message: enough to know it again and to check who may acknowledge it. */
struct sf_recorded {
	struct sf_id message;
	struct sf_id author;
	uint32_t kind; /* of its fact */
	enum sf_outcome outcome;
	uint16_t code;
	size_t recipient_first; /* in recipients */
	size_t recipient_count;
};

struct sf_recorded_ack {
	struct sf_id message;
	struct sf_id party;
	enum sf_ack ack;
};

struct sf_transition {
	struct sf_id id;
	const struct sf_agreement_book *book; /* borrowed */
	uint64_t sequence;
	int64_t recorded_ms; /* latest: the ledger's clock never goes back */
	bool frozen;
	struct sf_standing *now;  /* owned */
	struct sf_standing *next; /* owned: the copy a step works on; NULL between steps */

	struct sf_stay_entry *entries; /* owned: effective stay facts */
	size_t entry_count;
	size_t entry_capacity;
	enum sf_stay_mark *marks; /* owned, of entries, by the last fold */
	size_t mark_capacity;
	enum sf_stay_mark *old_marks; /* owned: of the fold before, for a step that is dropped */
	size_t old_mark_capacity;
	struct sf_recorded *recorded; /* owned */
	size_t recorded_count;
	size_t recorded_capacity;
	struct sf_id *recipients; /* owned, of all recorded */
	size_t recipient_count;
	size_t recipient_capacity;
	struct sf_recorded_ack *acks; /* owned */
	size_t ack_count;
	size_t ack_capacity;
};

/* One step on its way. */
struct sf_step {
	struct sf_transition *transition; /* borrowed */
	struct sf_standing *standing;     /* borrowed: transition->next */
	const struct sf_event *event;     /* borrowed */
	const struct sf_message *message; /* borrowed: of the event */
	struct sf_ledger_cause cause;
	struct sf_transition_result *result; /* borrowed */
	bool folded;                         /* marks are of this step's fold */
	struct sf_obligation *obligation; /* borrowed: what an obligation fact is about, or NULL */
};

/*
 * standing.c. A standing and its arrays are one block. The copy has room for what one step can add;
 * between steps a transition keeps what it uses and no room, because a region has many of them. On
 * SF_ERR_MEMORY ret_copy is NULL.
 */
void sf_standing_close(struct sf_standing **standing);
SF_MUST_USE enum sf_err sf_standing_copy(
	const struct sf_standing *now, struct sf_standing **ret_copy);
/* next takes the place of now, without the room; with it when the heap refuses. next is NULL then.
 */
void sf_standing_keep(struct sf_standing **now, struct sf_standing **next);
/* R1 to R9; current: the step that made it and is not recorded yet, NULL. NULL when all hold. */
const char *sf_standing_rule_broken(const struct sf_transition *transition,
	const struct sf_standing *standing, const struct sf_message *current);

/* membership.c: who is bound, who belongs. Codes are enum sf_refusal, 0 when applied. */
bool sf_role_is_hospital(enum sf_role role);
const struct sf_member *sf_standing_member(const struct sf_standing *standing, struct sf_id party);
/* The party the role is bound to, none when nobody is. */
struct sf_id sf_standing_bound(const struct sf_standing *standing, enum sf_role role);
sf_domain_set sf_standing_active(const struct sf_standing *standing);
/* No case, and no rehabilitation either that concerns who has none (DOMAIN.md section 4). */
bool sf_standing_is_dormant(const struct sf_standing *standing);
/* The author of a transition's first effective fact is its hospital, provisionally. */
uint16_t sf_membership_found(struct sf_step *step);
/* Binds roles by the message's parties fact and changes members and active domains. */
uint16_t sf_membership_bind(struct sf_step *step);
/* Recipients of a bound party's fact join; who was rebound and holds nothing any more leaves. */
uint16_t sf_membership_settle(struct sf_step *step);
/* The domains become active and, when the ledger is open, the hospital holds those nobody held. */
void sf_membership_activate(struct sf_step *step, sf_domain_set domains);
/*
 * no-case: care, medication and social rest, as far as the hospital holds them; their open offers
 * lapse and the author leaves, unless it holds a domain (R9: until another accepts).
 */
void sf_membership_rest(struct sf_step *step);
/* A later plan, offer or parties fact: what rests is active again, the party a member. */
uint16_t sf_membership_wake(struct sf_step *step);
/* Before an offer, and before a letter, has its own effect: whom and what it brings back. */
uint16_t sf_membership_heed_offer(struct sf_step *step);
uint16_t sf_membership_heed_letter(struct sf_step *step);

/* handover.c: offers and their answers. */
uint16_t sf_handover_offer(struct sf_step *step);
uint16_t sf_handover_accept(struct sf_step *step);
uint16_t sf_handover_refuse(struct sf_step *step);
uint16_t sf_handover_withdraw(struct sf_step *step);
/* Does the message reply to an offer of this transition, open or not? */
bool sf_handover_is_named(struct sf_step *step);
/* A plan answer `later` that replies to an offer. */
uint16_t sf_handover_promise(struct sf_step *step);
/* R5: the implicit offers of the discharge that stands; id as described there. */
uint16_t sf_handover_discharge(struct sf_step *step);
/* R5: what the clauses hand over with the message's letter (a rehabilitation plan). */
uint16_t sf_handover_letter(struct sf_step *step);

/*
 * course.c: plan, answer, readiness, agreed time, intent, assessment, arrival, disputes, calls.
 * Each applies the message's fact; codes as above.
 */
uint16_t sf_course_intent(struct sf_step *step);
uint16_t sf_course_assessment(struct sf_step *step);
uint16_t sf_course_plan(struct sf_step *step);
uint16_t sf_course_plan_answer(struct sf_step *step);
uint16_t sf_course_ready(struct sf_step *step);
uint16_t sf_course_ready_withdrawn(struct sf_step *step);
uint16_t sf_course_agree(struct sf_step *step);
uint16_t sf_course_arrived(struct sf_step *step);
uint16_t sf_course_dispute(struct sf_step *step);
uint16_t sf_course_resolve(struct sf_step *step);
uint16_t sf_course_fallback(struct sf_step *step);
/* Another municipality is bound: what the old one answered does not count for the new one. */
void sf_course_rebound(struct sf_course *course);
/* Was a plan recorded under this id, and not refused? */
bool sf_transition_has_plan(const struct sf_transition *transition, struct sf_id message);
/* Both sides have named the same discharge time: that time, else 0. */
int64_t sf_course_agreed_ms(const struct sf_course *course);
/* True when this step brought the patient home: course, windows and duties ask the same. */
bool sf_step_is_newly_home(const struct sf_step *step, const struct sf_stay *before);
/* After any fact: what the stay's new state means for the course; deviations of a discharge. */
void sf_course_follow(struct sf_step *step, const struct sf_stay *before);

/* closing.c: what ends a transition, and opens it again. */
uint16_t sf_course_close(struct sf_step *step);
uint16_t sf_course_reopen(struct sf_step *step);
uint16_t sf_course_linked(struct sf_step *step);
/* Closed from here on (derived, by hand, continued elsewhere): the ledger ends, nobody holds. */
void sf_course_shut(struct sf_step *step, enum sf_close_code code);
void sf_course_unshut(struct sf_course *course);
/*
 * A letter of the hospital by which a clause asks for something opens what had closed by itself
 * because nothing was open (DOMAIN.md section 4): a late rehabilitation plan, a marked letter.
 */
void sf_course_heed_letter(struct sf_step *step);

/* duty.c: obligations that people, questions and intents raise; expectation.c: those of clauses. */
uint16_t sf_duty_obligation(struct sf_step *step);
/* The author of `later` owes an answer from then on. */
void sf_duty_promise(struct sf_step *step, int64_t promised_ms);
uint16_t sf_duty_question(struct sf_step *step);
uint16_t sf_duty_answer(struct sf_step *step);
uint16_t sf_duty_letter(struct sf_step *step);
/* Does the author's role write letters of this kind? Else it is relayed and asks nothing. */
bool sf_step_letter_is_of_author(const struct sf_step *step);
/* Of all that is asked for by people, and by one party, no more is followed; the rest is of
 * clauses.
 */
#define SF_DUTIES_ASKED_MAX ((size_t)256)
#define SF_DUTIES_AUTHOR_MAX ((size_t)64)
#define SF_DUTIES_MAX ((size_t)512)
/* No more than these are raised, or noted as a sign, in one step and in all. */
#define SF_DUTIES_STEP_MAX ((size_t)64)
#define SF_SIGNS_MAX ((size_t)256)
/*
 * Adds it with the step's time; NULL, and deviation too-many, when there is no room. A clause's is
 * told from one that people ask for by its number.
 */
struct sf_obligation *sf_duty_raise(struct sf_step *step, const struct sf_obligation *obligation);
/* Every change of state: since when, and ended or not. */
void sf_obligation_become(
	struct sf_obligation *obligation, enum sf_task_state state, int64_t at_ms);
/* What was owed was done by the message; deviation `late` after its deadline. */
void sf_obligation_meet(
	struct sf_step *step, struct sf_obligation *obligation, struct sf_id message);
/* For a new owner, or one who owes it again: the deadline restarts, no alarm has sounded. */
void sf_obligation_restart(struct sf_obligation *obligation, int64_t at_ms);
/* As sf_ledger_put. */
struct sf_duties sf_duties_put(
	struct sf_block *block, const struct sf_duties *duties, bool with_room);
/* Adds a deviation of this step; the first also becomes the outcome of the event. */
void sf_step_deviates(struct sf_step *step, enum sf_refusal deviation);
/* terms.c: is the party bound by the agreement that rules this transition, at a recorded time? */
bool sf_standing_is_bound_by(const struct sf_transition *transition,
	const struct sf_standing *standing, struct sf_id party, int64_t at_ms);
const struct sf_agreement *sf_standing_agreement(
	const struct sf_transition *transition, const struct sf_standing *standing);
const struct sf_pathway_terms *sf_standing_terms(
	const struct sf_transition *transition, const struct sf_standing *standing);
/* As clauses and requests name it: `hospital` is also the psychiatric one of this stay. */
struct sf_id sf_standing_party(const struct sf_standing *standing, enum sf_role role);
/* Terms by which the step found the transition; NULL. Others rule now when they are not the same.
 */
const struct sf_pathway_terms *sf_step_terms_before(const struct sf_step *step);

/*
 * sign.c: which facts were applied, and do they stand? Noted once a step, before what reads them.
 */
void sf_signs_follow(struct sf_step *step);
/* NULL when the message gave none. */
const struct sf_sign *sf_standing_sign(const struct sf_standing *standing, struct sf_id message);
/* Not cancelled, superseded or overtaken: what it raised is still owed. NULL stands. */
bool sf_sign_stands(const struct sf_step *step, const struct sf_sign *sign);

/* move.c: what a clause will move, with or without R8. */
#define SF_MOVES_MAX (SF_HANDOVER_MAX + SF_WINDOW_MAX + 1)
struct sf_move {
	uint32_t clause;
	struct sf_id subject; /* the fact that started its clock */
	sf_domain_set domains;
	enum sf_role role;
	struct sf_id to; /* none: nobody is bound to the role */
	int64_t due_ms;  /* SF_NEVER_MS while a window is suspended */
	bool by_window;  /* a window runs still: its end makes the move */
};
size_t sf_standing_moves(const struct sf_transition *transition, const struct sf_standing *standing,
	struct sf_move ret_moves[SF_MOVES_MAX]);
/* receiver.c: obligations to find and to tell who a move goes to. */
void sf_receivers_follow(struct sf_step *step);

/*
 * duty_follow.c, after the fact has had its effect: raises what the clauses ask, meets what the
 * fact meets, cancels what lost its cause, derives every deadline anew. window.c: the same for
 * windows. In this order: course, windows, duties.
 */
void sf_duties_follow(struct sf_step *step);
void sf_windows_follow(struct sf_step *step);
uint16_t sf_window_apply(struct sf_step *step);
void sf_window_end(struct sf_window *window, int64_t at_ms);

/* derived_apply.c: applies a derived fact; SF_REFUSAL_NOT_DERIVABLE when it is not what time gives.
 */
uint16_t sf_derived_apply(struct sf_step *step);
/*
 * move.c, R8: what a party must have said ok to, beside the subject, before a clause moves
 * something to it whose clock the subject started. Mostly the subject again; but a discharge that
 * stands anew, after a readmission or a death that was an error, is news to whoever saw that: then
 * the message that made it stand.
 */
struct sf_id sf_standing_told_by(const struct sf_standing *standing, struct sf_id subject);
/* May a clause move something to the party now? subject: the fact that started its clock. */
bool sf_standing_is_told(const struct sf_transition *transition, const struct sf_standing *standing,
	struct sf_id party, struct sf_id subject, int64_t at_ms);

/* condition.c */
enum sf_truth { SF_TRUTH_NO, SF_TRUTH_YES, SF_TRUTH_UNDECIDED };
/* ret_decides_ms: when it decides itself by time alone; SF_NEVER_MS. */
enum sf_truth sf_conditions_hold(const struct sf_standing *standing,
	const struct sf_conditions *conditions, enum sf_mark mark, int64_t at_ms,
	int64_t *ret_decides_ms);
/* What the step's fact is to a trigger: 0 of them for a kind that raises and meets nothing. */
#define SF_STEP_TRIGGERS_MAX 6
size_t sf_step_triggers(const struct sf_step *step, struct sf_trigger *ret_triggers);
bool sf_trigger_matches(const struct sf_trigger *wanted, const struct sf_trigger *given);

/* transition_stay.c: the stay fold, and what the ledger does when the stay changes. */
SF_MUST_USE enum sf_err sf_transition_fold(struct sf_step *step, uint16_t *ret_code);
void sf_transition_swap_marks(struct sf_transition *transition);
/* before: the stay before this step, the same as now when a parties fact came. */
uint16_t sf_transition_follow_stay(struct sf_step *step, const struct sf_stay *before);
/* Reopened: the holders as they were, unless the stay itself has ended. */
uint16_t sf_transition_reopen_ledger(struct sf_step *step);

/* transition_table.c: who may say what, and what it does. */
SF_MUST_USE enum sf_err sf_transition_apply(struct sf_step *step, uint16_t *ret_code);
/* Every event beyond is refused quota. */
bool sf_transition_is_full(const struct sf_transition *transition);
/* Was the message addressed to the party? */
bool sf_transition_was_sent(const struct sf_transition *transition,
	const struct sf_recorded *recorded, struct sf_id party);
/* What follows from any applied event: course, windows, duties. An acknowledgement does no more. */
SF_MUST_USE enum sf_err sf_transition_follow(struct sf_step *step, uint16_t *ret_code);

#endif
