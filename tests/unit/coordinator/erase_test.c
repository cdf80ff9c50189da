/* Erasing a transition at the coordinator: the leaves stay, and nothing that tells of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"
#include "unit/store/failing.h"

static int open_connected(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	desk_hello(desk, desk->gp);
	return 0;
}

static struct sf_reply ask_erase(struct desk *desk, enum sf_ground ground, bool preview)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_ERASE, .erase = {desk->transition, ground, preview}};
	return desk_ask(desk, &request);
}

static const struct sf_store *store_of(struct desk *desk)
{
	return sf_memory_port(desk->coordinator->memory);
}

static size_t count(struct desk *desk, const struct sf_table *table)
{
	return sf_memory_count(desk->coordinator->memory, table);
}

struct check {
	struct sf_id transition;
	size_t count;
};

static bool check_event(void *context, const void *row)
{
	struct check *check = context;
	const struct sf_row_event *event = row;
	if (!sf_id_equal(event->transition, check->transition))
		return true;
	check->count++;
	assert_int_equal(event->leaf.size, 42);
	assert_int_equal(event->cover.size, 0);
	assert_int_equal(event->receipt.size, 0);
	assert_int_equal(event->receipt_path.size, 0);
	assert_int_equal(event->receipt_signature.size, 0);
	assert_int_equal(event->kind, 0);
	assert_true(sf_digest_is_none(&event->r));
	assert_true(sf_digest_is_none(&event->digest));
	assert_true(sf_id_is_none(event->author));
	assert_true(sf_id_is_none(event->message_id));
	assert_true(sf_id_is_none(event->envelope_id));
	assert_false(sf_digest_is_none(&event->head));
	return true;
}

static bool check_message(void *context, const void *row)
{
	struct check *check = context;
	const struct sf_row_message *message = row;
	check->count++;
	assert_true(sf_id_is_none(message->transition));
	assert_true(sf_digest_is_none(&message->content_id));
	assert_int_equal(message->leaf_index, 0);
	assert_int_equal(message->kind, 0);
	return true;
}

static size_t walk(struct desk *desk, const struct sf_table *table, sf_row_visitor *visitor)
{
	struct check check = {.transition = desk->transition};
	const struct sf_scan all = {.table = table};
	const struct sf_store *store = store_of(desk);
	assert_int_equal(store->scan(store->self, &all, visitor, &check, NULL), SF_OK);
	return check.count;
}

static struct desk_letter record_course(struct desk *desk)
{
	struct desk_letter letter = desk_parties(desk, true);
	letter.message.fact.parties.person = (struct sf_id){{5}};
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	return letter;
}

static void test_nothing_that_tells_of_it_is_left(void **state)
{
	struct desk *desk = *state;
	record_course(desk);
	desk_take(desk, desk->municipality);
	size_t events = (size_t)desk_leaves(desk);
	size_t entries = events - 2;
	assert_int_equal(count(desk, &sf_table_person), 1);
	assert_true(count(desk, &sf_table_knowledge) > 0);
	assert_true(count(desk, &sf_table_concern) > 0);
	struct sf_reply reply = ask_erase(desk, SF_GROUND_ORDER, false);
	assert_int_equal(reply.err, SF_OK);
	assert_true(reply.erased.done);
	assert_int_equal(reply.erased.asked_count, 3);
	assert_int_equal(walk(desk, &sf_table_event, check_event), 2);
	assert_int_equal(walk(desk, &sf_table_message, check_message), 2);
	static const struct sf_table *const emptied[] = {&sf_table_sealed, &sf_table_delivery,
		&sf_table_knowledge, &sf_table_concern, &sf_table_person, &sf_table_transition,
		&sf_table_difference};
	for (size_t i = 0; i < SF_COUNT(emptied); i++)
		if (count(desk, emptied[i]) != 0)
			fail_msg("something is left in %s", emptied[i]->name);
	/* The statement and who asked are leaves too, each with its envelope. */
	assert_int_equal(count(desk, &sf_table_envelope), 2);
	assert_int_equal(desk_leaves(desk), events + 2);
	assert_int_equal(count(desk, &sf_table_event), entries + 4);
}

static void test_packed_events_go_with_the_events(void **state)
{
	struct desk *desk = *state;
	record_course(desk);
	for (size_t i = 0; i < 8; i++) {
		if (i == 7) {
			desk_restart(desk);
			desk_hello(desk, desk->hospital);
			desk_hello(desk, desk->municipality);
			desk_hello(desk, desk->gp);
		}
		struct desk_letter letter = desk_letter(desk, desk->hospital, 4000);
		desk_record(desk, &letter);
	}
	assert_int_equal(count(desk, &sf_table_fold), 1);
	assert_int_equal(ask_erase(desk, SF_GROUND_ORDER, true).err, SF_OK);
	assert_int_equal(count(desk, &sf_table_fold), 1);
	assert_int_equal(ask_erase(desk, SF_GROUND_ORDER, false).err, SF_OK);
	assert_int_equal(count(desk, &sf_table_fold), 0);
}

