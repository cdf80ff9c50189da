#include "wire/epoch.h"

#include <string.h>

#include "epoch.pb-c.h"
#include "wire/allocator.h"
#include "wire/field.h"
#include "wire/strict.h"

static enum sf_err read_fields(
	const Stafet__V1__Epoch *in, struct sf_epoch *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(in->common_size, 1, INT64_MAX, "common_size", diag);
	if (!err)
		err = sf_field_range(
			in->directory_version, 1, INT64_MAX, "directory_version", diag);
	if (!err)
		err = sf_field_digest(
			in->directory_head, "directory_head", &out->directory_head, diag);
	if (!err)
		err = sf_field_time_said(in->made_ms, "made_ms", diag);
	if (err)
		return err;
	if (in->log_key.len != sizeof(out->log_key)) {
		sf_diag_set(diag, "log_key is not 32 bytes");
		return SF_ERR_FORMAT;
	}
	memcpy(out->log_key, in->log_key.data, sizeof(out->log_key));
	out->common_size = in->common_size;
	out->directory_version = in->directory_version;
	out->made_ms = in->made_ms;
	return SF_OK;
}

enum sf_err sf_epoch_decode(struct sf_view bytes, struct sf_epoch *ret_epoch, struct sf_diag *diag)
{
	static const struct sf_strict strict = {.count_max = 1};
	struct sf_epoch epoch = {.common_size = 0};
	void *unpacked = NULL;
	struct sf_arena arena;
	sf_arena_init(&arena, 4 * SF_EPOCH_SIZE_MAX);
	struct sf_allocator allocator;
	sf_allocator_init(&allocator, &arena);
	enum sf_err err = SF_OK;
	if (bytes.size > SF_EPOCH_SIZE_MAX) {
		sf_diag_set(diag, "too large");
		err = SF_ERR_FORMAT;
	}
	if (!err)
		err = sf_strict_check(&strict, &stafet__v1__epoch__descriptor, bytes, diag);
	if (!err)
		err = sf_proto_unpack(
			&stafet__v1__epoch__descriptor, bytes, &allocator, &unpacked, diag);
	if (!err)
		err = read_fields(unpacked, &epoch, diag);
	sf_arena_fini(&arena);
	epoch.old_origin = sf_strict_find(bytes, 1);
	epoch.old_note = sf_strict_find(bytes, 2);
	epoch.origin = sf_strict_find(bytes, 4);
	if (!err && (epoch.old_origin.size == 0 || epoch.old_note.size == 0 ||
			    epoch.origin.size == 0)) {
		sf_diag_set(diag, "an origin or the note is missing");
		err = SF_ERR_FORMAT;
	}
	if (err) {
		sf_diag_prefix(diag, "epoch record");
		return err;
	}
	*ret_epoch = epoch;
	return SF_OK;
}

enum sf_err sf_epoch_encode(const struct sf_epoch *epoch, struct sf_buf *buf)
{
	char origins[2][256];
	const struct sf_view texts[2] = {epoch->old_origin, epoch->origin};
	for (size_t i = 0; i < 2; i++) {
		if (texts[i].size >= sizeof(origins[i]))
			return SF_ERR_LIMIT;
		if (texts[i].size > 0)
			memcpy(origins[i], texts[i].data, texts[i].size);
		origins[i][texts[i].size] = '\0';
	}
	if (epoch->old_note.size > SF_EPOCH_SIZE_MAX - 2048)
		return SF_ERR_LIMIT;
	Stafet__V1__Epoch out = STAFET__V1__EPOCH__INIT;
	out.old_origin = origins[0];
	out.old_note = sf_field_of_view(epoch->old_note);
	out.common_size = epoch->common_size;
	out.origin = origins[1];
	out.log_key = sf_field_of_view(sf_view_of(epoch->log_key, sizeof(epoch->log_key)));
	out.directory_version = epoch->directory_version;
	out.directory_head = sf_field_of_whole_digest(&epoch->directory_head);
	out.made_ms = epoch->made_ms;
	return sf_proto_pack(&out.base, buf);
}
