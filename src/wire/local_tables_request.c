#include "wire/local_tables.h"

#define MIRROR(table, record)                                                                      \
	static const struct sf_mirror table##_mirror = SF_MIRROR_OF(table, record)

/* clang-format off */

static const struct sf_mirror_field send_request_fields[] = {
	SF_FIELD(TEXT, sf_request_send, content_type),
	SF_FIELD(BYTES, sf_request_send, content),
	SF_FIELD(TEXT, sf_request_send, gp),
	SF_FIELD(TEXT, sf_request_send, municipality),
	SF_FIELD(TEXT, sf_request_send, response_url),
	SF_FIELD(BYTES, sf_request_send, attachments),
};
MIRROR(send_request, sf_request_send);

static const struct sf_mirror_field inbox_request_fields[] = {
	SF_FIELD(U64, sf_request_inbox, after),
	SF_FIELD(U32, sf_request_inbox, count_max),
	SF_FIELD(BOOL, sf_request_inbox, only_unhandled),
	SF_FIELD(ID, sf_request_inbox, transition),
	SF_FIELD(U32, sf_request_inbox, wait_ms),
};
MIRROR(inbox_request, sf_request_inbox);

static const struct sf_mirror_field message_request_fields[] = {
	SF_FIELD(ID, sf_request_message, message),
};
MIRROR(message_request, sf_request_message);

static const struct sf_mirror_field handled_request_fields[] = {
	SF_FIELD(ID, sf_request_handled, message),
};
MIRROR(handled_request, sf_request_handled);

static const struct sf_mirror_field acknowledgement_request_fields[] = {
	SF_FIELD(ID, sf_request_acknowledgement, message),
	SF_FIELD(TEXT, sf_request_acknowledgement, recipient),
	SF_FIELD(TEXT, sf_request_acknowledgement, content_type),
};
MIRROR(acknowledgement_request, sf_request_acknowledgement);

static const struct sf_mirror_field accept_request_fields[] = {
	SF_FIELD(ID, sf_request_accept, id),
	SF_FIELD(U32, sf_request_accept, domains),
	SF_FIELD(BOOL, sf_request_accept, by_person),
};
MIRROR(accept_request, sf_request_accept);

static const struct sf_mirror_field refuse_request_fields[] = {
	SF_FIELD(ID, sf_request_refuse, id),
	SF_FIELD(U32, sf_request_refuse, refer_to_role),
	SF_FIELD(TEXT, sf_request_refuse, refer_to_party),
	SF_FIELD(BOOL, sf_request_refuse, not_ours),
};
MIRROR(refuse_request, sf_request_refuse);

static const struct sf_mirror_field offer_request_fields[] = {
	SF_FIELD(ID, sf_request_offer, transition),
	SF_FIELD(U32, sf_request_offer, domains),
	SF_FIELD(U32, sf_request_offer, to),
};
MIRROR(offer_request, sf_request_offer);

static const struct sf_mirror_field withdraw_request_fields[] = {
	SF_FIELD(ID, sf_request_withdraw, message),
	SF_FIELD(U32, sf_request_withdraw, domains),
};
MIRROR(withdraw_request, sf_request_withdraw);

static const struct sf_mirror_field transitions_request_fields[] = {
	SF_FIELD(ID, sf_request_transitions, after),
	SF_FIELD(U32, sf_request_transitions, count_max),
	SF_FIELD(BOOL, sf_request_transitions, only_open),
	SF_FIELD(I64, sf_request_transitions, since_ms),
	SF_FIELD(U32, sf_request_transitions, state),
	SF_FIELD(TEXT, sf_request_transitions, hospital),
	SF_FIELD(TEXT, sf_request_transitions, municipality),
	SF_FIELD(U32, sf_request_transitions, pathway),
	SF_FIELD(BOOL, sf_request_transitions, totals),
};
MIRROR(transitions_request, sf_request_transitions);

