#define _POSIX_C_SOURCE 200809L

#include "store/sqlite_checkpoint.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "store/sqlite_statement.h"

struct sf_sqlite_checkpoint {
	sqlite3 *db; /* owned; the thread's alone while it runs */
	int64_t every_ms;
	pthread_t thread;
	pthread_mutex_t mutex; /* guards stopping */
	pthread_cond_t stop;
	bool stopping;
};

static struct timespec deadline(int64_t every_ms)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	int64_t ns = at.tv_nsec + every_ms % 1000 * 1000000;
	at.tv_sec += (time_t)(every_ms / 1000 + ns / 1000000000);
	at.tv_nsec = (long)(ns % 1000000000);
	return at;
}

/* True when it is time to stop. */
static bool wait_turn(struct sf_sqlite_checkpoint *checkpoint)
{
	struct timespec until = deadline(checkpoint->every_ms);
	pthread_mutex_lock(&checkpoint->mutex);
	int waited = 0;
	while (!checkpoint->stopping && waited == 0)
		waited = pthread_cond_timedwait(&checkpoint->stop, &checkpoint->mutex, &until);
	bool stopping = checkpoint->stopping;
	pthread_mutex_unlock(&checkpoint->mutex);
	return stopping;
}

static void *run(void *context)
{
	struct sf_sqlite_checkpoint *checkpoint = context;
	while (!wait_turn(checkpoint))
		sqlite3_wal_checkpoint_v2(
			checkpoint->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return NULL;
}

static int start(struct sf_sqlite_checkpoint *checkpoint)
{
	pthread_condattr_t attributes;
	if (pthread_condattr_init(&attributes) != 0)
		return -1;
	int failed = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	if (!failed)
		failed = pthread_cond_init(&checkpoint->stop, &attributes);
	pthread_condattr_destroy(&attributes);
	if (failed)
		return failed;
	failed = pthread_mutex_init(&checkpoint->mutex, NULL);
	if (failed) {
		pthread_cond_destroy(&checkpoint->stop);
		return failed;
	}
	failed = pthread_create(&checkpoint->thread, NULL, run, checkpoint);
	if (failed) {
		pthread_mutex_destroy(&checkpoint->mutex);
		pthread_cond_destroy(&checkpoint->stop);
	}
	return failed;
}

enum sf_err sf_sqlite_checkpoint_open(const char *path, const char *vfs, int64_t every_ms,
	struct sf_sqlite_checkpoint **ret_checkpoint, struct sf_diag *diag)
{
	struct sf_sqlite_checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	if (!checkpoint)
		return SF_ERR_MEMORY;
	checkpoint->every_ms = every_ms;
	int code = sqlite3_open_v2(path, &checkpoint->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
	/* The sync of a checkpoint must be as strong as the writer's. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(checkpoint->db,
			"PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA journal_mode", NULL,
			NULL, NULL);
	enum sf_err err = sf_sqlite_err(code);
	if (!err && start(checkpoint) != 0)
		err = SF_ERR_MEMORY;
	if (err) {
		sf_diag_set(diag, "starting the checkpoint thread failed");
		sqlite3_close(checkpoint->db);
		free(checkpoint);
		return err;
	}
	*ret_checkpoint = checkpoint;
	return SF_OK;
}

void sf_sqlite_checkpoint_close(struct sf_sqlite_checkpoint **checkpoint)
{
	struct sf_sqlite_checkpoint *closing = *checkpoint;
	if (!closing)
		return;
	pthread_mutex_lock(&closing->mutex);
	closing->stopping = true;
	pthread_cond_signal(&closing->stop);
	pthread_mutex_unlock(&closing->mutex);
	pthread_join(closing->thread, NULL);
	pthread_mutex_destroy(&closing->mutex);
	pthread_cond_destroy(&closing->stop);
	sqlite3_close(closing->db);
	free(closing);
	*checkpoint = NULL;
}
