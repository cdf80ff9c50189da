#include "wire/local_tables.h"

#define MIRROR(table, record)                                                                      \
	const struct sf_mirror sf_##table##_mirror = SF_MIRROR_OF(table, record)

/* clang-format off */

static const struct sf_mirror_field issue_row_fields[] = {
	SF_FIELD(BOOL, sf_issue_row, fatal),
	SF_FIELD(TEXT, sf_issue_row, code),
	SF_FIELD(TEXT, sf_issue_row, expression),
	SF_FIELD(TEXT, sf_issue_row, text),
};
MIRROR(issue_row, sf_issue_row);

static const struct sf_mirror_field inbox_row_fields[] = {
	SF_FIELD(U64, sf_inbox_row, cursor),
	SF_FIELD(ID, sf_inbox_row, message),
	SF_FIELD(ID, sf_inbox_row, transition),
	SF_FIELD(ID, sf_inbox_row, author),
	SF_FIELD(TEXT, sf_inbox_row, author_name),
	SF_FIELD(U32, sf_inbox_row, author_role),
	SF_FIELD(U32, sf_inbox_row, kind),
	SF_FIELD(U32, sf_inbox_row, activity),
	SF_FIELD(U32, sf_inbox_row, mode),
	SF_FIELD(I64, sf_inbox_row, occurred_ms),
	SF_FIELD(I64, sf_inbox_row, recorded_ms),
	SF_FIELD(I64, sf_inbox_row, received_ms),
	SF_FIELD(BOOL, sf_inbox_row, handled),
	SF_FIELD(U32, sf_inbox_row, ack),
	SF_FIELD(U32, sf_inbox_row, code),
	SF_FIELD(U32, sf_inbox_row, offers),
	SF_FIELD(TEXT, sf_inbox_row, content_type),
	SF_FIELD(U64, sf_inbox_row, content_size),
	SF_FIELD(U32, sf_inbox_row, letter),
	SF_FIELD(U32, sf_inbox_row, mark),
	SF_FIELD(I64, sf_inbox_row, deleted_ms),
	SF_FIELD(U32, sf_inbox_row, attachments),
	SF_FIELD(U32, sf_inbox_row, attachments_here),
};
MIRROR(inbox_row, sf_inbox_row);

static const struct sf_mirror_field holder_row_fields[] = {
	SF_FIELD(U32, sf_holder_row, domain),
	SF_FIELD(ID, sf_holder_row, party),
	SF_FIELD(TEXT, sf_holder_row, name),
	SF_FIELD(I64, sf_holder_row, since_ms),
};
MIRROR(holder_row, sf_holder_row);

static const struct sf_mirror_field transition_row_fields[] = {
	SF_FIELD(ID, sf_transition_row, transition),
	SF_FIELD(U32, sf_transition_row, state),
	SF_FIELD(U32, sf_transition_row, stay),
	SF_FIELD(ID, sf_transition_row, hospital),
	SF_FIELD(TEXT, sf_transition_row, hospital_name),
	SF_FIELD(ID, sf_transition_row, municipality),
	SF_FIELD(TEXT, sf_transition_row, municipality_name),
	SF_FIELD(I64, sf_transition_row, opened_ms),
	SF_FIELD(I64, sf_transition_row, changed_ms),
	SF_FIELD(U64, sf_transition_row, sequence),
	SF_FIELD(U32, sf_transition_row, open_offer_count),
	SF_FIELD(U32, sf_transition_row, late_count),
	SF_FIELD(BOOL, sf_transition_row, frozen),
	SF_FIELD_ROWS(sf_transition_row, holders, holder_count, holder_row),
	SF_FIELD(U32, sf_transition_row, overdue_count),
	SF_FIELD(I64, sf_transition_row, next_due_ms),
	SF_FIELD(U32, sf_transition_row, pathway),
};
MIRROR(transition_row, sf_transition_row);