static const struct sf_mirror_field transition_request_fields[] = {
	SF_FIELD(ID, sf_request_transition, transition),
	SF_FIELD(I64, sf_request_transition, at_ms),
	SF_FIELD(TEXT, sf_request_transition, known_by),
};
MIRROR(transition_request, sf_request_transition);

static const struct sf_mirror_field outbox_request_fields[] = {
	SF_FIELD(U64, sf_request_outbox, after),
	SF_FIELD(U32, sf_request_outbox, count_max),
	SF_FIELD(BOOL, sf_request_outbox, only_open),
	SF_FIELD(ID, sf_request_outbox, message),
	SF_FIELD(ID, sf_request_outbox, transition),
};
MIRROR(outbox_request, sf_request_outbox);

static const struct sf_mirror_field resend_request_fields[] = {
	SF_FIELD(ID, sf_request_resend, message),
};
MIRROR(resend_request, sf_request_resend);

static const struct sf_mirror_field quarantine_request_fields[] = {
	SF_FIELD(U64, sf_request_quarantine, after),
	SF_FIELD(U32, sf_request_quarantine, count_max),
};
MIRROR(quarantine_request, sf_request_quarantine);

static const struct sf_mirror_field directory_request_fields[] = {
	SF_FIELD(TEXT, sf_request_directory, party),
};
MIRROR(directory_request, sf_request_directory);

static const struct sf_mirror_field approve_request_fields[] = {
	SF_FIELD(BYTES, sf_request_approve, record),
};
MIRROR(approve_request, sf_request_approve);

static const struct sf_mirror_field status_request_fields[] = {
	SF_FIELD(BOOL, sf_request_status, counters),
};
MIRROR(status_request, sf_request_status);

static const struct sf_mirror_field feed_request_fields[] = {
	SF_FIELD(U64, sf_request_feed, after),
	SF_FIELD(U32, sf_request_feed, count_max),
	SF_FIELD(U32, sf_request_feed, wait_ms),
};
MIRROR(feed_request, sf_request_feed);

static const struct sf_mirror_field say_request_fields[] = {
	SF_FIELD(ID, sf_request_say, transition),
	SF_FIELD(BYTES, sf_request_say, fact),
	SF_FIELD(U32, sf_request_say, kind),
	SF_FIELD(ID, sf_request_say, in_reply_to),
	SF_FIELD(I64, sf_request_say, occurred_ms),
	SF_FIELD(U32, sf_request_say, to_roles),
	SF_FIELD(TEXT, sf_request_say, to_party),
	SF_FIELD(TEXT, sf_request_say, content_type),
	SF_FIELD(BYTES, sf_request_say, content),
	SF_FIELD(TEXT, sf_request_say, contact_name),
	SF_FIELD(TEXT, sf_request_say, contact_telephone),
	SF_FIELD(I64, sf_request_say, contact_until_ms),
	SF_FIELD(BYTES, sf_request_say, attachments),
};
MIRROR(say_request, sf_request_say);

static const struct sf_mirror_field bind_request_fields[] = {
	SF_FIELD(ID, sf_request_bind, transition),
	SF_FIELD(U32, sf_request_bind, role),
	SF_FIELD(TEXT, sf_request_bind, party),
	SF_FIELD(U32, sf_request_bind, pathway),
	SF_FIELD(U32, sf_request_bind, active),
};
MIRROR(bind_request, sf_request_bind);

static const struct sf_mirror_field board_request_fields[] = {
	SF_FIELD(TEXT, sf_request_board, party),
	SF_FIELD(BOOL, sf_request_board, only_overdue),
	SF_FIELD(U32, sf_request_board, count_max),
};
MIRROR(board_request, sf_request_board);

static const struct sf_mirror_field measures_request_fields[] = {
	SF_FIELD(I64, sf_request_measures, from_ms),
	SF_FIELD(I64, sf_request_measures, to_ms),
	SF_FIELD(ID, sf_request_measures, after),
	SF_FIELD(U32, sf_request_measures, count_max),
};
MIRROR(measures_request, sf_request_measures);

