#include "wire/local_tables.h"

#define MIRROR(table, record)                                                                      \
	static const struct sf_mirror table##_mirror = SF_MIRROR_OF(table, record)

/* clang-format off */

static const struct sf_mirror_field sent_reply_fields[] = {
	SF_FIELD(U32, sf_reply_sent, answer),
	SF_FIELD(ID, sf_reply_sent, message),
	SF_FIELD(ID, sf_reply_sent, transition),
	SF_FIELD_ROWS(sf_reply_sent, issues, issue_count, issue_row),
	SF_FIELD(BYTES, sf_reply_sent, acknowledgement),
	SF_FIELD(TEXT, sf_reply_sent, acknowledgement_type),
};
MIRROR(sent_reply, sf_reply_sent);

static const struct sf_mirror_field said_reply_fields[] = {
	SF_FIELD(ID, sf_reply_said, message),
	SF_FIELD(ID, sf_reply_said, transition),
	SF_FIELD(U32, sf_reply_said, domains),
};
MIRROR(said_reply, sf_reply_said);

static const struct sf_mirror_field inbox_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_inbox, rows, row_count, inbox_row),
};
MIRROR(inbox_reply, sf_reply_inbox);

static const struct sf_mirror_field message_reply_fields[] = {
	SF_FIELD_STRUCT(sf_reply_message, row, inbox_row),
	SF_FIELD(BYTES, sf_reply_message, content),
	SF_FIELD(TEXT, sf_reply_message, cpr),
	SF_FIELD(TEXT, sf_reply_message, patient_name),
	SF_FIELD(TEXT, sf_reply_message, contact_name),
	SF_FIELD(TEXT, sf_reply_message, contact_telephone),
	SF_FIELD(I64, sf_reply_message, contact_until_ms),
	SF_FIELD_ROWS(sf_reply_message, attachments, attachment_count, attachment_row),
};
MIRROR(message_reply, sf_reply_message);

static const struct sf_mirror_field acknowledgement_reply_fields[] = {
	SF_FIELD(ID, sf_reply_acknowledgement, recipient),
	SF_FIELD(TEXT, sf_reply_acknowledgement, recipient_name),
	SF_FIELD(U32, sf_reply_acknowledgement, ack),
	SF_FIELD(U32, sf_reply_acknowledgement, code),
	SF_FIELD(I64, sf_reply_acknowledgement, recorded_ms),
	SF_FIELD(BYTES, sf_reply_acknowledgement, content),
	SF_FIELD(TEXT, sf_reply_acknowledgement, content_type),
};
MIRROR(acknowledgement_reply, sf_reply_acknowledgement);

static const struct sf_mirror_field transitions_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_transitions, rows, row_count, transition_row),
	SF_FIELD(ID, sf_reply_transitions, next),
	SF_FIELD_ROWS(sf_reply_transitions, totals, total_count, total_row),
	SF_FIELD(BOOL, sf_reply_transitions, totals_whole),
};
MIRROR(transitions_reply, sf_reply_transitions);

