#include "transport/zap.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zmq.h>

#include "transport/socket.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01" /* fixed by RFC 27/ZAP */

struct sf_zap {
	void *requests;   /* owned; used by the handler thread while it runs */
	int stop_read;    /* owned; becomes readable when the thread must end */
	int stop_write;   /* owned */
	pthread_t thread; /* valid when running */
	bool running;
	pthread_mutex_t lock; /* guards what follows */
	struct sf_allow allow;
	struct sf_zap_counters counters;
	uint8_t watched[SF_CURVE_KEY_SIZE]; /* all zero: none */
	bool watched_refused;
};

/* Frames of a request (RFC 27/ZAP, "Request frames"); CURVE has one credential: the key. */
enum request_frame {
	FRAME_VERSION,
	FRAME_REQUEST_ID,
	FRAME_DOMAIN,
	FRAME_ADDRESS,
	FRAME_ROUTING_ID,
	FRAME_MECHANISM,
	FRAME_KEY,
	FRAME_COUNT,
};

static void lock(struct sf_zap *zap)
{
	int error = pthread_mutex_lock(&zap->lock);
	SF_ASSERT(error == 0);
}

static void unlock(struct sf_zap *zap)
{
	int error = pthread_mutex_unlock(&zap->lock);
	SF_ASSERT(error == 0);
}

static bool frame_is(zmq_msg_t *frame, const char *text)
{
	size_t size = strlen(text);
	return zmq_msg_size(frame) == size && memcmp(zmq_msg_data(frame), text, size) == 0;
}

/* Fills in the party when the request names a key of the list, and counts. */
static bool judge(struct sf_zap *zap, zmq_msg_t frames[FRAME_COUNT], size_t count,
	struct sf_allow_entry *ret_entry)
{
	bool readable = count == FRAME_COUNT && frame_is(&frames[FRAME_VERSION], "1.0") &&
			frame_is(&frames[FRAME_DOMAIN], SF_ZAP_DOMAIN) &&
			frame_is(&frames[FRAME_MECHANISM], "CURVE") &&
			zmq_msg_size(&frames[FRAME_KEY]) == SF_CURVE_KEY_SIZE;
	bool known = false;
	if (readable)
		memcpy(ret_entry->key, zmq_msg_data(&frames[FRAME_KEY]), SF_CURVE_KEY_SIZE);
	lock(zap);
	if (readable)
		known = !sf_allow_find(&zap->allow, ret_entry->key, &ret_entry->party);
	if (known)
		zap->counters.accepted++;
	else if (readable)
		zap->counters.refused++;
	else
		zap->counters.malformed++;
	if (readable && !known && memcmp(ret_entry->key, zap->watched, SF_CURVE_KEY_SIZE) == 0)
		zap->watched_refused = true;
	unlock(zap);
	return known;
}

static void reply(void *socket, zmq_msg_t *request_id, const struct sf_allow_entry *entry)
{
	char user_id[SF_USER_ID_SIZE] = "";
	if (entry)
		sf_user_id_format(entry, user_id);
	const struct sf_view parts[] = {
		sf_view_text("1.0"),
		sf_view_of(zmq_msg_data(request_id), zmq_msg_size(request_id)),
		sf_view_text(entry ? "200" : "300"),
		sf_view_text(entry ? "OK" : "not known yet"),
		sf_view_text(user_id),
		sf_view_text(""),
	};
	for (size_t i = 0; i < SF_COUNT(parts); i++) {
		int flags = i + 1 < SF_COUNT(parts) ? ZMQ_SNDMORE : 0;
		/* The session that asked may be gone; then the library drops the reply. */
		if (zmq_send(socket, parts[i].data, parts[i].size, flags | ZMQ_DONTWAIT) < 0)
			return;
	}
}

static void answer(struct sf_zap *zap)
{
	zmq_msg_t frames[FRAME_COUNT];
	for (size_t i = 0; i < FRAME_COUNT; i++)
		zmq_msg_init(&frames[i]);
	size_t count = 0;
	bool more = true;
	while (more && count < FRAME_COUNT) {
		if (zmq_msg_recv(&frames[count], zap->requests, ZMQ_DONTWAIT) < 0)
			break;
		more = zmq_msg_more(&frames[count]);
		count++;
	}
	if (count > 0) {
		if (count == FRAME_COUNT && more) {
			sf_socket_skip_parts(zap->requests);
			count++;
		}
		struct sf_allow_entry entry;
		bool known = judge(zap, frames, count, &entry);
		reply(zap->requests, &frames[FRAME_REQUEST_ID], known ? &entry : NULL);
	}
	for (size_t i = 0; i < FRAME_COUNT; i++)
		zmq_msg_close(&frames[i]);
}