static const struct sf_mirror_field propose_request_fields[] = {
	SF_FIELD(BYTES, sf_request_propose, agreement),
};
MIRROR(propose_request, sf_request_propose);

static const struct sf_mirror_field agreements_request_fields[] = {
	SF_FIELD(U32, sf_request_agreements, count_max),
};
MIRROR(agreements_request, sf_request_agreements);

static const struct sf_mirror_field agreement_request_fields[] = {
	SF_FIELD(TEXT, sf_request_agreement, reference),
};
MIRROR(agreement_request, sf_request_agreement);

static const struct sf_mirror_field sign_agreement_request_fields[] = {
	SF_FIELD(TEXT, sf_request_sign_agreement, reference),
	SF_FIELD(BOOL, sf_request_sign_agreement, end),
	SF_FIELD(TEXT, sf_request_sign_agreement, on_behalf),
};
MIRROR(sign_agreement_request, sf_request_sign_agreement);

static const struct sf_mirror_field simulate_request_fields[] = {
	SF_FIELD(BYTES, sf_request_simulate, agreement),
	SF_FIELD(ID, sf_request_simulate, after),
	SF_FIELD(U32, sf_request_simulate, count_max),
};
MIRROR(simulate_request, sf_request_simulate);

static const struct sf_mirror_field log_request_fields[] = {
	SF_FIELD(BOOL, sf_request_log, verify),
	SF_FIELD(U64, sf_request_log, after_size),
	SF_FIELD(U32, sf_request_log, wait_ms),
};
MIRROR(log_request, sf_request_log);

static const struct sf_mirror_field proof_request_fields[] = {
	SF_FIELD(ID, sf_request_proof, message),
};
MIRROR(proof_request, sf_request_proof);

static const struct sf_mirror_field evidence_request_fields[] = {
	SF_FIELD(ID, sf_request_evidence, transition),
};
MIRROR(evidence_request, sf_request_evidence);

static const struct sf_mirror_field erase_request_fields[] = {
	SF_FIELD(ID, sf_request_erase, transition),
	SF_FIELD(U32, sf_request_erase, ground),
	SF_FIELD(BOOL, sf_request_erase, preview),
};
MIRROR(erase_request, sf_request_erase);

static const struct sf_mirror_field access_log_request_fields[] = {
	SF_FIELD(U64, sf_request_access_log, after),
	SF_FIELD(U32, sf_request_access_log, count_max),
	SF_FIELD(ID, sf_request_access_log, transition),
};
MIRROR(access_log_request, sf_request_access_log);

static const struct sf_mirror_field tokens_request_fields[] = {
	SF_FIELD(BOOL, sf_request_tokens, only_valid),
};
MIRROR(tokens_request, sf_request_tokens);

static const struct sf_mirror_field token_create_request_fields[] = {
	SF_FIELD(TEXT, sf_request_token_create, name),
	SF_FIELD(U32, sf_request_token_create, roles),
};
MIRROR(token_create_request, sf_request_token_create);

static const struct sf_mirror_field token_revoke_request_fields[] = {
	SF_FIELD(TEXT, sf_request_token_revoke, name),
};
MIRROR(token_revoke_request, sf_request_token_revoke);

static const struct sf_mirror_field obligations_request_fields[] = {
	SF_FIELD(ID, sf_request_obligations, transition),
	SF_FIELD(ID, sf_request_obligations, subject),
	SF_FIELD(TEXT, sf_request_obligations, owner),
	SF_FIELD(U32, sf_request_obligations, states),
	SF_FIELD(I64, sf_request_obligations, since_ms),
	SF_FIELD(ID, sf_request_obligations, after),
	SF_FIELD(U32, sf_request_obligations, after_number),
	SF_FIELD(U32, sf_request_obligations, count_max),
};
MIRROR(obligations_request, sf_request_obligations);
static const struct sf_mirror_field channels_request_fields[] = {
	SF_FIELD(TEXT, sf_request_channels, name),
};
MIRROR(channels_request, sf_request_channels);

