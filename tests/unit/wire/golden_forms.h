/* Every form of the wire that has no golden envelope, with fixed values. Everybody is invented. */
#ifndef SF_TESTS_WIRE_GOLDEN_FORMS_H
#define SF_TESTS_WIRE_GOLDEN_FORMS_H

#include "core/agreement.h"
#include "wire/frame.h"

#define GOLDEN_FACTS_MAX 48

struct golden_fact {
	const char *name;
	struct sf_fact fact;
};

/* At least one fact of each kind that is read; the number of them. */
size_t golden_facts(struct golden_fact facts[GOLDEN_FACTS_MAX]);
/* Facts that can be written and that no reader may take. */
size_t golden_wrong_facts(struct golden_fact facts[GOLDEN_FACTS_MAX]);
/* Every clause, condition, deadline rule and rung. */
void golden_agreement(struct sf_agreement *ret_agreement);

#endif
