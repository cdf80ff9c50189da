/* What was known when, and by whom (DOMAIN section 3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static struct sf_reply ask(struct desk *desk, int64_t at_ms, const char *known_by)
{
	const struct sf_request request = {
		.kind = SF_REQUEST_TRANSITION, .transition = {desk->transition, at_ms, known_by}};
	return desk_ask(desk, &request);
}

static uint64_t known(struct desk *desk, int64_t at_ms, const char *known_by)
{
	struct sf_reply reply = ask(desk, at_ms, known_by);
	assert_int_equal(reply.err, SF_OK);
	assert_int_equal(reply.transition.known_sequence, reply.transition.event_count);
	return reply.transition.known_sequence;
}

static void test_a_party_knows_what_it_has_taken(void **state)
{
	struct desk *desk = *state;
	const char *municipality = desk->municipality->name;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	int64_t first_ms = desk->world.now_ms;
	desk->world.now_ms += SF_MINUTE_MS;
	desk_take(desk, desk->municipality);
	int64_t taken_ms = desk->world.now_ms;
	desk->world.now_ms += SF_MINUTE_MS;
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	int64_t second_ms = desk->world.now_ms;
	assert_int_equal(known(desk, 0, municipality), 1);
	assert_int_equal(known(desk, 0, desk->hospital->name), 2);
	assert_int_equal(known(desk, 0, ""), 2);
	assert_int_equal(known(desk, first_ms, ""), 1);
	assert_int_equal(known(desk, second_ms - 1, ""), 1);
	assert_int_equal(known(desk, first_ms - 1, ""), 0);
	assert_int_equal(known(desk, taken_ms - 1, municipality), 0);
	assert_int_equal(known(desk, taken_ms, municipality), 1);
	assert_int_equal(ask(desk, 0, "nobody").err, SF_ERR_NOT_FOUND);
}

/* As it was: no admission is told for a time before it. */
static void test_transition_is_told_as_it_was(void **state)
{
	struct desk *desk = *state;
	struct desk_letter letter = desk_parties(desk, false);
	desk_record(desk, &letter);
	int64_t before_ms = desk->world.now_ms;
	desk->world.now_ms += SF_MINUTE_MS;
	letter = desk_admission(desk);
	desk_record(desk, &letter);
	struct sf_reply now = ask(desk, 0, ""), then = ask(desk, before_ms, "");
	assert_int_equal(now.transition.row.stay, SF_STAY_IN_HOSPITAL);
	assert_int_equal(then.transition.row.stay, SF_STAY_NONE);
	assert_int_equal(then.transition.as_of_ms, before_ms);
	assert_int_equal(then.transition.row.sequence, 1);
	assert_int_equal(then.transition.delivery_count, 0);
	assert_int_equal(now.transition.delivery_count, 1);
	assert_false(sf_digest_equal(&now.transition.head, &then.transition.head));
	/* The fold of the past has left the present alone. */
	assert_int_equal(known(desk, 0, ""), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_connected, desk_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_party_knows_what_it_has_taken),
		TEST(test_transition_is_told_as_it_was),
	};
	return cmocka_run_group_tests_name("coordinator/knowledge", tests, NULL, NULL);
}
