#include "wire/local.h"

#include <string.h>

#include "wire/allocator.h"
#include "wire/field.h"
#include "wire/local_check.h"
#include "wire/local_tables.h"

/* Packing needs as much again for a moment: structs of protobuf-c that borrow texts and bytes. */
#define WORK_SIZE_MAX (2 * SF_LOCAL_SIZE_MAX)
#define ERROR_NUMBER_MAX 255

const char *sf_request_text(enum sf_request_kind kind)
{
	switch (kind) {
#define X(symbol, number, member)                                                                  \
	case symbol:                                                                               \
		return #member;
		SF_REQUEST_LIST(X)
#undef X
	case SF_REQUEST_NONE:
		break;
	}
	return "unknown";
}

#define X(symbol, number, text)                                                                    \
	case symbol:                                                                               \
		return text;

const char *sf_delivery_text(enum sf_delivery_state state)
{
	switch (state) {
		SF_DELIVERY_LIST(X)
	case SF_DELIVERY_NONE:
		break;
	}
	return "unknown";
}

const char *sf_attachment_text(enum sf_attachment_state state)
{
	switch (state) {
		SF_ATTACHMENT_STATE_LIST(X)
	case SF_ATTACHMENT_NONE:
		break;
	}
	return "unknown";
}

const char *sf_feed_text(enum sf_feed_what what)
{
	switch (what) {
		SF_FEED_LIST(X)
	case SF_FEED_NONE:
		break;
	}
	return "unknown";
}

const char *sf_board_text(enum sf_board_what what)
{
	switch (what) {
		SF_BOARD_LIST(X)
	case SF_BOARD_NONE:
		break;
	}
	return "unknown";
}

const char *sf_contradiction_text(uint32_t contradiction)
{
	switch ((enum sf_contradiction)contradiction) {
		SF_CONTRADICTION_LIST(X)
	case SF_CONTRADICTION_NONE:
		break;
	}
	return "unknown";
}

const char *sf_send_answer_text(enum sf_send_answer answer)
{
	switch (answer) {
		SF_SEND_ANSWER_LIST(X)
	case SF_SEND_NONE:
		break;
	}
	return "unknown";
}

#undef X

/* The operation inside a oneof: its number is the number of its field. */
static const void *operation(const ProtobufCMessage *message, unsigned number)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field(message->descriptor, number);
	const void *nested = NULL;
	memcpy(&nested, (const char *)message + field->offset, sizeof(nested));
	return nested;
}

static enum sf_err unpack(const ProtobufCMessageDescriptor *descriptor, struct sf_view bytes,
	struct sf_arena *arena, void **ret_message, struct sf_diag *diag)
{
	if (bytes.size > SF_LOCAL_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", SF_LOCAL_SIZE_MAX);
		return SF_ERR_LIMIT;
	}
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, arena);
	return sf_proto_unpack(descriptor, bytes, &allocator, ret_message, diag);
}

static enum sf_err read_asker(
	const Stafet__V1__Request *in, struct sf_asker *asker, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(in->reader_role, 0, SF_READER_SYSTEM, "reader_role", diag);
	if (!err)
		err = sf_field_range(in->purpose, 0, SF_PURPOSE_LAW, "purpose", diag);
	asker->account = "";
	asker->role = (enum sf_reader_role)in->reader_role;
	asker->purpose = (enum sf_purpose)in->purpose;
	return err;
}

enum sf_err sf_local_request_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_request *ret_request, struct sf_diag *diag)
{
	void *unpacked = NULL;
	struct sf_request request = {.kind = SF_REQUEST_NONE};
	enum sf_err err = unpack(&stafet__v1__request__descriptor, bytes, arena, &unpacked, diag);
	const Stafet__V1__Request *in = unpacked;
	const struct sf_mirror *mirror = NULL;
	if (!err) {
		mirror = sf_local_request_mirror(in->request_case);
		if (!mirror || in->base.n_unknown_fields > 0) {
			sf_diag_set(diag, "an operation that this version does not know");
			err = SF_ERR_UNSUPPORTED;
		}
	}
	if (!err) {
		request.kind = (enum sf_request_kind)in->request_case;
		err = sf_mirror_read(mirror, operation(&in->base, in->request_case), arena, true,
			&request.send, diag);
	}
	if (!err)
		err = read_asker(in, &request.asker, diag);
	if (!err)
		err = sf_local_request_check(&request, diag);
	if (err) {
		sf_diag_prefix(diag, "local request");
		return err;
	}
	*ret_request = request;
	return SF_OK;
}

