#include "transport/supervise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct sf_supervisor_limits limits = {
	.backoff_ms_min = 200,
	.backoff_ms_max = 30000,
	.connect_ms_max = 90000,
	.silence_ms_max = 1000,
	.stable_ms = 10000,
};

static void test_first_socket_is_due_at_once(void **state)
{
	(void)state;
	struct sf_supervisor supervisor;
	sf_supervisor_init(&supervisor, &limits, 5000);
	assert_false(sf_supervisor_due(&supervisor, 4999));
	assert_true(sf_supervisor_due(&supervisor, 5000));
}

static void test_backoff_doubles_to_its_ceiling(void **state)
{
	(void)state;
	struct sf_supervisor supervisor;
	sf_supervisor_init(&supervisor, &limits, 0);
	static const int64_t waits_ms[] = {
		200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000};
	for (size_t i = 0; i < sizeof(waits_ms) / sizeof(waits_ms[0]); i++) {
		sf_supervisor_made(&supervisor, 0);
		sf_supervisor_ended(&supervisor, 0, 255);
		assert_int_equal(supervisor.due_ms, waits_ms[i]);
	}
}

static void test_chance_spreads_over_half_of_the_backoff(void **state)
{
	(void)state;
	struct sf_supervisor supervisor;
	sf_supervisor_init(&supervisor, &limits, 0);
	sf_supervisor_ended(&supervisor, 1000, 0);
	assert_int_equal(supervisor.due_ms, 1100);
	sf_supervisor_init(&supervisor, &limits, 0);
	sf_supervisor_ended(&supervisor, 1000, 255);
	assert_int_equal(supervisor.due_ms, 1200);
}

static void test_only_a_stable_session_resets_the_backoff(void **state)
{
	(void)state;
	struct sf_supervisor supervisor;
	sf_supervisor_init(&supervisor, &limits, 0);
	sf_supervisor_ended(&supervisor, 0, 255);
	sf_supervisor_made(&supervisor, 200);
	sf_supervisor_up(&supervisor, 200);
	/* Up, but gone again at once: a server that lets in and throws out is not hammered. */
	sf_supervisor_ended(&supervisor, 300, 255);
	assert_int_equal(supervisor.due_ms, 300 + 400);
	sf_supervisor_made(&supervisor, 700);
	sf_supervisor_up(&supervisor, 700);
	sf_supervisor_ended(&supervisor, 10700, 255);
	assert_int_equal(supervisor.due_ms, 10700 + 200);
}

static void test_connecting_is_given_up_in_the_end(void **state)
{
	(void)state;
	struct sf_supervisor supervisor;
	sf_supervisor_init(&supervisor, &limits, 0);
	sf_supervisor_made(&supervisor, 100);
	assert_int_equal(supervisor.state, SF_SESSION_CONNECTING);
	assert_false(sf_supervisor_due(&supervisor, 90099));
	assert_true(sf_supervisor_due(&supervisor, 90100));
}

static void test_silence_counts_from_the_last_frame(void **state)
{
	(void)state;
	struct sf_supervisor supervisor;
	sf_supervisor_init(&supervisor, &limits, 0);
	sf_supervisor_made(&supervisor, 0);
	sf_supervisor_up(&supervisor, 50);
	sf_supervisor_heard(&supervisor, 900);
	assert_false(sf_supervisor_due(&supervisor, 1899));
	assert_true(sf_supervisor_due(&supervisor, 1900));
}

static void test_silence_is_not_watched_when_not_asked_for(void **state)
{
	(void)state;
	struct sf_supervisor_limits patient = limits;
	patient.silence_ms_max = 0;
	struct sf_supervisor supervisor;
	sf_supervisor_init(&supervisor, &patient, 0);
	sf_supervisor_made(&supervisor, 0);
	sf_supervisor_up(&supervisor, 0);
	sf_supervisor_heard(&supervisor, 5);
	assert_int_equal(supervisor.due_ms, SF_SUPERVISE_NEVER_MS);
	assert_false(sf_supervisor_due(&supervisor, INT64_MAX - 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_socket_is_due_at_once),
		cmocka_unit_test(test_backoff_doubles_to_its_ceiling),
		cmocka_unit_test(test_chance_spreads_over_half_of_the_backoff),
		cmocka_unit_test(test_only_a_stable_session_resets_the_backoff),
		cmocka_unit_test(test_connecting_is_given_up_in_the_end),
		cmocka_unit_test(test_silence_counts_from_the_last_frame),
		cmocka_unit_test(test_silence_is_not_watched_when_not_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
