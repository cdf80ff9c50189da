#include "wire/header.h"

#include <stdalign.h>

#include "envelope.pb-c.h"
#include "wire/allocator.h"
#include "wire/chunk.h"
#include "wire/fact.h"
#include "wire/field.h"
#include "wire/strict.h"

#define MESSAGE_FORMAT 1
/* A header of SF_HEADER_SIZE_MAX bytes unpacked: its copies, 32 recipients, the lists of fields. */
#define PLACE_SIZE ((size_t)16384)

static const struct sf_strict strict = {.count_max = SF_RECIPIENT_COUNT_MAX};

static enum sf_err read_copy_fields(
	const Stafet__V1__Header *in, struct sf_header *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->envelope_id, "envelope_id", &out->envelope_id, diag);
	if (!err)
		err = sf_field_time(in->sent_ms, "sent_ms", diag);
	if (!err)
		err = sf_field_time(in->expires_ms, "expires_ms", diag);
	if (!err)
		err = sf_field_digest_or_none(in->log_root, "log_root", &out->log_root, diag);
	if (!err)
		err = sf_field_digest_or_none(
			in->directory_head, "directory_head", &out->directory_head, diag);
	out->sent_ms = in->sent_ms;
	out->expires_ms = in->expires_ms;
	out->seen_epoch = in->seen_epoch;
	out->log_size = in->log_size;
	out->directory_version = in->directory_version;
	return err;
}

enum sf_err sf_header_decode(
	struct sf_view bytes, struct sf_header *ret_header, struct sf_diag *diag)
{
	if (bytes.size > SF_HEADER_SIZE_MAX) {
		sf_diag_set(diag, "header is larger than %zu bytes", SF_HEADER_SIZE_MAX);
		return SF_ERR_FORMAT;
	}
	enum sf_err err = sf_strict_check(&strict, &stafet__v1__header__descriptor, bytes, diag);
	alignas(max_align_t) uint8_t place[PLACE_SIZE];
	struct sf_allocator allocator;
	sf_allocator_init_fixed(&allocator, place, sizeof(place));
	void *message = NULL;
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__header__descriptor, bytes, &allocator, &message, diag);
	/* The bytes that the content id covers are where the author put them, not a copy. */
	struct sf_header header = {.message_bytes = sf_strict_find(bytes, 1)};
	if (!err)
		err = read_copy_fields(message, &header, diag);
	if (!err)
		err = sf_message_decode(header.message_bytes, &header.message, diag);
	if (err) {
		sf_diag_prefix(diag, "header");
		return err;
	}
	*ret_header = header;
	return SF_OK;
}

enum sf_err sf_header_encode(const struct sf_header *header, struct sf_buf *buf)
{
	Stafet__V1__Header out = STAFET__V1__HEADER__INIT;
	out.message = sf_field_of_view(header->message_bytes);
	out.envelope_id = sf_field_of_id(&header->envelope_id);
	out.sent_ms = header->sent_ms;
	out.expires_ms = header->expires_ms;
	out.seen_epoch = header->seen_epoch;
	out.log_size = header->log_size;
	out.log_root = sf_field_of_digest(&header->log_root);
	out.directory_version = header->directory_version;
	out.directory_head = sf_field_of_digest(&header->directory_head);
	return sf_proto_pack(&out.base, buf);
}

static enum sf_err read_recipients(
	const Stafet__V1__Message *in, struct sf_message *out, struct sf_diag *diag)
{
	if (in->n_recipients > SF_RECIPIENT_COUNT_MAX) {
		sf_diag_set(diag, "more than %zu recipients", SF_RECIPIENT_COUNT_MAX);
		return SF_ERR_FORMAT;
	}
	for (size_t i = 0; i < in->n_recipients; i++) {
		struct sf_id *recipient = &out->recipients[i];
		enum sf_err err = sf_field_id(in->recipients[i], "recipients", recipient, diag);
		if (err)
			return err;
		bool again = sf_id_equal(*recipient, out->author);
		for (size_t j = 0; j < i && !again; j++)
			again = sf_id_equal(*recipient, out->recipients[j]);
		if (again) {
			sf_diag_set(diag, "recipients: a party twice, or the author");
			return SF_ERR_FORMAT;
		}
		out->recipient_count++;
	}
	return SF_OK;
}

