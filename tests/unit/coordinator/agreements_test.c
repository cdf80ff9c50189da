/* Agreements by signature: texts that parties bring, facts about them, and who hears of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	return 0;
}

static struct sf_coordinator *engine(const struct desk *desk)
{
	return desk->coordinator->coordinator;
}

/* The fixture with another version: another text. */
static struct sf_view make_text(struct desk *desk, uint32_t version)
{
	struct sf_agreement *agreement = calloc(1, sizeof(*agreement));
	assert_non_null(agreement);
	assert_int_equal(
		sf_agreement_decode(sf_buf_view(&desk->world.agreement), agreement, NULL), SF_OK);
	agreement->version = version;
	struct sf_buf bytes;
	sf_buf_init(&bytes, SF_AGREEMENT_SIZE_MAX);
	assert_int_equal(sf_agreement_encode(agreement, &bytes), SF_OK);
	free(agreement);
	struct sf_view kept = sf_arena_copy(&desk->arena, sf_buf_view(&bytes));
	sf_buf_fini(&bytes);
	return kept;
}

static void bring(struct desk *desk, const struct sf_sim_machine *from, struct sf_view text)
{
	const struct sf_frame frame = {.kind = SF_FRAME_AGREEMENTS, .count = 1, .records = &text};
	desk_say(desk, from, &frame);
}

static struct desk_letter statement(
	struct desk *desk, struct sf_sim_machine *author, enum sf_kind kind, struct sf_view text)
{
	struct desk_letter letter = desk_letter(desk, author, kind);
	letter.message.transition = (struct sf_id){{0}};
	sf_book_digest(&engine(desk)->ports.crypto, text, &letter.message.fact.agreement.agreement);
	return letter;
}

static void expect(struct desk *desk, const struct desk_letter *letter, uint16_t refusal)
{
	struct sf_receipt receipt = desk_record(desk, letter);
	assert_int_equal(receipt.code, refusal);
	assert_int_equal(receipt.outcome, refusal ? SF_OUTCOME_REFUSED : SF_OUTCOME_APPLIED);
	assert_int_equal(receipt.sequence, 0);
}

static bool accepted(const struct desk *desk, struct sf_view text, struct sf_id party)
{
	struct sf_digest digest;
	sf_book_digest(&engine(desk)->ports.crypto, text, &digest);
	return sf_agreement_accepted(
		sf_book_view(engine(desk)->book), &digest, party, desk->world.now_ms + 1);
}

static void test_text_comes_before_its_proposal(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = make_text(desk, 7);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	expect(desk, &letter, SF_REFUSAL_AGREEMENT_UNKNOWN);
	bring(desk, desk->municipality, text);
	letter = desk_again(desk, &letter);
	expect(desk, &letter, SF_REFUSAL_NONE);
	assert_true(accepted(desk, text, desk->municipality->party));
	assert_false(accepted(desk, text, desk->hospital->party));
	letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_ACCEPT, text);
	expect(desk, &letter, SF_REFUSAL_NONE);
	assert_true(accepted(desk, text, desk->hospital->party));
}

/* What is only brought is nobody's yet; the proposal tells everybody both, items after it. */
static void test_proposal_is_told_with_its_proof_before_any_item(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = make_text(desk, 7);
	bring(desk, desk->municipality, text);
	desk_turn(desk);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0));
	/* Nor can it be signed, or a transition begin under it. */
	struct desk_letter letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_ACCEPT, text);
	expect(desk, &letter, SF_REFUSAL_AGREEMENT_UNKNOWN);
	struct desk_letter parties = desk_parties(desk, false);
	parties.message.fact.parties.agreement = letter.message.fact.agreement.agreement;
	struct sf_receipt receipt = desk_record(desk, &parties);
	assert_int_equal(receipt.code, SF_REFUSAL_AGREEMENT_UNKNOWN);
	assert_int_equal(receipt.sequence, 1); /* it takes its number, and nothing else */
	letter = statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	struct desk_letter admission = desk_admission(desk);
	struct sf_view envelope = desk_seal(desk, &admission);
	const struct sf_frame submit = {
		.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &envelope};
	desk_say(desk, desk->hospital, &submit);
	desk_record(desk, &letter);
	const struct sf_frame *told = desk_heard(desk, desk->municipality, SF_FRAME_AGREEMENTS, 0);
	assert_non_null(told);
	const struct sf_frame *items = desk_heard(desk, desk->municipality, SF_FRAME_DELIVER, 0);
	assert_non_null(items);
	assert_true(told < items); /* heard in this order */
	told = desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0);
	assert_non_null(told);
	assert_int_equal(told->count, 1);
	assert_true(sf_view_equal(told->records[0], text));
	assert_int_equal(told->statement_count, 1);
	struct sf_cover cover;
	struct sf_header header;
	assert_int_equal(sf_cover_parse(told->statements[0].cover, &cover, NULL), SF_OK);
	assert_int_equal(sf_header_decode(cover.header, &header, NULL), SF_OK);
	assert_true(sf_id_equal(header.message.id, letter.message.id));
	const struct sf_signed_receipt *proof = &told->statements[0].receipt;
	assert_int_equal(sf_receipt_decode(proof->receipt, &receipt, NULL), SF_OK);
	const struct sf_crypto *crypto = &engine(desk)->ports.crypto;
	assert_int_equal(
		crypto->check_receipt(crypto->self, desk->coordinator->identity_key, proof->receipt,
			proof->index, proof->count, proof->path, proof->signature.data),
		SF_OK);
	desk_turn(desk);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0));
	parties = desk_again(desk, &parties);
	assert_int_equal(desk_record(desk, &parties).outcome, SF_OUTCOME_APPLIED);
}

