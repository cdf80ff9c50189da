/* The evidence that a node gives away: complete, and true to a stranger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/claim.h"
#include "base/time.h"
#include "coordinator/tables.h"
#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/tree.h"
#include "unit/node/region.h"
#include "wire/header.h"

static struct sf_evidence get_evidence(
	struct region *region, struct sf_sim_machine *machine, struct sf_id id)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_EVIDENCE, .evidence = {.transition = id}};
	const struct sf_reply reply = region_get(region, machine, request, SF_REPLY_EVIDENCE);
	struct sf_evidence evidence;
	assert_int_equal(
		sf_evidence_decode(reply.evidence.evidence, &region->arena, &evidence, NULL),
		SF_OK);
	return evidence;
}

/* The checkpoint of the file with this size. */
static struct sf_checkpoint find_checkpoint(const struct sf_evidence *evidence, uint64_t size)
{
	for (size_t i = 0; i < evidence->checkpoint_count; i++) {
		struct sf_note note;
		struct sf_checkpoint checkpoint;
		assert_int_equal(sf_note_parse(evidence->checkpoints[i], &note, NULL), SF_OK);
		assert_int_equal(sf_checkpoint_parse(note.text, &checkpoint, NULL), SF_OK);
		if (checkpoint.size == size)
			return checkpoint;
	}
	fail_msg("no checkpoint of size %llu", (unsigned long long)size);
	return (struct sf_checkpoint){.size = 0};
}

static void check_event(struct region *region, const struct sf_evidence *evidence,
	const struct sf_evidence_event *event, uint64_t sequence)
{
	struct sf_crypto crypto;
	sf_crypto_port(region->gp->keyring, &crypto);
	struct sf_cover cover;
	struct sf_header header;
	struct sf_receipt receipt;
	assert_int_equal(sf_cover_parse(event->cover, &cover, NULL), SF_OK);
	assert_int_equal(sf_header_decode(cover.header, &header, NULL), SF_OK);
	assert_int_equal(sf_receipt_decode(event->receipt.receipt, &receipt, NULL), SF_OK);
	assert_int_equal(receipt.sequence, sequence);
	assert_true(sf_id_equal(header.message.transition, evidence->transition));
	const struct sf_leaf_event leaf_event = {receipt.digest, header.message.transition,
		receipt.recorded_ms, receipt.sequence, receipt.outcome, receipt.code,
		receipt.previous_head, receipt.kind_class};
	uint8_t leaf[SF_LEAF_SIZE];
	struct sf_digest hash, hashes[SF_TREE_PROOF_MAX];
	sf_log_leaf(&crypto, &leaf_event, &receipt.r, leaf);
	sf_tree_leaf_hash(&crypto, sf_view_of(leaf, sizeof(leaf)), &hash);
	const struct sf_checkpoint checkpoint = find_checkpoint(evidence, event->proof_size);
	memcpy(hashes, event->path.data, event->path.size);
	assert_int_equal(
		sf_tree_check_inclusion(&crypto, receipt.leaf_index, event->proof_size, &hash,
			hashes, event->path.size / SF_DIGEST_SIZE, &checkpoint.root),
		SF_OK);
}

static void test_every_event_is_in_it_with_its_proof(void **state)
{
	struct region *region = *state;
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	struct sf_sim_machine *makers[] = {
		region->hospital, region->municipality, region->coordinator};
	for (size_t m = 0; m < SF_COUNT(makers); m++) {
		/* By the id of a message, too. */
		const struct sf_evidence evidence =
			get_evidence(region, makers[m], m == 0 ? sent.message : sent.transition);
		assert_true(sf_id_equal(evidence.made_by, makers[m]->party));
		assert_true(sf_id_equal(evidence.coordinator, region->coordinator->party));
		assert_true(sf_id_equal(evidence.transition, sent.transition));
		assert_string_equal(evidence.log, "coordinator.example/log/sim");
		assert_int_equal(evidence.registrar_count, 1);
		assert_int_equal(evidence.entry_count,
			sf_memory_count(region->coordinator->memory, &sf_table_entry));
		assert_int_equal(evidence.agreement_count, 1);
		assert_true(evidence.checkpoint_count > 0);
		assert_int_equal(evidence.event_count, 5);
		for (size_t i = 0; i < evidence.event_count; i++)
			check_event(region, &evidence, &evidence.events[i], i + 1);
	}
}

static void test_claim_is_signed_and_the_same_everywhere(void **state)
{
	struct region *region = *state;
	const struct sf_reply_sent sent = region_discharge(region);
	region_run(region, 30 * SF_SECOND_MS);
	struct sf_crypto crypto;
	sf_crypto_port(region->gp->keyring, &crypto);
	struct sf_sim_machine *makers[] = {
		region->hospital, region->municipality, region->coordinator};
	struct sf_claim claims[SF_COUNT(makers)];
	for (size_t m = 0; m < SF_COUNT(makers); m++) {
		const struct sf_evidence evidence =
			get_evidence(region, makers[m], sent.transition);
		assert_true(sf_id_equal(evidence.claim_key_id, makers[m]->identity_key_id));
		assert_int_equal(crypto.check_record(crypto.self, makers[m]->identity_key, "claim",
					 evidence.claim, evidence.claim_signature),
			SF_OK);
		assert_int_equal(
			sf_claim_decode(evidence.claim, &region->arena, &claims[m], NULL), SF_OK);
		assert_int_equal(claims[m].sequence, evidence.event_count);
		assert_true(sf_claim_same(&claims[0], &claims[m], NULL));
	}
}

/* What has no checkpoint yet is in the file, and says that it is not proven. */
static void test_event_without_a_proof_stands_without(void **state)
{
	struct region *region = *state;
	region_run(region, SF_MINUTE_MS);
	region->world.limits.checkpoint_ms = SF_DAY_MS;
	sf_sim_power_off(region->coordinator);
	sf_sim_power_on(region->coordinator);
	const struct sf_reply_sent sent = region_send(region, "STIN_H");
	region_run(region, 5 * SF_MINUTE_MS);
	const struct sf_evidence evidence = get_evidence(region, region->hospital, sent.transition);
	assert_true(evidence.event_count > 0);
	size_t pending = 0;
	for (size_t i = 0; i < evidence.event_count; i++)
		pending += evidence.events[i].proof_size == 0;
	assert_true(pending > 0);
}

static void test_unknown_transition_has_none(void **state)
{
	struct region *region = *state;
	const struct sf_request request = {
		.kind = SF_REQUEST_EVIDENCE, .evidence = {.transition = {{0x42}}}};
	assert_int_equal(region_ask(region, region->hospital, request).err, SF_ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, region_open, region_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_event_is_in_it_with_its_proof),
		TEST(test_claim_is_signed_and_the_same_everywhere),
		TEST(test_event_without_a_proof_stands_without),
		TEST(test_unknown_transition_has_none),
	};
	return cmocka_run_group_tests_name("node/evidence_service", tests, NULL, NULL);
}
