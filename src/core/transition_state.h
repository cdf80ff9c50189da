/*
 * The inside of a transition, shared by transition*.c, membership.c and handover.c and by nobody
 * else. What a step may change stands in struct sf_standing: a step works on a copy, which replaces
 * the old one when the rules hold, so that a refused or broken step leaves nothing behind.
 */
#ifndef SF_CORE_TRANSITION_STATE_H
#define SF_CORE_TRANSITION_STATE_H

#include "core/transition.h"

struct sf_standing {
	struct sf_id hospital; /* none before the first effective fact */
	enum sf_role hospital_role;
	bool bound; /* a parties fact is in force */
	struct sf_parties parties;
	struct sf_id parties_message;
	size_t member_count;
	struct sf_member members[SF_TRANSITION_PARTIES_MAX];
	struct sf_stay stay;
	struct sf_ledger ledger;
};

/* A recorded message: enough to know it again and to check who may acknowledge it. */
struct sf_recorded {
	struct sf_id message;
	struct sf_id author;
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
	struct sf_standing *next; /* owned: the copy a step works on */

	struct sf_stay_entry *entries; /* owned: effective stay facts */
	size_t entry_count;
	size_t entry_capacity;
	enum sf_stay_mark *marks; /* owned, of entries, by the last fold */
	size_t mark_capacity;
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
};

/* membership.c: who is bound, who belongs. Codes are enum sf_refusal, 0 when applied. */
bool sf_role_is_hospital(enum sf_role role);
const struct sf_member *sf_standing_member(const struct sf_standing *standing, struct sf_id party);
/* The party the role is bound to, none when nobody is. */
struct sf_id sf_standing_bound(const struct sf_standing *standing, enum sf_role role);
sf_domain_set sf_standing_active(const struct sf_standing *standing);
/* The author of a transition's first effective fact is its hospital, provisionally. */
uint16_t sf_membership_found(struct sf_step *step);
/* Binds roles by the message's parties fact and changes members and active domains. */
uint16_t sf_membership_bind(struct sf_step *step);
/* Recipients of a bound party's fact join; who was rebound and holds nothing any more leaves. */
uint16_t sf_membership_settle(struct sf_step *step);

/* handover.c: offers and their answers. */
uint16_t sf_handover_offer(struct sf_step *step);
uint16_t sf_handover_accept(struct sf_step *step);
uint16_t sf_handover_refuse(struct sf_step *step);
uint16_t sf_handover_withdraw(struct sf_step *step);
/* R5: the implicit offers of the discharge that stands; id as described there. */
uint16_t sf_handover_discharge(struct sf_step *step);

/* transition_stay.c: the stay fold, and what the ledger does when the stay changes. */
SF_MUST_USE enum sf_err sf_transition_fold(struct sf_step *step, uint16_t *ret_code);
/* before: the stay before this step, the same as now when a parties fact came. */
uint16_t sf_transition_follow_stay(struct sf_step *step, const struct sf_stay *before);

/* transition_table.c: who may say what, and what it does. */
SF_MUST_USE enum sf_err sf_transition_apply(struct sf_step *step, uint16_t *ret_code);

#endif
