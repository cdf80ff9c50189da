/* What a coordinator knows when it starts anew on its store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "core/refusal.h"
#include "unit/coordinator/desk.h"

static int open_admitted(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	return 0;
}

static void test_log_goes_on_where_it_was(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_admission(desk);
	struct sf_receipt first = desk_record(desk, &letter);
	struct sf_cached_transition *cached;
	assert_int_equal(sf_coordinator_transition(
				 desk->coordinator->coordinator, desk->transition, &cached, NULL),
		SF_OK);
	struct sf_digest head = cached->head;
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	letter = desk_letter(desk, desk->hospital, 4000);
	struct sf_receipt second = desk_record(desk, &letter);
	assert_int_equal(second.leaf_index, first.leaf_index + 1);
	assert_int_equal(second.sequence, first.sequence + 1);
	assert_true(sf_digest_equal(&second.previous_head, &head));
}

static void test_directory_is_the_same_after_a_restart(void **state)
{
	struct desk *desk = *state;
	const struct sf_directory *directory =
		sf_coordinator_directory(desk->coordinator->coordinator);
	struct sf_digest head = *sf_directory_head(directory);
	uint64_t version = sf_directory_version(directory);
	desk_restart(desk);
	directory = sf_coordinator_directory(desk->coordinator->coordinator);
	assert_int_equal(sf_directory_version(directory), version);
	assert_true(sf_digest_equal(sf_directory_head(directory), &head));
	assert_non_null(sf_directory_party(directory, desk->gp->party));
}

static void test_what_was_said_before_is_known_after_a_restart(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_admission(desk);
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	struct sf_view receipt = desk_signed_receipt(desk, desk->hospital, 0)->receipt;
	desk_restart(desk);
	int64_t leaves = desk_leaves(desk);
	desk_hello(desk, desk->hospital);
	assert_int_equal(desk_heard(desk, desk->hospital, SF_FRAME_HELLO, 0)->hello.author_sequence,
		letter.message.author_sequence);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_true(sf_view_equal(desk_signed_receipt(desk, desk->hospital, 0)->receipt, receipt));
	assert_int_equal(desk_leaves(desk), leaves);
	struct desk_letter other = desk_again(desk, &letter);
	other.message.occurred_ms++;
	assert_int_equal(desk_record(desk, &other).code, SF_REFUSAL_CONTENT_CONFLICT);
}

static void test_queue_is_there_after_a_restart(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_admission(desk);
	desk_record(desk, &letter);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	desk_restart(desk);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 2);
	assert_true(desk_item(desk, desk->municipality, 1)->envelope.size > 0);
}

/* Recorded time never goes back, whatever the clock of the new start says. */
static void test_recorded_time_stands_still_behind_an_earlier_clock(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_admission(desk);
	int64_t recorded_ms = desk_record(desk, &letter).recorded_ms;
	desk->coordinator->skew_ms = -SF_DAY_MS;
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	letter = desk_letter(desk, desk->hospital, 4000);
	assert_int_equal(desk_record(desk, &letter).recorded_ms, recorded_ms);
	/* A clock that is behind cannot judge the future: the message is not put off. */
	letter = desk_letter(desk, desk->hospital, 4000);
	letter.sent_ms += SF_HOUR_MS;
	struct sf_view envelope = desk_seal(desk, &letter);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_int_equal(desk_receipt(desk, desk->hospital, 0).recorded_ms, recorded_ms);
	struct sf_view receipt = desk_signed_receipt(desk, desk->hospital, 0)->receipt;
	/* And when it can judge again, what it took has its receipt still (sim_test seed 645). */
	desk->coordinator->skew_ms = 0;
	desk_restart(desk);
	desk_hello(desk, desk->hospital);
	desk_submit(desk, desk->hospital, &envelope, 1);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_RETRY_LATER, 0));
	assert_true(sf_view_equal(desk_signed_receipt(desk, desk->hospital, 0)->receipt, receipt));
}

static void test_transition_that_was_forgotten_is_folded_again(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_admission(desk);
	desk_record(desk, &letter);
	struct sf_id first = desk->transition;
	/* Eight are kept: nine others push it out. */
	for (size_t i = 0; i < 9; i++) {
		desk->transition = desk_id(desk);
		letter = desk_parties(desk, false);
		assert_int_equal(desk_record(desk, &letter).sequence, 1);
	}
	desk->transition = first;
	letter = desk_letter(desk, desk->hospital, SF_KIND_OFFER);
	letter.message.fact.offer =
		(struct sf_offer){SF_DOMAIN_BIT(SF_DOMAIN_CARE), SF_ROLE_MUNICIPALITY};
	struct sf_receipt receipt = desk_record(desk, &letter);
	assert_int_equal(receipt.sequence, 3);
	assert_int_equal(receipt.outcome, SF_OUTCOME_APPLIED);
}