/* They belong to a body, whose recipients get their keys. */
static enum sf_err read_attachments(
	const Stafet__V1__Message *in, struct sf_message *out, struct sf_diag *diag)
{
	if (in->n_attachments > SF_ATTACHMENT_COUNT_MAX ||
		(in->n_attachments > 0 && sf_digest_is_none(&out->body_commitment))) {
		sf_diag_set(diag, "attachments: more than %zu, or without a body",
			SF_ATTACHMENT_COUNT_MAX);
		return SF_ERR_FORMAT;
	}
	for (size_t i = 0; i < in->n_attachments; i++) {
		struct sf_attachment *attachment = &out->attachments[i];
		enum sf_err err = sf_field_digest(
			in->attachments[i]->digest, "attachment digest", &attachment->digest, diag);
		if (err)
			return err;
		attachment->size = in->attachments[i]->size;
		if (sf_chunk_count(attachment->size) == 0) {
			sf_diag_set(diag, "attachment size is none that can be");
			return SF_ERR_FORMAT;
		}
		out->attachment_count++;
	}
	return SF_OK;
}

static enum sf_err read_ids(
	const Stafet__V1__Message *in, struct sf_message *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->message_id, "message_id", &out->id, diag);
	if (!err)
		err = sf_field_id_or_none(
			in->transition_id, "transition_id", &out->transition, diag);
	if (!err)
		err = sf_field_id(in->author, "author", &out->author, diag);
	if (!err)
		err = read_recipients(in, out, diag);
	if (!err)
		err = sf_field_id_or_none(in->in_reply_to, "in_reply_to", &out->in_reply_to, diag);
	if (!err)
		err = sf_field_id_or_none(in->supersedes, "supersedes", &out->supersedes, diag);
	return err;
}

/* Acknowledgements have no author sequence, everything else that we read has one (WIRE section 1).
 */
static enum sf_err check_sequence(const struct sf_message *message, struct sf_diag *diag)
{
	bool is_ack = message->fact.kind == SF_KIND_ACKNOWLEDGEMENT;
	bool wrong = is_ack ? message->author_sequence != 0
			    : sf_kind_is_read(message->fact.kind) && message->author_sequence == 0;
	/* Stores count in int64_t. */
	if (!wrong && message->author_sequence <= INT64_MAX)
		return SF_OK;
	sf_diag_set(diag, wrong ? "author_sequence does not go with the kind"
				: "author_sequence is too large");
	return SF_ERR_FORMAT;
}

/*
 * Facts about an agreement and operational statements belong to no transition; what the coordinator
 * derives always does, and so does what parties say of a patient. An acknowledgement belongs where
 * its message does.
 *
 * Who may say which kind, and that what is derived comes without slots and under the coordinator
 * identity, is judged by the engines: a header knows neither the author's role nor the slots.
 */
static enum sf_err check_transition(const struct sf_message *message, struct sf_diag *diag)
{
	uint32_t kind = message->fact.kind;
	bool alone = sf_kind_is_of_agreement(kind) || sf_kind_is_statement(kind);
	if (!sf_kind_is_read(kind) || kind == SF_KIND_ACKNOWLEDGEMENT ||
		alone == sf_id_is_none(message->transition))
		return SF_OK;
	sf_diag_set(diag, "transition_id does not go with the kind");
	return SF_ERR_FORMAT;
}