static const struct sf_mirror_field total_row_fields[] = {
	SF_FIELD(U32, sf_total_row, state),
	SF_FIELD(U64, sf_total_row, count),
};
MIRROR(total_row, sf_total_row);

static const struct sf_mirror_field member_row_fields[] = {
	SF_FIELD(ID, sf_member_row, party),
	SF_FIELD(TEXT, sf_member_row, name),
	SF_FIELD(U32, sf_member_row, role),
	SF_FIELD(U32, sf_member_row, state),
	SF_FIELD(U64, sf_member_row, since_sequence),
};
MIRROR(member_row, sf_member_row);

static const struct sf_mirror_field line_row_fields[] = {
	SF_FIELD(U32, sf_line_row, domain),
	SF_FIELD(ID, sf_line_row, holder),
	SF_FIELD(TEXT, sf_line_row, holder_name),
	SF_FIELD(I64, sf_line_row, from_ms),
	SF_FIELD(I64, sf_line_row, until_ms),
	SF_FIELD(U64, sf_line_row, sequence),
	SF_FIELD(U32, sf_line_row, basis),
	SF_FIELD(ID, sf_line_row, basis_message),
};
MIRROR(line_row, sf_line_row);

static const struct sf_mirror_field offer_row_fields[] = {
	SF_FIELD(ID, sf_offer_row, message),
	SF_FIELD(ID, sf_offer_row, from),
	SF_FIELD(TEXT, sf_offer_row, from_name),
	SF_FIELD(U32, sf_offer_row, to_role),
	SF_FIELD(ID, sf_offer_row, to),
	SF_FIELD(TEXT, sf_offer_row, to_name),
	SF_FIELD(U32, sf_offer_row, domains),
	SF_FIELD(U32, sf_offer_row, remaining),
	SF_FIELD(U32, sf_offer_row, state),
	SF_FIELD(I64, sf_offer_row, since_ms),
	SF_FIELD(U64, sf_offer_row, sequence),
	SF_FIELD(ID, sf_offer_row, answered_by),
	SF_FIELD(I64, sf_offer_row, promised_ms),
};
MIRROR(offer_row, sf_offer_row);

static const struct sf_mirror_field event_row_fields[] = {
	SF_FIELD(U64, sf_event_row, sequence),
	SF_FIELD(ID, sf_event_row, message),
	SF_FIELD(ID, sf_event_row, author),
	SF_FIELD(TEXT, sf_event_row, author_name),
	SF_FIELD(U32, sf_event_row, kind),
	SF_FIELD(U32, sf_event_row, kind_class),
	SF_FIELD(U32, sf_event_row, activity),
	SF_FIELD(U32, sf_event_row, mode),
	SF_FIELD(U32, sf_event_row, domains),
	SF_FIELD(ID, sf_event_row, in_reply_to),
	SF_FIELD(U32, sf_event_row, ack),
	SF_FIELD(U32, sf_event_row, outcome),
	SF_FIELD(U32, sf_event_row, code),
	SF_FIELD(I64, sf_event_row, occurred_ms),
	SF_FIELD(I64, sf_event_row, recorded_ms),
	SF_FIELD(U32, sf_event_row, detail),
	SF_FIELD(U32, sf_event_row, duty),
};
MIRROR(event_row, sf_event_row);

