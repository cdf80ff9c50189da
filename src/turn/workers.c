#include "turn/workers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* Below this many jobs waking a thread costs more than it saves. */
#define SHARED_COUNT_MIN 4

struct sf_worker_pool {
	pthread_mutex_t lock;
	pthread_cond_t work;       /* there are jobs, or the pool closes */
	pthread_cond_t done;       /* the last job of a run has ended */
	const struct sf_job *jobs; /* borrowed from run */
	size_t job_count;
	size_t next; /* first job nobody has taken */
	size_t ended;
	bool closing;
	size_t thread_count;
	pthread_t threads[SF_WORKER_THREADS_MAX];
};

/* Takes and runs one job; the lock is held on entry and on return. False when there is none. */
static bool run_one(struct sf_worker_pool *pool)
{
	if (pool->next >= pool->job_count)
		return false;
	const struct sf_job *job = &pool->jobs[pool->next++];
	pthread_mutex_unlock(&pool->lock);
	job->run(job->context);
	pthread_mutex_lock(&pool->lock);
	if (++pool->ended == pool->job_count)
		pthread_cond_signal(&pool->done);
	return true;
}

static void *work(void *context)
{
	struct sf_worker_pool *pool = context;
	pthread_mutex_lock(&pool->lock);
	while (!pool->closing)
		if (!run_one(pool))
			pthread_cond_wait(&pool->work, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void run(void *self, const struct sf_job *jobs, size_t count)
{
	struct sf_worker_pool *pool = self;
	if (pool->thread_count == 0 || count < SHARED_COUNT_MIN) {
		for (size_t i = 0; i < count; i++)
			jobs[i].run(jobs[i].context);
		return;
	}
	pthread_mutex_lock(&pool->lock);
	pool->jobs = jobs;
	pool->job_count = count;
	pool->next = pool->ended = 0;
	pthread_cond_broadcast(&pool->work);
	while (run_one(pool))
		;
	while (pool->ended < count)
		pthread_cond_wait(&pool->done, &pool->lock);
	pool->jobs = NULL;
	pool->job_count = pool->next = 0;
	pthread_mutex_unlock(&pool->lock);
}

enum sf_err sf_worker_pool_open(
	size_t thread_count, struct sf_worker_pool **ret_pool, struct sf_diag *diag)
{
	if (thread_count > SF_WORKER_THREADS_MAX) {
		sf_diag_set(diag, "at most %d worker threads", SF_WORKER_THREADS_MAX);
		return SF_ERR_LIMIT;
	}
	struct sf_worker_pool *pool = calloc(1, sizeof(*pool));
	if (!pool)
		return SF_ERR_MEMORY;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->done, NULL);
	while (pool->thread_count < thread_count) {
		if (pthread_create(&pool->threads[pool->thread_count], NULL, work, pool)) {
			sf_worker_pool_close(&pool);
			sf_diag_set(diag, "a worker thread cannot be started");
			return SF_ERR_AGAIN;
		}
		pool->thread_count++;
	}
	*ret_pool = pool;
	return SF_OK;
}

void sf_worker_pool_close(struct sf_worker_pool **pool)
{
	struct sf_worker_pool *closing = *pool;
	*pool = NULL;
	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->closing = true;
	pthread_cond_broadcast(&closing->work);
	pthread_mutex_unlock(&closing->lock);
	for (size_t i = 0; i < closing->thread_count; i++)
		pthread_join(closing->threads[i], NULL);
	pthread_cond_destroy(&closing->done);
	pthread_cond_destroy(&closing->work);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
}

struct sf_workers sf_worker_pool_workers(struct sf_worker_pool *pool)
{
	return (struct sf_workers){.self = pool, .run = run};
}
