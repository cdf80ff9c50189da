#include "wire/frame_log.h"

#include "wire/field.h"

/* A signed note with the cosignatures of a region. */
#define NOTE_SIZE_MAX ((size_t)65536)
#define LINE_SIZE_MAX ((size_t)512)

static enum sf_err read_bytes(const ProtobufCBinaryData *in, size_t size_max, const char *name,
	struct sf_view *ret_view, struct sf_diag *diag)
{
	*ret_view = sf_field_view(*in);
	if (ret_view->size <= size_max)
		return SF_OK;
	sf_diag_set(diag, "%s: more than %zu bytes", name, size_max);
	return SF_ERR_LIMIT;
}

static enum sf_err read_path(
	const ProtobufCBinaryData *in, struct sf_view *ret_path, struct sf_diag *diag)
{
	enum sf_err err = read_bytes(in, SF_FRAME_PATH_SIZE_MAX, "path", ret_path, diag);
	if (err || ret_path->size % SF_DIGEST_SIZE == 0)
		return err;
	sf_diag_set(diag, "path is not a whole number of hashes");
	return SF_ERR_FORMAT;
}

/* Stores count in int64_t. */
static enum sf_err read_size(uint64_t size, const char *name, struct sf_diag *diag)
{
	return sf_field_range(size, 0, INT64_MAX, name, diag);
}

enum sf_err sf_frame_checkpoint_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	const Stafet__V1__Checkpoint *checkpoint = in->checkpoint;
	struct sf_frame_log *log = &out->log;
	enum sf_err err = read_bytes(&checkpoint->note, NOTE_SIZE_MAX, "note", &log->note, diag);
	if (!err)
		err = read_bytes(
			&checkpoint->witnessed, NOTE_SIZE_MAX, "witnessed", &log->witnessed, diag);
	if (!err)
		err = read_path(&checkpoint->path, &log->path, diag);
	if (!err)
		err = read_size(checkpoint->from_size, "from_size", diag);
	log->from_size = checkpoint->from_size;
	return err;
}

enum sf_err sf_frame_cosign_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	const Stafet__V1__Cosign *cosign = in->cosign;
	struct sf_frame_log *log = &out->log;
	log->epoch = cosign->epoch;
	log->size = cosign->size;
	enum sf_err err = read_size(cosign->size, "size", diag);
	return err ? err : read_bytes(&cosign->line, LINE_SIZE_MAX, "line", &log->line, diag);
}

static enum sf_err read_inclusions(const Stafet__V1__Proof *proof, struct sf_arena *arena,
	struct sf_frame_log *log, struct sf_diag *diag)
{
	struct sf_inclusion *inclusions =
		sf_arena_take_many(arena, proof->n_inclusions, sizeof(*inclusions));
	if (!inclusions)
		return SF_ERR_LIMIT;
	enum sf_err err = SF_OK;
	for (size_t i = 0; i < proof->n_inclusions && !err; i++) {
		inclusions[i].index = proof->inclusions[i]->index;
		err = read_size(inclusions[i].index, "index", diag);
		if (!err)
			err = read_path(&proof->inclusions[i]->path, &inclusions[i].path, diag);
	}
	log->inclusion_count = proof->n_inclusions;
	log->inclusions = inclusions;
	return err;
}

enum sf_err sf_frame_proof_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	const Stafet__V1__Proof *proof = in->proof;
	struct sf_frame_log *log = &out->log;
	log->epoch = proof->epoch;
	log->size = proof->size;
	enum sf_err err = read_size(proof->size, "size", diag);
	if (!err)
		err = sf_field_range(
			proof->n_indexes, 0, SF_FRAME_ITEM_COUNT_MAX, "number of indexes", diag);
	if (!err)
		err = sf_field_range(proof->n_inclusions, 0, SF_FRAME_ITEM_COUNT_MAX,
			"number of inclusions", diag);
	for (size_t i = 0; !err && i < proof->n_indexes; i++)
		err = read_size(proof->indexes[i], "index", diag);
	log->index_count = proof->n_indexes;
	log->indexes = proof->indexes;
	return err ? err : read_inclusions(proof, arena, log, diag);
}

enum sf_err sf_frame_consistency_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	(void)arena;
	const Stafet__V1__Consistency *consistency = in->consistency;
	struct sf_frame_log *log = &out->log;
	log->epoch = consistency->epoch;
	log->from_size = consistency->from_size;
	log->size = consistency->size;
	log->reply = consistency->reply;
	enum sf_err err = read_size(consistency->from_size, "from_size", diag);
	if (!err)
		err = read_size(consistency->size, "size", diag);
	return err ? err : read_path(&consistency->path, &log->path, diag);
}

enum sf_err sf_frame_checkpoint_write(
	const struct sf_frame_log *in, Stafet__V1__Checkpoint *ret_checkpoint)
{
	Stafet__V1__Checkpoint out = STAFET__V1__CHECKPOINT__INIT;
	if (in->note.size > NOTE_SIZE_MAX || in->witnessed.size > NOTE_SIZE_MAX)
		return SF_ERR_LIMIT;
	out.note = sf_field_of_view(in->note);
	out.from_size = in->from_size;
	out.path = sf_field_of_view(in->path);
	out.witnessed = sf_field_of_view(in->witnessed);
	*ret_checkpoint = out;
	return SF_OK;
}

enum sf_err sf_frame_proof_write(
	const struct sf_frame_log *in, struct sf_arena *work, Stafet__V1__Proof *ret_proof)
{
	Stafet__V1__Proof out = STAFET__V1__PROOF__INIT;
	if (in->index_count > SF_FRAME_ITEM_COUNT_MAX ||
		in->inclusion_count > SF_FRAME_ITEM_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__Inclusion *inclusions =
		sf_arena_take_many(work, in->inclusion_count, sizeof(*inclusions));
	out.inclusions = sf_arena_take_many(work, in->inclusion_count, sizeof(*out.inclusions));
	if (!inclusions || !out.inclusions)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->inclusion_count; i++) {
		stafet__v1__inclusion__init(&inclusions[i]);
		inclusions[i].index = in->inclusions[i].index;
		inclusions[i].path = sf_field_of_view(in->inclusions[i].path);
		out.inclusions[i] = &inclusions[i];
	}
	out.n_inclusions = in->inclusion_count;
	out.epoch = in->epoch;
	out.size = in->size;
	out.n_indexes = in->index_count;
	/* protobuf-c has no const; packing only reads. */
	out.indexes = (uint64_t *)in->indexes;
	*ret_proof = out;
	return SF_OK;
}