static const struct sf_mirror_field transition_reply_fields[] = {
	SF_FIELD_STRUCT(sf_reply_transition, row, transition_row),
	SF_FIELD(U32, sf_reply_transition, stay_class),
	SF_FIELD(I64, sf_reply_transition, stay_since_ms),
	SF_FIELD(I64, sf_reply_transition, admitted_ms),
	SF_FIELD(I64, sf_reply_transition, discharged_ms),
	SF_FIELD(BOOL, sf_reply_transition, report_requested),
	SF_FIELD(U32, sf_reply_transition, parties_version),
	SF_FIELD(U32, sf_reply_transition, active),
	SF_FIELD(DIGEST, sf_reply_transition, agreement),
	SF_FIELD(DIGEST, sf_reply_transition, head),
	SF_FIELD_ROWS(sf_reply_transition, members, member_count, member_row),
	SF_FIELD_ROWS(sf_reply_transition, lines, line_count, line_row),
	SF_FIELD_ROWS(sf_reply_transition, offers, offer_count, offer_row),
	SF_FIELD_ROWS(sf_reply_transition, events, event_count, event_row),
	SF_FIELD_ROWS(sf_reply_transition, deliveries, delivery_count, delivery_row),
	SF_FIELD_STRUCT(sf_reply_transition, course, course_row),
	SF_FIELD_ROWS(sf_reply_transition, obligations, obligation_count, obligation_row),
	SF_FIELD_ROWS(sf_reply_transition, windows, window_count, window_row),
	SF_FIELD_ROWS(sf_reply_transition, deviations, deviation_count, deviation_row),
	SF_FIELD_ROWS(sf_reply_transition, contacts, contact_count, contact_row),
	SF_FIELD_STRUCT(sf_reply_transition, next, board_row),
	SF_FIELD(TEXT, sf_reply_transition, agreement_name),
	SF_FIELD(U32, sf_reply_transition, agreement_version),
	SF_FIELD(I64, sf_reply_transition, as_of_ms),
	SF_FIELD(U64, sf_reply_transition, known_sequence),
};
MIRROR(transition_reply, sf_reply_transition);

static const struct sf_mirror_field outbox_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_outbox, rows, row_count, delivery_row),
};
MIRROR(outbox_reply, sf_reply_outbox);

static const struct sf_mirror_field quarantine_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_quarantine, rows, row_count, quarantine_row),
};
MIRROR(quarantine_reply, sf_reply_quarantine);

static const struct sf_mirror_field directory_reply_fields[] = {
	SF_FIELD(U64, sf_reply_directory, version),
	SF_FIELD(DIGEST, sf_reply_directory, head),
	SF_FIELD_ROWS(sf_reply_directory, rows, row_count, directory_row),
	SF_FIELD(I64, sf_reply_directory, as_of_ms),
};
MIRROR(directory_reply, sf_reply_directory);

static const struct sf_mirror_field approved_reply_fields[] = {
	SF_FIELD(ID, sf_reply_approved, party),
	SF_FIELD(TEXT, sf_reply_approved, name),
	SF_FIELD(U64, sf_reply_approved, version),
};
MIRROR(approved_reply, sf_reply_approved);

static const struct sf_mirror_field status_reply_fields[] = {
	SF_FIELD(TEXT, sf_reply_status, program),
	SF_FIELD(TEXT, sf_reply_status, software),
	SF_FIELD(ID, sf_reply_status, party),
	SF_FIELD(TEXT, sf_reply_status, name),
	SF_FIELD(U32, sf_reply_status, role),
	SF_FIELD(BOOL, sf_reply_status, connected),
	SF_FIELD(TEXT, sf_reply_status, link),
	SF_FIELD(I64, sf_reply_status, link_since_ms),
	SF_FIELD(ID, sf_reply_status, peer),
	SF_FIELD(U32, sf_reply_status, peer_count),
	SF_FIELD(TEXT, sf_reply_status, origin),
	SF_FIELD(U32, sf_reply_status, epoch),
	SF_FIELD(U64, sf_reply_status, log_size),
	SF_FIELD(U64, sf_reply_status, directory_version),
	SF_FIELD(DIGEST, sf_reply_status, directory_head),
	SF_FIELD(I64, sf_reply_status, now_ms),
	SF_FIELD(I64, sf_reply_status, started_ms),
	SF_FIELD_ROWS(sf_reply_status, counters, counter_count, counter_row),
};
MIRROR(status_reply, sf_reply_status);

static const struct sf_mirror_field feed_reply_fields[] = {
	SF_FIELD(U64, sf_reply_feed, cursor),
	SF_FIELD_ROWS(sf_reply_feed, rows, row_count, feed_row),
};
MIRROR(feed_reply, sf_reply_feed);

static const struct sf_mirror_field board_reply_fields[] = {
	SF_FIELD(I64, sf_reply_board, now_ms),
	SF_FIELD_ROWS(sf_reply_board, rows, row_count, board_row),
};
MIRROR(board_reply, sf_reply_board);

