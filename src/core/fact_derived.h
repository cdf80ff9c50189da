/*
 * Facts that the coordinator derives, and those about agreements: DOMAIN.md sections 2 and 7. Part
 * of core/fact.h.
 *
 * A derived fact says nothing of its own: anybody with the facts before it, the agreement and its
 * recorded time computes the same (core/derived.h). It names its clause and its cause.
 */
#ifndef SF_CORE_FACT_DERIVED_H
#define SF_CORE_FACT_DERIVED_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/id.h"
#include "core/fact_duty.h"

/* clang-format off */
#define SF_LINK_LIST(X) \
	X(SF_LINK_CONTINUED_IN, 1, "continued-in") /* in the old one: the stay goes on elsewhere */ \
	X(SF_LINK_CONTINUES,    2, "continues")    /* in the new one */ \
	X(SF_LINK_READMITTED,   3, "readmitted")   /* in the old one, closed at most 30 days before */ \
	X(SF_LINK_READMISSION,  4, "readmission")  /* in the new one */ \
	X(SF_LINK_UNDONE,       5, "undone")       /* in both: the admission was cancelled */
/* clang-format on */

#define X(name, value, text) name = (value),
enum sf_link_kind { SF_LINK_NONE = 0, SF_LINK_LIST(X) };
#undef X
const char *sf_link_text(enum sf_link_kind link);

/* An open obligation that moves with the patient. */
struct sf_carried {
	struct sf_id subject; /* its request in the old transition */
	enum sf_duty duty;
	enum sf_role owner;
	int64_t due_ms; /* 0 none */
};
#define SF_CARRIED_MAX 16

/*
 * What each kind uses; the rest is zero.
 *   expired       subject, clause, due_ms
 *   escalated     subject, clause, due_ms, level (from 1: rungs climbed before it)
 *   window-ended  subject, clause, due_ms
 *   passed        subject, clause, due_ms, domains, to   a clause moves domains (R8)
 *   silent        due_ms
 *   closed        due_ms
 *   linked        subject (the admit that shows it, or what cancels it), link, other, carried
 */
struct sf_derived {
	struct sf_id subject; /* message that raised the duty, started the window, made the offer */
	uint32_t clause;      /* number in the pathway (core/agreement.h); 0 none */
	int64_t due_ms;       /* when it fell due */
	uint32_t level;
	uint32_t domains; /* sf_domain_set */
	struct sf_id to;  /* party */
	enum sf_link_kind link;
	struct sf_id other; /* transition */
	size_t carried_count;
	struct sf_carried carried[SF_CARRIED_MAX];
};

/* agreement-propose, -accept and -end: about the agreement of this digest, in no transition. */
#define SF_ON_BEHALF_MAX 32
struct sf_agreement_fact {
	struct sf_digest agreement;
	/* accept, end: parties without a node that the author represents in the directory. */
	size_t on_behalf_count;
	struct sf_id on_behalf[SF_ON_BEHALF_MAX];
};

#endif
