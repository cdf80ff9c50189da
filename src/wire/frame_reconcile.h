/*
 * The daily comparison of views. Private to src/wire/.
 */
#ifndef SF_WIRE_FRAME_RECONCILE_H
#define SF_WIRE_FRAME_RECONCILE_H

#include "frame.pb-c.h"
#include "wire/frame.h"

/* in has a reconcile; rows are read into arena. */
SF_MUST_USE enum sf_err sf_reconcile_read(const Stafet__V1__Frame *in, struct sf_arena *arena,
	struct sf_frame *out, struct sf_diag *diag);
/* Borrows from in; rows stand in work. SF_ERR_LIMIT. */
SF_MUST_USE enum sf_err sf_reconcile_write(
	const struct sf_frame *in, struct sf_arena *work, Stafet__V1__Reconcile *ret_reconcile);

#endif
