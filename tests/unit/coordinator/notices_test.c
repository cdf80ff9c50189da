#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coordinator/state.h"

#define ARENA_SIZE_MAX ((size_t)16 * 1024 * 1024)

static struct sf_id id_of(uint8_t kind, size_t number)
{
	struct sf_id id = {{kind}};
	sf_put_u64(id.bytes + 8, number);
	return id;
}

static int open_turn(void **state)
{
	static struct sf_coordinator coordinator;
	coordinator = (struct sf_coordinator){.notice_count = 0};
	sf_arena_init(&coordinator.arena, ARENA_SIZE_MAX);
	coordinator.notice_last = &coordinator.notice_first;
	coordinator.out_last = &coordinator.out_first;
	*state = &coordinator;
	return 0;
}

static int close_turn(void **state)
{
	struct sf_coordinator *coordinator = *state;
	sf_parties_fini(&coordinator->parties);
	sf_arena_fini(&coordinator->arena);
	return 0;
}

static void connect(struct sf_coordinator *coordinator, struct sf_id party, uint64_t route)
{
	struct sf_party_state *state = sf_parties_add(&coordinator->parties, party);
	assert_non_null(state);
	state->row.party = party;
	state->route = route;
}

static struct sf_frame read_frame(
	struct sf_coordinator *coordinator, const struct sf_frame_out *out)
{
	struct sf_frame frame;
	assert_int_equal(sf_frame_decode(out->frame, &coordinator->arena, &frame, NULL), SF_OK);
	assert_int_equal(frame.kind, SF_FRAME_TAKEN);
	assert_int_equal(frame.count, 0);
	return frame;
}

static void test_notices_of_a_turn_travel_together_by_author(void **state)
{
	struct sf_coordinator *coordinator = *state;
	struct sf_id authors[] = {id_of(1, 2), id_of(1, 1)}, taker = id_of(2, 1);
	connect(coordinator, authors[0], 7);
	connect(coordinator, authors[1], 8);
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(
			sf_coordinator_notify(coordinator, authors[i % 2], id_of(3, i), taker),
			SF_OK);
	assert_int_equal(sf_coordinator_say_notices(coordinator), SF_OK);
	const struct sf_frame_out *out = coordinator->out_first;
	for (size_t author = 1; author < 2; author--, out = out->next) {
		assert_non_null(out);
		assert_int_equal(out->route, 7 + author);
		struct sf_frame frame = read_frame(coordinator, out);
		assert_int_equal(frame.notice_count, 10);
		for (size_t i = 0; i < 10; i++) {
			assert_true(
				sf_id_equal(frame.notices[i].message_id, id_of(3, 2 * i + author)));
			assert_true(sf_id_equal(frame.notices[i].party, taker));
		}
	}
	assert_null(out);
}

static void test_notices_past_the_limit_of_a_frame_take_another(void **state)
{
	struct sf_coordinator *coordinator = *state;
	connect(coordinator, id_of(1, 1), 7);
	for (size_t i = 0; i < SF_FRAME_ITEM_COUNT_MAX + 1; i++)
		assert_int_equal(
			sf_coordinator_notify(coordinator, id_of(1, 1), id_of(3, i), id_of(2, 1)),
			SF_OK);
	assert_int_equal(sf_coordinator_say_notices(coordinator), SF_OK);
	const struct sf_frame_out *out = coordinator->out_first;
	assert_int_equal(read_frame(coordinator, out).notice_count, SF_FRAME_ITEM_COUNT_MAX);
	assert_int_equal(read_frame(coordinator, out->next).notice_count, 1);
	assert_null(out->next->next);
}

static void test_notice_for_an_author_who_is_away_is_not_said(void **state)
{
	struct sf_coordinator *coordinator = *state;
	connect(coordinator, id_of(1, 1), 0);
	assert_int_equal(
		sf_coordinator_notify(coordinator, id_of(1, 1), id_of(3, 1), id_of(2, 1)), SF_OK);
	assert_int_equal(
		sf_coordinator_notify(coordinator, id_of(1, 9), id_of(3, 1), id_of(2, 1)), SF_OK);
	assert_int_equal(sf_coordinator_say_notices(coordinator), SF_OK);
	assert_null(coordinator->out_first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_notices_of_a_turn_travel_together_by_author, open_turn, close_turn),
		cmocka_unit_test_setup_teardown(
			test_notices_past_the_limit_of_a_frame_take_another, open_turn, close_turn),
		cmocka_unit_test_setup_teardown(
			test_notice_for_an_author_who_is_away_is_not_said, open_turn, close_turn),
	};
	return cmocka_run_group_tests_name("coordinator/notices", tests, NULL, NULL);
}