enum sf_err sf_local_reply_decode(struct sf_view bytes, struct sf_arena *arena,
	struct sf_reply *ret_reply, struct sf_diag *diag)
{
	void *unpacked = NULL;
	struct sf_reply reply = {.kind = SF_REPLY_DONE};
	enum sf_err err = unpack(&stafet__v1__reply__descriptor, bytes, arena, &unpacked, diag);
	const Stafet__V1__Reply *in = unpacked;
	if (!err)
		err = sf_field_range(in->error, 0, ERROR_NUMBER_MAX, "error", diag);
	if (!err && !sf_utf8_valid(sf_view_text(in->text))) {
		sf_diag_set(diag, "text is not UTF-8");
		err = SF_ERR_FORMAT;
	}
	if (!err) {
		reply.err = (enum sf_err)(-(int)in->error);
		reply.refusal = in->refusal;
		reply.text = in->text;
		const struct sf_mirror *mirror = sf_local_reply_mirror(in->reply_case);
		if (mirror) {
			reply.kind = (enum sf_reply_kind)in->reply_case;
			err = sf_mirror_read(mirror, operation(&in->base, in->reply_case), arena,
				false, &reply.sent, diag);
		}
	}
	if (err) {
		sf_diag_prefix(diag, "local reply");
		return err;
	}
	*ret_reply = reply;
	return SF_OK;
}

/* Puts the mirrored operation into the oneof that kind names. */
static enum sf_err write_operation(const struct sf_mirror *mirror, const void *from,
	ProtobufCMessage *message, unsigned number, struct sf_arena *work)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field(message->descriptor, number);
	ProtobufCMessage *nested = sf_mirror_write(mirror, from, work);
	if (!nested)
		return SF_ERR_LIMIT;
	memcpy((char *)message + field->quantifier_offset, &number, sizeof(number));
	memcpy((char *)message + field->offset, &nested, sizeof(nested));
	return SF_OK;
}

static enum sf_err pack(const ProtobufCMessage *message, struct sf_buf *buf)
{
	if (protobuf_c_message_get_packed_size(message) > SF_LOCAL_SIZE_MAX)
		return SF_ERR_LIMIT;
	return sf_proto_pack(message, buf);
}

enum sf_err sf_local_request_encode(const struct sf_request *request, struct sf_buf *buf)
{
	const struct sf_mirror *mirror = sf_local_request_mirror(request->kind);
	if (!mirror)
		return SF_ERR_USAGE;
	struct sf_arena work;
	sf_arena_init(&work, WORK_SIZE_MAX);
	Stafet__V1__Request out = STAFET__V1__REQUEST__INIT;
	out.reader_role = request->asker.role;
	out.purpose = request->asker.purpose;
	enum sf_err err = write_operation(mirror, &request->send, &out.base, request->kind, &work);
	if (!err)
		err = pack(&out.base, buf);
	sf_arena_fini(&work);
	return err;
}

enum sf_err sf_local_reply_encode(const struct sf_reply *reply, struct sf_buf *buf)
{
	const struct sf_mirror *mirror = sf_local_reply_mirror(reply->kind);
	if (!mirror && reply->kind != SF_REPLY_DONE)
		return SF_ERR_USAGE;
	struct sf_arena work;
	sf_arena_init(&work, WORK_SIZE_MAX);
	Stafet__V1__Reply out = STAFET__V1__REPLY__INIT;
	out.error = (uint32_t)(-(int)reply->err);
	out.refusal = reply->refusal;
	out.text = sf_field_of_text(reply->text);
	enum sf_err err = SF_OK;
	if (mirror)
		err = write_operation(mirror, &reply->sent, &out.base, reply->kind, &work);
	if (!err)
		err = pack(&out.base, buf);
	sf_arena_fini(&work);
	return err;
}

bool sf_local_request_waits(
	const struct sf_request *request, const struct sf_reply *reply, uint32_t *ret_wait_ms)
{
	uint32_t wait_ms = 0;
	if (request->kind == SF_REQUEST_INBOX && reply->kind == SF_REPLY_INBOX &&
		reply->inbox.row_count == 0)
		wait_ms = request->inbox.wait_ms;
	if (request->kind == SF_REQUEST_FEED && reply->kind == SF_REPLY_FEED &&
		reply->feed.row_count == 0)
		wait_ms = request->feed.wait_ms;
	if (request->kind == SF_REQUEST_LOG && reply->kind == SF_REPLY_LOG &&
		reply->log.size <= request->log.after_size)
		wait_ms = request->log.wait_ms;
	if (request->kind == SF_REQUEST_HANDOUT && reply->kind == SF_REPLY_HANDOUT &&
		reply->handout.row_count == 0 && reply->handout.version == request->handout.seen)
		wait_ms = request->handout.wait_ms;
	if (request->kind == SF_REQUEST_ENDED && reply->kind == SF_REPLY_ENDED &&
		reply->ended.newest == request->ended.after)
		wait_ms = request->ended.wait_ms;
	if (wait_ms == 0 || reply->err != SF_OK)
		return false;
	*ret_wait_ms = wait_ms > SF_LOCAL_WAIT_MS_MAX ? SF_LOCAL_WAIT_MS_MAX : wait_ms;
	return true;
}