static const struct sf_mirror_field obligation_row_fields[] = {
	SF_FIELD(ID, sf_obligation_row, subject),
	SF_FIELD(U32, sf_obligation_row, clause),
	SF_FIELD(TEXT, sf_obligation_row, name),
	SF_FIELD(TEXT, sf_obligation_row, citation),
	SF_FIELD(U32, sf_obligation_row, duty),
	SF_FIELD(U32, sf_obligation_row, state),
	SF_FIELD(U32, sf_obligation_row, kept),
	SF_FIELD(U32, sf_obligation_row, owner_role),
	SF_FIELD(ID, sf_obligation_row, owner),
	SF_FIELD(TEXT, sf_obligation_row, owner_name),
	SF_FIELD(ID, sf_obligation_row, requester),
	SF_FIELD(TEXT, sf_obligation_row, requester_name),
	SF_FIELD(I64, sf_obligation_row, due_ms),
	SF_FIELD(BOOL, sf_obligation_row, undecided),
	SF_FIELD(I64, sf_obligation_row, raised_ms),
	SF_FIELD(I64, sf_obligation_row, since_ms),
	SF_FIELD(I64, sf_obligation_row, expired_ms),
	SF_FIELD(U32, sf_obligation_row, level),
	SF_FIELD(BOOL, sf_obligation_row, alarm_seen),
	SF_FIELD(U32, sf_obligation_row, treatment),
	SF_FIELD(U32, sf_obligation_row, payer),
	SF_FIELD(U32, sf_obligation_row, refer_to_role),
	SF_FIELD(ID, sf_obligation_row, refer_to_party),
	SF_FIELD(BOOL, sf_obligation_row, open),
	SF_FIELD(ID, sf_obligation_row, transition),
	SF_FIELD(I64, sf_obligation_row, ended_ms),
	SF_FIELD(I64, sf_obligation_row, changed_ms),
};
MIRROR(obligation_row, sf_obligation_row);

static const struct sf_mirror_field window_row_fields[] = {
	SF_FIELD(ID, sf_window_row, subject),
	SF_FIELD(U32, sf_window_row, clause),
	SF_FIELD(TEXT, sf_window_row, name),
	SF_FIELD(TEXT, sf_window_row, citation),
	SF_FIELD(U32, sf_window_row, domain),
	SF_FIELD(ID, sf_window_row, holder),
	SF_FIELD(TEXT, sf_window_row, holder_name),
	SF_FIELD(U32, sf_window_row, then),
	SF_FIELD(I64, sf_window_row, from_ms),
	SF_FIELD(I64, sf_window_row, until_ms),
	SF_FIELD(U32, sf_window_row, state),
};
MIRROR(window_row, sf_window_row);

static const struct sf_mirror_field deviation_row_fields[] = {
	SF_FIELD(U32, sf_deviation_row, code),
	SF_FIELD(U64, sf_deviation_row, sequence),
	SF_FIELD(ID, sf_deviation_row, message),
	SF_FIELD(I64, sf_deviation_row, recorded_ms),
};
MIRROR(deviation_row, sf_deviation_row);

static const struct sf_mirror_field contact_row_fields[] = {
	SF_FIELD(U32, sf_contact_row, domain),
	SF_FIELD(ID, sf_contact_row, party),
	SF_FIELD(TEXT, sf_contact_row, party_name),
	SF_FIELD(TEXT, sf_contact_row, name),
	SF_FIELD(TEXT, sf_contact_row, telephone),
	SF_FIELD(I64, sf_contact_row, until_ms),
	SF_FIELD(U32, sf_contact_row, source),
	SF_FIELD(TEXT, sf_contact_row, next_name),
	SF_FIELD(TEXT, sf_contact_row, next_telephone),
};
MIRROR(contact_row, sf_contact_row);

