/*
 * Parts of sentences in each language: what has happened, what must be done, by when, on what
 * condition. Each adds to the page's paragraph, without a blank around it; only by and during begin
 * with what parts them from the words before, which may be a comma.
 *
 *   happened    "the patient has been admitted"   after "when" ("når")
 *   duty        "send the admission report"       after "must" ("skal"); true when the words end
 *               inside a clause ("report that ..."), where a deadline would belong to that
 *   by          " within 24 hours"
 *   during      " for 72 hours"
 *   conditions  "the stay lasts more than 24 hours and ..." after "only when" ("kun når")
 *   domains     "care and medication"
 */
#ifndef SF_AUDIT_EXPLAIN_WORDS_H
#define SF_AUDIT_EXPLAIN_WORDS_H

#include "audit/explain_page.h"

const char *sf_danish_role(enum sf_role role);
void sf_danish_day(struct sf_explain_page *page, int32_t day);
void sf_danish_clock(struct sf_explain_page *page, int32_t minute);
void sf_danish_domains(struct sf_explain_page *page, sf_domain_set domains);
void sf_danish_happened(struct sf_explain_page *page, const struct sf_trigger *trigger);
bool sf_danish_duty(struct sf_explain_page *page, const struct sf_trigger *trigger);
void sf_danish_by(struct sf_explain_page *page, const struct sf_deadline *deadline);
void sf_danish_during(struct sf_explain_page *page, const struct sf_deadline *deadline);
void sf_danish_conditions(struct sf_explain_page *page, const struct sf_conditions *conditions);
void sf_danish_span(struct sf_explain_page *page, int64_t span_ms);

const char *sf_english_role(enum sf_role role);
void sf_english_day(struct sf_explain_page *page, int32_t day);
void sf_english_clock(struct sf_explain_page *page, int32_t minute);
void sf_english_domains(struct sf_explain_page *page, sf_domain_set domains);
void sf_english_happened(struct sf_explain_page *page, const struct sf_trigger *trigger);
bool sf_english_duty(struct sf_explain_page *page, const struct sf_trigger *trigger);
void sf_english_by(struct sf_explain_page *page, const struct sf_deadline *deadline);
void sf_english_during(struct sf_explain_page *page, const struct sf_deadline *deadline);
void sf_english_conditions(struct sf_explain_page *page, const struct sf_conditions *conditions);
void sf_english_span(struct sf_explain_page *page, int64_t span_ms);

#endif
