#include "cmd/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A face whose requests wait in line and whose replies are counted. */
struct script {
	uint64_t next_call;
	size_t waiting; /* requests not taken yet */
	size_t taken;
	size_t replied;
	uint32_t wait_ms; /* each is a long poll of the feed when not 0 */
	bool gone;        /* nobody waits any more */
	enum sf_err err;  /* of the last reply */
};

static bool take(
	void *self, struct sf_arena *arena, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct script *script = self;
	if (script->waiting == 0)
		return false;
	assert_non_null(sf_arena_take(arena, 16));
	script->waiting--;
	script->taken++;
	*ret_call = ++script->next_call;
	*ret_request = (struct sf_request){
		.kind = SF_REQUEST_FEED, .feed = {.after = 7, .wait_ms = script->wait_ms}};
	return true;
}

static bool waits(void *self, uint64_t call)
{
	const struct script *script = self;
	assert_true(call > 0 && call <= script->next_call);
	return !script->gone;
}

static void reply_to(
	void *self, uint64_t call, const struct sf_request *request, const struct sf_reply *reply)
{
	struct script *script = self;
	assert_true(call > 0 && call <= script->next_call);
	assert_int_equal(request->kind, SF_REQUEST_FEED);
	script->replied++;
	script->err = reply->err;
}

struct fixture {
	struct script scripts[SF_DAEMON_FACES_MAX];
	struct sf_calls calls;
	struct sf_gathered gathered;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	*state = fixture;
	return fixture ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	sf_calls_fini(&fixture->calls);
	free(fixture);
	return 0;
}

static void use_faces(struct fixture *fixture, size_t count)
{
	struct sf_face faces[SF_DAEMON_FACES_MAX];
	for (size_t i = 0; i < count; i++)
		faces[i] = (struct sf_face){.self = &fixture->scripts[i],
			.take = take,
			.waits = waits,
			.reply = reply_to};
	sf_calls_init(&fixture->calls, faces, count);
}

/* Every call that is ready is answered with an empty feed. */
static void answer_all(struct fixture *fixture, int64_t now_ms)
{
	sf_calls_gather(&fixture->calls, now_ms, &fixture->gathered);
	for (size_t i = 0; i < fixture->gathered.count; i++) {
		*fixture->gathered.calls[i].reply =
			(struct sf_reply){.kind = SF_REPLY_FEED, .feed = {.cursor = 7}};
		sf_calls_settle(&fixture->calls, fixture->gathered.places[i], now_ms);
	}
}

static void test_one_face_alone_has_all_places(void **state)
{
	struct fixture *fixture = *state;
	use_faces(fixture, 1);
	fixture->scripts[0].waiting = 100;
	sf_calls_take(&fixture->calls);
	assert_int_equal(fixture->scripts[0].taken, SF_CALLS_MAX);
}

static void test_greedy_face_leaves_what_others_are_promised(void **state)
{
	struct fixture *fixture = *state;
	use_faces(fixture, SF_DAEMON_FACES_MAX);
	fixture->scripts[0].waiting = 1000;
	sf_calls_take(&fixture->calls);
	assert_int_equal(fixture->scripts[0].taken,
		SF_CALLS_MAX - (SF_DAEMON_FACES_MAX - 1) * SF_CALLS_PROMISED);
	for (size_t i = 1; i < SF_DAEMON_FACES_MAX; i++)
		fixture->scripts[i].waiting = 100;
	sf_calls_take(&fixture->calls);
	for (size_t i = 1; i < SF_DAEMON_FACES_MAX; i++)
		assert_int_equal(fixture->scripts[i].taken, SF_CALLS_PROMISED);
	/* It never has more than that, however often it is asked and whoever is answered. */
	for (size_t round = 0; round < 10; round++) {
		answer_all(fixture, 1);
		sf_calls_take(&fixture->calls);
		for (size_t i = 1; i < SF_DAEMON_FACES_MAX; i++)
			assert_true(fixture->scripts[i].waiting == 0 ||
				    fixture->scripts[i].taken - fixture->scripts[i].replied >=
					    SF_CALLS_PROMISED);
	}
}

