/* The evidence that the coordinator makes holds before the verifier of strangers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/evidence.h"
#include "base/time.h"
#include "unit/node/region.h"

static const struct sf_zone *find_zone(void *self, const char *name)
{
	(void)name;
	return sf_sim_zone(self);
}

static struct sf_view export_evidence(struct region *region, struct sf_id id)
{
	struct sf_request request = {.kind = SF_REQUEST_EVIDENCE, .evidence = {.transition = id}};
	return region_get(region, region->coordinator, request, SF_REPLY_EVIDENCE)
		.evidence.evidence;
}

static struct sf_evidence_report *verify(
	struct region *region, struct sf_view bytes, const struct sf_policy *policy)
{
	struct sf_crypto crypto;
	sf_crypto_port(region->gp->keyring, &crypto);
	const struct sf_env env = {.self = &region->world, .zone = find_zone};
	const struct sf_evidence_options options = {
		.crypto = &crypto, .env = &env, .policy = policy, .require_proof = true};
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
			print_error("%s: %s\n", sf_finding_text(report->findings[i].code),
				report->findings[i].text);
}

static void test_evidence_of_a_discharge_is_verified(void **state)
{
	struct region *region = *state;
	sf_sim_sign(&region->world);
	struct sf_reply_sent sent = region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	struct sf_evidence_report *report =
		verify(region, export_evidence(region, sent.transition), NULL);
	show_faults(report);
	assert_true(report->verified);
	assert_true(report->event_count > 3);
	assert_int_equal(report->evidence.agreement_count, 1);
	assert_true(report->statement_count >= 3);
	assert_int_equal(report->checkpoint_count, 1);
	assert_true(report->checkpoints[0].holds);
	for (size_t i = 0; i < report->event_count; i++)
		assert_non_null(report->events[i].checkpoint);
	sf_evidence_report_close(&report);
}

/* By the id of a message, too; the policy that the coordinator prints pins what it says. */
static void test_evidence_holds_before_the_printed_policy(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	struct sf_request request = {.kind = SF_REQUEST_LOG};
	struct sf_reply log = region_get(region, region->coordinator, request, SF_REPLY_LOG);
	struct sf_crypto crypto;
	sf_crypto_port(region->gp->keyring, &crypto);
	struct sf_policy *policy = NULL;
	assert_int_equal(
		sf_policy_parse(&crypto, sf_view_text(log.log.policy), &policy, NULL), SF_OK);
	struct sf_evidence_report *report =
		verify(region, export_evidence(region, sent.message), policy);
	show_faults(report);
	assert_true(report->verified);
	assert_true(report->registrars_pinned);
	sf_evidence_report_close(&report);
	sf_policy_close(&policy);
}

static void test_changed_byte_is_found(void **state)
{
	struct region *region = *state;
	struct sf_reply_sent sent = region_discharge(region);
	region_run(region, SF_MINUTE_MS);
	struct sf_view bytes = export_evidence(region, sent.transition);
	uint8_t *changed = malloc(bytes.size);
	assert_non_null(changed);
	memcpy(changed, bytes.data, bytes.size);
	changed[bytes.size / 2] ^= 1;
	struct sf_crypto crypto;
	sf_crypto_port(region->gp->keyring, &crypto);
	const struct sf_env env = {.self = &region->world, .zone = find_zone};
	const struct sf_evidence_options options = {.crypto = &crypto, .env = &env};
	struct sf_evidence_report *report = NULL;
	enum sf_err err =
		sf_evidence_verify(sf_view_of(changed, bytes.size), &options, &report, NULL);
	assert_true(err || !report->verified);
	sf_evidence_report_close(&report);
	free(changed);
}

static void test_unknown_transition_has_no_evidence(void **state)
{
	struct region *region = *state;
	struct sf_request request = {
		.kind = SF_REQUEST_EVIDENCE, .evidence = {.transition = {{7}}}};
	assert_int_equal(region_ask(region, region->coordinator, request).err, SF_ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_evidence_of_a_discharge_is_verified),
		TEST(test_evidence_holds_before_the_printed_policy),
		TEST(test_changed_byte_is_found),
		TEST(test_unknown_transition_has_no_evidence),
	};
	return cmocka_run_group_tests_name("coordinator/evidence_service", tests, NULL, NULL);
}
