#include "wire/frame_reconcile.h"

#include <string.h>

#include "wire/field.h"

static enum sf_err read_row(
	const Stafet__V1__ReconcileRow *in, struct sf_reconcile_row *out, struct sf_diag *diag)
{
	enum sf_err err = sf_field_id(in->transition, "transition", &out->transition, diag);
	if (!err)
		err = sf_field_digest(in->summary, "summary", &out->summary, diag);
	/* Stores count in int64_t. */
	if (!err)
		err = sf_field_range(in->sequence, 0, INT64_MAX, "sequence", diag);
	out->sequence = in->sequence;
	return err;
}

/* Both sides walk their rows side by side, so they are in order and each stands once. */
static enum sf_err read_rows(
	const Stafet__V1__Reconcile *in, struct sf_reconcile_row *rows, struct sf_diag *diag)
{
	for (size_t i = 0; i < in->n_rows; i++) {
		enum sf_err err = read_row(in->rows[i], &rows[i], diag);
		if (!err && i > 0 &&
			memcmp(rows[i - 1].transition.bytes, rows[i].transition.bytes,
				sizeof(rows[i].transition.bytes)) >= 0) {
			sf_diag_set(diag, "rows are not in order");
			err = SF_ERR_FORMAT;
		}
		if (err)
			return err;
	}
	return SF_OK;
}

enum sf_err sf_reconcile_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag)
{
	const Stafet__V1__Reconcile *reconcile = in->reconcile;
	enum sf_err err =
		sf_field_digest_or_none(reconcile->digest, "digest", &out->reconcile_digest, diag);
	if (err)
		return err;
	if (reconcile->n_rows > SF_RECONCILE_ROW_COUNT_MAX) {
		sf_diag_set(diag, "rows: more than %zu", SF_RECONCILE_ROW_COUNT_MAX);
		return SF_ERR_LIMIT;
	}
	struct sf_reconcile_row *rows = sf_arena_take_many(arena, reconcile->n_rows, sizeof(*rows));
	if (!rows)
		return SF_ERR_LIMIT;
	err = read_rows(reconcile, rows, diag);
	out->reconcile_count = reconcile->count;
	out->want_rows = reconcile->want_rows;
	out->count = reconcile->n_rows;
	out->reconcile_rows = rows;
	return err;
}

enum sf_err sf_reconcile_write(
	const struct sf_frame *in, struct sf_arena *work, Stafet__V1__Reconcile *ret_reconcile)
{
	Stafet__V1__Reconcile out = STAFET__V1__RECONCILE__INIT;
	if (in->count > SF_RECONCILE_ROW_COUNT_MAX)
		return SF_ERR_LIMIT;
	Stafet__V1__ReconcileRow *rows = sf_arena_take_many(work, in->count, sizeof(*rows));
	out.rows = sf_arena_take_many(work, in->count, sizeof(*out.rows));
	if (!rows || !out.rows)
		return SF_ERR_LIMIT;
	for (size_t i = 0; i < in->count; i++) {
		stafet__v1__reconcile_row__init(&rows[i]);
		rows[i].transition = sf_field_of_id(&in->reconcile_rows[i].transition);
		rows[i].sequence = in->reconcile_rows[i].sequence;
		rows[i].summary = sf_field_of_whole_digest(&in->reconcile_rows[i].summary);
		out.rows[i] = &rows[i];
	}
	out.n_rows = in->count;
	out.digest = sf_field_of_digest(&in->reconcile_digest);
	out.count = in->reconcile_count;
	out.want_rows = in->want_rows;
	*ret_reconcile = out;
	return SF_OK;
}
