#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/time.h"
#include "coordinator/state.h"
#include "unit/coordinator/desk.h"

#define NOW INT64_C(1795000000000)

static const struct sf_quota_limit limit = {.burst = 10, .per_second = 2};

static void test_burst_is_free_and_no_more(void **state)
{
	(void)state;
	struct sf_quota quota = {0};
	for (int i = 0; i < 10; i++)
		assert_true(sf_quota_take(&quota, &limit, NOW, 1));
	assert_false(sf_quota_take(&quota, &limit, NOW, 1));
	assert_false(sf_quota_take(&quota, &limit, NOW + 499, 1));
	assert_true(sf_quota_take(&quota, &limit, NOW + 500, 1));
	assert_false(sf_quota_take(&quota, &limit, NOW + 500, 1));
}

static void test_refusal_takes_nothing(void **state)
{
	(void)state;
	struct sf_quota quota = {0};
	assert_false(sf_quota_take(&quota, &limit, NOW, 11));
	assert_true(sf_quota_take(&quota, &limit, NOW, 10));
	for (int64_t i = 1; i < 500; i++)
		assert_false(sf_quota_take(&quota, &limit, NOW + i, 1));
	assert_true(sf_quota_take(&quota, &limit, NOW + 500, 1));
}

static void test_rest_forgives_the_burst_and_no_more(void **state)
{
	(void)state;
	struct sf_quota quota = {0};
	assert_true(sf_quota_take(&quota, &limit, NOW, 10));
	assert_true(sf_quota_take(&quota, &limit, INT64_MAX / 2, 10));
	assert_false(sf_quota_take(&quota, &limit, INT64_MAX / 2, 1));
}

/* A flood waits, and what comes after it too, so that nothing overtakes. */
static void test_party_over_its_quota_waits_and_keeps_its_order(void **state)
{
	struct desk *desk = *state;
	desk->coordinator->coordinator->options.quota_envelopes = (struct sf_quota_limit){2, 1};
	desk_hello(desk, desk->hospital);
	struct desk_letter parties = desk_parties(desk, false);
	struct sf_view envelopes[3] = {desk_seal(desk, &parties)};
	for (size_t i = 1; i < SF_COUNT(envelopes); i++) {
		struct desk_letter letter = desk_admission(desk);
		envelopes[i] = desk_seal(desk, &letter);
	}
	desk_submit(desk, desk->hospital, envelopes, 3);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 2);
	const struct sf_frame *later = desk_heard(desk, desk->hospital, SF_FRAME_RETRY_LATER, 0);
	assert_non_null(later);
	assert_int_equal(later->count, 0);
	assert_int_equal(later->retry_code, SF_RETRY_QUOTA);
	assert_int_equal(later->retry_after_ms, SF_SECOND_MS);
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_RETRY_LATER, 1));
	desk->world.now_ms += SF_SECOND_MS / 2;
	desk_submit(desk, desk->hospital, &envelopes[2], 1);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 0);
	desk->world.now_ms += SF_SECOND_MS / 2;
	desk_submit(desk, desk->hospital, &envelopes[2], 1);
	assert_int_equal(desk_receipt_count(desk, desk->hospital), 1);
}

static void test_party_that_asks_too_often_is_not_answered(void **state)
{
	struct desk *desk = *state;
	desk->coordinator->coordinator->options.quota_questions = (struct sf_quota_limit){3, 1};
	desk_hello(desk, desk->hospital);
	const struct sf_frame query = {.kind = SF_FRAME_QUERY, .directory_from = 1};
	for (int i = 0; i < 5; i++)
		desk_say(desk, desk->hospital, &query);
	desk_turn(desk);
	assert_non_null(desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 1));
	assert_null(desk_heard(desk, desk->hospital, SF_FRAME_DIRECTORY, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_is_free_and_no_more),
		cmocka_unit_test(test_refusal_takes_nothing),
		cmocka_unit_test(test_rest_forgives_the_burst_and_no_more),
		cmocka_unit_test_setup_teardown(
			test_party_over_its_quota_waits_and_keeps_its_order, desk_open, desk_close),
		cmocka_unit_test_setup_teardown(
			test_party_that_asks_too_often_is_not_answered, desk_open, desk_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