static const struct sf_mirror_field measures_reply_fields[] = {
	SF_FIELD(ID, sf_reply_measures, last),
	SF_FIELD_ROWS(sf_reply_measures, rows, row_count, transition_measure_row),
};
MIRROR(measures_reply, sf_reply_measures);

static const struct sf_mirror_field obligations_reply_fields[] = {
	SF_FIELD(ID, sf_reply_obligations, last),
	SF_FIELD(U32, sf_reply_obligations, last_number),
	SF_FIELD_ROWS(sf_reply_obligations, rows, row_count, obligation_row),
};
MIRROR(obligations_reply, sf_reply_obligations);

static const struct sf_mirror_field agreements_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_agreements, rows, row_count, agreement_row),
};
MIRROR(agreements_reply, sf_reply_agreements);

static const struct sf_mirror_field agreement_reply_fields[] = {
	SF_FIELD_STRUCT(sf_reply_agreement, row, agreement_row),
	SF_FIELD(BYTES, sf_reply_agreement, signed_form),
	SF_FIELD_ROWS(sf_reply_agreement, acceptances, acceptance_count, acceptance_row),
};
MIRROR(agreement_reply, sf_reply_agreement);

static const struct sf_mirror_field simulated_reply_fields[] = {
	SF_FIELD(ID, sf_reply_simulated, last),
	SF_FIELD(U32, sf_reply_simulated, transition_count),
	SF_FIELD_ROWS(sf_reply_simulated, rows, row_count, simulated_row),
};
MIRROR(simulated_reply, sf_reply_simulated);

static const struct sf_mirror_field log_reply_fields[] = {
	SF_FIELD(TEXT, sf_reply_log, origin),
	SF_FIELD(U32, sf_reply_log, epoch),
	SF_FIELD(U64, sf_reply_log, size),
	SF_FIELD(DIGEST, sf_reply_log, root),
	SF_FIELD(I64, sf_reply_log, at_ms),
	SF_FIELD(BYTES, sf_reply_log, note),
	SF_FIELD(U64, sf_reply_log, witnessed_size),
	SF_FIELD(I64, sf_reply_log, witnessed_ms),
	SF_FIELD(BYTES, sf_reply_log, witnessed),
	SF_FIELD(U64, sf_reply_log, directory_version),
	SF_FIELD(U64, sf_reply_log, leaf_count),
	SF_FIELD(U64, sf_reply_log, unproven_count),
	SF_FIELD(I64, sf_reply_log, unproven_since_ms),
	SF_FIELD(U32, sf_reply_log, hospitals_needed),
	SF_FIELD(U32, sf_reply_log, municipalities_needed),
	SF_FIELD_ROWS(sf_reply_log, cosigners, cosigner_count, cosigner_row),
	SF_FIELD_ROWS(sf_reply_log, contradictions, contradiction_count, contradiction_row),
	SF_FIELD(BOOL, sf_reply_log, verified),
	SF_FIELD(U64, sf_reply_log, checked),
	SF_FIELD(TEXT, sf_reply_log, fault),
	SF_FIELD(BOOL, sf_reply_log, behind),
	SF_FIELD(TEXT, sf_reply_log, policy),
};
MIRROR(log_reply, sf_reply_log);

static const struct sf_mirror_field proof_reply_fields[] = {
	SF_FIELD(BOOL, sf_reply_proof, pending),
	SF_FIELD(U32, sf_reply_proof, epoch),
	SF_FIELD(U64, sf_reply_proof, index),
	SF_FIELD(BYTES, sf_reply_proof, proof),
};
MIRROR(proof_reply, sf_reply_proof);

static const struct sf_mirror_field evidence_reply_fields[] = {
	SF_FIELD(BYTES, sf_reply_evidence, evidence),
};
MIRROR(evidence_reply, sf_reply_evidence);

