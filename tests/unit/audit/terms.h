/*
 * An agreement for tests of what audit/ tells, and parties with names: after an admission the
 * municipality owes an admission report (clause "2-2"), first to itself and then to both an alarm;
 * a discharge offers care and medication (clause "2-7") and begins a window of the hospital.
 */
#ifndef TESTS_UNIT_AUDIT_TERMS_H
#define TESTS_UNIT_AUDIT_TERMS_H

#include "audit/listing.h"
#include "unit/core/scene.h"

struct terms {
	struct sf_agreement *agreement; /* owned */
	const struct sf_agreement *agreements[1];
	struct sf_acceptance acceptances[3]; /* H, K and G */
	struct sf_agreement_book book;
	struct sf_directory *directory; /* owned */
	struct sf_arena arena;
	struct sf_listing listing;
};

void terms_open(struct terms *terms, int32_t report_minutes);
void terms_close(struct terms *terms);
/* A copy with another deadline of the report, or without the report when 0. */
void terms_change(struct sf_agreement *agreement, int32_t report_minutes);

#endif
