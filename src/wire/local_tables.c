#include "wire/local_tables.h"

#include "local.pb-c.h"

#define FIELD(kind, record, member)                                                                \
	{                                                                                          \
		.name = #member, .type = SF_MIRROR_##kind,                                         \
		.offset = offsetof(struct record, member),                                         \
		.size = sizeof(((struct record *)0)->member),                                      \
	}
#define STRUCT(record, member, table)                                                              \
	{                                                                                          \
		.name = #member, .type = SF_MIRROR_STRUCT,                                         \
		.offset = offsetof(struct record, member), .nested = &table##_mirror,              \
		.size = sizeof(((struct record *)0)->member),                                      \
	}
#define ROWS(record, member, count, table)                                                         \
	{                                                                                          \
		.name = #member, .type = SF_MIRROR_ROWS,                                           \
		.offset = offsetof(struct record, member),                                         \
		.count_offset = offsetof(struct record, count), .nested = &table##_mirror,         \
		.size = sizeof(*((struct record *)0)->member),                                     \
	}
#define MIRROR(table, record)                                                                      \
	static const struct sf_mirror table##_mirror = {                                           \
		.descriptor = &stafet__v1__##table##__descriptor,                                  \
		.size = sizeof(struct record),                                                     \
		.fields = table##_fields,                                                          \
		.field_count = SF_COUNT(table##_fields),                                           \
	}

/* The order of fields is the schema's; a test compares both. */
/* clang-format off */

static const struct sf_mirror_field issue_row_fields[] = {
	FIELD(BOOL, sf_issue_row, fatal),
	FIELD(TEXT, sf_issue_row, code),
	FIELD(TEXT, sf_issue_row, expression),
	FIELD(TEXT, sf_issue_row, text),
};
MIRROR(issue_row, sf_issue_row);

static const struct sf_mirror_field inbox_row_fields[] = {
	FIELD(U64, sf_inbox_row, cursor),
	FIELD(ID, sf_inbox_row, message),
	FIELD(ID, sf_inbox_row, transition),
	FIELD(ID, sf_inbox_row, author),
	FIELD(TEXT, sf_inbox_row, author_name),
	FIELD(U32, sf_inbox_row, author_role),
	FIELD(U32, sf_inbox_row, kind),
	FIELD(U32, sf_inbox_row, activity),
	FIELD(U32, sf_inbox_row, mode),
	FIELD(I64, sf_inbox_row, occurred_ms),
	FIELD(I64, sf_inbox_row, recorded_ms),
	FIELD(I64, sf_inbox_row, received_ms),
	FIELD(BOOL, sf_inbox_row, handled),
	FIELD(U32, sf_inbox_row, ack),
	FIELD(U32, sf_inbox_row, code),
	FIELD(U32, sf_inbox_row, offers),
	FIELD(TEXT, sf_inbox_row, content_type),
	FIELD(U64, sf_inbox_row, content_size),
};
MIRROR(inbox_row, sf_inbox_row);

static const struct sf_mirror_field holder_row_fields[] = {
	FIELD(U32, sf_holder_row, domain),
	FIELD(ID, sf_holder_row, party),
	FIELD(TEXT, sf_holder_row, name),
	FIELD(I64, sf_holder_row, since_ms),
};
MIRROR(holder_row, sf_holder_row);

static const struct sf_mirror_field transition_row_fields[] = {
	FIELD(ID, sf_transition_row, transition),
	FIELD(U32, sf_transition_row, state),
	FIELD(U32, sf_transition_row, stay),
	FIELD(ID, sf_transition_row, hospital),
	FIELD(TEXT, sf_transition_row, hospital_name),
	FIELD(ID, sf_transition_row, municipality),
	FIELD(TEXT, sf_transition_row, municipality_name),
	FIELD(I64, sf_transition_row, opened_ms),
	FIELD(I64, sf_transition_row, changed_ms),
	FIELD(U64, sf_transition_row, sequence),
	FIELD(U32, sf_transition_row, open_offer_count),
	FIELD(U32, sf_transition_row, late_count),
	FIELD(BOOL, sf_transition_row, frozen),
	ROWS(sf_transition_row, holders, holder_count, holder_row),
};
MIRROR(transition_row, sf_transition_row);

