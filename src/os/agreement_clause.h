/*
 * The clauses of a pathway, from their sections in an agreement's text (agreement_text.c). What is
 * wrong is named with its line: SF_ERR_CONFIG, as config_text.h says it.
 */
#ifndef SF_OS_AGREEMENT_CLAUSE_H
#define SF_OS_AGREEMENT_CLAUSE_H

#include "core/agreement.h"
#include "os/config_text.h"

/* Sets what stands under the key, or complains that it is missing. */
SF_MUST_USE enum sf_err sf_agreement_take(struct sf_config_context *context, cfg_t *section,
	const char *key, const struct sf_config_value **ret_value);
/* A text of at most size - 1 bytes, not empty, without control characters. */
SF_MUST_USE enum sf_err sf_agreement_copy(struct sf_config_context *context, int line,
	const char *what, const char *text, char *place, size_t size);
/* A duration or a time that is measured from the fact: no "before discharge". */
SF_MUST_USE enum sf_err sf_agreement_read_span(struct sf_config_context *context,
	const struct sf_config_value *value, const char *key, struct sf_deadline *ret_deadline);

SF_MUST_USE enum sf_err sf_agreement_read_expectation(
	struct sf_config_context *context, cfg_t *section, struct sf_expectation *ret_expectation);
SF_MUST_USE enum sf_err sf_agreement_read_window(
	struct sf_config_context *context, cfg_t *section, struct sf_window_clause *ret_window);
SF_MUST_USE enum sf_err sf_agreement_read_handover(
	struct sf_config_context *context, cfg_t *section, struct sf_handover *ret_handover);
SF_MUST_USE enum sf_err sf_agreement_read_receiver(
	struct sf_config_context *context, cfg_t *section, struct sf_receiver_clause *ret_receiver);
SF_MUST_USE enum sf_err sf_agreement_read_payment(
	struct sf_config_context *context, cfg_t *section, struct sf_payment *ret_payment);

#endif