static const struct sf_mirror_field channel_pause_request_fields[] = {
	SF_FIELD(TEXT, sf_request_channel_pause, name),
	SF_FIELD(BOOL, sf_request_channel_pause, paused),
};
MIRROR(channel_pause_request, sf_request_channel_pause);

static const struct sf_mirror_field hook_add_request_fields[] = {
	SF_FIELD(TEXT, sf_request_hook_add, url),
	SF_FIELD(U64, sf_request_hook_add, events),
	SF_FIELD(BOOL, sf_request_hook_add, responses),
};
MIRROR(hook_add_request, sf_request_hook_add);

static const struct sf_mirror_field hook_remove_request_fields[] = {
	SF_FIELD(TEXT, sf_request_hook_remove, name),
};
MIRROR(hook_remove_request, sf_request_hook_remove);

static const struct sf_mirror_field handout_request_fields[] = {
	SF_FIELD(TEXT, sf_request_handout, channel),
	SF_FIELD(U64, sf_request_handout, done),
	SF_FIELD(U32, sf_request_handout, failed),
	SF_FIELD(U32, sf_request_handout, fault),
	SF_FIELD(U64, sf_request_handout, seen),
	SF_FIELD(U32, sf_request_handout, wait_ms),
	SF_FIELD(U64, sf_request_handout, tried),
	SF_FIELD(U32, sf_request_handout, refused),
};
MIRROR(handout_request, sf_request_handout);

static const struct sf_mirror_field aside_request_fields[] = {
	SF_FIELD(TEXT, sf_request_aside, channel),
	SF_FIELD(U64, sf_request_aside, after),
	SF_FIELD(U32, sf_request_aside, count_max),
};
MIRROR(aside_request, sf_request_aside);

static const struct sf_mirror_field aside_again_request_fields[] = {
	SF_FIELD(TEXT, sf_request_aside_again, channel),
	SF_FIELD(ID, sf_request_aside_again, message),
};
MIRROR(aside_again_request, sf_request_aside_again);

static const struct sf_mirror_field trace_request_fields[] = {
	SF_FIELD(ID, sf_request_trace, message),
};
MIRROR(trace_request, sf_request_trace);

static const struct sf_mirror_field replay_request_fields[] = {
	SF_FIELD(ID, sf_request_replay, message),
};
MIRROR(replay_request, sf_request_replay);

static const struct sf_mirror_field epoch_request_fields[] = {
	SF_FIELD(BYTES, sf_request_epoch, record),
};
MIRROR(epoch_request, sf_request_epoch);

static const struct sf_mirror_field patient_request_fields[] = {
	SF_FIELD(ID, sf_request_patient, transition),
	SF_FIELD(BOOL, sf_request_patient, reveal),
};
MIRROR(patient_request, sf_request_patient);

static const struct sf_mirror_field find_request_fields[] = {
	SF_FIELD(TEXT, sf_request_find, cpr),
};
MIRROR(find_request, sf_request_find);
static const struct sf_mirror_field users_request_fields[] = {
	SF_FIELD(BOOL, sf_request_users, only_valid),
};
MIRROR(users_request, sf_request_users);

static const struct sf_mirror_field user_create_request_fields[] = {
	SF_FIELD(TEXT, sf_request_user_create, name),
	SF_FIELD(TEXT, sf_request_user_create, full_name),
	SF_FIELD(TEXT, sf_request_user_create, password),
	SF_FIELD(U32, sf_request_user_create, roles),
};
MIRROR(user_create_request, sf_request_user_create);

static const struct sf_mirror_field user_password_request_fields[] = {
	SF_FIELD(TEXT, sf_request_user_password, name),
	SF_FIELD(TEXT, sf_request_user_password, password),
};
MIRROR(user_password_request, sf_request_user_password);