static const struct sf_mirror_field course_row_fields[] = {
	SF_FIELD(ID, sf_course_row, plan),
	SF_FIELD(U32, sf_course_row, plan_version),
	SF_FIELD(I64, sf_course_row, ready_from_ms),
	SF_FIELD(I64, sf_course_row, ready_until_ms),
	SF_FIELD(U32, sf_course_row, ready_confidence),
	SF_FIELD(I64, sf_course_row, discharge_from_ms),
	SF_FIELD(I64, sf_course_row, discharge_until_ms),
	SF_FIELD(U32, sf_course_row, discharge_confidence),
	SF_FIELD(U32, sf_course_row, answer),
	SF_FIELD(I64, sf_course_row, answer_ready_from_ms),
	SF_FIELD(U32, sf_course_row, reason),
	SF_FIELD(U32, sf_course_row, refer_to_role),
	SF_FIELD(ID, sf_course_row, refer_to_party),
	SF_FIELD(TEXT, sf_course_row, refer_to_name),
	SF_FIELD(BOOL, sf_course_row, no_case),
	SF_FIELD(I64, sf_course_row, ready_ms),
	SF_FIELD(I64, sf_course_row, hospital_agrees_ms),
	SF_FIELD(I64, sf_course_row, municipality_agrees_ms),
	SF_FIELD(I64, sf_course_row, intent_ms),
	SF_FIELD(U32, sf_course_row, assessment),
	SF_FIELD(I64, sf_course_row, arrived_ms),
	SF_FIELD(U32, sf_course_row, dispute_count),
	SF_FIELD(BOOL, sf_course_row, silent),
	SF_FIELD(U32, sf_course_row, close_code),
	SF_FIELD(U32, sf_course_row, link),
	SF_FIELD(ID, sf_course_row, linked),
};
MIRROR(course_row, sf_course_row);

static const struct sf_mirror_field board_row_fields[] = {
	SF_FIELD(U32, sf_board_row, what),
	SF_FIELD(ID, sf_board_row, transition),
	SF_FIELD(U32, sf_board_row, state),
	SF_FIELD(U32, sf_board_row, next),
	SF_FIELD(U32, sf_board_row, role),
	SF_FIELD(ID, sf_board_row, party),
	SF_FIELD(TEXT, sf_board_row, party_name),
	SF_FIELD(ID, sf_board_row, peer),
	SF_FIELD(TEXT, sf_board_row, peer_name),
	SF_FIELD(U32, sf_board_row, duty),
	SF_FIELD(TEXT, sf_board_row, name),
	SF_FIELD(TEXT, sf_board_row, citation),
	SF_FIELD(ID, sf_board_row, subject),
	SF_FIELD(U32, sf_board_row, clause),
	SF_FIELD(U32, sf_board_row, domains),
	SF_FIELD(I64, sf_board_row, before_ms),
	SF_FIELD(BOOL, sf_board_row, overdue),
	SF_FIELD(U32, sf_board_row, level),
	SF_FIELD(U32, sf_board_row, code),
	SF_FIELD(I64, sf_board_row, promised_ms),
	SF_FIELD(U32, sf_board_row, count),
};
MIRROR(board_row, sf_board_row);

static const struct sf_mirror_field measure_row_fields[] = {
	SF_FIELD(U32, sf_measure_row, indicator),
	SF_FIELD(I64, sf_measure_row, cases),
	SF_FIELD(I64, sf_measure_row, count),
	SF_FIELD(I64, sf_measure_row, total),
};
MIRROR(measure_row, sf_measure_row);

static const struct sf_mirror_field transition_measure_row_fields[] = {
	SF_FIELD(ID, sf_transition_measure_row, transition),
	SF_FIELD(I64, sf_transition_measure_row, period_ms),
	SF_FIELD(ID, sf_transition_measure_row, hospital),
	SF_FIELD(TEXT, sf_transition_measure_row, hospital_name),
	SF_FIELD(ID, sf_transition_measure_row, municipality),
	SF_FIELD(TEXT, sf_transition_measure_row, municipality_name),
	SF_FIELD(U32, sf_transition_measure_row, pathway),
	SF_FIELD_ROWS(sf_transition_measure_row, measures, measure_count, measure_row),
};
MIRROR(transition_measure_row, sf_transition_measure_row);

static const struct sf_mirror_field agreement_row_fields[] = {
	SF_FIELD(DIGEST, sf_agreement_row, digest),
	SF_FIELD(TEXT, sf_agreement_row, name),
	SF_FIELD(U32, sf_agreement_row, version),
	SF_FIELD(ID, sf_agreement_row, proposer),
	SF_FIELD(TEXT, sf_agreement_row, proposer_name),
	SF_FIELD(BOOL, sf_agreement_row, accepted_here),
	SF_FIELD(U32, sf_agreement_row, accepted_count),
};
MIRROR(agreement_row, sf_agreement_row);

