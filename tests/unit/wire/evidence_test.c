#include "wire/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/wire/raw.h"

static uint8_t signature[64] = {1, 2, 3};
static uint8_t hashes[96] = {4, 5, 6};

static struct sf_evidence_event event(const char *cover, uint16_t index)
{
	return (struct sf_evidence_event){
		.cover = sf_view_text(cover),
		.receipt = {.receipt = sf_view_text("a receipt"),
			.index = index,
			.count = 4,
			.path = sf_view_of(hashes, 64),
			.signature = sf_view_of(signature, 64)},
		.proof_size = 7,
		.path = sf_view_of(hashes, 96),
	};
}

/* Everything that it lends is static. */
static struct sf_evidence sample(void)
{
	static struct sf_view notes[2], entries[1], agreements[1];
	static struct sf_evidence_event events[2], statements[1];
	notes[0] = sf_view_text("an old note");
	notes[1] = sf_view_text("a new note");
	entries[0] = sf_view_text("an entry");
	agreements[0] = sf_view_text("an agreement");
	events[0] = event("first", 0);
	events[1] = event("second", 3);
	events[1].proof_size = 0;
	events[1].path.size = 0;
	statements[0] = event("proposed", 1);
	struct sf_evidence evidence = {
		.format = 1,
		.made_ms = 1795000000000,
		.made_by = raw_id(1),
		.coordinator = raw_id(2),
		.log = "stafet.example/log/midt",
		.transition = raw_id(3),
		.registrar_threshold = 1,
		.registrar_count = 2,
		.checkpoint_count = 2,
		.checkpoints = notes,
		.entry_count = 1,
		.entries = entries,
		.agreement_count = 1,
		.agreements = agreements,
		.statement_count = 1,
		.statements = statements,
		.event_count = 2,
		.events = events,
		.claim = sf_view_text("a claim"),
		.claim_key_id = raw_id(4),
		.claim_signature = {9},
	};
	evidence.registrars[1][0] = 8;
	return evidence;
}

static struct sf_buf encoded(const struct sf_evidence *evidence)
{
	struct sf_buf buf;
	sf_buf_init(&buf, 65536);
	assert_int_equal(sf_evidence_encode(evidence, &buf), SF_OK);
	return buf;
}

static enum sf_err decode(const struct sf_buf *buf)
{
	struct sf_arena arena;
	sf_arena_init(&arena, SF_EVIDENCE_ARENA_SIZE);
	struct sf_evidence back;
	enum sf_err err = sf_evidence_decode(sf_buf_view(buf), &arena, &back, NULL);
	sf_arena_fini(&arena);
	return err;
}

static void test_evidence_comes_back_as_it_was(void **state)
{
	(void)state;
	struct sf_evidence evidence = sample();
	struct sf_buf buf = encoded(&evidence);
	struct sf_arena arena;
	sf_arena_init(&arena, SF_EVIDENCE_ARENA_SIZE);
	struct sf_evidence back;
	assert_int_equal(sf_evidence_decode(sf_buf_view(&buf), &arena, &back, NULL), SF_OK);
	assert_int_equal(back.made_ms, evidence.made_ms);
	assert_string_equal(back.log, evidence.log);
	assert_int_equal(back.registrars[1][0], 8);
	assert_int_equal(back.checkpoint_count, 2);
	assert_true(sf_view_equal(back.checkpoints[1], evidence.checkpoints[1]));
	assert_int_equal(back.event_count, 2);
	assert_true(sf_view_equal(back.events[1].cover, sf_view_text("second")));
	assert_int_equal(back.events[1].receipt.index, 3);
	assert_int_equal(back.events[0].path.size, 96);
	assert_int_equal(back.statement_count, 1);
	assert_memory_equal(back.claim_signature, evidence.claim_signature, 64);
	struct sf_buf again = encoded(&back);
	assert_true(sf_view_equal(sf_buf_view(&again), sf_buf_view(&buf)));
	sf_buf_fini(&again);
	sf_arena_fini(&arena);
	sf_buf_fini(&buf);
}

static void test_evidence_in_other_bytes_is_refused(void **state)
{
	(void)state;
	struct sf_evidence evidence = sample();
	struct sf_buf buf = encoded(&evidence);
	raw_number(&buf, 40, 1);
	assert_int_equal(decode(&buf), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	/* One more entry behind the claim is read by any protobuf reader as one more entry. */
	buf = encoded(&evidence);
	raw_text(&buf, 11, "x");
	assert_int_equal(decode(&buf), SF_ERR_FORMAT);
	sf_buf_fini(&buf);
	/* format as 1 in two bytes */
	buf = encoded(&evidence);
	struct sf_buf longer;
	sf_buf_init(&longer, 65536);
	assert_int_equal(sf_buf_append(&longer, sf_view_of("\x08\x81\x00", 3)), SF_OK);
	assert_int_equal(sf_buf_append(&longer, sf_view_of(buf.data + 2, buf.size - 2)), SF_OK);
	assert_int_equal(decode(&longer), SF_ERR_FORMAT);
	sf_buf_fini(&longer);
	sf_buf_fini(&buf);
}

static void test_evidence_that_says_too_little_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct sf_evidence evidence = sample();
		struct sf_evidence_event events[2] = {evidence.events[0], evidence.events[1]};
		evidence.events = events;
		if (i == 0)
			evidence.format = 2;
		else if (i == 1)
			evidence.registrar_threshold = 3;
		else if (i == 2)
			evidence.claim.size = 0;
		else if (i == 3)
			events[1].receipt.signature.size = 63;
		else if (i == 4)
			events[0].path.size = 95;
		else
			events[0].receipt.index = 4;
		struct sf_buf buf = encoded(&evidence);
		assert_int_equal(decode(&buf), SF_ERR_FORMAT);
		sf_buf_fini(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_evidence_comes_back_as_it_was),
		cmocka_unit_test(test_evidence_in_other_bytes_is_refused),
		cmocka_unit_test(test_evidence_that_says_too_little_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