static const struct sf_mirror_field erased_reply_fields[] = {
	SF_FIELD(BOOL, sf_reply_erased, done),
	SF_FIELD(I64, sf_reply_erased, at_ms),
	SF_FIELD(ID, sf_reply_erased, transition),
	SF_FIELD_ROWS(sf_reply_erased, rows, row_count, erased_row),
	SF_FIELD_ROWS(sf_reply_erased, asked, asked_count, asked_row),
};
MIRROR(erased_reply, sf_reply_erased);

static const struct sf_mirror_field access_log_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_access_log, rows, row_count, access_row),
};
MIRROR(access_log_reply, sf_reply_access_log);

static const struct sf_mirror_field tokens_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_tokens, rows, row_count, token_row),
};
MIRROR(tokens_reply, sf_reply_tokens);

static const struct sf_mirror_field token_created_reply_fields[] = {
	SF_FIELD(TEXT, sf_reply_token_created, name),
	SF_FIELD(TEXT, sf_reply_token_created, secret),
	SF_FIELD(U32, sf_reply_token_created, roles),
};
MIRROR(token_created_reply, sf_reply_token_created);

static const struct sf_mirror_field channels_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_channels, rows, row_count, channel_row),
};
MIRROR(channels_reply, sf_reply_channels);

static const struct sf_mirror_field aside_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_aside, rows, row_count, aside_row),
};
MIRROR(aside_reply, sf_reply_aside);

static const struct sf_mirror_field hook_added_reply_fields[] = {
	SF_FIELD(TEXT, sf_reply_hook_added, name),
	SF_FIELD(TEXT, sf_reply_hook_added, secret),
};
MIRROR(hook_added_reply, sf_reply_hook_added);

static const struct sf_mirror_field handout_reply_fields[] = {
	SF_FIELD(U64, sf_reply_handout, version),
	SF_FIELD(BOOL, sf_reply_handout, known),
	SF_FIELD(BOOL, sf_reply_handout, paused),
	SF_FIELD(U64, sf_reply_handout, resumed),
	SF_FIELD(ID, sf_reply_handout, self),
	SF_FIELD(TEXT, sf_reply_handout, url),
	SF_FIELD(BYTES, sf_reply_handout, secret),
	SF_FIELD_ROWS(sf_reply_handout, rows, row_count, feed_row),
	SF_FIELD(BYTES, sf_reply_handout, content),
	SF_FIELD(TEXT, sf_reply_handout, content_type),
};
MIRROR(handout_reply, sf_reply_handout);

static const struct sf_mirror_field trace_reply_fields[] = {
	SF_FIELD(ID, sf_reply_trace, message),
	SF_FIELD(ID, sf_reply_trace, transition),
	SF_FIELD_ROWS(sf_reply_trace, rows, row_count, step_row),
};
MIRROR(trace_reply, sf_reply_trace);

static const struct sf_mirror_field replayed_reply_fields[] = {
	SF_FIELD(BOOL, sf_reply_replayed, resent),
};
MIRROR(replayed_reply, sf_reply_replayed);

static const struct sf_mirror_field epoch_reply_fields[] = {
	SF_FIELD(BOOL, sf_reply_epoch, begun),
	SF_FIELD(U32, sf_reply_epoch, epoch),
	SF_FIELD(U64, sf_reply_epoch, common_size),
	SF_FIELD(U64, sf_reply_epoch, largest_size),
	SF_FIELD(U64, sf_reply_epoch, directory_version),
	SF_FIELD(BYTES, sf_reply_epoch, record),
};
MIRROR(epoch_reply, sf_reply_epoch);

static const struct sf_mirror_field patient_reply_fields[] = {
	SF_FIELD(ID, sf_reply_patient, transition),
	SF_FIELD(TEXT, sf_reply_patient, name),
	SF_FIELD(TEXT, sf_reply_patient, cpr),
};
MIRROR(patient_reply, sf_reply_patient);

