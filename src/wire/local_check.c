#include "wire/local_check.h"

#include "wire/code.h"
#include "wire/fact.h"
#include "wire/field.h"

/* Every role that a party of a transition can have; the last two of the list are none of them. */
#define ROLE_BIT(symbol, number, text) (symbol < SF_ROLE_COORDINATOR ? 1u << (symbol & 31u) : 0u) |
#define ROLES_ALL (SF_ROLE_LIST(ROLE_BIT) 0u)

/* What has a request of its own, or is never said by a party's people. */
static bool is_said(uint32_t kind)
{
	switch (kind) {
	case SF_KIND_STAY:
	case SF_KIND_PARTIES:
	case SF_KIND_OFFER:
	case SF_KIND_ACCEPT:
	case SF_KIND_REFUSE:
	case SF_KIND_WITHDRAW:
	case SF_KIND_ACKNOWLEDGEMENT:
		return false;
	default:
		return !sf_kind_is_derived(kind) && !sf_kind_is_of_agreement(kind);
	}
}

static enum sf_err check_say(const struct sf_request_say *say, struct sf_diag *diag)
{
	if (!sf_kind_is_read(say->kind)) {
		sf_diag_set(diag, "a kind of fact that this version does not know");
		return SF_ERR_UNSUPPORTED;
	}
	if (!is_said(say->kind)) {
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
	switch ((unsigned)request->kind) {
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
	default: /* nothing that is a code or a time */
		break;
	}
	return SF_OK;
}
