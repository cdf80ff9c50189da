/*
 * The line that a person reads first: who must do what before when, and which clause says so
 * (DESIGN.md section 1, promise 5). Computed from a transition; nothing is stored.
 */
#ifndef SF_CORE_NEXT_H
#define SF_CORE_NEXT_H

#include "core/derived.h"

/* clang-format off */
#define SF_NEXT_LIST(X) \
	X(SF_NEXT_NOTHING,         0, "nothing")          /* closed, or nobody owes anything */ \
	X(SF_NEXT_DECIDE,          1, "decide")           /* frozen or contested: people must decide */ \
	X(SF_NEXT_ANSWER_OFFER,    2, "answer-offer") \
	X(SF_NEXT_FIND_RECEIVER,   3, "find-receiver") \
	X(SF_NEXT_OBLIGATION,      4, "obligation")       /* see duty, or the clause of an expectation */ \
	X(SF_NEXT_ANSWER_PLAN,     5, "answer-plan") \
	X(SF_NEXT_AGREE,           6, "agree")            /* the other side has named a time */ \
	X(SF_NEXT_OFFER_AGAIN,     7, "offer-again")      /* refused: the hospital must offer onward */ \
	X(SF_NEXT_WINDOW,          8, "window")           /* a window runs until then */ \
	X(SF_NEXT_DISCHARGE,       9, "discharge")        /* a discharge is agreed or planned */
/* clang-format on */
#define X(name, value, text) name = (value),
enum sf_next_what { SF_NEXT_LIST(X) };
#undef X
const char *sf_next_text(enum sf_next_what what);

struct sf_next {
	enum sf_next_what what;
	enum sf_role role;     /* who must; NONE: people of several parties */
	struct sf_id party;    /* none: nobody is bound */
	enum sf_duty duty;     /* OBLIGATION */
	struct sf_id subject;  /* message of the offer, plan, request, cause */
	uint32_t clause;       /* number in the pathway; 0 none */
	sf_domain_set domains; /* ANSWER_OFFER, FIND_RECEIVER, OFFER_AGAIN, WINDOW */
	int64_t before_ms;     /* SF_NEVER_MS: as soon as possible */
	int64_t promised_ms;   /* ANSWER_OFFER: "later, from then on"; 0 nothing was promised */
	bool overdue;          /* before_ms has passed at now_ms */
};

/*
 * Everything that needs a person, most urgent first: what people must decide, and a patient who is
 * home without a receiver, before everything else; then overdue before not yet due, then by time;
 * what has no time comes after what is overdue and before what is not due within a day. At most
 * count_max rows; the number there are. ret_next may be NULL when count_max is 0.
 */
size_t sf_transition_next_all(const struct sf_transition *transition, int64_t now_ms,
	struct sf_next *ret_next, size_t count_max);
/* Hospital and municipality have named different times: party is none, and both must look. */
bool sf_next_is_of_both_sides(const struct sf_next *next);
/* The first of them, WINDOW and DISCHARGE only when nothing else; NOTHING when there is none. */
struct sf_next sf_transition_next(const struct sf_transition *transition, int64_t now_ms);

#endif