static const struct sf_mirror_field member_row_fields[] = {
	FIELD(ID, sf_member_row, party),
	FIELD(TEXT, sf_member_row, name),
	FIELD(U32, sf_member_row, role),
	FIELD(U32, sf_member_row, state),
	FIELD(U64, sf_member_row, since_sequence),
};
MIRROR(member_row, sf_member_row);

static const struct sf_mirror_field line_row_fields[] = {
	FIELD(U32, sf_line_row, domain),
	FIELD(ID, sf_line_row, holder),
	FIELD(TEXT, sf_line_row, holder_name),
	FIELD(I64, sf_line_row, from_ms),
	FIELD(I64, sf_line_row, until_ms),
	FIELD(U64, sf_line_row, sequence),
	FIELD(U32, sf_line_row, basis),
	FIELD(ID, sf_line_row, basis_message),
};
MIRROR(line_row, sf_line_row);

static const struct sf_mirror_field offer_row_fields[] = {
	FIELD(ID, sf_offer_row, message),
	FIELD(ID, sf_offer_row, from),
	FIELD(TEXT, sf_offer_row, from_name),
	FIELD(U32, sf_offer_row, to_role),
	FIELD(ID, sf_offer_row, to),
	FIELD(TEXT, sf_offer_row, to_name),
	FIELD(U32, sf_offer_row, domains),
	FIELD(U32, sf_offer_row, remaining),
	FIELD(U32, sf_offer_row, state),
	FIELD(I64, sf_offer_row, since_ms),
	FIELD(U64, sf_offer_row, sequence),
	FIELD(ID, sf_offer_row, answered_by),
};
MIRROR(offer_row, sf_offer_row);

static const struct sf_mirror_field event_row_fields[] = {
	FIELD(U64, sf_event_row, sequence),
	FIELD(ID, sf_event_row, message),
	FIELD(ID, sf_event_row, author),
	FIELD(TEXT, sf_event_row, author_name),
	FIELD(U32, sf_event_row, kind),
	FIELD(U32, sf_event_row, kind_class),
	FIELD(U32, sf_event_row, activity),
	FIELD(U32, sf_event_row, mode),
	FIELD(U32, sf_event_row, domains),
	FIELD(ID, sf_event_row, in_reply_to),
	FIELD(U32, sf_event_row, ack),
	FIELD(U32, sf_event_row, outcome),
	FIELD(U32, sf_event_row, code),
	FIELD(I64, sf_event_row, occurred_ms),
	FIELD(I64, sf_event_row, recorded_ms),
};
MIRROR(event_row, sf_event_row);

static const struct sf_mirror_field delivery_row_fields[] = {
	FIELD(U64, sf_delivery_row, cursor),
	FIELD(ID, sf_delivery_row, message),
	FIELD(ID, sf_delivery_row, transition),
	FIELD(U32, sf_delivery_row, kind),
	FIELD(U32, sf_delivery_row, activity),
	FIELD(ID, sf_delivery_row, recipient),
	FIELD(TEXT, sf_delivery_row, recipient_name),
	FIELD(U32, sf_delivery_row, state),
	FIELD(U32, sf_delivery_row, ack),
	FIELD(U32, sf_delivery_row, code),
	FIELD(U32, sf_delivery_row, attempts),
	FIELD(I64, sf_delivery_row, queued_ms),
	FIELD(I64, sf_delivery_row, since_ms),
	FIELD(BOOL, sf_delivery_row, late),
	FIELD(TEXT, sf_delivery_row, reason),
};
MIRROR(delivery_row, sf_delivery_row);

static const struct sf_mirror_field quarantine_row_fields[] = {
	FIELD(U64, sf_quarantine_row, cursor),
	FIELD(ID, sf_quarantine_row, message),
	FIELD(ID, sf_quarantine_row, transition),
	FIELD(ID, sf_quarantine_row, author),
	FIELD(TEXT, sf_quarantine_row, author_name),
	FIELD(DIGEST, sf_quarantine_row, digest),
	FIELD(U32, sf_quarantine_row, code),
	FIELD(I64, sf_quarantine_row, received_ms),
	FIELD(U64, sf_quarantine_row, size),
};
MIRROR(quarantine_row, sf_quarantine_row);

