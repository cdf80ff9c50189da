/*
 * What the domain can say about a recorded fact besides "applied": refusals (recorded, without
 * effect) and deviations (recorded, relayed, shown; never blocked). Codes are on the wire, in
 * receipts and leaves, and never reused.
 */
#ifndef SF_CORE_REFUSAL_H
#define SF_CORE_REFUSAL_H

#include <stdint.h>

/* clang-format off */
#define SF_REFUSAL_LIST(X) \
	X(SF_REFUSAL_NOT_A_MEMBER,         1, "not-a-member",        "the author is no party of this transition") \
	X(SF_REFUSAL_AUTHOR_ROLE,          2, "author-role",         "only another role may say this") \
	X(SF_REFUSAL_NO_TRANSITION,        3, "no-transition",       "the transition is not known and the author may not open one") \
	X(SF_REFUSAL_OFFER_UNKNOWN,        4, "offer-unknown",       "no such offer in this transition") \
	X(SF_REFUSAL_OFFER_CLOSED,         5, "offer-closed",        "the offer was answered or taken back before") \
	X(SF_REFUSAL_NOT_OFFERED_TO_YOU,   6, "not-offered-to-you",  "the offer names another party") \
	X(SF_REFUSAL_DOMAINS,              7, "domains",             "domains that are not offered, not active or none") \
	X(SF_REFUSAL_NOT_HOLDER,           8, "not-holder",          "only the holder can offer a domain") \
	X(SF_REFUSAL_NO_DIRECTION,         9, "no-direction",        "a refusal must say where to") \
	X(SF_REFUSAL_SELF,                10, "self",                "a party cannot hand a domain to itself") \
	X(SF_REFUSAL_ENDED,               11, "ended",               "the ledger has ended") \
	X(SF_REFUSAL_FROZEN,              12, "frozen",              "the ledger is frozen until people have decided") \
	X(SF_REFUSAL_QUOTA,               13, "quota",               "the transition has too many events") \
	X(SF_REFUSAL_HEADER,              14, "header",              "the signed header cannot be read") \
	X(SF_REFUSAL_CONTENT_CONFLICT,    15, "content-conflict",    "the message id was used with another content") \
	X(SF_REFUSAL_ENVELOPE_REUSED,     16, "envelope-id-reused",  "the envelope id was used with other bytes") \
	X(SF_REFUSAL_RECIPIENT_UNKNOWN,   17, "recipient-unknown",   "a recipient is not in the directory") \
	X(SF_REFUSAL_STALE_VERSION,       18, "stale-version",       "a newer version of the parties is recorded") \
	X(SF_REFUSAL_SLOTS,               19, "slots",               "slots and recipients do not agree") \
	X(SF_REFUSAL_PLAN_UNKNOWN,        20, "plan-unknown",        "no such plan in this transition") \
	X(SF_REFUSAL_OBLIGATION_UNKNOWN,  21, "obligation-unknown",  "no such obligation in this transition") \
	X(SF_REFUSAL_OBLIGATION_STATE,    22, "obligation-state",    "does not fit the obligation as it stands") \
	X(SF_REFUSAL_NOT_OWNER,           23, "not-owner",           "only who owns the obligation, or asked for it, may say this") \
	X(SF_REFUSAL_OWNER_UNKNOWN,       24, "owner-unknown",       "nobody is bound to the role that shall do it") \
	X(SF_REFUSAL_NO_WINDOW,           25, "no-window",           "no window is open") \
	X(SF_REFUSAL_WINDOW_TIME,         26, "window-time",         "an extension must end later than the window does") \
	X(SF_REFUSAL_NOT_READY,           27, "not-ready",           "readiness was not declared, or was withdrawn") \
	X(SF_REFUSAL_QUESTION_UNKNOWN,    28, "question-unknown",    "no open question of this id to the author") \
	X(SF_REFUSAL_DISPUTE_UNKNOWN,     29, "dispute-unknown",     "no open dispute of this id") \
	X(SF_REFUSAL_CLOSED,              30, "closed",              "the transition is closed: reopen it first") \
	X(SF_REFUSAL_NOT_CLOSED,          31, "not-closed",          "the transition is not closed") \
	X(SF_REFUSAL_NOT_DERIVABLE,       32, "not-derivable",       "the facts before it do not give this derived fact") \
	X(SF_REFUSAL_AGREEMENT_UNKNOWN,   33, "agreement-unknown",   "no agreement of this digest has been proposed") \
	X(SF_REFUSAL_NOT_REPRESENTED,     34, "not-represented",     "the author does not represent a party it speaks for") \
	X(SF_REFUSAL_NOT_ACCEPTED,        35, "not-accepted",        "the author has not accepted this agreement")

#define SF_DEVIATION_LIST(X) \
	X(SF_DEVIATION_LATE_FACT,        101, "late-fact",           "came after what it would have changed") \
	X(SF_DEVIATION_NOT_LATEST,       102, "not-latest",          "only the latest notification may be corrected or cancelled") \
	X(SF_DEVIATION_OUT_OF_ORDER,     103, "out-of-order",        "does not fit the stay as it stands") \
	X(SF_DEVIATION_UNKNOWN_KIND,     104, "unknown-kind",        "of a kind this version does not read") \
	X(SF_DEVIATION_UNTOLD,           105, "untold",              "the receiver has not acknowledged, so nothing moves") \
	X(SF_DEVIATION_FIND_RECEIVER,    106, "find-receiver",       "nobody is bound to the role, so the hospital keeps the domain") \
	X(SF_DEVIATION_EQUIVOCATION,     107, "equivocation",        "two messages on one author sequence") \
	X(SF_DEVIATION_INVARIANT,        108, "invariant",           "would have broken an invariant: the ledger is frozen") \
	X(SF_DEVIATION_CONTINUED,        109, "continued-elsewhere", "an open stay of the same person at another hospital") \
	X(SF_DEVIATION_ACK_UNKNOWN,      110, "ack-unknown",         "acknowledges a message this transition does not have") \
	X(SF_DEVIATION_NO_PLAN,          111, "no-plan",             "discharged without a plan although the stay asked for one") \
	X(SF_DEVIATION_UNANSWERED,       112, "unanswered",          "discharged before the plan was answered") \
	X(SF_DEVIATION_LATE_CHANGE,      113, "late-change",         "changed after the cut-off hour without a recorded call") \
	X(SF_DEVIATION_OTHER_TIME,       114, "other-time",          "discharged at another time than agreed") \
	X(SF_DEVIATION_NOT_BOUND,        115, "not-bound",           "the agreement is not accepted by a party it would oblige") \
	X(SF_DEVIATION_STALE_PLAN,       116, "stale-plan",          "a newer plan is in force") \
	X(SF_DEVIATION_LATE,             117, "late",                "came after its deadline") \
	X(SF_DEVIATION_CONTESTED,        118, "contested",           "a clause waits until the dispute is resolved") \
	X(SF_DEVIATION_TOO_MANY,         119, "too-many",            "more than a transition can follow: this one is not tracked") \
	X(SF_DEVIATION_LETTER_AUTHOR,    120, "letter-author",       "another role writes letters of this kind: nothing is asked because of it")
/* clang-format on */

#define X(name, value, code, text) name = (value),
enum sf_refusal { SF_REFUSAL_NONE = 0, SF_REFUSAL_LIST(X) SF_DEVIATION_LIST(X) };
#undef X

/* "offer-closed"; "unknown" for a number of a later version. Never NULL. */
const char *sf_refusal_code(uint16_t refusal);
/* The sentence; never NULL. */
const char *sf_refusal_text(uint16_t refusal);

#endif
