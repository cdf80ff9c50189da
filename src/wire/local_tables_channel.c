#include "wire/local_tables.h"

/* Rows about ways in and out, and about attachments: local_channel.h, local_attachment.h. */

#define MIRROR(table, record)                                                                      \
	const struct sf_mirror sf_##table##_mirror = SF_MIRROR_OF(table, record)

/* clang-format off */

static const struct sf_mirror_field channel_row_fields[] = {
	SF_FIELD(TEXT, sf_channel_row, name),
	SF_FIELD(U32, sf_channel_row, kind),
	SF_FIELD(BOOL, sf_channel_row, paused),
	SF_FIELD(U64, sf_channel_row, received),
	SF_FIELD(U64, sf_channel_row, filtered),
	SF_FIELD(U64, sf_channel_row, queued),
	SF_FIELD(U64, sf_channel_row, sent),
	SF_FIELD(U64, sf_channel_row, errored),
	SF_FIELD(I64, sf_channel_row, last_ms),
	SF_FIELD(U32, sf_channel_row, fault),
	SF_FIELD(TEXT, sf_channel_row, url),
	SF_FIELD(U64, sf_channel_row, events),
	SF_FIELD(I64, sf_channel_row, created_ms),
	SF_FIELD(U64, sf_channel_row, aside),
};
MIRROR(channel_row, sf_channel_row);

static const struct sf_mirror_field aside_row_fields[] = {
	SF_FIELD(U64, sf_aside_row, cursor),
	SF_FIELD(TEXT, sf_aside_row, channel),
	SF_FIELD(ID, sf_aside_row, message),
	SF_FIELD(ID, sf_aside_row, transition),
	SF_FIELD(ID, sf_aside_row, party),
	SF_FIELD(TEXT, sf_aside_row, party_name),
	SF_FIELD(U32, sf_aside_row, refusals),
	SF_FIELD(I64, sf_aside_row, at_ms),
};
MIRROR(aside_row, sf_aside_row);

static const struct sf_mirror_field step_row_fields[] = {
	SF_FIELD(I64, sf_step_row, at_ms),
	SF_FIELD(TEXT, sf_step_row, step),
	SF_FIELD(TEXT, sf_step_row, channel),
	SF_FIELD(ID, sf_step_row, party),
	SF_FIELD(TEXT, sf_step_row, party_name),
	SF_FIELD(TEXT, sf_step_row, detail),
};
MIRROR(step_row, sf_step_row);

static const struct sf_mirror_field attachment_row_fields[] = {
	SF_FIELD(U32, sf_attachment_row, number),
	SF_FIELD(TEXT, sf_attachment_row, name),
	SF_FIELD(TEXT, sf_attachment_row, content_type),
	SF_FIELD(U64, sf_attachment_row, size),
	SF_FIELD(U64, sf_attachment_row, moved),
	SF_FIELD(U32, sf_attachment_row, state),
};
MIRROR(attachment_row, sf_attachment_row);

/* clang-format on */
