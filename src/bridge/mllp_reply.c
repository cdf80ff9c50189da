#include "bridge/mllp_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bridge/listen.h"
#include "bridge/mllp.h"
#include "bridge/retry.h"
#include "bridge/stream.h"
#include "wire/local.h"

#define CHANNEL "mllp-out"
#define ACCOUNT "channel:" CHANNEL
#define WATCH_MS 30000
#define AGAIN_MS ((int64_t)1000) /* after an answer that was none */
#define MESSAGE_SIZE_MAX ((size_t)262144)
#define NAME_SIZE 256
#define READ_SIZE 4096

struct sf_mllp_reply {
	struct sf_mllp_reply_options options; /* its texts are not kept */
	struct sf_address address;
	char name[NAME_SIZE];
	struct sf_tls *tls; /* owned; NULL: plain */
	int64_t now_ms;
	/* What the engine is asked. */
	uint64_t calls, call; /* given so far; the one that waits, 0 none */
	uint64_t seen, resumed;
	uint64_t done; /* to be said */
	uint32_t failed;
	uint32_t refused; /* of them: answered, and not taken */
	enum sf_channel_fault fault;
	bool asks; /* has something to say */
	int64_t quiet_until_ms;
	/* What is on its way. */
	bool has_row;
	uint64_t cursor;
	struct sf_buf message; /* owned */
	struct sf_buf frame;   /* owned: the message in its frame */
	unsigned failures;     /* in a row */
	int64_t due_ms;        /* not before */
	/* The connection; stays open between messages while the peer likes. */
	struct sf_stream stream;
	bool connected; /* what connect() began has ended well */
	bool sending;   /* the message is being written, or its answer awaited */
	size_t written;
	int64_t began_ms;
	struct sf_mllp mllp;
};

static enum sf_err open_tls(struct sf_mllp_reply *reply, struct sf_diag *diag)
{
	const struct sf_mllp_reply_options *options = &reply->options;
	bool any = options->certificate[0] || options->key[0] || options->authority[0];
	bool all = options->certificate[0] && options->key[0] && options->authority[0];
	if (reply->address.loopback && !any)
		return SF_OK;
	if (all)
		return sf_tls_open(
			options->certificate, options->key, options->authority, &reply->tls, diag);
	sf_diag_set(diag,
		"replying to %s needs a certificate, its key and the authority of certificates; "
		"without them reply to 127.0.0.1 or [::1]",
		options->to);
	return SF_ERR_CONFIG;
}

/* The address as a certificate has it: without its port and brackets. */
static bool copy_name(struct sf_mllp_reply *reply)
{
	const char *name = reply->options.name;
	size_t size = strlen(name);
	if (size == 0) {
		name = reply->options.to;
		size = (size_t)(strrchr(name, ':') - name);
		if (name[0] == '[') {
			name++;
			size -= 2;
		}
	}
	if (size >= sizeof(reply->name))
		return false;
	memcpy(reply->name, name, size);
	reply->name[size] = '\0';
	return true;
}

static enum sf_err open_parts(struct sf_mllp_reply *reply, struct sf_diag *diag)
{
	if (sf_address_parse(reply->options.to, &reply->address) || reply->address.port == 0 ||
		!copy_name(reply)) {
		sf_diag_set(
			diag, "%s is no numeric address and port to reply to", reply->options.to);
		return SF_ERR_CONFIG;
	}
	return open_tls(reply, diag);
}

enum sf_err sf_mllp_reply_open(const struct sf_mllp_reply_options *options,
	struct sf_mllp_reply **ret_reply, struct sf_diag *diag)
{
	struct sf_mllp_reply *reply = calloc(1, sizeof(*reply));
	if (!reply)
		return SF_ERR_MEMORY;
	reply->options = *options;
	reply->stream.descriptor = -1;
	sf_buf_init(&reply->message, MESSAGE_SIZE_MAX);
	sf_buf_init(&reply->frame, MESSAGE_SIZE_MAX + 8);
	sf_mllp_init(&reply->mllp, MESSAGE_SIZE_MAX);
	enum sf_err err = open_parts(reply, diag);
	if (err)
		sf_mllp_reply_close(&reply);
	else
		*ret_reply = reply;
	return err;
}

void sf_mllp_reply_close(struct sf_mllp_reply **reply)
{
	struct sf_mllp_reply *closed = *reply;
	*reply = NULL;
	if (!closed)
		return;
	sf_stream_close(&closed->stream);
	sf_tls_close(&closed->tls);
	sf_buf_fini(&closed->message);
	sf_buf_fini(&closed->frame);
	sf_mllp_fini(&closed->mllp);
	free(closed);
}

