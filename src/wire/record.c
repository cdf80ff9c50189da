#include "wire/record.h"

#include <stdalign.h>
#include <string.h>

#include "directory.pb-c.h"
#include "wire/allocator.h"
#include "wire/field.h"
#include "wire/strict.h"

/* Signatures around one record. */
#define FRAMING_SIZE_MAX ((size_t)2048)

static enum sf_err read_signature(const Stafet__V1__Signature *in,
	struct sf_record_signature *ret_signature, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->key_id, "key_id", &ret_signature->key_id, diag);
	if (err)
		return err;
	if (in->signature.len != sizeof(ret_signature->signature)) {
		sf_diag_set(diag, "signature is not 64 bytes");
		return SF_ERR_FORMAT;
	}
	memcpy(ret_signature->signature, in->signature.data, sizeof(ret_signature->signature));
	return SF_OK;
}

/* Two signatures of one key would count twice towards a threshold. */
static enum sf_err read_signatures(
	const Stafet__V1__SignedRecord *in, struct sf_signed_record *out, struct sf_diag *diag)
{
	for (size_t i = 0; i < in->n_signatures; i++) {
		struct sf_record_signature *signature = &out->signatures[i];
		enum sf_err err = read_signature(in->signatures[i], signature, diag);
		if (err)
			return err;
		for (size_t j = 0; j < i; j++) {
			if (sf_id_equal(signature->key_id, out->signatures[j].key_id)) {
				sf_diag_set(diag, "signatures: two of one key");
				return SF_ERR_FORMAT;
			}
		}
		out->signature_count++;
	}
	if (!in->succession)
		return SF_OK;
	out->has_succession = true;
	return read_signature(in->succession, &out->succession, diag);
}

enum sf_err sf_signed_record_decode(
	struct sf_view bytes, struct sf_signed_record *ret_record, struct sf_diag *diag)
{
	static const struct sf_strict strict = {.count_max = SF_RECORD_SIGNATURES_MAX};
	struct sf_signed_record record = {0};
	void *unpacked = NULL;
	struct sf_arena arena;
	sf_arena_init(&arena, 2 * (SF_DIRECTORY_ENTRY_SIZE_MAX + FRAMING_SIZE_MAX));
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, &arena);
	enum sf_err err = SF_OK;
	if (bytes.size > SF_DIRECTORY_ENTRY_SIZE_MAX + FRAMING_SIZE_MAX) {
		sf_diag_set(diag, "too large");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_strict_check(&strict, &stafet__v1__signed_record__descriptor, bytes, diag);
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__signed_record__descriptor, bytes, &allocator, &unpacked, diag);
	if (!err)
		err = read_signatures(unpacked, &record, diag);
	sf_arena_fini(&arena);
	record.record = sf_strict_find(bytes, 1);
	if (!err && record.record.size == 0) {
		sf_diag_set(diag, "record is missing");
		err = SF_ERR_FORMAT;
	}
	if (err) {
		sf_diag_prefix(diag, "signed record");
		return err;
	}
	*ret_record = record;
	return SF_OK;
}

static void write_signature(const struct sf_record_signature *in, Stafet__V1__Signature *out)
{
	stafet__v1__signature__init(out);
	out->key_id = sf_field_of_id(&in->key_id);
	out->signature = sf_field_of_view(sf_view_of(in->signature, sizeof(in->signature)));
}

enum sf_err sf_signed_record_encode(const struct sf_signed_record *record, struct sf_buf *buf)
{
	if (record->signature_count > SF_RECORD_SIGNATURES_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Signature signatures[SF_RECORD_SIGNATURES_MAX];
	Stafet__V1__Signature *pointers[SF_RECORD_SIGNATURES_MAX];
	for (size_t i = 0; i < record->signature_count; i++) {
		write_signature(&record->signatures[i], &signatures[i]);
		pointers[i] = &signatures[i];
	}
	Stafet__V1__Signature succession;
	write_signature(&record->succession, &succession);
	Stafet__V1__SignedRecord out = STAFET__V1__SIGNED_RECORD__INIT;
	out.record = sf_field_of_view(record->record);
	out.n_signatures = record->signature_count;
	out.signatures = pointers;
	if (record->has_succession)
		out.succession = &succession;
	return sf_proto_pack(&out.base, buf);
}
