/*
 * The structs of local.h as tables: which protobuf message mirrors which struct. Private to
 * src/wire/.
 */
#ifndef SF_WIRE_LOCAL_TABLES_H
#define SF_WIRE_LOCAL_TABLES_H

#include "wire/local.h"
#include "wire/mirror.h"

/* NULL for a kind that has none. */
const struct sf_mirror *sf_local_request_mirror(size_t kind);
const struct sf_mirror *sf_local_reply_mirror(size_t kind);

#endif