static const struct sf_mirror_field directory_row_fields[] = {
	FIELD(ID, sf_directory_row, party),
	FIELD(TEXT, sf_directory_row, name),
	FIELD(U32, sf_directory_row, role),
	FIELD(TEXT, sf_directory_row, sor),
	FIELD(TEXT, sf_directory_row, gln),
	FIELD(ID, sf_directory_row, represented_by),
	FIELD(TEXT, sf_directory_row, support),
	FIELD(U64, sf_directory_row, version),
	FIELD(U32, sf_directory_row, key_count),
	FIELD(ID, sf_directory_row, identity_key),
	FIELD(BOOL, sf_directory_row, has_node),
	FIELD(BOOL, sf_directory_row, connected),
};
MIRROR(directory_row, sf_directory_row);

static const struct sf_mirror_field counter_row_fields[] = {
	FIELD(TEXT, sf_counter_row, name),
	FIELD(U64, sf_counter_row, value),
};
MIRROR(counter_row, sf_counter_row);

static const struct sf_mirror_field feed_row_fields[] = {
	FIELD(U64, sf_feed_row, cursor),
	FIELD(I64, sf_feed_row, at_ms),
	FIELD(U32, sf_feed_row, what),
	FIELD(ID, sf_feed_row, message),
	FIELD(ID, sf_feed_row, transition),
	FIELD(ID, sf_feed_row, party),
	FIELD(TEXT, sf_feed_row, party_name),
	FIELD(ID, sf_feed_row, peer),
	FIELD(TEXT, sf_feed_row, peer_name),
	FIELD(U32, sf_feed_row, kind),
	FIELD(U32, sf_feed_row, activity),
	FIELD(U32, sf_feed_row, mode),
	FIELD(U32, sf_feed_row, domains),
	FIELD(U32, sf_feed_row, outcome),
	FIELD(U32, sf_feed_row, ack),
	FIELD(U32, sf_feed_row, code),
	FIELD(U32, sf_feed_row, attempts),
};
MIRROR(feed_row, sf_feed_row);

static const struct sf_mirror_field send_request_fields[] = {
	FIELD(TEXT, sf_request_send, content_type),
	FIELD(BYTES, sf_request_send, content),
	FIELD(TEXT, sf_request_send, gp),
	FIELD(TEXT, sf_request_send, municipality),
};
MIRROR(send_request, sf_request_send);

static const struct sf_mirror_field inbox_request_fields[] = {
	FIELD(U64, sf_request_inbox, after),
	FIELD(U32, sf_request_inbox, count_max),
	FIELD(BOOL, sf_request_inbox, only_unhandled),
	FIELD(ID, sf_request_inbox, transition),
	FIELD(U32, sf_request_inbox, wait_ms),
};
MIRROR(inbox_request, sf_request_inbox);

static const struct sf_mirror_field message_request_fields[] = {
	FIELD(ID, sf_request_message, message),
};
MIRROR(message_request, sf_request_message);

static const struct sf_mirror_field handled_request_fields[] = {
	FIELD(ID, sf_request_handled, message),
};
MIRROR(handled_request, sf_request_handled);

static const struct sf_mirror_field acknowledgement_request_fields[] = {
	FIELD(ID, sf_request_acknowledgement, message),
	FIELD(TEXT, sf_request_acknowledgement, recipient),
};
MIRROR(acknowledgement_request, sf_request_acknowledgement);

static const struct sf_mirror_field accept_request_fields[] = {
	FIELD(ID, sf_request_accept, id),
	FIELD(U32, sf_request_accept, domains),
	FIELD(BOOL, sf_request_accept, by_person),
};
MIRROR(accept_request, sf_request_accept);

static const struct sf_mirror_field refuse_request_fields[] = {
	FIELD(ID, sf_request_refuse, id),
	FIELD(U32, sf_request_refuse, refer_to_role),
	FIELD(TEXT, sf_request_refuse, refer_to_party),
	FIELD(BOOL, sf_request_refuse, not_ours),
};
MIRROR(refuse_request, sf_request_refuse);

static const struct sf_mirror_field offer_request_fields[] = {
	FIELD(ID, sf_request_offer, transition),
	FIELD(U32, sf_request_offer, domains),
	FIELD(U32, sf_request_offer, to),
};
MIRROR(offer_request, sf_request_offer);

static const struct sf_mirror_field withdraw_request_fields[] = {
	FIELD(ID, sf_request_withdraw, message),
	FIELD(U32, sf_request_withdraw, domains),
};
MIRROR(withdraw_request, sf_request_withdraw);

