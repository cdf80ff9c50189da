/*
 * The structs of local.h as tables: which protobuf message mirrors which struct. Private to
 * src/wire/.
 */
#ifndef SF_WIRE_LOCAL_TABLES_H
#define SF_WIRE_LOCAL_TABLES_H

#include "local.pb-c.h"
#include "wire/local.h"
#include "wire/mirror.h"

/* NULL for a kind that has none. */
const struct sf_mirror *sf_local_request_mirror(size_t kind);
const struct sf_mirror *sf_local_reply_mirror(size_t kind);

/* Rows that replies consist of: local_tables_row.c. */
extern const struct sf_mirror sf_issue_row_mirror;
extern const struct sf_mirror sf_inbox_row_mirror;
extern const struct sf_mirror sf_holder_row_mirror;
extern const struct sf_mirror sf_transition_row_mirror;
extern const struct sf_mirror sf_total_row_mirror;
extern const struct sf_mirror sf_party_key_row_mirror;
extern const struct sf_mirror sf_member_row_mirror;
extern const struct sf_mirror sf_line_row_mirror;
extern const struct sf_mirror sf_offer_row_mirror;
extern const struct sf_mirror sf_event_row_mirror;
extern const struct sf_mirror sf_obligation_row_mirror;
extern const struct sf_mirror sf_window_row_mirror;
extern const struct sf_mirror sf_deviation_row_mirror;
extern const struct sf_mirror sf_contact_row_mirror;
extern const struct sf_mirror sf_course_row_mirror;
extern const struct sf_mirror sf_board_row_mirror;
extern const struct sf_mirror sf_measure_row_mirror;
extern const struct sf_mirror sf_transition_measure_row_mirror;
extern const struct sf_mirror sf_agreement_row_mirror;
extern const struct sf_mirror sf_acceptance_row_mirror;
extern const struct sf_mirror sf_simulated_row_mirror;
extern const struct sf_mirror sf_delivery_row_mirror;
extern const struct sf_mirror sf_quarantine_row_mirror;
extern const struct sf_mirror sf_desk_row_mirror;
extern const struct sf_mirror sf_directory_row_mirror;
extern const struct sf_mirror sf_counter_row_mirror;
extern const struct sf_mirror sf_feed_row_mirror;
extern const struct sf_mirror sf_cosigner_row_mirror;
extern const struct sf_mirror sf_contradiction_row_mirror;
extern const struct sf_mirror sf_erased_row_mirror;
extern const struct sf_mirror sf_asked_row_mirror;
extern const struct sf_mirror sf_access_row_mirror;
extern const struct sf_mirror sf_token_row_mirror;
extern const struct sf_mirror sf_channel_row_mirror;
extern const struct sf_mirror sf_aside_row_mirror;
extern const struct sf_mirror sf_step_row_mirror;
extern const struct sf_mirror sf_user_row_mirror;
extern const struct sf_mirror sf_attachment_row_mirror;

/* One field of a table; the order of fields is the schema's, which a test compares. */
#define SF_FIELD(kind, record, member)                                                             \
	{                                                                                          \
		.name = #member, .type = SF_MIRROR_##kind,                                         \
		.offset = offsetof(struct record, member),                                         \
		.size = sizeof(((struct record *)0)->member),                                      \
	}
#define SF_FIELD_STRUCT(record, member, table)                                                     \
	{                                                                                          \
		.name = #member, .type = SF_MIRROR_STRUCT,                                         \
		.offset = offsetof(struct record, member), .nested = &sf_##table##_mirror,         \
		.size = sizeof(((struct record *)0)->member),                                      \
	}
#define SF_FIELD_ROWS(record, member, count, table)                                                \
	{                                                                                          \
		.name = #member, .type = SF_MIRROR_ROWS,                                           \
		.offset = offsetof(struct record, member),                                         \
		.count_offset = offsetof(struct record, count), .nested = &sf_##table##_mirror,    \
		.size = sizeof(*((struct record *)0)->member),                                     \
	}
/* The mirror of record, whose message is table and whose fields are table_fields. */
#define SF_MIRROR_OF(table, record)                                                                \
	{                                                                                          \
		.descriptor = &stafet__v1__##table##__descriptor, .size = sizeof(struct record),   \
		.fields = table##_fields, .field_count = SF_COUNT(table##_fields),                 \
	}

#endif
