/*
 * An agreement as engines read it (DOMAIN.md section 7). This version knows the handover clause;
 * expectations, windows and payments take their places beside it.
 */
#ifndef SF_CORE_AGREEMENT_H
#define SF_CORE_AGREEMENT_H

#include "core/fact.h"

#define SF_HANDOVER_MAX 8

/* A fact of the stay that is an implicit offer (R5). Silence: the holder stays. */
struct sf_handover {
	enum sf_activity on;
	sf_domain_set offers;
	enum sf_role to;
};

struct sf_agreement {
	struct sf_digest digest; /* of the signed form */
	enum sf_pathway pathway;
	size_t handover_count;
	struct sf_handover handovers[SF_HANDOVER_MAX];
};

/* Every agreement the program knows, by digest. A transition without one moves by offers only. */
struct sf_agreement_book {
	const struct sf_agreement *agreements; /* borrowed */
	size_t count;
};

/* NULL when the book has none of that digest. */
const struct sf_agreement *sf_agreement_find(
	const struct sf_agreement_book *book, const struct sf_digest *digest);

#endif
