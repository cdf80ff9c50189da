#include "sim/lies.h"

#include <stdio.h>
#include <stdlib.h>

#include "node/tables.h"

static int open_with(void **state, bool signs)
{
	void *region = NULL;
	struct lies *lies = calloc(1, sizeof(*lies));
	if (!lies || region_open(&region))
		return -1;
	lies->region = region;
	if (signs)
		sf_sim_sign(&lies->region->world);
	region_run(lies->region, 20 * SF_SECOND_MS);
	for (size_t i = 1; i < lies->region->world.machine_count; i++)
		lies->alarms[i] = sf_node_counters(lies->region->world.machines[i].node).alarms;
	sf_sim_liar_open(&lies->liar, &lies->region->world, lies->region->hospital);
	*state = lies;
	return 0;
}

int lies_open(void **state)
{
	return open_with(state, false);
}

int lies_open_signed(void **state)
{
	return open_with(state, true);
}

int lies_close(void **state)
{
	struct lies *lies = *state;
	void *region = lies->region;
	sf_sim_liar_close(&lies->liar);
	free(lies);
	return region_close(&region);
}

struct count {
	enum sf_contradiction kind;
	size_t found;
	bool shown;
	const char *name;
};

static bool count_row(void *context, const void *row)
{
	struct count *count = context;
	const struct sf_node_row_contradiction *contradiction = row;
	count->found += contradiction->kind == (int64_t)count->kind;
	if (count->shown)
		print_error("  %s: %s at size %lld\n", count->name,
			sf_contradiction_text((uint32_t)contradiction->kind),
			(long long)contradiction->size);
	return true;
}

static size_t count_rows(const struct sf_sim_machine *node, enum sf_contradiction kind, bool shown)
{
	struct count count = {.kind = kind, .shown = shown, .name = node->name};
	const struct sf_scan scan = {.table = &sf_node_table_contradiction};
	const struct sf_store *store = sf_memory_port(node->memory);
	assert_int_equal(store->scan(store->self, &scan, count_row, &count, NULL), SF_OK);
	return count.found;
}

/* What everybody has found, for who must see why a test fails. */
static void show(const struct lies *lies)
{
	for (size_t i = 1; i < lies->region->world.machine_count; i++) {
		const struct sf_sim_machine *node = &lies->region->world.machines[i];
		print_error("  %s: %llu alarms\n", node->name,
			(unsigned long long)lies_alarms(lies, node));
		count_rows(node, SF_CONTRADICTION_NONE, true);
	}
}

size_t lies_found(
	const struct lies *lies, const struct sf_sim_machine *node, enum sf_contradiction kind)
{
	(void)lies;
	return count_rows(node, kind, false);
}

void lies_expect(const struct lies *lies, const struct sf_sim_machine *node,
	enum sf_contradiction kind, size_t count)
{
	size_t found = lies_found(lies, node, kind);
	if (found == count)
		return;
	show(lies);
	fail_msg("%s has found %zu of %s, not %zu", node->name, found,
		sf_contradiction_text((uint32_t)kind), count);
}

uint64_t lies_alarms(const struct lies *lies, const struct sf_sim_machine *node)
{
	return sf_node_counters(node->node).alarms - lies->alarms[node->index];
}

void lies_expect_quiet(const struct lies *lies, const struct sf_sim_machine *node)
{
	if (sf_memory_count(node->memory, &sf_node_table_contradiction) == 0 &&
		lies_alarms(lies, node) == 0)
		return;
	show(lies);
	fail_msg("%s has found something where nobody lied to it", node->name);
}

void lies_expect_all_quiet(const struct lies *lies)
{
	for (size_t i = 1; i < lies->region->world.machine_count; i++)
		lies_expect_quiet(lies, &lies->region->world.machines[i]);
}

static bool count_open(void *context, const void *row)
{
	(void)row;
	++*(size_t *)context;
	return true;
}