static void test_a_preview_changes_nothing_and_is_kept_as_reading(void **state)
{
	struct desk *desk = *state;
	record_course(desk);
	struct sf_reply reply = ask_erase(desk, SF_GROUND_ORDER, true);
	assert_int_equal(reply.err, SF_OK);
	assert_false(reply.erased.done);
	assert_int_equal(reply.erased.rows[0].count, 2);
	assert_int_equal(count(desk, &sf_table_erasure), 0);
	assert_int_equal(count(desk, &sf_table_delivery), 1);
	assert_int_equal(count(desk, &sf_table_access), 1); /* it said who takes part */
}

/* The same message id in two transitions: the second is refused, and what is erased with it. */
static void test_letter_of_another_transition_stays_to_be_delivered(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = record_course(desk);
	assert_int_equal(count(desk, &sf_table_sealed), 1);
	assert_int_equal(count(desk, &sf_table_delivery), 1);
	desk->transition = desk_id(desk);
	struct desk_letter other = desk_parties(desk, true);
	desk_record(desk, &other);
	other = desk_admission(desk);
	other.message.id = letter.message.id;
	assert_int_equal(desk_record(desk, &other).outcome, SF_OUTCOME_REFUSED);
	struct sf_reply reply = ask_erase(desk, SF_GROUND_MISTAKE, false);
	assert_int_equal(reply.err, SF_OK);
	assert_true(reply.erased.done);
	assert_int_equal(count(desk, &sf_table_sealed), 1);
	assert_int_equal(count(desk, &sf_table_delivery), 1);
}

static void test_what_cannot_be_erased_is_told(void **state)
{
	struct desk *desk = *state;
	assert_int_equal(ask_erase(desk, SF_GROUND_ORDER, false).err, SF_ERR_NOT_FOUND);
	record_course(desk);
	assert_int_equal(ask_erase(desk, SF_GROUND_RETENTION, false).err, SF_ERR_STATE);
	assert_int_equal(ask_erase(desk, SF_GROUND_CITIZEN, false).err, SF_ERR_STATE);
	assert_int_equal(count(desk, &sf_table_erasure), 0);
	assert_int_equal(ask_erase(desk, SF_GROUND_MISTAKE, false).err, SF_OK);
	struct sf_reply again = ask_erase(desk, SF_GROUND_MISTAKE, false);
	assert_int_equal(again.err, SF_ERR_EXISTS);
	assert_non_null(strstr(again.text, "ground: mistake"));
}

/* Whether it was erased already is not guessed. */
static void test_erasure_that_cannot_be_read_is_an_error(void **state)
{
	struct desk *desk = *state;
	struct desk_letter parties = desk_parties(desk, false);
	desk_record(desk, &parties);
	struct sf_coordinator *coordinator = desk->coordinator->coordinator;
	const struct sf_store real = coordinator->ports.store;
	const struct sf_request request = {
		.kind = SF_REQUEST_ERASE, .erase = {desk->transition, SF_GROUND_MISTAKE, true}};
	struct failing_store failing;
	struct sf_reply reply = {.text = ""};
	failing_store_init(&failing, &real);
	failing.table = &sf_table_erasure;
	coordinator->ports.store = failing.port;
	assert_int_equal(
		sf_coordinator_serve_erase(coordinator, &request, &desk->arena, &reply, NULL),
		SF_ERR_IO);
	coordinator->ports.store = real;
	assert_int_equal(failing.failed, 1);
}

static void test_who_asks_after_it_hears_when_and_why(void **state)
{
	struct desk *desk = *state;
	record_course(desk);
	ask_erase(desk, SF_GROUND_ORDER, false);
	desk_restart(desk);
	const struct sf_request asked[] = {
		{.kind = SF_REQUEST_TRANSITION, .transition = {desk->transition, 0, ""}},
		{.kind = SF_REQUEST_EVIDENCE, .evidence = {desk->transition}},
	};
	for (size_t i = 0; i < SF_COUNT(asked); i++) {
		struct sf_reply reply = desk_ask(desk, &asked[i]);
		assert_int_equal(reply.err, SF_ERR_NOT_FOUND);
		assert_non_null(strstr(reply.text, "ground: order"));
	}
}