static const struct sf_mirror_field acceptance_row_fields[] = {
	SF_FIELD(ID, sf_acceptance_row, party),
	SF_FIELD(TEXT, sf_acceptance_row, party_name),
	SF_FIELD(I64, sf_acceptance_row, from_ms),
	SF_FIELD(I64, sf_acceptance_row, until_ms),
};
MIRROR(acceptance_row, sf_acceptance_row);

static const struct sf_mirror_field simulated_row_fields[] = {
	SF_FIELD(ID, sf_simulated_row, transition),
	SF_FIELD(ID, sf_simulated_row, subject),
	SF_FIELD(TEXT, sf_simulated_row, name),
	SF_FIELD(U32, sf_simulated_row, owner),
	SF_FIELD(I64, sf_simulated_row, due_before_ms),
	SF_FIELD(I64, sf_simulated_row, due_after_ms),
	SF_FIELD(BOOL, sf_simulated_row, missed_before),
	SF_FIELD(BOOL, sf_simulated_row, missed_after),
};
MIRROR(simulated_row, sf_simulated_row);

static const struct sf_mirror_field delivery_row_fields[] = {
	SF_FIELD(U64, sf_delivery_row, cursor),
	SF_FIELD(ID, sf_delivery_row, message),
	SF_FIELD(ID, sf_delivery_row, transition),
	SF_FIELD(U32, sf_delivery_row, kind),
	SF_FIELD(U32, sf_delivery_row, activity),
	SF_FIELD(ID, sf_delivery_row, recipient),
	SF_FIELD(TEXT, sf_delivery_row, recipient_name),
	SF_FIELD(U32, sf_delivery_row, state),
	SF_FIELD(U32, sf_delivery_row, ack),
	SF_FIELD(U32, sf_delivery_row, code),
	SF_FIELD(U32, sf_delivery_row, attempts),
	SF_FIELD(I64, sf_delivery_row, queued_ms),
	SF_FIELD(I64, sf_delivery_row, since_ms),
	SF_FIELD(BOOL, sf_delivery_row, late),
	SF_FIELD(TEXT, sf_delivery_row, reason),
};
MIRROR(delivery_row, sf_delivery_row);

static const struct sf_mirror_field quarantine_row_fields[] = {
	SF_FIELD(U64, sf_quarantine_row, cursor),
	SF_FIELD(ID, sf_quarantine_row, message),
	SF_FIELD(ID, sf_quarantine_row, transition),
	SF_FIELD(ID, sf_quarantine_row, author),
	SF_FIELD(TEXT, sf_quarantine_row, author_name),
	SF_FIELD(DIGEST, sf_quarantine_row, digest),
	SF_FIELD(U32, sf_quarantine_row, code),
	SF_FIELD(I64, sf_quarantine_row, received_ms),
	SF_FIELD(U64, sf_quarantine_row, size),
};
MIRROR(quarantine_row, sf_quarantine_row);

static const struct sf_mirror_field desk_row_fields[] = {
	SF_FIELD(TEXT, sf_desk_row, telephone),
	SF_FIELD(TEXT, sf_desk_row, what),
	SF_FIELD(U32, sf_desk_row, days),
	SF_FIELD(U32, sf_desk_row, from_minute),
	SF_FIELD(U32, sf_desk_row, until_minute),
	SF_FIELD(BOOL, sf_desk_row, now),
};
MIRROR(desk_row, sf_desk_row);

static const struct sf_mirror_field party_key_row_fields[] = {
	SF_FIELD(U32, sf_party_key_row, use),
	SF_FIELD(I64, sf_party_key_row, since_ms),
	SF_FIELD(I64, sf_party_key_row, until_ms),
};
MIRROR(party_key_row, sf_party_key_row);

