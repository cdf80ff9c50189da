#include "unit/core/check.h"

#include "core/obligation.h"

static void test_open_is_what_somebody_still_owes(void **state)
{
	(void)state;
	static const struct {
		enum sf_task_state state;
		bool open;
	} rows[] = {
		{SF_TASK_REQUESTED, true},
		{SF_TASK_RECEIVED, true},
		{SF_TASK_ACCEPTED, true},
		{SF_TASK_IN_PROGRESS, true},
		{SF_TASK_ON_HOLD, true},
		{SF_TASK_REJECTED, true},
		{SF_TASK_REFERRED_ONWARD, true},
		{SF_TASK_COMPLETED, false},
		{SF_TASK_CANCELLED, false},
		{SF_TASK_FAILED, false},
		{SF_TASK_STATE_NONE, false},
		{(enum sf_task_state)99, false},
	};
	for (size_t i = 0; i < SF_COUNT(rows); i++) {
		struct sf_obligation obligation = {.state = rows[i].state};
		assert_int_equal(sf_obligation_is_open(&obligation), rows[i].open);
		assert_int_equal(sf_obligation_shown(&obligation), rows[i].state);
		/* Expired is shown over what is open, and never over what is done. */
		obligation.expired_ms = 1;
		assert_int_equal(sf_obligation_shown(&obligation),
			rows[i].open ? SF_TASK_EXPIRED : rows[i].state);
	}
}

static void test_window_states_have_words(void **state)
{
	(void)state;
	assert_string_equal(sf_window_state_text(SF_WINDOW_OPEN), "open");
	assert_string_equal(sf_window_state_text(SF_WINDOW_SUSPENDED), "suspended");
	assert_string_equal(sf_window_state_text(SF_WINDOW_ENDED), "ended");
	assert_string_equal(sf_window_state_text(SF_WINDOW_ANNULLED), "annulled");
	assert_string_equal(sf_window_state_text((enum sf_window_state)99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_is_what_somebody_still_owes),
		cmocka_unit_test(test_window_states_have_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
