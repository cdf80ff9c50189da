#include "wire/code.h"

static enum sf_err unknown(const char *name, struct sf_diag *diag)
{
	sf_diag_set(diag, "%s has a value that is not known", name);
	return SF_ERR_FORMAT;
}

/* Each case is the list of core itself, so that no list is kept in step by hand. */
#define X(symbol, number, text) case (number):

enum sf_err sf_code_role(
	uint32_t value, const char *name, enum sf_role *ret_role, struct sf_diag *diag)
{
	switch (value) {
		SF_ROLE_LIST(X)
		*ret_role = (enum sf_role)value;
		return SF_OK;
	default:
		return unknown(name, diag);
	}
}

enum sf_err sf_code_pathway(
	uint32_t value, const char *name, enum sf_pathway *ret_pathway, struct sf_diag *diag)
{
	switch (value) {
		SF_PATHWAY_LIST(X)
		*ret_pathway = (enum sf_pathway)value;
		return SF_OK;
	default:
		return unknown(name, diag);
	}
}

enum sf_err sf_code_activity(
	uint32_t value, const char *name, enum sf_activity *ret_activity, struct sf_diag *diag)
{
	switch (value) {
		SF_ACTIVITY_LIST(X)
		*ret_activity = (enum sf_activity)value;
		return SF_OK;
	default:
		return unknown(name, diag);
	}
}

enum sf_err sf_code_mode(
	uint32_t value, const char *name, enum sf_mode *ret_mode, struct sf_diag *diag)
{
	switch (value) {
		SF_MODE_LIST(X)
		*ret_mode = (enum sf_mode)value;
		return SF_OK;
	default:
		return unknown(name, diag);
	}
}

enum sf_err sf_code_stay_class(
	uint32_t value, const char *name, enum sf_stay_class *ret_stay_class, struct sf_diag *diag)
{
	switch (value) {
		SF_STAY_CLASS_LIST(X)
		*ret_stay_class = (enum sf_stay_class)value;
		return SF_OK;
	default:
		return unknown(name, diag);
	}
}

enum sf_err sf_code_ack(
	uint32_t value, const char *name, enum sf_ack *ret_ack, struct sf_diag *diag)
{
	switch (value) {
		SF_ACK_LIST(X)
		*ret_ack = (enum sf_ack)value;
		return SF_OK;
	default:
		return unknown(name, diag);
	}
}

enum sf_err sf_code_key_use(
	uint32_t value, const char *name, enum sf_key_use *ret_use, struct sf_diag *diag)
{
	switch (value) {
		SF_KEY_USE_LIST(X)
		*ret_use = (enum sf_key_use)value;
		return SF_OK;
	default:
		return unknown(name, diag);
	}
}

#undef X

enum sf_err sf_code_domains(
	uint32_t value, const char *name, sf_domain_set *ret_domains, struct sf_diag *diag)
{
	if ((value & ~SF_DOMAIN_ALL) != 0)
		return unknown(name, diag);
	*ret_domains = value;
	return SF_OK;
}