static void *serve(void *argument)
{
	struct sf_zap *zap = argument;
	zmq_pollitem_t items[] = {
		{.socket = zap->requests, .events = ZMQ_POLLIN},
		{.fd = zap->stop_read, .events = ZMQ_POLLIN},
	};
	for (;;) {
		if (zmq_poll(items, SF_COUNT(items), -1) < 0) {
			if (errno == EINTR)
				continue;
			/* Without a handler the enforced domain refuses everybody: safe. */
			return NULL;
		}
		if (items[1].revents)
			return NULL;
		if (items[0].revents)
			answer(zap);
	}
}

/* The thread takes no signals: they belong to the loop of the process. */
static enum sf_err start(struct sf_zap *zap, struct sf_diag *diag)
{
	sigset_t all;
	sigset_t before;
	sigfillset(&all);
	int error = pthread_sigmask(SIG_BLOCK, &all, &before);
	if (!error) {
		error = pthread_create(&zap->thread, NULL, serve, zap);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	if (error) {
		sf_diag_set(diag, "starting the zap thread: %s", zmq_strerror(error));
		return SF_ERR_IO;
	}
	zap->running = true;
	return SF_OK;
}

static enum sf_err bind_requests(
	struct sf_zap *zap, const struct sf_context *context, struct sf_diag *diag)
{
	static const struct sf_socket_setting settings[] = {{ZMQ_LINGER, 0, "linger"}};
	zap->requests = zmq_socket(sf_context_zmq(context), ZMQ_REP);
	if (!zap->requests) {
		sf_diag_set(diag, "opening the zap socket: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	enum sf_err err = sf_socket_set(zap->requests, settings, SF_COUNT(settings), diag);
	if (err)
		return err;
	if (zmq_bind(zap->requests, ZAP_ENDPOINT) != 0) {
		sf_diag_set(diag, "binding the zap handler: %s", zmq_strerror(errno));
		return sf_socket_err(errno);
	}
	return SF_OK;
}

enum sf_err sf_zap_open(
	const struct sf_context *context, struct sf_zap **ret_zap, struct sf_diag *diag)
{
	struct sf_zap *zap = calloc(1, sizeof(*zap));
	if (!zap)
		return SF_ERR_MEMORY;
	zap->stop_read = -1;
	zap->stop_write = -1;
	int error = pthread_mutex_init(&zap->lock, NULL);
	SF_ASSERT(error == 0);
	enum sf_err err = bind_requests(zap, context, diag);
	int ends[2];
	if (!err && pipe(ends) == 0) {
		zap->stop_read = ends[0];
		zap->stop_write = ends[1];
	} else if (!err) {
		sf_diag_set(diag, "making a pipe: %s", zmq_strerror(errno));
		err = SF_ERR_IO;
	}
	if (!err)
		err = start(zap, diag);
	if (err) {
		sf_zap_close(&zap);
		return err;
	}
	*ret_zap = zap;
	return SF_OK;
}

void sf_zap_close(struct sf_zap **zap)
{
	struct sf_zap *closing = *zap;
	if (!closing)
		return;
	/* Closing the writing end makes the reading end readable, and that ends the thread. */
	if (closing->stop_write >= 0)
		close(closing->stop_write);
	if (closing->running)
		pthread_join(closing->thread, NULL);
	if (closing->stop_read >= 0)
		close(closing->stop_read);
	sf_socket_close(&closing->requests);
	pthread_mutex_destroy(&closing->lock);
	sf_allow_fini(&closing->allow);
	free(closing);
	*zap = NULL;
}

enum sf_err sf_zap_allow(struct sf_zap *zap, const struct sf_allow_entry *entries, size_t count)
{
	struct sf_allow made;
	enum sf_err err = sf_allow_make(entries, count, &made);
	if (err)
		return err;
	lock(zap);
	struct sf_allow old = zap->allow;
	zap->allow = made;
	unlock(zap);
	sf_allow_fini(&old);
	return SF_OK;
}

enum sf_err sf_zap_find(
	struct sf_zap *zap, const uint8_t key[SF_CURVE_KEY_SIZE], struct sf_id *ret_party)
{
	lock(zap);
	enum sf_err err = sf_allow_find(&zap->allow, key, ret_party);
	unlock(zap);
	return err;
}

void sf_zap_counters(struct sf_zap *zap, struct sf_zap_counters *ret_counters)
{
	lock(zap);
	*ret_counters = zap->counters;
	unlock(zap);
}

void sf_zap_watch(struct sf_zap *zap, const uint8_t key[SF_CURVE_KEY_SIZE])
{
	lock(zap);
	memcpy(zap->watched, key, SF_CURVE_KEY_SIZE);
	zap->watched_refused = false;
	unlock(zap);
}

bool sf_zap_watched_refused(struct sf_zap *zap)
{
	lock(zap);
	bool refused = zap->watched_refused;
	unlock(zap);
	return refused;
}
