#include "wire/local_check.h"

#include "wire/code.h"
#include "wire/fact.h"
#include "wire/field.h"

/* Every role that a party of a transition can have; the last two of the list are none of them. */
#define ROLE_BIT(symbol, number, text) (symbol < SF_ROLE_COORDINATOR ? 1u << (symbol & 31u) : 0u) |
#define ROLES_ALL (SF_ROLE_LIST(ROLE_BIT) 0u)

/* What has a request of its own, is an agreement's, or is never said by a party's people, is not.
 */
static bool is_said(enum sf_kind kind)
{
	switch (kind) {
		/* clang-format off */
	case SF_KIND_INTENT: case SF_KIND_ASSESSMENT: case SF_KIND_PLAN: case SF_KIND_PLAN_ANSWER:
	case SF_KIND_READY: case SF_KIND_READY_WITHDRAWN: case SF_KIND_AGREE: case SF_KIND_ARRIVED:
	case SF_KIND_LETTER: case SF_KIND_OBLIGATION: case SF_KIND_QUESTION: case SF_KIND_ANSWER:
	case SF_KIND_WINDOW: case SF_KIND_DISPUTE: case SF_KIND_RESOLVE: case SF_KIND_FALLBACK:
	case SF_KIND_CLOSE: case SF_KIND_REOPEN:
		return true;
	case SF_KIND_NONE:
	case SF_KIND_PARTIES: case SF_KIND_STAY: case SF_KIND_OFFER: case SF_KIND_ACCEPT:
	case SF_KIND_REFUSE: case SF_KIND_WITHDRAW: case SF_KIND_ACKNOWLEDGEMENT:
	case SF_KIND_AGREEMENT_PROPOSE: case SF_KIND_AGREEMENT_ACCEPT: case SF_KIND_AGREEMENT_END:
	case SF_KIND_EXPIRED: case SF_KIND_ESCALATED: case SF_KIND_WINDOW_ENDED:
	case SF_KIND_PASSED: case SF_KIND_SILENT: case SF_KIND_CLOSED: case SF_KIND_LINKED:
	case SF_KIND_ACCESS: case SF_KIND_ERASED: case SF_KIND_ALARM:
		break;
		/* clang-format on */
	}
	return false;
}

static enum sf_err check_say(const struct sf_request_say *say, struct sf_diag *diag)
{
	if (!sf_kind_is_read(say->kind)) {
		sf_diag_set(diag, "a kind of fact that this version does not know");
		return SF_ERR_UNSUPPORTED;
	}
	if (!is_said((enum sf_kind)say->kind)) {
		sf_diag_set(diag, "kind is not said by this request");
		return SF_ERR_FORMAT;
	}
	if ((say->to_roles & ~ROLES_ALL) != 0) {
		sf_diag_set(diag, "to_roles has a value that is not known");
		return SF_ERR_FORMAT;
	}
	struct sf_fact fact;
	enum sf_err err = sf_fact_decode(say->kind, say->fact, &fact, diag);
	if (!err)
		err = sf_field_time(say->occurred_ms, "occurred_ms", diag);
	return err ? err : sf_field_time(say->contact_until_ms, "contact_until_ms", diag);
}

static enum sf_err check_bind(const struct sf_request_bind *bind, struct sf_diag *diag)
{
	enum sf_role role;
	enum sf_pathway pathway;
	sf_domain_set domains;
	enum sf_err err = sf_code_role_or_none((uint32_t)bind->role, "role", &role, diag);
	if (!err && bind->pathway != SF_PATHWAY_NONE)
		err = sf_code_pathway((uint32_t)bind->pathway, "pathway", &pathway, diag);
	return err ? err : sf_code_domains(bind->active, "active", &domains, diag);
}

static enum sf_err check_offer(const struct sf_request_offer *offer, struct sf_diag *diag)
{
	enum sf_role role;
	sf_domain_set domains;
	enum sf_err err = sf_code_domains(offer->domains, "domains", &domains, diag);
	return err ? err : sf_code_role((uint32_t)offer->to, "to", &role, diag);
}

static enum sf_err check_refuse(const struct sf_request_refuse *refuse, struct sf_diag *diag)
{
	enum sf_role role;
	return sf_code_role_or_none((uint32_t)refuse->refer_to_role, "refer_to_role", &role, diag);
}