static const struct sf_mirror_field transitions_request_fields[] = {
	FIELD(ID, sf_request_transitions, after),
	FIELD(U32, sf_request_transitions, count_max),
	FIELD(BOOL, sf_request_transitions, only_open),
};
MIRROR(transitions_request, sf_request_transitions);

static const struct sf_mirror_field transition_request_fields[] = {
	FIELD(ID, sf_request_transition, transition),
};
MIRROR(transition_request, sf_request_transition);

static const struct sf_mirror_field outbox_request_fields[] = {
	FIELD(U64, sf_request_outbox, after),
	FIELD(U32, sf_request_outbox, count_max),
	FIELD(BOOL, sf_request_outbox, only_open),
	FIELD(ID, sf_request_outbox, message),
	FIELD(ID, sf_request_outbox, transition),
};
MIRROR(outbox_request, sf_request_outbox);

static const struct sf_mirror_field resend_request_fields[] = {
	FIELD(ID, sf_request_resend, message),
};
MIRROR(resend_request, sf_request_resend);

static const struct sf_mirror_field quarantine_request_fields[] = {
	FIELD(U64, sf_request_quarantine, after),
	FIELD(U32, sf_request_quarantine, count_max),
};
MIRROR(quarantine_request, sf_request_quarantine);

static const struct sf_mirror_field directory_request_fields[] = {
	FIELD(TEXT, sf_request_directory, party),
};
MIRROR(directory_request, sf_request_directory);

static const struct sf_mirror_field approve_request_fields[] = {
	FIELD(BYTES, sf_request_approve, record),
};
MIRROR(approve_request, sf_request_approve);

static const struct sf_mirror_field status_request_fields[] = {
	FIELD(BOOL, sf_request_status, counters),
};
MIRROR(status_request, sf_request_status);

static const struct sf_mirror_field feed_request_fields[] = {
	FIELD(U64, sf_request_feed, after),
	FIELD(U32, sf_request_feed, count_max),
	FIELD(U32, sf_request_feed, wait_ms),
};
MIRROR(feed_request, sf_request_feed);

static const struct sf_mirror_field sent_reply_fields[] = {
	FIELD(U32, sf_reply_sent, answer),
	FIELD(ID, sf_reply_sent, message),
	FIELD(ID, sf_reply_sent, transition),
	ROWS(sf_reply_sent, issues, issue_count, issue_row),
	FIELD(BYTES, sf_reply_sent, acknowledgement),
	FIELD(TEXT, sf_reply_sent, acknowledgement_type),
};
MIRROR(sent_reply, sf_reply_sent);

static const struct sf_mirror_field said_reply_fields[] = {
	FIELD(ID, sf_reply_said, message),
	FIELD(ID, sf_reply_said, transition),
	FIELD(U32, sf_reply_said, domains),
};
MIRROR(said_reply, sf_reply_said);

static const struct sf_mirror_field inbox_reply_fields[] = {
	ROWS(sf_reply_inbox, rows, row_count, inbox_row),
};
MIRROR(inbox_reply, sf_reply_inbox);

static const struct sf_mirror_field message_reply_fields[] = {
	STRUCT(sf_reply_message, row, inbox_row),
	FIELD(BYTES, sf_reply_message, content),
	FIELD(TEXT, sf_reply_message, cpr),
	FIELD(TEXT, sf_reply_message, patient_name),
	FIELD(TEXT, sf_reply_message, contact_name),
	FIELD(TEXT, sf_reply_message, contact_telephone),
	FIELD(I64, sf_reply_message, contact_until_ms),
};
MIRROR(message_reply, sf_reply_message);

static const struct sf_mirror_field acknowledgement_reply_fields[] = {
	FIELD(ID, sf_reply_acknowledgement, recipient),
	FIELD(TEXT, sf_reply_acknowledgement, recipient_name),
	FIELD(U32, sf_reply_acknowledgement, ack),
	FIELD(U32, sf_reply_acknowledgement, code),
	FIELD(I64, sf_reply_acknowledgement, recorded_ms),
	FIELD(BYTES, sf_reply_acknowledgement, content),
	FIELD(TEXT, sf_reply_acknowledgement, content_type),
};
MIRROR(acknowledgement_reply, sf_reply_acknowledgement);

static const struct sf_mirror_field transitions_reply_fields[] = {
	ROWS(sf_reply_transitions, rows, row_count, transition_row),
};
MIRROR(transitions_reply, sf_reply_transitions);