static struct sf_view propose(struct desk *desk, uint32_t version)
{
	struct sf_view text = make_text(desk, version);
	desk->world.now_ms += 1000;
	bring(desk, desk->municipality, text);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	expect(desk, &letter, SF_REFUSAL_NONE);
	return text;
}

static void test_hello_is_answered_with_all_that_was_said(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = {NULL, 0};
	/* More than one frame holds. */
	for (uint32_t version = 11; version <= 15; version++) {
		text = propose(desk, version);
		for (int i = 0; i < 30; i++) {
			struct desk_letter letter =
				statement(desk, desk->hospital, SF_KIND_AGREEMENT_ACCEPT, text);
			expect(desk, &letter, SF_REFUSAL_NONE);
			letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_END, text);
			expect(desk, &letter, SF_REFUSAL_NONE);
		}
	}
	desk_restart(desk);
	assert_true(accepted(desk, text, desk->municipality->party));
	assert_false(accepted(desk, text, desk->hospital->party));
	desk_hello(desk, desk->gp);
	size_t texts = 0, statements = 0;
	const struct sf_frame *told;
	for (size_t i = 0; (told = desk_heard(desk, desk->gp, SF_FRAME_AGREEMENTS, i)); i++) {
		texts += told->count;
		statements += told->statement_count;
	}
	assert_int_equal(texts, 1 + 5); /* the configured one, too */
	assert_int_equal(statements, 5 * 61);
}

/* Somebody who signs and ends without end uses up nobody else's room. */
static void test_a_party_accepts_one_agreement_so_often(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = propose(desk, 7);
	for (int i = 0; i < 64; i++) {
		struct desk_letter letter =
			statement(desk, desk->hospital, SF_KIND_AGREEMENT_ACCEPT, text);
		expect(desk, &letter, SF_REFUSAL_NONE);
		letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_END, text);
		expect(desk, &letter, SF_REFUSAL_NONE);
	}
	struct desk_letter letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_ACCEPT, text);
	expect(desk, &letter, SF_REFUSAL_QUOTA);
	letter = statement(desk, desk->municipality, SF_KIND_AGREEMENT_END, text);
	expect(desk, &letter, SF_REFUSAL_NONE);
}

static void test_what_says_nothing_new_is_not_told(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = propose(desk, 7);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_ACCEPT, text);
	expect(desk, &letter, SF_REFUSAL_NONE);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0));
	assert_int_equal(sf_memory_count(desk->coordinator->memory, &sf_table_statement), 1);
}

static void test_only_who_is_represented_is_spoken_for(void **state)
{
	struct desk *desk = *state;
	desk->world.representative = desk->municipality->party;
	struct sf_sim_machine *practice =
		sf_sim_add(&desk->world, SF_ROLE_GP, "practice without a node", NULL, NULL, false);
	struct sf_view text = make_text(desk, 7);
	bring(desk, desk->municipality, text);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	expect(desk, &letter, SF_REFUSAL_NONE);
	struct sf_agreement_fact *fact = &letter.message.fact.agreement;
	letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_ACCEPT, text);
	fact->on_behalf_count = 1;
	fact->on_behalf[0] = practice->party;
	expect(desk, &letter, SF_REFUSAL_NOT_REPRESENTED);
	letter = statement(desk, desk->municipality, SF_KIND_AGREEMENT_ACCEPT, text);
	fact->on_behalf_count = 1;
	fact->on_behalf[0] = desk->hospital->party;
	expect(desk, &letter, SF_REFUSAL_NOT_REPRESENTED);
	letter = statement(desk, desk->municipality, SF_KIND_AGREEMENT_ACCEPT, text);
	fact->on_behalf_count = 1;
	fact->on_behalf[0] = practice->party;
	expect(desk, &letter, SF_REFUSAL_NONE);
	assert_true(accepted(desk, text, practice->party));
}

static void test_what_was_never_accepted_cannot_be_ended(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = make_text(desk, 7);
	bring(desk, desk->municipality, text);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	expect(desk, &letter, SF_REFUSAL_NONE);
	letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_END, text);
	expect(desk, &letter, SF_REFUSAL_NOT_ACCEPTED);
	letter = statement(desk, desk->municipality, SF_KIND_AGREEMENT_END, text);
	expect(desk, &letter, SF_REFUSAL_NONE);
	letter = statement(desk, desk->municipality, SF_KIND_AGREEMENT_END, text);
	expect(desk, &letter, SF_REFUSAL_NOT_ACCEPTED);
}

