/*
 * Codes of the domain (core/fact.h, core/directory.h) from numbers on the wire: a number that the
 * list does not have is SF_ERR_FORMAT; diag names the field.
 *
 * Private to src/wire/.
 */
#ifndef SF_WIRE_CODE_H
#define SF_WIRE_CODE_H

#include "core/directory.h"

SF_MUST_USE enum sf_err sf_code_role(
	uint32_t value, const char *name, enum sf_role *ret_role, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_code_pathway(
	uint32_t value, const char *name, enum sf_pathway *ret_pathway, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_code_activity(
	uint32_t value, const char *name, enum sf_activity *ret_activity, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_code_mode(
	uint32_t value, const char *name, enum sf_mode *ret_mode, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_code_stay_class(
	uint32_t value, const char *name, enum sf_stay_class *ret_stay_class, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_code_ack(
	uint32_t value, const char *name, enum sf_ack *ret_ack, struct sf_diag *diag);
SF_MUST_USE enum sf_err sf_code_key_use(
	uint32_t value, const char *name, enum sf_key_use *ret_use, struct sf_diag *diag);
/* Any set of known domains, also the empty one. */
SF_MUST_USE enum sf_err sf_code_domains(
	uint32_t value, const char *name, sf_domain_set *ret_domains, struct sf_diag *diag);

#endif
