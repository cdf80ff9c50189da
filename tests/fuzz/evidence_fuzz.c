/*
 * Evidence files: what is read is written again byte by byte, and what is verified has no fault and
 * a claim of its own file. Each is also what is supplied to compare it with.
 */
#include "fuzz/fuzz.h"

#include "audit/claim.h"
#include "audit/evidence.h"
#include "crypto/port.h"

static struct sf_keyring *keyring;
static struct sf_crypto crypto;

static const struct sf_zone *no_zone(void *self, const char *name)
{
	(void)self;
	(void)name;
	return NULL;
}

static void read_again(struct sf_view bytes)
{
	struct sf_arena arena;
	struct sf_evidence evidence;
	struct sf_claim claim;
	struct sf_buf again;
	sf_arena_init(&arena, SF_EVIDENCE_ARENA_SIZE);
	sf_buf_init(&again, SF_EVIDENCE_SIZE_MAX);
	if (!sf_evidence_decode(bytes, &arena, &evidence, NULL)) {
		SF_ASSERT(!sf_evidence_encode(&evidence, &again));
		SF_ASSERT(sf_view_equal(sf_buf_view(&again), bytes));
		sf_buf_clear(&again);
		if (!sf_claim_decode(evidence.claim, &arena, &claim, NULL)) {
			SF_ASSERT(!sf_claim_encode(&claim, &again));
			SF_ASSERT(sf_view_equal(sf_buf_view(&again), evidence.claim));
		}
	}
	sf_buf_fini(&again);
	sf_arena_fini(&arena);
}

static void check_verified(const struct sf_evidence_report *report)
{
	struct sf_digest file;
	SF_ASSERT(!sf_claim_file_digest(&crypto, &report->evidence, &file));
	SF_ASSERT(report->claim_read && sf_digest_equal(&file, &report->said.file));
	for (size_t i = 0; i < report->event_count; i++)
		SF_ASSERT(report->events[i].holds && report->events[i].sequence == i + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct sf_view file = sf_view_of(bytes, size);
	const struct sf_env env = {.zone = no_zone};
	if (!keyring) {
		SF_ASSERT(!sf_keyring_open(&keyring));
		sf_crypto_port(keyring, &crypto);
	}
	read_again(file);
	const struct sf_evidence_options options = {
		.crypto = &crypto, .env = &env, .receipt_count = 1, .receipts = &file};
	struct sf_evidence_report *report = NULL;
	if (!sf_evidence_verify(file, &options, &report, NULL)) {
		SF_ASSERT(report->verified == (report->fault_count == 0));
		if (report->verified)
			check_verified(report);
	}
	sf_evidence_report_close(&report);
	return 0;
}