/* What is missing is the engine's to say, once it knows who asks. */
static enum sf_err check_notify(const struct sf_request_notify *notify, struct sf_diag *diag)
{
	enum sf_err err = sf_field_range(notify->mode, SF_MODE_NEW, SF_MODE_CANCEL, "mode", diag);
	if (!err)
		err = sf_field_range(
			notify->activity, SF_ACTIVITY_NONE, SF_ACTIVITY_DEATH, "activity", diag);
	return err ? err : sf_field_time(notify->at_ms, "at_ms", diag);
}

static enum sf_err check_erase(const struct sf_request_erase *erase, struct sf_diag *diag)
{
	return sf_field_range(
		(uint64_t)erase->ground, SF_GROUND_RETENTION, SF_GROUND_ORDER, "ground", diag);
}

static enum sf_err check_session(const struct sf_request_session *session, struct sf_diag *diag)
{
	return sf_field_range(session->act, SF_SESSION_READ, SF_SESSION_END, "act", diag);
}

enum sf_err sf_local_request_check(const struct sf_request *request, struct sf_diag *diag)
{
	sf_domain_set domains;
	switch (request->kind) {
	case SF_REQUEST_ACCEPT:
		return sf_code_domains(request->accept.domains, "domains", &domains, diag);
	case SF_REQUEST_WITHDRAW:
		return sf_code_domains(request->withdraw.domains, "domains", &domains, diag);
	case SF_REQUEST_REFUSE:
		return check_refuse(&request->refuse, diag);
	case SF_REQUEST_OFFER:
		return check_offer(&request->offer, diag);
	case SF_REQUEST_TRANSITION:
		return sf_field_time(request->transition.at_ms, "at_ms", diag);
	case SF_REQUEST_SAY:
		return check_say(&request->say, diag);
	case SF_REQUEST_BIND:
		return check_bind(&request->bind, diag);
	case SF_REQUEST_NOTIFY:
		return check_notify(&request->notify, diag);
	case SF_REQUEST_SESSION:
		return check_session(&request->session, diag);
	case SF_REQUEST_ERASE:
		return check_erase(&request->erase, diag);
		/* No code and no time in these steers what is done; some choose what is listed. */
		/* clang-format off */
	case SF_REQUEST_NONE: case SF_REQUEST_SEND: case SF_REQUEST_INBOX: case SF_REQUEST_MESSAGE:
	case SF_REQUEST_HANDLED: case SF_REQUEST_ACKNOWLEDGEMENT: case SF_REQUEST_TRANSITIONS:
	case SF_REQUEST_OUTBOX: case SF_REQUEST_RESEND: case SF_REQUEST_QUARANTINE:
	case SF_REQUEST_DIRECTORY: case SF_REQUEST_APPROVE: case SF_REQUEST_STATUS:
	case SF_REQUEST_FEED: case SF_REQUEST_BOARD: case SF_REQUEST_MEASURES:
	case SF_REQUEST_PROPOSE: case SF_REQUEST_AGREEMENTS: case SF_REQUEST_AGREEMENT:
	case SF_REQUEST_SIGN_AGREEMENT: case SF_REQUEST_SIMULATE: case SF_REQUEST_LOG:
	case SF_REQUEST_PROOF: case SF_REQUEST_EVIDENCE: case SF_REQUEST_ACCESS_LOG:
	case SF_REQUEST_TOKENS: case SF_REQUEST_TOKEN_CREATE: case SF_REQUEST_TOKEN_REVOKE:
	case SF_REQUEST_CHANNELS: case SF_REQUEST_CHANNEL_PAUSE: case SF_REQUEST_HOOK_ADD:
	case SF_REQUEST_HOOK_REMOVE: case SF_REQUEST_HANDOUT: case SF_REQUEST_TRACE:
	case SF_REQUEST_REPLAY: case SF_REQUEST_OBLIGATIONS: case SF_REQUEST_EPOCH:
	case SF_REQUEST_UPLOAD: case SF_REQUEST_UPLOAD_PART: case SF_REQUEST_UPLOAD_DROP:
	case SF_REQUEST_ATTACHMENT: case SF_REQUEST_PATIENT: case SF_REQUEST_USERS:
	case SF_REQUEST_USER_CREATE: case SF_REQUEST_USER_PASSWORD: case SF_REQUEST_USER_REVOKE:
	case SF_REQUEST_USER_LINK: case SF_REQUEST_SIGN_IN: case SF_REQUEST_STAY:
	case SF_REQUEST_ENDED: case SF_REQUEST_ASIDE: case SF_REQUEST_ASIDE_AGAIN:
	case SF_REQUEST_FIND:
		break;
		/* clang-format on */
	}
	return SF_OK;
}