/* A statement in the log says which leaves went; whoever may have a copy gets it. */
static void test_every_party_that_may_have_a_copy_is_told(void **state)
{
	struct desk *desk = *state;
	record_course(desk);
	struct sf_sim_machine *machines[] = {desk->hospital, desk->municipality, desk->gp};
	for (size_t i = 0; i < SF_COUNT(machines); i++)
		desk_take(desk, machines[i]);
	ask_erase(desk, SF_GROUND_ORDER, false);
	for (size_t i = 0; i < SF_COUNT(machines); i++) {
		const struct sf_item *item = desk_item(desk, machines[i], 0);
		assert_non_null(item);
		struct sf_cover cover;
		struct sf_header header;
		assert_int_equal(sf_cover_parse(item->cover, &cover, NULL), SF_OK);
		assert_int_equal(sf_header_decode(cover.header, &header, NULL), SF_OK);
		const struct sf_statement *statement = &header.message.fact.statement;
		assert_int_equal(header.message.fact.kind, SF_KIND_ERASED);
		assert_true(sf_id_equal(statement->subject, desk->transition));
		assert_true(sf_id_is_none(header.message.transition));
		assert_int_equal(statement->ground, SF_GROUND_ORDER);
		assert_int_equal(statement->until_sequence, 2);
	}
}

/* What comes again from a backup is answered and dropped, and the statement comes with it. */
static void test_what_is_said_again_is_dropped_with_the_statement(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = record_course(desk);
	ask_erase(desk, SF_GROUND_ORDER, false);
	desk_take(desk, desk->hospital);
	assert_int_equal(desk_item_count(desk, desk->hospital), 0);
	int64_t leaves = desk_leaves(desk);
	struct desk_letter said[] = {desk_again(desk, &letter),
		desk_letter(desk, desk->hospital, SF_KIND_READY_WITHDRAWN)};
	for (size_t i = 0; i < SF_COUNT(said); i++) {
		struct sf_view envelope = desk_seal(desk, &said[i]);
		desk_submit(desk, desk->hospital, &envelope, 1);
		const struct sf_frame *answer = desk_heard(desk, desk->hospital, SF_FRAME_ERROR, 0);
		assert_non_null(answer);
		assert_int_equal(answer->error, SF_FRAME_ERROR_ERASED);
		assert_int_equal(desk_receipt_count(desk, desk->hospital), 0);
		assert_int_equal(desk_item_count(desk, desk->hospital), 1);
		desk_take(desk, desk->hospital);
	}
	assert_int_equal(desk_leaves(desk), leaves);
	assert_int_equal(walk(desk, &sf_table_event, check_event), 2);
}

/* The same message id in another transition is another message under a used id. */
static void test_a_buried_message_id_is_never_used_again(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = record_course(desk);
	ask_erase(desk, SF_GROUND_ORDER, false);
	letter = desk_again(desk, &letter);
	letter.message.transition = (struct sf_id){{0x77}};
	struct sf_receipt receipt = desk_record(desk, &letter);
	assert_int_equal(receipt.outcome, SF_OUTCOME_REFUSED);
	assert_int_equal(receipt.code, SF_REFUSAL_CONTENT_CONFLICT);
}

static void test_queued_items_go_and_the_queue_goes_on(void **state)
{
	struct desk *desk = *state;
	record_course(desk);
	size_t queued = count(desk, &sf_table_queue);
	assert_true(queued > 0);
	ask_erase(desk, SF_GROUND_ORDER, false);
	assert_int_equal(count(desk, &sf_table_queue), 3); /* the statement, to each */
	desk_restart(desk);
	desk_hello(desk, desk->municipality);
	assert_int_equal(desk_item_count(desk, desk->municipality), 1);
	desk_take(desk, desk->municipality);
	assert_int_equal(count(desk, &sf_table_queue), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_that_tells_of_it_is_left),
		TEST(test_packed_events_go_with_the_events),
		TEST(test_a_preview_changes_nothing_and_is_kept_as_reading),
		TEST(test_letter_of_another_transition_stays_to_be_delivered),
		TEST(test_what_cannot_be_erased_is_told),
		TEST(test_erasure_that_cannot_be_read_is_an_error),
		TEST(test_who_asks_after_it_hears_when_and_why),
		TEST(test_every_party_that_may_have_a_copy_is_told),
		TEST(test_what_is_said_again_is_dropped_with_the_statement),
		TEST(test_a_buried_message_id_is_never_used_again),
		TEST(test_queued_items_go_and_the_queue_goes_on),
	};
	return cmocka_run_group_tests_name("coordinator/erase", tests, NULL, NULL);
}