static enum sf_err read_message(
	const Stafet__V1__Message *in, struct sf_message *out, struct sf_diag *diag)
{
	enum sf_err err =
		sf_field_range(in->format, MESSAGE_FORMAT, MESSAGE_FORMAT, "format", diag);
	if (!err)
		err = sf_field_range(in->kind, 1, UINT32_MAX, "kind", diag);
	if (!err)
		err = read_ids(in, out, diag);
	if (!err)
		err = sf_field_time(in->occurred_ms, "occurred_ms", diag);
	if (!err)
		err = sf_field_time(in->created_ms, "created_ms", diag);
	if (!err)
		err = sf_field_digest_or_none(
			in->body_commitment, "body_commitment", &out->body_commitment, diag);
	if (!err)
		err = read_attachments(in, out, diag);
	if (!err)
		err = sf_field_digest_or_none(in->seen_head, "seen_head", &out->seen_head, diag);
	if (!err)
		err = sf_fact_decode(in->kind, sf_field_view(in->fact), &out->fact, diag);
	out->format = in->format;
	out->author_sequence = in->author_sequence;
	out->occurred_ms = in->occurred_ms;
	out->created_ms = in->created_ms;
	out->seen_sequence = in->seen_sequence;
	if (!err)
		err = check_sequence(out, diag);
	return err ? err : check_transition(out, diag);
}

enum sf_err sf_message_decode(
	struct sf_view bytes, struct sf_message *ret_message, struct sf_diag *diag)
{
	if (bytes.size > SF_HEADER_SIZE_MAX) {
		sf_diag_set(diag, "message is larger than %zu bytes", SF_HEADER_SIZE_MAX);
		return SF_ERR_FORMAT;
	}
	enum sf_err err = sf_strict_check(&strict, &stafet__v1__message__descriptor, bytes, diag);
	alignas(max_align_t) uint8_t place[PLACE_SIZE];
	struct sf_allocator allocator;
	sf_allocator_init_fixed(&allocator, place, sizeof(place));
	void *unpacked = NULL;
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__message__descriptor, bytes, &allocator, &unpacked, diag);
	struct sf_message message = {0};
	if (!err)
		err = read_message(unpacked, &message, diag);
	if (err) {
		sf_diag_prefix(diag, "message");
		return err;
	}
	*ret_message = message;
	return SF_OK;
}

enum sf_err sf_message_encode(const struct sf_message *message, struct sf_buf *buf)
{
	if (message->recipient_count > SF_RECIPIENT_COUNT_MAX ||
		message->attachment_count > SF_ATTACHMENT_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Attachment attachments[SF_ATTACHMENT_COUNT_MAX];
	Stafet__V1__Attachment *pointers[SF_ATTACHMENT_COUNT_MAX];
	for (size_t i = 0; i < message->attachment_count; i++) {
		stafet__v1__attachment__init(&attachments[i]);
		attachments[i].digest = sf_field_of_whole_digest(&message->attachments[i].digest);
		attachments[i].size = message->attachments[i].size;
		pointers[i] = &attachments[i];
	}
	ProtobufCBinaryData recipients[SF_RECIPIENT_COUNT_MAX];
	for (size_t i = 0; i < message->recipient_count; i++)
		recipients[i] = sf_field_of_id(&message->recipients[i]);
	struct sf_buf fact;
	sf_buf_init(&fact, SF_HEADER_SIZE_MAX);
	Stafet__V1__Message out = STAFET__V1__MESSAGE__INIT;
	enum sf_err err = sf_fact_encode(&message->fact, &fact);
	out.format = message->format;
	out.message_id = sf_field_of_id(&message->id);
	out.transition_id = sf_field_of_id(&message->transition);
	out.author = sf_field_of_id(&message->author);
	out.n_recipients = message->recipient_count;
	out.recipients = recipients;
	out.author_sequence = message->author_sequence;
	out.kind = message->fact.kind;
	out.fact = sf_field_of_view(sf_buf_view(&fact));
	out.occurred_ms = message->occurred_ms;
	out.created_ms = message->created_ms;
	out.in_reply_to = sf_field_of_id(&message->in_reply_to);
	out.supersedes = sf_field_of_id(&message->supersedes);
	out.body_commitment = sf_field_of_digest(&message->body_commitment);
	out.n_attachments = message->attachment_count;
	out.attachments = pointers;
	out.seen_sequence = message->seen_sequence;
	out.seen_head = sf_field_of_digest(&message->seen_head);
	if (!err)
		err = sf_proto_pack(&out.base, buf);
	sf_buf_fini(&fact);
	return err;
}