static void test_faces_are_asked_in_turn(void **state)
{
	struct fixture *fixture = *state;
	use_faces(fixture, 2);
	fixture->scripts[0].waiting = fixture->scripts[1].waiting = 1000;
	sf_calls_take(&fixture->calls);
	assert_int_equal(fixture->scripts[0].taken, SF_CALLS_MAX / 2);
	assert_int_equal(fixture->scripts[1].taken, SF_CALLS_MAX / 2);
}

static void test_place_that_becomes_free_wakes_who_had_none(void **state)
{
	struct fixture *fixture = *state;
	use_faces(fixture, 1);
	fixture->scripts[0].waiting = SF_CALLS_MAX;
	sf_calls_take(&fixture->calls);
	answer_all(fixture, 1);
	assert_int_equal(fixture->scripts[0].replied, SF_CALLS_MAX);
	sf_calls_take(&fixture->calls);
	assert_true(sf_calls_wake_ms(&fixture->calls) == INT64_MAX);
	fixture->scripts[0].waiting = SF_CALLS_MAX + 1;
	sf_calls_take(&fixture->calls);
	assert_true(sf_calls_wake_ms(&fixture->calls) == INT64_MAX);
	answer_all(fixture, 1);
	assert_int_equal(sf_calls_wake_ms(&fixture->calls), 0);
	sf_calls_take(&fixture->calls);
	assert_int_equal(fixture->scripts[0].waiting, 0);
}

static void test_long_poll_waits_for_a_change_or_its_deadline(void **state)
{
	struct fixture *fixture = *state;
	use_faces(fixture, 1);
	struct script *script = &fixture->scripts[0];
	script->waiting = 1;
	script->wait_ms = 500;
	sf_calls_take(&fixture->calls);
	answer_all(fixture, 1000);
	assert_true(fixture->gathered.has_new);
	assert_int_equal(script->replied, 0);
	assert_int_equal(sf_calls_wake_ms(&fixture->calls), 1500);
	answer_all(fixture, 1200);
	assert_int_equal(fixture->gathered.count, 0);
	fixture->calls.change++;
	assert_int_equal(sf_calls_wake_ms(&fixture->calls), 0);
	answer_all(fixture, 1300);
	assert_int_equal(fixture->gathered.count, 1);
	assert_false(fixture->gathered.has_new);
	assert_int_equal(script->replied, 0);
	answer_all(fixture, 1500);
	assert_int_equal(script->replied, 1);
	assert_true(sf_calls_wake_ms(&fixture->calls) == INT64_MAX);
}

static void test_long_poll_that_nobody_waits_for_ends(void **state)
{
	struct fixture *fixture = *state;
	use_faces(fixture, 1);
	fixture->scripts[0].waiting = 1;
	fixture->scripts[0].wait_ms = 500;
	sf_calls_take(&fixture->calls);
	answer_all(fixture, 1000);
	fixture->scripts[0].gone = true;
	answer_all(fixture, 1001);
	assert_int_equal(fixture->scripts[0].replied, 1);
}

static void test_refused_call_is_told_why_and_gives_back_its_place(void **state)
{
	struct fixture *fixture = *state;
	use_faces(fixture, 1);
	fixture->scripts[0].waiting = 1;
	sf_calls_take(&fixture->calls);
	sf_calls_gather(&fixture->calls, 1, &fixture->gathered);
	sf_calls_refuse(&fixture->calls, fixture->gathered.places[0], SF_ERR_DISK_FULL);
	assert_int_equal(fixture->scripts[0].err, SF_ERR_DISK_FULL);
	sf_calls_gather(&fixture->calls, 2, &fixture->gathered);
	assert_int_equal(fixture->gathered.count, 0);
}

int main(void)
{
#define CALLS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CALLS_TEST(test_one_face_alone_has_all_places),
		CALLS_TEST(test_greedy_face_leaves_what_others_are_promised),
		CALLS_TEST(test_faces_are_asked_in_turn),
		CALLS_TEST(test_place_that_becomes_free_wakes_who_had_none),
		CALLS_TEST(test_long_poll_waits_for_a_change_or_its_deadline),
		CALLS_TEST(test_long_poll_that_nobody_waits_for_ends),
		CALLS_TEST(test_refused_call_is_told_why_and_gives_back_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