static void hang_up(struct sf_mllp_reply *reply)
{
	sf_stream_close(&reply->stream);
	sf_mllp_fini(&reply->mllp);
	sf_mllp_init(&reply->mllp, MESSAGE_SIZE_MAX);
	reply->connected = reply->sending = false;
}

static void fail(struct sf_mllp_reply *reply, enum sf_channel_fault fault)
{
	const struct sf_env *env = reply->options.env;
	uint32_t chance = 0;
	hang_up(reply);
	env->random(env->self, &chance, sizeof(chance));
	reply->failures++;
	reply->failed++;
	reply->fault = fault;
	reply->asks = true;
	reply->due_ms = reply->now_ms + sf_retry_backoff_ms(reply->failures, chance);
}

/* The next message, on the connection that is there or on a new one. */
static void start(struct sf_mllp_reply *reply)
{
	reply->written = 0;
	reply->began_ms = reply->now_ms;
	reply->sending = true;
	if (reply->stream.descriptor >= 0)
		return;
	int descriptor;
	if (sf_bridge_dial(&reply->address, &descriptor) ||
		sf_stream_dial(reply->tls, descriptor, reply->name, &reply->stream))
		fail(reply, SF_CHANNEL_FAULT_UNREACHABLE);
}

static enum sf_channel_fault fault_of(enum sf_err err)
{
	return err == SF_ERR_AUTH ? SF_CHANNEL_FAULT_UNTRUSTED : SF_CHANNEL_FAULT_BROKEN;
}

/* False: it has failed, or waits. */
static bool write_some(struct sf_mllp_reply *reply)
{
	struct sf_view frame = sf_buf_view(&reply->frame);
	while (reply->written < frame.size) {
		size_t size = 0;
		enum sf_err err = sf_stream_write(&reply->stream,
			sf_view_of(frame.data + reply->written, frame.size - reply->written),
			&size);
		if (err == SF_ERR_AGAIN)
			return false;
		if (err) {
			fail(reply, fault_of(err));
			return false;
		}
		reply->written += size;
	}
	return true;
}

static void end_message(struct sf_mllp_reply *reply)
{
	const struct sf_mllp_reply_options *options = &reply->options;
	struct sf_view answer = sf_buf_view(&reply->mllp.message);
	if (!options->takes(options->self, sf_buf_view(&reply->message), answer)) {
		reply->refused++;
		fail(reply, SF_CHANNEL_FAULT_REFUSED);
		return;
	}
	reply->sending = reply->has_row = false;
	reply->failures = 0;
	reply->done = reply->cursor;
	reply->asks = true;
}

/* Nothing is asked there, so what comes unasked, or after the answer, ends the connection. */
static void look_at(struct sf_mllp_reply *reply, struct sf_view bytes)
{
	while (bytes.size > 0) {
		size_t used;
		enum sf_mllp_event event = sf_mllp_feed(&reply->mllp, bytes, &used);
		bytes = sf_view_of(bytes.data + used, bytes.size - used);
		if (event == SF_MLLP_MORE)
			continue;
		bool answers = reply->sending && reply->written == reply->frame.size;
		if (event == SF_MLLP_MESSAGE && answers)
			end_message(reply);
		else if (reply->sending)
			fail(reply, SF_CHANNEL_FAULT_BROKEN);
		else
			hang_up(reply);
		if (reply->stream.descriptor < 0)
			return;
	}
}

static void read_some(struct sf_mllp_reply *reply)
{
	uint8_t bytes[READ_SIZE];
	while (reply->stream.descriptor >= 0) {
		size_t size = 0;
		enum sf_err err = sf_stream_read(&reply->stream, bytes, sizeof(bytes), &size);
		if (err == SF_ERR_AGAIN)
			return;
		if (err && reply->sending)
			fail(reply, fault_of(err));
		else if (err)
			hang_up(reply);
		else
			look_at(reply, sf_view_of(bytes, size));
	}
}

static size_t watch_max(void *self)
{
	(void)self;
	return 1;
}

static size_t watch(void *self, struct sf_watch *watches, size_t room)
{
	struct sf_mllp_reply *reply = self;
	const struct sf_stream *stream = &reply->stream;
	SF_ASSERT(room >= 1);
	if (stream->descriptor < 0)
		return 0;
	bool writes = !reply->connected ||
		      (stream->greeted ? reply->sending && reply->written < reply->frame.size
				       : stream->wants_write);
	watches[0] = (struct sf_watch){
		.descriptor = stream->descriptor, .wants = writes ? SF_WATCH_WRITE : SF_WATCH_READ};
	return 1;
}