static void damage_event(struct desk *desk, int64_t sequence)
{
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_event row = {.transition = desk->transition, .sequence = sequence};
	assert_int_equal(
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &row, NULL), SF_OK);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	row.cover = sf_view_text("damaged");
	assert_int_equal(store->replace(store->self, &sf_table_event, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
}

static void test_damaged_event_is_told_and_not_stepped_over(void **state)
{
	struct desk *desk = *state;
	damage_event(desk, 1);
	desk_restart(desk);
	struct sf_cached_transition *cached = NULL;
	struct sf_diag diag = {{0}};
	assert_int_equal(sf_coordinator_transition(
				 desk->coordinator->coordinator, desk->transition, &cached, &diag),
		SF_ERR_CORRUPT);
	assert_null(cached);
	assert_non_null(strstr(diag.text, "leaf"));
}

/* What was told stands, and the region goes on: a person must look. */
static void test_outcome_that_is_judged_otherwise_now_is_told_and_stands(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_admission(desk);
	desk_record(desk, &letter);
	const struct sf_store *store = sf_memory_port(desk->coordinator->memory);
	struct sf_row_event row = {.transition = desk->transition, .sequence = 2};
	assert_int_equal(
		store->get(store->self, &sf_table_event, SF_EVENT_BY_SEQUENCE, &row, NULL), SF_OK);
	assert_int_equal(store->begin(store->self, NULL), SF_OK);
	row.outcome = SF_OUTCOME_DEVIATION;
	row.code = SF_DEVIATION_LATE_FACT;
	assert_int_equal(store->replace(store->self, &sf_table_event, &row, NULL), SF_OK);
	assert_int_equal(store->commit(store->self, NULL), SF_OK);
	desk_restart(desk);
	struct sf_cached_transition *cached = NULL;
	struct sf_diag diag = {{0}};
	assert_int_equal(sf_coordinator_transition(
				 desk->coordinator->coordinator, desk->transition, &cached, &diag),
		SF_OK);
	assert_true(sf_transition_sequence(cached->transition) >= 2);
	struct sf_feed *feed = desk->coordinator->coordinator->feed;
	sf_feed_settle(feed);
	struct sf_feed_row rows[8];
	size_t count = sf_feed_read(feed, 0, SF_COUNT(rows), rows), troubles = 0;
	for (size_t i = 0; i < count; i++)
		troubles += rows[i].what == SF_FEED_TROUBLE;
	assert_int_equal(troubles, 1);
}

/* DOMAIN section 7: a running transition keeps the version it began with. */
static void test_agreement_that_was_replaced_is_still_known(void **state)
{
	struct desk *desk = *state;
	const struct sf_agreement_book *book = sf_book_view(desk->coordinator->coordinator->book);
	assert_int_equal(book->count, 1);
	struct sf_digest old = book->agreements[0]->digest;
	struct sf_agreement *text = calloc(1, sizeof(*text));
	assert_non_null(text);
	assert_int_equal(
		sf_agreement_decode(sf_buf_view(&desk->world.agreement), text, NULL), SF_OK);
	text->version++;
	sf_buf_clear(&desk->world.agreement);
	assert_int_equal(sf_agreement_encode(text, &desk->world.agreement), SF_OK);
	free(text);
	desk_restart(desk);
	book = sf_book_view(desk->coordinator->coordinator->book);
	assert_int_equal(book->count, 2);
	assert_non_null(sf_agreement_find(book, &old));
	desk_restart(desk);
	book = sf_book_view(desk->coordinator->coordinator->book);
	assert_int_equal(book->count, 2);
	assert_int_equal(desk->coordinator->coordinator->published_count, 2);
}

/* A store that another registrar's hand has been in is not started on. */
static void test_entry_that_no_registrar_signed_ends_the_start(void **state)
{
	struct desk *desk = *state;
	struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	coordinator->options.registrars.keys[0][0] ^= 1;
	struct sf_diag diag = {{0}};
	assert_int_equal(sf_coordinator_load(coordinator, &diag), SF_ERR_AUTH);
	assert_non_null(strstr(diag.text, "directory entry 1"));
	coordinator->options.registrars.keys[0][0] ^= 1;
	assert_int_equal(sf_coordinator_load(coordinator, &diag), SF_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_admitted, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_log_goes_on_where_it_was),
		TEST(test_directory_is_the_same_after_a_restart),
		TEST(test_what_was_said_before_is_known_after_a_restart),
		TEST(test_queue_is_there_after_a_restart),
		TEST(test_recorded_time_stands_still_behind_an_earlier_clock),
		TEST(test_transition_that_was_forgotten_is_folded_again),
		TEST(test_damaged_event_is_told_and_not_stepped_over),
		TEST(test_outcome_that_is_judged_otherwise_now_is_told_and_stands),
		TEST(test_agreement_that_was_replaced_is_still_known),
		TEST(test_entry_that_no_registrar_signed_ends_the_start),
	};
	return cmocka_run_group_tests_name("coordinator/load", tests, NULL, NULL);
}