/* Sixteen are kept of one party; others may still bring theirs. */
static void test_a_party_brings_so_many_texts(void **state)
{
	struct desk *desk = *state;
	for (uint32_t i = 0; i < 20; i++) {
		bring(desk, desk->municipality, make_text(desk, 100 + i));
		desk->world.now_ms += 1000;
		desk_turn(desk);
	}
	assert_int_equal(sf_book_view(engine(desk)->book)->count, 1 + 16);
	bring(desk, desk->hospital, make_text(desk, 200));
	desk_turn(desk);
	assert_int_equal(sf_book_view(engine(desk)->book)->count, 1 + 17);
	bring(desk, desk->hospital, sf_view_text("no text"));
	desk_turn(desk);
	assert_int_equal(sf_book_view(engine(desk)->book)->count, 1 + 17);
}

static void test_lost_turn_signed_nothing(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = make_text(desk, 7);
	bring(desk, desk->municipality, text);
	desk_turn(desk);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	struct sf_view envelope = desk_seal(desk, &letter);
	const struct sf_frame submit = {
		.kind = SF_FRAME_SUBMIT, .count = 1, .envelopes = &envelope};
	desk_say(desk, desk->municipality, &submit);
	sf_memory_next_commit(desk->coordinator->memory, SF_MEMORY_FULL);
	assert_int_equal(desk_try_turn(desk), SF_ERR_DISK_FULL);
	assert_false(accepted(desk, text, desk->municipality->party));
	assert_int_equal(engine(desk)->published_count, 1);
	desk_hello(desk, desk->municipality);
	desk_submit(desk, desk->municipality, &envelope, 1);
	assert_true(accepted(desk, text, desk->municipality->party));
	assert_int_equal(engine(desk)->published_count, 2);
}

/* A frame that the route had no room for comes again, and nothing is judged without it. */
static void test_frame_that_was_lost_comes_again(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = make_text(desk, 7);
	bring(desk, desk->municipality, text);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	desk->deaf_route = desk->routes[desk->hospital->index];
	desk->deaf_err = SF_ERR_AGAIN;
	desk_record(desk, &letter);
	desk->deaf_err = SF_OK;
	desk->world.now_ms += 2000;
	desk_turn(desk);
	const struct sf_frame *told = desk_heard(desk, desk->hospital, SF_FRAME_AGREEMENTS, 0);
	assert_non_null(told);
	assert_int_equal(told->statement_count, 1);
}

static void test_agreements_are_listed_with_who_signed_them(void **state)
{
	struct desk *desk = *state;
	struct sf_view text = make_text(desk, 7);
	bring(desk, desk->municipality, text);
	struct sf_request request = {.kind = SF_REQUEST_AGREEMENTS};
	assert_int_equal(desk_ask(desk, &request).agreements.row_count, 1);
	struct desk_letter letter =
		statement(desk, desk->municipality, SF_KIND_AGREEMENT_PROPOSE, text);
	desk_record(desk, &letter);
	letter = statement(desk, desk->hospital, SF_KIND_AGREEMENT_ACCEPT, text);
	desk_record(desk, &letter);
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.agreements.row_count, 2);
	const struct sf_agreement_row *row = &reply.agreements.rows[0];
	assert_int_equal(row->version, 7);
	assert_true(sf_id_equal(row->proposer, desk->municipality->party));
	assert_int_equal(row->accepted_count, 2);
	assert_true(sf_id_is_none(reply.agreements.rows[1].proposer));
	request = (struct sf_request){
		.kind = SF_REQUEST_AGREEMENT, .agreement = {.reference = "fixture 7"}};
	reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	assert_true(sf_view_equal(reply.agreement.signed_form, text));
	assert_int_equal(reply.agreement.acceptance_count, 2);
	request.agreement.reference = "fixture 8";
	assert_int_equal(desk_ask(desk, &request).err, SF_ERR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_text_comes_before_its_proposal),
		TEST(test_proposal_is_told_with_its_proof_before_any_item),
		TEST(test_hello_is_answered_with_all_that_was_said),
		TEST(test_a_party_accepts_one_agreement_so_often),
		TEST(test_what_says_nothing_new_is_not_told),
		TEST(test_only_who_is_represented_is_spoken_for),
		TEST(test_what_was_never_accepted_cannot_be_ended),
		TEST(test_a_party_brings_so_many_texts),
		TEST(test_lost_turn_signed_nothing),
		TEST(test_frame_that_was_lost_comes_again),
		TEST(test_agreements_are_listed_with_who_signed_them),
	};
	return cmocka_run_group_tests_name("coordinator/agreements", tests, NULL, NULL);
}
