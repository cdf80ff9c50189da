#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "turn/aside.h"

#define ROUNDS 1000
#define WAIT_MS 10000 /* then the test has failed */

static struct sf_aside_thread *open_thread(void)
{
	struct sf_aside_thread *thread = NULL;
	struct sf_diag diag;
	assert_int_equal(sf_aside_thread_open(&thread, &diag), SF_OK);
	assert_non_null(thread);
	return thread;
}

static void count(void *context)
{
	++*(size_t *)context;
}

static void expect_ended(const struct sf_aside *aside)
{
	struct pollfd fd = {.fd = aside->descriptor, .events = POLLIN};
	assert_int_equal(poll(&fd, 1, WAIT_MS), 1);
	assert_true(aside->ended(aside->self));
	/* Once for each job, and then there is nothing to be read any more. */
	assert_false(aside->ended(aside->self));
	assert_int_equal(poll(&fd, 1, 0), 0);
}

static void test_each_job_runs_once_and_says_when_it_has_ended(void **state)
{
	(void)state;
	struct sf_aside_thread *thread = open_thread();
	const struct sf_aside aside = sf_aside_thread_port(thread);
	size_t counted = 0;
	const struct sf_job job = {count, &counted};
	assert_false(aside.ended(aside.self));
	for (size_t i = 1; i <= ROUNDS; i++) {
		aside.start(aside.self, &job);
		expect_ended(&aside);
		assert_int_equal(counted, i);
	}
	sf_aside_thread_close(&thread);
	assert_null(thread);
	sf_aside_thread_close(&thread);
}

static void test_who_waits_comes_back_when_it_is_done(void **state)
{
	(void)state;
	struct sf_aside_thread *thread = open_thread();
	const struct sf_aside aside = sf_aside_thread_port(thread);
	size_t counted = 0;
	const struct sf_job job = {count, &counted};
	aside.wait(aside.self);
	aside.start(aside.self, &job);
	aside.wait(aside.self);
	assert_int_equal(counted, 1);
	expect_ended(&aside);
	sf_aside_thread_close(&thread);
}

static void test_it_ends_after_the_job_that_is_on_its_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < 100; i++) {
		struct sf_aside_thread *thread = open_thread();
		const struct sf_aside aside = sf_aside_thread_port(thread);
		size_t counted = 0;
		const struct sf_job job = {count, &counted};
		aside.start(aside.self, &job);
		sf_aside_thread_close(&thread);
		assert_int_equal(counted, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_job_runs_once_and_says_when_it_has_ended),
		cmocka_unit_test(test_who_waits_comes_back_when_it_is_done),
		cmocka_unit_test(test_it_ends_after_the_job_that_is_on_its_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
