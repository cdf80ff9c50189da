#include "wire/local_tables.h"

/* clang-format off */

static const struct sf_mirror_field send_request_fields[] = {
	SF_FIELD(TEXT, sf_request_send, content_type),
	SF_FIELD(BYTES, sf_request_send, content),
	SF_FIELD(TEXT, sf_request_send, gp),
	SF_FIELD(TEXT, sf_request_send, municipality),
};
static const struct sf_mirror send_request_mirror = SF_MIRROR_OF(send_request, sf_request_send);

static const struct sf_mirror_field inbox_request_fields[] = {
	SF_FIELD(U64, sf_request_inbox, after),
	SF_FIELD(U32, sf_request_inbox, count_max),
	SF_FIELD(BOOL, sf_request_inbox, only_unhandled),
	SF_FIELD(ID, sf_request_inbox, transition),
	SF_FIELD(U32, sf_request_inbox, wait_ms),
};
static const struct sf_mirror inbox_request_mirror = SF_MIRROR_OF(inbox_request, sf_request_inbox);

static const struct sf_mirror_field message_request_fields[] = {
	SF_FIELD(ID, sf_request_message, message),
};
static const struct sf_mirror message_request_mirror = SF_MIRROR_OF(message_request, sf_request_message);

static const struct sf_mirror_field handled_request_fields[] = {
	SF_FIELD(ID, sf_request_handled, message),
};
static const struct sf_mirror handled_request_mirror = SF_MIRROR_OF(handled_request, sf_request_handled);

static const struct sf_mirror_field acknowledgement_request_fields[] = {
	SF_FIELD(ID, sf_request_acknowledgement, message),
	SF_FIELD(TEXT, sf_request_acknowledgement, recipient),
};
static const struct sf_mirror acknowledgement_request_mirror = SF_MIRROR_OF(acknowledgement_request, sf_request_acknowledgement);

static const struct sf_mirror_field accept_request_fields[] = {
	SF_FIELD(ID, sf_request_accept, id),
	SF_FIELD(U32, sf_request_accept, domains),
	SF_FIELD(BOOL, sf_request_accept, by_person),
};
static const struct sf_mirror accept_request_mirror = SF_MIRROR_OF(accept_request, sf_request_accept);

static const struct sf_mirror_field refuse_request_fields[] = {
	SF_FIELD(ID, sf_request_refuse, id),
	SF_FIELD(U32, sf_request_refuse, refer_to_role),
	SF_FIELD(TEXT, sf_request_refuse, refer_to_party),
	SF_FIELD(BOOL, sf_request_refuse, not_ours),
};
static const struct sf_mirror refuse_request_mirror = SF_MIRROR_OF(refuse_request, sf_request_refuse);

static const struct sf_mirror_field offer_request_fields[] = {
	SF_FIELD(ID, sf_request_offer, transition),
	SF_FIELD(U32, sf_request_offer, domains),
	SF_FIELD(U32, sf_request_offer, to),
};
static const struct sf_mirror offer_request_mirror = SF_MIRROR_OF(offer_request, sf_request_offer);

static const struct sf_mirror_field withdraw_request_fields[] = {
	SF_FIELD(ID, sf_request_withdraw, message),
	SF_FIELD(U32, sf_request_withdraw, domains),
};
static const struct sf_mirror withdraw_request_mirror = SF_MIRROR_OF(withdraw_request, sf_request_withdraw);

static const struct sf_mirror_field transitions_request_fields[] = {
	SF_FIELD(ID, sf_request_transitions, after),
	SF_FIELD(U32, sf_request_transitions, count_max),
	SF_FIELD(BOOL, sf_request_transitions, only_open),
};
static const struct sf_mirror transitions_request_mirror = SF_MIRROR_OF(transitions_request, sf_request_transitions);

static const struct sf_mirror_field transition_request_fields[] = {
	SF_FIELD(ID, sf_request_transition, transition),
	SF_FIELD(I64, sf_request_transition, at_ms),
	SF_FIELD(TEXT, sf_request_transition, known_by),
};
static const struct sf_mirror transition_request_mirror = SF_MIRROR_OF(transition_request, sf_request_transition);

static const struct sf_mirror_field outbox_request_fields[] = {
	SF_FIELD(U64, sf_request_outbox, after),
	SF_FIELD(U32, sf_request_outbox, count_max),
	SF_FIELD(BOOL, sf_request_outbox, only_open),
	SF_FIELD(ID, sf_request_outbox, message),
	SF_FIELD(ID, sf_request_outbox, transition),
};
static const struct sf_mirror outbox_request_mirror = SF_MIRROR_OF(outbox_request, sf_request_outbox);