static const struct sf_mirror_field user_revoke_request_fields[] = {
	SF_FIELD(TEXT, sf_request_user_revoke, name),
};
MIRROR(user_revoke_request, sf_request_user_revoke);

static const struct sf_mirror_field user_link_request_fields[] = {
	SF_FIELD(TEXT, sf_request_user_link, name),
};
MIRROR(user_link_request, sf_request_user_link);

static const struct sf_mirror_field sign_in_request_fields[] = {
	SF_FIELD(TEXT, sf_request_sign_in, user),
	SF_FIELD(TEXT, sf_request_sign_in, password),
	SF_FIELD(TEXT, sf_request_sign_in, code),
	SF_FIELD(DIGEST, sf_request_sign_in, hash),
};
MIRROR(sign_in_request, sf_request_sign_in);

static const struct sf_mirror_field session_request_fields[] = {
	SF_FIELD(U32, sf_request_session, act),
};
MIRROR(session_request, sf_request_session);

static const struct sf_mirror_field ended_request_fields[] = {
	SF_FIELD(U64, sf_request_ended, after),
	SF_FIELD(U32, sf_request_ended, wait_ms),
};
MIRROR(ended_request, sf_request_ended);

static const struct sf_mirror_field upload_request_fields[] = {
	SF_FIELD(TEXT, sf_request_upload, name),
	SF_FIELD(TEXT, sf_request_upload, content_type),
	SF_FIELD(U64, sf_request_upload, size),
};
MIRROR(upload_request, sf_request_upload);

static const struct sf_mirror_field upload_part_request_fields[] = {
	SF_FIELD(ID, sf_request_upload_part, upload),
	SF_FIELD(U64, sf_request_upload_part, offset),
	SF_FIELD(BYTES, sf_request_upload_part, content),
};
MIRROR(upload_part_request, sf_request_upload_part);

static const struct sf_mirror_field upload_drop_request_fields[] = {
	SF_FIELD(ID, sf_request_upload_drop, upload),
};
MIRROR(upload_drop_request, sf_request_upload_drop);

static const struct sf_mirror_field attachment_request_fields[] = {
	SF_FIELD(ID, sf_request_attachment, message),
	SF_FIELD(U32, sf_request_attachment, number),
	SF_FIELD(U64, sf_request_attachment, offset),
	SF_FIELD(U32, sf_request_attachment, size_max),
};
MIRROR(attachment_request, sf_request_attachment);

static const struct sf_mirror_field notify_request_fields[] = {
	SF_FIELD(ID, sf_request_notify, transition),
	SF_FIELD(U32, sf_request_notify, mode),
	SF_FIELD(U32, sf_request_notify, activity),
	SF_FIELD(I64, sf_request_notify, at_ms),
	SF_FIELD(TEXT, sf_request_notify, cpr),
	SF_FIELD(TEXT, sf_request_notify, given),
	SF_FIELD(TEXT, sf_request_notify, family),
	SF_FIELD(TEXT, sf_request_notify, department),
	SF_FIELD(TEXT, sf_request_notify, ward),
	SF_FIELD(BOOL, sf_request_notify, report_requested),
	SF_FIELD(TEXT, sf_request_notify, municipality),
	SF_FIELD(TEXT, sf_request_notify, gp),
	SF_FIELD(ID, sf_request_notify, latest),
};
MIRROR(notify_request, sf_request_notify);

static const struct sf_mirror_field stay_request_fields[] = {
	SF_FIELD(ID, sf_request_stay, transition),
};
MIRROR(stay_request, sf_request_stay);

static const struct sf_mirror *const mirrors[] = {
#define X(symbol, number, member) [symbol] = &member##_request_mirror,
	SF_REQUEST_LIST(X)
#undef X
};

/* clang-format on */

const struct sf_mirror *sf_local_request_mirror(size_t kind)
{
	return kind < SF_COUNT(mirrors) ? mirrors[kind] : NULL;
}
