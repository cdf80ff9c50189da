/*
 * Facts (proto/fact.proto): the bytes inside a message to struct sf_fact and back, for the kinds
 * that this version reads. Read as strictly as headers. Whether a fact makes sense is the core's
 * to say; here a code that no rule knows is SF_ERR_FORMAT.
 */
#ifndef SF_WIRE_FACT_H
#define SF_WIRE_FACT_H

#include "core/fact.h"

/* bytes of a kind that is not read are not looked into: ret_fact has the number alone. */
SF_MUST_USE enum sf_err sf_fact_decode(
	uint32_t kind, struct sf_view bytes, struct sf_fact *ret_fact, struct sf_diag *diag);
/* Appends nothing for a kind that is not read. */
SF_MUST_USE enum sf_err sf_fact_encode(const struct sf_fact *fact, struct sf_buf *buf);

#endif