static void handle(void *self, const struct sf_watch *watches, size_t count, int64_t now_ms)
{
	struct sf_mllp_reply *reply = self;
	reply->now_ms = now_ms;
	if (reply->has_row && !reply->sending && reply->due_ms <= now_ms)
		start(reply);
	bool ready = count > 0 && watches[0].ready;
	if (reply->stream.descriptor >= 0 && !reply->connected && ready) {
		reply->connected = sf_bridge_dialled(reply->stream.descriptor);
		if (!reply->connected)
			fail(reply, SF_CHANNEL_FAULT_UNREACHABLE);
	}
	if (reply->connected && (!reply->sending || write_some(reply)))
		read_some(reply);
	if (reply->sending && now_ms - reply->began_ms > reply->options.timeout_ms)
		fail(reply, SF_CHANNEL_FAULT_TIMEOUT);
}

static int64_t wake_ms(void *self)
{
	const struct sf_mllp_reply *reply = self;
	if (reply->sending)
		return reply->began_ms + reply->options.timeout_ms + 1;
	if (reply->has_row)
		return reply->due_ms;
	return reply->call ? INT64_MAX : reply->quiet_until_ms;
}

/* Nothing is asked while a message is on its way, but to say that an attempt failed. */
static bool take(
	void *self, struct sf_arena *arena, uint64_t *ret_call, struct sf_request *ret_request)
{
	struct sf_mllp_reply *reply = self;
	(void)arena;
	if (reply->call || reply->sending || reply->quiet_until_ms > reply->now_ms ||
		(reply->has_row && !reply->asks))
		return false;
	reply->asks = false;
	reply->call = *ret_call = ++reply->calls;
	*ret_request = (struct sf_request){.kind = SF_REQUEST_HANDOUT,
		.asker = {.account = ACCOUNT, .role = SF_READER_SYSTEM, .purpose = SF_PURPOSE_CARE},
		.handout = {.channel = CHANNEL,
			.done = reply->done,
			.failed = reply->failed,
			.fault = reply->fault,
			.tried = reply->failed > 0 ? reply->cursor : 0,
			.refused = reply->refused,
			.seen = reply->seen,
			.wait_ms = WATCH_MS}};
	return true;
}

static bool waits(void *self, uint64_t call)
{
	const struct sf_mllp_reply *reply = self;
	return call == reply->call;
}

static void take_row(struct sf_mllp_reply *reply, const struct sf_reply_handout *handout)
{
	if (handout->resumed != reply->resumed) {
		reply->resumed = handout->resumed;
		reply->failures = 0;
		reply->due_ms = 0;
	}
	if (handout->row_count == 0 || handout->content.size == 0) {
		reply->has_row = false;
		return;
	}
	if (reply->has_row && reply->cursor == handout->rows[0].cursor)
		return;
	sf_buf_clear(&reply->message);
	sf_buf_clear(&reply->frame);
	reply->cursor = handout->rows[0].cursor;
	reply->due_ms = 0;
	/* One that was put aside before it says nothing of this one. */
	reply->failures = 0;
	reply->has_row = sf_buf_append(&reply->message, handout->content) == SF_OK &&
			 sf_mllp_frame(handout->content, &reply->frame) == SF_OK;
	if (!reply->has_row)
		reply->quiet_until_ms = reply->now_ms + AGAIN_MS;
}

static void reply_to(
	void *self, uint64_t call, const struct sf_request *request, const struct sf_reply *answer)
{
	struct sf_mllp_reply *reply = self;
	(void)call;
	reply->call = 0;
	if (answer->err || answer->kind != SF_REPLY_HANDOUT) {
		reply->quiet_until_ms = reply->now_ms + AGAIN_MS;
		reply->asks = true;
		return;
	}
	/* An attempt that failed meanwhile is said next time. */
	reply->failed -= request->handout.failed;
	reply->refused -= request->handout.refused;
	reply->seen = answer->handout.version;
	take_row(reply, &answer->handout);
}

struct sf_face sf_mllp_reply_face(struct sf_mllp_reply *reply)
{
	return (struct sf_face){
		.self = reply,
		.watch_max = watch_max,
		.watch = watch,
		.handle = handle,
		.wake_ms = wake_ms,
		.take = take,
		.waits = waits,
		.reply = reply_to,
	};
}
