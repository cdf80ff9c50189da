#include <stdalign.h>

#include "frame.pb-c.h"
#include "wire/allocator.h"
#include "wire/field.h"
#include "wire/frame.h"
#include "wire/strict.h"
#include "wire/walk.h"

/* Receipts are signed, so they are read strictly and are never larger than this. */
#define RECEIPT_SIZE_MAX ((size_t)512)
#define SIGNED_SIZE_MAX (RECEIPT_SIZE_MAX + SF_DIGEST_SIZE * SF_BATCH_DEPTH_MAX + 128)
#define SIGNATURE_SIZE ((size_t)64)
#define PLACE_SIZE ((size_t)2048)
#define CODE_MAX 65535u /* 16 bits in the leaf (WIRE section 4) */

static enum sf_err read_receipt(
	const Stafet__V1__Receipt *in, struct sf_receipt *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id_or_none(in->message_id, "message_id", &out->message_id, diag);
	if (!err)
		err = sf_field_digest(in->digest, "digest", &out->digest, diag);
	if (!err)
		err = sf_field_digest(
			in->previous_head, "previous_head", &out->previous_head, diag);
	if (!err)
		err = sf_field_digest(in->r, "r", &out->r, diag);
	if (!err)
		err = sf_field_time(in->recorded_ms, "recorded_ms", diag);
	if (!err)
		err = sf_field_range(
			in->outcome, SF_OUTCOME_APPLIED, SF_OUTCOME_REFUSED, "outcome", diag);
	if (!err)
		err = sf_field_range(in->code, 0, CODE_MAX, "code", diag);
	if (!err)
		err = sf_field_range(
			in->kind_class, SF_CLASS_FACT, SF_CLASS_RESEND, "kind_class", diag);
	if (err)
		return err;
	out->epoch = in->epoch;
	out->leaf_index = in->leaf_index;
	out->recorded_ms = in->recorded_ms;
	out->sequence = in->transition_sequence;
	out->outcome = (enum sf_outcome)in->outcome;
	out->code = (uint16_t)in->code;
	out->kind_class = (enum sf_kind_class)in->kind_class;
	return SF_OK;
}

enum sf_err sf_receipt_decode(
	struct sf_view bytes, struct sf_receipt *ret_receipt, struct sf_diag *diag)
{
	static const struct sf_strict strict = {.count_max = 0};
	alignas(max_align_t) uint8_t place[PLACE_SIZE];
	struct sf_allocator allocator;
	sf_allocator_init_fixed(&allocator, place, sizeof(place));
	void *unpacked = NULL;
	struct sf_receipt receipt = {0};
	enum sf_err err = SF_OK;
	if (bytes.size > RECEIPT_SIZE_MAX) {
		sf_diag_set(diag, "larger than %zu bytes", RECEIPT_SIZE_MAX);
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_strict_check(&strict, &stafet__v1__receipt__descriptor, bytes, diag);
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__receipt__descriptor, bytes, &allocator, &unpacked, diag);
	if (!err)
		err = read_receipt(unpacked, &receipt, diag);
	if (err) {
		sf_diag_prefix(diag, "receipt");
		return err;
	}
	*ret_receipt = receipt;
	return SF_OK;
}

enum sf_err sf_receipt_encode(const struct sf_receipt *receipt, struct sf_buf *buf)
{
	Stafet__V1__Receipt out = STAFET__V1__RECEIPT__INIT;
	out.message_id = sf_field_of_id(&receipt->message_id);
	out.digest = sf_field_of_whole_digest(&receipt->digest);
	out.epoch = receipt->epoch;
	out.leaf_index = receipt->leaf_index;
	out.recorded_ms = receipt->recorded_ms;
	out.transition_sequence = receipt->sequence;
	out.previous_head = sf_field_of_whole_digest(&receipt->previous_head);
	out.r = sf_field_of_whole_digest(&receipt->r);
	out.outcome = receipt->outcome;
	out.code = receipt->code;
	out.kind_class = receipt->kind_class;
	return sf_proto_pack(&out.base, buf);
}

/* proto/frame.proto, SignedReceipt. */
enum {
	SIGNED_RECEIPT = 1,
	SIGNED_INDEX = 2,
	SIGNED_COUNT = 3,
	SIGNED_PATH = 4,
	SIGNED_SIGNATURE = 5,
};

/* Of bytes that passed the strict check. */
static uint64_t find_number(struct sf_view bytes, uint32_t number)
{
	struct sf_reader reader = {.rest = bytes};
	struct sf_walk_field field;
	while (reader.rest.size > 0 && sf_walk_next(&reader, &field) == SF_OK)
		if (field.number == number && field.type == SF_WALK_VARINT)
			return field.value;
	return 0;
}

enum sf_err sf_signed_receipt_decode(
	struct sf_view bytes, struct sf_signed_receipt *ret_receipt, struct sf_diag *diag)
{
	static const struct sf_strict strict = {.count_max = 0};
	enum sf_err err = bytes.size > SIGNED_SIZE_MAX ? SF_ERR_FORMAT : SF_OK;
	if (!err)
		err = sf_strict_check(
			&strict, &stafet__v1__signed_receipt__descriptor, bytes, diag);
	if (err)
		return err;
	uint64_t index = find_number(bytes, SIGNED_INDEX), count = find_number(bytes, SIGNED_COUNT);
	const struct sf_signed_receipt receipt = {
		.receipt = sf_strict_find(bytes, SIGNED_RECEIPT),
		.index = (uint16_t)index,
		.count = (uint16_t)count,
		.path = sf_strict_find(bytes, SIGNED_PATH),
		.signature = sf_strict_find(bytes, SIGNED_SIGNATURE),
	};
	if (receipt.receipt.size == 0 || receipt.signature.size != SIGNATURE_SIZE ||
		receipt.path.size % SF_DIGEST_SIZE != 0 || count < 1 ||
		count > SF_BATCH_COUNT_MAX || index >= count) {
		sf_diag_set(diag, "signed receipt: receipt, place, path or signature cannot be");
		return SF_ERR_FORMAT;
	}
	*ret_receipt = receipt;
	return SF_OK;
}

enum sf_err sf_signed_receipt_encode(const struct sf_signed_receipt *receipt, struct sf_buf *buf)
{
	Stafet__V1__SignedReceipt out = STAFET__V1__SIGNED_RECEIPT__INIT;
	out.receipt = sf_field_of_view(receipt->receipt);
	out.index = receipt->index;
	out.count = receipt->count;
	out.path = sf_field_of_view(receipt->path);
	out.signature = sf_field_of_view(receipt->signature);
	return sf_proto_pack(&out.base, buf);
}