static const struct sf_mirror_field directory_row_fields[] = {
	SF_FIELD(ID, sf_directory_row, party),
	SF_FIELD(TEXT, sf_directory_row, name),
	SF_FIELD(U32, sf_directory_row, role),
	SF_FIELD(TEXT, sf_directory_row, sor),
	SF_FIELD(TEXT, sf_directory_row, gln),
	SF_FIELD(ID, sf_directory_row, represented_by),
	SF_FIELD(TEXT, sf_directory_row, support),
	SF_FIELD(U64, sf_directory_row, version),
	SF_FIELD(U32, sf_directory_row, key_count),
	SF_FIELD(ID, sf_directory_row, identity_key),
	SF_FIELD(BOOL, sf_directory_row, has_node),
	SF_FIELD(BOOL, sf_directory_row, connected),
	SF_FIELD(I64, sf_directory_row, heard_ms),
	SF_FIELD_ROWS(sf_directory_row, desks, desk_count, desk_row),
	SF_FIELD(I64, sf_directory_row, desks_until_ms),
	SF_FIELD_ROWS(sf_directory_row, keys, key_row_count, party_key_row),
	SF_FIELD(I64, sf_directory_row, seen_ms),
	SF_FIELD(TEXT, sf_directory_row, software),
	SF_FIELD(U32, sf_directory_row, waiting_count),
	SF_FIELD(I64, sf_directory_row, waiting_since_ms),
};
MIRROR(directory_row, sf_directory_row);

static const struct sf_mirror_field counter_row_fields[] = {
	SF_FIELD(TEXT, sf_counter_row, name),
	SF_FIELD(U64, sf_counter_row, value),
};
MIRROR(counter_row, sf_counter_row);

static const struct sf_mirror_field token_row_fields[] = {
	SF_FIELD(TEXT, sf_token_row, name),
	SF_FIELD(U32, sf_token_row, roles),
	SF_FIELD(I64, sf_token_row, created_ms),
	SF_FIELD(I64, sf_token_row, revoked_ms),
	SF_FIELD(I64, sf_token_row, used_ms),
};
MIRROR(token_row, sf_token_row);

static const struct sf_mirror_field user_row_fields[] = {
	SF_FIELD(TEXT, sf_user_row, name),
	SF_FIELD(TEXT, sf_user_row, full_name),
	SF_FIELD(U32, sf_user_row, roles),
	SF_FIELD(BOOL, sf_user_row, has_password),
	SF_FIELD(I64, sf_user_row, created_ms),
	SF_FIELD(I64, sf_user_row, revoked_ms),
	SF_FIELD(I64, sf_user_row, signed_in_ms),
	SF_FIELD(U32, sf_user_row, sessions),
};
MIRROR(user_row, sf_user_row);

static const struct sf_mirror_field feed_row_fields[] = {
	SF_FIELD(U64, sf_feed_row, cursor),
	SF_FIELD(I64, sf_feed_row, at_ms),
	SF_FIELD(U32, sf_feed_row, what),
	SF_FIELD(ID, sf_feed_row, message),
	SF_FIELD(ID, sf_feed_row, transition),
	SF_FIELD(ID, sf_feed_row, party),
	SF_FIELD(TEXT, sf_feed_row, party_name),
	SF_FIELD(ID, sf_feed_row, peer),
	SF_FIELD(TEXT, sf_feed_row, peer_name),
	SF_FIELD(U32, sf_feed_row, kind),
	SF_FIELD(U32, sf_feed_row, activity),
	SF_FIELD(U32, sf_feed_row, mode),
	SF_FIELD(U32, sf_feed_row, domains),
	SF_FIELD(U32, sf_feed_row, outcome),
	SF_FIELD(U32, sf_feed_row, ack),
	SF_FIELD(U32, sf_feed_row, code),
	SF_FIELD(U32, sf_feed_row, attempts),
};
MIRROR(feed_row, sf_feed_row);

/* clang-format on */
