/*
 * An agreement for tests of the local services: care and medication are handed over at discharge, a
 * letter and an answer are expected, the hospital keeps medical for 72 hours and the practice gets
 * it after. And saying facts by request.
 */
#ifndef SF_TESTS_UNIT_NODE_TERMS_H
#define SF_TESTS_UNIT_NODE_TERMS_H

#include "unit/node/region.h"

/* Its signed form, in the region's arena. */
struct sf_view terms_text(struct region *region, uint32_t version);
/* The hospital proposes it, municipality and practice sign; all is recorded. */
void terms_sign(struct region *region);
/* The request that says the fact; to whom it concerns, without a letter. */
struct sf_request terms_say(
	struct region *region, struct sf_id transition, const struct sf_fact *fact);
/* Says it, must be accepted; message id. Recorded everywhere afterwards. */
struct sf_id terms_said(struct region *region, struct sf_sim_machine *machine,
	struct sf_id transition, const struct sf_fact *fact);
/* The request must be refused by this rule, or for this reason, and nothing authored. */
void terms_refused(struct region *region, struct sf_sim_machine *machine, struct sf_request request,
	uint32_t refusal);
void terms_not_done(struct region *region, struct sf_sim_machine *machine,
	struct sf_request request, enum sf_err err);
const struct sf_transition *terms_replica(struct sf_sim_machine *machine, struct sf_id transition);

#endif
