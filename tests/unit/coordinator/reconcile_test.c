/* Daily reconciliation: two views of one transition do not stay unseen (WIRE.md section 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

static int open_admitted(void **state)
{
	if (desk_open(state))
		return -1;
	struct desk *desk = *state;
	desk_hello(desk, desk->hospital);
	desk_hello(desk, desk->municipality);
	for (int i = 0; i < 3; i++) {
		desk->transition = desk_id(desk);
		struct desk_letter letter = desk_parties(desk, false);
		desk_record(desk, &letter);
		desk_take(desk, desk->municipality);
		letter = desk_admission(desk);
		desk_record(desk, &letter);
		desk_take(desk, desk->municipality);
	}
	return 0;
}

static struct sf_coordinator *engine(const struct desk *desk)
{
	return desk->coordinator->coordinator;
}

/* What the municipality would say: its open transitions as the coordinator has them. */
struct view {
	struct desk *desk;
	size_t count;
	struct sf_reconcile_row rows[8];
};

static bool add_row(void *context, const void *row)
{
	struct view *view = context;
	const struct sf_row_concern *concern = row;
	const struct sf_store *store = &engine(view->desk)->ports.store;
	struct sf_row_transition own = {.id = concern->transition};
	assert_int_equal(store->get(store->self, &sf_table_transition, 0, &own, NULL), SF_OK);
	view->rows[view->count++] =
		(struct sf_reconcile_row){own.id, (uint64_t)own.sequence, own.summary};
	return true;
}

