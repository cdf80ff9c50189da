#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "turn/workers.h"

#define JOB_COUNT 1000

struct piece {
	uint64_t number;
	uint64_t square;
	size_t runs;
};

static void square(void *context)
{
	struct piece *piece = context;
	piece->square = piece->number * piece->number;
	piece->runs++;
}

/* Runs many rounds of count jobs; results of one round are the input of the next. */
static void run_rounds(struct sf_worker_pool *pool, size_t count, size_t rounds)
{
	static struct piece pieces[JOB_COUNT];
	static struct sf_job jobs[JOB_COUNT];
	struct sf_workers workers = sf_worker_pool_workers(pool);
	for (size_t i = 0; i < count; i++) {
		pieces[i] = (struct piece){.number = i};
		jobs[i] = (struct sf_job){square, &pieces[i]};
	}
	for (size_t round = 1; round <= rounds; round++) {
		workers.run(workers.self, jobs, count);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(pieces[i].runs, round);
			assert_int_equal(pieces[i].square, pieces[i].number * pieces[i].number);
			pieces[i].number++;
		}
	}
}

static struct sf_worker_pool *open_pool(size_t thread_count)
{
	struct sf_worker_pool *pool = NULL;
	struct sf_diag diag;
	assert_int_equal(sf_worker_pool_open(thread_count, &pool, &diag), SF_OK);
	assert_non_null(pool);
	return pool;
}

static void test_every_job_runs_once_and_is_done_when_run_returns(void **state)
{
	(void)state;
	static const size_t thread_counts[] = {0, 1, 2, 7};
	for (size_t i = 0; i < SF_COUNT(thread_counts); i++) {
		struct sf_worker_pool *pool = open_pool(thread_counts[i]);
		run_rounds(pool, JOB_COUNT, 20);
		run_rounds(pool, 5, 200);
		sf_worker_pool_close(&pool);
		assert_null(pool);
	}
}

static void test_few_jobs_and_none_run_in_place(void **state)
{
	(void)state;
	struct sf_worker_pool *pool = open_pool(3);
	for (size_t count = 0; count < 5; count++)
		run_rounds(pool, count, 3);
	sf_worker_pool_close(&pool);
}

static void test_pool_that_never_ran_closes(void **state)
{
	(void)state;
	struct sf_worker_pool *pool = open_pool(SF_WORKER_THREADS_MAX);
	sf_worker_pool_close(&pool);
	sf_worker_pool_close(&pool);
	assert_null(pool);
}

static void test_too_many_threads_are_refused(void **state)
{
	(void)state;
	struct sf_worker_pool *pool = NULL;
	struct sf_diag diag = {{0}};
	assert_int_equal(
		sf_worker_pool_open(SF_WORKER_THREADS_MAX + 1, &pool, &diag), SF_ERR_LIMIT);
	assert_null(pool);
	assert_non_null(strstr(diag.text, "64"));
}

/* Two pools at once: a second engine in one process shares nothing with the first. */
static void test_pools_share_nothing(void **state)
{
	(void)state;
	struct sf_worker_pool *first = open_pool(2), *second = open_pool(2);
	run_rounds(first, 64, 20);
	run_rounds(second, 64, 20);
	sf_worker_pool_close(&first);
	run_rounds(second, 64, 20);
	sf_worker_pool_close(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_job_runs_once_and_is_done_when_run_returns),
		cmocka_unit_test(test_few_jobs_and_none_run_in_place),
		cmocka_unit_test(test_pool_that_never_ran_closes),
		cmocka_unit_test(test_too_many_threads_are_refused),
		cmocka_unit_test(test_pools_share_nothing),
	};
	return cmocka_run_group_tests_name("turn/workers", tests, NULL, NULL);
}
