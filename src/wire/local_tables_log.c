#include "wire/local_tables.h"

/* Rows about the log: local_log.h. */

#define MIRROR(table, record)                                                                      \
	const struct sf_mirror sf_##table##_mirror = SF_MIRROR_OF(table, record)

/* clang-format off */

static const struct sf_mirror_field cosigner_row_fields[] = {
	SF_FIELD(ID, sf_cosigner_row, party),
	SF_FIELD(TEXT, sf_cosigner_row, name),
	SF_FIELD(U32, sf_cosigner_row, role),
	SF_FIELD(U32, sf_cosigner_row, epoch),
	SF_FIELD(U64, sf_cosigner_row, size),
	SF_FIELD(I64, sf_cosigner_row, at_ms),
};
MIRROR(cosigner_row, sf_cosigner_row);

static const struct sf_mirror_field contradiction_row_fields[] = {
	SF_FIELD(U64, sf_contradiction_row, cursor),
	SF_FIELD(I64, sf_contradiction_row, at_ms),
	SF_FIELD(U32, sf_contradiction_row, kind),
	SF_FIELD(U32, sf_contradiction_row, epoch),
	SF_FIELD(U64, sf_contradiction_row, size),
	SF_FIELD(BYTES, sf_contradiction_row, note),
	SF_FIELD(BYTES, sf_contradiction_row, other),
	SF_FIELD(ID, sf_contradiction_row, party),
	SF_FIELD(TEXT, sf_contradiction_row, party_name),
};
MIRROR(contradiction_row, sf_contradiction_row);

static const struct sf_mirror_field erased_row_fields[] = {
	SF_FIELD(TEXT, sf_erased_row, what),
	SF_FIELD(U64, sf_erased_row, count),
	SF_FIELD(U64, sf_erased_row, size),
};
MIRROR(erased_row, sf_erased_row);

static const struct sf_mirror_field asked_row_fields[] = {
	SF_FIELD(ID, sf_asked_row, party),
	SF_FIELD(TEXT, sf_asked_row, name),
	SF_FIELD(U32, sf_asked_row, role),
};
MIRROR(asked_row, sf_asked_row);

static const struct sf_mirror_field access_row_fields[] = {
	SF_FIELD(U64, sf_access_row, cursor),
	SF_FIELD(I64, sf_access_row, at_ms),
	SF_FIELD(TEXT, sf_access_row, account),
	SF_FIELD(ID, sf_access_row, reader),
	SF_FIELD(U32, sf_access_row, role),
	SF_FIELD(U32, sf_access_row, purpose),
	SF_FIELD(TEXT, sf_access_row, what),
	SF_FIELD(ID, sf_access_row, transition),
	SF_FIELD(ID, sf_access_row, message),
};
MIRROR(access_row, sf_access_row);

/* clang-format on */