size_t lies_unproven(const struct sf_sim_machine *node)
{
	size_t open = 0;
	const struct sf_scan scan = {.table = &sf_node_table_proof, .index = SF_NODE_PROOF_OPEN};
	const struct sf_store *store = sf_memory_port(node->memory);
	assert_int_equal(store->scan(store->self, &scan, count_open, &open, NULL), SF_OK);
	return open;
}

struct sf_view lies_export(
	struct lies *lies, struct sf_sim_machine *machine, struct sf_id transition)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_EVIDENCE, .evidence = {.transition = transition}};
	return region_get(lies->region, machine, request, SF_REPLY_EVIDENCE).evidence.evidence;
}

static const struct sf_zone *find_zone(void *self, const char *name)
{
	(void)name;
	return sf_sim_zone(self);
}

struct sf_evidence_report *lies_verify(
	struct lies *lies, struct sf_view bytes, const struct sf_view *receipts, size_t count)
{
	const struct sf_env env = {.self = &lies->region->world, .zone = find_zone};
	const struct sf_evidence_options options = {.crypto = &lies->liar.crypto,
		.env = &env,
		.receipt_count = count,
		.receipts = receipts};
	struct sf_evidence_report *report = NULL;
	struct sf_diag diag = {{0}};
	if (sf_evidence_verify(bytes, &options, &report, &diag))
		fail_msg("%s", diag.text);
	return report;
}

static void show_faults(const struct sf_evidence_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].severity == SF_SEVERITY_FAULT)
			print_error("  %s: %s\n", sf_finding_text(report->findings[i].code),
				report->findings[i].text);
}

void lies_expect_verified(struct lies *lies, struct sf_view bytes)
{
	struct sf_evidence_report *report = lies_verify(lies, bytes, NULL, 0);
	if (!report->verified) {
		show_faults(report);
		fail_msg("evidence that is true does not hold");
	}
	sf_evidence_report_close(&report);
}

void lies_expect_fault(struct lies *lies, struct sf_view bytes, const struct sf_view *receipts,
	size_t count, enum sf_finding_code code)
{
	struct sf_evidence_report *report = lies_verify(lies, bytes, receipts, count);
	bool found = false;
	for (size_t i = 0; i < report->finding_count && !found; i++)
		found = report->findings[i].severity == SF_SEVERITY_FAULT &&
			report->findings[i].code == code;
	if (!found) {
		show_faults(report);
		fail_msg("the auditor does not find %s", sf_finding_text(code));
	}
	assert_false(report->verified);
	sf_evidence_report_close(&report);
}

static bool say_all(struct sf_sim_liar *liar, struct sf_frame *frame)
{
	(void)frame;
	liar->number++;
	return true;
}

/* The liar in between changes nothing by being there. */
static void test_honest_coordinator_raises_nothing(void **state)
{
	struct lies *lies = *state;
	struct region *region = lies->region;
	lies->liar.say = lies->liar.hear = say_all;
	struct sf_reply_sent sent = region_discharge(region);
	region_run(region, 15 * SF_MINUTE_MS);
	assert_true(lies->liar.number > 10);
	assert_int_equal(lies->liar.told, 0);
	lies_expect_all_quiet(lies);
	for (size_t i = 1; i < region->world.machine_count; i++)
		assert_int_equal(lies_unproven(&region->world.machines[i]), 0);
	const struct sf_view others[] = {lies_export(lies, region->hospital, sent.transition),
		lies_export(lies, region->municipality, sent.transition)};
	struct sf_view file = lies_export(lies, region->coordinator, sent.transition);
	lies_expect_verified(lies, file);
	struct sf_evidence_report *report = lies_verify(lies, file, others, SF_COUNT(others));
	if (!report->verified)
		show_faults(report);
	assert_true(report->verified);
	sf_evidence_report_close(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIE(test_honest_coordinator_raises_nothing),
		LIE_SIGNED(test_honest_coordinator_raises_nothing),
	};
	printf("seed 7\n");
	int failed = cmocka_run_group_tests_name("sim/lies: none", tests, NULL, NULL);
	failed += lies_about_log();
	failed += lies_about_events();
	failed += lies_about_evidence();
	failed += lies_about_epochs();
	return failed;
}