static const struct sf_mirror_field resend_request_fields[] = {
	SF_FIELD(ID, sf_request_resend, message),
};
static const struct sf_mirror resend_request_mirror = SF_MIRROR_OF(resend_request, sf_request_resend);

static const struct sf_mirror_field quarantine_request_fields[] = {
	SF_FIELD(U64, sf_request_quarantine, after),
	SF_FIELD(U32, sf_request_quarantine, count_max),
};
static const struct sf_mirror quarantine_request_mirror = SF_MIRROR_OF(quarantine_request, sf_request_quarantine);

static const struct sf_mirror_field directory_request_fields[] = {
	SF_FIELD(TEXT, sf_request_directory, party),
};
static const struct sf_mirror directory_request_mirror = SF_MIRROR_OF(directory_request, sf_request_directory);

static const struct sf_mirror_field approve_request_fields[] = {
	SF_FIELD(BYTES, sf_request_approve, record),
};
static const struct sf_mirror approve_request_mirror = SF_MIRROR_OF(approve_request, sf_request_approve);

static const struct sf_mirror_field status_request_fields[] = {
	SF_FIELD(BOOL, sf_request_status, counters),
};
static const struct sf_mirror status_request_mirror = SF_MIRROR_OF(status_request, sf_request_status);

static const struct sf_mirror_field feed_request_fields[] = {
	SF_FIELD(U64, sf_request_feed, after),
	SF_FIELD(U32, sf_request_feed, count_max),
	SF_FIELD(U32, sf_request_feed, wait_ms),
};
static const struct sf_mirror feed_request_mirror = SF_MIRROR_OF(feed_request, sf_request_feed);

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
};
static const struct sf_mirror say_request_mirror = SF_MIRROR_OF(say_request, sf_request_say);

static const struct sf_mirror_field bind_request_fields[] = {
	SF_FIELD(ID, sf_request_bind, transition),
	SF_FIELD(U32, sf_request_bind, role),
	SF_FIELD(TEXT, sf_request_bind, party),
	SF_FIELD(U32, sf_request_bind, pathway),
	SF_FIELD(U32, sf_request_bind, active),
};
static const struct sf_mirror bind_request_mirror = SF_MIRROR_OF(bind_request, sf_request_bind);

static const struct sf_mirror_field board_request_fields[] = {
	SF_FIELD(TEXT, sf_request_board, party),
	SF_FIELD(BOOL, sf_request_board, only_overdue),
	SF_FIELD(U32, sf_request_board, count_max),
};
static const struct sf_mirror board_request_mirror = SF_MIRROR_OF(board_request, sf_request_board);

static const struct sf_mirror_field measures_request_fields[] = {
	SF_FIELD(I64, sf_request_measures, from_ms),
	SF_FIELD(I64, sf_request_measures, to_ms),
	SF_FIELD(ID, sf_request_measures, after),
	SF_FIELD(U32, sf_request_measures, count_max),
};
static const struct sf_mirror measures_request_mirror = SF_MIRROR_OF(measures_request, sf_request_measures);

static const struct sf_mirror_field propose_request_fields[] = {
	SF_FIELD(BYTES, sf_request_propose, agreement),
};
static const struct sf_mirror propose_request_mirror = SF_MIRROR_OF(propose_request, sf_request_propose);

static const struct sf_mirror_field agreements_request_fields[] = {
	SF_FIELD(U32, sf_request_agreements, count_max),
};
static const struct sf_mirror agreements_request_mirror = SF_MIRROR_OF(agreements_request, sf_request_agreements);

static const struct sf_mirror_field agreement_request_fields[] = {
	SF_FIELD(TEXT, sf_request_agreement, reference),
};
static const struct sf_mirror agreement_request_mirror = SF_MIRROR_OF(agreement_request, sf_request_agreement);

static const struct sf_mirror_field sign_agreement_request_fields[] = {
	SF_FIELD(TEXT, sf_request_sign_agreement, reference),
	SF_FIELD(BOOL, sf_request_sign_agreement, end),
	SF_FIELD(TEXT, sf_request_sign_agreement, on_behalf),
};
static const struct sf_mirror sign_agreement_request_mirror = SF_MIRROR_OF(sign_agreement_request, sf_request_sign_agreement);

static const struct sf_mirror_field simulate_request_fields[] = {
	SF_FIELD(BYTES, sf_request_simulate, agreement),
	SF_FIELD(ID, sf_request_simulate, after),
	SF_FIELD(U32, sf_request_simulate, count_max),
};
static const struct sf_mirror simulate_request_mirror = SF_MIRROR_OF(simulate_request, sf_request_simulate);

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