static struct view own_view(struct desk *desk)
{
	struct view view = {.desk = desk};
	const struct sf_row_concern key = {.party = desk->municipality->party};
	const struct sf_scan scan = {.table = &sf_table_concern,
		.index = SF_CONCERN_BY_PARTY,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &engine(desk)->ports.store;
	assert_int_equal(store->scan(store->self, &scan, add_row, &view, NULL), SF_OK);
	return view;
}

static void digest_of(const struct view *view, struct sf_digest *ret_digest)
{
	static const char label[] = "stafet/v1/reconcile";
	struct sf_buf bytes;
	sf_buf_init(&bytes, 4096);
	for (size_t i = 0; i < view->count; i++) {
		assert_int_equal(
			sf_buf_append(&bytes, sf_id_view(&view->rows[i].transition)), SF_OK);
		assert_int_equal(sf_buf_append_u64(&bytes, view->rows[i].sequence), SF_OK);
		assert_int_equal(
			sf_buf_append(&bytes, sf_digest_view(&view->rows[i].summary)), SF_OK);
	}
	const struct sf_view parts[] = {sf_view_of(label, sizeof(label)), sf_buf_view(&bytes)};
	const struct sf_crypto *crypto = &engine(view->desk)->ports.crypto;
	crypto->hash(crypto->self, sf_view_of(NULL, 0), parts, SF_COUNT(parts), ret_digest);
	sf_buf_fini(&bytes);
}

static const struct sf_frame *say(struct desk *desk, const struct view *view, bool with_rows)
{
	struct sf_frame frame = {.kind = SF_FRAME_RECONCILE,
		.reconcile_count = view->count,
		.count = with_rows ? view->count : 0,
		.reconcile_rows = view->rows};
	digest_of(view, &frame.reconcile_digest);
	desk_say(desk, desk->municipality, &frame);
	desk_turn(desk);
	const struct sf_frame *answer = desk_heard(desk, desk->municipality, SF_FRAME_RECONCILE, 0);
	assert_non_null(answer);
	return answer;
}

static size_t differences(struct desk *desk)
{
	return sf_memory_count(desk->coordinator->memory, &sf_table_difference);
}

static void test_equal_views_need_one_hash(void **state)
{
	struct desk *desk = *state;
	struct view view = own_view(desk);
	assert_int_equal(view.count, 3);
	const struct sf_frame *answer = say(desk, &view, false);
	assert_false(answer->want_rows);
	assert_int_equal(answer->count, 0);
	assert_int_equal(answer->reconcile_count, 3);
	struct sf_digest own;
	digest_of(&view, &own);
	assert_true(sf_digest_equal(&answer->reconcile_digest, &own));
	assert_int_equal(differences(desk), 0);
}

static void test_view_that_differs_is_found_shown_and_forgotten(void **state)
{
	struct desk *desk = *state;
	struct view view = own_view(desk);
	view.rows[1].summary.bytes[0] ^= 1;
	assert_true(say(desk, &view, false)->want_rows);
	uint64_t cursor = sf_feed_cursor(sf_coordinator_feed(engine(desk)));
	const struct sf_frame *answer = say(desk, &view, true);
	assert_false(answer->want_rows);
	assert_int_equal(answer->count, 1);
	assert_true(sf_id_equal(answer->reconcile_rows[0].transition, view.rows[1].transition));
	assert_int_equal(differences(desk), 1);
	struct sf_feed_row rows[4];
	assert_int_equal(
		sf_feed_read(sf_coordinator_feed(engine(desk)), cursor, SF_COUNT(rows), rows), 1);
	assert_int_equal(rows[0].what, SF_FEED_TROUBLE);
	const struct sf_request request = {.kind = SF_REQUEST_BOARD, .board = {.party = ""}};
	struct sf_reply reply = desk_ask(desk, &request);
	size_t shown = 0;
	for (size_t i = 0; i < reply.board.row_count; i++)
		shown += reply.board.rows[i].what == SF_BOARD_DIFFERENCE &&
			 sf_id_equal(reply.board.rows[i].transition, view.rows[1].transition);
	assert_int_equal(shown, 1);
	view.rows[1].summary.bytes[0] ^= 1;
	assert_false(say(desk, &view, false)->want_rows);
	assert_int_equal(differences(desk), 0);
}

static void test_transition_that_one_side_lacks_is_a_difference(void **state)
{
	struct desk *desk = *state;
	struct view view = own_view(desk);
	view.rows[1] = view.rows[2];
	view.count = 2;
	assert_true(say(desk, &view, false)->want_rows);
	assert_int_equal(say(desk, &view, true)->count, 1);
	assert_int_equal(differences(desk), 1);
	view.count = 0; /* a node without anything has no rows to say */
	assert_int_equal(say(desk, &view, false)->count, 3);
	assert_int_equal(differences(desk), 3);
	view = own_view(desk);
	view.rows[view.count++] = (struct sf_reconcile_row){{{0xff}}, 1, {{1}}};
	assert_true(say(desk, &view, false)->want_rows);
	assert_int_equal(say(desk, &view, true)->count, 1);
	assert_int_equal(differences(desk), 1);
}

/* What is on its way is not missing. */
static void test_node_that_is_behind_is_waited_for(void **state)
{
	struct desk *desk = *state;
	struct view view = own_view(desk);
	desk->transition = view.rows[1].transition;
	struct desk_letter letter = desk_letter(desk, desk->hospital, SF_KIND_PLAN);
	letter.message.fact.plan.version = 1;
	desk_record(desk, &letter); /* queued, and not taken */
	const struct sf_frame taken = {.kind = SF_FRAME_PING};
	desk_say(desk, desk->municipality, &taken);
	desk_turn(desk);
	assert_true(say(desk, &view, false)->want_rows);
	assert_int_equal(say(desk, &view, true)->count, 0);
	assert_int_equal(differences(desk), 0);
	view.rows[1].sequence += 5; /* ahead of the record: never by being behind */
	assert_true(say(desk, &view, false)->want_rows);
	assert_int_equal(say(desk, &view, true)->count, 1);
}

/* A node that invents transitions fills neither store nor feed. */
static void test_so_many_differences_are_kept_of_a_party(void **state)
{
	struct desk *desk = *state;
	struct view view = {.desk = desk, .count = 8};
	for (uint8_t i = 0; i < 50; i++) {
		for (size_t k = 0; k < view.count; k++)
			view.rows[k] =
				(struct sf_reconcile_row){{{0xf0, i, (uint8_t)k, 1}}, 1, {{1}}};
		desk->world.now_ms += 1000;
		assert_true(say(desk, &view, false)->want_rows);
		say(desk, &view, true);
	}
	assert_int_equal(differences(desk), 256);
}

static void test_rows_that_nobody_asked_for_are_dropped(void **state)
{
	struct desk *desk = *state;
	struct view view = own_view(desk);
	view.rows[1].summary.bytes[0] ^= 1;
	const struct sf_frame frame = {.kind = SF_FRAME_RECONCILE,
		.reconcile_count = view.count,
		.count = view.count,
		.reconcile_rows = view.rows};
	desk_say(desk, desk->municipality, &frame);
	desk_turn(desk);
	assert_null(desk_heard(desk, desk->municipality, SF_FRAME_RECONCILE, 0));
	assert_int_equal(differences(desk), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_admitted, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_equal_views_need_one_hash),
		TEST(test_view_that_differs_is_found_shown_and_forgotten),
		TEST(test_transition_that_one_side_lacks_is_a_difference),
		TEST(test_node_that_is_behind_is_waited_for),
		TEST(test_so_many_differences_are_kept_of_a_party),
		TEST(test_rows_that_nobody_asked_for_are_dropped),
	};
	return cmocka_run_group_tests_name("coordinator/reconcile", tests, NULL, NULL);
}