static const struct sf_mirror_field transition_reply_fields[] = {
	STRUCT(sf_reply_transition, row, transition_row),
	FIELD(U32, sf_reply_transition, stay_class),
	FIELD(I64, sf_reply_transition, stay_since_ms),
	FIELD(I64, sf_reply_transition, admitted_ms),
	FIELD(I64, sf_reply_transition, discharged_ms),
	FIELD(BOOL, sf_reply_transition, report_requested),
	FIELD(U32, sf_reply_transition, pathway),
	FIELD(U32, sf_reply_transition, parties_version),
	FIELD(U32, sf_reply_transition, active),
	FIELD(DIGEST, sf_reply_transition, agreement),
	FIELD(DIGEST, sf_reply_transition, head),
	ROWS(sf_reply_transition, members, member_count, member_row),
	ROWS(sf_reply_transition, lines, line_count, line_row),
	ROWS(sf_reply_transition, offers, offer_count, offer_row),
	ROWS(sf_reply_transition, events, event_count, event_row),
	ROWS(sf_reply_transition, deliveries, delivery_count, delivery_row),
};
MIRROR(transition_reply, sf_reply_transition);

static const struct sf_mirror_field outbox_reply_fields[] = {
	ROWS(sf_reply_outbox, rows, row_count, delivery_row),
};
MIRROR(outbox_reply, sf_reply_outbox);

static const struct sf_mirror_field quarantine_reply_fields[] = {
	ROWS(sf_reply_quarantine, rows, row_count, quarantine_row),
};
MIRROR(quarantine_reply, sf_reply_quarantine);

static const struct sf_mirror_field directory_reply_fields[] = {
	FIELD(U64, sf_reply_directory, version),
	FIELD(DIGEST, sf_reply_directory, head),
	ROWS(sf_reply_directory, rows, row_count, directory_row),
};
MIRROR(directory_reply, sf_reply_directory);

static const struct sf_mirror_field approved_reply_fields[] = {
	FIELD(ID, sf_reply_approved, party),
	FIELD(TEXT, sf_reply_approved, name),
	FIELD(U64, sf_reply_approved, version),
};
MIRROR(approved_reply, sf_reply_approved);

static const struct sf_mirror_field status_reply_fields[] = {
	FIELD(TEXT, sf_reply_status, program),
	FIELD(TEXT, sf_reply_status, software),
	FIELD(ID, sf_reply_status, party),
	FIELD(TEXT, sf_reply_status, name),
	FIELD(U32, sf_reply_status, role),
	FIELD(BOOL, sf_reply_status, connected),
	FIELD(TEXT, sf_reply_status, link),
	FIELD(I64, sf_reply_status, link_since_ms),
	FIELD(ID, sf_reply_status, peer),
	FIELD(U32, sf_reply_status, peer_count),
	FIELD(TEXT, sf_reply_status, origin),
	FIELD(U32, sf_reply_status, epoch),
	FIELD(U64, sf_reply_status, log_size),
	FIELD(U64, sf_reply_status, directory_version),
	FIELD(DIGEST, sf_reply_status, directory_head),
	FIELD(I64, sf_reply_status, now_ms),
	FIELD(I64, sf_reply_status, started_ms),
	ROWS(sf_reply_status, counters, counter_count, counter_row),
};
MIRROR(status_reply, sf_reply_status);

static const struct sf_mirror_field feed_reply_fields[] = {
	FIELD(U64, sf_reply_feed, cursor),
	ROWS(sf_reply_feed, rows, row_count, feed_row),
};
MIRROR(feed_reply, sf_reply_feed);

static const struct sf_mirror *const requests[] = {
#define X(symbol, number, member) [symbol] = &member##_request_mirror,
	SF_REQUEST_LIST(X)
#undef X
};

static const struct sf_mirror *const replies[] = {
#define X(symbol, number, member) [symbol] = &member##_reply_mirror,
	SF_REPLY_LIST(X)
#undef X
};

/* clang-format on */

const struct sf_mirror *sf_local_request_mirror(size_t kind)
{
	return kind < SF_COUNT(requests) ? requests[kind] : NULL;
}

const struct sf_mirror *sf_local_reply_mirror(size_t kind)
{
	return kind < SF_COUNT(replies) ? replies[kind] : NULL;
}
