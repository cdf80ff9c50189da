#include "stafet/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "unit/audit/world.h"

static struct world *told(void)
{
	struct world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world_open(world);
	world_story(world);
	world_checkpoint(world, "HK");
	return world;
}

static void end(struct world *world)
{
	world_close(world);
	free(world);
}

static void test_good_file_is_told_event_by_event(void **state)
{
	(void)state;
	struct world *world = told();
	struct sf_view file = world_file(world, 'S');
	struct stafet_evidence *evidence = NULL;
	assert_int_equal(stafet_evidence_verify(file.data, file.size, NULL, &evidence), STAFET_OK);
	struct stafet_evidence_summary summary;
	stafet_evidence_summary(evidence, &summary);
	assert_true(summary.verified);
	assert_int_equal(summary.event_count, world->event_count);
	assert_int_equal(summary.proven_count, world->event_count);
	assert_string_equal(summary.made_by_name, "party S");
	assert_false(summary.registrars_pinned);
	assert_true(strlen(stafet_evidence_registrar(evidence, 0)) == 47);
	assert_string_equal(stafet_evidence_registrar(evidence, 1), "");
	struct stafet_evidence_event event;
	size_t last = summary.event_count - 1;
	assert_int_equal(stafet_evidence_event(evidence, last, &event), STAFET_OK);
	assert_string_equal(event.kind, "accept");
	assert_string_equal(event.author_name, "party K");
	assert_string_equal(event.author_role, "municipality");
	assert_true(event.holds && event.folded);
	assert_int_equal(event.recorded_ms, world->events[last].receipt.recorded_ms);
	assert_int_equal(event.cosigner_count, 2);
	struct stafet_cosigner cosigner;
	assert_int_equal(stafet_evidence_cosigner(evidence, last, 0, &cosigner), STAFET_OK);
	assert_string_equal(cosigner.name, "party H");
	assert_int_equal(
		stafet_evidence_cosigner(evidence, last, 2, &cosigner), STAFET_ERR_NOT_FOUND);
	struct stafet_ledger_line line;
	assert_int_equal(stafet_evidence_ledger(evidence, 0, &line), STAFET_OK);
	assert_string_equal(line.domain, "medical");
	assert_string_equal(line.name, "party H");
	assert_int_equal(stafet_evidence_event(evidence, last + 1, &event), STAFET_ERR_NOT_FOUND);
	stafet_evidence_close(&evidence);
	assert_null(evidence);
	end(world);
}

static void test_fault_is_told_and_is_an_error(void **state)
{
	(void)state;
	struct world *world = told();
	struct sf_evidence shorter = world_evidence(world, 'S');
	shorter.event_count--;
	struct sf_view file = world_seal(world, &shorter, NULL);
	struct sf_view receipt = world_receipt(world, world->event_count - 1);
	const char *policy = world_policy(world, 2);
	const struct stafet_bytes receipts[] = {{receipt.data, receipt.size}};
	const struct stafet_evidence_options options = {
		.policy = {policy, strlen(policy)}, .receipts = receipts, .receipt_count = 1};
	struct stafet_evidence *evidence = NULL;
	assert_int_equal(stafet_evidence_verify(file.data, file.size, &options, &evidence),
		STAFET_ERR_INTEGRITY);
	bool named = false;
	for (size_t i = 0; i < stafet_evidence_finding_count(evidence); i++) {
		struct stafet_finding finding;
		assert_int_equal(stafet_evidence_finding(evidence, i, &finding), STAFET_OK);
		named = named || (strcmp(finding.code, "incomplete") == 0 &&
					 finding.severity == STAFET_SEVERITY_FAULT &&
					 finding.sequence == world->event_count);
	}
	assert_true(named);
	struct stafet_evidence_summary summary;
	stafet_evidence_summary(evidence, &summary);
	assert_true(summary.registrars_pinned);
	stafet_evidence_close(&evidence);
	end(world);
}

static void test_what_cannot_be_read_gives_nothing(void **state)
{
	(void)state;
	struct world *world = told();
	struct sf_view file = world_file(world, 'S');
	struct stafet_evidence *evidence = NULL;
	assert_int_equal(
		stafet_evidence_verify("no evidence", 11, NULL, &evidence), STAFET_ERR_FORMAT);
	assert_null(evidence);
	const struct stafet_evidence_options options = {.policy = {"trust everybody\n", 16}};
	assert_int_equal(stafet_evidence_verify(file.data, file.size, &options, &evidence),
		STAFET_ERR_FORMAT);
	assert_null(evidence);
	assert_int_equal(stafet_evidence_verify(NULL, 1, NULL, &evidence), STAFET_ERR_USAGE);
	stafet_evidence_close(&evidence);
	stafet_evidence_close(NULL);
	end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_file_is_told_event_by_event),
		cmocka_unit_test(test_fault_is_told_and_is_an_error),
		cmocka_unit_test(test_what_cannot_be_read_gives_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