static const struct sf_mirror_field stay_reply_fields[] = {
	SF_FIELD(ID, sf_reply_stay, transition),
	SF_FIELD(U32, sf_reply_stay, state),
	SF_FIELD(U32, sf_reply_stay, stay_class),
	SF_FIELD(I64, sf_reply_stay, since_ms),
	SF_FIELD(I64, sf_reply_stay, admitted_ms),
	SF_FIELD(U32, sf_reply_stay, next),
	SF_FIELD(ID, sf_reply_stay, latest),
	SF_FIELD(U32, sf_reply_stay, latest_activity),
	SF_FIELD(I64, sf_reply_stay, latest_ms),
	SF_FIELD(ID, sf_reply_stay, municipality),
	SF_FIELD(TEXT, sf_reply_stay, municipality_name),
};
MIRROR(stay_reply, sf_reply_stay);
static const struct sf_mirror_field users_reply_fields[] = {
	SF_FIELD_ROWS(sf_reply_users, rows, row_count, user_row),
};
MIRROR(users_reply, sf_reply_users);

static const struct sf_mirror_field user_linked_reply_fields[] = {
	SF_FIELD(TEXT, sf_reply_user_linked, name),
	SF_FIELD(TEXT, sf_reply_user_linked, code),
	SF_FIELD(I64, sf_reply_user_linked, until_ms),
};
MIRROR(user_linked_reply, sf_reply_user_linked);

static const struct sf_mirror_field password_reply_fields[] = {
	SF_FIELD(BYTES, sf_reply_password, salt),
	SF_FIELD(U32, sf_reply_password, passes),
	SF_FIELD(U32, sf_reply_password, memory_kib),
};
MIRROR(password_reply, sf_reply_password);

static const struct sf_mirror_field ended_reply_fields[] = {
	SF_FIELD(U64, sf_reply_ended, newest),
	SF_FIELD(BOOL, sf_reply_ended, all),
	SF_FIELD(BYTES, sf_reply_ended, digests),
};
MIRROR(ended_reply, sf_reply_ended);

static const struct sf_mirror_field session_reply_fields[] = {
	SF_FIELD(TEXT, sf_reply_session, program),
	SF_FIELD(TEXT, sf_reply_session, user),
	SF_FIELD(TEXT, sf_reply_session, full_name),
	SF_FIELD(U32, sf_reply_session, roles),
	SF_FIELD(ID, sf_reply_session, party),
	SF_FIELD(TEXT, sf_reply_session, party_name),
	SF_FIELD(U32, sf_reply_session, party_role),
	SF_FIELD(TEXT, sf_reply_session, secret),
	SF_FIELD(TEXT, sf_reply_session, csrf),
	SF_FIELD(U32, sf_reply_session, idle_ms),
	SF_FIELD(I64, sf_reply_session, until_ms),
};
MIRROR(session_reply, sf_reply_session);

static const struct sf_mirror_field upload_reply_fields[] = {
	SF_FIELD(ID, sf_reply_upload, upload),
	SF_FIELD(U64, sf_reply_upload, size),
	SF_FIELD(U64, sf_reply_upload, offset),
	SF_FIELD(BOOL, sf_reply_upload, whole),
};
MIRROR(upload_reply, sf_reply_upload);

static const struct sf_mirror_field attachment_reply_fields[] = {
	SF_FIELD_STRUCT(sf_reply_attachment, row, attachment_row),
	SF_FIELD(ID, sf_reply_attachment, transition),
	SF_FIELD(U64, sf_reply_attachment, offset),
	SF_FIELD(BYTES, sf_reply_attachment, content),
};
MIRROR(attachment_reply, sf_reply_attachment);

static const struct sf_mirror *const mirrors[] = {
#define X(symbol, number, member) [symbol] = &member##_reply_mirror,
	SF_REPLY_LIST(X)
#undef X
};

/* clang-format on */

const struct sf_mirror *sf_local_reply_mirror(size_t kind)
{
	return kind < SF_COUNT(mirrors) ? mirrors[kind] : NULL;
}
