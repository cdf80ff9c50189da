/* Transitions of one person are linked when the second shows itself (DOMAIN sections 3 and 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/replay.h"
#include "base/time.h"
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

/* A transition of the person begins: parties, then the admission. Its id is returned. */
static struct sf_id admit(struct desk *desk, uint8_t person)
{
	desk->world.now_ms += SF_MINUTE_MS;
	desk->transition = desk_id(desk);
	struct desk_letter letter = desk_parties(desk, false);
	if (person)
		letter.message.fact.parties.person = (struct sf_id){{person}};
	desk_record(desk, &letter);
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	return desk->transition;
}

static struct sf_reply show(struct desk *desk, struct sf_id transition)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {transition, 0, ""}};
	struct sf_reply reply = desk_ask(desk, &request);
	assert_int_equal(reply.err, SF_OK);
	return reply;
}

static void test_second_hospital_goes_on_where_the_first_was(void **state)
{
	struct desk *desk = *state;
	struct sf_id first = admit(desk, 9), second = admit(desk, 9);
	assert_int_equal(engine(desk)->counters.linked, 1);
	struct sf_reply older = show(desk, first), newer = show(desk, second);
	assert_int_equal(older.transition.course.link, SF_LINK_CONTINUED_IN);
	assert_true(sf_id_equal(older.transition.course.linked, second));
	assert_int_equal(older.transition.row.state, SF_TRANSITION_CLOSED);
	assert_int_equal(newer.transition.course.link, SF_LINK_CONTINUES);
	assert_true(sf_id_equal(newer.transition.course.linked, first));
	assert_int_equal(older.transition.row.sequence, 3);
	assert_int_equal(newer.transition.row.sequence, 3);
	desk_restart(desk);
	struct sf_reply again = show(desk, first);
	assert_int_equal(again.transition.course.link, SF_LINK_CONTINUED_IN);
	assert_true(sf_digest_equal(&older.transition.head, &again.transition.head));
}

/* The wrong person was admitted: the first stay goes on as if nothing had been. */
static void test_cancelled_admission_gives_the_first_stay_back(void **state)
{
	struct desk *desk = *state;
	struct sf_id first = admit(desk, 9), second = admit(desk, 9);
	struct desk_letter letter = desk_admission(desk);
	letter.message.fact.stay.mode = SF_MODE_CANCEL;
	desk_record(desk, &letter);
	assert_int_equal(engine(desk)->counters.linked, 2);
	struct sf_reply older = show(desk, first), newer = show(desk, second);
	assert_int_equal(older.transition.course.link, SF_LINK_NONE);
	assert_int_equal(older.transition.row.state, SF_TRANSITION_OPEN);
	assert_int_equal(newer.transition.course.link, SF_LINK_NONE);
	desk_restart(desk);
	struct sf_reply again = show(desk, first);
	assert_int_equal(again.transition.row.state, SF_TRANSITION_OPEN);
}

static void test_other_people_and_nobody_are_not_linked(void **state)
{
	struct desk *desk = *state;
	admit(desk, 9);
	admit(desk, 8);
	admit(desk, 0);
	admit(desk, 0);
	assert_int_equal(engine(desk)->counters.linked, 0);
	assert_int_equal(engine(desk)->counters.derived, 0);
}

/* The person becomes known only later: the parties fact shows it. */
static void test_person_that_is_told_later_links_then(void **state)
{
	struct desk *desk = *state;
	struct sf_id first = admit(desk, 9);
	struct sf_id second = admit(desk, 0);
	assert_int_equal(engine(desk)->counters.linked, 0);
	struct desk_letter letter = desk_parties(desk, false);
	letter.message.fact.parties.version = 2;
	letter.message.fact.parties.person = (struct sf_id){{9}};
	desk_record(desk, &letter);
	assert_int_equal(engine(desk)->counters.linked, 1);
	assert_true(sf_id_equal(show(desk, second).transition.course.linked, first));
}

static void test_parties_of_both_hear_of_it(void **state)
{
	struct desk *desk = *state;
	admit(desk, 9);
	desk_take(desk, desk->municipality);
	admit(desk, 9);
	size_t linked = 0;
	for (size_t i = 0; i < desk_item_count(desk, desk->municipality); i++) {
		const struct sf_item *item = desk_item(desk, desk->municipality, i);
		struct sf_cover cover;
		struct sf_header header;
		if (item->cover.size == 0)
			continue;
		assert_int_equal(sf_cover_parse(item->cover, &cover, NULL), SF_OK);
		assert_int_equal(sf_header_decode(cover.header, &header, NULL), SF_OK);
		linked += header.message.fact.kind == SF_KIND_LINKED;
	}
	assert_int_equal(linked, 2);
}

struct linked {
	struct sf_fact fact;
	uint64_t sequence;
};

static bool find_linked(void *context, const void *row)
{
	struct linked *linked = context;
	const struct sf_row_event *event = row;
	struct sf_cover cover;
	struct sf_header header;
	if (event->kind != SF_KIND_LINKED)
		return true;
	assert_int_equal(sf_cover_parse(event->cover, &cover, NULL), SF_OK);
	assert_int_equal(sf_header_decode(cover.header, &header, NULL), SF_OK);
	*linked = (struct linked){header.message.fact, (uint64_t)event->sequence};
	return false;
}

/* The fact that links it, and the transition as it stood before. */
static struct linked fold_before(
	struct desk *desk, struct sf_id id, struct sf_cached_transition *ret_folded)
{
	struct linked linked = {.sequence = 0};
	const struct sf_row_event key = {.transition = id};
	const struct sf_scan scan = {.table = &sf_table_event,
		.index = SF_EVENT_BY_SEQUENCE,
		.equal_count = 1,
		.from = &key};
	const struct sf_store *store = &engine(desk)->ports.store;
	assert_int_equal(store->scan(store->self, &scan, find_linked, &linked, NULL), SF_OK);
	assert_true(linked.sequence > 0);
	struct sf_diag diag;
	assert_int_equal(sf_coordinator_fold(engine(desk), id, INT64_MAX, linked.sequence - 1,
				 ret_folded, &diag),
		SF_OK);
	return linked;
}

/* An auditor with both transitions finds the same, and nothing else. */
static void test_link_is_recomputed_from_both(void **state)
{
	struct desk *desk = *state;
	struct sf_id first = admit(desk, 9), second = admit(desk, 9);
	struct sf_cached_transition older, newer;
	struct linked in_older = fold_before(desk, first, &older);
	struct linked in_newer = fold_before(desk, second, &newer);
	assert_true(sf_replay_link_holds(
		older.transition, newer.transition, &in_older.fact, &in_newer.fact));
	assert_false(sf_replay_link_holds(
		newer.transition, older.transition, &in_older.fact, &in_newer.fact));
	in_newer.fact.derived.link = SF_LINK_READMISSION;
	assert_false(sf_replay_link_holds(
		older.transition, newer.transition, &in_older.fact, &in_newer.fact));
	sf_transition_close(&older.transition);
	sf_transition_close(&newer.transition);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_second_hospital_goes_on_where_the_first_was),
		TEST(test_cancelled_admission_gives_the_first_stay_back),
		TEST(test_other_people_and_nobody_are_not_linked),
		TEST(test_person_that_is_told_later_links_then),
		TEST(test_parties_of_both_hear_of_it),
		TEST(test_link_is_recomputed_from_both),
	};
	return cmocka_run_group_tests_name("coordinator/link", tests, NULL, NULL);
}
