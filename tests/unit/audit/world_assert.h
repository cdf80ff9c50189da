/* Worlds for cmocka, and what is asserted of their files. */
#ifndef TESTS_UNIT_AUDIT_WORLD_ASSERT_H
#define TESTS_UNIT_AUDIT_WORLD_ASSERT_H

#include "unit/audit/world.h"

extern const struct sf_view world_nothing;

struct world *world_begin(void);
/* One that has told its story, with a checkpoint that both witnesses saw. */
struct world *world_told(void);
void world_end(struct world *world);
/* The events of a copy that may be changed. */
struct sf_evidence_event *world_events_of(struct sf_evidence *evidence);

void world_assert_verified(
	struct world *world, struct sf_view file, const char *policy, struct sf_view supplied);
/* The fault stands, at this event (0: any), in a sentence. */
void world_assert_named(struct world *world, struct sf_view file, const char *policy,
	struct sf_view supplied, enum sf_finding_code code, uint64_t sequence);

#endif
