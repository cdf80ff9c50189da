#include "unit/audit/world_assert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct sf_view world_nothing;

struct world *world_begin(void)
{
	struct world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world_open(world);
	return world;
}

struct world *world_told(void)
{
	struct world *world = world_begin();
	world_story(world);
	world_checkpoint(world, "HK");
	return world;
}

void world_end(struct world *world)
{
	world_close(world);
	free(world);
}

struct sf_evidence_event *world_events_of(struct sf_evidence *evidence)
{
	return (struct sf_evidence_event *)evidence->events;
}

static void print(const struct sf_evidence_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct sf_finding *finding = &report->findings[i];
		print_message("%s %s %llu: %s\n", sf_severity_text(finding->severity),
			sf_finding_text(finding->code), (unsigned long long)finding->sequence,
			finding->text);
	}
}

void world_assert_verified(
	struct world *world, struct sf_view file, const char *policy, struct sf_view supplied)
{
	struct sf_evidence_report *report = world_verify(world, file, policy, supplied);
	assert_non_null(report);
	if (!report->verified)
		print(report);
	assert_true(report->verified);
	assert_int_equal(report->event_count, world->event_count);
	sf_evidence_report_close(&report);
}

void world_assert_named(struct world *world, struct sf_view file, const char *policy,
	struct sf_view supplied, enum sf_finding_code code, uint64_t sequence)
{
	struct sf_evidence_report *report = world_verify(world, file, policy, supplied);
	assert_non_null(report);
	const struct sf_finding *fault = world_fault(report, code, sequence);
	if (!fault)
		print(report);
	assert_non_null(fault);
	assert_false(report->verified);
	assert_true(strlen(fault->text) > 10);
	sf_evidence_report_close(&report);
}
