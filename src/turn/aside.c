#include "turn/aside.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum aside_state { ASIDE_IDLE = 0, ASIDE_BUSY, ASIDE_ENDED };

struct sf_aside_thread {
	pthread_mutex_t lock;
	pthread_cond_t change; /* of state, or it closes */
	enum aside_state state;
	struct sf_job job; /* while it is busy */
	bool closing;
	int descriptor; /* an eventfd: counts jobs that have ended */
	pthread_t thread;
};

static void *work(void *context)
{
	struct sf_aside_thread *aside = context;
	pthread_mutex_lock(&aside->lock);
	for (;;) {
		while (aside->state != ASIDE_BUSY && !aside->closing)
			pthread_cond_wait(&aside->change, &aside->lock);
		if (aside->state != ASIDE_BUSY)
			break;
		const struct sf_job job = aside->job;
		pthread_mutex_unlock(&aside->lock);
		job.run(job.context);
		pthread_mutex_lock(&aside->lock);
		aside->state = ASIDE_ENDED;
		pthread_cond_broadcast(&aside->change);
		/* It holds one at most, so it has room for it. */
		const uint64_t one = 1;
		sf_ignore((int)write(aside->descriptor, &one, sizeof(one)));
	}
	pthread_mutex_unlock(&aside->lock);
	return NULL;
}

static void start(void *self, const struct sf_job *job)
{
	struct sf_aside_thread *aside = self;
	pthread_mutex_lock(&aside->lock);
	SF_ASSERT(aside->state == ASIDE_IDLE);
	aside->job = *job;
	aside->state = ASIDE_BUSY;
	pthread_cond_broadcast(&aside->change);
	pthread_mutex_unlock(&aside->lock);
}

static bool ended(void *self)
{
	struct sf_aside_thread *aside = self;
	pthread_mutex_lock(&aside->lock);
	bool has_ended = aside->state == ASIDE_ENDED;
	if (has_ended) {
		uint64_t count;
		aside->state = ASIDE_IDLE;
		sf_ignore((int)read(aside->descriptor, &count, sizeof(count)));
	}
	pthread_mutex_unlock(&aside->lock);
	return has_ended;
}

static void wait_for_it(void *self)
{
	struct sf_aside_thread *aside = self;
	pthread_mutex_lock(&aside->lock);
	while (aside->state == ASIDE_BUSY)
		pthread_cond_wait(&aside->change, &aside->lock);
	pthread_mutex_unlock(&aside->lock);
}

enum sf_err sf_aside_thread_open(struct sf_aside_thread **ret_thread, struct sf_diag *diag)
{
	struct sf_aside_thread *aside = calloc(1, sizeof(*aside));
	if (!aside)
		return SF_ERR_MEMORY;
	aside->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&aside->lock, NULL);
	pthread_cond_init(&aside->change, NULL);
	if (aside->descriptor >= 0 && !pthread_create(&aside->thread, NULL, work, aside)) {
		*ret_thread = aside;
		return SF_OK;
	}
	if (aside->descriptor >= 0)
		close(aside->descriptor);
	pthread_cond_destroy(&aside->change);
	pthread_mutex_destroy(&aside->lock);
	free(aside);
	sf_diag_set(diag, "the thread for passwords cannot be started");
	return SF_ERR_AGAIN;
}

void sf_aside_thread_close(struct sf_aside_thread **thread)
{
	struct sf_aside_thread *closing = *thread;
	*thread = NULL;
	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->closing = true;
	pthread_cond_broadcast(&closing->change);
	pthread_mutex_unlock(&closing->lock);
	pthread_join(closing->thread, NULL);
	close(closing->descriptor);
	pthread_cond_destroy(&closing->change);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
}

struct sf_aside sf_aside_thread_port(struct sf_aside_thread *thread)
{
	return (struct sf_aside){.self = thread,
		.descriptor = thread->descriptor,
		.start = start,
		.ended = ended,
		.wait = wait_for_it};
}
